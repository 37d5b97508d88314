import { setImmediate } from 'node:timers/promises';
import type { Frame, Window } from '../../../engine/contracts.ts';
import { HyggeError } from '../../../errors/hygge-error.ts';
import { describeType, sameType } from '../../../frames/describe-type.ts';
import { arrow, type LazyDataFrame, polars } from '../../../frames/native.ts';
import { type KnownFacts, PolarsFrame } from '../../../frames/polars-frame.ts';
import type { Schema } from '../../../frames/schema.ts';
import { compareKeys, type WatermarkKey, watermarkText } from '../../../frames/watermark-text.ts';
import { framesAreKept, framesAreLetGo } from '../../fewer-collections.ts';
import { fileBytes, type Range } from '../../file-bytes.ts';
import type { Format } from '../../format.ts';
import { oneAhead } from '../../one-ahead.ts';
import { windowFilter } from '../../window-filter.ts';
import { type Cut, cutsOf } from './cuts.ts';
import { damagedData, parquetError } from './errors.ts';
import { Fetched } from './fetched.ts';
import type { RowGroup } from './footer.ts';
import type { FileColumn } from './footer-schema.ts';
import { roomFor } from './look.ts';
import { columnNamed, type Opened, openedOf } from './opened.ts';
import { shareOf } from './prune.ts';
import { asTyped, finished, needsRows, scanCopy, scanFile } from './scan.ts';
import { boundsIn, nullsIn } from './statistics.ts';
import { StoredRows } from './stored.ts';

type ReadRequest = Parameters<Format['read']>[0];

/** See `Format.read`. Whole row groups of a local file that pass untouched stay a plan: decoded and encoded in one go by whoever writes them. */
export async function* readFrames(request: ReadRequest): AsyncIterable<Frame> {
  const { source, window, signal } = request;
  const opened = await openedOf(source, request.content);
  const columns = request.columns === null ? opened.schema.columns : request.columns.map((name) => columnNamed(opened, name, source));
  const windowColumn = window.column === null ? undefined : columnNamed(opened, window.column.column, source);
  if (windowColumn) checkType(windowColumn, window, source.name);
  const { groups } = opened.footer;
  const cuts = cutsOf({ ...request, groups, columns, windowColumn });
  const reading: Reading = { request, opened, columns, all: opened.schema.columns, schema: schemaFor(columns), groups };
  const frames = source.localPath === undefined ? remoteFrames(reading, cuts) : localFrames(reading, cuts, source.localPath);
  for await (const frame of frames) {
    signal.throwIfAborted();
    if (frame.rows > 0) yield frame;
    // Buffers of native code are given back only when the event loop turns.
    await setImmediate();
  }
}

async function* localFrames(reading: Reading, cuts: readonly Cut[], path: string): AsyncGenerator<PolarsFrame> {
  let scanned: Promise<LazyDataFrame> | undefined;
  // Not before somebody asks for it: rows that are copied are on their way by then.
  const scan = (): Promise<LazyDataFrame> => (scanned ??= scanFile(path, reading.opened, reading.request.source.name));
  const pages = (range: Range) => fileBytes(path, range);
  for (const cut of cuts) yield await frameOf(reading, cut, { scan, pages, inMemory: false });
}

/** Only the wanted pages are fetched; they are gone when the next frame is asked for. Its own come while this one is at work. */
async function* remoteFrames(reading: Reading, cuts: readonly Cut[]): AsyncGenerator<PolarsFrame> {
  const { source, scratch, signal } = reading.request;
  const { footer } = reading.opened;
  const columns = wantedOf(reading);
  // Pages lie in memory that is used again, and most of their rows are copied; whoever keeps frames has the last word.
  framesAreLetGo();
  const fetch = ({ from, to }: Cut): Promise<Fetched> => Fetched.from({ source, scratch, footer, from, to, columns, signal });
  // What the first pages will need is got ready when they have been asked for, while they come; that it can't be is met where it is needed.
  setImmediate()
    .then(() => Promise.all([roomFor(scratch), arrow()]))
    .catch(() => undefined);
  for await (const { item: cut, begun: fetched } of oneAhead(cuts, fetch, (fetched) => fetched.free())) {
    const scan = async () => scanCopy(await fetched.file(), reading.opened, source.name);
    yield await frameOf(reading, cut, { scan, pages: (range) => fetched.read(range), inMemory: true });
    fetched.recycle();
  }
}

