import { ContainerClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { ConfigError } from '../errors/hygge-error.ts';
import type { ConfigBlob, ConfigBlobs } from '../ports/config-blobs.ts';
import type { Condition, PutOutcome } from '../ports/filesystem.ts';
import type { Secret } from '../ports/secret.ts';
import type { Instant } from '../ports/values.ts';
import { answerIn } from '../remote/azure/answer.ts';
import { addressWithSecret } from '../remote/azure/connection-string.ts';
import { defaultCredential } from '../remote/azure/credential.ts';
import type { BlobPlace } from '../workspace/versions/place.ts';
import { asConnectionError, asWriteError } from './azure-blob-errors.ts';

/** Reads may be sent again by the SDK; a conditional write never, or its second sending would be refused by its first. */
const retries = { reading: { maxTries: 4, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 }, writing: { maxTries: 1 } } as const;

/** Blobs of a real container. Nothing is asked of it yet. */
export async function azureConfigBlobs(place: BlobPlace): Promise<ConfigBlobs> {
  const reading = await containerClient(place, { retryOptions: retries.reading });
  const writing = await containerClient(place, { retryOptions: retries.writing });
  return new AzureConfigBlobs((place.url ?? reading.url).replace(/\?.*$/s, ''), { reading, writing });
}

class AzureConfigBlobs implements ConfigBlobs {
  readonly url: string;
  readonly #reading: ContainerClient;
  readonly #writing: ContainerClient;
  #serverDate: Date | undefined;

  constructor(url: string, { reading, writing }: { readonly reading: ContainerClient; readonly writing: ContainerClient }) {
    this.url = url;
    this.#reading = reading;
    this.#writing = writing;
  }

  now(): Instant {
    return (this.#serverDate ?? new Date()).toISOString();
  }

  async get(name: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined> {
    try {
      const answer = await this.#reading.getBlockBlobClient(name).download();
      this.#serverDate = answer.date ?? this.#serverDate;
      return { body: await bytesOf(answer.readableStreamBody), etag: answer.etag ?? '' };
    } catch (error) {
      if (this.#isAbsent(error)) return undefined;
      throw asConnectionError(error, { url: this.url, doing: 'read' });
    }
  }

  async put(name: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    try {
      return await this.#putOnce(name, body, condition);
    } catch (error) {
      if (answerIn(error).code !== 'ContainerNotFound') return this.#refusedOr(error);
    }
    try {
      await this.#reading.createIfNotExists();
      return await this.#putOnce(name, body, condition);
    } catch (error) {
      return this.#refusedOr(error);
    }
  }

  async *list(prefix: string): AsyncGenerator<ConfigBlob> {
    try {
      for await (const { name, properties } of this.#reading.listBlobsFlat({ prefix })) {
        yield { name, etag: quotedTag(properties.etag), modifiedAt: properties.lastModified.toISOString() };
      }
    } catch (error) {
      if (this.#isAbsent(error)) return;
      throw asConnectionError(error, { url: this.url, doing: 'read' });
    }
  }

  async remove(name: string, ifMatch: string): Promise<void> {
    try {
      await this.#writing.getBlockBlobClient(name).delete({ conditions: { ifMatch } });
    } catch (error) {
      if (this.#isAbsent(error) || answerIn(error).status === 412) return;
      throw await asWriteError(error, this.url);
    }
  }

  async #putOnce(name: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const conditions = 'ifMatch' in condition ? { ifMatch: condition.ifMatch } : { ifNoneMatch: '*' };
    const blobHTTPHeaders = { blobContentType: 'application/json' };
    const answer = await this.#writing.getBlockBlobClient(name).upload(body, body.byteLength, { conditions, blobHTTPHeaders });
    this.#serverDate = answer.date ?? this.#serverDate;
    return { outcome: 'written', etag: answer.etag ?? '' };
  }

  async #refusedOr(error: unknown): Promise<PutOutcome> {
    const { status, code } = answerIn(error);
    if (status === 412 || code === 'BlobAlreadyExists' || code === 'BlobNotFound') return { outcome: 'refused' };
    throw await asWriteError(error, this.url);
  }

  #isAbsent(error: unknown): boolean {
    const { status, date } = answerIn(error);
    this.#serverDate = date ?? this.#serverDate;
    return status === 404;
  }
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

async function bytesOf(stream: NodeJS.ReadableStream | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk as unknown as Uint8Array);
  return Buffer.concat(chunks);
}
