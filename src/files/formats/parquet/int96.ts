import { toArrow } from '../../../frames/from-polars.ts';
import { type Arrow, arrow, type DataFrame, polars } from '../../../frames/native.ts';
import type { DataType, TimeUnit } from '../../../frames/schema.ts';
import { toPolars } from '../../../frames/to-polars.ts';
import { parquetError } from './errors.ts';
import type { FileColumn } from './footer-schema.ts';

/** Twelve bytes: nanoseconds of the day, and the Julian day. */
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

/** INT96 as the instants that they are, wherever in a column they lie. Those that its unit can't hold exactly are refused: HYG-3211, HYG-3212. */
export async function withInstants(data: DataFrame, columns: readonly FileColumn[], name: string): Promise<DataFrame> {
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

/** The same values; where bytes stand for instants, instants. */
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
    why: ['INT96 is read as nanoseconds, and 64 bits of them reach no further. Spark writes such a day for "never": 9999-12-31.'],
  });
}

function finer({ column, name }: Place): Error {
  return parquetError('HYG-3212', `Column ${column} of ${name} holds INT96 instants that are finer than microseconds.`);
}
