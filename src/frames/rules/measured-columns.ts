/** Statistics of the values of columns. The statistics are exact if the type of the column is exact. */
import { type DataFrame, polars } from '../native.ts';
import { rowHashes } from '../row-sum/row-hashes.ts';
import type { DataType } from '../schema.ts';
import { isInteger } from '../times/future.ts';
import { decimalKey, extremesOf } from '../values/extremes.ts';
import { readCounts, toArrow } from '../values/from-polars.ts';
import type { PolarsFrame } from '../values/polars-frame.ts';
import { canBeWatermark } from '../watermark-text.ts';
import { type ColumnStatistics, isFloat, type MeasuredColumn, smallestOf } from './measures.ts';

/** The statistics of the measured columns that the frame has, by the names of the columns. */
export async function measuredColumns(
  frame: PolarsFrame,
  measured: readonly MeasuredColumn[],
): Promise<Readonly<Record<string, ColumnStatistics>>> {
  const columns = new Map<string, ColumnStatistics>();
  const wanted = new Map(measured.map(({ column, of }) => [column, of]));
  for (const { name, type } of frame.schema.columns) {
    const of = wanted.get(name);
    if (of === undefined) continue;
    const data = await frame.columns([name]);
    const [nulls = 0] = readCounts(data.nullCount());
    columns.set(name, {
      type,
      nulls,
      ...(of.includes('extremes') ? await edgesOf(data, name, type) : {}),
      ...(of.includes('sum') && isSummed(type) ? { sum: await sumOf(data, name, type) } : {}),
      ...(of.includes('distinct') ? { smallest: await hashesOf(frame, data, name, type) } : {}),
    });
  }
  return Object.fromEntries(columns);
}

/** Whether values of the type have a sum and a mean. */
export const isSummed = (type: DataType): boolean => isFloat(type) || type.kind === 'decimal' || isInteger(type);

async function edgesOf(data: DataFrame, name: string, type: DataType): Promise<Pick<ColumnStatistics, 'min' | 'max' | 'nans'>> {
  if (canBeWatermark(type)) return (await extremesOf(data.lazy(), { column: name, type })) ?? {};
  if (!isFloat(type)) return {};
  const pl = await polars();
  const value = pl.col(name);
  const [isNone, isNumber] = [value.isNan().fillNull(pl.lit(false)), value.isNotNan()];
  const numbers = data.lazy().filter(isNumber);
  const [min, max] = (await numbers.select(value.min().alias('min'), value.max().alias('max')).collect()).row(0) as (number | null)[];
  const [nans = 0] = readCounts(await data.lazy().select(isNone.sum()).collect());
  return { ...(nans > 0 ? { nans } : {}), ...(min == null || max == null ? {} : { min: String(min), max: String(max) }) };
}

/** The most digits of decimals that Polars can sum at once. The sum then has at most 38 digits, for as many rows as a frame has. */
const digitsSummedAtOnce = 28;

async function sumOf(data: DataFrame, name: string, type: DataType): Promise<string> {
  const pl = await polars();
  const value = pl.col(name);
  if (isFloat(type)) {
    const [sum = 0] = (await data.lazy().select(value.cast(pl.Float64).sum()).collect()).row(0) as (number | null)[];
    return String(sum ?? 0);
  }
  const scale = type.kind === 'decimal' ? type.scale : 0;
  if (type.kind === 'decimal' && type.precision > digitsSummedAtOnce) return String(await sumOfLong(data, name));
  const [sum] = (
    await data
      .lazy()
      .select(value.cast(pl.Decimal(38, scale)).sum().cast(pl.String))
      .collect()
  ).row(0) as (string | null)[];
  return String(unscaled(sum ?? '0', scale));
}

/** The sum of decimals, for sums that may have more digits than Polars holds. */
async function sumOfLong(data: DataFrame, name: string): Promise<bigint> {
  const values = (await toArrow(data)).getChild(name);
  let sum = 0n;
  for (const value of values ?? []) if (value !== null) sum += decimalKey(value as Uint32Array);
  return sum;
}

/** The unscaled value of a decimal text: `-1.50` of scale 2 is −150. */
export function unscaled(text: string, scale: number): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  return BigInt(`${sign}${whole}${fraction.padEnd(scale, '0').slice(0, scale)}`);
}

async function hashesOf(frame: PolarsFrame, data: DataFrame, name: string, type: DataType): Promise<readonly string[]> {
  const pl = await polars();
  const values = await data.lazy().filter(pl.col(name).isNotNull()).unique().collect();
  const column = { name, type };
  const hashes = await rowHashes(frame.partOf(values, { columns: [{ ...column, nullable: true }] }), [column]);
  return smallestOf(Array.from(new BigUint64Array(hashes.buffer), (hash) => hash.toString(16).padStart(16, '0')));
}