/** See `Format.within`. */
export async function piecesWithin({ source, content, window }: Parameters<Format['within']>[0]): Promise<readonly boolean[]> {
  const opened = await openedOf(source, content);
  const column = window.column === null ? undefined : columnNamed(opened, window.column.column, source);
  if (column) checkType(column, window, source.name);
  return opened.footer.groups.map((group) => shareOf(window, group, column) !== 'none');
}

interface Reading {
  readonly request: ReadRequest;
  readonly opened: Opened;
  /** Wanted, in order. */
  readonly columns: readonly FileColumn[];
  /** In the file. */
  readonly all: readonly FileColumn[];
  readonly schema: Schema;
  readonly groups: readonly RowGroup[];
}

/** Where rows are read: `scan` is a plan over a file that has them where the source has them. */
interface At extends Pick<StoredRows, 'pages' | 'inMemory'> {
  readonly scan: () => Promise<LazyDataFrame>;
}

async function frameOf(reading: Reading, cut: Cut, at: At): Promise<PolarsFrame> {
  const rows = async () => (await at.scan()).slice(cut.start, cut.rows);
  if (cut.share === 'some' || needsRows(reading.columns)) return collected(reading, cut, await rows());
  const plan = async () => asTyped(selected(await rows(), reading), reading.columns);
  const { source } = reading.request;
  const explain = async (cause: unknown): Promise<Error> => {
    const failure = cause instanceof HyggeError ? cause : damagedData(source.name, cause);
    return (await source.orReplaced?.(failure)) ?? failure;
  };
  const facts = { ...(cut.whole ? { ...factsOf(reading, cut), ...storedIn(reading, cut, at) } : {}), explain };
  return PolarsFrame.lazy({ schema: reading.schema, plan, rows: cut.rows, bytes: cut.bytes, facts });
}

/** All columns of whole row groups, in the file's order. */
function storedIn(reading: Reading, { from, to }: Cut, { pages, inMemory }: At): Pick<KnownFacts, 'stored'> {
  const { columns, all, opened } = reading;
  const isAll = columns.length === all.length && columns.every((column, i) => column === all[i]);
  const { name } = reading.request.source;
  return isAll ? { stored: new StoredRows({ opened, name, pages, inMemory, from, to }) } : {};
}

async function collected(reading: Reading, cut: Cut, rows: LazyDataFrame): Promise<PolarsFrame> {
  framesAreKept();
  const { window, source } = reading.request;
  const pl = await polars();
  try {
    const filter = cut.share === 'some' ? windowFilter(pl, window) : undefined;
    const late = filter !== undefined && isLate(window);
    const typed = await asTyped(rows, late ? reading.all : unique(reading));
    const plan = filter === undefined || late ? typed : typed.filter(filter);
    const rowsInMemory = await (late ? plan : selected(plan, reading)).collect();
    let data = await finished(rowsInMemory, late ? reading.all : reading.columns, source.name);
    if (late && filter) data = await selected(data.lazy().filter(filter), reading).collect();
    const bytes = cut.rows === 0 ? 0 : Math.ceil((cut.bytes * data.height) / cut.rows);
    return PolarsFrame.of({ schema: reading.schema, data, bytes });
  } catch (cause) {
    throw cause instanceof HyggeError ? cause : damagedData(source.name, cause);
  }
}

/** A uuid is compared as text, which it becomes only when it is in memory. */
function isLate({ column }: Window): boolean {
  return column?.type.kind === 'uuid';
}

/** Columns whose pages are needed. */
function wantedOf(reading: Reading): readonly FileColumn[] {
  return isLate(reading.request.window) ? reading.all : unique(reading);
}

/** Columns whose values matter to the plan: the wanted ones and the window's. */
function unique({ columns, all, request }: Reading): readonly FileColumn[] {
  const name = request.window.column?.column;
  return columns.some((column) => column.name === name) ? columns : [...columns, ...all.filter((column) => column.name === name)];
}

function selected(plan: LazyDataFrame, { columns, all }: Reading): LazyDataFrame {
  const same = columns.length === all.length && columns.every((column, index) => column === all[index]);
  return same ? plan : plan.select(...columns.map((column) => column.name));
}

function schemaFor(columns: readonly FileColumn[]): Schema {
  return {
    columns: columns.map(({ name, type, nullable, sourceType }) => ({ name, type, nullable, ...(sourceType ? { sourceType } : {}) })),
  };
}

function factsOf({ columns, groups }: Reading, cut: Cut): KnownFacts {
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
      min: range && compareKeys(range.min, bounds.min) <= 0 ? range.min : bounds.min,
      max: range && compareKeys(range.max, bounds.max) >= 0 ? range.max : bounds.max,
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
