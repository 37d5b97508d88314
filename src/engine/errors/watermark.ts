/** Why a run with a watermark stops before it reads: because of the watermark, or of its config. Codes: src/errors/codes/watermark.ts. */
import { counted, entityName } from '../../errors/as-argument.ts';
import { FlowError, HomeError } from '../../errors/hygge-error.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { quoted } from './run.ts';

export function nullsWithOpenBoundary(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2061',
    what: `${entityName(spec)} has nulls: include together with boundary: open, but an incremental run cannot use both.`,
    why: ['hygge replaces rows without a watermark together with the rows at the watermark. An open boundary does not replace any rows.'],
    tryThis: [
      'Remove watermark.boundary: open. Each run then reads the rows without a watermark',
      'Or leave such rows out: watermark.nulls: exclude',
    ],
    where: spec.where,
  });
}

export function cannotTellNewNulls(spec: EntitySpec, column: string, rows: number): FlowError {
  return new FlowError({
    code: 'HYG-2062',
    what: `${counted(rows, 'row')} of ${entityName(spec)} ${rows === 1 ? 'has' : 'have'} no ${column}, and hygge cannot know which of them have settled already.`,
    why: [
      'hygge replaces rows without a watermark together with the rows at the watermark. The settled rows have no such group, because they were adopted (--adopt) or settled with boundary: open.',
    ],
    tryThis: [`Load everything again once: hygge go -d -e ${quoted(spec)}`, 'Or leave such rows out: watermark.nulls: exclude'],
    where: spec.where,
  });
}

interface Ahead {
  /** How many rows are in the future. Null: they were not counted. */
  readonly rows: number | null;
  readonly latest: string;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
const someRows = (rows: number | null) => (rows === null ? 'some rows' : rows === 1 ? '1 row' : `${rows.toLocaleString('en-US')} rows`);

export function newestInTheFuture(spec: EntitySpec, column: string, { rows, latest }: Ahead): FlowError {
  return new FlowError({
    code: 'HYG-2063',
    what: `${capital(someRows(rows))} of ${entityName(spec)} ${rows === 1 ? 'has' : 'have'} ${column} in the future, ${rows === 1 ? '' : 'up to '}${latest}.`,
    why: ['With a watermark in the future, hygge would miss every new row below it until that time.'],
    tryThis: [
      'Correct these rows in the source',
      ...(rows === null ? [] : ['watermark.future: wait reads the other rows now, and these rows after their time']),
      'watermark.future: take reads these rows now. Later rows with a smaller value are then never read',
    ],
    where: spec.where,
  });
}

export function settledInTheFuture(spec: EntitySpec, { column, text }: Watermark): FlowError {
  return new FlowError({
    code: 'HYG-2064',
    what: `The watermark of ${entityName(spec)} is in the future: ${column} ${text}.`,
    why: [
      'hygge missed every row that was added later with a smaller value, and would also miss new rows.',
      'Or the clock of this machine is slow, or the clock of an API was fast. A run reads up to the time in the API’s header Date.',
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
    what: `The state of ${entityName(key)} has another watermark than ${where} has for the same commit.`,
    why: [`The state: ${told(state)}; the destination: ${told(head)}. Someone edited a record, so rows would be missing or settle twice.`],
    tryThis: [
      ...ways,
      ...(state === null
        ? []
        : [`Continue strictly above the value of the state: hygge reset ${quoted(key)} --adopt --watermark ${shellWord(state.text)}`]),
    ],
  });
}

const shellWord = (text: string) => (/^[\w.:+-]+$/.test(text) ? text : JSON.stringify(text));

/** A word among days or numbers makes the column a text column, and the word sorts above all other values. */
export function textWatermarkIsWord(spec: EntitySpec, { column, text }: Watermark, other: string): HomeError {
  return new HomeError({
    code: 'HYG-3316',
    what: `The newest ${column} of ${entityName(spec)} is ${JSON.stringify(text)}, a word above values such as ${JSON.stringify(other)}.`,
    why: ['As text, a word sorts after all dates and numbers. New rows would be below the watermark, and never be read.'],
    tryThis: [
      `If the word means no value, declare that if the home supports it: null_values: [${JSON.stringify(text)}, ""] in home, with watermark.nulls: exclude`,
      'Or set the type, and skip such rows: types: { … } and bad_rows: quarantine in home',
      'Or correct the row in the source',
    ],
    where: spec.where,
  });
}

/** The watermark has random values, so a new value may sort anywhere among the existing ones. */
export function randomAsWatermark(spec: EntitySpec, { column, text }: Pick<Watermark, 'column' | 'text'>): HomeError {
  return new HomeError({
    code: 'HYG-3594',
    what: `The watermark of ${entityName(spec)} has ids that do not rise with time: ${column} ${JSON.stringify(text)}.`,
    why: ['New rows would have ids below the largest one, and never be read. Only UUIDs of version 7 begin with a time.'],
    tryThis: [
      'Choose a column that increases, such as the time of a change or a counter: watermark.column',
      ...(spec.watermark?.key.length === 0 ? [`Rows may be merged by the id: watermark: { column: …, key: [${column}] }`] : []),
      'Or load everything at each run: run_type: full_drop',
    ],
    where: spec.where,
  });
}

/** The watermark’s texts are days, written so that the order of the texts is not the order of the days. */
export function daysAsText(spec: EntitySpec, { column, text }: Watermark): HomeError {
  return new HomeError({
    code: 'HYG-3314',
    what: `The watermark of ${entityName(spec)} is text that does not sort by date: ${column} ${JSON.stringify(text)}.`,
    why: ['As text, 01.02.2024 sorts before 31.01.2024. New rows would be below the watermark, and never be read.'],
    tryThis: [
      'Set the format of the dates, if the home supports it: date_format: "%d.%m.%Y" (or timestamp_format) in home',
      'Or have the dates written as 2024-01-31',
      'Or read new files instead: remove watermark',
    ],
    where: spec.where,
  });
}

/** The settled value and the new value are times that are written in two ways. So the order of the texts is not the order of the times. */
export function timesSwapped(
  spec: EntitySpec,
  column: string,
  { later, earlier }: { readonly later: string; readonly earlier: string },
): HomeError {
  return new HomeError({
    code: 'HYG-3314',
    what: `The watermark of ${entityName(spec)} is text that does not sort by time: ${column} ${JSON.stringify(later)} is later than ${JSON.stringify(earlier)}, but sorts before it.`,
    why: ['New rows may be below the watermark, and would never be read.'],
    tryThis: [
      'Have all times written in one form, such as 2024-01-31T10:00:00Z, or have the home read the column as a time',
      `Then load everything again: hygge go -d -e ${quoted(spec)}`,
      'Or load everything at each run: run_type: full_drop',
    ],
    where: spec.where,
  });
}
