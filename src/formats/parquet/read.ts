import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Window } from '../../engine/contracts/home.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { describeType, sameType } from '../../frames/describe-type.ts';
import { type Arrow, arrow, type DataFrame, type LazyDataFrame, polars } from '../../frames/native.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { readCounts, toArrow } from '../../frames/values/from-polars.ts';
import { type KnownFacts, PolarsFrame } from '../../frames/values/polars-frame.ts';
import { compareWatermarkKeys, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import { prefetchItems } from '../bytes/prefetch-items.ts';
import type { Format } from '../contract/format.ts';
import { windowFilter } from '../contract/window-filter.ts';
import { damagedData, parquetError } from './errors.ts';
import { FetchedGroups } from './fetch-groups.ts';
import type { RowGroup } from './footer.ts';
import { type FileColumn, type HowToRead, holdsList } from './footer-schema.ts';
import { roomFor } from './look.ts';
import { columnNamed, type OpenedParquet, openedOf } from './opened-file.ts';
import { asTyped, finished, inMemory, needsLook, needsRows, scanPlain } from './scan.ts';
import { spooledPages } from './spooled-pages.ts';
import { boundsIn, memoryOf, nullsIn } from './statistics.ts';
import { StoredRows } from './stored-rows.ts';

type ReadRequest = Parameters<Format['read']>[0];

/** See `Format.read`. Row groups that are wanted as a whole are decoded only if their pages can’t be copied. */
export async function* readFrames(request: ReadRequest, how: HowToRead): AsyncIterable<Frame> {
  const { source, window, signal } = request;
  const opened = await openedOf(source, request.content, how);
  const columns = request.columns === null ? opened.schema.columns : request.columns.map((name) => columnNamed(opened, name, source));
  const windowColumn = window.column === null ? undefined : columnNamed(opened, window.column.column, source);
  if (windowColumn) checkType(windowColumn, window, source.name);
  const { groups } = opened.footer;
  const cuts = cutsOf({ ...request, groups, columns, windowColumn });
  const reading: ParquetReading = { request, opened, columns, all: opened.schema.columns, schema: schemaFor(columns), groups };
  for await (const frame of framesIn(reading, cuts)) {
    signal.throwIfAborted();
    if (frame.rows > 0) yield frame;
    // Buffers of native code are released only when the event loop turns.
    await setImmediate();
  }
}

/** Reads only the wanted pages, also of a local file. The pages are released when the next frame is requested. The pages of the next frame are fetched while the present frame is processed. */
async function* framesIn(reading: ParquetReading, cuts: readonly FrameCut[]): AsyncGenerator<PolarsFrame> {
  const { source, scratch, signal } = reading.request;
  const { footer } = reading.opened;
  const columns = wantedOf(reading);
  const fetch = ([first]: Run): Promise<FetchedGroups> =>
    FetchedGroups.from({ source, scratch, footer, from: first.from, to: first.to, columns, signal });
  // The decoder is loaded while the first pages are fetched. If loading fails, the error is thrown where the decoder is needed.
  setImmediate()
    .then(() => Promise.all([roomFor(scratch), arrow()]))
    .catch(() => undefined);
  const counts = new LeafCounts(columns, source.name);
  for await (const { item: run, begun: fetched } of prefetchItems(runsOf(cuts), fetch, (fetched) => fetched.free())) {
    for (const cut of run) yield await frameOf(reading, cut, { fetched, columns, counts, isLast: cut === run.at(-1) });
    fetched.recycle();
  }
}

/** Cuts of the same row groups. The pages of these row groups are read once. */
type Run = readonly [FrameCut, ...FrameCut[]];

function runsOf(cuts: readonly FrameCut[]): readonly Run[] {
  const runs: [FrameCut, ...FrameCut[]][] = [];
  for (const cut of cuts) {
    const last = runs.at(-1);
    if (last && last[0].from === cut.from && last[0].to === cut.to) last.push(cut);
    else runs.push([cut]);
  }
  return runs;
}

/** See `Format.within`. */
export async function piecesWithin(
  { source, content, window }: Parameters<Format['within']>[0],
  how: HowToRead,
): Promise<readonly boolean[]> {
  const opened = await openedOf(source, content, how);
  const column = window.column === null ? undefined : columnNamed(opened, window.column.column, source);
  if (column) checkType(column, window, source.name);
  return opened.footer.groups.map((group) => shareOf(window, group, column) !== 'none');
}

interface ParquetReading {
  readonly request: ReadRequest;
  readonly opened: OpenedParquet;
  /** The wanted columns, in the order in which they are wanted. */
  readonly columns: readonly FileColumn[];
  /** All columns of the file. */
  readonly all: readonly FileColumn[];
  readonly schema: Schema;
  readonly groups: readonly RowGroup[];
}

/** Where the rows of a cut come from. */
interface At {
  readonly fetched: FetchedGroups;
  /** The columns whose pages were fetched. */
  readonly columns: readonly FileColumn[];
  readonly counts: LeafCounts;
  /** Whether no later cut has rows of these row groups. */
  readonly isLast: boolean;
}

async function frameOf(reading: ParquetReading, cut: FrameCut, at: At): Promise<PolarsFrame> {
  const { schema } = reading;
  const stored = cut.whole && cut.share === 'all' && !needsLook(reading.columns) ? storedIn(reading, cut, at) : undefined;
  if (stored === undefined) {
    const data = await decoded(reading, cut, at);
    return PolarsFrame.of({ schema, data, bytes: cut.rows === 0 ? 0 : Math.ceil((cut.bytes * data.height) / cut.rows) });
  }
  // The rows are decoded only if a caller wants rows instead of pages, and only once.
  let rows: Promise<DataFrame> | undefined;
  const plan = async () => {
    rows ??= decoded(reading, cut, at);
    return (await rows).lazy();
  };
  const columns = (names: readonly string[]) => decodedIn(names, reading, cut, at);
  const explain = (cause: unknown) => explained(reading, cause);
  return PolarsFrame.lazy({
    schema,
    plan,
    rows: cut.rows,
    bytes: cut.bytes,
    facts: { ...factsOf(reading, cut), stored, columns, explain },
  });
}

async function explained({ request: { source } }: ParquetReading, cause: unknown): Promise<Error> {
  const failure = cause instanceof HyggeError ? cause : damagedData(source.name, cause);
  return (await source.orReplaced?.(failure)) ?? failure;
}

/** The pages of whole row groups with all columns, in the file’s order. Undefined: a column contains lists, whose pages must be decoded to know their content. */
function storedIn(reading: ParquetReading, { from, to }: FrameCut, { fetched, counts }: At): StoredRows | undefined {
  const { columns, all, opened } = reading;
  const isAll = columns.length === all.length && columns.every((column, i) => column === all[i]);
  const { name } = reading.request.source;
  return isAll && !counts.isNeeded && fetched.isReadable
    ? new StoredRows({ opened, name, pages: (range) => fetched.read(range), from, to, spool: spooledPages })
    : undefined;
}

/** A plan over the fetched pages for the rows of a cut. */
async function scanned({ opened, request }: ParquetReading, cut: FrameCut, { fetched, columns }: At): Promise<LazyDataFrame> {
  const before = opened.footer.groups.slice(0, cut.from).reduce((sum, group) => sum + group.rows, 0);
  const scan = await scanPlain(await fetched.file(), { opened, columns, name: request.source.name });
  return scan.slice(cut.start - before, cut.rows);
}

/** All rows of a cut with some columns. `needsLook` must be false for these columns. */
async function decodedIn(names: readonly string[], reading: ParquetReading, cut: FrameCut, at: At): Promise<DataFrame> {
  const columns = at.columns.filter(({ name }) => names.includes(name));
  try {
    const plan = await asTyped((await scanned(reading, cut, at)).select(...names), columns);
    const rows = await finished(inMemory(plan), columns, reading.request.source.name);
    mustHaveNulls(rows, { ...reading, columns }, cut);
    return rows;
  } catch (cause) {
    throw await explained(reading, cause);
  }
}

/** The rows of a cut that are in the window, decoded in memory. */
async function decoded(reading: ParquetReading, cut: FrameCut, at: At): Promise<DataFrame> {
  const { columns, counts, isLast } = at;
  const { window, source } = reading.request;
  const { groups } = reading.opened.footer;
  try {
    const pl = await polars();
    const plan = await asTyped(await scanned(reading, cut, at), columns);
    const filter = cut.share === 'some' ? windowFilter(pl, window) : undefined;
    const late = filter === undefined || isLate(window) || needsRows(columns) || counts.isNeeded;
    const wanted = reading.columns.map((column) => column.name);
    if (!late) return inMemory(plan.filter(filter).select(...wanted));
    const rows = inMemory(plan);
    if (rows.height !== cut.rows) throw new Error(`${cut.rows} rows were promised, but there are ${rows.height}.`);
    if (counts.isNeeded) await counts.add(rows, isLast ? groups.slice(cut.from, cut.to) : []);
    const finishedRows = await finished(rows, columns, source.name);
    if (cut.whole && filter === undefined) mustHaveNulls(finishedRows, reading, cut);
    const same = columns.length === wanted.length && columns.every(({ name }, i) => name === wanted[i]);
    if (filter === undefined) return same ? finishedRows : finishedRows.select(...wanted);
    return await finishedRows
      .lazy()
      .filter(filter)
      .select(...wanted)
      .collect();
  } catch (cause) {
    throw await explained(reading, cause);
  }
}

/** Whether the window’s column is compared only in memory: a uuid is compared as text, and becomes a text only in memory. */
function isLate({ column }: Window): boolean {
  return column?.type.kind === 'uuid';
}

/** The columns whose pages are needed. */
function wantedOf(reading: ParquetReading): readonly FileColumn[] {
  return isLate(reading.request.window) ? reading.all : unique(reading);
}

/** The columns whose values the plan needs: the wanted columns and the window’s column, each once. */
function unique({ columns, all, request }: ParquetReading): readonly FileColumn[] {
  const name = request.window.column?.column;
  return columns.some((column) => column.name === name) ? columns : [...columns, ...all.filter((column) => column.name === name)];
}

function schemaFor(columns: readonly FileColumn[]): Schema {
  return {
    columns: columns.map(({ name, type, nullable, sourceType }) => ({ name, type, nullable, ...(sourceType ? { sourceType } : {}) })),
  };
}

/** Checks the number of nulls, and names a writer that counts wrongly. Without this check, values would seem to be lost on the way. */
function mustHaveNulls(data: DataFrame, { columns, groups }: ParquetReading, { from, to }: FrameCut): void {
  const counted = new Map(data.columns.map((name, i) => [name, i]));
  const nulls = readCounts(data.nullCount());
  for (const column of columns) {
    const promised = sumOf(groups.slice(from, to).map((group) => nullsIn(group, column)));
    const found = nulls[counted.get(column.name) ?? -1];
    if (promised === undefined || promised === found) continue;
    throw new Error(`Column ${column.name} has ${promised} nulls according to its footer, but ${found} were decoded.`);
  }
}

function factsOf({ columns, groups }: ParquetReading, cut: FrameCut): KnownFacts {
  const touched = groups.slice(cut.from, cut.to);
  const nulls = columns.map((column) => sumOf(touched.map((group) => nullsIn(group, column))));
  return {
    ...(nulls.every((count) => count !== undefined) ? { nulls } : {}),
    bounds: (name) => {
      const column = columns.find((candidate) => candidate.name === name);
      return column && boundsOf(touched, column);
    },
  };
}

function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}

