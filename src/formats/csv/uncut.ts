/** Finds files with one text per line in which the same sign occurs in each line. The sign may separate fields, though no delimiter was found. */
import type { LooseRecord } from './records.ts';
import { kindOf } from './value-form.ts';

/** Signs that hygge does not try as a delimiter, because ordinary texts contain them too. */
const signs = ['::', '^', '~', '\u0001', '\u001f', ':'];
const mostCompared = 200;

/** The sign that occurs equally often in each line. Undefined: no sign does, or the lines have fields. */
export function separatorInAll(all: readonly LooseRecord[]): string | undefined {
  const records = all.slice(0, mostCompared);
  if (records.length < 2 || records.some(({ fields, malformed }) => malformed || fields.length !== 1)) return undefined;
  const texts = records.map(({ fields }) => fields[0]?.text ?? '');
  if (records.every(({ fields }) => fields[0]?.isQuoted))
    return [',', ';', '\t', '|'].find((sign) => timesIn(texts, sign) > 0 && !texts.every((text) => text.includes(`${sign} `)));
  if (texts.some((text) => isValue(text))) return undefined;
  return signs.find((sign) => timesIn(texts, sign) >= (sign === ':' ? 2 : 1)) ?? (areParted(texts) ? ' ' : undefined);
}

/** How often the sign occurs in each line. 0: the number differs from line to line. */
function timesIn(texts: readonly string[], sign: string): number {
  const times = new Set(texts.map((text) => text.split(sign).length - 1));
  const [only = 0] = times;
  return times.size === 1 ? only : 0;
}

const isMeasure = (text: string): boolean => ['number', 'amount', 'date', 'timestamp', 'time'].includes(kindOf(text));
const isValue = (text: string): boolean => !['words', 'code', 'empty', 'missing'].includes(kindOf(text));

/** Whether blanks split all lines into the same number of texts. Below the first line, some of these texts must always be numbers or dates. */
function areParted(texts: readonly string[]): boolean {
  const parts = texts.map((text) => text.trim().split(/\s+/));
  const [first, ...rows] = parts;
  if (first === undefined || first.length < 2 || rows.length < 2 || rows.some((row) => row.length !== first.length)) return false;
  return first.some((_, place) => rows.every((row) => isMeasure(row[place] ?? '')));
}
