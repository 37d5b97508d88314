/** Compares two sides whose systems sum their own rows: for which entities that works, and in which parts of the rows the sides differ. */

import { fractionDigits } from '../../frames/calendar.ts';
import { sameType } from '../../frames/describe-type.ts';
import type { UpperEnd } from '../../frames/row-sum/some-rows.ts';
import type { DataType, Schema } from '../../frames/schema.ts';
import type { ComparisonProof, ProofFiles, ProofOfSide, WhyRead } from '../../ports/answers/comparison.ts';
import { type Home, insideSumsOf, type Window } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import {
  type ComparesInside,
  type Division,
  type DivisionPart,
  type OneBucketSums,
  type ProvesRows,
  RowsWithoutHash,
  type SummedColumn,
  type SumsOfFiles,
  type SumsRequest,
} from '../contracts/row-sums.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { TimeLimit } from '../contracts/steps.ts';
import { type ComparedContent, noDifference, noRows } from './rows/comparison.ts';

/** A side whose rows its system sums. The columns and the key have the side’s own names. */
export interface InsideSide {
  readonly home: Home;
  readonly inside: ComparesInside;
  /** The window of the rows that are due. */
  readonly window: Window;
  readonly columns: readonly SummedColumn[];
  /** The columns by which rows are divided into parts: the key, or all columns if there is no key. */
  readonly key: readonly SummedColumn[];
}

export interface InsideSides {
  readonly source: InsideSide;
  readonly destination: InsideSide;
  /** The window of the source’s rows that are not yet due. Null: all rows are due. */
  readonly notDue: Window | null;
}

export interface InsideRequest {
  readonly source: {
    readonly home: Home;
    readonly window: Window;
    readonly end: UpperEnd | null;
    /** The source’s own schema. Null: the source shows its columns only while it is read. */
    readonly schema: Schema | null;
    /** The columns of the rows as they would settle, each with its column in the source. */
    readonly shaped: Schema;
    readonly origins: readonly (string | null)[];
  };
  readonly destination: { readonly home: Home; readonly window: Window };
  /** The compared columns, by their settled names. */
  readonly columns: readonly SummedColumn[];
  readonly key: readonly SummedColumn[];
  /** Why rows have to be compared one by one, even if the systems can sum them. Null: sums are enough. */
  readonly byRow: WhyRead['what'] | null;
}

/** Both sides if both can sum their rows. Otherwise the reason why not. Queries each system at most once. */
export async function insideSides(request: InsideRequest, signal: AbortSignal): Promise<InsideSides | WhyRead> {
  if (request.byRow !== null) return { side: null, what: request.byRow };
  // Once one system can’t sum its rows, the other system is not queried.
  for (const side of ['source', 'destination'] as const)
    if (insideSumsOf(request[side].home) === undefined) return { side, what: 'system' };
  const source = await summingSide(request, 'source', signal);
  if ('what' in source) return source;
  const destination = await summingSide(request, 'destination', signal);
  if ('what' in destination) return destination;
  const { window, end } = request.source;
  const notDue: Window | null =
    end === null
      ? null
      : {
          ...window,
          lower: { text: end.at.text, inclusive: !end.inclusive },
          nulls: end.nulls === 'beyond' && window.nulls === 'include' ? 'include' : 'exclude',
        };
  return { source, destination, notDue };
}

async function summingSide(request: InsideRequest, side: 'source' | 'destination', signal: AbortSignal): Promise<InsideSide | WhyRead> {
  const { home } = request[side];
  const inside = insideSumsOf(home)?.inside;
  if (inside === undefined) return { side, what: 'system' };
  const summed = await summedBy(inside, request, side, signal);
  return 'what' in summed ? summed : { home, inside, ...summed };
}