function boundsOf(groups: readonly RowGroup[], column: FileColumn): { readonly min: string; readonly max: string } | undefined {
  let range: { min: WatermarkKey; max: WatermarkKey } | undefined;
  for (const group of groups) {
    if (nullsIn(group, column) === group.rows) continue;
    const bounds = boundsIn(group, column);
    if (bounds === undefined) return undefined;
    range = {
      min: range && compareWatermarkKeys(range.min, bounds.min) <= 0 ? range.min : bounds.min,
      max: range && compareWatermarkKeys(range.max, bounds.max) >= 0 ? range.max : bounds.max,
    };
  }
  return range && { min: watermarkText(column.type, range.min), max: watermarkText(column.type, range.max) };
}

function checkType(column: FileColumn, window: Window, file: string): void {
  if (window.column === null || sameType(column.type, window.column.type)) return;
  throw parquetError(
    'HYG-3112',
    `Column ${column.name} of ${file} is ${describeType(column.type)}, not ${describeType(window.column.type)}.`,
  );
}

/**
 * Compares the decoded values of columns with lists with the footer, because lists are empty if pages are misread. The rows of a row group
 * may arrive in parts, one after the other.
 */
class LeafCounts {
  readonly #columns: readonly FileColumn[];
  readonly #name: string;
  #counted: number[] = [];

