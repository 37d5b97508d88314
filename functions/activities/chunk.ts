import { type BackfillSeries, laneAt, resolveSeries } from '../../src/engine/backfill/backfill.ts';
import { type BackfillLane, laneName } from '../../src/engine/plan/lane.ts';
import type { EntityInput } from '../run-input.ts';
import { type ActivityContext, entityOf } from './activity.ts';
import { followUpOf } from './follow-up.ts';

/** One chunk of a backfill. */
export interface Chunk {
  readonly series: BackfillSeries;
  readonly lane: BackfillLane;
}

/** The chunk of an entity run; undefined: the run is a live run. Throws if the entity can't be backfilled. */
export async function chunkOf(input: EntityInput, room: ActivityContext): Promise<Chunk | undefined> {
  const { of, chunk } = input;
  if (of.backfill === undefined || chunk === undefined) return undefined;
  const { flow, entity } = entityOf(input, room);
  const series = await resolveSeries({ flow, entity, ...of.backfill }, room.ports);
  return { series, lane: laneAt(series, chunk) };
}

/** The chunk for the journal of a failed run. The run may have failed because the chunk does not exist. */
export async function laneNameOf(input: EntityInput, room: ActivityContext): Promise<string> {
  const { backfill } = input.of;
  if (backfill === undefined) return laneName(followUpOf(input));
  try {
    return laneName((await chunkOf(input, room))?.lane);
  } catch {
    return laneName(backfill);
  }
}
