import { StoreError } from '../../errors/hygge-error.ts';
import type {
  Condition,
  FileInfo,
  FileSystem,
  HowToRead,
  ListedStagedFile,
  PublishOutcome,
  PutOutcome,
  StagedFile,
} from '../../ports/filesystem.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import type { Random } from '../../ports/random.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { notReached, pathUsedTwice, permanentRefusals, type ServiceAnswer } from '../../remote/refusals.ts';
import { type SentBlocks, sendInBlocks } from '../remote/blocks.ts';
import { isOwn } from '../remote/marks.ts';
import { Tree } from '../remote/tree.ts';
import { VersionReader } from '../remote/version.ts';
import { asWritten, crc32c } from './crc32c.ts';
import { listedFields, type ObjectInfo, ObjectUrls, objectFields, pageIn } from './objects.ts';
import type { ReceivedResponse } from './receive.ts';
import { type Caller, GcsRequests, isAboutBucket, type RequestEnd } from './requests.ts';
import { finishedObject, Upload, wholeUploadRequest } from './upload.ts';

export interface GcsOptions extends Caller {
  /** The folder in the bucket that is the root of the tree, without `/` at its ends; '' is the whole bucket. */
  readonly folder: string;
  /** The project that pays for requests, if the bucket's owner does not. */
  readonly project?: string | undefined;
  /** The size of the pieces of an upload: a multiple of 256 KiB. */
  readonly blockBytes?: number;
}

/**
 * A folder of a bucket of Google Cloud Storage. A staged file is an object; it is published by a move, which is atomic on every bucket
 * (https://cloud.google.com/storage/docs/json_api/v1/objects/move). Every write is conditional on a generation, which is also the etag.
 * The metadata of an object identify the write that made it, and a move keeps the metadata. So after a lost answer, a check shows the
 * outcome.
 *
 * Throws ConnectionError HYG-6401…6404, StoreError HYG-4001, and `OutcomeUnknown`.
 */
export function gcsFileSystem(options: GcsOptions): FileSystem {
  return new GcsFileSystem(options);
}

interface Handle {
  readonly generation: string;
  /** The id of the write that made the object; null: unknown, as in a listing. */
  readonly write: string | null;
}

const pageLength = '1000';
const blockBytes = 8 * 1024 * 1024;
/** The number of pieces in memory: one piece is sent while the next piece is filled. */
const blocksAtOnce = 2;
/** The service’s limit for the length of a key. */
const longestKeyBytes = 1024;
/** How often a body is read again if its checksum differs from the checksum of the object. */
const mostDamaged = 3;
/** The number of bytes in the first request for a whole file whose size is unknown. */
const wholeBytes = 64 * 1024 * 1024;

class GcsFileSystem implements FileSystem {
  readonly url: string;
  readonly permanent = permanentRefusals;
  readonly readsVersions = true;
  readonly #requests: GcsRequests;
  readonly #addresses: ObjectUrls;
  readonly #tree: Tree;
  readonly #random: Random;
  readonly #blockBytes: number;
  readonly #versions = new VersionReader(this);

  constructor(options: GcsOptions) {
    this.url = options.url;
    this.#requests = new GcsRequests(options);
    this.#addresses = new ObjectUrls(options.endpoint, options.bucket, options.project);
    this.#tree = new Tree(options.folder);
    this.#random = options.random;
    this.#blockBytes = options.blockBytes ?? blockBytes;
  }

  now(): Instant {
    return this.#requests.now();
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    const object = await this.#look(this.#existing(path));
    return object && infoOf(path, object);
  }

