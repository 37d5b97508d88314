import { hash } from 'node:crypto';
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
import type { Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import type { Instant } from '../../ports/values.ts';
import { permanentRefusals } from '../../remote/refusals.ts';
import { download, type Range } from '../azure/download.ts';
import { plain, quoted } from '../azure/etags.ts';
import { isFolder, lookAt } from '../azure/look.ts';
import { checkBlobName } from '../azure/names.ts';
import { crossedAt, isCrossed, isTaken } from '../azure/refusals.ts';
import type { AzureRequests } from '../azure/requests.ts';
import { blobHeaders } from '../paths.ts';
import { isOwn } from '../remote/marks.ts';
import { Tree } from '../remote/tree.ts';
import { VersionReader } from '../remote/version.ts';
import { type Account, type AdlsPlace, openAccount } from './account.ts';
import { inOrder, type ListedPath, type Page } from './listing.ts';
import { publish } from './publishing.ts';
import { stage } from './upload.ts';
import { look } from './version-check.ts';

/**
 * A folder of a filesystem with a hierarchical namespace: ADLS Gen2, or OneLake. Staged files are real files. Publishing renames a file in one
 * atomic request, which never replaces another file (If-None-Match on the target). A late publish does not find its source.
 * https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/create
 *
 * A small file is written by one Put Blob at the blob endpoint of the same account, because create, append and flush would be three requests.
 * Both protocols work on the same files, and either may overwrite a whole file.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-known-issues#blob-apis and, for OneLake,
 * https://learn.microsoft.com/fabric/onelake/onelake-api-parity; delta-rs commits to OneLake by the same request. A private network needs
 * private endpoints for both protocols, as for Microsoft’s own clients.
 *
 * Throws ConnectionError HYG-6401…6404, DefectError HYG-9401, StoreError HYG-4001.
 */
export async function adlsFileSystem(
  place: AdlsPlace,
  { random, network }: { readonly random: Random; readonly network: Network },
): Promise<FileSystem> {
  return new AdlsFileSystem(place, await openAccount(network, place), random);
}

class AdlsFileSystem implements FileSystem {
  readonly url: string;
  readonly permanent = permanentRefusals;
  readonly readsVersions = true;
  readonly #account: Account;
  readonly #requests: AzureRequests;
  readonly #random: Random;
  readonly #tree: Tree;
  readonly #keyOf: (listed: string) => string;
  readonly #versions = new VersionReader(this);

  constructor({ at, folder, keyOf = (listed) => listed }: AdlsPlace, account: Account, random: Random) {
    this.url = at.url;
    this.#account = account;
    this.#requests = account.requests;
    this.#random = random;
    this.#tree = new Tree(folder);
    this.#keyOf = keyOf;
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    const seen = await look(this.#account, this.#key(path), path);
    return seen && infoOf(seen);
  }

  async *list(folder: string): AsyncGenerator<FileInfo> {
    for await (const entry of this.#below(folder)) if (!entry.isDirectory) yield infoOf(entry);
  }

  async read(path: string, range?: Range, { into, etag }: HowToRead = {}): Promise<Uint8Array> {
    const key = this.#key(path);
    const isEmpty = range !== undefined && range.end <= range.start;
    const blob = this.#account.blobs.getBlobClient(key);
    const read = await this.#versions.read(path, {
      meant: etag,
      ask: async (version) => {
        const ifMatch = version === undefined ? undefined : quoted(version);
        const answer = isEmpty ? 'beyond' : await download(this.#requests, blob, { range, into, ifMatch });
        if (answer === 'absent' || (answer === 'beyond' && (await this.stat(path)) === undefined)) throw new FileNotFound(path);
        return answer;
      },
      told: (answer) => (answer === 'beyond' ? undefined : plain(answer.etag)),
    });
    return read === 'beyond' ? new Uint8Array(0) : read.body;
  }

  async get(path: string): Promise<{ body: Uint8Array; etag: string } | undefined> {
    const read = await download(this.#requests, this.#account.blobs.getBlobClient(this.#key(path)), {});
    return typeof read === 'string' ? undefined : { body: read.body, etag: plain(read.etag) };
  }

  async stage(
    { staged, final }: { readonly staged: string; readonly final: string },
    body: AsyncIterable<Uint8Array>,
  ): Promise<StagedFile> {
    const [account, url, key] = [this.#account, this.url, this.#key(staged)];
    this.#key(final);
    const write = this.#random.nonce() + this.#random.nonce();
    const remove = () => this.remove(staged);
    const { handle, ...written } = await stage({ account, url, staged, key, write, remove }, body);
    return { staged, final, ...written, handle: { ...handle } };
  }

  async publish(file: StagedFile): Promise<PublishOutcome> {
    const [from, to] = [this.#key(file.staged), this.#key(file.final)];
    return publish({ account: this.#account, url: this.url, from, to }, file);
  }

  async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    const idle = new Map<string, ListedPath>();
    for await (const entry of this.#below(folder)) {
      if (entry.isDirectory) {
        idle.set(entry.path, entry);
        continue;
      }
      for (let at = entry.path.lastIndexOf('/'); at > 0; at = entry.path.lastIndexOf('/', at - 1)) idle.delete(entry.path.slice(0, at));
      yield { staged: entry.path, bytes: entry.bytes };
    }
    await this.#clearAway([...idle.values()].reverse());
  }

  /** Removes the folders of finished uploads, because the folders would make every listing longer. The service deletes a folder only if it is empty. */
  async #clearAway(folders: readonly ListedPath[]): Promise<void> {
    const anHourAgo = Date.parse(this.now()) - 3_600_000;
    for (const { path, modifiedAt } of folders) {
      if (Date.parse(modifiedAt) > anHourAgo) continue;
      const directory = this.#account.files.getDirectoryClient(this.#tree.key(path));
      const deleting = this.#requests.send<unknown>({
        doing: 'remove',
        once: directory.name,
        ask: ({ abortSignal }) => directory.delete(false, { abortSignal }),
        expected: ({ status }) => (status === 404 || status === 409 ? 'stays' : undefined),
      });
      if ((await deleting.catch(() => undefined)) === undefined) return;
    }
  }

  discard({ staged }: { readonly staged: string }): Promise<void> {
    return this.remove(staged);
  }

  async put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const blob = this.#account.blobs.getBlockBlobClient(this.#key(path));
    const conditions = 'ifMatch' in condition ? { ifMatch: quoted(condition.ifMatch) } : condition;
    const checked = { conditions, transactionalContentMD5: hash('md5', body, 'buffer'), ...blobHeaders(path) };
    const put = await this.#requests.send<{ etag?: string } | 'refused' | 'crossed'>({
      doing: 'write',
      once: blob.name,
      ask: ({ abortSignal }) => blob.upload(body, body.byteLength, { abortSignal, ...checked }),
      expected: (answer) => {
        if (isCrossed(answer)) return 'crossed';
        return isTaken(answer) || ('ifMatch' in condition && this.#requests.isAbsent(answer)) ? 'refused' : undefined;
      },
    });
    if (put === 'crossed') throw crossedAt(this.url, path);
    return put === 'refused' ? { outcome: 'refused' } : { outcome: 'written', etag: plain(put.etag) };
  }

  /** Removes a file. A folder that is empty afterwards stays. */
  async remove(path: string): Promise<void> {
    const file = this.#account.files.getFileClient(this.#key(path));
    await this.#requests.send<unknown>({
      doing: 'remove',
      ask: ({ abortSignal }) => file.delete(false, { abortSignal }),
      expected: (answer) => (this.#requests.isAbsent(answer) ? 'absent' : undefined),
    });
  }

  async folderEtag(path: string): Promise<string | undefined> {
    const seen = await lookAt(this.#requests, this.#account.blobs.getBlobClient(this.#key(path)));
    return seen !== null && isFolder(seen.metadata) ? plain(seen.etag) : undefined;
  }

  /** Removes a folder. The service deletes a large folder in several requests; only the first request compares the etag. */
  async removeFolder(path: string, { ifMatch }: { readonly ifMatch: string }): Promise<'removed' | 'absent' | 'refused' | 'busy'> {
    const directory = this.#account.files.getDirectoryClient(this.#key(path));
    const answer = await this.#requests.send<'absent' | 'refused' | 'busy' | object>({
      doing: 'remove',
      ask: ({ abortSignal }) => directory.delete(true, { abortSignal, conditions: { ifMatch: quoted(ifMatch) } }),
      expected: (answer) => {
        if (this.#requests.isAbsent(answer)) return 'absent';
        return answer.status === 412 ? 'refused' : answer.status === 409 ? 'busy' : undefined;
      },
    });
    return typeof answer === 'string' ? answer : 'removed';
  }

  now(): Instant {
    return this.#requests.now();
  }

  /** Files and directories below a folder, without hygge’s own files. Paths are relative to the root of the tree. */
  async *#below(folder: string): AsyncGenerator<ListedPath> {
    const prefix = this.#tree.below(folder);
    const ask = async (at: string, recursive: boolean, from?: string) => {
      const { entries, next } = await pageOf(this.#account, at, recursive, from);
      return { entries: entries.map((entry) => ({ ...entry, path: this.#keyOf(entry.path) })), next };
    };
    for await (const entry of inOrder(ask, prefix.slice(0, -1))) {
      const path = entry.path.startsWith(prefix) ? this.#tree.path(entry.path) : undefined;
      if (path !== undefined && !isOwn(path)) yield { ...entry, path };
    }
  }

  /** The key of a path. Throws HYG-4001 for an invalid path, or for a path that the blob endpoint would change. */
  #key(path: string): string {
    const key = this.#tree.key(path);
    checkBlobName(key);
    return key;
  }
}

const infoOf = ({ path, bytes, etag, modifiedAt }: FileInfo): FileInfo => ({ path, bytes, etag, modifiedAt });

/** The maximum number of paths in one answer of the service. */
const pathsAtOnce = 5_000;

/** One answer of a listing. @param folder a key; '' is the root. @param from the continuation token of the previous answer. */
function pageOf({ files, requests }: Account, folder: string, recursive: boolean, from: string | undefined): Promise<Page> {
  return requests.send<Page>({
    doing: 'list',
    expected: (answer) => (requests.isAbsent(answer) ? { entries: [], next: undefined } : undefined),
    async ask({ abortSignal }) {
      const pages = files.listPaths({ path: folder, recursive, abortSignal });
      const settings = { maxPageSize: pathsAtOnce, ...(from === undefined ? {} : { continuationToken: from }) };
      const { value } = await pages.byPage(settings).next();
      const items: readonly Item[] = value?.pathItems ?? [];
      return { entries: items.map(listed), next: value?.continuation || undefined };
    },
  });
}

interface Item {
  readonly name?: string;
  readonly isDirectory?: boolean;
  readonly contentLength?: number;
  readonly etag?: string;
  readonly lastModified?: Date;
}

function listed({ name = '', isDirectory = false, contentLength = 0, etag, lastModified }: Item): ListedPath {
  // The SDK returns numbers and booleans as texts.
  const bytes = Number(contentLength);
  return {
    path: name,
    isDirectory: String(isDirectory) === 'true',
    bytes,
    etag: plain(etag),
    modifiedAt: (lastModified ?? new Date(0)).toISOString(),
  };
}
