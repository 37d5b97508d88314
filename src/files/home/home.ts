/** The home for files of every system: a file, a folder or a glob, read piece by piece. Each system provides a filesystem. */

import type { Frame } from '../../engine/contracts/frame.ts';
import {
  type BoundRequest,
  type Breadth,
  type Checkpoint,
  type Edge,
  everything,
  type FutureRows,
  type Home,
  type Look,
  type LookNotes,
  type NewestFile,
  type PlannedFile,
  type SlicePlan,
  type SliceRef,
  type SourceDescription,
  type SourceFiles,
  usualReading,
  type Window,
} from '../../engine/contracts/home.ts';
import { prefetchItems } from '../../formats/bytes/prefetch-items.ts';
import type { FileContent, Format, SampleResult } from '../../formats/contract/format.ts';
import { windowFilter } from '../../formats/contract/window-filter.ts';
import { describeType, sameType } from '../../frames/describe-type.ts';
import { polars } from '../../frames/native.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { isTime, latestAt, latestWithLag } from '../../frames/times/future.ts';
import { isSortableTime, mustBeInTimeOrder } from '../../frames/times/text-order.ts';
import type { Conforms } from '../../frames/values/conforms.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { Rejected } from '../../frames/values/rejected-rows.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';
import { hivePairs } from '../paths/hive.ts';
import type { PartitionValue } from '../paths/partition-values.ts';
import {
  countBeyond,
  countColumnNulls,
  type FileColumn,
  isBeyond,
  newestIn,
  oldestIn,
  rangeIn,
  timeTextsIn,
  uncapped,
  type ValueRange,
  type WatermarkCap,
} from './bound.ts';
import { type DecidedShape, mustAgree, nothingPinned, type PinnedFiles, shapeOf } from './decide-shape.ts';
import { lagWithoutTime, noColumn } from './errors.ts';
import { type HiveMode, hiveValues } from './hive-columns.ts';
import { chooseFiles, newestOfAll, renamed } from './new-files.ts';
import { Footers, type OpenedFile } from './opened-files.ts';
import { listedFiles, passedFiles } from './passed-files.ts';
import { projection } from './projection.ts';
import { mostCounted, rowsIn, rowsPerByte } from './row-counts.ts';
import { rowsBelow } from './rows-below.ts';
import { lastingCodes, type Selection } from './selection.ts';
import { type FileMapping, fittingOf, plainShape, type Shape, schemaOfRows } from './shape.ts';
import { byteRanges, cutSlices, type FileSlice, groupIntoSlices, wholeFileSlice } from './slices.ts';

export interface FileHomeOptions {
  readonly files: FileSystem;
  readonly selection: Selection;
  /** The address of the files, for messages and for the state’s binding. */
  readonly where: string;
  readonly format: Format;
  readonly pinned: Json | null;
  readonly frameRows: number;
  readonly columns: readonly string[] | null;
  readonly exclude: readonly string[] | null;
  /** Whether folders named `key=value` become columns; absent: `auto`. */
  readonly hivePartitions?: HiveMode;
  /** How to read files that have other columns than the first file; absent: such files are refused. */
  readonly differingFiles?: 'auto' | 'unify' | 'fail';
  /** The settings that decide how rows are read. With other settings, the same files count as another version of the source. */
  readonly config?: Json;
  readonly clock: Clock;
  readonly scratch: Scratch;
}

const frameBytes = 32 * 1024 * 1024;
/** The number of files that decide the types. They are spread over all files. */
const mostSampled = 8;
/** The number of files that are opened for an estimate if opening a file costs requests. */
const mostLookedAt = 8;
/** The maximum size of a file that is read ahead. For a larger file the time to its first bytes matters little, and its frames need much memory. */
const mostAhead = 16 * 1024 * 1024;
/** The maximum number of files that are read ahead. More than one file is read ahead only if the files are small, so that the request takes longer than the transfer of the bytes. */
const filesAhead = 3;
const bytesAhead = 8 * 1024 * 1024;

export function fileHome(options: FileHomeOptions): Home {
  return new FileHome(options);
}

