/** Ids of orchestrations, unique in a task hub. A running orchestration is found by its id. */
import type { RunInput } from './run-input.ts';

/** The instance that runs a flow, its backfill, or a comparison. All live runs of a flow share one instance, so only one live run is active at a time. All comparisons of a flow share another instance. The instance of a wait for replication has the id of its run. */
export function instanceOf({
  flow,
  run,
  backfill,
  verify,
  replication,
}: Pick<RunInput, 'flow' | 'run' | 'backfill' | 'verify' | 'replication'>): string {
  if (replication !== undefined) return run;
  if (verify !== undefined) return `verify-${flow}`;
  return backfill === undefined ? `flow-${flow}` : `backfill-${flow}-${run}`;
}

/** A lane of a live run. */
export function laneInstance(run: string, lane: number): string {
  return `${run}-l${lane}`;
}

/** The instance of an entity, and the other instance of an entity that waits outside its lane. */
export function entityInstance(run: string, n: number): string {
  return `${run}-e${n}`;
}

export function besideInstance(run: string, n: number): string {
  return `${entityInstance(run, n)}-w`;
}

/** The instance that reports a run whose own instance is gone. */
export function lostInstance(run: string): string {
  return `${run}-lost`;
}

/** How many entities one orchestration handles. The other entities continue in another orchestration, to keep histories short. */
export const perLane = 50;

/** The instance that continues with the remaining entities of a lane. */
export function nextLaneInstance(instance: string): string {
  const [lane = '', part = '0'] = instance.split('.');
  return `${lane}.${Number(part) + 1}`;
}

/** The instance for the chunks of one entity of a backfill, from this chunk on. */
export function backfillSeriesId(run: string, n: number, from: number): string {
  return `${run}-b${n}-${from}`;
}
