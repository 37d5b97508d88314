import { Writable } from 'node:stream';
import { type Arrow, arrow, type DataFrame } from './native.ts';
import { letGoOfBytes } from './native-bytes.ts';

/** Polars → Arrow: `writeIPCStream` → `tableFromIPC`. Values are views into the stream, almost free; walk them typed, never as records. */
export async function toArrow(data: DataFrame): Promise<Arrow.Table> {
  const A = await arrow();
  return A.tableFromIPC(streamed(data));
}

/** The same for one look at it: the memory is given back when `look` has answered, so nothing of the table may be in its answer. */
export async function overArrow<T>(data: DataFrame, look: (table: Arrow.Table) => T | Promise<T>): Promise<T> {
  const A = await arrow();
  const pieces = streamed(data);
  try {
    return await look(A.tableFromIPC(pieces));
  } finally {
    for (const piece of pieces) letGoOfBytes(piece);
  }
}

const streamed = (data: DataFrame): readonly Buffer[] => piecesOf((collecting) => data.writeIPCStream(collecting));

/** What Polars writes, in the pieces that it makes: put together they would lie in memory twice. */
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
