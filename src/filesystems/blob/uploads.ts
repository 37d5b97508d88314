import type { BlobClient, BlockBlobClient } from '@azure/storage-blob';
import type { Json } from '../../ports/values.ts';
import type { Answer } from '../../remote/azure/answer.ts';
import { type SentBlock, sendBlocks } from '../azure/block-upload.ts';
import { lookAt } from '../azure/look.ts';
import { isTaken } from '../azure/refusals.ts';
import type { AzureRequests } from '../azure/requests.ts';

/** A file that is uploaded under its final name but not yet committed. The file is invisible until the commit, which consumes its blocks. */
export interface Upload {
  /** The id of this staging, in the metadata of the final blob. */
  readonly id: string;
  /** For each block, the number of the sending that was answered, as one base-36 character. Late blocks of other sendings do not count. */
  readonly sendings: string;
}

/** The metadata key for the id of the upload that made a blob. */
const ofUpload = 'hyggeupload';
const ofDiscard = 'hyggediscarded';

export function uploadIn(handle: Json | undefined): Upload | undefined {
  if (typeof handle !== 'object' || handle === null || !('id' in handle) || !('sendings' in handle)) return undefined;
  const { id, sendings } = handle;
  return typeof id === 'string' && typeof sendings === 'string' ? { id, sendings } : undefined;
}

/** The id of a block. All block ids of a blob must have the same length. */
function blockId(id: string, index: number, sending: string): string {
  return Buffer.from(`${id}${index.toString(36).padStart(4, '0')}${sending}`).toString('base64');
}

/** Uploads a body as uncommitted blocks. For an empty body, no block is uploaded. */
export function pour(
  requests: AzureRequests,
  { blob, id, body }: { readonly blob: BlockBlobClient; readonly id: string; readonly body: AsyncIterable<Uint8Array> },
): Promise<SentBlock<string>> {
  return sendBlocks(requests, body, {
    async send({ body: block, bytes, index, attempt, options }) {
      const sending = attempt.toString(36);
      await blob.stageBlock(blockId(id, index, sending), block, bytes, options);
      return sending;
    },
  });
}

/** The outcome of one request to create a blob. */
export type CreateOutcome = { readonly etag: string } | 'not created';

/** Commits all blocks of an upload, if no blob exists yet. */
export function commit(requests: AzureRequests, blob: BlockBlobClient, { id, sendings }: Upload): Promise<CreateOutcome> {
  const ids = [...sendings].map((sending, index) => blockId(id, index, sending));
  return create(requests, blob.name, (abortSignal) =>
    blob.commitBlockList(ids, { abortSignal, conditions: { ifNoneMatch: '*' }, metadata: { [ofUpload]: id } }),
  );
}

/** Commits an upload without blocks as a copy of its empty mark. The mark is removed when the upload ends. */
export function copy(
  requests: AzureRequests,
  blob: BlobClient,
  { id, mark }: { readonly id: string; readonly mark: BlobClient },
): Promise<CreateOutcome> {
  return create(requests, blob.name, async (abortSignal) => {
    const conditions = { ifNoneMatch: '*' };
    const copying = await blob.beginCopyFromURL(mark.url, { abortSignal, conditions, metadata: { [ofUpload]: id } });
    return copying.pollUntilDone();
  });
}

function create(
  requests: AzureRequests,
  name: string,
  ask: (signal: AbortSignal) => Promise<{ readonly etag?: string; readonly date?: Date }>,
): Promise<CreateOutcome> {
  return requests.send<CreateOutcome>({
    doing: 'publish',
    once: name,
    async ask({ abortSignal }) {
      const { etag = '', date } = await ask(abortSignal);
      return { etag, ...(date && { date }) };
    },
    expected: (answer) => (isTaken(answer) || isUsedUp(answer) || requests.isAbsent(answer) ? 'not created' : undefined),
  });
}

const usedUp: ReadonlySet<string> = new Set(['InvalidBlockList', 'InvalidBlockId', 'InvalidBlobOrBlock', 'CannotVerifyCopySource']);

/** Whether the blocks of an upload, or the source of a copy, do not exist (any more). */
function isUsedUp({ code }: Answer): boolean {
  return usedUp.has(code);
}

/** Who made a blob. */
export type BlobOwner = 'this upload' | { readonly stub: string } | 'another' | undefined;

/** Who made the blob. A stub was made only to consume blocks, and will be removed. */
export async function ownerOf(requests: AzureRequests, blob: BlobClient, id: string): Promise<BlobOwner> {
  const found = await lookAt(requests, blob);
  if (found === null) return undefined;
  const { metadata = {}, etag = '' } = found;
  if (metadata[ofUpload] === id) return 'this upload';
  return metadata[ofDiscard] === id ? { stub: etag } : 'another';
}

/**
 * Consumes the blocks of an upload, so that no earlier or later commit request finds them. The service consumes blocks only by a commit under the same
 * name. So an empty blob is committed, and then removed. An upload that is already committed stays.
 */
export async function useUpBlocks(requests: AzureRequests, blob: BlockBlobClient, id: string): Promise<void> {
  if (await hasBlocks(requests, blob, id)) {
    await create(requests, blob.name, (abortSignal) =>
      blob.commitBlockList([], { abortSignal, conditions: { ifNoneMatch: '*' }, metadata: { [ofDiscard]: id } }),
    );
  }
  const owner = await ownerOf(requests, blob, id);
  if (typeof owner !== 'object') return;
  await requests.send({
    doing: 'remove',
    ask: ({ abortSignal }) => blob.delete({ abortSignal, conditions: { ifMatch: owner.stub } }),
    expected: (answer) => (requests.isAbsent(answer) || isTaken(answer) ? null : undefined),
  });
}

/** Whether a blob has uncommitted blocks. An answered block exists until it is committed or discarded, so no upload without blocks can be committed. */
async function hasBlocks(requests: AzureRequests, blob: BlockBlobClient, id: string): Promise<boolean> {
  const listed = await requests.send({
    doing: 'read',
    ask: ({ abortSignal }) => blob.getBlockList('uncommitted', { abortSignal }),
    expected: (answer) => (requests.isAbsent(answer) ? null : undefined),
  });
  return listed?.uncommittedBlocks?.some(({ name }) => Buffer.from(name, 'base64').toString().startsWith(id)) ?? false;
}

/** Whether a blob in a listing is a stub, by its metadata. */
export function isStub(metadata: Readonly<Record<string, string>>): boolean {
  return metadata[ofDiscard] !== undefined;
}