class FileHome implements Home {
  readonly reading = { ...usualReading, readsAsPinned: true };
  readonly place: string;
  readonly rowCondition = '';
  readonly files: SourceFiles;
  readonly #options: FileHomeOptions;
  readonly #footers: Footers;
  #pinned: PinnedFiles;
  #shape: Promise<Shape> | undefined;
  #found: Promise<readonly FileInfo[]> | undefined;
  /** The only files that may be opened; undefined: all files. */
  #few: readonly FileInfo[] | undefined;
  /** The time when the bound was captured. */
  #now: string | undefined;
  /** The files of the plans of this home, by their paths. */
  readonly #planned = new Map<string, PlannedFile>();
  readonly #rangeOf = new WeakMap<FileContent, Map<string, Promise<ValueRange | undefined>>>();

  constructor(options: FileHomeOptions) {
    this.#options = options;
    this.place = options.where;
    this.files = { isOne: options.selection.oneFile, newest: () => this.#newestFile(), planned: async () => [...this.#planned.values()] };
    const { files, format, selection } = options;
    this.#pinned = (options.pinned as unknown as PinnedFiles | null) ?? nothingPinned;
    this.#footers = new Footers({ files, format, pinned: () => this.#pinned.format, display: (path) => selection.display(path) });
  }

  async describe(_cursor?: Json, look: Look = 'briefly', breadth: Breadth = 'all'): Promise<{ done: SourceDescription }> {
    this.#found = undefined;
    const found = await this.#look();
    const isFar = this.#options.files.localPath === undefined;
    this.#few = breadth === 'a few' && isFar && found.length > mostLookedAt ? fewOf(found, mostLookedAt) : undefined;
    const sampled = await this.#sample(found, look);
    const decided = await this.#decide();
    const { selection } = this.#options;
    const isLasting = ({ code }: Selection['warnings'][number]) => lastingCodes.has(code);
    const lastingWarnings = selection.warnings.filter(isLasting);
    const warnings = [...(sampled.warnings ?? []), ...decided.warnings, ...selection.warnings.filter((one) => !isLasting(one))];
    const [info] = found;
    const first = info && (await this.#footers.open(info));
    const bytes = found.reduce((sum, file) => sum + file.bytes, 0);
    const { format: pinned, partitions, columns, unreadFolders } = this.#pinned;
    const isPlain = pinned === null && partitions.length === 0 && columns === undefined && unreadFolders === undefined;
    const counting = { footers: this.#footers, format: this.#options.format, first, bytes, few: this.#few };
    return {
      done: {
        schema: first ? this.#projected(decided.shape, first.content.schema) : undefined,
        rows: decided.rows == null || this.#few ? await rowsIn(found, counting) : { n: decided.rows, exact: true },
        bytes,
        ...(isPlain ? {} : { pinned: this.#pinned as unknown as Json }),
        version: this.#version(found),
        notes: [...sampled.notes, ...decided.notes, ...selection.notes],
        ...(warnings.length > 0 && { warnings }),
        ...(lastingWarnings.length > 0 && { lastingWarnings }),
        ...(sampled.otherwise && { otherwise: sampled.otherwise }),
        ...(this.#few && { looked: { files: this.#few.length, of: found.length } }),
        summary: `${found.length} ${found.length === 1 ? 'file' : 'files'} in ${this.place}`,
      },
    };
  }

  /** The version of the source: a text that depends on the existing files and on how they are read. It does not depend on the number of files that were opened. */
  #version(found: readonly FileInfo[]): string {
    const files = found.map(({ path, bytes, etag, inode }) => (inode === undefined ? [path, bytes, etag] : [path, bytes, etag, inode]));
    const { config = null } = this.#options;
    const { partly: _, ...pinned } = this.#pinned;
    return shortHash(JSON.stringify([config, pinned, files]));
  }

  /** If files do not contain their types, a few files are read first to find the types. */
  async #sample(found: readonly FileInfo[], look: Look): Promise<Pick<SampleResult, 'notes' | 'warnings' | 'otherwise'>> {
    const { format, scratch } = this.#options;
    if (!format.sample || found.length === 0) return { notes: [] };
    const isForAll = (look === 'for a run' || look === 'whole') && format.samplesAll;
    const some = this.#few ?? (isForAll ? found : spread(found, mostSampled));
    const sources = some.map((info) => this.#footers.source(info));
    const complete = some.length === found.length;
    const { pinned, partly, ...told } = await format.sample({ sources, pinned: this.#pinned.format, scratch, look, complete });
    const { partly: _, ...before } = this.#pinned;
    this.#pinned = { ...before, format: pinned, ...(partly && { partly }) };
    return told;
  }

  /** Reads the files as far as needed to know the columns and types of their rows, and pins them. */
  async #decide(): Promise<DecidedShape> {
    const { hivePartitions: hive = 'auto', differingFiles = 'auto' } = this.#options;
    const found = await this.#look();
    const few = found.length <= mostCounted || this.#pinned.columns !== undefined;
    const unify = differingFiles === 'unify' || (differingFiles === 'auto' && few);
    const request = { footers: this.#footers, hive, unify, asked: differingFiles === 'unify', display: (path: string) => this.#name(path) };
    const decided = await shapeOf({ ...request, found, looked: this.#few ?? found, pinned: this.#pinned });
    const { columns, partitions } = decided.shape;
    const { format, partly } = this.#pinned;
    const { unreadFolders } = decided;
    this.#pinned = {
      format,
      partitions,
      ...(columns === null ? {} : { columns }),
      ...(partly && { partly }),
      ...(unreadFolders.length > 0 && { unreadFolders }),
    };
    this.#shape = Promise.resolve(decided.shape);
    return decided;
  }

  /** The shape that was decided in this run, by this home or by the home that planned the run. `path`: the only file whose rows are needed. */
  #shaped(path?: string): Promise<Shape> {
    const { pinned, hivePartitions, differingFiles } = this.#options;
    const unify = differingFiles !== 'fail';
    if (this.#shape === undefined && pinned !== null) {
      const { columns = null, partitions } = this.#pinned;
      this.#shape = Promise.resolve({ columns: unify ? columns : null, partitions: hivePartitions === false ? [] : partitions });
    }
    if (this.#shape === undefined && path !== undefined && !unify && hivePairs(path).length === 0) return Promise.resolve(plainShape);
    this.#shape ??= this.#decide()
      .then(({ shape }) => shape)
      .catch((error: unknown) => {
        this.#shape = undefined;
        throw error;
      });
    return this.#shape;
  }

  /** The newest value. Files have no clock of their own, so the clock of this machine is used. If a lag is set, times without a zone are read as UTC. */
  async bound({ column, lagMs, future }: BoundRequest): Promise<{ done: Watermark | undefined } & LookNotes> {
    this.#now = this.#options.clock.now();
    const at = { now: this.#now, lagMs };
    const cap = (type: DataType) => latestWithLag(type, at) ?? null;
    const highest = await this.#each(await this.#looked(), async (file, { schema, folders }) => {
      const of = { ...this.#options, file, column: named(schema, column), folders };
      if (lagMs > 0 && !isTime(of.column.type)) throw lagWithoutTime(column, describeType(of.column.type));
      if (lagMs > 0) return newestIn(of, cap);
      const newest = await this.#newest(of);
      return future === 'wait' && newest && isBeyond(newest, cap(newest.type)) ? newestIn(of, cap) : newest;
    });
    const unopened = (await this.#unopened()).map(({ folders }) => newestOf(folders, column, cap));
    const done = highestOf([...highest, ...unopened]);
    const mixed =
      done?.type.kind === 'string' && isSortableTime(done.text) ? await this.#timeForms([...highest, ...unopened], done) : undefined;
    return { done, ...(mixed !== undefined && { lastingWarnings: [mixed] }) };
  }

  /** Checks whether times that are written as texts sort by time: in the newest value of every file, and in values close to the newest value of all files. */
  async #timeForms(newest: readonly (Watermark | undefined)[], { column, text }: Watermark): Promise<string | undefined> {
    const inside = await this.#each(await this.#looked(), (file, { schema, folders }) =>
      timeTextsIn({ ...this.#options, file, column: named(schema, column), folders }, text),
    );
    const texts = [...newest.flatMap((one) => one?.text ?? []), ...inside.flat()];
    const remedy = `In CSV and JSON, declare the column as a time: types: { ${column}: timestamp } in home`;
    return mustBeInTimeOrder(texts, { place: this.place, column, remedy });
  }

  async future(column: string): Promise<{ done: FutureRows }> {
    const cap = this.#untilNow;
    let until: string | null = null;
    const beyond = await this.#each(await this.#looked(), async (file, { schema, folders }) => {
      const of = { ...this.#options, file, column: named(schema, column), folders };
      until = cap(of.column.type);
      const newest = await this.#newest(of);
      if (!newest || !isBeyond(newest, until)) return undefined;
      return { newest, rows: await countBeyond(of, cap) };
    });
    const latest = highestOf(beyond.map((file) => file?.newest));
    return { done: { rows: beyond.reduce((sum, file) => sum + (file?.rows ?? 0), 0), latest: latest?.text ?? null, until } };
  }

  readonly #untilNow: WatermarkCap = (type) => latestAt(type, this.#now ?? this.#options.clock.now()) ?? null;

  async #newest(of: FileColumn): Promise<Watermark | undefined> {
    return (await this.#range(of))?.newest;
  }

  /** The newest and the oldest value of a column in a file. Computed only once, because some formats must read the whole file. */
  #range(of: FileColumn): Promise<ValueRange | undefined> {
    const known = this.#rangeOf.get(of.file.content) ?? new Map<string, Promise<ValueRange | undefined>>();
    this.#rangeOf.set(of.file.content, known);
    const found = known.get(of.column.name) ?? rangeIn(of, uncapped);
    known.set(of.column.name, found);
    return found;
  }

  async nulls(column: string): Promise<{ done: number }> {
    const counts = await this.#each(await this.#looked(), (file, { schema, folders }) =>
      countColumnNulls({ ...this.#options, file, column: named(schema, column), folders }),
    );
    return { done: counts.reduce((sum, count) => sum + count, 0) };
  }

  async plan(window: Window, { sliceBytes }: { sliceBytes: number }): Promise<{ done: SlicePlan }> {
    const found = await this.#look();
    this.#footers.knowsPlan = true;
    const { wanted, changed, unsure, seen } = await chooseFiles(found, window, (info) => this.#footers.checksum(info));
    const opened = this.#few && new Set(this.#few.map(({ path }) => path));
    const looked = wanted.filter(({ path }) => opened === undefined || opened.has(path));
    const cut = await this.#each(looked, async ({ info, source, content }, { folders }) => {
      const { format } = this.#options;
      const { path, bytes, etag, inode } = info;
      const asked = fileWindow(window, content.schema, folders);
      if (asked.rows === 'none') return [];
      const own = await this.#ownColumns(content);
      if (own !== undefined) this.#planned.set(path, { path, origin: source.name, columns: own });
      const pieces = this.#few ? undefined : await format.cut?.({ source, content, pieceBytes: sliceBytes / 8 });
      const cut = pieces ? { ...content, pieces } : content;
      const within = await format.within({ source, content: cut, window: asked.ask });
      const inBytes = byteRanges(cut.pieces, bytes);
      const slices = cutSlices({ path, bytes, etag, ...(inode === undefined ? {} : { inode }) }, cut.pieces, within, sliceBytes);
      return slices.map((slice): FileSlice => {
        const planned = slices.length === 1 ? this.#footers.readSoFar(info) : inBytes && this.#footers.readSoFar(info, inBytes(slice));
        return planned ? { ...slice, planned } : slice;
      });
    });
    const perFile = window.seen !== null && window.changedFiles === 'replace';
    const whole = window.lower !== null && window.lower.text === window.upper?.text;
    const byPath = Map.groupBy([...cut.flat(), ...(await this.#guessed(wanted, window))], ({ path }) => path);
    const inOrder = wanted.flatMap(({ path }) => byPath.get(path) ?? []);
    const slices = groupIntoSlices(inOrder, { sliceBytes, perFile, whole });
    const moved = renamed(found, window).map(({ from, to }) => ({ from: this.#name(from), to: this.#name(to) }));
    const told = {
      ...(moved.length > 0 && { renamed: moved }),
      ...(unsure.length > 0 && { unsure: unsure.map((path) => this.#name(path)) }),
    };
    return {
      done: { slices, changed, ...(seen && { seen: { files: seen, movesOn: false } }), ...told, ...(await this.#passed(found, window)) },
    };
  }

  async #passed(found: readonly FileInfo[], { passedBefore, column }: Window): Promise<Pick<SlicePlan, 'listed' | 'passed'>> {
    if (passedBefore === undefined || column === null || this.#few) return {};
    const each = <T>(infos: readonly FileInfo[], look: (of: FileColumn) => Promise<T>) =>
      this.#each(infos, (file, { schema, folders }) => look({ ...this.#options, file, column: named(schema, column.column), folders }));
    const { below, initial, key } = passedBefore;
    const window: Window = { ...everything, column, upper: below && { text: below.text, inclusive: !below.inclusive }, nulls: 'exclude' };
    const read = (info: FileInfo, from: Watermark | null) =>
      this.#framesOf(info, { ...window, lower: from ? { text: from.text, inclusive: true } : initial });
    const passed = await passedFiles(found, passedBefore, {
      ranges: (infos) => each(infos, (of) => this.#range(of)),
      oldest: (infos) => each(infos, async (of) => (await this.#range(of))?.oldest ?? oldestIn(of)),
      below: (files, before) => rowsBelow({ files, before, column, key, read }),
      name: (path) => this.#name(path),
    });
    const listed = listedFiles(found);
    return { ...(listed && { listed }), ...(passed && { passed }) };
  }

  async *#framesOf(info: FileInfo, window: Window): AsyncGenerator<Frame> {
    const whole = wholeFileSlice(info, null);
    const { content } = await this.#footers.open(whole);
    const part = { ...whole, from: content.pieces[0]?.from ?? 0 };
    for await (const read of this.#rowsOf(part, window, new AbortController().signal)) if (!('rejected' in read)) yield read;
  }

  /** A slice for each file that was not opened and may have rows of the window. */
  async #guessed(wanted: readonly FileInfo[], { column, nulls, ...edges }: Window): Promise<readonly FileSlice[]> {
    const paths = new Set(wanted.map(({ path }) => path));
    const may = (folders: readonly PartitionValue[]): boolean => {
      const folder = folders.find(({ name }) => name === column?.column);
      if (!folder) return true;
      return folder.text === null ? nulls === 'include' : isInside(edges, { ...folder, text: folder.text });
    };
    const some = (await this.#unopened()).filter(({ info, folders }) => paths.has(info.path) && may(folders));
    const perByte = await rowsPerByte(this.#few ?? [], this.#footers);
    return some.map(({ info }) => wholeFileSlice(info, perByte));
  }

  /** Files that are only known from the listing and the names of their folders. */
  async #unopened(): Promise<readonly { readonly info: FileInfo; readonly folders: readonly PartitionValue[] }[]> {
    if (this.#few === undefined) return [];
    const opened = new Set(this.#few.map(({ path }) => path));
    const { partitions } = await this.#shaped();
    const display = (path: string) => this.#name(path);
    const others = (await this.#look()).filter(({ path }) => !opened.has(path));
    return others.map((info) => ({ info, folders: hiveValues(info.path, partitions, display) }));
  }

  /**
   * While one file is read, the next files are opened if opening a file costs requests. Each slice then needs memory for first frames: of one
   * file of up to `mostAhead`, or of three files with together `bytesAhead`. A first frame has at most 32 MB, usually far less.
   */
  async *read(slice: SliceRef, window: Window, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint | Rejected> {
    const parts = slice.ref as unknown as readonly FileSlice[];
    let i = typeof from === 'number' ? from : 0;
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const begin = (part: FileSlice) => this.#begin(part, window, either);
    for await (const { begun } of prefetchItems(parts.slice(i), begin, dropped, mayBegin)) {
      let isThrough = false;
      try {
        if (begun.first && !begun.first.done) yield begun.first.value;
        yield* begun.rest;
        isThrough = true;
      } finally {
        if (!isThrough) ended.abort();
      }
      i++;
      if (i < parts.length) yield { checkpoint: i };
    }
  }

  async #begin(part: FileSlice, window: Window, signal: AbortSignal): Promise<Begun> {
    const rest = this.#readPart(part, window, signal);
    // For a preview of some rows, no files are read ahead.
    const isAhead = this.#options.files.localPath === undefined && this.#few === undefined && part.share <= mostAhead;
    return { first: isAhead ? await rest.next() : undefined, rest };
  }

  async *#readPart(part: FileSlice, window: Window, signal: AbortSignal): AsyncGenerator<Frame | Rejected> {
    const rows = this.#rowsOf(part, window, signal);
    try {
      yield* this.#options.files.readsVersions ? rows : this.#footers.watched(part, rows);
    } catch (error) {
      throw signal.aborted ? error : await this.#footers.orChanged(part, error);
    }
  }

  async *#rowsOf(part: FileSlice, window: Window, signal: AbortSignal): AsyncGenerator<Frame | Rejected> {
    const { format, scratch, columns, exclude } = this.#options;
    const frameRows = Math.min(this.#options.frameRows, window.frameRows ?? Number.POSITIVE_INFINITY);
    const { source, content } = await this.#footers.open(part);
    const shape = await this.#shaped(part.path);
    const display = (path: string) => this.#name(path);
    const file = content.schema;
    const wanted = projection(schemaOfRows(shape, file), columns, exclude);
    const fitting = fittingOf({ shape, file, path: part.path, display, wanted });
    const asked = fileWindow(window, file, hiveValues(part.path, shape.partitions, display));
    if (asked.rows === 'none') return;
    const { partly } = this.#pinned;
    const own = await this.#ownColumns(content);
    const to = part.to ?? content.pieces.at(-1)?.to ?? part.from;
    const request = { source, content, from: part.from, to, frameBytes, frameRows, columns: fitting.read, scratch, signal };
    for await (const read of format.read({ ...request, window: asked.ask, ...(partly && { partly }) })) {
      if ('rejected' in read) yield { ...read, from: part.path };
      else yield (await reshaped(read, fitting, asked.after)).readFrom(source.name, own);
    }
  }

  /** The names of the columns in the file and in the names of its folders. Undefined: only the records of the file show the columns, so all files count as alike. */
  async #ownColumns({ schema }: FileContent): Promise<readonly string[] | undefined> {
    if (this.#options.format.samplesAll) return undefined;
    const { partitions } = await this.#shaped();
    return [...schema.columns, ...partitions].map(({ name }) => name);
  }

  #projected(shape: Shape, file: Schema): Schema {
    const schema = schemaOfRows(shape, file);
    const names = projection(schema, this.#options.columns, this.#options.exclude);
    return names === null ? schema : { columns: schema.columns.filter((column) => names.includes(column.name)) };
  }

  /** Calls a function for each file; the files must be alike. `schema` has all columns of the home. */
  async #each<T>(
    infos: readonly FileInfo[],
    look: (file: OpenedFile, as: { readonly schema: Schema; readonly folders: readonly PartitionValue[] }) => T | Promise<T>,
  ): Promise<T[]> {
    const [info] = await this.#look();
    if (!info || infos.length === 0) return [];
    const shape = await this.#shaped();
    const first = await this.#footers.open(info);
    const display = (path: string) => this.#name(path);
    const projected = (schema: Schema) => this.#projected(shape, schema);
    const schema = schemaOfRows(shape, first.content.schema);
    return this.#footers.each(infos, (file) => {
      mustAgree(file, { shape, first, projected, display });
      return look(file, { schema, folders: hiveValues(file.info.path, shape.partitions, display) });
    });
  }

  /** The newest file and the bytes of all existing files, including files that were read before. */
  async #newestFile(): Promise<NewestFile | undefined> {
    return newestOfAll(await this.#look(), this.#options.files.now?.() ?? null);
  }

  /** Nothing to close, because each read opens and closes its files. */
  async [Symbol.asyncDispose](): Promise<void> {}

  /** The files, listed once for the life of this home. If the listing fails, the next call lists again. */
  #look(): Promise<readonly FileInfo[]> {
    this.#found ??= this.#options.selection.files().catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return this.#found;
  }

  async #looked(): Promise<readonly FileInfo[]> {
    const found = await this.#look();
    return this.#few ?? found;
  }

  #name(path: string): string {
    return this.#options.selection.display(path);
  }
}

/** A file that is being read. `first`: its first frame; undefined: not requested yet. */
interface Begun {
  readonly first: IteratorResult<Frame | Rejected> | undefined;
  readonly rest: AsyncGenerator<Frame | Rejected>;
}

function mayBegin(waiting: readonly FileSlice[], next: FileSlice): boolean {
  const bytes = waiting.reduce((sum, { share }) => sum + share, next.share);
  return waiting.length === 0 || (waiting.length < filesAhead && bytes <= bytesAhead);
}

async function dropped({ rest }: Begun): Promise<void> {
  await rest.return(undefined);
}

function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]).filter((one) => one !== undefined);
}

/** A few files: the first, the last, the largest and the newest file, and others spread over all files. The choice is always the same for the same files. */
function fewOf(found: readonly FileInfo[], most: number): readonly FileInfo[] {
  const largest = found.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const newest = found.reduce((a, b) => (b.modifiedAt > a.modifiedAt ? b : a));
  const inTurn = new Set([found.at(0), found.at(-1), largest, newest, ...spread(found, most), ...found]);
  const few = new Set([...inTurn].slice(0, most));
  return found.filter((one) => few.has(one));
}

function newestOf(folders: readonly PartitionValue[], column: string, cap: WatermarkCap): Watermark | undefined {
  const folder = folders.find(({ name }) => name === column);
  const value = folder?.text == null ? undefined : { column, type: folder.type, text: folder.text };
  return value && !isBeyond(value, cap(value.type)) ? value : undefined;
}

function highestOf(values: readonly (Watermark | undefined)[]): Watermark | undefined {
  return values.reduce((a, b) => (a && (!b || compareWatermarks(a, b) >= 0) ? a : b), undefined);
}

function named(schema: Schema, name: string): Schema['columns'][number] {
  const column = schema.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  throw noColumn(name, schema);
}

/** Converts the window of a run to a request to one file. In the file, the column may be missing, have a narrower type, or be in the folder’s name. */

type FileWindow =
  /** No row of the file is in the window. */
  | { readonly rows: 'none' }
  /** `ask`: the filter for the file's format; `after`: the remaining filter. */
  | { readonly rows: 'some'; readonly ask: Window; readonly after: Window | null };

function fileWindow(window: Window, file: Schema, folders: readonly PartitionValue[]): FileWindow {
  const { column } = window;
  if (column === null) return { rows: 'some', ask: window, after: null };
  const everything: Window = { ...window, column: null, lower: null, upper: null, nulls: 'include' };
  const whole = (isIn: boolean): FileWindow => (isIn ? { rows: 'some', ask: everything, after: null } : { rows: 'none' });
  const folder = folders.find(({ name }) => name === column.column);
  if (folder) return whole(folder.text === null ? window.nulls === 'include' : isInside(window, { ...folder, text: folder.text }));
  const own = file.columns.find(({ name }) => name === column.column);
  if (!own) return whole(window.nulls === 'include');
  if (!sameType(own.type, column.type)) return { rows: 'some', ask: everything, after: window };
  return { rows: 'some', ask: window, after: null };
}

function isInside({ lower, upper }: Pick<Window, 'lower' | 'upper'>, value: PartitionValue & { readonly text: string }): boolean {
  const against = (edge: Edge) => compareWatermarks(value, { type: value.type, text: edge.text });
  if (lower && (against(lower) < 0 || (against(lower) === 0 && !lower.inclusive))) return false;
  return !(upper && (against(upper) > 0 || (against(upper) === 0 && !upper.inclusive)));
}

/** Converts rows of one file to rows of the home: types are widened, and missing values come from folder names or are null. Plans stay plans. */

/** Rows of the frame as rows of the home. Rows outside of the window `after` are left out. */
async function reshaped(frame: Frame, fitting: FileMapping, after: Window | null): Promise<Frame> {
  const fitted = await asFitted(frame, fitting);
  if (after === null) return fitted;
  const data = asPolars(fitted);
  const pl = await polars();
  const filter = windowFilter(pl, after);
  const rows = filter === undefined ? await data.collect() : await (await data.collect()).lazy().filter(filter).collect();
  return PolarsFrame.of({
    schema: fitting.schema,
    data: rows,
    bytes: Math.ceil((fitted.bytes * rows.height) / Math.max(1, fitted.rows)),
  });
}

function asFitted(frame: Frame, { schema, folders }: FileMapping): Promise<Frame> {
  const own = new Set(frame.schema.columns.map(({ name }) => name));
  const columns = schema.columns.map(({ name, type }): Conforms => {
    const text = folders.find((folder) => folder.name === name)?.text ?? null;
    return { name, type, from: own.has(name) ? name : null, fill: text === null ? null : { type, text } };
  });
  return frame.conform({ schema, columns, samples: 'show' });
}
