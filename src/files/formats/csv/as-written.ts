/** Values as they are written where Polars would write them otherwise, or not at all. */
import { toArrow } from '../../../frames/from-polars.ts';
import { type DataFrame, polars } from '../../../frames/native.ts';
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
    if (type.kind === 'duration') replaceColumn(data, index, data.getColumn(name).cast(pl.Int64));
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

/** Throws HYG-4302 for a text that would be read as null. */
export async function refuseNullTexts(data: DataFrame, columns: readonly Column[], { nullValue }: Writing): Promise<void> {
  const texts = nullValue === '' ? [] : columns.filter(({ type: { kind } }) => kind === 'string' || kind === 'json' || kind === 'uuid');
  if (texts.length === 0) return;
  const pl = await polars();
  const found = await data
    .lazy()
    .select(...texts.map(({ name }) => pl.col(name).eq(pl.lit(nullValue)).any()))
    .collect();
  const table = await toArrow(found);
  const bad = texts.find((_, index) => table.getChildAt(index)?.get(0) === true);
  if (bad === undefined) return;
  throw unwritable(bad, `A text is ${JSON.stringify(nullValue)}, which null_value says for nulls.`, ['Choose another null_value']);
}
