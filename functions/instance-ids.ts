/** Names of orchestrations, unique in a task hub. What is in flight is known by them. */
import type { RunInput } from './run-input.ts';

/** The instance that runs a flow, a backfill of it, or a comparison. Live runs of a flow share one, so that there is one at a time; so do its comparisons. A wait for replication has the id of its run. */
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

/** The instance of an entity, and the one that it has while it waits beside its lane. */
export function entityInstance(run: string, n: number): string {
  return `${run}-e${n}`;
}

export function besideInstance(run: string, n: number): string {
  return `${entityInstance(run, n)}-w`;
}

/** The instance that reports a run whose own is gone. */
export function lostInstance(run: string): string {
  return `${run}-lost`;
}

/** Entities that one orchestration sees to; those behind them continue in another one, for short histories. */
export const perLane = 50;

/** The instance of the rest of a lane. */
export function nextLaneInstance(instance: string): string {
  const [lane = '', part = '0'] = instance.split('.');
  return `${lane}.${Number(part) + 1}`;
}

/** Chunks of one entity of a backfill, from this one on. */
export function backfillSeriesId(run: string, n: number, from: number): string {
  return `${run}-b${n}-${from}`;
}
