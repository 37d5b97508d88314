import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
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
import { OutcomeUnknown } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { type AzureKeys, credentialKind } from '../../remote/azure/keys.ts';
import { pathUsedTwice, permanentRefusals } from '../../remote/refusals.ts';
import { download, type Range } from '../azure/download.ts';
import { quoted } from '../azure/etags.ts';
import { isFolder, lookAt } from '../azure/look.ts';
import { checkBlobName } from '../azure/names.ts';
import { isTaken } from '../azure/refusals.ts';
import { AzureRequests, type RequestOptions } from '../azure/requests.ts';
import { wayTo } from '../azure/way.ts';
import { blobHeaders } from '../paths.ts';
import { isOwn, markOf, stagedNameOf } from '../remote/marks.ts';
import { Tree } from '../remote/tree.ts';
import { VersionReader } from '../remote/version.ts';
import { type ListedBlob, listed } from './listing.ts';
import { commit, copy, isStub, ownerOf, pour, uploadIn, useUpBlocks } from './uploads.ts';

export interface BlobRequest {
  /** `https://acct.blob.core.windows.net`, or `http://127.0.0.1:10000/acct` for an emulator. No slash at the end. */
  readonly accountUrl: string;
  readonly container: string;
  readonly keys: AzureKeys;
  /** The folder in the container that is the root of the tree, without `/` at its ends; '' is the whole container. */
  readonly folder: string;
  /** For messages: `az://raw@acct.blob.core.windows.net/crm`. */
  readonly url: string;
  readonly random: Random;
  readonly network: Network;
  readonly requests?: RequestOptions;
}

/**
 * Block blobs of a container. A staged file consists of uncommitted blocks under its final name, and an empty mark next to its staged
 * name. Publishing commits the blocks if-none-match, and a commit consumes the blocks. The service discards uncommitted blocks after
 * a week. https://learn.microsoft.com/rest/api/storageservices/put-block-list
 *
 * Throws ConnectionError HYG-6401…6404, StoreError HYG-4001, DefectError HYG-9401. Sends no request yet.
 */
export async function blobFileSystem(request: BlobRequest): Promise<FileSystem> {
  const { accountUrl, container, keys, folder, url, random, network, requests } = request;
  const at = { url, place: `container ${container}`, credential: credentialKind(keys) };
  const [{ ContainerClient }, { pipeline, query }] = await Promise.all([
    import('@azure/storage-blob'),
    wayTo(network, { accountUrl, account: accountName(accountUrl), keys }),
  ]);
  const client = new ContainerClient(`${accountUrl}/${encodeURIComponent(container)}${query}`, pipeline);
  return new BlobFileSystem(client, new AzureRequests(accountUrl, at, { network, ...requests }), {
    url,
    tree: new Tree(folder),
    random,
  });
}

/** The name of the account that a key belongs to: the first part of the host name, or the path if the host is an IP address. */
function accountName(accountUrl: string): string {
  const { hostname, pathname } = new URL(accountUrl);
  const inPath = pathname.split('/').find((segment) => segment !== '');
  return inPath ?? hostname.split('.')[0] ?? '';
}

/** The metadata of a mark: the id of the upload that waits, and its final path. */
const marksUpload = 'hyggeupload';
const marksFinal = 'hyggefinal';

/** If a stub is older than this, its creator is dead, because a living creator removes its stub much sooner. */
const stubLastsMs = 600_000;

class BlobFileSystem implements FileSystem {
  readonly url: string;
  readonly permanent = permanentRefusals;
  readonly readsVersions = true;
  readonly #container: ContainerClient;
  readonly #requests: AzureRequests;
  readonly #tree: Tree;
  readonly #random: Random;
  readonly #versions = new VersionReader(this);

  constructor(
    container: ContainerClient,
    requests: AzureRequests,
    { url, tree, random }: { readonly url: string; readonly tree: Tree; readonly random: Random },
  ) {
    this.url = url;
    this.#container = container;
    this.#requests = requests;
    this.#tree = tree;
    this.#random = random;
  }

