import type { BlobClient } from '@azure/storage-blob';
import type { Answer } from '../../remote/azure/answer.ts';
import { copyPiece, pour } from '../remote/body.ts';
import { isFolder } from './look.ts';
import { isCrossed, isTaken } from './refusals.ts';
import type { AzureRequests, RequestInFlight } from './requests.ts';

/** A range of bytes; the end is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface DownloadedBody {
  readonly body: Uint8Array;
  /** The etag, quoted as in headers. */
  readonly etag: string;
}

/** The blob does not exist or has no byte in the range. It may also be a folder. */
export type NoBody = 'absent' | 'beyond';

export interface DownloadRequest {
  /** A range that is not empty; undefined: the whole blob. */
  readonly range?: Range | undefined;
  /** Memory for the answer, if it is large enough. */
  readonly into?: Uint8Array | undefined;
  /** A quoted etag. If the blob has another etag, the result is `replaced`. */
  readonly ifMatch?: string | undefined;
}

/** The received part of a body. After a broken answer, the download continues after this part if the blob is the same. */
interface PartialBody {
  body: Uint8Array | undefined;
  etag: string;
  filled: number;
}

const nothingYet = (): PartialBody => ({ body: undefined, etag: '', filled: 0 });

/** The bytes of a blob, or of a range of it. Folders count as absent. `replaced`: only with `ifMatch`. Throws the errors of `Requests.send`. */
export function download(
  requests: AzureRequests,
  blob: BlobClient,
  wanted: DownloadRequest,
): Promise<DownloadedBody | NoBody | 'replaced'> {
  let coming = nothingYet();
  const expected = (answer: Answer): NoBody | 'replaced' | undefined => {
    if (wanted.ifMatch !== undefined && answer.status === 412 && isTaken(answer)) return 'replaced';
    if (requests.isAbsent(answer) || isCrossed(answer)) return 'absent';
    return answer.status === 416 ? 'beyond' : undefined;
  };
  return requests.send<DownloadedBody | NoBody | 'replaced'>({
    doing: 'read',
    expected,
    async ask(moving) {
      try {
        return await receive(blob, wanted, { coming, moving });
      } catch (error) {
        if (coming.body === undefined || !isChanged(error)) throw error;
        // The blob was rewritten between two parts of the answer, so the download starts again.
        coming = nothingYet();
        throw broken();
      }
    },
  });
}

async function receive(
  blob: BlobClient,
  { range, into, ifMatch }: DownloadRequest,
  { coming, moving }: { readonly coming: PartialBody; readonly moving: RequestInFlight },
): Promise<DownloadedBody | 'absent'> {
  const { body, filled, etag } = coming;
  if (body !== undefined && filled === body.byteLength) return { body, etag };
  const start = range?.start ?? 0;
  const to = body === undefined ? range?.end : start + body.byteLength;
  const answer = await blob.download(start + filled, to && to - start - filled, {
    abortSignal: moving.abortSignal,
    conditions: body !== undefined ? { ifMatch: etag } : ifMatch === undefined ? {} : { ifMatch },
    maxRetryRequests: 0,
  });
  const stream = answer.readableStreamBody as (NodeJS.ReadableStream & { destroy?: () => void }) | undefined;
  if (isFolder(answer.metadata)) {
    stream?.destroy?.();
    return 'absent';
  }
  const length = answer.contentLength ?? 0;
  coming.body ??= into !== undefined && into.byteLength >= length ? into.subarray(0, length) : new Uint8Array(length);
  coming.etag = answer.etag ?? '';
  await fill(coming, stream, moving);
  return { body: coming.body, etag: coming.etag, ...(answer.date && { date: answer.date }) };
}

async function fill(coming: PartialBody, stream: NodeJS.ReadableStream | undefined, { moved }: RequestInFlight): Promise<void> {
  const { body = new Uint8Array() } = coming;
  try {
    if (stream !== undefined)
      await pour(stream, (bytes) => {
        moved();
        coming.filled = copyPiece(body, coming.filled, bytes);
      });
  } catch {
    throw broken();
  }
  if (coming.filled < body.byteLength) throw broken();
}

function isChanged(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 412;
}

/** An error with the network’s code for a broken connection. */
function broken(): Error {
  return Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' });
}
