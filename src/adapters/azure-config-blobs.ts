import { ContainerClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { ConfigError, HyggeError } from '../errors/hygge-error.ts';
import type { ConfigBlob, ConfigBlobs } from '../ports/config-blobs.ts';
import type { Condition, PutOutcome } from '../ports/filesystem.ts';
import type { Secret } from '../ports/secret.ts';
import type { Instant } from '../ports/values.ts';
import { type Answer, answerIn, endingOf } from '../remote/azure/answer.ts';
import { addressWithSecret } from '../remote/azure/connection-string.ts';
import { defaultCredential } from '../remote/azure/credential.ts';
import { type Judged, Sender } from '../remote/sender.ts';
import type { BlobPlace } from '../workspace/versions/place.ts';
import { refusal } from './azure-blob-errors.ts';

/** What is sent again is decided here. */
const sentOnce = { retryOptions: { maxTries: 1 } } as const;

/** Blobs of a real container. Nothing is asked of it yet. */
export async function azureConfigBlobs(place: BlobPlace): Promise<ConfigBlobs> {
  const container = await containerClient(place, sentOnce);
  return new AzureConfigBlobs((place.url ?? container.url).replace(/\?.*$/s, ''), container);
}

interface Asking<T> {
  readonly doing: 'read' | 'write';
  /** What a conditional write writes; absent: twice is as good as once. */
  readonly once?: string;
  readonly ask: () => Promise<T>;
  /** An answer that is no failure here; undefined: it is one. */
  readonly expected?: (answer: Answer) => T | undefined;
}

class AzureConfigBlobs implements ConfigBlobs {
  readonly url: string;
  readonly #container: ContainerClient;
  readonly #sender: Sender;
  #serverDate: Date | undefined;

  constructor(url: string, container: ContainerClient) {
    this.url = url;
    this.#container = container;
    this.#sender = new Sender(new URL(url).origin);
  }

  now(): Instant {
    return (this.#serverDate ?? new Date()).toISOString();
  }

  async get(name: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined> {
    const found = await this.#send<{ body: Uint8Array; etag: string } | 'absent'>({
      doing: 'read',
      ask: async () => {
        const answer = await this.#container.getBlockBlobClient(name).download(0, undefined, { maxRetryRequests: 0 });
        this.#serverDate = answer.date ?? this.#serverDate;
        return { body: await bytesOf(answer.readableStreamBody), etag: answer.etag ?? '' };
      },
      expected: absent,
    });
    return found === 'absent' ? undefined : found;
  }

  async put(name: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const put = await this.#put(name, body, condition);
    if (put !== 'no container') return put;
    await this.#send({ doing: 'write', ask: () => this.#container.createIfNotExists() });
    const again = await this.#put(name, body, condition);
    return again === 'no container' ? { outcome: 'refused' } : again;
  }

  #put(name: string, body: Uint8Array, condition: Condition): Promise<PutOutcome | 'no container'> {
    const conditions = 'ifMatch' in condition ? { ifMatch: condition.ifMatch } : { ifNoneMatch: '*' };
    const blobHTTPHeaders = { blobContentType: 'application/json' };
    return this.#send<PutOutcome | 'no container'>({
      doing: 'write',
      once: name,
      ask: async () => {
        const answer = await this.#container.getBlockBlobClient(name).upload(body, body.byteLength, { conditions, blobHTTPHeaders });
        this.#serverDate = answer.date ?? this.#serverDate;
        return { outcome: 'written', etag: answer.etag ?? '' };
      },
      expected: ({ status, code }) => {
        if (code === 'ContainerNotFound') return 'no container';
        return status === 412 || code === 'BlobAlreadyExists' || code === 'BlobNotFound' ? { outcome: 'refused' } : undefined;
      },
    });
  }

  async *list(prefix: string): AsyncGenerator<ConfigBlob> {
    let from: string | undefined;
    do {
      const at = from;
      const page = await this.#send<ListedPage | 'absent'>({
        doing: 'read',
        ask: () => pageOf(this.#container, prefix, at),
        expected: absent,
      });
      if (page === 'absent') return;
      yield* page.blobs;
      from = page.next;
    } while (from !== undefined);
  }

  async remove(name: string, ifMatch: string): Promise<void> {
    await this.#send<unknown>({
      doing: 'write',
      once: name,
      ask: () => this.#container.getBlockBlobClient(name).delete({ conditions: { ifMatch } }),
      expected: (answer) => (answer.status === 412 ? 'another' : absent(answer)),
    });
  }

  #send<T>({ doing, once, ask, expected }: Asking<T>): Promise<T> {
    const judge = (error: unknown): Judged<T> => {
      if (error instanceof HyggeError) throw error;
      const answer = answerIn(error);
      this.#serverDate = answer.date ?? this.#serverDate;
      const answered = expected?.(answer);
      if (answered !== undefined) return { answer: answered };
      const { status, retryAfterMs } = answer;
      return {
        ending: endingOf(answer),
        status,
        retryAfterMs,
        error: (spent) => refusal(error, { url: this.url, doing, once: once !== undefined, spent }),
      };
    };
    return this.#sender.send({ once }, ask, judge);
  }
}

function absent({ status }: Answer): 'absent' | undefined {
  return status === 404 ? 'absent' : undefined;
}

interface ListedPage {
  readonly blobs: readonly ConfigBlob[];
  readonly next: string | undefined;
}

async function pageOf(container: ContainerClient, prefix: string, from: string | undefined): Promise<ListedPage> {
  const pages = container.listBlobsFlat({ prefix }).byPage(from === undefined ? {} : { continuationToken: from });
  for await (const { segment, continuationToken } of pages) {
    const blobs = segment.blobItems.map(({ name, properties }) => ({
      name,
      etag: quotedTag(properties.etag),
      modifiedAt: properties.lastModified.toISOString(),
    }));
    return { blobs, next: continuationToken === '' ? undefined : continuationToken };
  }
  return { blobs: [], next: undefined };
}

async function containerClient(place: BlobPlace, options: StoragePipelineOptions): Promise<ContainerClient> {
  const { access, container, url } = place;
  switch (access.by) {
    case 'connection string':
      mustBeAddresses(access.secret);
      return new ContainerClient(access.secret.reveal(), container, options);
    case 'sas':
      return new ContainerClient(`${url}?${access.secret.reveal()}`, undefined, options);
    case 'identity':
      return new ContainerClient(url ?? '', await defaultCredential(access.clientId, url), options);
  }
}

/** The address of the container is shown, so nothing else may be in it. */
function mustBeAddresses(text: Secret): void {
  const endpoint = addressWithSecret(text);
  if (endpoint === undefined) return;
  throw new ConfigError({
    code: 'HYG-1932',
    what: `The ${endpoint} in the connection string of the config has more in it than an address.`,
    why: ['An address is shown in messages; a signature or a user in it would be, too.'],
    tryThis: ['Cut it off before the `?`, and put what follows into SharedAccessSignature=…', 'Remove a user before the `@`'],
  });
}

/** Listings show etags without the quotes that conditions need. */
function quotedTag(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}

/** One that breaks off is a lost answer, whatever the client makes of it. */
async function bytesOf(stream: NodeJS.ReadableStream | undefined): Promise<Uint8Array> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream ?? []) chunks.push(chunk as unknown as Uint8Array);
    return Buffer.concat(chunks);
  } catch {
    throw Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' });
  }
}
