/** Converts lists and structs of a file to the table’s shape. This is done in Arrow, because no Polars expression renames fields at any depth. */
import { type Arrow, arrow, type DataFrame } from '../../frames/native.ts';
import type { DataType } from '../../frames/schema.ts';
import { arrowType } from '../../frames/values/arrow-type.ts';
import { toArrow } from '../../frames/values/from-polars.ts';
import { toPolars } from '../../frames/values/to-polars.ts';
import type { Fit } from './fit.ts';
import { leafValue } from './leaf-values.ts';

/** A column of the table that no expression can make. */
export type ArrowColumn =
  | {
      readonly name: string;
      readonly type: DataType;
      readonly kind: 'fitted';
      readonly from: string;
      readonly fit: Fit;
      readonly lossy: Lossy;
    }
  | { readonly name: string; readonly type: DataType; readonly kind: 'null' }
  /** A column with the same bytes in every row. */
  | { readonly name: string; readonly type: DataType; readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Makes the error for values that do not fit. */
export type Lossy = (found: { readonly rows: number; readonly from: DataType; readonly to: DataType }) => Error;

/** Makes these columns from the rows of a frame, in the same order of rows. */
export async function arrowColumns(data: DataFrame, columns: readonly ArrowColumn[]): Promise<DataFrame> {
  const A = await arrow();
  const own = [...new Set(columns.flatMap((column) => (column.kind === 'fitted' ? [column.from] : [])))];
  const table = own.length === 0 ? undefined : await toArrow(data.select(...own).rechunk());
  const made: Record<string, Arrow.Vector> = {};
  for (const column of columns) {
    const { name, type } = column;
    if (column.kind === 'null') made[name] = new A.Vector([nullData(A, type, data.height)]);
    else if (column.kind === 'bytes') made[name] = new A.Vector([repeated(A, column.bytes, data.height)]);
    else {
      const pieces: Arrow.Data[] = [];
      for (const piece of table?.getChild(column.from)?.data ?? []) pieces.push(await fittedData(A, piece, column));
      made[name] = new A.Vector(pieces.length === 0 ? [nullData(A, type, 0)] : pieces);
    }
  }
  return toPolars(new A.Table(made));
}

interface Fitting {
  readonly fit: Fit;
  readonly lossy: Lossy;
}

async function fittedData(A: typeof Arrow, data: Arrow.Data, { fit, lossy }: Fitting): Promise<Arrow.Data> {
  const nulls = { nullCount: data.nullCount, nullBitmap: data.nullBitmap };
  switch (fit.kind) {
    case 'same':
      return data;
    case 'null':
      return nullData(A, fit.type, data.length);
    case 'leaf':
      return convertedLeaf(A, data, { fit, lossy });
    case 'list': {
      const child = await fittedData(A, data.children[0] as Arrow.Data, { fit: fit.item, lossy });
      const valueOffsets = Int32Array.from(data.valueOffsets as unknown as Iterable<number | bigint>, Number);
      const type = new A.List(new A.Field('item', child.type, true));
      return A.makeData({ type, length: data.length, ...nulls, valueOffsets, child } as never);
    }
    case 'struct': {
      const children: Arrow.Data[] = [];
      for (const { at, fit: of } of fit.fields) {
        const child = at === null ? undefined : (data.children[at] as Arrow.Data);
        children.push(child === undefined ? await fittedData(A, data, { fit: of, lossy }) : await fittedData(A, child, { fit: of, lossy }));
      }
      const fields = fit.fields.map(({ name }, i) => new A.Field(name, (children[i] as Arrow.Data).type, true));
      return A.makeData({ type: new A.Struct(fields), length: data.length, ...nulls, children } as never);
    }
  }
}

const column = 'value';

async function convertedLeaf(
  A: typeof Arrow,
  data: Arrow.Data,
  { fit, lossy }: { readonly fit: Fit & { readonly kind: 'leaf' }; readonly lossy: Lossy },
): Promise<Arrow.Data> {
  if (data.length === 0) return nullData(A, fit.to, 0);
  const frame = await toPolars(new A.Table({ [column]: new A.Vector([data]) }));
  const { value, lost } = await leafValue(column, fit);
  if (lost !== null) {
    const rows = frame.lazy().filter(lost).collectSync().height;
    if (rows > 0) throw lossy({ rows, from: fit.from, to: fit.to });
  }
  const table = await toArrow(frame.lazy().select(value.alias(column)).collectSync().rechunk());
  const [only, ...more] = table.getChildAt(0)?.data ?? [];
  if (only === undefined || more.length > 0) throw new Error(`${more.length + 1} pieces of a column that was put together`);
  return only as Arrow.Data;
}

/** A column of nulls. */
function nullData(A: typeof Arrow, type: DataType, length: number): Arrow.Data {
  const of = arrowType(A, type);
  const nulls = { length, nullCount: length, nullBitmap: new Uint8Array(Math.ceil(length / 8)) };
  switch (type.kind) {
    case 'null':
      return A.makeData({ type: of, length } as never);
    case 'struct':
      return A.makeData({ type: of, ...nulls, children: type.fields.map((field) => nullData(A, field.type, length)) } as never);
    case 'list':
      return A.makeData({ type: of, ...nulls, valueOffsets: new Int32Array(length + 1), child: nullData(A, type.item, 0) } as never);
    case 'string':
    case 'uuid':
    case 'json':
    case 'binary':
      return A.makeData({ type: of, ...nulls, valueOffsets: new Int32Array(length + 1), data: new Uint8Array(0) } as never);
    case 'bool':
      return A.makeData({ type: of, ...nulls, data: new Uint8Array(Math.ceil(length / 8)) } as never);
    default: {
      const { ArrayType } = of as unknown as { readonly ArrayType: new (length: number) => ArrayBufferView };
      const words = type.kind === 'decimal' ? 4 : 1;
      return A.makeData({ type: of, ...nulls, data: new ArrayType(length * words) } as never);
    }
  }
}

function repeated(A: typeof Arrow, bytes: Uint8Array, rows: number): Arrow.Data {
  const valueOffsets = Int32Array.from({ length: rows + 1 }, (_, row) => row * bytes.length);
  const data = new Uint8Array(rows * bytes.length);
  for (let row = 0; row < rows; row++) data.set(bytes, row * bytes.length);
  return A.makeData({ type: new A.Binary(), length: rows, nullCount: 0, valueOffsets, data });
}
