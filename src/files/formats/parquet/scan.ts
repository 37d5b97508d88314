import { hash } from 'node:crypto';
import { describeType, sameType } from '../../../frames/describe-type.ts';
import { typeFromArrow } from '../../../frames/from-arrow-type.ts';
import { toArrow } from '../../../frames/from-polars.ts';
import { arrow, type DataFrame, type LazyDataFrame, polars } from '../../../frames/native.ts';
import type { DataType } from '../../../frames/schema.ts';
import { toPolars } from '../../../frames/to-polars.ts';
import { Recent } from '../../../ports/recent.ts';
import { damagedData, parquetError } from './errors.ts';
import type { FileColumn } from './footer-schema.ts';
import { signature } from './join.ts';
import type { Opened } from './opened.ts';
import { uuidText } from './statistics.ts';

const verified = new WeakSet<Opened>();
/** By the signature of a footer, in which all lies that types are told by. */
const verifiedAlike = new Recent<Promise<void>>(64);

/**
 * A plan over a source itself. Polars must see the types that the footer was understood to have, or values would be taken for what they are
 * not: checked once a file, which may be another one by now than the footer was read from.
 */
export async function scanFile(path: string, opened: Opened, name: string): Promise<LazyDataFrame> {
  const plan = await planOf(path);
  if (!verified.has(opened)) await verifyTypes(plan, opened.schema.columns, name);
  verified.add(opened);
  return plan;
}

/** A plan over rows of a source that were copied, under that very footer: checked once for all files whose footers are alike. */
export async function scanCopy(path: string, opened: Opened, name: string): Promise<LazyDataFrame> {
  const plan = await planOf(path);
  if (!verified.has(opened)) {
    const alike = hash('sha256', signature(opened.footer.tree), 'base64');
    await verifiedAlike.get(alike, () => verifyTypes(plan, opened.schema.columns, name));
  }
  verified.add(opened);
  return plan;
}

/** No wildcard and no `key=value` folder in the path means anything. */
async function planOf(path: string): Promise<LazyDataFrame> {
  return (await polars()).scanParquet(path, { glob: false, hivePartitioning: false });
}

async function verifyTypes(plan: LazyDataFrame, columns: readonly FileColumn[], name: string): Promise<void> {
  const A = await arrow();
  const none = await (await asTyped(plan.limit(0), columns)).collect().catch((cause: unknown) => {
    throw damagedData(name, cause);
  });
  const { fields } = (await toArrow(none)).schema;
  for (const [index, column] of columns.entries()) {
    const field = fields[index];
    const seen = field && typeFromArrow(A, field.type);
    if (field?.name === column.name && seen && sameType(seen, inPolars(column))) continue;
    throw parquetError('HYG-3106', `Column ${column.name} of ${name} can't be told for sure.`, {
      why: [
        `Its footer says ${describeType(column.type)}, its Arrow schema ${field ? `${field.name}: ${String(field.type)}` : 'nothing'}.`,
      ],
    });
  }
}

/** The type that Polars has for a column once `asTyped` is done. */
function inPolars({ type, reading }: FileColumn): DataType {
  if (reading === 'uuid from bytes') return { kind: 'binary' };
  return type.kind === 'json' ? { kind: 'string' } : type;
}

/** Values that lie in the file otherwise than our type says, turned inside the plan. */
export async function asTyped(plan: LazyDataFrame, columns: readonly FileColumn[]): Promise<LazyDataFrame> {
  const pl = await polars();
  const texts = columns.filter(({ reading }) => reading === 'text from bytes' || reading === 'text from categories');
  const casts = texts.map((column) => pl.col(column.name).cast(pl.String, true));
  return casts.length === 0 ? plan : plan.withColumns(...casts);
}

/** True when values have to be looked at before they can be passed on. */
export function needsRows(columns: readonly FileColumn[]): boolean {
  return columns.some(({ reading }) => reading === 'uuid from bytes' || reading === 'check range');
}

/** What a plan can't do: uuids as text, and a look at instants that may lie outside their type. */
export async function finished(data: DataFrame, columns: readonly FileColumn[], name: string): Promise<DataFrame> {
  await checkRanges(data, columns, name);
  return withUuidTexts(data, columns);
}

/** INT96 reaches further than nanoseconds in 64 bits do (1677–2262), and Polars clips what is beyond without a word. */
async function checkRanges(data: DataFrame, columns: readonly FileColumn[], name: string): Promise<void> {
  const pl = await polars();
  for (const column of columns.filter(({ reading }) => reading === 'check range')) {
    const value = pl.col(column.name).cast(pl.Int64);
    const edge = (text: string) => value.eq(pl.lit(text).cast(pl.Int64));
    const clipped = await data
      .lazy()
      .filter(edge('9223372036854775807').or(edge('-9223372036854775808')))
      .limit(1)
      .collect();
    if (clipped.height === 0) continue;
    throw parquetError('HYG-3106', `Column ${column.name} of ${name} holds INT96 instants outside the years 1677 to 2262.`);
  }
}

/** 16-byte uuids as text: nodejs-polars has no expression for it, so these columns alone pass through Arrow. */
async function withUuidTexts(data: DataFrame, columns: readonly FileColumn[]): Promise<DataFrame> {
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
