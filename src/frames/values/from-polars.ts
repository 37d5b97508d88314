import { Writable } from 'node:stream';
import { type Arrow, arrow, type DataFrame } from '../native.ts';
import { letGoOfBytes } from '../native-bytes.ts';

/** Passes a frame from Polars to Arrow: `writeIPCStream` and then `tableFromIPC`. The values are views into the stream, so they cost almost nothing. Read them as typed arrays, and never as records. */
export async function toArrow(data: DataFrame): Promise<Arrow.Table> {
  const A = await arrow();
  return A.tableFromIPC(streamed(data));
}

/** Passes a frame to Arrow for one look. The memory is released when `look` has returned, so the result of `look` must not contain parts of the table. */
export async function withArrow<T>(data: DataFrame, look: (table: Arrow.Table) => T | Promise<T>): Promise<T> {
  const A = await arrow();
  const pieces = streamed(data);
  try {
    return await look(A.tableFromIPC(pieces));
  } finally {
    for (const piece of pieces) letGoOfBytes(piece);
  }
}

/** How many rows a part has, if a frame is read in parts. Only the rows of a part are in memory a second time. */
const rowsOfPart = 8_192;

/**
 * Passes a frame to Arrow in parts, in order, for one look at each part. A wide frame as a whole would be in memory twice, in pieces that
 * are too large to be reused. The memory of a part is released when the next part is requested.
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

/** The output of Polars, in Polars’ own pieces. If the pieces were joined, they would be in memory twice. */
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

/** One row of counts (`nullCount`) as numbers, in column order. For these few numbers, Arrow would take a hundred times as long. */
export const readCounts = (counts: DataFrame): readonly number[] => counts.row(0).map(Number);
