/** Files with one text per line in which the same signs occur in every line: they may separate fields, though no delimiter was found. */
import type { LooseRecord } from './records.ts';
import { kindOf } from './value-form.ts';

/** hygge tries none of these as a delimiter, because ordinary texts contain them too. */
const signs = ['::', '^', '~', '\u0001', '\u001f', ':'];
const mostCompared = 200;

/** The sign that occurs equally often in every line. Undefined: there is none, or the lines have fields. */
export function separatorInAll(all: readonly LooseRecord[]): string | undefined {
  const records = all.slice(0, mostCompared);
  if (records.length < 2 || records.some(({ fields, malformed }) => malformed || fields.length !== 1)) return undefined;
  const texts = records.map(({ fields }) => fields[0]?.text ?? '');
  if (records.every(({ fields }) => fields[0]?.isQuoted))
    return [',', ';', '\t', '|'].find((sign) => timesIn(texts, sign) > 0 && !texts.every((text) => text.includes(`${sign} `)));
  if (texts.some((text) => isValue(text))) return undefined;
  return signs.find((sign) => timesIn(texts, sign) >= (sign === ':' ? 2 : 1)) ?? (areParted(texts) ? ' ' : undefined);
}

/** How often the sign occurs in each line; 0: the number differs. */
function timesIn(texts: readonly string[], sign: string): number {
  const times = new Set(texts.map((text) => text.split(sign).length - 1));
  const [only = 0] = times;
  return times.size === 1 ? only : 0;
}

const isMeasure = (text: string): boolean => ['number', 'amount', 'date', 'timestamp', 'time'].includes(kindOf(text));
const isValue = (text: string): boolean => !['words', 'code', 'empty', 'missing'].includes(kindOf(text));

/** Blanks split all lines into the same number of texts, and below the first line some of the texts are always numbers or dates. */
function areParted(texts: readonly string[]): boolean {
  const parts = texts.map((text) => text.trim().split(/\s+/));
  const [first, ...rows] = parts;
  if (first === undefined || first.length < 2 || rows.length < 2 || rows.some((row) => row.length !== first.length)) return false;
  return first.some((_, place) => rows.every((row) => isMeasure(row[place] ?? '')));
}
