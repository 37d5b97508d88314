/** Manifests: the head is one JSON file, `current.json`. It changes only from `prev` to `id`, by a write with If-Match. protocol.md 2.3. */
import { DefectError, StoreError } from '../../../errors/hygge-error.ts';
import type { FileSystem } from '../../../ports/filesystem.ts';
import { retry } from '../../../ports/retry.ts';
import { epochDigits, type FilePlace, lastSegment, lieElsewhere, partOwner, recordsFolder } from '../layout.ts';
import { presentFiles } from '../listing.ts';
import { removeOlder } from '../remove-older.ts';
import { type CommitRecord, type FilesHead, type HeadAt, type HeadKind, type HeadLog, unreadableHead } from './head-log.ts';

const fileName = 'current.json';

export const manifestHeads: HeadKind = {
  readers: `_hygge/…/${fileName}`,
  shows: 'files',
  refuses: new Set(),
  open: (files, place) => new Manifest(files, place),
  folderOf: (path) => /^((?:.*\/)?_hygge\/[^/]+\/[^/]+)\/current\.json$/.exec(path)?.[1],
  readIn: async (files, folder) => (await readManifest(files, folder))?.head,
};

class Manifest implements HeadLog {
  readonly where: string;
  readonly #files: FileSystem;
  readonly #place: FilePlace;
  readonly #folder: string;

  constructor(files: FileSystem, place: FilePlace) {
    this.#files = files;
    this.#place = place;
    this.#folder = recordsFolder(place);
    this.where = `${files.url}/${this.#path}`;
  }

  get #path(): string {
    return `${this.#folder}/${fileName}`;
  }

  get #commits(): string {
    return `${this.#folder}/commits`;
  }

  async read(): Promise<HeadAt | undefined> {
    const found = await readManifest(this.#files, this.#folder);
    return found && (await this.#isElsewhere(found)) ? undefined : found;
  }

  /** Whether the files of a head are in another folder. Such a head is ignored, unless a person has moved the files here. */
  async #isElsewhere({ head }: HeadAt): Promise<boolean> {
    const names = head.files.map(({ name }) => name);
    if (!lieElsewhere(this.#place, names)) return false;
    const listed = new Set(names.map(lastSegment));
    const isMoved = (path: string) => partOwner(this.#place, path) !== undefined && listed.has(lastSegment(path));
    for await (const { path } of this.#files.list(this.#place.folder)) if (isMoved(path)) return false;
    return true;
  }

  async move(from: HeadAt | undefined, to: FilesHead): Promise<'moved' | 'overtaken'> {
    if ((await this.#put(to, from?.position)) === 'written') return 'moved';
    const ignored = from === undefined ? await readManifest(this.#files, this.#folder) : undefined;
    const isFree = ignored !== undefined && (await this.#isElsewhere(ignored)) && (await this.#put(to, ignored.position)) === 'written';
    return isFree ? 'moved' : 'overtaken';
  }

  present(head: FilesHead | undefined | Promise<FilesHead | undefined>) {
    return presentFiles(this.#files, this.#place, head);
  }

  async #put(head: FilesHead, position: string | undefined) {
    const how = position === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: position };
    return (await this.#files.put(this.#path, encodeManifest(head), how)).outcome;
  }

  /** Writes the record of a commit. If a record already exists, its id is compared, because it may belong to another commit. */
  async record({ id, prev, epoch, lineage, entityRunId, mode, watermark, rows, adds, removes }: CommitRecord): Promise<void> {
    const path = `${this.#commits}/${epochDigits(epoch)}-${id}.json`;
    const record = { version: 1, id, prev, epoch, lineage, entity_run_id: entityRunId, mode, watermark, rows, adds, removes };
    const put = await retry(() => this.#files.put(path, encoded(record), { ifNoneMatch: '*' }));
    if (put.outcome === 'written') return;
    const found = await retry(() => this.#files.get(path));
    const other = found ? (JSON.parse(new TextDecoder().decode(found.body)) as { id?: unknown }).id : undefined;
    if (other !== id)
      throw new DefectError({
        code: 'HYG-9002',
        what: `${path} is the record of another commit (${String(other)}).`,
        tryThis: ['Report this: two commits must never share a name'],
      });
  }

  async movedAt() {
    return (await this.#files.stat(this.#path))?.modifiedAt;
  }

  prune(before: string): Promise<number> {
    return removeOlder(this.#files, this.#commits, before);
  }

  async drop(): Promise<void> {
    if ((await retry(() => this.read())) !== undefined) await retry(() => this.#files.remove(this.#path));
  }
}

async function readManifest(files: FileSystem, folder: string): Promise<HeadAt | undefined> {
  const path = `${folder}/${fileName}`;
  const found = await files.get(path);
  if (!found) return undefined;
  return { head: parseManifest(new TextDecoder().decode(found.body), `${files.url}/${path}`), position: found.etag };
}

/** 1: a usual head. 2: the fence of a refused commit, which an older hygge would misread. 3: the head was moved to another folder. */
type Version = 1 | 2 | 3;

type StoredManifest = FilesHead & { readonly version: Version };

function parseManifest(text: string, where: string): FilesHead {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw unreadableHead(where, 'The record is not JSON: it was torn or edited.', cause);
  }
  const manifest = found as Partial<StoredManifest> | null;
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
    throw unreadableHead(where, 'The file is not a record of hygge.');
  const { version, ...head } = manifest;
  if (version !== 1 && version !== 2 && version !== 3) {
    throw new StoreError({
      code: 'HYG-4102',
      what: `${where} was written by a newer hygge.`,
      why: [`It has version ${String(version)}; this hygge knows versions 1 to 3.`],
      tryThis: ['Upgrade hygge here'],
    });
  }
  if (typeof head.id !== 'string' || typeof head.epoch !== 'number' || !Array.isArray(head.files))
    throw unreadableHead(where, 'Parts of the record are missing.');
  return head as FilesHead;
}

function encodeManifest(head: FilesHead): Uint8Array {
  const version: Version = head.movedTo !== undefined ? 3 : head.reason || head.nothing ? 2 : 1;
  // A fence without a predecessor has its version at the end, so that all versions of hygge write the same bytes for a head.
  return encoded(Object.keys(head)[0] === 'flow' ? { ...head, version } : { version, ...head });
}

function encoded(record: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record, null, 1)}\n`);
}
