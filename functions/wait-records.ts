/** Waits for replication, as stored on the board. Each is a separate run that ends when another system has applied the settled rows of one entity of an earlier run. */
import type { ReplicationResult } from '../src/engine/verify/replication.ts';
import { mapConcurrent } from '../src/ports/map-concurrent.ts';
import { retry } from '../src/ports/retry.ts';
import { isReplicationLane, type RunBoard, type RunRecord } from '../src/ports/runs.ts';
import { defined, type Instant, type Json } from '../src/ports/values.ts';
import type { EntityOutcome } from './run-input.ts';

/** The summary of a wait at its start. */
export interface WaitTold {
  readonly entity: string;
  /** The run that settled the rows. */
  readonly run: string;
  /** The commit of the settled rows; absent: no check has found the commit yet. */
  readonly commit?: string;
  readonly since: Instant;
  /** The earlier wait that has priority. Absent: the entity had no other wait. */
  readonly behind?: string;
  /** Absent: the wait has not ended. */
  readonly result?: ReplicationResult | 'cancelled' | 'lost';
  /** The later wait that replaces this wait. Only set if `result` is `superseded`. */
  readonly by?: string;
}

/** The summary of a wait; undefined: the record belongs to another kind of run. */
export function waitIn({ lane, summary }: Pick<RunRecord, 'lane' | 'summary'>): WaitTold | undefined {
  if (!isReplicationLane(lane)) return undefined;
  return (summary as { readonly replication?: WaitTold } | null)?.replication;
}

/** The fields for the summary of a wait; empty for other runs. */
export function waitTold(record: RunRecord, result: EntityOutcome['replication'] | 'lost'): { readonly replication?: Json } {
  const told = waitIn(record);
  if (told === undefined || result === 'over') return {};
  return { replication: { ...told, ...defined({ result }) } as unknown as Json };
}

/** The waits of a flow that have not ended. For each entity, one wait checks, and at most one is queued after it. */
export async function openWaits(board: RunBoard, flow: string): Promise<readonly RunRecord[]> {
  const queued = (await retry(() => board.currentWaits(flow))).filter(isOpen);
  const first = await mapConcurrent(queued, async (record) => {
    const behind = waitIn(record)?.behind;
    return behind === undefined ? undefined : await retry(() => board.get(flow, behind));
  });
  return [...queued, ...first.flatMap((record) => (record !== undefined && isOpen(record) ? [record] : []))];
}

export const isOpen = ({ ended_at }: Pick<RunRecord, 'ended_at'>): boolean => ended_at === null;
