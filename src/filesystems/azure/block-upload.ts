import { Readable } from 'node:stream';
import { BlockHashes } from '../remote/block-hashes.ts';
import { type BlockPosition, type SentBlocks, sendInBlocks } from '../remote/blocks.ts';
import type { AzureRequests } from './requests.ts';

/** Of one upload: at most 3 blocks are in memory. */
const blocks = { blockBytes: 4 * 1024 * 1024, atOnce: 2 };

/** So much of a block is handed to the network at once: when the next is asked for, this one has moved. */
const sliceBytes = 512 * 1024;

/** A block on its way, as both SDKs take it. */
export interface BlockUpload extends BlockPosition {
  readonly body: () => NodeJS.ReadableStream;
  readonly bytes: number;
  /** How often it was sent before. */
  readonly attempt: number;
  readonly options: { readonly abortSignal: AbortSignal; readonly transactionalContentMD5: Uint8Array };
}

export interface SentBlock<T> extends SentBlocks<T> {
  /** As `blockHashes` has it of the whole. */
  readonly checksum: string;
}

/**
 * Uploads a body block by block, each with its MD5; a body without a byte sends nothing.
 * @param send safe to be done again with the same block. Its answers are those of the result.
 * Throws what `Requests.send` throws.
 */
export async function sendBlocks<T>(
  requests: AzureRequests,
  body: AsyncIterable<Uint8Array>,
  send: (sending: BlockUpload) => Promise<T>,
): Promise<SentBlock<T>> {
  const hashes = blockHashes();
  const poured = await sendInBlocks(body, blocks, (block, place) => {
    const transactionalContentMD5 = hashes.of(block, place.index);
    return requests.send({
      doing: 'write',
      ask: ({ abortSignal, attempt, moved }) =>
        send({
          ...place,
          body: () => slices(block, moved),
          bytes: block.byteLength,
          attempt,
          options: { abortSignal, transactionalContentMD5 },
        }),
    });
  });
  return { ...poured, checksum: hashes.whole };
}

/** @param checksum of what was sent, also by an earlier version, whose blocks had another size. Absent: of what `sendBlocks` sends. */
export function blockHashes(checksum?: string): BlockHashes {
  const [, blockBytes] = /^md5\/(\d+):/.exec(checksum ?? '') ?? [];
  return new BlockHashes('md5', blockBytes === undefined ? blocks.blockBytes : Number(blockBytes));
}

/** The same memory in small pieces. In one piece a slow line could not be distinguished from a dead one. */
function slices(block: Uint8Array, moved: () => void): Readable {
  let at = 0;
  return new Readable({
    highWaterMark: sliceBytes,
    read() {
      moved();
      const slice = block.subarray(at, at + sliceBytes);
      at += slice.byteLength;
      this.push(slice.byteLength === 0 ? null : slice);
    },
  });
}
