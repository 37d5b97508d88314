/** Divides the entities of a flow into lanes of about the same size. Each lane is a contiguous part of the flow's list, so that its text stays short. */
import { retry } from '../../ports/retry.ts';
import type { JournalRow } from '../../ports/state.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { type PositionRangesText, positionsIn, rangesOf } from './entity-positions.ts';

export interface LaneDivisionRequest {
  readonly flow: string;
  /** Positions in the flow's list, `rangesOf`. */
  readonly entities: PositionRangesText;
  /** How many entities run at once. */
  readonly lanes: number;
}

export interface LaneDivision {
  /** Positions, `rangesOf`, for each lane; no lane is empty. */
  readonly lanes: readonly PositionRangesText[];
}

/** Journal rows looked at for each entity: runs that moved nothing do not show its size. */
const rowsPerEntity = 3;
/** The fixed cost of a run, in bytes that could have been moved meanwhile. */
const costOfARun = 4 * 1024 * 1024;
/** The answer is kept in the history of the orchestration: there are fewer lanes than requested if their text would have more characters than this. */
const mostText = 3_800;

/** @param names the flow's entities, in the order of the config that the run is pinned to. */
export async function divideIntoLanes(
  request: LaneDivisionRequest,
  ports: Pick<EnginePorts, 'state'>,
  names: readonly string[],
): Promise<LaneDivision> {
  const positions = positionsIn(request.entities);
  const alone = positions.map((position) => rangesOf([position]));
  if (positions.length <= request.lanes && isShort(alone)) return { lanes: alone };
  const limit = names.length * rowsPerEntity;
  const sizes = sizesIn(await retry(() => ports.state.journal({ flow: request.flow, limit })));
  const usual = average([...sizes.values()]);
  const weights = positions.map((position) => costOfARun + (sizes.get(names[position] ?? '') ?? usual));
  for (let count = Math.min(request.lanes, positions.length); ; count -= Math.ceil(count / 10)) {
    const lanes = stretches(weights, count).map(([from, to]) => rangesOf(positions.slice(from, to)));
    if (isShort(lanes) || count <= 1) return { lanes };
  }
}

function isShort(lanes: readonly PositionRangesText[]): boolean {
  return JSON.stringify(lanes).length <= mostText;
}

/** Bytes that each entity moved the last time it moved anything; rows are ordered newest first. */
function sizesIn(rows: readonly JournalRow[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { entity, bytes } of rows) if (bytes > 0 && !sizes.has(entity)) sizes.set(entity, bytes);
  return sizes;
}

function average(sizes: readonly number[]): number {
  return sizes.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}

/** Divides a list into at most `count` contiguous parts, so that the largest part is as small as possible. */
function stretches(weights: readonly number[], count: number): readonly (readonly [number, number])[] {
  let low = Math.max(...weights);
  let high = weights.reduce((sum, weight) => sum + weight, 0);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (cut(weights, middle).length <= count) high = middle;
    else low = middle;
  }
  const best = cut(weights, low);
  return best.length <= count ? best : cut(weights, high);
}

function cut(weights: readonly number[], most: number): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  let from = 0;
  let held = 0;
  weights.forEach((weight, i) => {
    if (i > from && held + weight > most) {
      found.push([from, i]);
      from = i;
      held = 0;
    }
    held += weight;
  });
  return [...found, [from, weights.length]];
}
