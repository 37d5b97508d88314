import type { StagedFile } from '../../ports/filesystem.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import { pathUsedTwice } from '../../remote/refusals.ts';
import { sendBlocks } from '../azure/block-upload.ts';
import { plain } from '../azure/etags.ts';
import { crossedAt, isCrossed, isTaken } from '../azure/refusals.ts';
import type { RequestAttempt } from '../azure/requests.ts';
import type { Account } from './account.ts';
import type { Handle } from './publishing.ts';
import { writeKey } from './version-check.ts';

export interface StagingRequest {
  readonly account: Account;
  /** The URL of the tree, for messages. */
  readonly url: string;
  /** The path of the file in the tree, for messages. */
  readonly staged: string;
  /** The key of the file in the account. */
  readonly key: string;
  /** Marks the file as written by this upload. */
  readonly write: string;
  /** Removes the file of an upload that failed. */
  remove(): Promise<void>;
}

/**
 * Writes a new file. A body of one block is sent in one request. A longer body is appended to a new empty file, and then flushed at its full length. Throws DefectError
 * HYG-9401 if the name is in use, StoreError HYG-4005 if a file is in the place of a folder, `OutcomeUnknown` if the file may have been made.
 */
export async function stage(
  request: StagingRequest,
  body: AsyncIterable<Uint8Array>,
): Promise<Pick<StagedFile, 'bytes' | 'checksum'> & { readonly handle: Handle }> {
  const { account, key, write } = request;
  const { requests } = account;
  const [file, blob] = [account.files.getFileClient(key), account.blobs.getBlockBlobClient(key)];
  const asNew = { conditions: { ifNoneMatch: '*' }, metadata: { [writeKey]: write } };
  const createEmpty = async () => {
    etag = await make(request, ({ abortSignal }) => file.create({ abortSignal, ...asNew }));
  };
  let etag: string | undefined;
  let isWhole = false;
  // SDK version 12.31 sends the hash of a block only if headers of the path are set as well.
  const hashed = { pathHttpHeaders: {} };
  try {
    const { bytes, checksum } = await sendBlocks(requests, body, {
      begin: createEmpty,
      // May be repeated: before a flush, the same bytes at the same position change nothing.
      async send({ body: block, offset, bytes, options }) {
        await file.append(block, offset, bytes, { ...hashed, ...options });
      },
      async sendOnly(upload) {
        etag = await make(request, (one) => {
          const block = upload(one);
          return blob.upload(block.body, block.bytes, { ...block.options, ...asNew });
        });
        isWhole = true;
      },
    });
    if (bytes === 0) await createEmpty();
    else if (!isWhole) {
      // May be repeated: a second flush at the current length of the file changes nothing.
      const ask = ({ abortSignal }: RequestAttempt) => file.flush(bytes, { abortSignal, close: true });
      etag = plain((await requests.send({ doing: 'write', ask })).etag);
    }
    return { bytes, checksum, handle: { write, etag: etag ?? '' } };
  } catch (error) {
    // If the removal fails, no harm is done: the file’s name is never used again, and a later sweep finds the file.
    if (etag !== undefined) await request.remove().catch(() => undefined);
    throw error;
  }
}

/** Creates a file and the folders above it, without replacing another file. @returns the etag of the file. */
async function make(
  { account: { requests }, url, staged, key }: StagingRequest,
  ask: (one: RequestAttempt) => Promise<{ readonly etag?: string }>,
): Promise<string> {
  let sent = 0;
  const made = await requests.send<{ readonly etag?: string } | 'exists' | 'crossed'>({
    doing: 'write',
    once: key,
    ask(one) {
      sent = one.attempt;
      return ask(one);
    },
    expected: (answer) => (isCrossed(answer) ? 'crossed' : isTaken(answer) ? 'exists' : undefined),
  });
  if (made === 'crossed') throw crossedAt(url, staged);
  if (made !== 'exists') return plain(made.etag);
  // An earlier sending of this request may have created the file. So the outcome is unknown, and the name is not used again.
  throw sent > 0 ? new OutcomeUnknown(`${key} may be there already`) : pathUsedTwice(url, staged);
}
