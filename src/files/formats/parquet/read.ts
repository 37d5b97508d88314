import { setImmediate } from 'node:timers/promises';
import type { Frame, Window } from '../../../engine/contracts/contracts.ts';
import { HyggeError } from '../../../errors/hygge-error.ts';
import { describeType, sameType } from '../../../frames/describe-type.ts';
import { readCounts } from '../../../frames/from-polars.ts';
import { arrow, type DataFrame, polars } from '../../../frames/native.ts';
import { type KnownFacts, PolarsFrame } from '../../../frames/polars-frame.ts';
import type { Schema } from '../../../frames/schema.ts';
import { compareKeys, type WatermarkKey, watermarkText } from '../../../frames/watermark-text.ts';
import { prefetchItems } from '../../bytes/prefetch-items.ts';
import type { Format } from '../../format.ts';
import { windowFilter } from '../../home/window-filter.ts';
import { type Cut, cutsOf } from './cuts.ts';
import { damagedData, parquetError } from './errors.ts';
import { Fetched } from './fetch-groups.ts';
import type { RowGroup } from './footer.ts';
import type { FileColumn, HowToRead } from './footer-schema.ts';
import { LeafCounts } from './leaf-counts.ts';
import { roomFor } from './look.ts';
import { columnNamed, type Opened, openedOf } from './opened-file.ts';
import { shareOf } from './prune.ts';
import { asTyped, finished, inMemory, needsRows, scanPlain } from './scan.ts';
import { boundsIn, nullsIn } from './statistics.ts';
import { StoredRows } from './stored.ts';

type ReadRequest = Parameters<Format['read']>[0];

/** See `Format.read`. Whole row groups that nobody changes are decoded only if their pages can't be copied. */
export async function* readFrames(request: ReadRequest, how: HowToRead): AsyncIterable<Frame> {
  const { source, window, signal } = request;
  const opened = await openedOf(source, request.content, how);
  const columns = request.columns === null ? opened.schema.columns : request.columns.map((name) => columnNamed(opened, name, source));
  const windowColumn = window.column === null ? undefined : columnNamed(opened, window.column.column, source);
  if (windowColumn) checkType(windowColumn, window, source.name);
  const { groups } = opened.footer;
  const cuts = cutsOf({ ...request, groups, columns, windowColumn });
  const reading: Reading = { request, opened, columns, all: opened.schema.columns, schema: schemaFor(columns), groups };
  for await (const frame of framesIn(reading, cuts)) {
    signal.throwIfAborted();
    if (frame.rows > 0) yield frame;
    // Buffers of native code are given back only when the event loop turns.
    await setImmediate();
  }
}

/** Only the wanted pages are read, of a local file as well; they are gone when the next frame is asked for. Its own come while this one is at work. */
async function* framesIn(reading: Reading, cuts: readonly Cut[]): AsyncGenerator<PolarsFrame> {
  const { source, scratch, signal } = reading.request;
  const { footer } = reading.opened;
  const columns = wantedOf(reading);
  const fetch = ([first]: Run): Promise<Fetched> =>
    Fetched.from({ source, scratch, footer, from: first.from, to: first.to, columns, signal });
  // What the first pages will need is got ready when they have been asked for, while they come; that it can't be is met where it is needed.
  setImmediate()
    .then(() => Promise.all([roomFor(scratch), arrow()]))
    .catch(() => undefined);
  const counts = new LeafCounts(columns, source.name);
  for await (const { item: run, begun: fetched } of prefetchItems(runsOf(cuts), fetch, (fetched) => fetched.free())) {
    for (const cut of run) yield await frameOf(reading, cut, { fetched, columns, counts, isLast: cut === run.at(-1) });
    fetched.recycle();
  }
}

/** Parts of the same row groups, whose pages are read once. */
type Run = readonly [Cut, ...Cut[]];

