import type { BlobClient } from '@azure/storage-blob';
import type { Account } from './account.ts';
import { isAbsent, isCrossed } from './refusals.ts';
import { isFolder, plain } from './seen.ts';

export interface Downloaded {
  readonly body: Uint8Array;
  readonly etag: string;
}

export interface Wanted {
  /** End exclusive, at least one byte. */
  readonly range?: { readonly start: number; readonly end: number } | undefined;
  /** Memory that may hold the answer, if it is large enough. */
  readonly into?: Uint8Array | undefined;
}

/** A file or a range of it. `beyond`: it begins behind the end, or what is there is a folder. */
export function download(account: Account, key: string, { range, into }: Wanted): Promise<Downloaded | 'absent' | 'beyond'> {
  const blob = account.blobs.getBlobClient(key);
  return account.send<Downloaded | 'absent' | 'beyond'>(
    {
      doing: 'read',
      again: 'safe',
      expected: (answer) => (isAbsent(answer) ? 'absent' : answer.status === 416 || isCrossed(answer) ? 'beyond' : undefined),
    },
    (signal) => fetched(blob, { range, into }, signal),
  );
}

async function fetched(blob: BlobClient, { range, into }: Wanted, abortSignal: AbortSignal): Promise<Downloaded | 'absent'> {
  const count = range && range.end - range.start;
  const {
    contentLength = 0,
    etag,
    metadata,
    readableStreamBody,
  } = await blob.download(range?.start, count, { abortSignal, maxRetryRequests: 0 });
  const stream = readableStreamBody as (NodeJS.ReadableStream & { destroy?: () => void }) | undefined;
  if (isFolder(metadata)) {
    stream?.destroy?.();
    return 'absent';
  }
  const body = into !== undefined && into.byteLength >= contentLength ? into.subarray(0, contentLength) : new Uint8Array(contentLength);
  await fill(body, stream);
  return { body, etag: plain(etag) };
}

/** The connection was lost in the middle of an answer: it is asked for again. */
class TornAnswer extends Error {
  override readonly name = 'RestError';
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE';
}

async function fill(body: Uint8Array, stream: NodeJS.ReadableStream | undefined): Promise<void> {
  let at = 0;
  try {
    for await (const chunk of stream ?? []) {
      body.set(chunk as Uint8Array, at);
      at += (chunk as Uint8Array).byteLength;
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new TornAnswer('the answer broke off');
  }
  if (at < body.byteLength) throw new TornAnswer('the answer broke off');
}
