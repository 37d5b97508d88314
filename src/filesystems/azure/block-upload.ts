import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Gmac } from '../checksum/gmac.ts';
import { type BlockPosition, type SentBlocks, sendInBlocks } from '../remote/blocks.ts';
import type { AzureRequests, RequestAttempt } from './requests.ts';

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
  readonly options: { readonly abortSignal: AbortSignal; readonly transactionalContentMD5?: Uint8Array };
}

/** How blocks are sent. */
export interface BlockSender<T> {
  /** Done once, before the first block is sent. Not done for a body of one block if there is `sendOnly`. */
  begin?(): Promise<void>;
  /** Safe to be done again with the same block. */
  send(block: BlockUpload): Promise<T>;
  /** Sends a body of one block in another way. @param upload the block, each time that it is sent. */
  sendOnly?(upload: (one: RequestAttempt) => BlockUpload): Promise<T>;
}

export interface SentBlock<T> extends SentBlocks<T> {
  /** Of the whole, as `StagedFile.checksum`. */
  readonly checksum: string;
}

/**
 * Uploads a body block by block; a body without a byte sends nothing. The answers of `BlockSender.send` are those of the result.
 *
 * Over HTTPS no block has a hash: TLS authenticates each byte, the length of a request is announced, and what is missing between blocks makes the service refuse the
 * whole. Over HTTP, which emulators speak, the service compares the MD5 of each block.
 * Throws what `Requests.send` throws.
 */
export async function sendBlocks<T>(
  requests: AzureRequests,
  body: AsyncIterable<Uint8Array>,
  { begin, send, sendOnly }: BlockSender<T>,
): Promise<SentBlock<T>> {
  const checksum = new Gmac();
  let begun: Promise<void> | undefined;
  const poured = await sendInBlocks(body, blocks, async (block, { isOnly, ...place }) => {
    checksum.update(block);
    const checked = requests.isEncrypted ? {} : { transactionalContentMD5: hash('md5', block, 'buffer') };
    const upload = ({ abortSignal, attempt, moved }: RequestAttempt): BlockUpload => ({
      ...place,
      body: () => slices(block, moved),
      bytes: block.byteLength,
      attempt,
      options: { abortSignal, ...checked },
    });
    if (isOnly && sendOnly !== undefined) return sendOnly(upload);
    begun ??= begin?.();
    await begun;
    return requests.send({ doing: 'write', ask: (one) => send(upload(one)) });
  });
  return { ...poured, checksum: `gmac:${checksum.digest()}` };
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
