/**
 * Finds settled rows whose keys the source no longer has. Where both systems sum their keys and the sums are equal, no key is read. Elsewhere each side is read
 * once, and the source once more before a row is given up.
 */
import { fractionDigits } from '../../frames/calendar.ts';
import { describeType } from '../../frames/describe-type.ts';
import { floored } from '../../frames/floor.ts';
import { foldedHashes } from '../../frames/row-sum/folded-keys.ts';
import { canonicalTexts, rowHashes } from '../../frames/row-sum/row-hashes.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { canBeWatermark, compareWatermarks, parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Frame } from '../contracts/frame.ts';
import type { Home, SliceRef, Window } from '../contracts/home.ts';
import type { EnginePorts, KeyHashing } from '../contracts/ports.ts';
import type { ComparedKeys } from '../contracts/records.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';
import type { DeletesComparison, EntitySpec } from '../contracts/spec.ts';
import { readSliceInOneStep, untilDone } from '../contracts/steps.ts';
import type { Head, Store } from '../contracts/store.ts';
import { keyUnlike, sourceDoubtful, storeNotCompared, tooManyGone } from '../errors/deletes.ts';
import { cannotTellForeignRows, keyNotSettled } from '../errors/writing.ts';
import { everyKey, mostGone } from './comparison.ts';
import { equalKeys, stillThereEveryMs } from './equal-keys.ts';
import { allKeys, KeyHashes, type Share, TooManyKeys } from './key-hashes.ts';

/** So many keys are held at once: 8 bytes each, and half as much again while they grow. */
const mostHeld = 24_000_000;

export interface KeyColumn {
  /** The names at the source and in the destination. */
  readonly source: string;
  readonly settled: string;
  readonly type: DataType;
}

export interface ComparisonRequest {
  readonly ports: Pick<EnginePorts, 'clock' | 'keyHashes'>;
  readonly spec: EntitySpec;
  readonly comparison: DeletesComparison;
  readonly store: Store;
  /** The head whose rows are compared. Its rows settled before the source is read. */
  readonly head: Head;
  /** Opens the source. Each call gives a home that sees what the source has by then. */
  openSource(): Promise<Home>;
  readonly key: readonly KeyColumn[];
  /** The names of the watermark's column at the source and in the destination; null: there is none. */
  readonly mark: { readonly source: string; readonly settled: string } | null;
  /** The settled column in which rows are marked as deleted: those are gone already. Null: there is none. */
  readonly deletedMark?: string | null;
  /** How many rows the source had at the last comparison; absent: it is unknown. */
  readonly rowsBefore?: number | undefined;
  readonly signal: AbortSignal;
  /** Called now and then while rows are read, so that a lease can be renewed. */
  readonly onRows?: (rows: number) => Promise<void> | void;
  /** Absent: `mostHeld`. */
  readonly mostHeld?: number;
}

export interface KeysGone {
  readonly compared: ComparedKeys;
  /** The settled rows that the source no longer has: their keys and watermarks. */
  readonly rows: readonly Frame[];
}

/**
 * Throws HYG-2088 if more rows are gone than `max` allows, HYG-2089 if the source is empty, another one, has shrunk since the last comparison, or changes while
 * it is read as it does during a reload. A row counts as gone only if two reads of the source lack its key, and both began after the row had settled. A row whose
 * watermark lies at or above the newest one of the source stays: a source that is behind (a replica, a backup) lacks such rows, and no increment would read them
 * again. A row that is older than all rows of the source stays as well, since the source may have forgotten it, unless the config says that it forgets none.
 * `looksAgain: false`: one read is enough, for a dry run.
 */
