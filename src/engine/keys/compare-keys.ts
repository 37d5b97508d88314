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
import type { Home, Window } from '../contracts/home.ts';
import type { EnginePorts, KeyHashing } from '../contracts/ports.ts';
import type { ComparedKeys } from '../contracts/records.ts';
import type { SummedColumn } from '../contracts/row-sums.ts';
import type { DeletesComparison, EntitySpec } from '../contracts/spec.ts';
import { readSliceInOneStep, untilDone } from '../contracts/steps.ts';
import type { Head, Store } from '../contracts/store.ts';
import { keyUnlike, sourceDoubtful, storeNotCompared, tooManyGone } from '../errors/deletes.ts';
import { cannotTellForeignRows, keyNotSettled } from '../errors/writing.ts';
import { everyKey } from './comparison.ts';
import { equalKeys } from './equal-keys.ts';
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
 * Throws HYG-2088 if more rows are gone than `max` allows, HYG-2089 if the source is empty, another one, or shrinks while it is read. A row counts as gone only
 * if two reads of the source lack its key, and both began after the row had settled. A row whose watermark lies at or above the newest one of the source stays: a
 * source that is behind (a replica, a backup) lacks such rows, and no increment would read them again. `looksAgain: false`: one read is enough, for a dry run.
 */
export async function compareKeys(request: ComparisonRequest, { looksAgain }: { readonly looksAgain: boolean }): Promise<KeysGone> {
  if (request.head.rows === 0) return { compared: { source: 0, settled: 0, gone: 0, stay: 0 }, rows: [] };
  let first: Home | undefined = await request.openSource();
  const openSource = async (): Promise<Home> => {
    const home = first ?? (await request.openSource());
    first = undefined;
    return home;
  };
  try {
    const equal = await equalBySums(request, first);
    if (equal !== undefined) return { compared: { source: equal, settled: equal, gone: 0, stay: 0 }, rows: [] };
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
  readonly frames: readonly Frame[];
}

async function inShares(
  request: ComparisonRequest,
  { shares, looksAgain }: { readonly shares: number; readonly looksAgain: boolean },
): Promise<KeysGone> {
  const frames: Frame[] = [];
  let [source, settled, gone, behind] = [0, 0, 0, 0];
  for (let n = 0; n < shares; n++) {
    const found = await candidatesIn(request, { share: { n, of: shares }, before: gone });
    frames.push(...found.frames);
    gone += found.gone;
    behind += found.behind;
    source = found.source;
    settled = found.settled;
  }
  mustBeLikely(request, { settled, gone, behind });
  if (gone === 0 || !looksAgain) return { compared: { source, settled, gone, stay: behind }, rows: frames };
  return lookedAgain(request, { source, settled, gone, behind, frames });
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
  let newest: Watermark | undefined;
  await using home = await request.openSource();
  for await (const frame of keysOf(request, home, sourceColumns(key), mark?.source)) {
    source += frame.rows;
    newest = mark === null ? undefined : await newestOf(frame, mark.source, newest);
    known.add(await hashing.exact(frame, sourceColumns(key)), share);
  }
  if (source === 0) throw sourceDoubtful(spec, { is: 'empty', settled: head.rows });
  known.sort();
  const frames: Frame[] = [];
  let [settled, gone, behind] = [0, 0, 0];
  await using there = await settledHome(request);
  const columns = settledColumns(key);
  for await (const frame of keysOf(request, there, columns, mark?.settled)) {
    settled += frame.rows;
    const { marks, count } = known.missing(await hashing.exact(frame, columns), share);
    if (count === 0) continue;
    const missing = await frame.pick(marks);
    const below = mark === null ? missing : await belowNewest(spec, missing, { column: mark.settled, newest });
    gone += below.rows;
    behind += missing.rows - below.rows;
    if (below.rows > 0 && isWithin(comparison, before + gone, head.rows)) frames.push(below);
  }
  if (settled > head.rows && !store.capabilities.distinguishesOwnRows)
    throw cannotTellForeignRows(spec, { where: store.where, foreign: settled - head.rows, repairs: false });
  return { source, settled, gone, behind, frames };
}

/** The larger of `newest` and the largest watermark of the frame; undefined: no row has had one. */
async function newestOf(frame: Frame, column: string, newest: Watermark | undefined): Promise<Watermark | undefined> {
  const type = frame.schema.columns.find(({ name }) => name === column)?.type;
  const extremes = type && (await frame.extremes({ column, type }));
  if (type === undefined || extremes === undefined) return newest;
  return newest !== undefined && compareWatermarks(newest, { type, text: extremes.max }) >= 0
    ? newest
    : { column, type, text: extremes.max };
}

/** The rows whose watermark lies below the newest one of the source, and those without a watermark. */
async function belowNewest(
  spec: EntitySpec,
  frame: Frame,
  { column, newest }: { readonly column: string; readonly newest: Watermark | undefined },
): Promise<Frame> {
  const type = frame.schema.columns.find(({ name }) => name === column)?.type;
  if (type === undefined) throw keyNotSettled(spec, column);
  if (newest === undefined) return frame.pick(new Uint8Array(frame.rows));
  const kept = { digits: type.kind === 'timestamp' ? fractionDigits[type.unit] : type.kind === 'decimal' ? type.scale : 0 };
  const key = parsedKey(type, floored(newest.type, newest.text, kept));
  if (key === undefined) throw keyUnlike(spec, column, { source: describeType(newest.type), settled: describeType(type) });
  const at = { column, type, text: watermarkText(type, key) };
  const { rest } = await (await frame.upTo(at)).within.split(at, 'with rest');
  return rest;
}

/** A candidate stays if its key came back meanwhile, and also if the source or a collation may take one of the source's keys for the same. */
async function lookedAgain(request: ComparisonRequest, first: Candidates): Promise<KeysGone> {
  const { key, spec, comparison } = request;
  const columns = settledColumns(key);
  const hashes = hashingOf(request)[hasText(key) ? 'folded' : 'exact'];
  const candidates = new KeyHashes(Number.POSITIVE_INFINITY);
  for (const frame of first.frames) candidates.add(await hashes(frame, columns), allKeys);
  candidates.sort();
  const back = new KeyHashes(Number.POSITIVE_INFINITY);
  let source = 0;
  await using home = await request.openSource();
  for await (const frame of keysOf(request, home, sourceColumns(key))) {
    source += frame.rows;
    const own = await hashes(frame, sourceColumns(key));
    const { marks, count } = candidates.missing(own, allKeys);
    if (count < own.length)
      back.add(
        own.filter((_, i) => marks[i] === 0),
        allKeys,
      );
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
  return { compared: { source, settled: first.settled, gone, stay: first.behind + first.gone - gone }, rows };
}

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
  { spec, comparison, head }: ComparisonRequest,
  { settled, gone, behind }: Pick<Candidates, 'settled' | 'gone' | 'behind'>,
): void {
  if (gone + behind === settled && settled > 1) throw sourceDoubtful(spec, { is: 'nothing in common', settled });
  const { mostPercent } = comparison;
  if (!isWithin(comparison, gone, head.rows)) throw tooManyGone(spec, { gone, settled: head.rows, mostPercent });
}

function isWithin({ mostPercent }: DeletesComparison, some: number, of: number): boolean {
  return some * 100 <= mostPercent * of;
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
  more?: string,
): AsyncGenerator<Frame> {
  const { clock } = ports;
  const { schema } = await untilDone(clock, (cursor) => home.describe(cursor, 'for a run'), signal);
  const names = columns.map(({ name }) => name);
  // A mask looks at all of its columns.
  const window: Window = everyKey(spec.mask ? undefined : more === undefined || names.includes(more) ? names : [...names, more]);
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
