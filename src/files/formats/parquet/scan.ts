import { hash } from 'node:crypto';
import { describeType, sameType } from '../../../frames/describe-type.ts';
import { typeFromArrow } from '../../../frames/from-arrow-type.ts';
import { toArrow } from '../../../frames/from-polars.ts';
import { arrow, type DataFrame, type LazyDataFrame, polars } from '../../../frames/native.ts';
import { polarsType } from '../../../frames/polars-type.ts';
import type { DataType } from '../../../frames/schema.ts';
import { toPolars } from '../../../frames/to-polars.ts';
import { LruCache } from '../../../ports/lru-cache.ts';
import { parquetError } from './errors.ts';
import type { FileColumn } from './footer-schema.ts';
import { withInstants } from './int96.ts';
import { signature } from './join.ts';
import type { Opened } from './opened-file.ts';
import { uuidText } from './statistics.ts';

/** By what types are told by: the file's elements and the columns that are read. */
const verified = new LruCache<Promise<void>>(64);

interface Scanned {
  readonly opened: Opened;
  /** Those that the file has. */
  readonly columns: readonly FileColumn[];
  /** For messages. */
  readonly name: string;
}

/** Runs a plan over rows that somebody else wrote. Polars panics over damage of many kinds: `collectSync` makes an error of it, `collect` ends the process. */
export function inMemory(plan: LazyDataFrame): DataFrame {
  return plan.collectSync();
}

/**
 * A plan over a scratch file of our own with the pages of a source. Polars must see the types that its footer was understood to have, or values
 * would be taken for what they are not: checked once for all files whose footers are alike.
 */
export async function scanPlain(path: string, scanned: Scanned): Promise<LazyDataFrame> {
  // No wildcard and no `key=value` folder in the path means anything.
  const plan = (await polars()).scanParquet(path, { glob: false, hivePartitioning: false });
  const alike = hash(
    'sha256',
    Buffer.concat([
      signature(scanned.opened.footer.tree),
      Buffer.from(JSON.stringify(scanned.columns.map(({ name, type }) => [name, type]))),
    ]),
    'base64',
  );
  await verified.get(alike, () => verifyTypes(plan, scanned));
  return plan;
}

async function verifyTypes(plan: LazyDataFrame, { columns, name }: Scanned): Promise<void> {
  const A = await arrow();
  const none = inMemory(await asTyped(plan.limit(0), columns));
  const { fields } = (await toArrow(none)).schema;
  for (const [index, column] of columns.entries()) {
    const field = fields[index];
    const seen = field && typeFromArrow(A, field.type);
    if (column.reading === 'INT96' || (field?.name === column.name && seen && sameType(seen, inPolars(column)))) continue;
    throw parquetError('HYG-3106', `Column ${column.name} of ${name} can't be told for sure.`, {
      why: [
        `Its footer says ${describeType(column.type)}, and it is read as ${field ? `${field.name}: ${String(field.type)}` : 'nothing'}.`,
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
  const casts = columns.flatMap(({ name, type }) => {
    if (type.kind === 'null') return [pl.lit(null).alias(name)];
    const into = isSaidBeside(type) ? polarsType(pl, type) : undefined;
    return into === undefined ? [] : [pl.col(name).cast(into, true)];
  });
  return casts.length === 0 ? plan : plan.withColumns(...casts);
}

/** What only the writer's Arrow schema said, and Polars is not told: zones by name, durations. */
function isSaidBeside(type: DataType): boolean {
  if (type.kind === 'list') return isSaidBeside(type.item);
  if (type.kind === 'struct') return type.fields.some((field) => isSaidBeside(field.type));
  return type.kind === 'duration' || (type.kind === 'timestamp' && type.zone !== undefined && type.zone !== 'UTC');
}

/** True when values have to be looked at before they can be passed on. */
export function needsRows(columns: readonly FileColumn[]): boolean {
  return columns.some(({ reading, type }) => reading === 'uuid from bytes' || reading === 'INT96' || type.kind === 'time');
}

/** What a plan can't do: uuids as text, INT96 as instants, and a look at times of day that are none. */
export async function finished(data: DataFrame, columns: readonly FileColumn[], name: string): Promise<DataFrame> {
  await checkTimes(data, columns, name);
  return withUuidTexts(await withInstants(data, columns, name), columns);
}

/** Polars takes 24:00 and negative times for values, and writes nulls for them. */
async function checkTimes(data: DataFrame, columns: readonly FileColumn[], name: string): Promise<void> {
  const pl = await polars();
  const lit = (text: string) => pl.lit(text).cast(pl.Int64);
  for (const column of columns.filter(({ type }) => type.kind === 'time')) {
    const value = pl.col(column.name).cast(pl.Int64);
    const none = await data
      .lazy()
      .filter(value.lt(lit('0')).or(value.gtEq(lit('86400000000000'))))
      .limit(1)
      .collect();
    if (none.height === 0) continue;
    throw parquetError('HYG-3106', `Column ${column.name} of ${name} holds times that are not from 00:00 to before 24:00.`);
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
