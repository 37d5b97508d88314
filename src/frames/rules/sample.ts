/** Shortens and masks values for reports. */
import { merged } from './measures.ts';

const most = 40;

/** The form of a text without its content: `Aa9@a.a` for `Anna7@mail.dk`. Consecutive letters of one case become one letter, and consecutive digits become one digit. */
export function formOf(text: string): string {
  if (text === '') return '(empty)';
  const form = text
    .slice(0, 400)
    .replace(/\p{N}+|[\p{Lu}\p{Lt}]+|[\p{Ll}\p{Lm}\p{Lo}\p{M}]+/gu, (run) =>
      /^\p{N}/u.test(run) ? '9' : /^[\p{Lu}\p{Lt}]/u.test(run) ? 'A' : 'a',
    )
    .replace(/[^\x20-\x7e]+/gu, '?');
  return cut(form);
}

/** The value itself, in the form for reports. Only with `samples: show`. */
export const shownOf = (text: string): string => (text === '' ? '(empty)' : cut(text.replace(/\p{Cc}/gu, '?')));

const cut = (text: string): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** A value that breaks a rule, as reports show it. */
export interface Sample {
  readonly form: string;
  /** The value itself. Absent: only the form may be shown. The value is only for events, and is never stored in a journal. */
  readonly value?: string;
}

/** Up to three values for each broken rule that concerns a column, by the name of the rule. */
export type Samples = Readonly<Record<string, readonly Sample[]>>;

export const sampleOf = (text: string | null, shows: 'mask' | 'show'): Sample => {
  const known = text ?? 'null';
  return { form: text === null ? known : formOf(known), ...(shows === 'show' ? { value: shownOf(known) } : {}) };
};

const mostSamples = 3;

/** The first samples that differ from each other. */
export function fewSamples(all: readonly Sample[]): readonly Sample[] {
  return [...new Map(all.map((sample) => [sample.value ?? sample.form, sample])).values()].slice(0, mostSamples);
}

export function addSamples(a: Samples, b: Samples): Samples {
  return merged(a, b, (one = [], other) => fewSamples([...one, ...other]));
}
