/** Waits for replication as the board has them. Each is a run of its own: until another system has taken over what one entity of an earlier run settled. */
import type { ReplicationResult } from '../src/engine/verify/replication.ts';
import { retry } from '../src/ports/retry.ts';
import { isReplicationLane, type RunBoard, type RunRecord } from '../src/ports/runs.ts';
import { defined, type Instant, type Json } from '../src/ports/values.ts';
import type { EntityOutcome } from './run-input.ts';

/** What the summary of a wait says from its start. */
export interface WaitTold {
  readonly entity: string;
  /** The run that settled what is waited for. */
  readonly run: string;
  /** The commit. Absent: no look has found it yet. */
  readonly commit?: string;
  readonly since: Instant;
  /** The wait that goes first. Absent: there was none. */
  readonly behind?: string;
  /** Absent: the wait has not ended. */
  readonly result?: ReplicationResult | 'cancelled' | 'lost';
  /** The later wait that replaces this one. Only where `result` is `superseded`. */
  readonly by?: string;
}

/** Undefined: the record is of another kind of run. */
export function waitIn({ lane, summary }: Pick<RunRecord, 'lane' | 'summary'>): WaitTold | undefined {
  if (!isReplicationLane(lane)) return undefined;
  return (summary as { readonly replication?: WaitTold } | null)?.replication;
}

/** As the summary of a wait has it; nothing for other runs. */
export function waitTold(record: RunRecord, result: EntityOutcome['replication'] | 'lost'): { readonly replication?: Json } {
  const told = waitIn(record);
  if (told === undefined || result === 'over') return {};
  return { replication: { ...told, ...defined({ result }) } as unknown as Json };
}

/** Waits for what a run settled that have not ended. */
export async function openWaits(
  board: RunBoard,
  { flow, run }: { readonly flow: string; readonly run: string },
): Promise<readonly RunRecord[]> {
  return (await waitsOf(board, { flow, run })).filter(({ ended_at }) => ended_at === null);
}

/** Newer waits that are looked through for those of a run. */
const waitsLookedAt = 1_000;

export async function waitsOf(
  board: RunBoard,
  { flow, run }: { readonly flow: string; readonly run: string },
): Promise<readonly RunRecord[]> {
  return (await retry(() => board.waits(flow, waitsLookedAt))).filter((record) => waitIn(record)?.run === run);
}