export async function compareKeys(request: ComparisonRequest, { looksAgain }: { readonly looksAgain: boolean }): Promise<KeysGone> {
  if (request.head.rows === 0) return { compared: { source: 0, settled: 0, gone: 0, stay: 0, older: 0 }, rows: [] };
  let first: Home | undefined = await request.openSource();
  const openSource = async (): Promise<Home> => {
    const home = first ?? (await request.openSource());
    first = undefined;
    return home;
  };
  try {
    const equal = await equalBySums(request, first);
    if (equal !== undefined) return { compared: { source: equal, settled: equal, gone: 0, stay: 0, older: 0 }, rows: [] };
    return await inAsFewShares({ ...request, openSource }, { looksAgain });
  } finally {
    await first?.[Symbol.asyncDispose]();
  }
}

async function inAsFewShares(request: ComparisonRequest, { looksAgain }: { readonly looksAgain: boolean }): Promise<KeysGone> {
  for (let shares = 1; ; shares *= 2) {
    try {
      return await inShares(request, { shares, looksAgain });
    } catch (error) {
      if (!(error instanceof TooManyKeys)) throw error;
    }
  }
}

/** The rows of both sides, if the systems' own sums say that all keys are the same. A mask changes keys on their way, and only where rows are read. */
async function equalBySums(request: ComparisonRequest, home: Home): Promise<number | undefined> {
  const { key, spec, head, ports, signal, onRows } = request;
  if (spec.mask || home.inside === undefined) return undefined;
  await using there = await settledHome(request);
  const source = { home, key: sourceColumns(key) };
  const destination = { home: there, key: settledColumns(key) };
  const rows = await equalKeys({ source, destination, ports, signal, stillThere: () => onRows?.(0) });
  // More rows than settled are rows of others: reading them tells so.
  return rows !== undefined && rows <= head.rows ? rows : undefined;
}

interface Candidates {
  readonly source: number;
  readonly settled: number;
  readonly gone: number;
  /** Missing rows that stay, since the source may be behind. */
  readonly behind: number;
  /** Missing rows that stay, since the source may have forgotten them. */
  readonly older: number;
  readonly frames: readonly Frame[];
}

/** The watermarks of the oldest and the newest row of the source. */
interface SourceEdges {
  readonly oldest: Watermark;
  readonly newest: Watermark;
}

async function inShares(
  request: ComparisonRequest,
  { shares, looksAgain }: { readonly shares: number; readonly looksAgain: boolean },
): Promise<KeysGone> {
  const frames: Frame[] = [];
  let [source, settled, gone, behind, older] = [0, 0, 0, 0, 0];
  for (let n = 0; n < shares; n++) {
    const found = await candidatesIn(request, { share: { n, of: shares }, before: gone });
    frames.push(...found.frames);
    gone += found.gone;
    behind += found.behind;
    older += found.older;
    source = found.source;
    settled = found.settled;
  }
  const found = { source, settled, gone, behind, older, frames };
  mustBeLikely(request, found);
  if (gone === 0 || !looksAgain) return { compared: { source, settled, gone, stay: behind, older }, rows: frames };
  await pause(request);
  return lookedAgain(request, found);
}