  now(): Instant {
    return this.#requests.now();
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    const found = await lookAt(this.#requests, this.#existing(path));
    if (found === null || isFolder(found.metadata)) return undefined;
    const { contentLength = 0, etag, lastModified } = found;
    return { path, bytes: contentLength, etag: quoted(etag), modifiedAt: lastModified?.toISOString() ?? '' };
  }

  async *list(folder: string): AsyncGenerator<FileInfo> {
    for await (const { path, bytes, etag, modifiedAt, metadata } of this.#below(folder)) {
      if (isOwn(path) || (isStub(metadata) && this.#isRecent(modifiedAt))) continue;
      yield { path, bytes, etag, modifiedAt };
    }
  }

  /** Whether a blob is so young that the creator of a stub may still be alive. */
  #isRecent(modifiedAt: string): boolean {
    return Date.parse(this.now()) - Date.parse(modifiedAt) < stubLastsMs;
  }

  async *#below(folder: string): AsyncGenerator<ListedBlob> {
    for await (const one of listed(this.#requests, this.#container, this.#tree.below(folder))) {
      const path = this.#tree.path(one.key);
      if (path !== undefined) yield { ...one, path };
    }
  }

  async read(path: string, range?: Range, { into, etag }: HowToRead = {}): Promise<Uint8Array> {
    const isEmpty = range !== undefined && range.end <= range.start;
    const blob = this.#existing(path);
    const found = await this.#versions.read(path, {
      meant: etag,
      ask: async (ifMatch) => {
        const answer = isEmpty ? 'beyond' : await download(this.#requests, blob, { range, into, ifMatch });
        if (answer === 'absent' || (isEmpty && (await this.stat(path)) === undefined)) throw new FileNotFound(path);
        return answer;
      },
      told: (answer) => (answer === 'beyond' ? undefined : quoted(answer.etag)),
    });
    return found === 'beyond' ? new Uint8Array() : found.body;
  }

  async get(path: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined> {
    const found = await download(this.#requests, this.#blob(path), {});
    return typeof found === 'string' ? undefined : { body: found.body, etag: quoted(found.etag) };
  }

  async stage(names: { readonly staged: string; readonly final: string }, body: AsyncIterable<Uint8Array>): Promise<StagedFile> {
    const mark = this.#written(names.staged, markOf);
    const blob = this.#written(names.final);
    const id = this.#random.nonce() + this.#random.nonce();
    await this.#mark(mark, { id, names });
    try {
      const { bytes, checksum, answers } = await pour(this.#requests, { blob, id, body });
      // If this process slept while another process swept, the sweep removed the mark. Then no mark names the new blocks.
      if ((await lookAt(this.#requests, mark)) === null) throw new OutcomeUnknown(`${names.staged} was deleted while it was being staged`);
      return { ...names, bytes, checksum, handle: { id, sendings: answers.join('') } };
    } catch (error) {
      // If the removal fails, a later sweep finds the leftovers by their mark.
      await this.#clear({ mark, blob, id }).catch(() => undefined);
      throw error;
    }
  }

  async #mark(
    mark: BlockBlobClient,
    { id, names }: { readonly id: string; readonly names: { readonly staged: string; readonly final: string } },
  ): Promise<void> {
    const metadata = { [marksUpload]: id, [marksFinal]: Buffer.from(names.final).toString('base64url') };
    let sent = 0;
    const marked = await this.#requests.send({
      doing: 'write',
      once: mark.name,
      ask: ({ abortSignal, attempt }) => {
        sent = attempt;
        return mark.upload('', 0, { abortSignal, conditions: { ifNoneMatch: '*' }, metadata });
      },
      expected: (answer) => (isTaken(answer) ? null : undefined),
    });
    if (marked === null)
      throw sent === 0 ? pathUsedTwice(this.url, names.staged) : new OutcomeUnknown(`${names.staged} may be there already`);
  }

  async publish(file: StagedFile): Promise<PublishOutcome> {
    const mark = this.#written(file.staged, markOf);
    const blob = this.#written(file.final);
    const upload = uploadIn(file.handle);
    if (upload === undefined || (upload.sendings === '') !== (file.bytes === 0)) return this.#already(blob, '', file.final);
    const created =
      file.bytes === 0 ? await copy(this.#requests, blob, { id: upload.id, mark }) : await commit(this.#requests, blob, upload);
    const outcome = created === 'not created' ? await this.#already(blob, upload.id, file.final) : 'published';
    if (outcome !== 'gone') await this.#removeBlob(mark);
    return outcome;
  }

  async #already(blob: BlockBlobClient, id: string, final: string): Promise<PublishOutcome> {
    const owner = await ownerOf(this.#requests, blob, id);
    if (owner === 'another') throw pathUsedTwice(this.url, final);
    return owner === 'this upload' ? 'already' : 'gone';
  }

  async *staged(folder: string): AsyncGenerator<ListedStagedFile> {
    for await (const { path } of this.#below(folder)) {
      const staged = stagedNameOf(path, folder);
      if (staged !== undefined) yield { staged };
    }
  }

  /** Removes a staged file. The mark is removed last, here and in `publish`, because nothing can be published without the mark. */
  async discard({ staged }: { readonly staged: string; readonly handle?: Json }): Promise<void> {
    const mark = this.#written(staged, markOf);
    const found = await lookAt(this.#requests, mark);
    // Without a mark, the staged name belongs to a file that `put` has written, or to no file.
    if (found === null) return this.#removeBlob(this.#written(staged));
    const { [marksUpload]: id, [marksFinal]: final } = found.metadata ?? {};
    if (id === undefined || final === undefined) return this.#removeBlob(mark);
    const blob = this.#blob(Buffer.from(final, 'base64url').toString());
    await this.#clear({ mark, blob, id });
    // Removes blocks that arrived between the check and the removal of the mark. A process that sends later blocks finds no mark.
    await useUpBlocks(this.#requests, blob, id);
  }

  async #clear(waiting: { readonly mark: BlockBlobClient; readonly blob: BlockBlobClient; readonly id: string }): Promise<void> {
    await useUpBlocks(this.#requests, waiting.blob, waiting.id);
    await this.#removeBlob(waiting.mark);
  }

  async put(path: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const blob = this.#written(path);
    const conditions = 'ifMatch' in condition ? { ifMatch: condition.ifMatch } : { ifNoneMatch: '*' };
    return this.#requests.send<PutOutcome>({
      doing: 'write',
      once: blob.name,
      ask: async ({ abortSignal }) => {
        const { etag, date } = await blob.upload(body, body.byteLength, { abortSignal, conditions, ...blobHeaders(path) });
        return { outcome: 'written', etag: quoted(etag), ...(date && { date }) };
      },
      expected: (answer) =>
        isTaken(answer) || ('ifMatch' in condition && this.#requests.isAbsent(answer)) ? { outcome: 'refused' } : undefined,
    });
  }

  async remove(path: string): Promise<void> {
    await this.#removeBlob(this.#existing(path));
  }

  async #removeBlob(blob: BlockBlobClient): Promise<void> {
    await this.#requests.send({
      doing: 'remove',
      ask: ({ abortSignal }) => blob.delete({ abortSignal, deleteSnapshots: 'include' }),
      expected: (answer) => (this.#requests.isAbsent(answer) ? null : undefined),
    });
  }

  #blob(path: string): BlockBlobClient {
    return this.#container.getBlockBlobClient(this.#tree.key(path));
  }

  /** The client of an existing blob. Any name is allowed, except for names with `.` and `..` segments, which lead to another blob. */
  #existing(path: string): BlockBlobClient {
    const hasSteps = path.split('/').some((segment) => segment === '.' || segment === '..');
    return this.#container.getBlockBlobClient(hasSteps ? this.#tree.key(path) : this.#tree.existing(path));
  }

  /** The client of a blob to create. Some names can be read but not created. @param as changes the name, for example to that of the mark. */
  #written(path: string, as: (path: string) => string = (same) => same): BlockBlobClient {
    const key = this.#tree.key(path);
    checkBlobName(as(key));
    return this.#container.getBlockBlobClient(as(key));
  }
}
