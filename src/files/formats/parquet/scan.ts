import { toArrow } from '../../../frames/from-polars.ts';
import { arrow, type DataFrame, type LazyDataFrame, polars } from '../../../frames/native.ts';
import { toPolars } from '../../../frames/to-polars.ts';
import type { FileColumn } from './footer-schema.ts';
import { uuidText } from './statistics.ts';

/** A plan over the file itself: no wildcard and no `key=value` folder in its path means anything. */
export async function scanFile(path: string): Promise<LazyDataFrame> {
  const pl = await polars();
  return pl.scanParquet(path, { glob: false, hivePartitioning: false });
}

/** Values that lie in the file otherwise than our type says, turned inside the plan. */
export async function asTyped(plan: LazyDataFrame, columns: readonly FileColumn[]): Promise<LazyDataFrame> {
  const pl = await polars();
  const casts = columns.flatMap((column) => {
    if (column.reading === 'text from bytes' || column.reading === 'text from categories')
      return [pl.col(column.name).cast(pl.String, true)];
    return column.reading === 'float from half' ? [pl.col(column.name).cast(pl.Float32, true)] : [];
  });
  return casts.length === 0 ? plan : plan.withColumns(...casts);
}

export function needsRows(columns: readonly FileColumn[]): boolean {
  return columns.some((column) => column.reading === 'uuid from bytes');
}

/** 16-byte uuids as text: nodejs-polars has no expression for it, so these columns alone pass through Arrow. */
export async function withUuidTexts(data: DataFrame, columns: readonly FileColumn[]): Promise<DataFrame> {
  const uuids = columns.filter((column) => column.reading === 'uuid from bytes').map((column) => column.name);
  if (uuids.length === 0) return data;
  const [A, pl] = await Promise.all([arrow(), polars()]);
  const table = await toArrow(data.select(...uuids));
  const texts = Object.fromEntries(
    uuids.map((name, index) => {
      const values = table.getChildAt(index);
      const builder = A.makeBuilder({ type: new A.Utf8(), nullValues: [null] });
      for (let row = 0; row < data.height; row++) {
        const bytes = values?.get(row) as Uint8Array | null;
        builder.append(bytes === null ? null : uuidText(bytes));
      }
      return [name, builder.finish().toVector()];
    }),
  );
  const converted = await toPolars(new A.Table(texts));
  const joined = pl.concat([data.drop(uuids) as DataFrame, converted], { how: 'horizontal' }) as DataFrame;
  return joined.select(...columns.map((column) => column.name));
}