/** The keys of the source first: a row of the destination that none of them equals is a candidate. */
async function candidatesIn(
  request: ComparisonRequest,
  { share, before }: { readonly share: Share; readonly before: number },
): Promise<Candidates> {
  const { key, spec, store, head, comparison, mark } = request;
  const hashing = hashingOf(request);
  const known = new KeyHashes(request.mostHeld ?? mostHeld);
  let source = 0;
  let edges: SourceEdges | undefined;
  await using home = await request.openSource();
  for await (const frame of keysOf(request, home, sourceColumns(key), mark === null ? [] : [mark.source])) {
    source += frame.rows;
    edges = mark === null ? undefined : await edgesWith(frame, mark.source, edges);
    known.add(await hashing.exact(frame, sourceColumns(key)), share);
  }
  if (source === 0) throw sourceDoubtful(spec, { is: 'empty', settled: head.rows });
  known.sort();
  const frames: Frame[] = [];
  let [settled, gone, behind, older] = [0, 0, 0, 0];
  await using there = await settledHome(request);
  const columns = settledColumns(key);
  let marked = 0;
  for await (const read of keysOf(request, there, columns, [...(mark === null ? [] : [mark.settled]), ...deletedMarks(request)])) {
    const frame = await notMarked(request, read);
    marked += read.rows - frame.rows;
    if (frame.rows === 0) continue;
    settled += frame.rows;
    const { marks, count } = known.missing(await hashing.exact(frame, columns), share);
    if (count === 0) continue;
    const missing = await frame.pick(marks);
    const below = mark === null ? missing : await belowNewest(spec, missing, mark.settled, edges);
    behind += missing.rows - below.rows;
    const within = mark === null || comparison.isComplete ? below : await notOlder(spec, below, mark.settled, edges);
    older += below.rows - within.rows;
    gone += within.rows;
    if (within.rows > 0 && isWithin(comparison, before + gone, head.rows)) frames.push(within);
  }
  const foreign = settled + marked - head.rows;
  if (foreign > 0) throw cannotTellForeignRows(spec, { where: store.where, foreign, repairs: false });
  return { source, settled, gone, behind, older, frames };
}

/**
 * The settled rows of these keys with all their columns but the mark, to be marked. A row of another key with the same hash is missing in the source as well, since
 * its hash is.
 */
export async function* wholeRows(request: ComparisonRequest, gone: readonly Frame[]): AsyncGenerator<Frame> {
  const columns = settledColumns(request.key);
  const hashing = hashingOf(request);
  const wanted = await hashedKeys(gone, (frame) => hashing.exact(frame, columns));
  await using there = await settledHome(request);
  for await (const read of keysOf(request, there, columns, 'all')) {
    const frame = await notMarked(request, read);
    if (frame.rows === 0) continue;
    const { marks, count } = wanted.missing(await hashing.exact(frame, columns), allKeys);
    if (count < frame.rows) yield await frame.pick(marks.map((mark) => 1 - mark));
  }
}

/** A settled part, and a mark for each of its rows in order: 1 if the row is one of those that go. */
export interface MarkedPart {
  readonly slice: SliceRef;
  readonly marks: Uint8Array;
}

/** The settled parts that hold these rows, by key and watermark: a newer row of the same key may stay. The open boundary group is none of them. */
export async function* partsWithRows(request: ComparisonRequest, gone: readonly Frame[]): AsyncGenerator<MarkedPart> {
  if (gone.length === 0) return;
  const { ports, signal, onRows, mark, head } = request;
  const watermark = head.schema?.columns.find(({ name }) => name === mark?.settled);
  const columns = [...settledColumns(request.key), ...(watermark === undefined ? [] : [watermark])];
  const hashing = hashingOf(request);
  const wanted = await hashedKeys(gone, (frame) => hashing.exact(frame, columns));
  const window = everyKey(columns.map(({ name }) => name));
  await using there = await settledHome(request);
  const { slices } = await untilDone(ports.clock, (cursor) => there.plan(window, { sliceBytes: Number.MAX_SAFE_INTEGER }, cursor), signal);
  for (const slice of slices) {
    if (slice.group) continue;
    const found: Uint8Array[] = [];
    let staying = true;
    for await (const frame of readSliceInOneStep(ports.clock, there, slice, { window, signal })) {
      signal.throwIfAborted();
      if ('rejected' in frame) throw sourceDoubtful(request.spec, { is: 'unreadable', rows: frame.rejected.length });
      await onRows?.(frame.rows);
      const { marks, count } = wanted.missing(await hashing.exact(frame, columns), allKeys);
      staying &&= count === frame.rows;
      found.push(Uint8Array.from(marks, (mark) => 1 - mark));
    }
    if (!staying) yield { slice, marks: Buffer.concat(found) };
  }
}

