import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { letGoOfBytes } from '../../frames/native-bytes.ts';

/** Half an answer: the connection ended before what was announced had come, or continued after it. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
  /** As the network says it. */
  readonly code = 'ECONNRESET';
}

/**
 * Gives each piece of a body to `take`, in order. Throws what the connection ended with, also when it ended too early without a word, and what
 * `take` throws. Listening is half the work of iterating, of which large bodies have thousands of steps.
 */
export async function pour(body: unknown, take: (piece: Uint8Array) => void): Promise<void> {
  if (!(body instanceof Readable)) {
    for await (const piece of body as AsyncIterable<Uint8Array>) take(piece);
    return;
  }
  body.on('data', (piece: Uint8Array) => {
    try {
      take(piece);
    } catch (error) {
      body.destroy(error as Error);
    }
  });
  await finished(body, { writable: false });
}

/**
 * Copies a piece of a body to `at` and answers where the next one goes; nothing is left of the piece then. The collector sees small objects
 * only and comes late: until it did, pieces came to a hundred megabytes in a large read.
 */
export function copyPiece(into: Uint8Array, at: number, piece: Uint8Array): number {
  const next = at + piece.byteLength;
  into.set(piece, at);
  letGoOfBytes(piece);
  return next;
}

/**
 * A body whole. Throws `CutShort` when other than the announced number of bytes come, and what `pour` throws.
 * @param announced as the answer's head says; undefined: it does not.
 * @param into memory that may hold it, if it is large enough.
 */
export async function wholeBody(body: unknown, announced: number | undefined, into?: Uint8Array): Promise<Uint8Array> {
  if (announced === undefined) return joined(body);
  const whole = into !== undefined && into.byteLength >= announced ? into.subarray(0, announced) : new Uint8Array(announced);
  let at = 0;
  await pour(body, (piece) => {
    if (at + piece.byteLength > announced) throw new CutShort('more bytes arrived than announced');
    at = copyPiece(whole, at, piece);
  });
  if (at < announced) throw new CutShort(`${at} of ${announced} bytes came`);
  return whole;
}

async function joined(body: unknown): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await pour(body, (piece) => pieces.push(piece));
  return Buffer.concat(pieces);
}
