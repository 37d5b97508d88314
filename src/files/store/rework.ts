/** Copy-on-write in a file store: a file with rows inside and outside of a range is rewritten without the rows inside. If a column gets another type, the file is rewritten with the new type. */

import type { DeletedRows } from '../../delta/values/deleted-rows.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import { type Checkpoint, type Edge, everything, type SliceRef, type Window } from '../../engine/contracts/home.ts';
import {
  hullOf,
  type Range,
  type Ranges,
  type RetypedColumn,
  type Rework,
  type ReworkCount,
  type ReworkPlan,
  type ReworkScope,
} from '../../engine/contracts/replacing.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { FileContent, FileSource, Format } from '../../formats/contract/format.ts';
import { describeType, sameType } from '../../frames/describe-type.ts';
import type { rowsWithin } from '../../frames/row-sum/some-rows.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { asColumn } from '../../frames/values/conforms.ts';
import { rejectedMark, schemaOfRole } from '../../frames/values/rejected-rows.ts';

import { FileNotFound, type FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';

import type { Json } from '../../ports/values.ts';
import { defined } from '../../ports/values.ts';
import type { HeadLog, ListedFile, QuarantinedFile } from './head/head-log.ts';
import { quarantineOverlap, rangeIn, rangesIn, rangesOverlap, sidesOf, type Times } from './range.ts';
import { compareContent } from './settled-content.ts';
import type { OpenPartOptions } from './staging/open-part.ts';
import { withoutColumns } from './staging/partition-by.ts';

export interface ReworkOptions extends OpenPartOptions, Times {
  readonly files: FileSystem;
  readonly log: Pick<HeadLog, 'read'>;
  readonly where: string;
  /** For a store whose files may have rows that are marked as deleted. */
  readonly marked?: MarkedRows;
}

/** The rows of files that are marked as deleted, so that readers leave these rows out. */
export interface MarkedRows {
  /** The marked rows of a file; null: no row is marked. @param rows the number of rows in the file. */
  deletedIn(name: string, rows: number): Promise<DeletedRows | null>;
  /** The names of files with so many marked rows that a compaction rewrites them, whatever their size. */
  foldable(): Promise<ReadonlySet<string>>;
  /** `rowsWithin`, or its replacement when frames are simulated. */
  readonly within: typeof rowsWithin;
}

const frameBytes = 32 * 1024 * 1024;
const frameRows = 245_760;

/** The facts about a file that a slice keeps in the plan. */
type FileRef = Pick<ListedFile, 'name' | 'bytes' | 'checksum' | 'min' | 'max' | 'unmarked' | 'style' | 'vector'> & {
  /** No row of the file is in the range. */
  readonly outside?: true;
};

export function fileOfSlice({ ref }: SliceRef): Pick<FileRef, 'name' | 'style' | 'vector'> {
  return ref as unknown as FileRef;
}

/** The position in a file: the piece, and within the piece the window: rows below the ranges, between two ranges, or above them. */
interface Place {
  readonly piece: number;
  readonly side: number;
}

export class FileRework implements Rework {
  readonly #options: ReworkOptions;

  constructor(options: ReworkOptions) {
    this.#options = options;
  }

  async plan({ range, retyped }: ReworkScope): Promise<{ done: ReworkPlan }> {
    const { log, format } = this.#options;
    const found = await retry(() => log.read());
    // Files of some formats contain no types. In such files nulls need no new type, so no column is retyped.
    const columns = format.rereading ? [] : retyped.map(({ column }) => column);
    const listed = (found?.head.files ?? []).map((file) => ({
      file,
      held: range === null ? 'none' : rangesOverlap(file, range),
      mayRetype: file.role !== 'foreign' && columns.some((column) => !Object.hasOwn(file.partition ?? {}, column)),
    }));
    const goes = (found?.head.quarantine ?? []).filter(({ correction }) => correction !== true);
    const apart = range === null ? [] : goes.map((file) => ({ file, held: quarantineOverlap(file, range) }));
    const slices = listed.flatMap(({ file, held, mayRetype }) => {
      if (held === 'some') return [sliceOf(file)];
      return held === 'none' && mayRetype ? [sliceOf(file, { outside: true })] : [];
    });
    return {
      done: {
        slices: [...slices, ...apart.flatMap(({ file, held }) => (held === 'some' ? [sliceOfApart(file)] : []))],
        whole: [...listed, ...apart].filter(({ held }) => held === 'whole').length,
        leaves: listed.some(({ held, mayRetype }) => held === 'none' && !mayRetype),
      },
    };
  }

  /** Counts the rows in the range. Reads only the watermark, and only the pieces that may contain rows of the range. */
  async count(slice: SliceRef, work: ReworkScope, signal: AbortSignal): Promise<ReworkCount> {
    if (slice.apart) {
      const { name, bytes } = slice.ref as unknown as FileRef;
      const info = await retry(() => this.#options.files.stat(name));
      // The file is missing: it was older than `keep`, or a person has removed it.
      if (!info) return { rowsInRange: slice.rows ?? 0, rowsOfPart: slice.rows, retypes: false };
      // A person has changed the file. The file counts as a file without rows in the range, because no visible row depends on this file.
      if (info.bytes !== bytes) return { rowsInRange: 0, rowsOfPart: slice.rows, retypes: false };
    }
    const opened = await this.#open(slice, work);
    const rowsOfPart = slice.rows ?? opened.content.rows;
    const { within } = opened;
    const retypes = opened.retyped.length > 0;
    if (within === null) return { rowsInRange: 0, rowsOfPart, retypes };
    let rowsInRange = 0;
    for (const window of inside(within))
      for await (const { rows } of this.#rows(opened, { window, columns: [within.column], signal })) rowsInRange += rows;
    return { rowsInRange, rowsOfPart, retypes };
  }

  async *read(slice: SliceRef, work: ReworkScope, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    await mustBeWhatSettled(slice, this.#options);
    yield* this.readAsItIs(slice, work, from, signal);
  }

  /** Like `read`, for callers that do not rewrite the rows. Reads the current content of the file, even if it differs from the settled content. */
  async *readAsItIs(slice: SliceRef, work: ReworkScope, from: Json | undefined, signal: AbortSignal): AsyncGenerator<Frame | Checkpoint> {
    const opened = await this.#open(slice, work);
    const { within, content, retyped, source } = opened;
    const windows = within === null ? [everything] : staying(slice, within);
    const start: Place = (from as unknown as Place | undefined) ?? { piece: 0, side: 0 };
    for (let { piece } = start; piece < content.pieces.length; piece++) {
      for (const [side, window] of windows.entries()) {
        if (window === null || (piece === start.piece && side < start.side)) continue;
        if (piece !== start.piece || side !== start.side) yield { checkpoint: { piece, side } };
        for await (const frame of this.#rows(opened, { window, columns: null, signal }, piece))
          yield await inTypes(frame, retyped, source.name);
      }
    }
  }

  /** The rows in the ranges. */
  async *readRanges(slice: SliceRef, ranges: Ranges, signal: AbortSignal): AsyncGenerator<Frame> {
    const opened = await this.#open(slice, { range: ranges, retyped: [] });
    if (opened.within === null) return;
    for (const window of inside(opened.within)) yield* this.#rows(opened, { window, columns: null, signal });
  }

  /** All rows, with the columns of the file. Columns that settled later are left out, in every format. */
  async *readOwnColumns(slice: SliceRef, signal: AbortSignal): AsyncGenerator<Frame> {
    const opened = await this.#open(slice, { range: null, retyped: [] }, false);
    yield* this.#rows(opened, { window: everything, columns: null, signal });
  }

  /** The columns with the given names, for all rows. */
  async *readColumns(slice: SliceRef, names: readonly string[], signal: AbortSignal): AsyncGenerator<Frame> {
    const opened = await this.#open(slice, { range: null, retyped: [] });
    const own = opened.content.schema.columns.map(({ name }) => name).filter((name) => names.includes(name));
    yield* this.#rows(opened, { window: everything, columns: own.length === 0 ? null : own, signal });
  }

  /**
   * The rows of a window (`isWithin`), if the bounds can be compared with the column’s type in the file; else all
   * rows.
   */
  async *readWithin(
    slice: SliceRef,
    window: Window,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly frame: Frame; readonly isWithin: boolean }> {
    const opened = await this.#open(slice, { range: null, retyped: [] });
    const within = windowIn(opened.content.schema, window, this.#options);
    for await (const frame of this.#rows(opened, { window: within ?? everything, columns: null, signal }))
      yield { frame, isWithin: within !== undefined };
  }

  #rows(opened: OpenedFile, asked: AskedRows, at?: number): AsyncGenerator<Frame> {
    return rowsOf(opened, { ...asked, scratch: this.#options.scratch, ...(at === undefined ? {} : { at }) });
  }

  async #open(slice: SliceRef, { range: asked, retyped }: ReworkScope, padded = true): Promise<OpenedPart> {
    const range = asked && slice.apart?.role === 'quarantine' ? { ...asked, column: rejectedMark } : asked;
    const { log, format, apartFormat = format } = this.#options;
    const written = slice.apart ? apartFormat : format;
    const { outside, style } = slice.ref as unknown as FileRef;
    const source = await settledSource(slice, this.#options);
    const settled = (await retry(() => log.read()))?.head.schema ?? { columns: [] };
    const ofRole = slice.apart ? schemaOfRole(slice.apart.role, settled, asked?.type) : settled;
    const schema = withoutColumns(ofRole, Object.keys(slice.partition ?? {}));
    const all = await openedFile(source, { schema, style, padded }, { ...this.#options, format: written });
    const opened = slice.apart ? all : await withMarks(all, fileOfSlice(slice), this.#options.marked);
    const { content } = opened;
    const types = new Map(content.schema.columns.map((column) => [column.name, column.type]));
    return {
      ...opened,
      within: range === null || outside ? null : inFile(types.get(range.column), range, { file: source.name, times: this.#options }),
      retyped: written.rereading || slice.apart ? [] : retyped.filter(({ column, type }) => !sameType(types.get(column) ?? type, type)),
    };
  }
}

/** A settled file, opened by its format. */
export interface OpenedFile {
  readonly source: FileSource;
  readonly content: FileContent;
  readonly format: Format;
  /** The rows that are left out. Absent: no rows are left out. */
  readonly marks?: { readonly deleted: DeletedRows; readonly within: MarkedRows['within'] };
}

/** The file of a slice without the rows that are marked as deleted. */
export async function withMarks(
  opened: OpenedFile,
  { name, vector }: Pick<FileRef, 'name' | 'vector'>,
  marked: MarkedRows | undefined,
): Promise<OpenedFile> {
  const deleted = marked === undefined || vector === undefined ? null : await marked.deletedIn(name, opened.content.rows ?? 0);
  return marked === undefined || deleted === null ? opened : { ...opened, marks: { deleted, within: marked.within } };
}

/**
 * Compares the file of a slice, whose rows are to be rewritten, with the checksum in the slice. Throws HYG-4110 if its content differs from the settled content, although
 * its size and time match.
 */
export async function mustBeWhatSettled(slice: SliceRef, { files, where }: Pick<ReworkOptions, 'files' | 'where'>): Promise<void> {
  const { name, bytes, checksum } = slice.ref as unknown as FileRef;
  // Rows that settled apart are not compared, because a person may change them.
  if (checksum === undefined || slice.apart) return;
  const { found } = await compareContent(files, { name, bytes, checksum, rows: null, role: 'data' });
  if (found === 'changed')
    throw notTheSettledFile(`${where}: ${name}`, 'By checksum, the content of the file differs from the settled content.');
}

/** The file of a slice. Throws HYG-4110 if the file is missing or its size differs from the settled size. */
export async function settledSource(slice: SliceRef, { files, where }: Pick<ReworkOptions, 'files' | 'where'>): Promise<FileSource> {
  const { name, bytes } = slice.ref as unknown as FileRef;
  const shown = `${where}: ${name}`;
  const info = await retry(() => files.stat(name));
  if (info?.bytes !== bytes)
    throw notTheSettledFile(shown, info ? `The file settled with ${bytes} bytes and has ${info.bytes}.` : 'It is gone.');
  const localPath = files.localPath?.(name);
  return {
    name: shown,
    bytes,
    ...(localPath === undefined ? {} : { localPath }),
    read: (part, into) =>
      retry(() => files.read(name, part, { into })).catch((error: unknown) => {
        throw error instanceof FileNotFound ? notTheSettledFile(shown, 'It is gone.') : error;
      }),
  };
}

/** Opens a settled file. @param settled the columns that settled in the file, how the file is written, and `padded` of `Format.rereading`. */
export async function openedFile(
  source: FileSource,
  { schema, style, padded = true }: { readonly schema: Schema; readonly style?: Json | undefined; readonly padded?: boolean },
  { format: written, scratch }: Pick<OpenPartOptions, 'format' | 'scratch'>,
): Promise<OpenedFile> {
  const { format, pinned } = (await written.rereading?.({
    source,
    schema,
    padded,
    scratch,
    ...(style === undefined ? {} : { style }),
  })) ?? {
    format: written,
    pinned: null,
  };
  return { source, format, content: await format.inspect(source, pinned) };
}

interface AskedRows {
  readonly window: Window;
  readonly columns: readonly string[] | null;
  readonly signal: AbortSignal;
}

/** The rows of a window, in order. `at`: only rows of the piece with this index. */
export async function* rowsOf(
  { source, content, format, marks }: OpenedFile,
  { at, ...asked }: AskedRows & Pick<OpenPartOptions, 'scratch'> & { readonly at?: number },
): AsyncGenerator<Frame> {
  const within = await format.within({ source, content, window: asked.window });
  let start = 0;
  for (const [i, { from, to, rows }] of content.pieces.entries()) {
    const first = start;
    start += rows ?? 0;
    if (within[i] === false || (at !== undefined && at !== i)) continue;
    const how = marks === undefined ? asked : wholePieces(asked);
    let row = first;
    for await (const read of format.read({ source, content, from, to, frameBytes, frameRows, ...how })) {
      if ('rejected' in read) throw notTheSettledFile(source.name, 'Some of its rows can not be read.');
      const left = marks === undefined ? read : await unmarked(read, { marks, row, window: asked.window });
      row += read.rows;
      if (left.rows > 0 || marks === undefined) yield left;
    }
  }
}

/** A request for whole pieces. Marked rows are identified by their positions, so they must be removed before the window is applied. */
function wholePieces<T extends AskedRows>(asked: T): T {
  const { window, columns } = asked;
  const name = window.column?.column;
  const more = columns === null || name === undefined || columns.includes(name) ? columns : [...columns, name];
  return { ...asked, columns: more, window: everything };
}

async function unmarked(
  frame: Frame,
  { marks, row, window }: { readonly marks: NonNullable<OpenedFile['marks']>; readonly row: number; readonly window: Window },
): Promise<Frame> {
  const { deleted, within } = marks;
  const isLess = deleted.countIn(row, row + frame.rows) > 0;
  const left = isLess ? await frame.pick(Uint8Array.from({ length: frame.rows }, (_, i) => Number(!deleted.isDeleted(row + i)))) : frame;
  const { column, lower, upper, nulls } = window;
  return column === null || left.rows === 0 ? left : within(left, { column, lower, upper, nulls });
}

interface OpenedPart extends OpenedFile {
  /** The ranges in the type of the file’s column; null: no row of the file is in the ranges. */
  readonly within: Ranges | null;
  /** The columns that get another type and that the file has with the old type. */
  readonly retyped: readonly RetypedColumn[];
}

/** A slice of all rows of a listed file. */
export function sliceOf(file: ListedFile, more: Pick<FileRef, 'outside'> = {}): SliceRef {
  const { name, bytes, checksum, rows, role, min, max, unmarked, source, sources, partition, style, vector } = file;
  const edges = { ...defined({ min, max }) };
  const ref: FileRef = {
    name,
    bytes,
    ...(checksum === undefined ? {} : { checksum }),
    ...edges,
    ...defined({ unmarked, style, vector }),
    ...more,
  };
  return {
    ref: ref as unknown as Json,
    rows,
    bytes,
    ...defined({ source, sources, partition }),
    ...(role === 'boundary' ? { group: true } : {}),
  };
}

/** A slice of all rows of a file in quarantine. */
export function sliceOfApart({ broken, correction, ofGroup, run, ...file }: QuarantinedFile): SliceRef {
  const role = correction ? ('correction' as const) : broken ? ('broken' as const) : ('quarantine' as const);
  return { ...sliceOf({ ...file, role: 'data' }), apart: { role, ofGroup: ofGroup === true, ...(run === undefined ? {} : { run }) } };
}

/** The rows with retyped columns. These columns have only nulls, which stay nulls. */
async function inTypes(frame: Frame, retyped: readonly RetypedColumn[], file: string): Promise<Frame> {
  if (retyped.length === 0) return frame;
  const nulls = await frame.nullCounts();
  const types = new Map(retyped.map(({ column, type }) => [column, type]));
  const schema: Schema = {
    columns: frame.schema.columns.map(({ name, type, nullable }, at) => {
      const now = types.get(name);
      if (now !== undefined && nulls[at] !== frame.rows) throw hasValues(file, name, { is: describeType(type), wanted: describeType(now) });
      return { name, type: now ?? type, nullable };
    }),
  };
  const columns = schema.columns.map((column) => asColumn(column, types.has(column.name) ? null : column.name));
  return frame.conform({ schema, columns, samples: 'mask' });
}

/** The ranges in the type of the file’s column. Throws if the file has no such column: it was changed, or is read in another way than when it settled, so rows might occur twice. */
function inFile(type: DataType | undefined, ranges: Ranges, { file, times }: { readonly file: string; readonly times: Times }): Ranges {
  if (type === undefined)
    throw notTheSettledFile(file, `It has no column ${ranges.column}, or its format is not the format of the store now.`);
  const within = sameType(type, ranges.type) ? ranges : rangesIn(type, ranges, times);
  if (within === undefined) throw notThisType(file, ranges.column, { is: describeType(type), wanted: describeType(ranges.type) });
  return within;
}

/** A window in the type of a file’s column; undefined: the window can’t filter the file. */
function windowIn({ columns }: Schema, { column, lower, upper, nulls }: Window, times: Times): Window | undefined {
  const type = columns.find(({ name }) => name === column?.column)?.type;
  if (column === null || type === undefined || lower === null) return undefined;
  const range: Range = { ...column, from: lower, to: upper, group: 'rows' };
  const within = sameType(type, column.type) ? range : rangeIn(type, range, times);
  return within && windowOf(within, { lower: within.from, upper: within.to, nulls });
}

type Limits = Pick<Window, 'lower' | 'upper' | 'nulls'>;

function windowOf({ column, type }: Pick<Range, 'column' | 'type'>, limits: Limits): Window {
  return { column: { column, type }, seen: null, changedFiles: 'fail', ...limits };
}

/** The windows of the rows in the ranges. Rows without a watermark are in the first window. */
function inside(ranges: Ranges): readonly Window[] {
  return ranges.ranges.map(({ from, to }, at) =>
    windowOf(ranges, { lower: from, upper: to, nulls: ranges.group === 'with nulls' && at === 0 ? 'include' : 'exclude' }),
  );
}

/** The windows of the rows outside of the ranges: below the ranges and without a watermark, between two ranges, and above the ranges. Null: such rows can’t exist. */
function staying(slice: SliceRef, ranges: Ranges): readonly (Window | null)[] {
  const { below, above } = sidesOf(slice.ref as unknown as FileRef, ranges);
  const beyond = (edge: Edge): Edge => ({ text: edge.text, inclusive: !edge.inclusive });
  const { from, to } = hullOf(ranges.ranges);
  const between = ranges.ranges.slice(1).map((next, at): Limits => {
    const end = ranges.ranges[at]?.to ?? null;
    return { lower: end && beyond(end), upper: beyond(next.from), nulls: 'exclude' };
  });
  return [
    below ? windowOf(ranges, { lower: null, upper: beyond(from), nulls: ranges.group === 'with nulls' ? 'exclude' : 'include' }) : null,
    ...between.map((limits) => windowOf(ranges, limits)),
    above && to ? windowOf(ranges, { lower: beyond(to), upper: null, nulls: 'exclude' }) : null,
  ];
}

/** Why rows can't be removed from a settled file. */

function notTheSettledFile(name: string, why: string): StoreError {
  return new StoreError({
    code: 'HYG-4110',
    what: `${name} is not the file that settled.`,
    why: [why, 'Without that file, hygge does not know which rows to keep.'],
    tryThis: [
      'Restore the earlier file',
      'Or accept the existing data: hygge reset FLOW.ENTITY --adopt',
      'Or load everything again: hygge reset FLOW.ENTITY',
    ],
  });
}

function hasValues(name: string, column: string, types: { readonly is: string; readonly wanted: string }): StoreError {
  return new StoreError({
    code: 'HYG-4110',
    what: `${column} can't become ${types.wanted} in ${name}.`,
    why: [`The column has values of type ${types.is} in this file, but settled without values.`],
    tryThis: ['Load everything again once, so that all files have the same type: hygge reset FLOW.ENTITY, then hygge go'],
  });
}

function notThisType(name: string, column: string, types: { readonly is: string; readonly wanted: string }): StoreError {
  return new StoreError({
    code: 'HYG-4110',
    what: `The rows of ${name} can't be identified by ${column}.`,
    why: [`The column is ${types.is} in the file, and the range has ${types.wanted}.`],
    tryThis: ['Load everything again once, so that all files have the same type: hygge reset FLOW.ENTITY, then hygge go'],
  });
}
