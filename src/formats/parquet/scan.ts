import { hash } from 'node:crypto';
import { putUuidText, uuidLength } from '../../frames/bytes/uuids.ts';
import { describeType, sameType } from '../../frames/describe-type.ts';
import { type Arrow, arrow, type DataFrame, type LazyDataFrame, polars } from '../../frames/native.ts';
import { letGoOfBytes } from '../../frames/native-bytes.ts';
import type { DataType, TimeUnit } from '../../frames/schema.ts';
import { typeFromArrow } from '../../frames/values/from-arrow-type.ts';
import { toArrow, withArrow } from '../../frames/values/from-polars.ts';
import { polarsType } from '../../frames/values/polars-type.ts';
import { dataFrameOf, toPolars } from '../../frames/values/to-polars.ts';
import { LruCache } from '../../ports/lru-cache.ts';
import { parquetError } from './errors.ts';
import type { FileColumn } from './footer-schema.ts';
import { signature } from './join.ts';
import type { OpenedParquet } from './opened-file.ts';

/** The checks that were made, by the columns and elements of the file, because these decide the types. */
const verified = new LruCache<Promise<void>>(64);

interface ScannedColumn {
  readonly opened: OpenedParquet;
  /** The columns of the file. */
  readonly columns: readonly FileColumn[];
  /** The name of the file in messages. */
  readonly name: string;
}

/** Runs a plan over rows that another program wrote. Polars panics on many kinds of damage. `collectSync` turns a panic into an error, but `collect` ends the process. */
export function inMemory(plan: LazyDataFrame): DataFrame {
  return plan.collectSync();
}

/**
 * A plan over hygge’s own scratch file, which has the pages of a source. Polars must see the types that hygge found in the footer, because with other
 * types it would misread values. The types are checked once for all files with the same footer schema.
 */
