/** Values as they are written where Polars would write them otherwise, or not at all. */
import { toArrow } from '../../../frames/from-polars.ts';
import { type DataFrame, type Expr, type Polars, polars } from '../../../frames/native.ts';
import type { Column } from '../../../frames/schema.ts';
import { dateTexts, instantTexts } from '../../../frames/time-texts.ts';
import { base64Texts, type ToTexts, turnIntoTexts } from '../../bytes/text-columns.ts';
import { unwritable } from './refusals.ts';
import type { Writing } from './writing.ts';

/**
 * Turns the columns of a frame that is nobody else's into what Polars writes as we want it, in place: instants become UTC with a Z, durations
 * the number of their units, bytes base64. Throws HYG-4302 for dates and instants that no reader would read.
 */
export async function turnIntoWritten(data: DataFrame, columns: readonly Column[]): Promise<void> {
  const pl = await polars();
  for (const [index, { name, type }] of columns.entries())
    if (type.kind === 'duration') data.replaceAtIdx(index, data.getColumn(name).cast(pl.Int64));
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

/**
 * A look at data as `turnIntoWritten` made it, which throws HYG-4302 for a value that would be read as null. Its expressions are made once: each
 * is a quarter of a megabyte of closures.
 */
export function refusingNulls(columns: readonly Column[], { nullValue }: Writing): (data: DataFrame) => Promise<void> {
  const suspects = otherwise.test(nullValue) ? columns : columns.filter(({ type }) => texts.has(type.kind));
  if (nullValue === '' || suspects.length === 0) return async () => undefined;
  let looks: Promise<readonly Expr[]> | undefined;
  return async (data) => {
    looks ??= polars().then((pl) => suspects.map((column) => writtenOf(pl, column).eq(pl.lit(nullValue)).any()));
    const plan = data.lazy().select(...(await looks));
    const table = await toArrow(await plan.collect());
    const bad = suspects.find((_, index) => table.getChildAt(index)?.get(0) === true);
    if (bad === undefined) return;
    throw unwritable(bad, `One is written as ${nullValue}, which null_value says for nulls.`, ['Choose another null_value']);
  };
}

function writtenOf(pl: typeof Polars, { name, type }: Column): Expr {
  return type.kind === 'time' ? pl.col(name).dt.strftime('%H:%M:%S%.9f') : pl.col(name).cast(pl.String);
}