function runsOf(cuts: readonly Cut[]): readonly Run[] {
  const runs: [Cut, ...Cut[]][] = [];
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

/** Where rows are read. */
interface At {
  readonly fetched: Fetched;
  /** That were fetched. */
  readonly columns: readonly FileColumn[];
  readonly counts: LeafCounts;
  /** No rows of these row groups come after it. */
  readonly isLast: boolean;
}

async function frameOf(reading: Reading, cut: Cut, at: At): Promise<PolarsFrame> {
  const { schema } = reading;
  const stored = cut.whole && cut.share === 'all' && !needsRows(reading.columns) ? storedIn(reading, cut, at) : undefined;
  if (stored === undefined) {
    const data = await decoded(reading, cut, at);
    return PolarsFrame.of({ schema, data, bytes: cut.rows === 0 ? 0 : Math.ceil((cut.bytes * data.height) / cut.rows) });
  }
  // Decoded only when rows are wanted rather than pages; and once.
  let rows: Promise<DataFrame> | undefined;
  const plan = async () => {
    rows ??= decoded(reading, cut, at);
    return (await rows).lazy();
  };
  const explain = (cause: unknown) => explained(reading, cause);
  return PolarsFrame.lazy({ schema, plan, rows: cut.rows, bytes: cut.bytes, facts: { ...factsOf(reading, cut), stored, explain } });
}

async function explained({ request: { source } }: Reading, cause: unknown): Promise<Error> {
  const failure = cause instanceof HyggeError ? cause : damagedData(source.name, cause);
  return (await source.orReplaced?.(failure)) ?? failure;
}

/** All columns of whole row groups, in the file's order; undefined: columns in lists, whose pages are decoded to know what is in them. */
function storedIn(reading: Reading, { from, to }: Cut, { fetched, counts }: At): StoredRows | undefined {
  const { columns, all, opened } = reading;
  const isAll = columns.length === all.length && columns.every((column, i) => column === all[i]);
  const { name } = reading.request.source;
  return isAll && !counts.isNeeded ? new StoredRows({ opened, name, pages: (range) => fetched.read(range), from, to }) : undefined;
}

/** The rows of a cut that are in the window, in memory. */
async function decoded(reading: Reading, cut: Cut, { fetched, columns, counts, isLast }: At): Promise<DataFrame> {
  const { window, source } = reading.request;
  const { groups } = reading.opened.footer;
  try {
    const pl = await polars();
    const before = groups.slice(0, cut.from).reduce((sum, group) => sum + group.rows, 0);
    const scan = await scanPlain(await fetched.file(), { opened: reading.opened, columns, name: source.name });
    const plan = await asTyped(scan.slice(cut.start - before, cut.rows), columns);
    const filter = cut.share === 'some' ? windowFilter(pl, window) : undefined;
    const late = filter === undefined || isLate(window) || needsRows(columns) || counts.isNeeded;
    const wanted = reading.columns.map((column) => column.name);
    if (!late) return inMemory(plan.filter(filter).select(...wanted));
    const rows = inMemory(plan);
    if (rows.height !== cut.rows) throw new Error(`${cut.rows} rows were promised; there are ${rows.height}.`);
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

function schemaFor(columns: readonly FileColumn[]): Schema {
  return {
    columns: columns.map(({ name, type, nullable, sourceType }) => ({ name, type, nullable, ...(sourceType ? { sourceType } : {}) })),
  };
}

/** A writer that counts wrongly is named, rather than a value thought lost on the way. */
function mustHaveNulls(data: DataFrame, { columns, groups }: Reading, { from, to }: Cut): void {
  const counted = new Map(data.columns.map((name, i) => [name, i]));
  const nulls = readCounts(data.nullCount());
  for (const column of columns) {
    const promised = sumOf(groups.slice(from, to).map((group) => nullsIn(group, column)));
    const found = nulls[counted.get(column.name) ?? -1];
    if (promised === undefined || promised === found) continue;
    throw new Error(`Column ${column.name} has ${promised} nulls by its footer, and ${found} were decoded.`);
  }
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
