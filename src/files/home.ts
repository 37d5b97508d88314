/** The home of every file family: a file, a folder or a glob, read piece by piece. Systems give it a filesystem. */
import type { Checkpoint, Description, Frame, Home, HomeCapabilities, SeenFile, SlicePlan, SliceRef, Window } from '../engine/contracts.ts';
import { HomeError } from '../errors/hygge-error.ts';
import { schemaChanges } from '../frames/compare.ts';
import type { Schema } from '../frames/schema.ts';
import type { Watermark } from '../frames/watermark.ts';
import { compareWatermarks, parseWatermark } from '../frames/watermark-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileInfo, FileSystem } from '../ports/filesystem.ts';
import { insist } from '../ports/outcome.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { Json } from '../ports/values.ts';
import { cutSlices, type FileSlice, sliceFiles } from './cut.ts';
import type { FileContent, FileSource, Format } from './format.ts';
import { projection } from './projection.ts';
import type { Selection } from './selection.ts';

export interface FileHomeOptions {
  readonly files: FileSystem;
  readonly selection: Selection;
  /** For people and the state's binding. */
  readonly where: string;
  readonly format: Format;
  readonly frameRows: number;
  readonly columns: readonly string[] | null;
  readonly exclude: readonly string[] | null;
  readonly clock: Clock;
  readonly scratch: Scratch;
}

interface Found {
  readonly info: FileInfo;
  readonly source: FileSource;
  readonly content: FileContent;
}

const frameBytes = 32 * 1024 * 1024;
const footersAtOnce = 16;

export function fileHome(options: FileHomeOptions): Home {
  return new FileHome(options);
}

class FileHome implements Home {
  readonly capabilities: HomeCapabilities = {
    order: 'sliced',
    upper: 'source',
    filter: 'range',
    repeatable: true,
    consistency: 'per_slice',
    byFile: true,
  };
  readonly place: string;
  readonly #options: FileHomeOptions;
  #found: Promise<readonly Found[]> | undefined;
  readonly #contents = new Map<string, FileContent>();

  constructor(options: FileHomeOptions) {
    this.#options = options;
    this.place = options.where;
  }

  async describe(): Promise<{ done: Description }> {
    this.#found = undefined;
    const found = await this.#look();
    const [first] = found;
    const schema = first ? this.#projected(first.content.schema) : undefined;
    for (const other of found) this.#mustAgree(first ?? other, other);
    const rows = found.reduce((sum, file) => sum + file.content.rows, 0);
    const bytes = found.reduce((sum, file) => sum + file.info.bytes, 0);
    return {
      done: {
        schema,
        rows: { n: rows, exact: true },
        bytes,
        summary: `${found.length} ${found.length === 1 ? 'file' : 'files'} in ${this.place}`,
      },
    };
  }

  async bound({ column, lagMs }: { column: string; lagMs: number }): Promise<{ done: Watermark | undefined }> {
    let highest: Watermark | undefined;
    for (const { source, content } of await this.#look()) {
      const cap = lagMs > 0 ? this.#cap(content, column, lagMs) : null;
      const found = await this.#options.format.max({ source, content, column, cap, scratch: this.#options.scratch });
      if (found && (!highest || compareWatermarks(found, highest) > 0)) highest = found;
    }
    return { done: highest };
  }

