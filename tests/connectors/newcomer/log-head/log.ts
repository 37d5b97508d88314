/**
 * A head as a newcomer would keep it: a log of numbered JSON files, each with what changed. The process that creates number N + 1 has moved the head. All else of
 * the store (staging, publishing, fences, what goes and what stays) is the one of files.
 */
import { createHash } from 'node:crypto';
import {
  type FilesHead,
  type HeadAt,
  type HeadKind,
  type HeadLog,
  type ListedFile,
  unreadableHead,
} from '../../../../src/files/store/head/head-log.ts';
import { type FilePlace, recordsFolder } from '../../../../src/files/store/layout.ts';
import { presentFiles } from '../../../../src/files/store/listing.ts';
import type { FileInfo, FileSystem } from '../../../../src/ports/filesystem.ts';
import { retry } from '../../../../src/ports/retry.ts';

interface Entry {
  readonly version: 1;
  /** The checksum of the entry that this one follows; null: it is the first. */
  readonly after: string | null;
  /** All of the head but its files. */
  readonly head: Omit<FilesHead, 'files'>;
  /** Files that are new, or of which something else is known now. */
  readonly adds: readonly ListedFile[];
  readonly removes: readonly string[];
}

export const logHeads: HeadKind = {
  readers: '_hygge/…/_log',
  shows: 'files',
  refuses: new Set(),
  open: (files, place) => new Log(files, place),
  folderOf: (path) => /^((?:.*\/)?_hygge\/[^/]+\/[^/]+)\/_log\/\d{20}\.json$/.exec(path)?.[1],
  readIn: async (files, folder) => (await readLog(files, `${folder}/_log`)).last?.head,
};

class Log implements HeadLog {
  readonly where: string;
  readonly #files: FileSystem;
  readonly #folder: string;
  readonly #place: FilePlace;

  constructor(files: FileSystem, place: FilePlace) {
    this.#files = files;
    this.#place = place;
    this.#folder = `${recordsFolder(place)}/_log`;
    this.where = `${files.url}/${this.#folder}`;
  }

  async read(): Promise<HeadAt | undefined> {
    const { last, next } = await readLog(this.#files, this.#folder);
    return last && { head: last.head, position: `${next} after ${last.checksum}` };
  }

  async move(from: HeadAt | undefined, to: FilesHead): Promise<'moved' | 'overtaken'> {
    const [next, after] = from ? from.position.split(' after ') : [await this.#first(), null];
    if (next === undefined || after === undefined) return 'overtaken';
    const body = new TextEncoder().encode(JSON.stringify(entryOf(from?.head, to, after)));
    const put = await this.#files.put(nameOf(this.#folder, Number(next)), body, { ifNoneMatch: '*' });
    return put.outcome === 'written' ? 'moved' : 'overtaken';
  }

  /** Where a log begins that has no head yet; undefined: it has one. */
  async #first(): Promise<string | undefined> {
    const { last, next } = await readLog(this.#files, this.#folder);
    return last ? undefined : String(next);
  }

  present(head: FilesHead | undefined | Promise<FilesHead | undefined>) {
    return presentFiles(this.#files, this.#place, head);
  }

  /** The entries are the record. */
  async record(): Promise<void> {}

  async movedAt() {
    return (await readLog(this.#files, this.#folder)).last?.at;
  }

  /** The head is what all entries together say. */
  async prune(): Promise<number> {
    return 0;
  }

  /** From the end: what is left of it, if this is cut off, is the head as it was before. */
  async drop(): Promise<void> {
    const all = [...(await retry(() => entriesIn(this.#files, this.#folder))).values()].reverse();
    for (const { path } of all) await retry(() => this.#files.remove(path));
  }
}

interface Replayed {
  readonly head: FilesHead;
  /** Of the entry's bytes. */
  readonly checksum: string;
}

/** The head after one more entry; unchanged by one that follows another: it was on its way when its log was removed, and landed in a new one. */
export function replay(before: Replayed | undefined, body: Uint8Array): Replayed | undefined {
  const { after, head, adds, removes } = JSON.parse(new TextDecoder().decode(body)) as Entry;
  if (after !== (before?.checksum ?? null)) return before;
  const files = new Map(before?.head.files.map((file) => [file.name, file]));
  for (const name of removes) files.delete(name);
  for (const file of adds) files.set(file.name, file);
  return { head: { ...head, files: [...files.values()] }, checksum: createHash('sha256').update(body).digest('hex') };
}

function entryOf(before: FilesHead | undefined, { files, ...head }: FilesHead, after: string | null): Entry {
  const known = new Map(before?.files.map((file) => [file.name, JSON.stringify(file)]));
  const adds = files.filter((file) => known.get(file.name) !== JSON.stringify(file));
  const names = new Set(files.map(({ name }) => name));
  return { version: 1, after, head, adds, removes: [...known.keys()].filter((name) => !names.has(name)) };
}

/** `next`: the first number that nothing has. Numbers are given in order, so what lies beyond a gap is not part of this log. */
async function readLog(files: FileSystem, folder: string) {
  const entries = await entriesIn(files, folder);
  let last: (Replayed & { readonly at: string }) | undefined;
  for (let next = 1; ; next++) {
    const entry = entries.get(next);
    const found = entry && (await files.get(entry.path));
    if (!found) return { last, next };
    const replayed = replayedIn(last, found.body, `${files.url}/${entry.path}`);
    if (replayed !== last && replayed) last = { ...replayed, at: entry.modifiedAt };
  }
}

function replayedIn(last: Replayed | undefined, body: Uint8Array, where: string): Replayed | undefined {
  try {
    return replay(last, body);
  } catch (cause) {
    throw unreadableHead(where, 'It is not JSON: it was torn or edited.', cause);
  }
}

async function entriesIn(files: FileSystem, folder: string): Promise<ReadonlyMap<number, FileInfo>> {
  const found = new Map<number, FileInfo>();
  for await (const info of files.list(folder)) found.set(Number(/(\d{20})\.json$/.exec(info.path)?.[1]), info);
  return new Map([...found].sort(([a], [b]) => a - b));
}

const nameOf = (folder: string, number: number) => `${folder}/${String(number).padStart(20, '0')}.json`;
