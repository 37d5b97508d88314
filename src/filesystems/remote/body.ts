import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { letGoOfBytes } from '../../frames/native-bytes.ts';

/** The error for an answer with another number of bytes than announced. */
export class CutShort extends Error {
  override readonly name = 'CutShort';
  /** The network’s code for a broken connection. */
  readonly code = 'ECONNRESET';
}

/**
 * Passes each piece of a body to `take`, in order. Throws the errors of `take`, and an error if the connection fails or ends too early. Uses listeners,
 * which need half the time of `for await` with its thousands of steps.
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
 * Copies a piece of a body to `at`, returns the place of the next piece, and frees the piece. The garbage collector sees only small objects
 * and runs late, so without this the pieces of a large read would use up to a hundred megabytes.
 */
export function copyPiece(into: Uint8Array, at: number, piece: Uint8Array): number {
  const next = at + piece.byteLength;
  into.set(piece, at);
  letGoOfBytes(piece);
  return next;
}

/**
 * A complete body. Throws `CutShort` if the number of bytes differs from the announced number, and the errors of
 * `pour`. @param announced from the answer's headers; undefined: not announced. @param into memory for the body, if it is large enough.
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