  /** Now minus the lag, in the column's own words; files have no clock but ours. */
  #cap(content: FileContent, column: string, lagMs: number): string | null {
    const type = content.schema.columns.find((c) => c.name === column)?.type;
    if (!type || (type.kind !== 'timestamp' && type.kind !== 'date')) return null;
    const then = new Date(Date.parse(this.#options.clock.now()) - lagMs).toISOString();
    return parseWatermark(type.kind === 'date' ? then.slice(0, 10) : then, { column, type }).text;
  }

  async nulls(column: string): Promise<number> {
    let count = 0;
    for (const { source, content } of await this.#look())
      count += await this.#options.format.nulls({ source, content, column, scratch: this.#options.scratch });
    return count;
  }

  async plan(window: Window, budget: { sliceBytes: number }): Promise<{ done: SlicePlan }> {
    const found = await this.#look();
    const { wanted, changed } = chosen(found, window);
    const perFile = window.seen !== null && window.changedFiles === 'replace';
    const cut: FileSlice[] = [];
    for (const { info, source, content } of wanted) {
      const within = await this.#options.format.within({ source, content, window });
      cut.push(...cutSlices({ path: info.path, bytes: info.bytes, etag: info.etag }, content.pieces, within, budget.sliceBytes));
    }
    const slices = sliceFiles(cut, { sliceBytes: budget.sliceBytes, perFile });
    const seen = window.seen === null ? undefined : allSeen(window.seen, found);
    return { done: { slices, changed, ...(seen ? { seen } : {}) } };
  }

  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    const parts = slice.ref as unknown as readonly FileSlice[];
    for (let i = typeof from === 'number' ? from : 0; i < parts.length; i++) {
      const part = parts[i];
      if (!part) return;
      yield* this.#readPart(part, window, signal);
      if (i + 1 < parts.length) yield { checkpoint: i + 1 };
    }
  }

  async *#readPart(part: FileSlice, window: Window, signal: AbortSignal): AsyncGenerator<Frame> {
    const { files, format, scratch, frameRows } = this.#options;
    const info = await insist(() => files.stat(part.path));
    if (!info) throw gone(this.#name(part.path));
    if (info.etag !== part.etag || info.bytes !== part.bytes) throw changedWhileRead(this.#name(part.path));
    const source = this.#source(info);
    const content = this.#contents.get(key(info)) ?? (await format.inspect(source));
    this.#contents.set(key(info), content);
    const { columns, exclude } = this.#options;
    const request = {
      source,
      content,
      from: part.from,
      to: part.to,
      window,
      frameBytes,
      frameRows,
      columns: projection(content.schema, columns, exclude),
      scratch,
      signal,
    };
    yield* format.read(request);
  }

  #projected(schema: Schema): Schema {
    const names = projection(schema, this.#options.columns, this.#options.exclude);
    return names === null ? schema : { columns: schema.columns.filter((column) => names.includes(column.name)) };
  }

  #mustAgree(first: Found, other: Found): void {
    const changes = schemaChanges(this.#projected(first.content.schema), this.#projected(other.content.schema));
    if (changes.length === 0) return;
    throw new HomeError({
      code: 'HYG-3204',
      what: `${this.#name(other.info.path)} has another schema than ${this.#name(first.info.path)}.`,
      why: changes.slice(0, 6),
      tryThis: ['Move files of different shape in entities of their own', 'Leave differing columns out with exclude: […]'],
    });
  }

  /** The files and what is in them, once for the life of this home. */
  #look(): Promise<readonly Found[]> {
    this.#found ??= this.#lookNow();
    return this.#found;
  }

  async #lookNow(): Promise<readonly Found[]> {
    const infos: FileInfo[] = await this.#options.selection.files();
    const found: Found[] = [];
    for (let i = 0; i < infos.length; i += footersAtOnce) {
      const batch = infos.slice(i, i + footersAtOnce).map(async (info): Promise<Found> => {
        const source = this.#source(info);
        const content = this.#contents.get(key(info)) ?? (await this.#options.format.inspect(source));
        this.#contents.set(key(info), content);
        return { info, source, content };
      });
      found.push(...(await Promise.all(batch)));
    }
    return found;
  }

  #source({ path, bytes }: FileInfo): FileSource {
    const { files } = this.#options;
    const localPath = files.localPath?.(path);
    return {
      name: this.#name(path),
      bytes,
      ...(localPath === undefined ? {} : { localPath }),
      read: (range) => insist(() => files.read(path, range)),
    };
  }

  #name(path: string): string {
    return this.#options.selection.display(path);
  }
}

const key = (info: FileInfo) => `${info.path} ${info.etag}`;

/** Incremental by file: what was never taken, and what changed since. */
function chosen(found: readonly Found[], window: Window): { wanted: readonly Found[]; changed: readonly string[] } {
  if (window.seen === null) return { wanted: found, changed: [] };
  const before = new Map(window.seen.map((file) => [file.path, file]));
  const isChanged = ({ info }: Found) => {
    const seen = before.get(info.path);
    return seen !== undefined && (seen.bytes !== info.bytes || seen.etag !== info.etag);
  };
  const changed = window.changedFiles === 'ignore' ? [] : found.filter(isChanged);
  const fresh = found.filter(({ info }) => !before.has(info.path));
  return { wanted: [...fresh, ...changed], changed: changed.map(({ info }) => info.path) };
}

/** A file that is gone from the source stays in the list: should it come back unchanged, it is not new. */
function allSeen(before: readonly SeenFile[], found: readonly Found[]): SeenFile[] {
  const seen = new Map(before.map((file) => [file.path, file]));
  for (const { info } of found) seen.set(info.path, { path: info.path, bytes: info.bytes, etag: info.etag, modifiedAt: info.modifiedAt });
  return [...seen.values()];
}

function gone(name: string): HomeError {
  return new HomeError({
    code: 'HYG-3202',
    what: `${name} was there when the run was planned and is gone now.`,
    tryThis: ['Run it again: nothing was settled'],
  });
}

function changedWhileRead(name: string): HomeError {
  return new HomeError({
    code: 'HYG-3203',
    what: `${name} changed while it was being read.`,
    why: ['Rows of two versions of a file must not settle together.'],
    tryThis: ['Run it again when the file is complete', 'Let writers rename finished files into the folder'],
  });
}
