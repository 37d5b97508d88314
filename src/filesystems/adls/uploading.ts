import { hash } from 'node:crypto';
import type { DataLakeFileClient } from '@azure/storage-file-datalake';
import type { Answer } from '../../clouds/azure/answer.ts';
import { inBlocks } from '../remote/blocks.ts';
import type { Account } from './account.ts';
import type { Handle } from './publishing.ts';
import { isConflict, isCrossed } from './refusals.ts';
import { plain, writeKey } from './seen.ts';

/** Of one upload: at most 4 blocks are in memory. */
const blocks = { blockBytes: 4 * 1024 * 1024, atOnce: 3 };

export interface Uploaded {
  readonly bytes: number;
  readonly checksum: string;
  readonly handle: Handle;
}

/** An empty file with the folders above it, which nothing is written over. @param write marks it as ours. */
export async function create(
  account: Account,
  file: DataLakeFileClient,
  write: string,
): Promise<{ readonly etag: string } | 'exists' | 'crossed'> {
  const expected = (answer: Answer) => (isCrossed(answer) ? 'crossed' : isConflict(answer) ? 'exists' : undefined);
  const created = await account.send<{ etag?: string } | 'exists' | 'crossed'>({ doing: 'write', again: 'once', expected }, (abortSignal) =>
    file.create({ abortSignal, conditions: { ifNoneMatch: '*' }, metadata: { [writeKey]: write } }),
  );
  return typeof created === 'string' ? created : { etag: plain(created.etag) };
}

/** Fills a file that was created. What is appended lies beside it until it is flushed at its whole length, with nothing missing. */
export async function pour(
  account: Account,
  file: DataLakeFileClient,
  { write, etag }: Handle,
  body: AsyncIterable<Uint8Array>,
): Promise<Uploaded> {
  const { bytes, checksum } = await inBlocks(body, blocks, (block, { offset }) => append(account, file, block, offset));
  return { bytes, checksum, handle: { write, etag: bytes === 0 ? etag : await flush(account, file, bytes) } };
}

/** Safe to send again: the same bytes at the same place, before a flush, are the same. */
async function append(account: Account, file: DataLakeFileClient, block: Uint8Array, offset: number): Promise<void> {
  // 12.31 sends this hash only when it is given headers of the path as well.
  const checked = { transactionalContentMD5: hash('md5', block, 'buffer'), pathHttpHeaders: {} };
  await account.send({ doing: 'write', again: 'safe' }, (abortSignal) =>
    file.append(block, offset, block.byteLength, { ...checked, abortSignal }),
  );
}

/** Safe to send again: at the length that the file has it changes nothing. */
async function flush(account: Account, file: DataLakeFileClient, bytes: number): Promise<string> {
  const flushed = await account.send({ doing: 'write', again: 'safe' }, (abortSignal) => file.flush(bytes, { abortSignal, close: true }));
  return plain(flushed.etag);
}
