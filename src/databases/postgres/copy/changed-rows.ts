/** Sends rows from PostgreSQL to PostgreSQL if some columns have new values, or are added after the received columns. Only new values are encoded. All other bytes are sent unchanged. */
import { DefectError } from '../../../errors/hygge-error.ts';
import type { Arrow, DataFrame } from '../../../frames/native.ts';
import type { Column } from '../../../frames/schema.ts';
import { inParts } from '../../../frames/values/from-polars.ts';
import type { PolarsFrame } from '../../../frames/values/polars-frame.ts';
import { childOf } from '../../arrow-cells.ts';
import { cellEncoder, type Encoder, putCell } from '../encode.ts';
import type { Block } from './blocks.ts';
import { bytesAtOnce, Messages, type Room } from './statements.ts';

/** Values that replace received values. */
export interface ChangedValues {
  /** The changed columns in which all values are null. */
  readonly empty: readonly number[];
  /** The positions in a row of the other changed columns, in the order of `data`. */
  readonly places: readonly number[];
  readonly columns: readonly Column[];
  /** The new values. Undefined: all changed columns are empty. */
  readonly data: DataFrame | undefined;
}

/** @param changed the names of the changed columns. */
export async function changedValues(frame: PolarsFrame, changed: readonly string[]): Promise<ChangedValues> {
  const nulls = await frame.nullCounts();
  const all = frame.schema.columns.flatMap((column, place) => (changed.includes(column.name) ? [{ column, place }] : []));
  const filled = all.filter(({ place }) => nulls[place] !== frame.rows);
  const columns = filled.map(({ column }) => column);
  return {
    empty: all.filter((one) => !filled.includes(one)).map(({ place }) => place),
    places: filled.map(({ place }) => place),
    columns,
    data: filled.length === 0 ? undefined : await frame.columns(columns.map(({ name }) => name)),
  };
}

/** The maximum number of rows that are assembled into one piece. */
const rowsAtOnce = 4_096;
/** The number of bytes before the first value of a row: the header of the message, and the number of columns. */
const beforeValues = 7;

const emptyColumn: Pick<Encoder, 'isNull' | 'size' | 'put'> = { isNull: () => true, size: () => 0, put: () => undefined };

type ChangedColumn = readonly [place: number, encoder: Pick<Encoder, 'isNull' | 'size' | 'put'>];

/** The CopyData messages of rows, one for each row. The messages are in pieces that stay valid as long as the pieces of `Room`. @param width the number of columns of a row in the block. Columns at later positions are added after them, without a gap. */
export async function changedRows(block: Block, width: number, values: ChangedValues): Promise<(room: Room) => Iterable<Messages>> {
  const { empty, places, columns, data } = values;
  const parts = data === undefined ? undefined : await inParts(data);
  const ofEmpty = empty.map((place): ChangedColumn => [place, emptyColumn]);
  const total = width + [...empty, ...places].filter((place) => place >= width).length;
  return function* (room) {
    let rows = 0;
    const stretch = (of: readonly ChangedColumn[], count: number): Stretch => {
      const changed = [...of, ...ofEmpty].sort(([one], [other]) => one - other);
      return { block, width, total, changed, first: rows, rows: count };
    };
    if (parts === undefined) yield* pieces(stretch([], block.rows), room);
    else
      for (const { batches } of parts as Iterable<Arrow.Table>)
        for (const { data: batch, numRows } of batches) {
          const encoded = columns.map((column, at): ChangedColumn => [places[at] as number, cellEncoder(column, childOf(batch, at), rows)]);
          yield* pieces(stretch(encoded, numRows), room);
          rows += numRows;
        }
    if (parts !== undefined && rows !== block.rows) throw unlikeBlock(`${rows} rows have values, and ${block.rows} arrived`);
  };
}

/** Consecutive rows of a block, with the new values for them. */
interface Stretch {
  readonly block: Block;
  /** The number of columns of a received row. `total` is the number of columns of a sent row. */
  readonly width: number;
  readonly total: number;
  /** The changed columns, from left to right. The rows of their values are counted from the first row of the stretch. */
  readonly changed: readonly ChangedColumn[];
  readonly first: number;
  readonly rows: number;
}

function* pieces(of: Stretch, room: Room): Generator<Messages> {
  const sizes = new Float64Array(Math.min(of.rows, rowsAtOnce));
  for (let from = 0; from < of.rows; ) {
    let bytes = 0;
    let to = from;
    while (to < of.rows && to - from < rowsAtOnce) {
      const size = sizeOf(of, to);
      if (bytes > 0 && bytes + size > bytesAtOnce) break;
      sizes[to - from] = size;
      bytes += size;
      to++;
    }
    const into = room.take(bytes);
    const end = put(of, { from, to, sizes }, into);
    if (end !== bytes) throw unlikeBlock(`${end} bytes were written, and ${bytes} were counted`);
    yield new Messages(into.subarray(0, end));
    from = to;
  }
}

function beginOf({ block: { positions, rows, to }, width, first }: Stretch, row: number): number {
  return first + row < rows ? (positions[(first + row) * width] as number) - beforeValues : to;
}

/** The first byte of the value at this position, including its length, and the byte after the value, as positions in the block. */
function spanOf(of: Stretch, row: number, place: number): readonly [number, number] {
  const { block, width, first } = of;
  if (place >= width) return [beginOf(of, row + 1), beginOf(of, row + 1)];
  const at = block.positions[(first + row) * width + place] as number;
  return [at, at + 4 + Math.max(0, block.view.getInt32(at))];
}

/** The number of bytes in the message of a row. */
function sizeOf(of: Stretch, row: number): number {
  let size = beginOf(of, row + 1) - beginOf(of, row);
  for (const [place, encoder] of of.changed) {
    const [from, to] = spanOf(of, row, place);
    size += 4 - (to - from) + (encoder.isNull(row) ? 0 : encoder.size(row));
  }
  return size;
}

interface Piece {
  readonly from: number;
  readonly to: number;
  /** The number of bytes in the message of each row. */
  readonly sizes: Float64Array;
}

/** Writes the messages of rows. The bytes between two changed values are copied at once, even if they belong to two rows. @returns the number of written bytes. */
function put(of: Stretch, { from, to, sizes }: Piece, into: Buffer): number {
  const { bytes } = of.block;
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  const sink = { bytes: into, view };
  let copied = beginOf(of, from);
  let at = 0;
  for (let row = from; row < to; row++) {
    const head = at + beginOf(of, row) - copied;
    let isHeaded = false;
    for (const [place, encoder] of of.changed) {
      const [value, behind] = spanOf(of, row, place);
      bytes.copy(into, at, copied, value);
      at += value - copied;
      if (!isHeaded) {
        view.setUint32(head + 1, (sizes[row - from] as number) - 1);
        view.setInt16(head + 5, of.total);
      }
      isHeaded = true;
      at = putCell(sink, at, encoder, row);
      copied = behind;
    }
  }
  const end = beginOf(of, to);
  bytes.copy(into, at, copied, end);
  return at + end - copied;
}

function unlikeBlock(why: string): DefectError {
  return new DefectError({
    code: 'HYG-9001',
    what: 'Rows could not be put together from the bytes that arrived and the values that changed.',
    why: [why],
    tryThis: ['Run again. If the run fails again, report it: this should not be possible'],
  });
}
