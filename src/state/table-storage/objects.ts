import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { BlockBlobClient } from '@azure/storage-blob';
import { StateError } from '../../errors/hygge-error.ts';
import type { ObjectRef } from '../../ports/state.ts';
import type { EntityKey, Json } from '../../ports/values.ts';
import { blobBody, blobPage } from '../../remote/azure/blob-answers.ts';
import { encodeSegment } from '../../workspace/names.ts';
import type { Account } from './account.ts';
import { isConflict, isMissing, isPlaceMissing } from './answers.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Smaller objects are not compressed, so that people can read them. */
const compressFromBytes = 8 * 1024;
/** How many removals run at once. */
const atOnce = 16;

/** Plans, receipts, intents and schemas: each is one blob, which is created once. The first write creates the container. */
export class ObjectBlobs {
  readonly #account: Account;
  readonly #place: string;

  constructor(account: Account) {
    this.#account = account;
    this.#place = `container ${account.container}`;
  }

  async put(key: EntityKey, ref: ObjectRef, body: Json): Promise<Json> {
    const bytes = await encoded(body);
    for (;;) {
      const created = await this.#created(nameOf(key, ref), bytes);
      if (created === 'created') return body;
      if (created === 'no container') await this.#create();
      const there = await this.get(key, ref);
      // Another process removed the object between the two requests, or the container did not exist yet. So this process can create the object.
      if (there !== undefined) return there;
    }
  }

  async #created(name: string, bytes: Buffer): Promise<'created' | 'is there' | 'no container'> {
    const blob = (await this.#account.blobs()).getBlockBlobClient(name);
    return this.#account.requests.send<'created' | 'is there' | 'no container'>({
      place: this.#place,
      once: name,
      ask: async () => {
        const { date } = await blob.upload(bytes, bytes.byteLength, {
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: isCompressed(bytes) ? 'application/gzip' : 'application/json' },
          abortSignal: this.#inTime(),
        });
        this.#account.hear(date);
        return 'created';
      },
      expected: (answer) => (isPlaceMissing(answer) ? 'no container' : isConflict(answer) ? 'is there' : undefined),
    });
  }

  async #create(): Promise<void> {
    const container = await this.#account.blobs();
    await this.#account.requests.send({ place: this.#place, ask: () => container.createIfNotExists() });
  }

  async get(key: EntityKey, ref: ObjectRef): Promise<Json | undefined> {
    const name = nameOf(key, ref);
    const bytes = await this.#bytes((await this.#account.blobs()).getBlockBlobClient(name));
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse((isCompressed(bytes) ? await decompress(bytes) : bytes).toString('utf8')) as Json;
    } catch (error) {
      throw damaged(`${this.#place}/${name}`, error);
    }
  }

  async #bytes(blob: BlockBlobClient): Promise<Buffer | undefined> {
    const bytes = await this.#account.requests.send<Buffer | null>({
      place: this.#place,
      ask: async () => {
        const { readableStreamBody, date } = await blob.download(0, undefined, { abortSignal: this.#inTime(), maxRetryRequests: 0 });
        this.#account.hear(date);
        return blobBody(readableStreamBody);
      },
      expected: (answer) => (isMissing(answer) ? null : undefined),
    });
    return bytes ?? undefined;
  }

  #inTime(): AbortSignal {
    return AbortSignal.timeout(this.#account.blobTimeoutMs);
  }

  async remove(key: EntityKey, refs: readonly ObjectRef[]): Promise<void> {
    for (let from = 0; from < refs.length; from += atOnce)
      await Promise.all(refs.slice(from, from + atOnce).map((ref) => this.#removeOne(nameOf(key, ref))));
  }

  async #removeOne(name: string): Promise<void> {
    const blob = (await this.#account.blobs()).getBlockBlobClient(name);
    await this.#account.requests.send<unknown>({
      place: this.#place,
      ask: () => blob.deleteIfExists({ abortSignal: this.#inTime(), deleteSnapshots: 'include' }),
      expected: (answer) => (isMissing(answer) ? 'absent' : undefined),
    });
  }

  async list(key: EntityKey, prefix: string): Promise<readonly ObjectRef[]> {
    const folder = folderOf(key);
    const container = await this.#account.blobs();
    const refs: ObjectRef[] = [];
    let from: string | undefined;
    do {
      const at = from;
      const page = await this.#account.requests.send({
        place: this.#place,
        ask: () => blobPage(container, `${folder}${prefix}`, at),
        expected: (answer) => (isMissing(answer) ? { blobs: [], next: undefined } : undefined),
      });
      for (const { name } of page.blobs) if (name.endsWith(ending)) refs.push(name.slice(folder.length, -ending.length));
      from = page.next;
    } while (from !== undefined);
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

/** Whether an object begins with the first bytes of gzip, which JSON never begins with. */
function isCompressed(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function damaged(name: string, error: unknown): StateError {
  return new StateError({
    code: 'HYG-5005',
    what: `The stored object ${name} is damaged.`,
    why: [
      error instanceof Error ? error.message : String(error),
      'Objects are written once and completely, so something other than hygge changed this blob.',
    ],
    tryThis: [`Put ${name} back from a backup.`, 'Or delete the object and run again: hygge then reports how to continue without it.'],
    cause: error,
  });
}
