/** Half an answer: the connection ended before what was announced had come. */
class CutShort extends Error {
  override readonly name = 'CutShort';
  readonly code = 'ECONNRESET';
}

/**
 * A body whole. Throws what the connection ended with, also when it ended too early without a word.
 * @param announced the number of its bytes, as the answer's head says.
 * @param into memory that may hold it, if it is large enough.
 */
export async function received(body: unknown, announced: number | undefined, into?: Uint8Array): Promise<Uint8Array> {
  const pieces = body as AsyncIterable<Uint8Array>;
  if (announced === undefined) return joined(pieces);
  const whole = into !== undefined && into.byteLength >= announced ? into.subarray(0, announced) : new Uint8Array(announced);
  let at = 0;
  try {
    for await (const piece of pieces) {
      if (at + piece.byteLength > announced) throw new CutShort('more came than was announced');
      whole.set(piece, at);
      at += piece.byteLength;
    }
  } catch (error) {
    // So the SDK says that the bytes are not those that were written.
    throw error instanceof Error && /^checksum mismatch/i.test(error.message) ? new CutShort(error.message) : error;
  }
  if (at < announced) throw new CutShort(`${at} of ${announced} bytes came`);
  return whole;
}

async function joined(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