function deletedMarks({ deletedMark }: ComparisonRequest): readonly string[] {
  return deletedMark == null ? [] : [deletedMark];
}

/** The rows that are not marked as deleted, without the mark. */
async function notMarked({ deletedMark }: ComparisonRequest, frame: Frame): Promise<Frame> {
  return deletedMark == null ? frame : (await frame.apart(deletedMark)).unset;
}

/** The edges of these rows and of those before; undefined: no row has had a watermark. */
async function edgesWith(frame: Frame, column: string, before: SourceEdges | undefined): Promise<SourceEdges | undefined> {
  const type = frame.schema.columns.find(({ name }) => name === column)?.type;
  const extremes = type && (await frame.extremes({ column, type }));
  if (type === undefined || extremes === undefined) return before;
  const [min, max] = [extremes.min, extremes.max].map((text): Watermark => ({ column, type, text })) as [Watermark, Watermark];
  return {
    oldest: before !== undefined && compareWatermarks(before.oldest, min) <= 0 ? before.oldest : min,
    newest: before !== undefined && compareWatermarks(before.newest, max) >= 0 ? before.newest : max,
  };
}

/** The rows whose watermark lies below the newest one of the source, and those without a watermark. */
async function belowNewest(spec: EntitySpec, frame: Frame, column: string, edges: SourceEdges | undefined): Promise<Frame> {
  if (edges === undefined) return frame.pick(new Uint8Array(frame.rows));
  const at = asSettled(spec, frame, { column, of: edges.newest });
  const { rest } = await (await frame.upTo(at)).within.split(at, 'with rest');
  return rest;
}

/** Of rows below the newest one of the source those that are not older than its oldest one, and those without a watermark. */
async function notOlder(spec: EntitySpec, frame: Frame, column: string, edges: SourceEdges | undefined): Promise<Frame> {
  if (edges === undefined) return frame;
  const [from, to] = [edges.oldest, edges.newest].map((of) => asSettled(spec, frame, { column, of })) as [Watermark, Watermark];
  return (await frame.split(to, 'with ties', from.text)).ties;
}

/** A watermark of the source in the type and the precision that the column settled in. */
function asSettled(spec: EntitySpec, frame: Frame, { column, of }: { readonly column: string; readonly of: Watermark }): Watermark {
  const type = frame.schema.columns.find(({ name }) => name === column)?.type;
  if (type === undefined) throw keyNotSettled(spec, column);
  const kept = { digits: type.kind === 'timestamp' ? fractionDigits[type.unit] : type.kind === 'decimal' ? type.scale : 0 };
  const key = parsedKey(type, floored(of.type, of.text, kept));
  if (key === undefined) throw keyUnlike(spec, column, { source: describeType(of.type), settled: describeType(type) });
  return { column, type, text: watermarkText(type, key) };
}

/** During a reload of the source, rows that were missed come back by and by: the reads lie so far apart that this shows. The lease is kept meanwhile. */
async function pause({ ports: { clock }, comparison: { pauseMs = 0 }, signal, onRows }: ComparisonRequest): Promise<void> {
  for (let left = pauseMs; left > 0; left -= stillThereEveryMs) {
    await clock.sleep(Math.min(left, stillThereEveryMs), signal);
    await onRows?.(0);
  }
}

