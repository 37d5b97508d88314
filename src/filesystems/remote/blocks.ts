import { letGoOfBytes } from '../../frames/native-bytes.ts';

export interface Blocks {
  /** Of every block but the last. */
  readonly blockBytes: number;
  /** Blocks on their way at once: the memory of one upload is one block more than that. */
  readonly atOnce: number;
}

export interface BlockPosition {
  /** From 0. */
  readonly index: number;
  /** Of its first byte in the whole. */
  readonly offset: number;
}

/** A block that is to be sent. */
export interface BlockToSend extends BlockPosition {
  /** The stream has no other block. */
  readonly isOnly: boolean;
}

export interface SentBlocks<T> {
  /** What was answered for each block, in order. */
  readonly answers: readonly T[];
  readonly bytes: number;
}

/**
 * Cuts a stream into blocks and sends them, a few at once, in memory that is used again. A piece of the stream need be valid only until the
 * next is asked for; a block is only until its sending is over. A stream without a byte sends nothing. After the first failure nothing more
 * is sent; it is thrown when what is under way is over.
 */
export async function sendInBlocks<T>(
  body: AsyncIterable<Uint8Array>,
  { blockBytes, atOnce }: Blocks,
  send: (block: Uint8Array, place: BlockToSend) => Promise<T>,
): Promise<SentBlocks<T>> {
  const answers: T[] = [];
  const underWay = new Set<Promise<void>>();
  const free: Uint8Array[] = [];
  const failures: unknown[] = [];
  let block: Uint8Array | undefined;
  let filled = 0;
  let bytes = 0;

  const dispatch = async (full: Uint8Array, length: number, place: BlockToSend): Promise<void> => {
    try {
      answers[place.index] = await send(full.subarray(0, length), place);
    } catch (error) {
      failures.push(error);
    } finally {
      free.push(full);
    }
  };
  const launch = async (isLast: boolean): Promise<void> => {
    if (block === undefined) return;
    const index = Math.ceil(bytes / blockBytes) - 1;
    const place = { index, offset: bytes - filled, isOnly: isLast && index === 0 };
    const sending = dispatch(block, filled, place).finally(() => underWay.delete(sending));
    underWay.add(sending);
    block = undefined;
    filled = 0;
    if (underWay.size >= atOnce) await Promise.race(underWay);
    if (failures.length > 0) throw failures[0];
  };

  try {
    for await (const piece of body) {
      for (let at = 0; at < piece.byteLength; ) {
        block ??= free.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
        const some = piece.subarray(at, at + blockBytes - filled);
        block.set(some, filled);
        at += some.byteLength;
        filled += some.byteLength;
        bytes += some.byteLength;
        if (filled === blockBytes) await launch(false);
      }
    }
    await launch(true);
  } finally {
    await Promise.all(underWay);
  }
  if (failures.length > 0) throw failures[0];
  // All were answered. After a failure something may still be reading them.
  for (const memory of free) letGoOfBytes(memory);
  return { answers, bytes };
}
