import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import { eventBase } from '../../src/engine/contracts/ports.ts';
import { messageAndCodes } from '../../src/engine/contracts/words.ts';
import { summaryWithoutRows } from '../../src/engine/drive/drive.ts';
import { type WhyNotStarted, whyNotStarted } from '../../src/engine/drive/not-started.ts';
import { heldByOtherRun } from '../../src/engine/errors/run.ts';
import { type LookOutcome, type LookRequest, lookAndPlan } from '../../src/engine/look/look.ts';
import { isCompaction, laneTold } from '../../src/engine/plan/lane.ts';
import { Interrupted } from '../../src/errors/hygge-error.ts';
import { retry } from '../../src/ports/retry.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import type { Lease } from '../../src/ports/state.ts';
import { defined, filled, type Instant, type Json } from '../../src/ports/values.ts';
import type { PlannedEntity } from '../orchestrators/entity.ts';
import type { EntityRunInput } from '../orchestrators/give-up.ts';
import type { SeriesTold } from '../run-input.ts';
import { type ActivityContext, type Body, entityOf, idsOf, type StepInput } from './activity.ts';
import { atOnceIn } from './at-once.ts';
import { chunkOf } from './chunk.ts';
import { whenBorne } from './connection-turn.ts';
import { tellEntityEnded } from './ended.ts';
import { followUpOf } from './follow-up.ts';

type PlanInput = StepInput & EntityRunInput & { readonly again?: boolean };

interface Cursor {
  readonly step?: Json;
  /** Another run now has the entity. */
  readonly heldSince?: Instant;
  /** How often another run had the entity. */
  readonly looks?: number;
}

/** The delay before the second check. Each further delay is twice as long, because the history keeps every check. */
const firstLookMs = 15_000;
const longestLookMs = 2 * 60_000;
/** How long to wait: a chunk of a backfill is short, a live run may be long. The time is longer than the lease of a run that disappeared. */
const longestWaitMs = 3 * 3_600_000;

/** hygge-plan-entity: decides whether the entity is started at all. If so, inspects the source, claims the entity and plans its slices. */
export const body: Body<PlanInput> = async (input, room) => {
  const why = await whyNot(input, room);
  if (why !== null) return { done: notStarted(input, room, { why, notStarted: true }) };
  const { of, at } = input;
  const cursor = (input.cursor ?? {}) as Cursor;
  const chunk = await chunkOf(input, room);
  const series = chunk && { chunks: chunk.series.chunks, next: chunk.series.next };
  if (series !== undefined && (input.chunk ?? 0) < series.next) return { done: notStarted(input, room, { why: 'done_before', series }) };
  const lane = followUpOf(input) ?? chunk?.lane;
  const request = {
    ...idsOf(input, room),
    workspace: room.pinned.workspace.name,
    runType: followUpOf(input) === undefined ? (of.runType ?? null) : null,
    takeOver: false,
    startedAt: at,
    ...filled({ again: input.again && 1, lane }),
  };
  const work = () => planned(request, room, cursor);
  const step = await whenBorne(input, room, { does: { reads: true, writes: false }, from: cursor.step, work });
  if ('again' in step) return { ...step, again: { ...cursor, step: step.again } };
  // A later run can compact, so a compaction is not worth a wait.
  if (step.done.outcome === 'held' && isCompaction(lane)) return { done: notStarted(input, room, { why: 'held' }) };
  if (step.done.outcome === 'held') return heldBy(input, room, { lease: step.done.lease, cursor });
  if (step.done.outcome === 'ended') return { done: { outcome: 'ended' } satisfies PlannedEntity };
  if (step.done.outcome === 'nothing')
    return { done: { outcome: 'nothing', ended: await tellEntityEnded(input, room, step.done.ended) } satisfies PlannedEntity };
  const { plan, slices, inOrder } = step.done;
  const atOnce = atOnceIn(room.pinned).slicesPerLane ?? undefined;
  return { done: { outcome: 'planned', plan, slices, inOrder, ...defined({ atOnce, series }) } satisfies PlannedEntity };
};

