import { Writable } from 'node:stream';
import { type Arrow, arrow, type DataFrame } from '../native.ts';
import { letGoOfBytes } from '../native-bytes.ts';

/** Polars → Arrow: `writeIPCStream` → `tableFromIPC`. Values are views into the stream, almost free; read them as typed arrays, never as records. */
export async function toArrow(data: DataFrame): Promise<Arrow.Table> {
  const A = await arrow();
  return A.tableFromIPC(streamed(data));
}

/** The same for one look: the memory is released when `look` has returned, so its result may not contain parts of the table. */
export async function withArrow<T>(data: DataFrame, look: (table: Arrow.Table) => T | Promise<T>): Promise<T> {
  const A = await arrow();
  const pieces = streamed(data);
  try {
    return await look(A.tableFromIPC(pieces));
  } finally {
    for (const piece of pieces) letGoOfBytes(piece);
  }
}

/** The size of the parts that are in memory a second time if a frame is read in parts. */
const rowsOfPart = 8_192;

/**
 * The same for one look at each part, in order: a wide frame as a whole would be in memory twice, in pieces that are too large to be
 * reused. The memory of a part is released when the next one is requested.
 */
export async function inParts(data: DataFrame): Promise<Iterable<Arrow.Table>> {
  const A = await arrow();
  return (function* () {
    for (let from = 0; from < data.height; from += rowsOfPart) {
      const pieces = streamed(data.height <= rowsOfPart ? data : data.slice(from, rowsOfPart));
      try {
        yield A.tableFromIPC(pieces);
      } finally {
        for (const piece of pieces) letGoOfBytes(piece);
      }
    }
  })();
}

const streamed = (data: DataFrame): readonly Buffer[] => piecesOf((collecting) => data.writeIPCStream(collecting));

/** The output of Polars, in its own pieces: joined, they would be in memory twice. */
export function piecesOf(write: (collecting: Writable) => void): readonly Buffer[] {
  const pieces: Buffer[] = [];
  const collecting = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      pieces.push(piece);
      done();
    },
  });
  write(collecting);
  return pieces;
}

/** One row of counts (`nullCount`) as numbers, in column order. Through Arrow, these few would take a hundred times as long. */
export const readCounts = (counts: DataFrame): readonly number[] => counts.row(0).map(Number);
