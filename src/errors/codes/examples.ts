import type { ErrorDetails } from '../../ports/events.ts';
import { defined } from '../../ports/values.ts';
import { type CatalogueEntry, catalogue } from './catalogue.ts';
import raised from './examples.json' with { type: 'json' };

/** An example of a code, from an error that a test raised. `npm run examples` writes examples.json from the errors of the last test run. */
export type Example = Omit<ErrorDetails, 'code'>;

/** A code with all texts that hygge can print about it. The example is absent until `npm run examples` has found an example. */
export interface ExplainedEntry extends CatalogueEntry {
  readonly example?: Example;
}

const examples: Readonly<Record<string, Example | undefined>> = raised;

/** All codes, sorted by range and number. */
export const explainedCatalogue: readonly ExplainedEntry[] = catalogue.map((entry) => {
  const example = examples[entry.code];
  return example === undefined ? entry : { ...entry, example };
});

/** An entry with a reason and advice, which may be from its example. If the example has no reason either, the meaning is the reason. */
export function entryInFull({ code, kind, title, meaning, why, tryThis, example }: ExplainedEntry) {
  const reason = why ?? (example?.why.join(' ') || meaning);
  return { code, kind, title, meaning, why: reason, tryThis: tryThis ?? example?.tryThis ?? [], ...defined({ example }) };
}

/** The reason and the advice of the catalogue, without sentences that repeat the example. */
export function besidesExample({ why, tryThis: steps, example }: ExplainedEntry): {
  readonly why?: string;
  readonly tryThis: readonly string[];
} {
  const tryThis: readonly string[] = steps ?? [];
  if (example === undefined) return { ...defined({ why }), tryThis };
  const isNew = (sentence: string, said: readonly string[]): boolean => !said.some((one) => shareOfWords(sentence, one) >= repeatedFrom);
  return {
    ...(why !== undefined && isNew(why, [...example.why, example.why.join(' ')]) ? { why } : {}),
    tryThis: tryThis.filter((step) => isNew(step, example.tryThis)),
  };
}

/** The share of common words from which a sentence counts as a repetition of another sentence. */
const repeatedFrom = 0.6;

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[a-z0-9_]{3,}/g));

/** The share of the words of `sentence` that `other` has too: 0 to 1. */
function shareOfWords(sentence: string, other: string): number {
  const [own, there] = [wordsOf(sentence), wordsOf(other)];
  return [...own].filter((word) => there.has(word)).length / Math.max(1, own.size);
}

/** The entry of a code that a person typed: `HYG-2041`, `hyg-2041` or `2041`. Undefined: the code does not exist. */
export function entryOf(typed: string): ExplainedEntry | undefined {
  const number = /^(?:hyg-?)?(\d{4})$/i.exec(typed.trim())?.[1];
  return explainedCatalogue.find(({ code }) => code === `HYG-${number}`);
}

/** Existing codes with the first two digits of a mistyped code. */
export function codesNear(typed: string): readonly string[] {
  const digits = typed.replace(/\D/g, '');
  const near = catalogue.filter(({ code }) => digits.length >= 2 && code.startsWith(`HYG-${digits.slice(0, 2)}`));
  return near.map(({ code }) => code);
}