/** The request for sums that a side’s system gets. */
async function summedBy(
  inside: ProvesRows,
  request: InsideRequest,
  side: 'source' | 'destination',
  signal: AbortSignal,
): Promise<Pick<InsideSide, 'window' | 'columns' | 'key'> | WhyRead> {
  const { window } = request[side];
  const settled = { columns: request.columns, key: request.key.length > 0 ? request.key : request.columns };
  const own = side === 'source' ? { columns: ownColumns(request, settled.columns), key: ownColumns(request, settled.key) } : settled;
  if ('column' in own.columns) return { side, what: 'shaped', column: own.columns.column };
  if ('column' in own.key) return { side, what: 'shaped', column: own.key.column };
  const { columns, key } = own;
  const [unable] = inside.supports(columns, { by: 'hash', key, bits: 0 }).unable;
  if (unable !== undefined) return { side, what: 'column', column: unable.column, text: unable.why };
  const missing = await inside.whyUnable(signal);
  if (missing !== undefined) return { side, what: 'server', text: missing };
  const end = side === 'source' ? request.source.end : null;
  return { window: end === null ? window : dueOf(window, end), columns, key };
}

/** The rows of a window that are due, as a window. */
export function dueOf(window: Window, { at, inclusive, nulls }: UpperEnd): Window {
  return { ...window, upper: { text: at.text, inclusive }, ...(nulls === 'beyond' ? { nulls: 'exclude' } : {}) };
}

/** The source’s columns for the settled columns, if all values settle unchanged. Otherwise the first column whose values change. */
function ownColumns(
  { source: { schema, shaped, origins } }: InsideRequest,
  columns: readonly SummedColumn[],
): readonly SummedColumn[] | { readonly column: string } {
  const own: SummedColumn[] = [];
  for (const { name, type } of columns) {
    const at = shaped.columns.findIndex((column) => column.name === name);
    const found = schema?.columns.find((column) => column.name === origins[at]);
    const settles = shaped.columns[at];
    if (found === undefined || settles === undefined || !keepsValues(found.type, settles.type)) return { column: name };
    own.push({ name: found.name, type });
  }
  return own;
}

