/** The sentences of a text up to the last one that says something new. A later sentence may refer to an earlier one, so these stay. */
export function untilRepeated(text: string, said: readonly string[], share: number): string {
  const sentences = text.split(/(?<=[.!?])\s+(?=[\p{Lu}`])/u);
  const last = sentences.findLastIndex((sentence) => !isRepeated(sentence, said, share));
  return sentences.slice(0, last + 1).join(' ');
}

/**
 * Whether the words of a sentence are in other texts already.
 * @param share From which share of its words on, 0 to 1. Values differ, such as paths and numbers of rows.
 */
export function isRepeated(sentence: string, said: readonly string[], share: number): boolean {
  const [own, there] = [stemsOf(sentence), stemsOf(said.join(' '))];
  return [...own].filter((stem) => there.has(stem)).length >= share * Math.max(1, own.size);
}

function stemsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[a-z0-9_]{3,}/g) ?? [];
  return new Set(words.filter((word) => !fillers.has(word)).map((word) => word.replace(/(ing|ed|es|s)$/, '')));
}

/** Words that a sentence has whatever it is about. */
const fillers: ReadonlySet<string> = new Set(
  'the and not are was were has have had that this with for from its may can than then them they there what which who when where into out one all any but nor does did will would been more other another such only also too hygge'.split(
    ' ',
  ),
);
