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
import type { Waiting } from '../../ports/retry.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { permanentRefusals } from '../../remote/refusals.ts';
import { isOwn, stagedNameOf } from '../remote/marks.ts';
import { VersionReader } from '../remote/version.ts';
import { Keys } from './keys.ts';
import { type ConditionalPut, type ListedObject, Objects } from './objects.ts';
import { S3Requests, type Sdk, type Settings } from './requests.ts';
import { StagedUploads } from './staged-uploads.ts';
import { Uploads } from './uploads.ts';

export interface S3Options extends Settings {
  /** The folder in the bucket that is the root of the tree, without `/` at its ends; '' is the whole bucket. */
  readonly folder: string;
  readonly random: Random;
  /** How requests outside of a step wait. */
  readonly waiting?: Partial<Waiting>;
}

/**
 * A folder of a bucket in Amazon S3 or S3-compatible storage. A staged file is an open multipart upload at its final name, with a mark at the staged name. Publishing completes the upload,
 * which consumes it without a copy; discarding aborts it. New names are claimed by If-None-Match, and small files are changed by If-Match.
 *
 * Throws ConnectionError HYG-6401…6404; transient ones may be tried again.
 */
export async function s3FileSystem({ folder, random, waiting, ...settings }: S3Options): Promise<FileSystem> {
  const sdk = await import('../../remote/aws/s3-sdk.ts');
  const place = { prefix: folder === '' ? '' : `${folder}/`, url: `s3://${settings.bucket}/${folder}`.replace(/\/$/, '') };
  const requests = new S3Requests(sdk, settings, place, waiting);
  return new S3FileSystem(sdk, requests, { settings, folder, random });
}

interface OpenedBucket {
  readonly settings: Settings;
  readonly folder: string;
  readonly random: Random;
}

class S3FileSystem implements FileSystem {
  readonly url: string;
  readonly permanent = permanentRefusals;
  readonly readsVersions = true;
  readonly #tree: Keys;
  readonly #requests: S3Requests;
  readonly #objects: Objects;
  readonly #staging: StagedUploads;
  /** Whether the service needs quotes around the ETag in a condition. The first refused condition shows it. */
  #quoted = true;
  readonly #versions = new VersionReader(this);

  constructor(sdk: Sdk, requests: S3Requests, { settings, folder, random }: OpenedBucket) {
    const isAws = settings.endpoint === undefined;
    this.url = requests.at.url;
    this.#tree = new Keys(folder);
    this.#requests = requests;
    this.#objects = new Objects(sdk, requests);
    const uploads = new Uploads(sdk, requests, { checksums: isAws });
    // Some S3-compatible services ignore the condition of a completion. With these services, hygge checks the name before the completion.
    this.#staging = new StagedUploads({ uploads, objects: this.#objects, tree: this.#tree, url: this.url, random, looksFirst: !isAws });
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    const shown = await this.#objects.head(this.#tree.existing(path));
    return shown && infoOf(path, shown);
  }

  async *list(folder: string): AsyncGenerator<FileInfo> {
    for await (const shown of this.#objects.list(this.#tree.below(folder))) {
      const path = this.#tree.path(shown.key);
      // Web consoles create a key that ends in `/` for an empty folder, so such keys are skipped.
      if (path !== undefined && !path.endsWith('/') && !isOwn(path)) yield infoOf(path, shown);
    }
  }

  async read(path: string, range?: { readonly start: number; readonly end: number }, { into, etag }: HowToRead = {}): Promise<Uint8Array> {
    const key = this.#tree.existing(path);
    const isEmpty = range !== undefined && range.end <= range.start;
    const got = await this.#versions.read(path, {
      meant: etag,
      ask: async (ifMatch) => {
        const answer = isEmpty ? await this.#objects.head(key) : await this.#objects.get(key, { range, into, ifMatch });
        if (answer === undefined) throw new FileNotFound(path);
        return answer;
      },
      told: (answer) => (typeof answer === 'object' ? answer.etag : undefined),
    });
    return typeof got === 'object' && 'body' in got ? got.body : new Uint8Array();
  }

  async get(path: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined> {
    const got = await this.#objects.get(this.#tree.key(path));
    return typeof got === 'object' ? got : undefined;
  }

  async put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const key = this.#tree.key(path);
    const put = 'ifMatch' in condition ? await this.#swap(key, body, condition.ifMatch) : await this.#objects.put(key, body, condition);
    return typeof put === 'object' ? { outcome: 'written', etag: put.etag } : { outcome: 'refused' };
  }

  async #swap(key: string, body: Uint8Array, etag: string): Promise<ConditionalPut> {
    const bare = etag.replace(/^"(.*)"$/, '$1');
    const inForm = (quoted: boolean) => this.#objects.put(key, body, { ifMatch: quoted ? `"${bare}"` : bare });
    const put = await inForm(this.#quoted);
    if (typeof put === 'object' || (await this.#objects.head(key))?.etag !== etag) return put;
    // The service refused the current ETag. So it expects the ETag with quotes if we sent it without quotes, and the other way round.
    const again = put === 'refused' ? await inForm(!this.#quoted) : put;
    if (typeof again === 'object') this.#quoted = !this.#quoted;
    if (again === 'raced') throw new OutcomeUnknown(`${this.url} did not say whether a write happened`);
    return again;
  }

  async remove(path: string): Promise<void> {
    return this.#objects.remove(this.#tree.existing(path));
  }

  stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile> {
    return this.#staging.stage(names, body);
  }

  publish(file: StagedFile): Promise<PublishOutcome> {
    return this.#staging.publish(file);
  }

  async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    for await (const { key } of this.#objects.list(this.#tree.below(folder))) {
      const staged = stagedNameOf(this.#tree.path(key) ?? '', folder);
      if (staged !== undefined) yield { staged };
    }
  }

  discard(file: { readonly staged: string; readonly handle?: Json }): Promise<void> {
    return this.#staging.discard(file);
  }

  now(): Instant {
    return this.#requests.now();
  }
}

function infoOf(path: string, { bytes, etag, modifiedAt }: ListedObject): FileInfo {
  return { path, bytes, etag, modifiedAt };
}