const integers: ReadonlySet<string> = new Set(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64']);

/** Whether each value of one type either stays the same in the other type, or is refused by it. */
function keepsValues(from: DataType, to: DataType): boolean {
  if (sameType(from, to)) return true;
  if (integers.has(from.kind)) return integers.has(to.kind) || to.kind === 'decimal';
  if (from.kind === 'decimal' && to.kind === 'decimal') return to.scale >= from.scale;
  if (from.kind === 'float32') return to.kind === 'float64';
  if (from.kind === 'timestamp' && to.kind === 'timestamp')
    return (from.zone === undefined) === (to.zone === undefined) && fractionDigits[to.unit] >= fractionDigits[from.unit];
  return false;
}

/** How many more bits of the hash each query divides by. */
const stepBits = 5;
/** How many bits the prefix of a hash may have. */
const mostBits = 25;
/** How many rows a part may have before it is first divided into 32 smaller parts. */
const mostRowsInPart = 250_000;
const mostQueries = 200;
/** How many of the first 32 parts may differ. If more differ, all rows are read, because each part would need a scan of the whole table. */
const mostParts = 8;

export interface SumsFound {
  /** The number of rows and the row sum of all parts that are equal. */
  readonly equal: { readonly rows: number; readonly sum: bigint };
  readonly rows: { readonly source: number; readonly destination: number; readonly notDue: number };
  readonly sums: { readonly source: bigint; readonly destination: bigint };
  /** The parts in which the sides differ, as prefixes of the key’s hash. Null: too many parts differ to be read one by one. */
  readonly differing: readonly HashPrefix[] | null;
  /** How many statements ran on each side. */
  readonly queries: { readonly source: number; readonly destination: number };
}

export interface HashPrefix {
  readonly bits: number;
  readonly prefix: number;
}

/** The part of a side whose keys have hashes that begin with these bits. */
export const hashPart = (key: readonly SummedColumn[], { bits, prefix }: HashPrefix): DivisionPart => ({ by: 'hash', key, bits, prefix });

/** Thrown if a statement takes longer than a snapshot may be held. */
export class TooSlow extends Error {}

/**
 * Queries both sides for the sums of 32 parts, and then divides the large parts that differ into smaller ones. Throws RowsWithoutHash. After
 * `withinMs` it stops the statements and throws TooSlow.
 */
export async function sumsInside(
  sides: InsideSides,
  { clock, signal, withinMs }: { readonly clock: EnginePorts['clock']; readonly signal: AbortSignal; readonly withinMs: number },
): Promise<SumsFound> {
  using limit = new TimeLimit(clock, withinMs, () => new TooSlow());
  return await found(sides, AbortSignal.any([signal, limit.signal]));
}

async function found(sides: InsideSides, signal: AbortSignal): Promise<SumsFound> {
  const queries = { source: 0, destination: 0 };
  const sumsOf = async (side: 'source' | 'destination', part: HashPrefix | null): Promise<ReadonlyMap<number, OneBucketSums>> => {
    const { inside, window, columns, key } = sides[side];
    const division: Division = { by: 'hash', key, bits: part?.bits ?? 0 };
    queries[side]++;
    const scope = { window, part: part === null ? null : hashPart(key, part) };
    return new Map((await inside.sums({ scope, division, columns, of: 'rows' }, signal)).map((one) => [one.bucket, one]));
  };
  const pairOf = async (part: HashPrefix | null) => {
    const [source, destination] = await Promise.allSettled([sumsOf('source', part), sumsOf('destination', part)]);
    // Both queries have ended here, so that no statement outlives its home.
    if (source.status === 'rejected') throw source.reason;
    if (destination.status === 'rejected') throw destination.reason;
    return { source: source.value, destination: destination.value };
  };
  const notDue = await rowsNotDue(sides, queries, signal);
  const first = await pairOf(null);
  const total = (side: ReadonlyMap<number, OneBucketSums>) => {
    const all = [...side.values()];
    return { rows: all.reduce((rows, one) => rows + one.rows, 0), sum: all.reduce((sum, one) => sum + BigInt(one.sum), 0n) };
  };
  const [source, destination] = [total(first.source), total(first.destination)];
  const equal = { rows: 0, sum: 0n };
  const parts: HashPrefix[] = [];
  let isPartial = true;
  const compared = async (pair: typeof first, within: HashPrefix | null): Promise<void> => {
    const differing: number[] = [];
    for (let bucket = 0; bucket < 2 ** stepBits; bucket++) {
      const [one, other] = [pair.source.get(bucket), pair.destination.get(bucket)];
      if (one?.rows === other?.rows && one?.sum === other?.sum) {
        equal.rows += one?.rows ?? 0;
        equal.sum += BigInt(one?.sum ?? 0);
      } else differing.push(bucket);
    }
    if (differing.length > mostParts) isPartial = false;
    for (const bucket of differing) {
      if (!isPartial) return;
      const part = { bits: (within?.bits ?? 0) + stepBits, prefix: (within?.prefix ?? 0) * 2 ** stepBits + bucket };
      const rows = Math.max(pair.source.get(bucket)?.rows ?? 0, pair.destination.get(bucket)?.rows ?? 0);
      const mayAsk = Math.max(queries.source, queries.destination) < mostQueries && part.bits < mostBits;
      if (rows > mostRowsInPart && mayAsk) await compared(await pairOf(part), part);
      else parts.push(part);
    }
  };
  await compared(first, null);
  return {
    equal,
    rows: { source: source.rows, destination: destination.rows, notDue },
    sums: { source: source.sum, destination: destination.sum },
    differing: isPartial && parts.length <= mostParts ? parts : null,
    queries,
  };
}

async function rowsNotDue({ source, notDue }: InsideSides, queries: { source: number }, signal: AbortSignal): Promise<number> {
  if (notDue === null) return 0;
  queries.source++;
  const [found] = await source.inside.sums(
    { scope: { window: notDue, part: null }, division: { by: 'nothing' }, columns: source.columns.slice(0, 1), of: 'rows' },
    signal,
  );
  return found?.rows ?? 0;
}

/** What a comparison by sums found, and how many statements ran on each side. */
export interface InsideContent {
  readonly content: ComparedContent;
  readonly queries: { readonly source: number; readonly destination: number };
}

/** The parts that differ, with each side’s own names. */
export interface DifferingParts {
  readonly source: readonly DivisionPart[];
  readonly destination: readonly DivisionPart[];
}

/** Compares by sums, and reads only the parts that differ. @param read compares the rows of some parts, or all rows if it gets null. */
export async function contentInside(
  sides: InsideSides,
  how: Parameters<typeof sumsInside>[1],
  read: (parts: DifferingParts | null) => Promise<ComparedContent>,
): Promise<InsideContent> {
  let sums: SumsFound;
  try {
    sums = await sumsInside(sides, how);
  } catch (error) {
    if (!(error instanceof TooSlow || error instanceof RowsWithoutHash)) throw error;
    return { content: await read(null), queries: { source: 1, destination: 1 } };
  }
  const { differing, equal, rows, queries } = sums;
  if (differing === null) return { content: await read(null), queries };
  if (differing.length === 0) {
    const found = { ...noRows, source: rows.source, destination: rows.destination, not_yet_due: rows.notDue };
    const sum = { source: String(sums.sums.source), destination: String(sums.sums.destination) };
    return {
      content: {
        rows: found,
        differences: noDifference,
        differing: [],
        sums: sum,
        allVersionsLookedAt: true,
        apart: 0,
        settledReadAt: null,
      },
      queries,
    };
  }
  const parts = (side: 'source' | 'destination') => differing.map((one) => hashPart(sides[side].key, one));
  const content = await read({ source: parts('source'), destination: parts('destination') });
  const plus = (sum: string) => String(BigInt(sum) + equal.sum);
  const { source, destination } = content.rows;
  return {
    queries,
    content: {
      ...content,
      rows: { ...content.rows, source: source + equal.rows, destination: destination + equal.rows, not_yet_due: rows.notDue },
      sums: { source: plus(content.sums.source), destination: plus(content.sums.destination) },
    },
  };
}

export interface ProofRequest {
  readonly sides: InsideRequest;
  readonly where: Readonly<Record<'source' | 'destination', string>>;
  readonly spec: EntitySpec;
  readonly ports: Pick<EnginePorts, 'withSumsOfFiles'>;
}

/** Queries the sums of all rows that are due, on each side that can sum its rows. Null: neither side has a statement. */
export async function proofOf(request: ProofRequest, signal: AbortSignal): Promise<ComparisonProof | null> {
  const source = await proofOfSide(request, 'source', signal);
  const destination = await proofOfSide(request, 'destination', signal);
  return 'what' in source && 'what' in destination ? null : { source, destination };
}

async function proofOfSide(request: ProofRequest, side: 'source' | 'destination', signal: AbortSignal): Promise<ProofOfSide | WhyRead> {
  const { sides, spec, ports } = request;
  if (sides.byRow === 'rules' || sides.byRow === 'deletes') return { side, what: sides.byRow };
  const { home, window } = sides[side];
  const sums = home.system?.sums ?? { by: 'none' };
  const inside = sums.by === 'inside' ? sums.inside : sums.by === 'texts' ? sums.texts : undefined;
  if (inside !== undefined) return proofBy({ inside, canRun: true }, null, { ...request, side }, signal);
  const files = home.filesOf?.(window);
  if (files === undefined) return { side, what: 'system' };
  const of = {
    ...{ count: files.files.length, bytes: files.files.reduce((sum, { bytes }) => sum + bytes, 0) },
    ...{ address: files.address, isLocal: files.folder !== null },
  };
  return ports.withSumsOfFiles(files, spec, async (sums) =>
    sums === undefined ? { side, what: 'system' } : proofBy(sums, of, { ...request, side }, signal),
  );
}

async function proofBy(
  { inside, canRun }: SumsOfFiles,
  files: ProofFiles | null,
  { sides, where, side }: ProofRequest & { readonly side: 'source' | 'destination' },
  signal: AbortSignal,
): Promise<ProofOfSide | WhyRead> {
  const own = await summedBy(inside, sides, side, signal);
  if ('what' in own) return own;
  const { window, columns } = own;
  const asked: SumsRequest = { scope: { window, part: null }, division: { by: 'nothing' }, columns, of: 'columns' };
  const { sql } = await inside.statement(asked);
  const names = columns.map(({ name }, at) => ({ name: sides.columns[at]?.name ?? name, own: name }));
  const proof = { where: where[side], system: inside.system, sql, files, columns: names };
  if (!canRun) return { ...proof, answer: null };
  let sums: OneBucketSums | undefined;
  try {
    [sums] = await inside.sums(asked, signal);
  } catch (error) {
    if (!(error instanceof RowsWithoutHash)) throw error;
    return { side, what: 'server', text: error.message };
  }
  const sumsOfColumns = columns.map((_, at) => sums?.columns?.[at] ?? { count: 0, sum: '0' });
  return { ...proof, answer: { rows: sums?.rows ?? 0, sum: sums?.sum ?? '0', columns: sumsOfColumns } };
}