  async *list(folder: string): AsyncGenerator<FileInfo> {
    for await (const { path, object } of this.#below(folder)) yield infoOf(path, object);
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }, { into, etag }: HowToRead = {}): Promise<Uint8Array> {
    const key = this.#existing(path);
    const found = await this.#versions.read(path, {
      meant: etag,
      ask: async (generation) => {
        const answer = range ? await this.#range(key, range, { into, generation }) : await this.#whole(key, { into, generation });
        if (answer === undefined) throw new FileNotFound(path);
        return answer;
      },
      told: (answer) => (answer === 'beyond' ? undefined : generationOf(answer)),
    });
    return found === 'beyond' ? new Uint8Array() : found.body;
  }

  async get(path: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    const whole = await this.#whole(this.#key(path));
    return typeof whole === 'object' ? { body: whole.body, etag: generationOf(whole) } : undefined;
  }

  async stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile> {
    const key = this.#key(names.staged);
    this.#key(names.final);
    const write = this.#random.nonce() + this.#random.nonce();
    const shared = { requests: this.#requests, addresses: this.#addresses, random: this.#random, shown: this.url };
    const upload = new Upload({ ...shared, key, write, blockBytes: this.#blockBytes });
    let poured: SentBlocks<void>;
    try {
      poured = await sendInBlocks(body, { blockBytes: this.#blockBytes, atOnce: blocksAtOnce }, (block, place) =>
        upload.send(block, place),
      );
    } catch (error) {
      await upload.cancel().catch(() => undefined);
      throw error;
    }
    const finished = await upload.finish(poured.bytes);
    const object = finished === 'look' ? await this.#look(key) : finished;
    if (object === undefined) throw new OutcomeUnknown(`it is not known what happened to a file that was staged in ${this.url}`);
    if (object.writtenBy !== write) throw pathUsedTwice(this.url, names.staged);
    if (object.bytes !== poured.bytes || object.crc32c !== upload.checksum) {
      await this.#delete(key, { ifGenerationMatch: object.generation });
      throw this.#broken('write', 'another crc32c than sent');
    }
    const handle: Handle = { generation: object.generation, write };
    return {
      ...names,
      bytes: poured.bytes,
      checksum: `crc32c:${Buffer.from(object.crc32c, 'base64').toString('hex')}`,
      handle: { ...handle },
    };
  }

  async publish(file: StagedFile): Promise<PublishOutcome> {
    const from = this.#key(file.staged);
    const to = this.#key(file.final);
    const handle = handleIn(file.handle);
    if (handle !== undefined) {
      const only = { ifSourceGenerationMatch: handle.generation, ifGenerationMatch: '0', fields: objectFields };
      const moved = await this.#requests.once(to, { doing: 'publish', method: 'POST', url: this.#addresses.move(from, to, only) });
      if (moved.status === 200) return 'published';
      if (!isAbsent(moved) && moved.status !== 412) throw this.#requests.writeError('publish', moved);
    }
    const final = await this.#look(to);
    if (final === undefined) return 'gone';
    if (handle?.write && final.writtenBy === handle.write) return 'already';
    throw pathUsedTwice(this.url, file.final);
  }

  async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    for await (const { path, object } of this.#below(folder))
      yield { staged: path, bytes: object.bytes, handle: { generation: object.generation, write: null } };
  }

  async discard(file: { readonly staged: string; readonly handle?: Json }): Promise<void> {
    const handle = handleIn(file.handle);
    await this.#delete(this.#key(file.staged), handle === undefined ? {} : { ifGenerationMatch: handle.generation });
  }

  async put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const key = this.#key(path);
    const generation = 'ifNoneMatch' in condition ? '0' : condition.ifMatch;
    // In a condition, generation 0 means that the object does not exist yet.
    if ('ifMatch' in condition && !/^[1-9]\d*$/.test(generation)) return { outcome: 'refused' };
    const url = this.#addresses.upload({ uploadType: 'multipart', name: key, ifGenerationMatch: generation, fields: objectFields });
    const ending = await this.#requests.once(key, wholeUploadRequest({ url, key, body, random: this.#random }));
    if (ending.status === 412 || isAbsent(ending)) return { outcome: 'refused' };
    const object = finishedObject(ending);
    if (object === undefined) throw this.#requests.writeError('write', ending);
    return { outcome: 'written', etag: object.generation };
  }

  async remove(path: string): Promise<void> {
    await this.#delete(this.#existing(path), {});
  }

  async #delete(key: string, only: Readonly<Record<string, string>>): Promise<void> {
    const ending = await this.#requests.safely({ doing: 'remove', method: 'DELETE', url: this.#addresses.object(key, only) });
    const isAway = ending.status === 200 || ending.status === 204 || ending.status === 412 || isAbsent(ending);
    if (!isAway) throw this.#requests.writeError('remove', ending);
  }

  async #look(key: string): Promise<ObjectInfo | undefined> {
    const url = this.#addresses.object(key, { fields: objectFields });
    const ending = await this.#requests.safely({ doing: 'read', method: 'GET', url });
    if (isAbsent(ending)) return undefined;
    return finishedObject(ending) ?? Promise.reject(this.#requests.refusal('read', ending));
  }

  async *#below(folder: string): AsyncGenerator<{ readonly path: string; readonly object: ObjectInfo }> {
    const query = { prefix: this.#tree.below(folder), maxResults: pageLength, fields: listedFields };
    for (let token: string | undefined = ''; token !== undefined; ) {
      const url = this.#addresses.list(token === '' ? query : { ...query, pageToken: token });
      const ending = await this.#requests.safely({ doing: 'list', method: 'GET', url });
      if (ending.status !== 200 || ending.received === undefined) throw this.#requests.refusal('list', ending);
      const { objects, next } = pageIn(ending.received.body);
      for (const object of objects) {
        const path = this.#tree.path(object.name);
        // Web consoles create an empty object whose name ends in `/` for a folder, so such objects are skipped.
        if (path !== undefined && !path.endsWith('/') && !isOwn(path)) yield { path, object };
      }
      token = next;
    }
  }

  async #range(
    key: string,
    { start, end }: { start: number; end: number },
    { into, generation }: ReadOptions,
  ): Promise<ReceivedResponse | 'beyond' | 'replaced' | undefined> {
    if (end <= start) return (await this.#look(key)) && 'beyond';
    const headers = { range: `bytes=${start}-${end - 1}` };
    const ending = await this.#requests.safely({ ...this.#reading(key, generation), headers, into, comes: end - start });
    if (isAbsent(ending)) return undefined;
    if (isReplaced(ending, generation)) return 'replaced';
    if (ending.status === 416) return 'beyond';
    if (ending.status !== 206 || ending.received === undefined) throw this.#requests.refusal('read', ending);
    return ending.received;
  }

  /** A whole object. If its bytes differ from its checksum, the object is read again. */
  async #whole(key: string, { into, generation }: ReadOptions = {}): Promise<ReceivedResponse | 'replaced' | undefined> {
    for (let attempt = 1; attempt <= mostDamaged; attempt++) {
      const ending = await this.#requests.safely({ ...this.#reading(key, generation), into, comes: wholeBytes });
      if (isAbsent(ending)) return undefined;
      if (isReplaced(ending, generation)) return 'replaced';
      if (ending.status !== 200 || ending.received === undefined) throw this.#requests.refusal('read', ending);
      const wanted = /(?:^|[\s,])crc32c=([^,\s]+)/.exec(ending.received.headers.get('x-goog-hash') ?? '')?.[1];
      if (wanted === undefined || wanted === asWritten(crc32c(ending.received.body))) return ending.received;
    }
    throw this.#broken('read', 'another crc32c than stored');
  }

  #reading(key: string, generation: string | undefined) {
    const only = generation === undefined ? {} : { ifGenerationMatch: generation };
    return { doing: 'read', method: 'GET', url: this.#addresses.object(key, { alt: 'media', ...only }) } as const;
  }

  #broken(doing: ServiceAnswer['doing'], code: string): Error {
    return notReached({ url: this.url, doing, status: undefined, code }, { transient: true, spent: false });
  }

  #key(path: string): string {
    return fitting(this.#tree.key(path), path);
  }

  /** The key of an existing object. Throws for the names `.` and `..`, which in an address would lead to another object. */
  #existing(path: string): string {
    const key = this.#tree.existing(path);
    return fitting(/^\.\.?$/.test(key) ? this.#tree.key(path) : key, path);
  }
}

