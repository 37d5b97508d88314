import { comparable } from './exact-literal.ts';
import { toArrow } from './from-polars.ts';
import { type Arrow, arrow, type LazyDataFrame, polars } from './native.ts';
import type { DataType } from './schema.ts';
import { type WatermarkKey, watermarkText } from './watermark-text.ts';

/** The smallest and largest value in canonical text; undefined when there is none but nulls. Exact: it never passes through a JS number. */
export async function extremesOf(
  plan: LazyDataFrame,
  column: { readonly column: string; readonly type: DataType },
): Promise<{ readonly min: string; readonly max: string } | undefined> {
  const pl = await polars();
  const value = comparable(pl, column.column, column.type);
  const data = await plan.select(value.min().alias('min'), value.max().alias('max')).collect();
  const table = await toArrow(data);
  const min = await keyAt(table.getChild('min'), column.type);
  const max = await keyAt(table.getChild('max'), column.type);
  return min === undefined || max === undefined
    ? undefined
    : { min: watermarkText(column.type, min), max: watermarkText(column.type, max) };
}

async function keyAt(vector: Arrow.Vector | null, type: DataType): Promise<WatermarkKey | undefined> {
  const A = await arrow();
  const value: unknown = vector?.get(0);
  if (vector === null || value === null || value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  return A.DataType.isDecimal(vector.type) && type.kind === 'decimal' ? decimalKey(value as Uint32Array) : undefined;
}

/** Four little-endian words of a 128-bit two's complement integer. */
export function decimalKey(words: Uint32Array): bigint {
  let value = 0n;
  for (let index = words.length - 1; index >= 0; index--) value = (value << 32n) | BigInt(words[index] ?? 0);
  return BigInt.asIntN(words.length * 32, value);
}
