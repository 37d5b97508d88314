import { Writable } from 'node:stream';
import { type Arrow, arrow, type DataFrame } from '../native.ts';
import { letGoOfBytes } from '../native-bytes.ts';

/** Polars → Arrow: `writeIPCStream` → `tableFromIPC`. Values are views into the stream, almost free; walk them typed, never as records. */
export async function toArrow(data: DataFrame): Promise<Arrow.Table> {
  const A = await arrow();
  return A.tableFromIPC(streamed(data));
}

/** The same for one look at it: the memory is given back when `look` has answered, so nothing of the table may be in its answer. */
export async function withArrow<T>(data: DataFrame, look: (table: Arrow.Table) => T | Promise<T>): Promise<T> {
  const A = await arrow();
  const pieces = streamed(data);
  try {
    return await look(A.tableFromIPC(pieces));
  } finally {
    for (const piece of pieces) letGoOfBytes(piece);
  }
}

/** As much of a frame as is in memory a second time when it is looked at in parts. */
const rowsOfPart = 8_192;

/**
 * The same for one look at each part of it, in order: a wide frame as a whole would be in memory twice, in pieces that are too large to be used again. The
 * memory of a part is given back when the next one is asked for.
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

/** What Polars writes, in the pieces that it makes: put together they would be in memory twice. */
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

/** One row of counts (`nullCount`) as numbers, in column order. Over Arrow, these few would take a hundred times as long. */
export const readCounts = (counts: DataFrame): readonly number[] => counts.row(0).map(Number);