function fitting(key: string, path: string): string {
  const bytes = Buffer.byteLength(key);
  if (bytes <= longestKeyBytes) return key;
  throw new StoreError({
    code: 'HYG-4001',
    what: `${JSON.stringify(path)} cannot be the path of a file: with its folder it is ${bytes} bytes long, but the maximum of a bucket is ${longestKeyBytes}.`,
    tryThis: ['Shorten the path, or rename the entity, partition value or file that it is made from.'],
  });
}

interface ReadOptions {
  readonly into?: Uint8Array | undefined;
  /** The generation to read; the service refuses the request if the object has another generation. */
  readonly generation?: string | undefined;
}

function isReplaced({ status }: RequestEnd, generation: string | undefined): boolean {
  return generation !== undefined && status === 412;
}

/** Whether the object does not exist. The answer about a missing bucket is different. */
function isAbsent(ending: RequestEnd): boolean {
  return ending.status === 404 && !isAboutBucket(ending);
}

/** The generation of the object whose body was received; '': not in the answer. */
function generationOf({ headers }: ReceivedResponse): string {
  return headers.get('x-goog-generation') ?? '';
}

function infoOf(path: string, { bytes, generation, createdAt }: ObjectInfo): FileInfo {
  return { path, bytes, etag: generation, modifiedAt: createdAt };
}

function handleIn(handle: Json | undefined): Handle | undefined {
  const { generation, write = null } = (handle ?? {}) as { readonly generation?: unknown; readonly write?: string | null };
  return typeof generation === 'string' ? { generation, write } : undefined;
}
