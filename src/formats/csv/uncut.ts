/** Files of one text a line, where every line has the same signs: they may well stand between fields that no delimiter was found for. */
import type { LooseRecord } from './records.ts';
import { kindOf } from './value-form.ts';

/** None of them is looked for as a delimiter: texts have them too. */
const signs = ['::', '^', '~', '\u0001', '\u001f', ':'];
const mostCompared = 200;

/** What stands in every line as often; undefined: nothing does, or the lines have fields. */
export function separatorInAll(all: readonly LooseRecord[]): string | undefined {
  const records = all.slice(0, mostCompared);
  if (records.length < 2 || records.some(({ fields, malformed }) => malformed || fields.length !== 1)) return undefined;
  const texts = records.map(({ fields }) => fields[0]?.text ?? '');
  if (records.every(({ fields }) => fields[0]?.isQuoted))
    return [',', ';', '\t', '|'].find((sign) => timesIn(texts, sign) > 0 && !texts.every((text) => text.includes(`${sign} `)));
  if (texts.some((text) => isValue(text))) return undefined;
  return signs.find((sign) => timesIn(texts, sign) >= (sign === ':' ? 2 : 1)) ?? (areParted(texts) ? ' ' : undefined);
}

/** How often it stands in each; 0: not everywhere as often. */
function timesIn(texts: readonly string[], sign: string): number {
  const times = new Set(texts.map((text) => text.split(sign).length - 1));
  const [only = 0] = times;
  return times.size === 1 ? only : 0;
}

const isMeasure = (text: string): boolean => ['number', 'amount', 'date', 'timestamp', 'time'].includes(kindOf(text));
const isValue = (text: string): boolean => !['words', 'code', 'empty', 'missing'].includes(kindOf(text));

/** Blanks part all lines into as many texts, and below the first one some of them are numbers or dates in every line. */
function areParted(texts: readonly string[]): boolean {
  const parts = texts.map((text) => text.trim().split(/\s+/));
  const [first, ...rows] = parts;
  if (first === undefined || first.length < 2 || rows.length < 2 || rows.some((row) => row.length !== first.length)) return false;
  return first.some((_, place) => rows.every((row) => isMeasure(row[place] ?? '')));
}
