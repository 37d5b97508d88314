import { type Arrow, arrow, type LazyDataFrame, polars } from '../../../frames/native.ts';
import type { Column, DataType } from '../../../frames/schema.ts';
import { decimalKey } from '../../../frames/values/extremes.ts';
import { toArrow } from '../../../frames/values/from-polars.ts';
import { compareWatermarkKeys, type WatermarkKey, watermarkText } from '../../../frames/watermark-text.ts';
import type { PartitionValue } from '../../paths/partition-values.ts';
import { partitionFolder } from './partition-by.ts';

/** One partition among sorted rows. */
export interface KeyRange {
  /** The name of the partition. */
  readonly folder: string;
  readonly values: readonly PartitionValue[];
  /** The sort key of the partition. */
  readonly keys: readonly (WatermarkKey | null)[];
  readonly start: number;
  readonly rows: number;
}

/** The partitions of rows that are sorted by the partition columns, in order. */
export async function keyRanges(sorted: LazyDataFrame, columns: readonly Column[], rows: number): Promise<readonly KeyRange[]> {
  const pl = await polars();
  const names = columns.map(({ name }) => name);
  const row = indexName(names);
  const firsts = await sorted
    .select(...names)
    .withRowIndex(row)
    .groupBy(names, { maintainOrder: true })
    .agg(pl.col(row).first().alias(row))
    .select(
      ...columns.map(({ name, type }) =>
        physical(type) ? pl.col(name).cast(physical(type) === 'int32' ? pl.Int32 : pl.Int64) : pl.col(name),
      ),
      pl.col(row),
    )
    .collect();
  const [A, table] = await Promise.all([arrow(), toArrow(firsts)]);
  const vectors = columns.map((_, i) => table.getChildAt(i));
  const starts = table.getChildAt(columns.length);
  const ranges = firsts.height;
  return Array.from({ length: ranges }, (_, i) => {
    const keys = vectors.map((vector) => keyAt(A, vector, i));
    const values = columns.map(({ name, type }, c): PartitionValue => ({ name, type, text: textOf(type, keys[c] ?? null) }));
    const start = Number(starts?.get(i));
    const end = i + 1 < ranges ? Number(starts?.get(i + 1)) : rows;
    return { folder: partitionFolder(values), values, keys, start, rows: end - start };
  });
}

/** Compares two partitions in the order in which rows are sorted: nulls first. */
export function compareRanges(a: Pick<KeyRange, 'keys'>, b: Pick<KeyRange, 'keys'>): number {
  for (const [i, left] of a.keys.entries()) {
    const right = b.keys[i] ?? null;
    if (left === right) continue;
    if (left === null || right === null) return left === null ? -1 : 1;
    const order = compareWatermarkKeys(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

function indexName(names: readonly string[]): string {
  let name = 'row';
  while (names.includes(name)) name += '_';
  return name;
}

function physical(type: DataType): 'int32' | 'int64' | undefined {
  return type.kind === 'date' ? 'int32' : type.kind === 'timestamp' ? 'int64' : undefined;
}

function keyAt(A: typeof Arrow, vector: Arrow.Vector | null, row: number): WatermarkKey | null {
  const value: unknown = vector?.get(row) ?? null;
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return BigInt(value);
  if (vector && A.DataType.isDecimal(vector.type)) return decimalKey(value as Uint32Array);
  throw new TypeError(`a value of ${String(vector?.type)} names no folder`);
}

function textOf(type: DataType, key: WatermarkKey | null): string | null {
  if (key === null || typeof key === 'string') return key;
  return type.kind === 'bool' ? String(key === 1n) : watermarkText(type, key);
}