/** A candidate stays if its key came back meanwhile, and also if the source or a collation may take one of the source's keys for the same. */
async function lookedAgain(request: ComparisonRequest, first: Candidates): Promise<KeysGone> {
  const { key, spec, comparison } = request;
  const columns = settledColumns(key);
  const hashes = hashingOf(request)[hasText(key) ? 'folded' : 'exact'];
  const candidates = await hashedKeys(first.frames, (frame) => hashes(frame, columns));
  // Keys that differ in case alone are others of the source's rows, which were there all along.
  const exact = hasText(key) ? await hashedKeys(first.frames, (frame) => hashingOf(request).exact(frame, columns)) : candidates;
  const back = new KeyHashes(Number.POSITIVE_INFINITY);
  let [source, backAgain] = [0, 0];
  await using home = await request.openSource();
  for await (const frame of keysOf(request, home, sourceColumns(key), [])) {
    source += frame.rows;
    const own = await hashes(frame, sourceColumns(key));
    const { marks, count } = candidates.missing(own, allKeys);
    if (count === own.length) continue;
    back.add(
      own.filter((_, i) => marks[i] === 0),
      allKeys,
    );
    const same = exact === candidates ? own : await hashingOf(request).exact(frame, sourceColumns(key));
    backAgain += same.length - exact.missing(same, allKeys).count;
  }
  back.sort();
  if (!isWithin(comparison, first.source - source, first.source))
    throw sourceDoubtful(spec, { is: 'shrank', from: first.source, to: source });
  const rows: Frame[] = [];
  let gone = 0;
  for (const frame of first.frames) {
    const missing = back.missing(await hashes(frame, columns), allKeys);
    if (missing.count === 0) continue;
    const left = missing.count === frame.rows ? frame : await frame.pick(missing.marks);
    const unknown = await unknownToSource(request, home, left);
    if (unknown.rows === 0) continue;
    rows.push(unknown);
    gone += unknown.rows;
  }
  if (gone > 0 && backAgain > fewBack && 2 * backAgain > first.gone)
    throw sourceDoubtful(spec, { is: 'refilled', back: backAgain, of: first.gone });
  return { compared: { source, settled: first.settled, gone, stay: first.behind + first.gone - gone, older: first.older }, rows };
}

async function hashedKeys(frames: readonly Frame[], hash: (frame: Frame) => Promise<BigInt64Array>): Promise<KeyHashes> {
  const keys = new KeyHashes(Number.POSITIVE_INFINITY);
  for (const frame of frames) keys.add(await hash(frame), allKeys);
  keys.sort();
  return keys;
}

/** So many keys may come back between two reads without a doubt about the source. */
const fewBack = 10;

/** So many keys are in one question to the source. */
const keysAsked = 500;

/** The rows whose key the source does not have by its own equality. Only a text can be equal to another one. */
async function unknownToSource({ key, signal }: ComparisonRequest, home: Home, frame: Frame): Promise<Frame> {
  if (home.hasAnyOf === undefined || !hasText(key) || !key.every(({ type }) => canBeWatermark(type))) return frame;
  const columns = sourceColumns(key);
  const ask = (rows: readonly KeyText[]) => home.hasAnyOf?.({ columns, rows: rows.map(({ texts }) => texts) }, signal);
  const rows: readonly KeyText[] = (await canonicalTexts(frame, settledColumns(key))).map((texts, at) => ({
    at,
    texts: texts.map((text, n) => (text === null ? null : asWatermark(columns[n]?.type, text))),
  }));
  const marks = new Uint8Array(frame.rows).fill(1);
  const asked = Array.from({ length: Math.ceil(rows.length / keysAsked) }, (_, n) => rows.slice(n * keysAsked, (n + 1) * keysAsked));
  for (let part = asked.pop(); part !== undefined; part = asked.pop()) {
    if (!(await ask(part))) continue;
    const half = Math.ceil(part.length / 2);
    const [only] = part;
    if (part.length === 1 && only !== undefined) marks[only.at] = 0;
    else asked.push(part.slice(0, half), part.slice(half));
  }
  return frame.pick(marks);
}

interface KeyText {
  readonly at: number;
  readonly texts: readonly (string | null)[];
}

function asWatermark(type: DataType | undefined, text: string): string {
  const key = type && parsedKey(type, text);
  return type === undefined || key === undefined ? text : watermarkText(type, key);
}

const hasText = (key: readonly KeyColumn[]): boolean => key.some(({ type }) => texts.includes(type.kind));

