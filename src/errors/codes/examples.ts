import type { ErrorDetails } from '../../ports/events.ts';
import { defined } from '../../ports/values.ts';
import { type CatalogueEntry, catalogue } from './catalogue.ts';
import raised from './examples.json' with { type: 'json' };

/** One error of a code, as raised by a test. `npm run examples` makes examples.json from the errors of the last test run. */
export type Example = Omit<ErrorDetails, 'code'>;

/** A code with everything that hygge can print about it. The example is absent until `npm run examples` has found one. */
export interface ExplainedEntry extends CatalogueEntry {
  readonly example?: Example;
}

const examples: Readonly<Record<string, Example | undefined>> = raised;

/** Every code, in order of range and number. */
export const explainedCatalogue: readonly ExplainedEntry[] = catalogue.map((entry) => {
  const example = examples[entry.code];
  return example === undefined ? entry : { ...entry, example };
});

/** An entry with a reason and advice: its own, else those of its example. The last resort for the reason is the meaning. */
export function entryInFull({ code, kind, title, meaning, why, tryThis, example }: ExplainedEntry) {
  const reason = why ?? (example?.why.join(' ') || meaning);
  return { code, kind, title, meaning, why: reason, tryThis: tryThis ?? example?.tryThis ?? [], ...defined({ example }) };
}

/** Reason and advice of the catalogue, without sentences that repeat the example. */
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

/** From this share of common words on, a sentence counts as a repetition of another one. */
const repeatedFrom = 0.6;

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[a-z0-9_]{3,}/g));

/** The share of the words of `sentence` that are also in `other`: 0 to 1. */
function shareOfWords(sentence: string, other: string): number {
  const [own, there] = [wordsOf(sentence), wordsOf(other)];
  return [...own].filter((word) => there.has(word)).length / Math.max(1, own.size);
}

/** The entry of a code as a person types it: `HYG-2041`, `hyg-2041`, `2041`. Undefined: the code does not exist. */
export function entryOf(typed: string): ExplainedEntry | undefined {
  const number = /^(?:hyg-?)?(\d{4})$/i.exec(typed.trim())?.[1];
  return explainedCatalogue.find(({ code }) => code === `HYG-${number}`);
}

/** Codes with the same first two digits as a mistyped one. */
export function codesNear(typed: string): readonly string[] {
  const digits = typed.replace(/\D/g, '');
  const near = catalogue.filter(({ code }) => digits.length >= 2 && code.startsWith(`HYG-${digits.slice(0, 2)}`));
  return near.map(({ code }) => code);
}
