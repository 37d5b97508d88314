/** What came back, whatever its status. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  /** Whole: a body that ended early is no answer. */
  readonly body: Uint8Array;
}

/** A body ended before its length. Its code is the one that Node has for that. */
class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE';
}

/** @param into memory for the body, if it is large enough. Throws what the network throws, and when there are fewer bytes than were announced. */
export async function receive(body: AsyncIterable<Uint8Array>, headers: Headers, into?: Uint8Array): Promise<Uint8Array> {
  const announced = headers.get('content-length');
  if (announced === null) return joined(body);
  const length = Number(announced);
  const whole = into !== undefined && into.byteLength >= length ? into.subarray(0, length) : new Uint8Array(length);
  let filled = 0;
  for await (const piece of body) {
    whole.set(piece, filled);
    filled += piece.byteLength;
  }
  if (filled !== length) throw new EndedEarly(`${filled} of ${length} bytes came`);
  return whole;
}

async function joined(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}
