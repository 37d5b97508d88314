/** The home of every file family: a file, a folder or a glob, read piece by piece. Systems give it a filesystem. */
import type { Checkpoint, Description, Frame, Home, HomeCapabilities, SlicePlan, SliceRef, Window } from '../engine/contracts.ts';
import { HomeError } from '../errors/hygge-error.ts';
import { schemaChanges } from '../frames/compare.ts';
import { describeType } from '../frames/describe-type.ts';
import type { Rejected } from '../frames/rejected.ts';
import type { Schema } from '../frames/schema.ts';
import type { Watermark } from '../frames/watermark.ts';
import { compareWatermarks, parseWatermark } from '../frames/watermark-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileInfo, FileSystem } from '../ports/filesystem.ts';
import { insist } from '../ports/outcome.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { Json } from '../ports/values.ts';
import { cutSlices, type FileSlice, sliceFiles } from './cut.ts';
import { Footers, type OpenedFile } from './footers.ts';
import type { Format } from './format.ts';
import { projection } from './projection.ts';
import type { Selection } from './selection.ts';
import { allSeen, chosen } from './taken.ts';

export interface FileHomeOptions {
  readonly files: FileSystem;
  readonly selection: Selection;
  /** For people and the state's binding. */
  readonly where: string;
  readonly format: Format;
  readonly pinned: Json | null;
  readonly frameRows: number;
  readonly columns: readonly string[] | null;
  readonly exclude: readonly string[] | null;
  readonly clock: Clock;
  readonly scratch: Scratch;
}

