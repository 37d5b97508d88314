import type { BlobClient } from '@azure/storage-blob';
import type { Answer } from '../../clouds/azure/answer.ts';
import { isAbsent } from './absent.ts';
import type { Requests } from './requests.ts';

/** End exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Downloaded {
  readonly body: Uint8Array;
  readonly etag: string;
}

/** Not there, or without a byte in the range. */
export type NoBody = 'absent' | 'beyond';

/** What has come of a body so far: a broken answer goes on from there, as long as the blob is the same. */
interface Coming {
  body: Uint8Array | undefined;
  etag: string;
  filled: number;
}

/** The bytes of a blob, or of a range of it that is not empty; into `into` where they fit. */
export async function download(
  requests: Requests,
  blob: BlobClient,
  { range, into }: { readonly range?: Range | undefined; readonly into?: Uint8Array | undefined },
): Promise<Downloaded | NoBody> {
  let coming: Coming = { body: undefined, etag: '', filled: 0 };
  const start = range?.start ?? 0;

  const receive = async (signal: AbortSignal): Promise<Downloaded> => {
    const { body, filled, etag } = coming;
    const at = start + filled;
    const to = body === undefined ? range?.end : start + body.byteLength;
    const conditions = body === undefined ? {} : { ifMatch: etag };
    const answer = await blob.download(at, to && to - at, { abortSignal: signal, conditions, maxRetryRequests: 0 });
    const length = answer.contentLength ?? 0;
    coming.body ??= into !== undefined && into.byteLength >= length ? into.subarray(0, length) : new Uint8Array(length);
    coming.etag = answer.etag ?? '';
    await fill(coming, answer.readableStreamBody);
    return { body: coming.body, etag: coming.etag, ...(answer.date && { date: answer.date }) };
  };

  const expected = (answer: Answer): Downloaded | NoBody | undefined => {
    if (isAbsent(answer)) return 'absent';
    if (answer.status === 416) return 'beyond';
    return undefined;
  };

  return requests.send<Downloaded | NoBody>({
    doing: 'read',
    again: 'safe',
    expected,
    async ask(signal) {
      try {
        return coming.body !== undefined && coming.filled === coming.body.byteLength
          ? { body: coming.body, etag: coming.etag }
          : await receive(signal);
      } catch (error) {
        // It was written anew between two halves of an answer.
        if (coming.body !== undefined && isChanged(error)) {
          coming = { body: undefined, etag: '', filled: 0 };
          throw broken();
        }
        throw error;
      }
    },
  });
}

async function fill(coming: Coming, stream: NodeJS.ReadableStream | undefined): Promise<void> {
  const { body = new Uint8Array() } = coming;
  try {
    for await (const chunk of stream ?? []) {
      const bytes = chunk as unknown as Uint8Array;
      body.set(bytes, coming.filled);
      coming.filled += bytes.byteLength;
    }
  } catch {
    throw broken();
  }
  if (coming.filled < body.byteLength) throw broken();
}

function isChanged(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 412;
}

/** As the network says it. */
function broken(): Error {
  return Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' });
}
