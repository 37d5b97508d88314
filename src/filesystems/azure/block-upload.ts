import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Gmac } from '../checksum/gmac.ts';
import { type BlockPosition, type SentBlocks, sendInBlocks } from '../remote/blocks.ts';
import type { AzureRequests, RequestAttempt } from './requests.ts';

/** The block size of uploads. At most 3 blocks of one upload are in memory. */
const blocks = { blockBytes: 4 * 1024 * 1024, atOnce: 2 };

/** How many bytes of a block are passed to the network at once. When the network requests the next piece, the previous piece has been sent. */
const sliceBytes = 512 * 1024;

/** A block to send, as both SDKs accept it. */
export interface BlockUpload extends BlockPosition {
  readonly body: () => NodeJS.ReadableStream;
  readonly bytes: number;
  /** How often the block was sent before. */
  readonly attempt: number;
  readonly options: { readonly abortSignal: AbortSignal; readonly transactionalContentMD5?: Uint8Array };
}

/** The requests that send the blocks of a body. */
export interface BlockSender<T> {
  /** Called once, before the first block is sent. Not called for a body of one block if there is `sendOnly`. */
  begin?(): Promise<void>;
  /** Sends a block. May be repeated with the same block. */
  send(block: BlockUpload): Promise<T>;
  /** Sends a body that has only one block, usually in one request. @param upload returns the block again for each sending. */
  sendOnly?(upload: (one: RequestAttempt) => BlockUpload): Promise<T>;
}

export interface SentBlock<T> extends SentBlocks<T> {
  /** Checksum of the whole body, as `StagedFile.checksum`. */
  readonly checksum: string;
}

/**
 * Uploads a body block by block; for an empty body, no request is sent. The result contains the answers of `BlockSender.send`.
 *
 * Over HTTPS, blocks are sent without a hash: TLS authenticates each byte, each request announces its length, and the service refuses a file with
 * missing blocks. Over HTTP, which emulators use, the service compares the MD5 of each block. Throws the errors of `Requests.send`.
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

/** The block as a stream of small pieces, without a copy. If the block were one large piece, a slow line would look like a dead line. */
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