function hashingOf({ ports }: ComparisonRequest): KeyHashing {
  return ports.keyHashes ?? { exact: rowHashes, folded: foldedHashes };
}

/** What would rather be a broken source than so many deletes. */
function mustBeLikely(
  { spec, comparison, rowsBefore }: ComparisonRequest,
  { source, settled, gone, behind, older }: Omit<Candidates, 'frames'>,
): void {
  if (gone + behind + older === settled && settled > 1) throw sourceDoubtful(spec, { is: 'nothing in common', settled });
  const most = mostGone(comparison, settled);
  if (gone > most) throw tooManyGone(spec, { gone, settled, most, comparison });
  if (gone > 0 && rowsBefore !== undefined && !isWithin(comparison, rowsBefore - source, rowsBefore))
    throw sourceDoubtful(spec, { is: 'fewer', before: rowsBefore, now: source });
}

function isWithin(comparison: DeletesComparison, some: number, of: number): boolean {
  return some <= mostGone(comparison, of);
}

async function settledHome({ store, head, spec }: ComparisonRequest): Promise<Home> {
  const home = await store.openSettled?.(head);
  if (home === undefined) throw storeNotCompared(spec, store.where);
  return home;
}

const sourceColumns = (key: readonly KeyColumn[]): readonly SummedColumn[] => key.map(({ source: name, type }) => ({ name, type }));
const settledColumns = (key: readonly KeyColumn[]): readonly SummedColumn[] => key.map(({ settled: name, type }) => ({ name, type }));

/** All rows of a side, as of one moment where it has one: undivided. */
async function* keysOf(
  { ports, spec, signal, onRows, key }: ComparisonRequest,
  home: Home,
  columns: readonly SummedColumn[],
  more: readonly string[] | 'all',
): AsyncGenerator<Frame> {
  const { clock } = ports;
  const { schema } = await untilDone(clock, (cursor) => home.describe(cursor, 'for a run'), signal);
  // A mask looks at all of its columns.
  const names = spec.mask || more === 'all' ? undefined : [...new Set([...columns.map(({ name }) => name), ...more])];
  const window: Window = everyKey(names);
  const { slices } = await untilDone(clock, (cursor) => home.plan(window, { sliceBytes: Number.MAX_SAFE_INTEGER }, cursor), signal);
  if (schema !== undefined) mustBeAlike(spec, key, columns, schema);
  for (const slice of slices)
    for await (const item of readSliceInOneStep(clock, home, slice, { window, signal })) {
      signal.throwIfAborted();
      if ('rejected' in item) throw sourceDoubtful(spec, { is: 'unreadable', rows: item.rejected.length });
      if (item.rows === 0) continue;
      await onRows?.(item.rows);
      yield item;
    }
}

/** A key is compared by its exact text: types that round on one side would make rows look deleted. */
function mustBeAlike(spec: EntitySpec, key: readonly KeyColumn[], columns: readonly SummedColumn[], { columns: own }: Schema): void {
  for (const [at, { name }] of columns.entries()) {
    const type = own.find((column) => column.name === name)?.type;
    const settled = key[at]?.type;
    if (type === undefined || settled === undefined || isComparable(type, settled)) continue;
    throw keyUnlike(spec, name, { source: describeType(type), settled: describeType(settled) });
  }
}

const texts: readonly DataType['kind'][] = ['string', 'uuid'];

function isComparable(type: DataType, settled: DataType): boolean {
  if (texts.includes(type.kind) && texts.includes(settled.kind)) return true;
  if (isNumber(type) && isNumber(settled)) return true;
  if (type.kind === 'timestamp' && settled.kind === 'timestamp')
    return type.unit === settled.unit && (type.zone === undefined) === (settled.zone === undefined);
  return type.kind === settled.kind && ['bool', 'date', 'binary'].includes(type.kind);
}

function isNumber({ kind }: DataType): boolean {
  return /^u?int|^decimal$/.test(kind);
}