export async function scanPlain(path: string, scanned: ScannedColumn): Promise<LazyDataFrame> {
  // The path is taken literally: neither wildcards nor `key=value` folders in it have a meaning.
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

async function verifyTypes(plan: LazyDataFrame, { columns, name }: ScannedColumn): Promise<void> {
  const A = await arrow();
  const none = inMemory(await asTyped(plan.limit(0), columns));
  const { fields } = (await toArrow(none)).schema;
  for (const [index, column] of columns.entries()) {
    const field = fields[index];
    const seen = field && typeFromArrow(A, field.type);
    if (column.reading === 'INT96' || (field?.name === column.name && seen && sameType(seen, inPolars(column)))) continue;
    throw parquetError('HYG-3106', `Column ${column.name} of ${name} would be read with another type.`, {
      why: [
        `The footer says ${describeType(column.type)}, but the column is read as ${field ? `${field.name}: ${String(field.type)}` : 'nothing'}.`,
      ],
    });
  }
}

/** The type that Polars has for a column after `asTyped`. */
function inPolars({ type, reading }: FileColumn): DataType {
  if (reading === 'uuid from bytes') return { kind: 'binary' };
  return type.kind === 'json' ? { kind: 'string' } : type;
}

/** Converts values in the plan that the file stores in another form than hygge’s type. */
export async function asTyped(plan: LazyDataFrame, columns: readonly FileColumn[]): Promise<LazyDataFrame> {
  const pl = await polars();
  const casts = columns.flatMap(({ name, type }) => {
    if (type.kind === 'null') return [pl.lit(null).alias(name)];
    const into = isSaidBeside(type) ? polarsType(pl, type) : undefined;
    return into === undefined ? [] : [pl.col(name).cast(into, true)];
  });
  return casts.length === 0 ? plan : plan.withColumns(...casts);
}

/** Whether only the writer’s Arrow schema has a fact about the type, which Polars does not see: the name of a zone, or a duration. */
function isSaidBeside(type: DataType): boolean {
  if (type.kind === 'list') return isSaidBeside(type.item);
  if (type.kind === 'struct') return type.fields.some((field) => isSaidBeside(field.type));
  return type.kind === 'duration' || (type.kind === 'timestamp' && type.zone !== undefined && type.zone !== 'UTC');
}

/** Whether values of the columns have to be checked before they are used. */
export function needsRows(columns: readonly FileColumn[]): boolean {
  return columns.some(({ reading, type }) => reading === 'uuid from bytes' || reading === 'INT96' || type.kind === 'time');
}

/** Whether the pages must be decoded instead of copied, because Polars and other readers misread some of the values. */
export function needsLook(columns: readonly FileColumn[]): boolean {
  return columns.some(({ reading, type }) => reading === 'INT96' || type.kind === 'time');
}

/** Does the steps that a plan can’t do: uuids become text, INT96 becomes instants, and invalid times of day are refused. */
export async function finished(data: DataFrame, columns: readonly FileColumn[], name: string): Promise<DataFrame> {
  await checkTimes(data, columns, name);
  return withUuidTexts(await withInstants(data, columns, name), columns);
}

/** Throws for 24:00 and for negative times, because Polars accepts them as values but writes nulls for them. */
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

/** Turns uuids of 16 bytes into text. nodejs-polars has no expression for this, so these columns alone pass through Arrow. */
async function withUuidTexts(data: DataFrame, columns: readonly FileColumn[]): Promise<DataFrame> {
  const uuids = columns.filter((column) => column.reading === 'uuid from bytes').map((column) => column.name);
  if (uuids.length === 0) return data;
  const [A, pl] = await Promise.all([arrow(), polars()]);
  const converted = await withArrow(data.select(...uuids), (table) => {
    const texts = Object.fromEntries(
      uuids.map((name, index) => {
        const pieces = (table.getChildAt(index)?.data ?? []).map((piece) => uuidTexts(A, piece as Arrow.Data));
        return [name, pieces.length === 0 ? A.vectorFromArray([], new A.Utf8()) : new A.Vector(pieces)];
      }),
    );
    const made = dataFrameOf(A, pl, new A.Table(texts));
    for (const { data: pieces } of Object.values(texts)) for (const { values } of pieces) letGoOfBytes(values);
    return made;
  });
  const columnsMade = converted.getColumns();
  // Each Polars frame counts as separate memory, even if it shares its memory with other frames, so as few frames as possible are made.
  return columnsMade.reduce((all, made) => all.withColumn(made), data);
}

/** The texts of uuids. Polars stores their 16-byte values in a column of bytes of any length. */
function uuidTexts(A: typeof Arrow, data: Arrow.Data): Arrow.Data<Arrow.Utf8> {
  const bytes = data.values as Uint8Array;
  const starts = data.valueOffsets as unknown as Int32Array | BigInt64Array | undefined;
  // If the last offset fits into 32 bits, the lower halves of the 64-bit offsets are enough.
  const [words, step] =
    starts instanceof BigInt64Array ? [new Int32Array(starts.buffer, starts.byteOffset, starts.length * 2), 2] : [starts, 1];
  if (Number(starts?.[data.length] ?? 0) > mostBytes) throw new RangeError(`${data.length} uuids are too many for one frame`);
  const valueOffsets = new Int32Array(data.length + 1);
  const room = (data.length - data.nullCount) * uuidLength;
  if (room > mostBytes) throw new RangeError(`${data.length} uuids are too many for one frame`);
  const texts = Buffer.allocUnsafeSlow(room);
  let at = 0;
  for (let row = 0; row < data.length; row++) {
    if (data.getValid(row)) {
      const start = words === undefined ? row * 16 : (words[row * step] as number);
      if (words !== undefined && (words[(row + 1) * step] as number) - start !== 16)
        throw new RangeError('a uuid that does not have 16 bytes');
      putUuidText(texts, at, bytes, start);
      at += uuidLength;
    }
    valueOffsets[row + 1] = at;
  }
  const nulls = { nullCount: data.nullCount, nullBitmap: data.nullBitmap };
  return A.makeData({ type: new A.Utf8(), length: data.length, ...nulls, valueOffsets, data: texts });
}

/** The most bytes of texts, because offsets of texts have 32 bits. */
const mostBytes = 2 ** 31 - 1;

/** The number of bytes of an INT96 instant: first the nanoseconds of the day, and then the Julian day. */
const width = 12;
const julianEpoch = 2_440_588n;
const perDay = 86_400n * 1_000_000_000n;
const perUnit = { ns: 1n, us: 1000n, ms: 1_000_000n } as const;
const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];

