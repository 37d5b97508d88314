/** Question words, and words that every page has. These words do not distinguish pages. */
const common: ReadonlySet<string> = new Set(
  'a about also an and any are as at be been but by can could do does for from get happens happen has have how hygge i if in into is it its many me much my need needs not of on one or our should so than that the their them then there these they this to use want was we what when where which who why will with without would you your'.split(
    ' ',
  ),
);

/** Lower-case words of a text, without words that every page has. `run_type` is also returned as `run` and `type`. */
export function wordsOf(text: string): readonly string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)*/gu) ?? [];
  return found
    .flatMap((word) => (word.includes('_') ? [word, ...word.split('_')] : [word]))
    .filter((word) => !common.has(word) && (word.length > 1 || /\d/.test(word)));
}

const endings = /(?:ations?|ions?|ings?|ers?|ed|es|s|ly)$/;

/** `deletes`, `deleted` and `deletion` have one stem. Short words stay unchanged. */
export function stemOf(word: string): string {
  if (word.length < 4 || /\d|_/.test(word)) return word;
  const bare = word.replace(/ies$/, 'y').replace(/(?<=s)s$/, '');
  const cut = bare.replace(endings, '');
  const stem = cut.length < 3 ? bare : cut;
  return stem
    .replace(/e$/, '')
    .replace(/([b-df-hj-np-tv-z])\1$/, '$1')
    .replace(/y$/, 'i');
}

/** Stems of a text, with repeats. */
export function stemsOf(text: string): readonly string[] {
  return wordsOf(text).map(stemOf);
}

/** Finds the stems of many texts; each word is processed once. */
export function stemmer(): typeof stemsOf {
  const stems = new Map<string, string>();
  return (text) =>
    wordsOf(text).map((word) => {
      const known = stems.get(word);
      if (known !== undefined) return known;
      const stem = stemOf(word);
      stems.set(word, stem);
      return stem;
    });
}

/** The section of the glossary whose table lists synonyms. The section helps to search, but is never a search result. */
export const otherWords = 'Other words';

/** hygge’s words for other words: for each stem, the stems of its synonyms in the glossary. */
export function synonymsIn(glossary: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const [, table = ''] = glossary.split(`\n## ${otherWords}\n`);
  for (const [, others = '', own = ''] of table.matchAll(/^\| ([^|]+) \| ([^|]+) \|/gm))
    for (const stem of stemsOf(others)) found.set(stem, [...new Set([...(found.get(stem) ?? []), ...stemsOf(own)])]);
  return found;
}
