/** A backfill: a series of short entity runs below the watermark, one for each chunk. This file plans the chunks, and backfill-run.ts runs them in process. */
import type { DataType } from '../../frames/schema.ts';
import { readStride, type Stride, stepped } from '../../frames/times/stride.ts';
import type { Watermark } from '../../frames/watermark.ts';
import { compareWatermarks, parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { DifferingRanges } from '../../ports/answers/comparison.ts';
import { LruCache } from '../../ports/lru-cache.ts';
import { type EntityKey, filled } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { noStride, noValueOf, rangeBackwards, tooManyChunks } from '../errors/backfill.ts';
import {
  type BackfillLane,
  type Chunk,
  laneName,
  liveLowerEdge,
  mustBeginBelowWatermark,
  mustSupportBackfill,
  settledWatermark,
} from '../plan/lane.ts';
import { readRow } from '../protocol/row.ts';
import type { RowsInRange } from './range-counts.ts';

/** The range as a person wrote it, from `from` up to but not including `to`. */
export interface BackfillRequest extends EntityKey, ChunkedRange {
  /** Whether to repeat chunks that an earlier backfill of the same range has done. */
  readonly again: boolean;
}

/** The chunks of a backfill, as small JSON. Equal requests give equal chunks: if more has settled meanwhile, only the number of chunks may grow. */
export interface BackfillSeries {
  /** The beginning of the range, in canonical text. */
  readonly from: string;
  readonly to: string;
  readonly column: string;
  readonly type: DataType;
  readonly chunk: string | null;
  /** How many chunks begin below the watermark. */
  readonly chunks: number;
  /** The first chunk that is still to be done, counted from 0. If it equals `chunks`, all chunks are done. */
  readonly next: number;
  /** The value at which the range of live runs begins. A backfill whose own end is later ends at this value. */
  readonly liveMark: string;
  readonly endsAtMark: boolean;
  /** Present for a repair, whose ranges are all done in one chunk. */
  readonly repair?: Pick<NonNullable<BackfillLane['repair']>, 'foreign' | 'keepsNewer'> & {
    readonly ranges: readonly RepairedRange[];
    /** How many more rows the repair may remove than it planned, since the source may change meanwhile. */
    readonly spare: number;
  };
}

export interface RepairedRange {
  readonly chunk: Chunk;
  /** How many rows the range loses, as planned. A negative number: how many rows the range gains. */
  readonly fewer: number;
  /** The number of rows of the source that do not settle, as the plan counted them. */
  readonly leftOut: number;
}

interface ChunkedRange {
  readonly from: string;
  readonly to: string;
  /** The size of a chunk: `1d`, `1mo`, `100000`. Null: the whole range is one chunk. */
  readonly chunk: string | null;
}

const mostChunks = 10_000;

/** Reads only the state. Throws if the entity can’t be backfilled at all, or not with this request. */
export async function resolveSeries(request: BackfillRequest, ports: EnginePorts): Promise<BackfillSeries> {
  const spec = ports.entity(request.flow, request.entity);
  const { row, column, type } = await settledOf(spec, ports);
  const from = canonical('--from', request.from, { spec, column, type });
  const to = canonical('--to', request.to, { spec, column, type });
  const at = (text: string): Watermark => ({ column, type, text });
  const order = compareWatermarks(at(from), at(to));
  if (order >= 0) throw rangeBackwards(spec, { from: request.from, to: request.to, isEmpty: order === 0 });
  mustBeginBelowWatermark(spec, row, at(from));
  const edge = liveLowerEdge(spec, row);
  const endsAtMark = compareWatermarks(at(to), at(edge.text)) > 0;
  const chunked = { from, to, chunk: request.chunk };
  const chunks = countBelow(chunked, type, endsAtMark ? edge : { text: to, inclusive: false });
  const done = request.again ? undefined : row?.lanes[laneName({ from, to })];
  return {
    ...chunked,
    column,
    type,
    chunks,
    next: done ? chunksDone(chunked, type, { chunks, text: done.text }) : 0,
    liveMark: edge.text,
    endsAtMark,
  };
}

/** The watermark below which a backfill replaces rows. Throws if the entity can't be backfilled. */
async function settledOf(spec: EntitySpec, ports: EnginePorts) {
  mustSupportBackfill(spec, { home: await ports.home(spec, null), store: await ports.store(spec) });
  const { row } = await readRow(ports, spec);
  const { column, type } = settledWatermark(spec, row);
  return { row, column, type };
}

/** Plans a repair of the ranges in which `verify` found differences, with all ranges in one commit. Reads only the state. */
export async function repairOf(
  key: EntityKey,
  found: DifferingRanges,
  {
    foreign,
    keepsNewer,
    rows,
    ports,
  }: {
    readonly foreign: 'keep' | 'replace';
    readonly keepsNewer: boolean;
    readonly rows: readonly RowsInRange[];
    readonly ports: EnginePorts;
  },
): Promise<BackfillSeries> {
  const spec = ports.entity(key.flow, key.entity);
  const { row, column, type } = await settledOf(spec, ports);
  const ranges = found.ranges.map(({ from, to, to_included }, at) => {
    const { source, settled, markedDeleted, leftOut } = rows[at] as RowsInRange;
    return { chunk: { from, to, ...filled({ to_included }) }, fewer: settled + markedDeleted - source, leftOut };
  });
  const ends = { from: ranges[0]?.chunk.from ?? '', to: ranges.at(-1)?.chunk.to ?? '' };
  const liveMark = liveLowerEdge(spec, row).text;
  return {
    ...ends,
    chunk: null,
    column,
    type,
    chunks: 1,
    next: 0,
    liveMark,
    endsAtMark: false,
    repair: { foreign, keepsNewer, ranges, spare: 0 },
  };
}

/** @param spare how many more rows the repair may remove than planned. */
export function withSpare(series: BackfillSeries, spare: number): BackfillSeries {
  return series.repair === undefined ? series : { ...series, repair: { ...series.repair, spare } };
}

/** The part of the series that one run does: one chunk. */
export function laneAt({ from, to, chunk, type, repair }: BackfillSeries, index: number): BackfillLane {
  if (repair === undefined) return { from, to, chunks: [chunkAt({ from, to, chunk }, type, index)] };
  const { foreign, keepsNewer, ranges, spare } = repair;
  const sum = (of: 'fewer' | 'leftOut') => ranges.reduce((all, range) => all + range[of], 0);
  return {
    from,
    to,
    chunks: ranges.map((range) => range.chunk),
    repair: { foreign, keepsNewer, mostFewer: sum('fewer') + spare, mostLeftOut: sum('leftOut') },
  };
}

/** A range of a repair as a backfill of its own. The repair’s plan counts the rows of each range separately. */
export function laneOfRange(series: BackfillSeries, index: number): BackfillLane {
  const lane = laneAt(series, 0);
  return { ...lane, chunks: lane.chunks.slice(index, index + 1) };
}

/** All chunks, in order. Each chunk ends where the next one begins. */
export function* chunksOf(range: ChunkedRange, type: DataType): Generator<Chunk> {
  for (let i = 0; ; i++) {
    const chunk = chunkAt(range, type, i);
    yield chunk;
    if (chunk.to === range.to) return;
  }
}

/** Steps are counted from the beginning of the range, so that steps of a month always begin on the same day of the month. */
function chunkAt({ from, to, chunk }: ChunkedRange, type: DataType, index: number): Chunk {
  if (chunk === null) return { from, to };
  const stride = strideOf(chunk, type);
  const start = stepped(type, from, stride, BigInt(index));
  const end = stepped(type, from, stride, BigInt(index + 1));
  return { from: start, to: below(type, end, to) ? end : to };
}

type Edge = { readonly text: string; readonly inclusive: boolean };

/** Remembered because each step of each chunk needs its series again, and counting thousands of chunks takes a while. */
const counted = new LruCache<number>(64);

function countBelow(range: ChunkedRange, type: DataType, edge: Edge): number {
  return counted.get(JSON.stringify([range, type, edge]), () => countAll(range, type, edge));
}

function countAll(range: ChunkedRange, type: DataType, edge: Edge): number {
  let count = 0;
  for (const { from } of chunksOf(range, type)) {
    if (!below(type, from, edge.text) && !(edge.inclusive && from === edge.text)) break;
    count++;
    if (count > mostChunks) throw tooManyChunks(range.chunk, mostChunks);
  }
  return count;
}

/** The number of chunks that are completely done. */
export function chunksDone(range: ChunkedRange, type: DataType, done: { readonly chunks: number; readonly text: string }): number {
  // Chunks ascend by their ends, so the search halves the range of chunks.
  let [from, to] = [0, done.chunks];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (below(type, done.text, chunkAt(range, type, middle).to)) to = middle;
    else from = middle + 1;
  }
  return from;
}

function below(type: DataType, a: string, b: string): boolean {
  return compareWatermarks({ type, text: a }, { type, text: b }) < 0;
}

function strideOf(chunk: string, type: DataType): Stride {
  const stride = readStride(chunk, type);
  if (stride !== undefined) return stride;
  throw noStride(chunk, type);
}

function canonical(flag: string, written: string, { spec, column, type }: { spec: EntityKey; column: string; type: DataType }): string {
  const key = parsedKey(type, type.kind === 'string' ? written : written.trim());
  if (key !== undefined) return watermarkText(type, key);
  throw noValueOf(spec, { flag, written, column, type });
}
