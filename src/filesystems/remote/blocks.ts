import { letGoOfBytes } from '../../frames/native-bytes.ts';

export interface Blocks {
  /** The size of every block except the last. */
  readonly blockBytes: number;
  /** The number of blocks that are sent at once. One upload needs memory for one more block. */
  readonly atOnce: number;
}

export interface BlockPosition {
  /** The number of the block, from 0. */
  readonly index: number;
  /** The offset of the block’s first byte in the whole body. */
  readonly offset: number;
}

/** A block to send. */
export interface BlockToSend extends BlockPosition {
  /** Whether the block is the only block of the stream. */
  readonly isOnly: boolean;
}

export interface SentBlocks<T> {
  /** The answers for all blocks, in order. */
  readonly answers: readonly T[];
  readonly bytes: number;
}

/**
 * Cuts a stream into blocks and sends them, a few at once, in reused memory. A piece of the stream must stay valid until the next piece is requested. A block is valid until it was sent.
 * For an empty stream, nothing is sent. After the first failure nothing more is sent, and the failure is thrown when all running requests have ended.
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
  // The memory is reused only if the service has answered for all blocks. After a failure, requests may still be reading blocks.
  for (const memory of free) letGoOfBytes(memory);
  return { answers, bytes };
}