/** A run that has ended on the board will not release its claim, so the claim is taken over. */
async function planned(request: LookRequest, room: ActivityContext, cursor: Cursor): Promise<Step<LookOutcome>> {
  const step = await lookAndPlan(request, room.ports, cursor.step ?? undefined);
  if (!('done' in step) || step.done.outcome !== 'held') return step;
  const { run } = step.done.lease;
  const record = await recordOf(request.flow, run, room);
  return record === undefined || record.ended_at === null ? step : await lookAndPlan({ ...request, takeOver: run }, room.ports);
}

/** A run with a claim must release the claim, so it continues or is stopped first. A run that was marked as lost on the board is over. */
async function whyNot(input: PlanInput, room: ActivityContext): Promise<WhyNotStarted | null> {
  const flags = await raisedStopFlags(room.pinned.state, input.of);
  const record = await recordOf(input.of.flow, input.of.run, room);
  const isOver = record !== undefined && record.ended_at !== null;
  if (flags.size === 0 && !isOver) return null;
  const { continueOnError } = room.pinned.workspace.options;
  const stopped = flags.has('cancelled');
  const why = isOver ? 'run_ended' : whyNotStarted({ stopped, failed: flags.has('failed'), continueOnError });
  const row = (await retry(() => room.pinned.state.read(entityOf(input, room))))?.row;
  if (row?.owner?.run !== idsOf(input, room).entityRunId) return why;
  if (stopped || isOver) throw new Interrupted('cancelled');
  return null;
}

/** `notStarted`: the entity was not started, although it may have had rows to move. */
function notStarted(
  input: PlanInput,
  room: ActivityContext,
  { why, ...more }: { readonly why: WhyNotStarted; readonly notStarted?: true; readonly series?: SeriesTold | undefined },
): PlannedEntity {
  const ids = idsOf(input, room);
  const reason = more.notStarted ? { reason: 'not_started' as const } : {};
  const summary = summaryWithoutRows(ids, {
    status: 'skip',
    ...reason,
    ...messageAndCodes(room.ports.words, { notes: [{ code: 'not_started', why }] }),
    ...laneTold(followUpOf(input)),
  });
  room.ports.emit({ ...eventBase(ids, room.ports), event: 'entity_done', ...summary });
  const { series } = more;
  return {
    outcome: 'nothing',
    ended: { status: 'skip', rows: 0, bytes: 0, ...filled({ notStarted: more.notStarted, series }) },
  };
}

/**
 * A live run and a backfill of one flow wait for each other, and a backfill that has begun waits for any run. In other cases the lease of another run
 * ends this entity run, with a message that names the holder.
 */
async function heldBy(input: PlanInput, room: ActivityContext, { lease, cursor }: { lease: Lease; cursor: Cursor }) {
  const now = room.ports.clock.now();
  const heldSince = cursor.heldSince ?? now;
  const mayWait = Date.parse(now) - Date.parse(heldSince) < longestWaitMs && ((input.chunk ?? 0) > 0 || (await isOurs(input, room, lease)));
  if (!mayWait) throw heldByOtherRun(entityOf(input, room), lease);
  const looks = (cursor.looks ?? 0) + 1;
  const waitMs = Math.min(longestLookMs, firstLookMs * 2 ** (looks - 1));
  return { again: { heldSince, looks }, notBefore: new Date(Date.parse(now) + waitMs).toISOString() };
}

async function isOurs({ of }: PlanInput, room: ActivityContext, lease: Lease): Promise<boolean> {
  const record = await recordOf(of.flow, lease.run, room);
  return record !== undefined && record.run_id !== of.run && record.ended_at === null;
}

/** The record of the run on the board; undefined: the run belongs to another app. */
async function recordOf(flow: string, entityRun: string, { pinned }: ActivityContext): Promise<RunRecord | undefined> {
  const [run = ''] = entityRun.split('.');
  return await retry(() => pinned.board.get(flow, run));
}
