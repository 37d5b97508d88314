/** Why a run by watermark stops before it reads: what the watermark, or its config, can't mean. Codes: src/errors/codes/watermark.ts. */
import { counted, entityName } from '../../errors/as-argument.ts';
import { FlowError, HomeError } from '../../errors/hygge-error.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { quoted } from './run.ts';

export function nullsWithOpenBoundary(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2061',
    what: `${entityName(spec)} has nulls: include together with boundary: open, and incremental runs can't do both.`,
    why: [
      'Rows without a watermark are read again and replaced together with the rows at the watermark, which an open boundary never does.',
    ],
    tryThis: [
      'Take watermark.boundary: open away; rows without a watermark are then read at every run',
      'Or leave such rows out: watermark.nulls: exclude',
    ],
    where: spec.where,
  });
}

export function cannotTellNewNulls(spec: EntitySpec, column: string, rows: number): FlowError {
  return new FlowError({
    code: 'HYG-2062',
    what: `${counted(rows, 'row')} of ${entityName(spec)} ${rows === 1 ? 'has' : 'have'} no ${column}, and nothing says which of them are settled already.`,
    why: [
      'Rows without a watermark are replaced together with the rows at the watermark. The settled rows have no such group: they were adopted (--adopt), or settled with boundary: open.',
    ],
    tryThis: [`Load everything again once: hygge go -d -e ${quoted(spec)}`, 'Or leave such rows out: watermark.nulls: exclude'],
    where: spec.where,
  });
}

interface Ahead {
  /** Null: not counted. */
  readonly rows: number | null;
  readonly latest: string;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
const someRows = (rows: number | null) => (rows === null ? 'some rows' : rows === 1 ? '1 row' : `${rows.toLocaleString('en-US')} rows`);

export function newestInTheFuture(spec: EntitySpec, column: string, { rows, latest }: Ahead): FlowError {
  return new FlowError({
    code: 'HYG-2063',
    what: `${capital(someRows(rows))} of ${entityName(spec)} ${rows === 1 ? 'has' : 'have'} ${column} in the future, ${rows === 1 ? '' : 'up to '}${latest}.`,
    why: ['A watermark in the future would hide every row that comes below it, until that time has come.'],
    tryThis: [
      'Correct them in the source',
      ...(rows === null ? [] : ['watermark.future: wait reads the other rows, and these when their time has come']),
      'watermark.future: take reads them; rows that come later with a smaller value are then never read',
    ],
    where: spec.where,
  });
}

export function settledInTheFuture(spec: EntitySpec, { column, text }: Watermark): FlowError {
  return new FlowError({
    code: 'HYG-2064',
    what: `The watermark of ${entityName(spec)} is in the future: ${column} ${text}.`,
    why: [
      'Every row that has come since with a smaller value was left out, and so would be every new one.',
      'Or the clock of this machine is behind, or that of an API was ahead: a run reads up to the time in its header Date.',
    ],
    tryThis: [
      'Check the clock of this machine first. If it is wrong, set it and run again',
      `Correct the rows in the source, then load everything again: hygge go -d -e ${quoted(spec)}`,
      `Or continue from another value: hygge reset ${quoted(spec)} --adopt --watermark VALUE`,
      'If that value is right: watermark.future: take',
    ],
    where: spec.where,
  });
}

export function watermarkContradicts(
  key: EntityKey,
  where: string,
  { state, head, ways }: { readonly state: Watermark | null; readonly head: Watermark | null; readonly ways: readonly string[] },
): FlowError {
  const told = (mark: Watermark | null) => (mark === null ? 'none' : `${mark.column} ${mark.text}`);
  return new FlowError({
    code: 'HYG-2067',
    what: `The state of ${entityName(key)} has another watermark than ${where} remembers of the same commit.`,
    why: [`The state: ${told(state)}; the destination: ${told(head)}. A record was edited: rows would be left out, or settle twice.`],
    tryThis: [
      ...ways,
      ...(state === null
        ? []
        : [`Continue strictly above the value of the state: hygge reset ${quoted(key)} --adopt --watermark ${shellWord(state.text)}`]),
    ],
  });
}

const shellWord = (text: string) => (/^[\w.:+-]+$/.test(text) ? text : JSON.stringify(text));

/** A word among days or numbers makes the column text, and stands above all of them. */
export function textWatermarkIsWord(spec: EntitySpec, { column, text }: Watermark, other: string): HomeError {
  return new HomeError({
    code: 'HYG-3316',
    what: `The newest ${column} of ${entityName(spec)} is ${JSON.stringify(text)}, a word above values such as ${JSON.stringify(other)}.`,
    why: ['As text, a word comes behind all days and numbers: every row that is new would be below the watermark, and never be read.'],
    tryThis: [
      `If it means no value, say so, where the home has it: null_values: [${JSON.stringify(text)}, ""] in home, with watermark.nulls: exclude`,
      'Or say the type, and leave such rows out: types: { … } and bad_rows: quarantine in home',
      'Or correct the row in the source',
    ],
    where: spec.where,
  });
}

/** A new one lies anywhere among those that are there. */
export function randomAsWatermark(spec: EntitySpec, { column, text }: Pick<Watermark, 'column' | 'text'>): HomeError {
  return new HomeError({
    code: 'HYG-3594',
    what: `The watermark of ${entityName(spec)} has ids that do not rise with time: ${column} ${JSON.stringify(text)}.`,
    why: ['Rows that are new would have ids below the largest one, and never be read. Of UUIDs only those of version 7 begin with a time.'],
    tryThis: [
      'Choose a column that rises: watermark.column, a time of change or a number that counts up',
      ...(spec.watermark?.key.length === 0 ? [`Rows may be merged by the id: watermark: { column: …, key: [${column}] }`] : []),
      'Or load everything at each run: run_type: full_drop',
    ],
    where: spec.where,
  });
}

/** Texts that are days in an order of their own: the latest text is not the latest day. */
export function daysAsText(spec: EntitySpec, { column, text }: Watermark): HomeError {
  return new HomeError({
    code: 'HYG-3314',
    what: `The watermark of ${entityName(spec)} is text that is not in the order of its days: ${column} ${JSON.stringify(text)}.`,
    why: ['As text, 01.02.2024 comes before 31.01.2024: rows that are new would be below the watermark, and never be read.'],
    tryThis: [
      'Say how days are written, where the home has it: date_format: "%d.%m.%Y" (or timestamp_format) in home',
      'Or have them written as 2024-01-31',
      'Or take new files instead: take watermark away',
    ],
    where: spec.where,
  });
}

/** What settled and what is new are times in two forms, and the order of the two texts is not that of the times. */
export function timesSwapped(
  spec: EntitySpec,
  column: string,
  { later, earlier }: { readonly later: string; readonly earlier: string },
): HomeError {
  return new HomeError({
    code: 'HYG-3314',
    what: `The watermark of ${entityName(spec)} is text that is not in the order of its times: ${column} ${JSON.stringify(later)} is later than ${JSON.stringify(earlier)} and comes before it.`,
    why: ['Rows that are new may be below the watermark, and would never be read.'],
    tryThis: [
      'Have all times written in one form, such as 2024-01-31T10:00:00Z, or have the home read the column as a time',
      `Then load everything again: hygge go -d -e ${quoted(spec)}`,
      'Or load everything at each run: run_type: full_drop',
    ],
    where: spec.where,
  });
}
