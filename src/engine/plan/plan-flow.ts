/** Divides the entities of a flow into lanes of about the same size. Each lane is a contiguous part of the flow's list, so that its text stays short. */
import { retry } from '../../ports/retry.ts';
import type { JournalRow } from '../../ports/state.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { type PositionRangesText, positionsIn, rangesOf } from './entity-positions.ts';

export interface LaneDivisionRequest {
  readonly flow: string;
  /** The entities of the flow, as positions in the flow’s list (`rangesOf`). */
  readonly entities: PositionRangesText;
  /** How many entities run at once. */
  readonly lanes: number;
}

export interface LaneDivision {
  /** The entities of each lane, as positions (`rangesOf`). Each lane has at least one entity. */
  readonly lanes: readonly PositionRangesText[];
}

/** How many journal rows are read for each entity. Several are needed, because a run that moved no rows does not show the entity’s size. */
const rowsPerEntity = 3;
/** The fixed cost of a run, as the number of bytes that could have been moved meanwhile. */
const costOfARun = 4 * 1024 * 1024;
/** The most characters of the answer, which the history of the orchestration keeps. If the lanes’ texts were longer, fewer lanes than requested are made. */
const mostText = 3_800;

/** @param names the names of the flow’s entities, in the order of the config to which the run is pinned. */
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

/** How many bytes each entity moved in its last run that moved any. The newest row is first. */
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
