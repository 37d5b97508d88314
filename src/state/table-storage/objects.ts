import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { BlockBlobClient } from '@azure/storage-blob';
import { StateError } from '../../errors/hygge-error.ts';
import type { ObjectRef } from '../../ports/state.ts';
import type { EntityKey, Json } from '../../ports/values.ts';
import { answerIn } from '../../remote/azure/answer.ts';
import { encodeSegment } from '../../workspace/names.ts';
import type { Account } from './account.ts';
import { failure, isMissing, isPlaceMissing, isRefusal } from './answers.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Smaller ones are left as they are, for people to read. */
const compressFromBytes = 8 * 1024;
/** Removals that are on their way at once. */
const atOnce = 16;
const mostSends = 4;
const mostReads = 3;
const pauseMs = 500;

/** Plans, receipts, intents, schemas: a blob each, created once, in the container that the first one makes. */
export class ObjectBlobs {
  readonly #account: Account;
  readonly #place: string;

  constructor(account: Account) {
    this.#account = account;
    this.#place = `container ${account.container}`;
  }

  async put(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json> {
    const bytes = await encoded(body);
    for (let attempt = 1; ; attempt++) {
      if ((await this.#created(nameOf(key, ref), bytes, attempt)) === 'created') return body;
      const there = await this.get(key, ref);
      // Removed between the two looks, or there was no container yet: then it is ours to create after all.
      if (there !== undefined) return there;
    }
  }

  async #created(name: string, bytes: Buffer, attempt: number): Promise<'created' | 'not yet'> {
    try {
      const { once } = await this.#account.containers();
      await once.getBlockBlobClient(name).upload(bytes, bytes.byteLength, {
        conditions: { ifNoneMatch: '*' },
        blobHTTPHeaders: { blobContentType: isCompressed(bytes) ? 'application/gzip' : 'application/json' },
        abortSignal: this.#inTime(),
      });
      return 'created';
    } catch (error) {
      const answer = answerIn(error);
      if (isRefusal(answer)) return 'not yet';
      if (isPlaceMissing(answer) && attempt < mostSends) await this.#create();
      else if (answer.status === 429 && attempt < mostSends) await this.#account.clock.sleep(answer.retryAfterMs ?? pauseMs * attempt);
      else throw failure(error, this.#place, 'write');
      return 'not yet';
    }
  }

  async #create(): Promise<void> {
    try {
      await (await this.#account.containers()).patient.createIfNotExists();
    } catch (error) {
      throw failure(error, this.#place, 'read');
    }
  }

  async get(key: EntityKey, ref: ObjectRef): Promise<Json | undefined> {
    const name = nameOf(key, ref);
    const { patient } = await this.#account.containers();
    const bytes = await this.#bytes(patient.getBlockBlobClient(name));
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse((isCompressed(bytes) ? await decompress(bytes) : bytes).toString('utf8')) as Json;
    } catch (error) {
      throw damaged(`${this.#place}/${name}`, error);
    }
  }

  async #bytes(blob: BlockBlobClient): Promise<Buffer | undefined> {
    for (let attempt = 1; ; attempt++) {
      let broken = false;
      try {
        const { readableStreamBody } = await blob.download(0, undefined, { abortSignal: this.#inTime() });
        broken = true;
        const chunks: Buffer[] = [];
        for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
        return Buffer.concat(chunks);
      } catch (error) {
        if (isMissing(answerIn(error))) return undefined;
        // The client sends a request again that was not answered; an answer that broke off it takes for a wish to end.
        if (!broken || attempt >= mostReads) throw failure(error, this.#place, 'read');
      }
    }
  }

  #inTime(): AbortSignal {
    return AbortSignal.timeout(this.#account.blobTimeoutMs);
  }

  async remove(key: EntityKey, refs: readonly ObjectRef[]): Promise<void> {
    for (let from = 0; from < refs.length; from += atOnce)
      await Promise.all(refs.slice(from, from + atOnce).map((ref) => this.#removeOne(nameOf(key, ref))));
  }

  async #removeOne(name: string): Promise<void> {
    try {
      const { patient } = await this.#account.containers();
      await patient.getBlockBlobClient(name).deleteIfExists({ abortSignal: this.#inTime(), deleteSnapshots: 'include' });
    } catch (error) {
      if (!isMissing(answerIn(error))) throw failure(error, this.#place, 'read');
    }
  }

  async list(key: EntityKey, prefix: string): Promise<readonly ObjectRef[]> {
    const folder = folderOf(key);
    const refs: ObjectRef[] = [];
    try {
      const { patient } = await this.#account.containers();
      for await (const { name } of patient.listBlobsFlat({ prefix: `${folder}${prefix}` }))
        if (name.endsWith(ending)) refs.push(name.slice(folder.length, -ending.length));
    } catch (error) {
      if (!isMissing(answerIn(error))) throw failure(error, this.#place, 'read');
    }
    return refs;
  }
}

const ending = '.json';

function folderOf({ flow, entity }: EntityKey): string {
  return `${encodeSegment(flow)}/${encodeSegment(entity)}/`;
}

function nameOf(key: EntityKey, ref: ObjectRef): string {
  return `${folderOf(key)}${ref}${ending}`;
}

async function encoded(body: Json): Promise<Buffer> {
  const plain = Buffer.from(`${JSON.stringify(body)}\n`);
  return plain.byteLength < compressFromBytes ? plain : await compress(plain);
}

/** By gzip's first bytes, which no JSON begins with. */
function isCompressed(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function damaged(name: string, error: unknown): StateError {
  return new StateError({
    code: 'HYG-5005',
    what: `The stored object ${name} is damaged.`,
    why: [error instanceof Error ? error.message : String(error), 'Objects are written once and whole: something else changed this blob.'],
    tryThis: [`Put ${name} back from a backup.`, 'Or delete it and run again: hygge then says how to go on without it.'],
    cause: error,
  });
}