interface Place {
  readonly A: typeof Arrow;
  readonly column: string;
  readonly name: string;
}

/** Turns INT96 into instants, anywhere in a column. Throws HYG-3211 or HYG-3212 for values that the unit can’t hold exactly. */
async function withInstants(data: DataFrame, columns: readonly FileColumn[], name: string): Promise<DataFrame> {
  const wanted = columns.filter(({ reading }) => reading === 'INT96');
  if (wanted.length === 0) return data;
  const [A, pl] = await Promise.all([arrow(), polars()]);
  const table = await toArrow(data.select(...wanted.map((column) => column.name)));
  const vectors = wanted.map((column, i) => {
    const pieces = (table.getChildAt(i)?.data ?? []).map((piece) => rebuilt(piece, column.type, { A, column: column.name, name }));
    return [column.name, new A.Vector(pieces)] as const;
  });
  if (data.height === 0) return data;
  const converted = await toPolars(new A.Table(Object.fromEntries(vectors)));
  const others = data.drop(wanted.map((column) => column.name)) as DataFrame;
  const joined = others.width === 0 ? converted : (pl.concat([others, converted], { how: 'horizontal' }) as DataFrame);
  return joined.select(...columns.map((column) => column.name));
}

/** The same values, with instants in place of INT96 bytes. */
function rebuilt(data: Arrow.Data, type: DataType, place: Place): Arrow.Data {
  const { A } = place;
  const nulls = { nullCount: data.nullCount, nullBitmap: data.nullBitmap };
  if (type.kind === 'timestamp' && !A.DataType.isTimestamp(data.type)) return instants(data, type, place);
  if (type.kind === 'struct') {
    const children = type.fields.map((field, i) => rebuilt(data.children[i] as Arrow.Data, field.type, place));
    const fields = type.fields.map(({ name }, i) => new A.Field(name, (children[i] as Arrow.Data).type, true));
    return A.makeData({ type: new A.Struct(fields), length: data.length, ...nulls, children } as never);
  }
  if (type.kind === 'list') {
    const child = rebuilt(data.children[0] as Arrow.Data, type.item, place);
    const offsets = Int32Array.from(data.valueOffsets as unknown as Iterable<number | bigint>, Number);
    return A.makeData({
      type: new A.List(new A.Field('item', child.type, true)),
      length: data.length,
      ...nulls,
      valueOffsets: offsets,
      child,
    } as never);
  }
  return data;
}

function instants(data: Arrow.Data, { unit }: { readonly unit: TimeUnit }, place: Place): Arrow.Data {
  const { A } = place;
  const bytes = data.values as Uint8Array;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array | undefined;
  const values = new BigInt64Array(data.length);
  for (let row = 0; row < data.length; row++) {
    if (!data.getValid(row)) continue;
    const at = offsets === undefined ? row * width : Number(offsets[row]);
    const nanos = (BigInt(view.getInt32(at + 8, true)) - julianEpoch) * perDay + view.getBigInt64(at, true);
    const value = nanos / perUnit[unit];
    if (value * perUnit[unit] !== nanos) throw finer(place);
    if (value < least || value > most) throw beyond(place);
    values[row] = value;
  }
  const type = unit === 'ns' ? new A.TimestampNanosecond() : unit === 'us' ? new A.TimestampMicrosecond() : new A.TimestampMillisecond();
  return A.makeData({ type, length: data.length, nullCount: data.nullCount, nullBitmap: data.nullBitmap, data: values } as never);
}

function beyond({ column, name }: Place): Error {
  return parquetError('HYG-3211', `Column ${column} of ${name} holds INT96 instants outside the years 1677 to 2262.`, {
    why: ['INT96 is read as nanoseconds, and 64 bits of nanoseconds reach no further. Spark writes such a day for "never": 9999-12-31.'],
  });
}

function finer({ column, name }: Place): Error {
  return parquetError('HYG-3212', `Column ${column} of ${name} holds INT96 instants that are finer than microseconds.`);
}