const frameBytes = 32 * 1024 * 1024;
/** Types are decided by so many files, spread over all of them. */
const mostSampled = 8;
/** Up to so many files are opened just to count their rows; of more, the first tells about how many there are. */
const mostCounted = 256;

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
  readonly #footers: Footers;
  #pinned: Json | null;
  #found: Promise<readonly FileInfo[]> | undefined;

  constructor(options: FileHomeOptions) {
    this.#options = options;
    this.place = options.where;
    const { files, format, selection } = options;
    this.#pinned = options.pinned;
    this.#footers = new Footers({ files, format, pinned: () => this.#pinned, display: (path) => selection.display(path) });
  }

  async describe(): Promise<{ done: Description }> {
    this.#found = undefined;
    const found = await this.#look();
    const notes = await this.#sample(found);
    const [info] = found;
    const first = info && (await this.#footers.open(info));
    const bytes = found.reduce((sum, file) => sum + file.bytes, 0);
    return {
      done: {
        schema: first ? this.#projected(first.content.schema) : undefined,
        rows: await this.#rows(found, first, bytes),
        bytes,
        ...(this.#pinned === null ? {} : { pinned: this.#pinned }),
        notes,
        summary: `${found.length} ${found.length === 1 ? 'file' : 'files'} in ${this.place}`,
      },
    };
  }

  /** Files that don't tell their types are looked at, a few of them, before anything else. */
  async #sample(found: readonly FileInfo[]): Promise<readonly string[]> {
    const { format, scratch } = this.#options;
    if (!format.sample || found.length === 0) return [];
    const sources = spread(found, mostSampled).map((info) => this.#footers.source(info));
    const { pinned, notes } = await format.sample({ sources, pinned: this.#options.pinned, scratch });
    this.#pinned = pinned;
    return notes;
  }

  async #rows(found: readonly FileInfo[], first: OpenedFile | undefined, bytes: number): Promise<Description['rows']> {
    if (first?.content.rows == null) return undefined;
    if (found.length > mostCounted) return { n: Math.round((first.content.rows * bytes) / first.info.bytes), exact: false };
    const counts = await this.#footers.each(found, ({ content }) => content.rows ?? 0);
    return { n: counts.reduce((sum, rows) => sum + rows, 0), exact: true };
  }

  async bound({ column, lagMs }: { column: string; lagMs: number }): Promise<{ done: Watermark | undefined }> {
    const { format, scratch, clock } = this.#options;
    const latest = new Date(Date.parse(clock.now()) - lagMs).toISOString();
    const highest = await this.#each(await this.#look(), ({ source, content }, schema) => {
      const cap = lagMs > 0 ? capIn(schema, column, latest) : null;
      return format.max({ source, content, column, cap, scratch });
    });
    const values = highest.filter((value) => value !== undefined);
    return { done: values.reduce<Watermark | undefined>((a, b) => (a && compareWatermarks(a, b) >= 0 ? a : b), undefined) };
  }

  async nulls(column: string): Promise<number> {
    const { format, scratch } = this.#options;
    const counts = await this.#each(await this.#look(), ({ source, content }) => format.nulls({ source, content, column, scratch }));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async plan(window: Window, { sliceBytes }: { sliceBytes: number }): Promise<{ done: SlicePlan }> {
    const found = await this.#look();
    const { wanted, changed } = chosen(found, window);
    const cut = await this.#each(wanted, async ({ info, source, content }) => {
      const { format } = this.#options;
      const { path, bytes, etag } = info;
      const pieces = await format.cut?.({ source, content, pieceBytes: sliceBytes / 8 });
      const cut = pieces ? { ...content, pieces } : content;
      const within = await format.within({ source, content: cut, window });
      return cutSlices({ path, bytes, etag }, cut.pieces, within, sliceBytes);
    });
    const perFile = window.seen !== null && window.changedFiles === 'replace';
    const whole = window.lower !== null && window.lower.text === window.upper?.text;
    const slices = sliceFiles(cut.flat(), { sliceBytes, perFile, whole });
    const seen = window.seen === null ? undefined : allSeen(window.seen, found);
    return { done: { slices, changed, ...(seen ? { seen } : {}) } };
  }

  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const parts = slice.ref as unknown as readonly FileSlice[];
    for (let i = typeof from === 'number' ? from : 0; i < parts.length; i++) {
      const part = parts[i];
      if (!part) return;
      yield* this.#readPart(part, window, signal);
      if (i + 1 < parts.length) yield { checkpoint: i + 1 };
    }
  }

  async *#readPart(part: FileSlice, window: Window, signal: AbortSignal): AsyncGenerator<Frame | Rejected> {
    const { files, format, scratch, frameRows } = this.#options;
    const info = await insist(() => files.stat(part.path));
    if (!info) throw gone(this.#name(part.path));
    if (info.etag !== part.etag || info.bytes !== part.bytes) throw changedWhileRead(this.#name(part.path));
    const { source, content } = await this.#footers.open(info);
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
    for await (const read of format.read(request)) yield 'rejected' in read ? read : read.readFrom(source.name);
  }

  #projected(schema: Schema): Schema {
    const names = projection(schema, this.#options.columns, this.#options.exclude);
    return names === null ? schema : { columns: schema.columns.filter((column) => names.includes(column.name)) };
  }

  /** Looks into files that must have the columns of the first one; `schema` is its own, unprojected. */
  async #each<T>(infos: readonly FileInfo[], look: (file: OpenedFile, schema: Schema) => T | Promise<T>): Promise<T[]> {
    const [first] = await this.#look();
    if (!first || infos.length === 0) return [];
    const model = await this.#footers.open(first);
    return this.#footers.each(infos, (file) => {
      this.#mustAgree(model, file);
      return look(file, model.content.schema);
    });
  }

  #mustAgree(first: OpenedFile, other: OpenedFile): void {
    const changes = schemaChanges(this.#projected(first.content.schema), this.#projected(other.content.schema));
    if (changes.length === 0) return;
    throw new HomeError({
      code: 'HYG-3204',
      what: `${this.#name(other.info.path)} has another schema than ${this.#name(first.info.path)}.`,
      why: changes.slice(0, 6),
      tryThis: ['Move files of different shape in entities of their own', 'Leave differing columns out with exclude: […]'],
    });
  }

  /** The files, as listed once for the life of this home. */
  #look(): Promise<readonly FileInfo[]> {
    this.#found ??= this.#options.selection.files();
    return this.#found;
  }

  #name(path: string): string {
    return this.#options.selection.display(path);
  }
}

function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]).filter((one) => one !== undefined);
}

/** Now minus the lag, in the column's own words; files have no clock but ours, and wall-clock columns are taken as UTC. */
function capIn(schema: Schema, column: string, latest: string): string | null {
  const type = schema.columns.find((c) => c.name === column)?.type;
  if (!type) return null;
  if (type.kind !== 'timestamp' && type.kind !== 'date') throw lagWithoutTime(column, describeType(type));
  const written = type.kind === 'date' ? latest.slice(0, 10) : type.zone === undefined ? latest.slice(0, -1) : latest;
  return parseWatermark(written, { column, type }).text;
}

function lagWithoutTime(column: string, type: string): HomeError {
  return new HomeError({
    code: 'HYG-3206',
    what: `watermark.lag needs a time, but ${column} is ${type}.`,
    why: ['A lag holds back rows younger than so long; this column does not tell how old a row is.'],
    tryThis: ['Take watermark.lag away', 'Or choose a column with a timestamp or date in watermark.column'],
  });
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