  constructor(columns: readonly FileColumn[], name: string) {
    this.#columns = columns.filter(({ type }) => holdsList(type));
    this.#name = name;
  }

  get isNeeded(): boolean {
    return this.#columns.length > 0;
  }

  /** @param groups the row groups that end with these rows. Empty: more rows of the same groups follow. */
  async add(data: DataFrame, groups: readonly RowGroup[]): Promise<void> {
    const table = await toArrow(data.select(...this.#columns.map(({ name }) => name)));
    const counted: number[] = [];
    for (const [i, { type }] of this.#columns.entries()) {
      const before = counted.length;
      for (const piece of table.getChildAt(i)?.data ?? []) {
        const leaves: number[] = [];
        countLeaves(piece, { type, missing: 0 }, leaves);
        for (const [leaf, values] of leaves.entries()) counted[before + leaf] = (counted[before + leaf] ?? 0) + values;
      }
    }
    this.#counted = counted.map((values, leaf) => values + (this.#counted[leaf] ?? 0));
    if (groups.length === 0) return;
    this.#compare(groups);
    this.#counted = [];
  }

  #compare(groups: readonly RowGroup[]): void {
    const leaves = this.#columns.flatMap(({ name, leaf, leaves: count }) =>
      Array.from({ length: count }, (_, i) => ({ name, leaf: leaf + i })),
    );
    for (const [i, { name, leaf }] of leaves.entries()) {
      const promised = groups.reduce((sum, { chunks }) => sum + (chunks[leaf]?.values ?? 0), 0);
      const found = this.#counted[i] ?? 0;
      if (found === promised) continue;
      throw damagedData(this.#name, new Error(`Column ${name} has ${promised} values according to its footer, but ${found} were decoded.`));
    }
  }
}

interface Level {
  readonly type: DataType;
  /** The number of lists above that are null or empty. Each counts as one value in every leaf below. */
  readonly missing: number;
}

/** Adds the number of entries of each leaf below, counted as the format counts them. */
function countLeaves(data: Arrow.Data, { type, missing }: Level, into: number[]): void {
  if (type.kind === 'struct') {
    for (const [i, field] of type.fields.entries()) {
      const child = data.children[i];
      if (child) countLeaves(child, { type: field.type, missing }, into);
    }
  } else if (type.kind === 'list') {
    const offsets = data.valueOffsets as unknown as Int32Array | BigInt64Array;
    const child = data.children[0];
    if (child === undefined) return;
    let none = 0;
    for (let i = 0; i < data.length; i++) if (offsets[i] === offsets[i + 1]) none++;
    const [from, to] = data.length === 0 ? [0, 0] : [Number(offsets[0]), Number(offsets[data.length])];
    const items = from === 0 && to === child.length ? child : child.slice(from, to - from);
    countLeaves(items, { type: type.item, missing: missing + none }, into);
  } else into.push(data.length + missing);
}

/** Consecutive rows that become one frame, before the window’s filter: some whole row groups, or a part of a row group that is too large. */
interface FrameCut {
  /** The number of the cut’s first row in the file. */
  readonly start: number;
  readonly rows: number;
  /** The estimated size in memory, in bytes. */
  readonly bytes: number;
  /** The numbers of the row groups that the cut touches: `from` inclusive to `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  readonly share: Exclude<Share, 'none'>;
}

interface CutRequest {
  readonly groups: readonly RowGroup[];
  readonly from: number;
  readonly to: number;
  readonly columns: readonly FileColumn[];
  readonly window: Window;
  readonly windowColumn: FileColumn | undefined;
  readonly frameBytes: number;
  readonly frameRows: number;
}

/** Combines small row groups into cuts, and divides large row groups into equal parts. Row groups outside the window are left out. */
function cutsOf(request: CutRequest): readonly FrameCut[] {
  const { groups, from, to, columns, window, windowColumn } = request;
  const cuts: FrameCut[] = [];
  let start = groups.slice(0, from).reduce((sum, group) => sum + group.rows, 0);
  for (let number = from; number < to; number++) {
    const group = groups[number];
    if (group === undefined) break;
    const share = shareOf(window, group, windowColumn);
    if (share !== 'none' && group.rows > 0) {
      const cut: FrameCut = { start, rows: group.rows, bytes: memoryOf(group, columns), from: number, to: number + 1, whole: true, share };
      const last = cuts.at(-1);
      if (last && fitsBehind(last, cut, request))
        cuts.splice(-1, 1, { ...last, rows: last.rows + cut.rows, bytes: last.bytes + cut.bytes, to: cut.to });
      else cuts.push(...divided(cut, request));
    }
    start += group.rows;
  }
  return cuts;
}

function fitsBehind(last: FrameCut, cut: FrameCut, { frameBytes, frameRows }: CutRequest): boolean {
  return (
    last.whole &&
    last.share === cut.share &&
    last.to === cut.from &&
    last.rows + cut.rows <= frameRows &&
    last.bytes + cut.bytes <= frameBytes
  );
}

/**
 * Divides a cut into equal parts, so that no part is tiny. Each part starts again in its row group, which costs time (twice the time for 8
 * parts, 7 times for 40). Parts may therefore be larger than other frames: up to twice, and in very large row groups up to four times.
 */
function divided(cut: FrameCut, { frameBytes, frameRows }: CutRequest): readonly FrameCut[] {
  const parts = Math.max(cut.rows / frameRows, cut.bytes / frameBytes);
  const length = Math.min(cut.rows, Math.ceil(parts / Math.min(4, Math.max(2, parts / 8))));
  if (length <= 1) return [cut];
  return Array.from({ length }, (_, index) => {
    const first = Math.floor((cut.rows * index) / length);
    const rows = Math.floor((cut.rows * (index + 1)) / length) - first;
    return { ...cut, start: cut.start + first, rows, bytes: Math.ceil((cut.bytes * rows) / cut.rows), whole: false };
  });
}

/** How much of a row group is in a window, as the statistics show. */
type Share = 'none' | 'all' | 'some';

/** Whether all rows are in the window. */
function takesAll(window: Window): boolean {
  return window.column === null || (window.lower === null && window.upper === null && window.nulls === 'include');
}

function shareOf(window: Window, group: RowGroup, column: FileColumn | undefined): Share {
  if (takesAll(window) || group.rows === 0) return 'all';
  if (column === undefined) return 'some';
  const nulls = nullsIn(group, column);
  if (nulls === group.rows) return window.nulls === 'include' ? 'all' : 'none';
  const nullShare = nulls === 0 ? 'both' : nulls === undefined ? 'unknown' : window.nulls === 'include' ? 'in' : 'out';
  const values = valueShare(window, group, column);
  if (values === 'all') return nullShare === 'both' || nullShare === 'in' || window.nulls === 'include' ? 'all' : 'some';
  if (values === 'none') return nullShare === 'both' || window.nulls === 'exclude' ? 'none' : 'some';
  return 'some';
}

function valueShare({ lower, upper }: Window, group: RowGroup, column: FileColumn): Share {
  if (lower === null && upper === null) return 'all';
  const bounds = boundsIn(group, column);
  if (bounds === undefined) return 'some';
  const { type } = column;
  const overLower =
    lower === null
      ? 'all'
      : side(
          compareWatermarkKeys(bounds.min, watermarkKey(type, lower.text)),
          compareWatermarkKeys(bounds.max, watermarkKey(type, lower.text)),
          lower.inclusive,
        );
  const underUpper =
    upper === null
      ? 'all'
      : side(
          -compareWatermarkKeys(bounds.max, watermarkKey(type, upper.text)),
          -compareWatermarkKeys(bounds.min, watermarkKey(type, upper.text)),
          upper.inclusive,
        );
  if (overLower === 'none' || underUpper === 'none') return 'none';
  return overLower === 'all' && underUpper === 'all' ? 'all' : 'some';
}

/** How much is inside one edge of the window. `near`, `far`: how the nearer and the farther bound compare with the edge; a positive number is inside. */
function side(near: number, far: number, inclusive: boolean): Share {
  if (near > 0 || (inclusive && near === 0)) return 'all';
  return far < 0 || (!inclusive && far === 0) ? 'none' : 'some';
}
