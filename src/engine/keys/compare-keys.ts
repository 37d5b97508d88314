/**
 * Finds settled rows whose keys the source no longer has. If both systems sum their keys and the sums are equal, no key is read. In all other cases
 * each side is read once, and the source is read a second time before a row counts as gone.
 */
import { fractionDigits } from '../../frames/calendar.ts';
import { describeType } from '../../frames/describe-type.ts';
import { canonicalTexts } from '../../frames/row-sum/row-hashes.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import { floored } from '../../frames/times/floor.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { canBeWatermark, compareWatermarks, parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import { KeySet, type KeyShare, TooManyKeys } from '../../keys/key-set.ts';
import type { Frame } from '../contracts/frame.ts';
import { everything, type Home, insideSumsOf, type SliceRef, type Window } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { ComparedKeys } from '../contracts/records.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';
import type { DeletesComparison, EntitySpec } from '../contracts/spec.ts';
import { readSliceInOneStep, untilDone } from '../contracts/steps.ts';
import { comparesByRewriting, type Head, type Store } from '../contracts/store.ts';
import { keyUnlike, sourceDoubtful, storeNotCompared, tooManyGone } from '../errors/deletes.ts';
import { cannotTellForeignRows, keyNotSettled } from '../errors/writing.ts';
import { mostGone } from './comparison.ts';
import type { CorrectedKeys } from './corrected-keys.ts';
import { EarlierSpellings } from './earlier-spellings.ts';
import { equalKeys, stillThereEveryMs } from './equal-keys.ts';
import { KeyVersions } from './key-versions.ts';

/** How many keys are held at once, at most. A key needs 10 to 13 bytes. */
const mostHeld = 24_000_000;

export interface KeyColumn {
  /** The name of the key’s column in the source. */
  readonly source: string;
  readonly settled: string;
  readonly type: DataType;
}

export interface ComparisonRequest {
  readonly ports: Pick<EnginePorts, 'clock' | 'frames'>;
  readonly spec: EntitySpec;
  readonly comparison: DeletesComparison;
  readonly store: Store;
  /** The head whose rows are compared. These rows settled before the source is read. */
  readonly head: Head;
  /** Opens the source. Each call returns a home that sees the source's present rows. */
  openSource(): Promise<Home>;
  readonly key: readonly KeyColumn[];
  /** The keys that standing corrections change. Null: no standing correction changes a key. */
  readonly corrected: CorrectedKeys | null;
  /** The names of the watermark’s column in the source and in the destination. Null: the entity has no watermark. */
  readonly mark: { readonly source: string; readonly settled: string } | null;
  /** The settled column in which rows are marked as deleted. Marked rows already count as gone. Null: the entity has no such column. */
  readonly deletedMark?: string | null;
  /** How many rows the source had at the last comparison. Absent: the number is unknown. */
  readonly rowsBefore?: number | undefined;
  readonly signal: AbortSignal;
  /** Called from time to time while rows are read, so that a lease can be renewed. */
  readonly onRows?: (rows: number) => Promise<void> | void;
  /** How many keys are held at once, at most. Absent: `mostHeld`. */
  readonly mostHeld?: number;
}

export interface KeysGone {
  readonly compared: ComparedKeys;
  /** The keys and watermarks of the settled rows that are gone from the source. */
  readonly rows: readonly Frame[];
}

/**
 * Throws HYG-2088 if more rows are gone than `max` allows. Throws HYG-2089 if the source is empty, is another source, has shrunk since the last
 * comparison, or changes while it is read, as during a reload. A row counts as gone only if two reads of the source lack its key, and both began
 * after the row had settled. A row stays if its watermark is at or above the newest watermark of the source. The reason: a source that is behind (a
 * replica, a backup) lacks such rows, and no increment would read them again. A row that is older than all rows of the source also stays, since the
 * source may have forgotten the row. It does not stay if the config says that the source keeps all rows. `looksAgain: false`: one read is enough, for
 * a dry run.
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

const masksRows = ({ mask }: EntitySpec) => mask.columns.size > 0;

/** The number of rows of both sides, if the systems’ own sums say that all keys are the same. Sums can’t be used with a mask, since a mask changes keys while rows are read. */
async function equalBySums(request: ComparisonRequest, home: Home): Promise<number | undefined> {
  const { key, spec, head, ports, signal, onRows } = request;
  if (masksRows(spec) || insideSumsOf(home) === undefined) return undefined;
  await using there = await settledHome(request);
  const source = { home, key: sourceColumns(key) };
  const destination = { home: there, key: settledColumns(key) };
  const rows = await equalKeys({ source, destination, ports, signal, stillThere: () => onRows?.(0) });
  // If there are more rows than settled, some are of other writers. Only reading the rows shows which.
  return rows !== undefined && rows <= head.rows ? rows : undefined;
}

interface Candidates {
  readonly source: number;
  readonly settled: number;
  readonly gone: number;
  /** The number of missing rows that stay because the source may not be up to date. */
  readonly behind: number;
  /** The number of missing rows that stay because the source may have forgotten them. */
  readonly older: number;
  readonly frames: readonly Frame[];
}

/** The watermarks of the source’s oldest and newest row. */
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

/** Finds the rows that may be gone. The keys of the source are read first. A row of the destination whose key equals no key of the source is a candidate. */
async function candidatesIn(
  request: ComparisonRequest,
  { share, before }: { readonly share: KeyShare; readonly before: number },
): Promise<Candidates> {
  const { key, spec, store, head, comparison, mark, corrected } = request;
  const hashing = request.ports.frames.keys;
  const known = new KeySet({ most: request.mostHeld ?? mostHeld, share });
  let source = 0;
  let edges: SourceEdges | undefined;
  await using home = await request.openSource();
  for await (const frame of keysOf(request, home, sourceColumns(key), mark === null ? [] : [mark.source])) {
    source += frame.rows;
    edges = mark === null ? undefined : await edgesWith(frame, mark.source, edges);
    known.add(await hashing.exact(frame, sourceColumns(key)));
    await corrected?.addSource(frame, sourceColumns(key));
  }
  if (source === 0) {
    const settled = await settledRows(request);
    if (settled > 0) throw sourceDoubtful(spec, { is: 'empty', settled });
    return { source, settled, gone: 0, behind: 0, older: 0, frames: [] };
  }
  const frames: Frame[] = [];
  const columns = settledColumns(key);
  const hash = (frame: Frame) => hashing.exact(frame, columns);
  const versions = comparesByRewriting(store) ? new KeyVersions(request.mostHeld ?? mostHeld) : undefined;
  let [settled, gone, behind, older] = [0, 0, 0, 0];
  await using there = await settledHome(request);
  let marked = 0;
  for await (const read of settledKeys(request, there, [...(mark === null ? [] : [mark.settled]), ...deletedMarks(request)])) {
    const frame = await notMarked(request, read.frame);
    marked += read.frame.rows - frame.rows;
    if (frame.rows === 0) continue;
    settled += frame.rows;
    const { marks, count } = known.missing(await hash(frame));
    if (count === 0) continue;
    const unknown = await frame.pick(marks);
    const missing = (await corrected?.others(unknown, columns)) ?? unknown;
    if (missing.rows === 0) continue;
    const { within, ...staying } = await placed(request, missing, { edges, isOpen: read.isOpen });
    behind += staying.behind.rows;
    older += staying.older.rows;
    gone += within.rows;
    versions?.add({ behind: await hash(staying.behind), older: await hash(staying.older) });
    if (within.rows > 0 && isWithin(comparison, before + gone, head.rows)) frames.push(within);
  }
  const foreign = settled + marked - head.rows;
  if (foreign > 0) throw cannotTellForeignRows(spec, { where: store.where, foreign, repairs: false });
  const found = { source, settled, gone, behind, older, frames };
  return versions === undefined ? found : { ...found, ...(await versions.decide(found, hash)) };
}

/** The number of settled rows that are not marked as deleted. The head’s number can’t be used, since a head may count a row each time that the row was published. */
async function settledRows(request: ComparisonRequest): Promise<number> {
  let rows = 0;
  await using there = await settledHome(request);
  for await (const { frame } of settledKeys(request, there, deletedMarks(request))) rows += (await notMarked(request, frame)).rows;
  return rows;
}

/**
 * The settled rows with these keys, with all columns except the mark, so that they can be marked. A row of another key with the same hash is
 * included. It is missing in the source as well, since the source lacks the hash.
 */
export async function* wholeRows(request: ComparisonRequest, gone: readonly Frame[]): AsyncGenerator<Frame> {
  const columns = settledColumns(request.key);
  const hashing = request.ports.frames.keys;
  const wanted = await hashedKeys(gone, (frame) => hashing.exact(frame, columns));
  await using there = await settledHome(request);
  for await (const read of keysOf(request, there, columns, 'all')) {
    const frame = await notMarked(request, read);
    if (frame.rows === 0) continue;
    const { marks, count } = wanted.missing(await hashing.exact(frame, columns));
    if (count < frame.rows) yield await frame.pick(marks.map((mark) => 1 - mark));
  }
}

export function deletedMarks({ deletedMark }: ComparisonRequest): readonly string[] {
  return deletedMark == null ? [] : [deletedMark];
}

/** The rows that are not marked as deleted, without the column of the mark. */
export async function notMarked({ deletedMark }: ComparisonRequest, frame: Frame): Promise<Frame> {
  return deletedMark == null ? frame : (await frame.apart(deletedMark)).unset;
}

/** The oldest and the newest watermark of these rows and all earlier rows. Undefined: no row so far has a watermark. */
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

/**
 * Divides missing rows by their watermark. `behind`: at or above the newest watermark of the source, or in the open boundary group, which the next
 * run reads again. `older`: below the oldest watermark of the source, unless the config says that the source keeps all rows. `within`: all other
 * rows, including rows without a watermark.
 */
async function placed(
  { spec, mark, comparison }: ComparisonRequest,
  missing: Frame,
  { edges, isOpen }: { readonly edges: SourceEdges | undefined; readonly isOpen: boolean },
): Promise<{ readonly behind: Frame; readonly older: Frame; readonly within: Frame }> {
  const none = await missing.pick(new Uint8Array(missing.rows));
  if (isOpen) return { behind: missing, older: none, within: none };
  if (mark === null) return { behind: none, older: none, within: missing };
  if (edges === undefined) return { behind: missing, older: none, within: none };
  const [oldest, newest] = [edges.oldest, edges.newest].map((of) => asSettled(spec, missing, { column: mark.settled, of })) as [
    Watermark,
    Watermark,
  ];
  const text = (await missing.extremes(newest))?.max;
  const reachesNewest = text !== undefined && compareWatermarks({ ...newest, text }, newest) >= 0;
  const { ties: behind, rest: below } = reachesNewest
    ? await missing.split({ ...newest, text }, 'with rest', newest.text)
    : { ties: none, rest: missing };
  if (comparison.isComplete) return { behind, older: none, within: below };
  const { ties: within, rest: older } = await below.split(newest, 'with ties', oldest.text);
  return { behind, older, within };
}

/** A watermark of the source, in the settled type and precision of its column. */
function asSettled(spec: EntitySpec, frame: Frame, { column, of }: { readonly column: string; readonly of: Watermark }): Watermark {
  const type = frame.schema.columns.find(({ name }) => name === column)?.type;
  if (type === undefined) throw keyNotSettled(spec, column);
  const kept = { digits: type.kind === 'timestamp' ? fractionDigits[type.unit] : type.kind === 'decimal' ? type.scale : 0 };
  const key = parsedKey(type, floored(of.type, of.text, kept));
  if (key === undefined) throw keyUnlike(spec, column, { source: describeType(of.type), settled: describeType(type) });
  return { column, type, text: watermarkText(type, key) };
}

/** The pause between the two reads of the source. During a reload of the source, missed rows come back gradually, and the pause is long enough to show that. The lease is kept meanwhile. */
async function pause({ ports: { clock }, comparison: { pauseMs = 0 }, signal, onRows }: ComparisonRequest): Promise<void> {
  for (let left = pauseMs; left > 0; left -= stillThereEveryMs) {
    await clock.sleep(Math.min(left, stillThereEveryMs), signal);
    await onRows?.(0);
  }
}

/**
 * Decides about the candidates after a second look at the source. A candidate stays if its key came back, or if the source or a collation may treat
 * one of the source’s keys as equal. An earlier spelling of a key is removed if the present spelling has settled.
 */
async function lookedAgain(request: ComparisonRequest, first: Candidates): Promise<KeysGone> {
  const { key, spec, comparison } = request;
  const columns = settledColumns(key);
  const hashes = request.ports.frames.keys[hasText(key) ? 'folded' : 'exact'];
  const candidates = await hashedKeys(first.frames, (frame) => hashes(frame, columns));
  // If keys differ only in case, their rows in the source are other rows, which existed all the time.
  const exact = hasText(key) ? await hashedKeys(first.frames, (frame) => request.ports.frames.keys.exact(frame, columns)) : candidates;
  const back = new KeySet();
  let [source, backAgain] = [0, 0];
  await using home = await request.openSource();
  const spellings = await earlierSpellings(request, home);
  for (const frame of first.frames) await spellings?.addMissing(frame, columns);
  for await (const frame of keysOf(request, home, sourceColumns(key), [])) {
    source += frame.rows;
    const own = await hashes(frame, sourceColumns(key));
    const { marks, count } = candidates.missing(own);
    if (count === own.length) continue;
    back.add(own.filter((_, i) => marks[i] === 0));
    await spellings?.addSource(await frame.pick(marks.map((mark) => 1 - mark)), sourceColumns(key));
    const same = exact === candidates ? own : await request.ports.frames.keys.exact(frame, sourceColumns(key));
    backAgain += same.length - exact.missing(same).count;
  }
  if (!isWithin(comparison, first.source - source, first.source))
    throw sourceDoubtful(spec, { is: 'shrank', from: first.source, to: source });
  const rows: Frame[] = [];
  let gone = 0;
  if (spellings?.asksForSettled) await addSettledKeys(request, spellings);
  for (const found of first.frames) {
    const respelt = await spellings?.marks(found, columns);
    const earlier = respelt === undefined ? undefined : await found.pick(respelt);
    if (earlier !== undefined && earlier.rows > 0) rows.push(earlier);
    gone += earlier?.rows ?? 0;
    const frame = respelt === undefined ? found : await found.pick(respelt.map((mark) => 1 - mark));
    if (frame.rows === 0) continue;
    const missing = back.missing(await hashes(frame, columns));
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

/** The earlier spellings of keys. Only a system with indexes of its own treats several texts as one key. */
async function earlierSpellings({ ports, spec, key, signal }: ComparisonRequest, home: Home): Promise<EarlierSpellings | undefined> {
  if (masksRows(spec) || home.system === undefined || !hasText(key)) return undefined;
  const description = await untilDone(ports.clock, (cursor) => home.describe(cursor, 'for a run'), signal);
  return EarlierSpellings.of(description, sourceColumns(key));
}

async function addSettledKeys(request: ComparisonRequest, spellings: EarlierSpellings): Promise<void> {
  await using there = await settledHome(request);
  for await (const read of settledKeys(request, there, deletedMarks(request)))
    await spellings.addSettled(await notMarked(request, read.frame), settledColumns(request.key));
}

export async function hashedKeys(frames: readonly Frame[], hash: (frame: Frame) => Promise<BigInt64Array>): Promise<KeySet> {
  const keys = new KeySet();
  for (const frame of frames) keys.add(await hash(frame));
  return keys;
}

/** How many keys may come back between the two reads without a doubt about the source. */
const fewBack = 10;

/** How many keys one request to the source asks for. */
const keysAsked = 500;

/** The rows whose key the source lacks, by the source’s own equality. It asks only about keys with texts, since only texts can be equal to other texts. */
async function unknownToSource({ key, signal }: ComparisonRequest, home: Home, frame: Frame): Promise<Frame> {
  const { system } = home;
  if (system === undefined || !hasText(key) || !key.every(({ type }) => canBeWatermark(type))) return frame;
  const columns = sourceColumns(key);
  const ask = (rows: readonly KeyText[]) => system.hasAnyOf({ columns, rows: rows.map(({ texts }) => texts) }, signal);
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

/** Throws if the source seems to be broken, because that is likelier than so many deletes. */
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

export async function settledHome({ store, head, spec }: ComparisonRequest): Promise<Home> {
  if (store.settled === undefined) throw storeNotCompared(spec, store);
  return await store.settled.open(head);
}

const sourceColumns = (key: readonly KeyColumn[]): readonly SummedColumn[] => key.map(({ source: name, type }) => ({ name, type }));
export const settledColumns = (key: readonly KeyColumn[]): readonly SummedColumn[] =>
  key.map(({ settled: name, type }) => ({ name, type }));

/** Reads all rows of a side in one slice. If the side supports that, it sees them as of one moment. */
async function* keysOf(
  request: ComparisonRequest,
  home: Home,
  columns: readonly SummedColumn[],
  more: readonly string[] | 'all',
): AsyncGenerator<Frame> {
  for await (const { frame } of readKeys(request, home, columns, more)) yield frame;
}

/** Reads the settled rows. `isOpen`: the rows are in the open boundary group of a store of parts. */
async function* settledKeys(
  request: ComparisonRequest,
  home: Home,
  more: readonly string[],
): AsyncGenerator<{ readonly frame: Frame; readonly isOpen: boolean }> {
  for await (const { frame, slice } of readKeys(request, home, settledColumns(request.key), more))
    yield { frame, isOpen: slice.group === true };
}

/** Reads frames, each together with its slice. `more`: the names of further columns that are needed. */
export async function* readKeys(
  { ports, spec, signal, onRows, key }: ComparisonRequest,
  home: Home,
  columns: readonly SummedColumn[],
  more: readonly string[] | 'all',
): AsyncGenerator<{ readonly frame: Frame; readonly slice: SliceRef }> {
  const { clock } = ports;
  const { schema } = await untilDone(clock, (cursor) => home.describe(cursor, 'for a run'), signal);
  // If rows are masked, all columns are read, because a mask needs all of its columns.
  const names = masksRows(spec) || more === 'all' ? undefined : [...new Set([...columns.map(({ name }) => name), ...more])];
  // The window of live runs does not limit this read: a row of the source outside of the window is not a deleted row.
  const window: Window = names === undefined ? everything : { ...everything, columns: names };
  const { slices } = await untilDone(clock, (cursor) => home.plan(window, { sliceBytes: Number.MAX_SAFE_INTEGER }, cursor), signal);
  if (schema !== undefined) mustBeAlike(spec, key, columns, schema);
  for (const slice of slices)
    for await (const item of readSliceInOneStep(clock, home, slice, { window, signal })) {
      signal.throwIfAborted();
      if ('rejected' in item) throw sourceDoubtful(spec, { is: 'unreadable', rows: item.rejected.length });
      if (item.rows === 0) continue;
      await onRows?.(item.rows);
      yield { frame: item, slice };
    }
}

/** Throws unless both sides write a key as exactly the same text. If a type rounded values on one side, rows would look deleted. */
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
