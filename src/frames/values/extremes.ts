import { type Arrow, arrow, type Expr, type LazyDataFrame, polars } from '../native.ts';
import type { DataType } from '../schema.ts';
import { type WatermarkKey, watermarkText } from '../watermark-text.ts';
import { comparable } from './exact-literal.ts';
import { toArrow } from './from-polars.ts';

/** The smallest and the largest value as canonical text. Undefined: the column has only nulls. The values are exact, because they never become JavaScript numbers. */
export async function extremesOf(
  plan: LazyDataFrame,
  column: { readonly column: string; readonly type: DataType },
): Promise<{ readonly min: string; readonly max: string } | undefined> {
  const edges = known.get(column) ?? edgesOf(column);
  known.set(column, edges);
  const data = await plan.select(...(await edges)).collect();
  const table = await toArrow(data);
  const min = await keyAt(table.getChild('min'), column.type);
  const max = await keyAt(table.getChild('max'), column.type);
  return min === undefined || max === undefined
    ? undefined
    : { min: watermarkText(column.type, min), max: watermarkText(column.type, max) };
}

/** The expressions, by the object that describes the column. This object is the same for all frames, and each `Expr` needs a quarter of a megabyte for its functions. */
const known = new WeakMap<object, Promise<readonly Expr[]>>();

async function edgesOf({ column, type }: { readonly column: string; readonly type: DataType }): Promise<readonly Expr[]> {
  const value = comparable(await polars(), column, type);
  return [value.min().alias('min'), value.max().alias('max')];
}

async function keyAt(vector: Arrow.Vector | null, type: DataType): Promise<WatermarkKey | undefined> {
  const A = await arrow();
  const value: unknown = vector?.get(0);
  if (vector === null || value === null || value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  return A.DataType.isDecimal(vector.type) && type.kind === 'decimal' ? decimalKey(value as Uint32Array) : undefined;
}

/** The integer of four words, little-endian: 128 bits in two’s complement. */
export function decimalKey(words: Uint32Array): bigint {
  let value = 0n;
  for (let index = words.length - 1; index >= 0; index--) value = (value << 32n) | BigInt(words[index] ?? 0);
  return BigInt.asIntN(words.length * 32, value);
}
