/** Values as they are written where Polars would write them otherwise, or not at all. */
import { toArrow } from '../../../frames/from-polars.ts';
import { type DataFrame, type Expr, type Polars, polars } from '../../../frames/native.ts';
import { replaceColumn } from '../../../frames/native-memory.ts';
import type { Column } from '../../../frames/schema.ts';
import { dateTexts, instantTexts } from '../../../frames/time-texts.ts';
import { base64Texts, type ToTexts, turnIntoTexts } from '../../text-columns.ts';
import { unwritable } from './refusals.ts';
import type { Writing } from './writing.ts';

/**
 * Turns the columns of a frame that is nobody else's into what Polars writes as we want it, in place: instants become UTC with a Z, durations
 * the number of their units, bytes base64. Throws HYG-4302 for dates and instants that no reader would read.
 */
export async function turnIntoWritten(data: DataFrame, columns: readonly Column[]): Promise<void> {
  const pl = await polars();
  for (const [index, { name, type }] of columns.entries())
    if (type.kind === 'duration') replaceColumn(data, index, { frame: data.select(pl.col(name).cast(pl.Int64)), index: 0, name });
  await turnIntoTexts(data, columns, toTexts);
}

const toTexts: ToTexts = (column) => {
  const { type } = column;
  if (type.kind === 'binary') return base64Texts;
  if (type.kind !== 'date' && type.kind !== 'timestamp') return undefined;
  return (data) => {
    const texts = type.kind === 'date' ? dateTexts(data) : instantTexts(data, type.unit, type.zone === undefined ? '' : 'Z');
    if (texts === undefined) throw unwritable(column, 'It lies outside of the years 1 to 9999.', []);
    return texts;
  };
};

const texts: ReadonlySet<string> = new Set(['string', 'json', 'uuid', 'binary']);
/** How values of all other kinds begin. */
const otherwise = /^(?:[-\d]|inf|NaN|true|false)/;

/** Throws HYG-4302 for a value that would be read as null. `data` is as `turnIntoWritten` made it. */
export async function refuseNulls(data: DataFrame, columns: readonly Column[], { nullValue }: Writing): Promise<void> {
  if (nullValue === '') return;
  const pl = await polars();
  const suspects = otherwise.test(nullValue) ? columns : columns.filter(({ type }) => texts.has(type.kind));
  if (suspects.length === 0) return;
  const found = await data
    .lazy()
    .select(...suspects.map((column) => writtenOf(pl, column).eq(pl.lit(nullValue)).any()))
    .collect();
  const table = await toArrow(found);
  const bad = suspects.find((_, index) => table.getChildAt(index)?.get(0) === true);
  if (bad === undefined) return;
  throw unwritable(bad, `One is written as ${nullValue}, which null_value says for nulls.`, ['Choose another null_value']);
}

function writtenOf(pl: typeof Polars, { name, type }: Column): Expr {
  return type.kind === 'time' ? pl.col(name).dt.strftime('%H:%M:%S%.9f') : pl.col(name).cast(pl.String);
}
