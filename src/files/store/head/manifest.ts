/** Manifests: the head is one JSON file, `current.json`, which moves only prev → id, by If-Match. protocol.md 2.3. */
import { DefectError, StoreError } from '../../../errors/hygge-error.ts';
import type { FileSystem } from '../../../ports/filesystem.ts';
import { retry } from '../../../ports/retry.ts';
import { epochDigits, type FilePlace, recordsFolder } from '../layout.ts';
import { removeOlder } from '../remove-older.ts';
import { type CommitRecord, type FilesHead, type HeadAt, type HeadKind, type HeadLog, unreadableHead } from './head-log.ts';

const fileName = 'current.json';

export const manifestHeads: HeadKind = {
  readers: `_hygge/…/${fileName}`,
  open: (files, place) => new Manifest(files, place),
  folderOf: (path) => /^((?:.*\/)?_hygge\/[^/]+\/[^/]+)\/current\.json$/.exec(path)?.[1],
  readIn: async (files, folder) => (await readManifest(files, folder))?.head,
};

class Manifest implements HeadLog {
  readonly where: string;
  readonly #files: FileSystem;
  readonly #folder: string;

  constructor(files: FileSystem, place: FilePlace) {
    this.#files = files;
    this.#folder = recordsFolder(place);
    this.where = `${files.url}/${this.#path}`;
  }

  get #path(): string {
    return `${this.#folder}/${fileName}`;
  }

  get #commits(): string {
    return `${this.#folder}/commits`;
  }

  read(): Promise<HeadAt | undefined> {
    return readManifest(this.#files, this.#folder);
  }

  async move(from: HeadAt | undefined, to: FilesHead): Promise<'moved' | 'overtaken'> {
    const put = await this.#files.put(this.#path, encodeManifest(to), from ? { ifMatch: from.position } : { ifNoneMatch: '*' });
    return put.outcome === 'written' ? 'moved' : 'overtaken';
  }

  /** An "exists" is compared by id, never taken for mine. */
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

  drop(): Promise<void> {
    return retry(() => this.#files.remove(this.#path));
  }
}

async function readManifest(files: FileSystem, folder: string): Promise<HeadAt | undefined> {
  const path = `${folder}/${fileName}`;
  const found = await files.get(path);
  if (!found) return undefined;
  return { head: parseManifest(new TextDecoder().decode(found.body), `${files.url}/${path}`), position: found.etag };
}

/** 2: what an older hygge would misread, the fence of a refused commit. */
type Version = 1 | 2;

type StoredManifest = FilesHead & { readonly version: Version };

function parseManifest(text: string, where: string): FilesHead {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw unreadableHead(where, 'It is not JSON: it was torn or edited.', cause);
  }
  const manifest = found as Partial<StoredManifest> | null;
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest))
    throw unreadableHead(where, 'It is not a record of hygge.');
  const { version, ...head } = manifest;
  if (version !== 1 && version !== 2) {
    throw new StoreError({
      code: 'HYG-4102',
      what: `${where} was written by a newer hygge.`,
      why: [`It has version ${String(version)}; this hygge knows versions 1 and 2.`],
      tryThis: ['Upgrade hygge here'],
    });
  }
  if (typeof head.id !== 'string' || typeof head.epoch !== 'number' || !Array.isArray(head.files))
    throw unreadableHead(where, 'Parts of it are missing.');
  return head as FilesHead;
}

function encodeManifest(head: FilesHead): Uint8Array {
  const version: Version = head.reason || head.nothing ? 2 : 1;
  // A fence that had no predecessor has its version at the end: the bytes of a head stay the same from one hygge to the next.
  return encoded(Object.keys(head)[0] === 'flow' ? { ...head, version } : { version, ...head });
}

function encoded(record: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(record, null, 1)}\n`);
}
