import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import { eventBase } from '../../src/engine/contracts/ports.ts';
import { verifyAfterCommit } from '../../src/engine/verify/after-commit.ts';
import { comparedWithin } from '../../src/engine/verify/steps/compared-within.ts';
import { comparisonStep, type StepCursor } from '../../src/engine/verify/steps/left-comparison.ts';
import type { Pausing } from '../../src/engine/verify/steps/paused-comparison.ts';
import { errorOf, recordVerdict, verifiedEvent, verifyRunId } from '../../src/engine/verify/verdict.ts';
import type { EntityRunInput } from '../orchestrators/give-up.ts';
import type { EntityOutcome, VerifyInput } from '../run-input.ts';
import { type ActivityContext, type Body, entityOf, idsOf, type StepInput } from './activity.ts';
import { failedAfterwards, withAftermath } from './aftermath.ts';
import { whenBorne } from './connection-turn.ts';

export interface VerifyEntityInput extends StepInput, EntityRunInput {
  /** The result of the run whose commit is compared; absent: a request started the comparison. */
  readonly after?: EntityOutcome;
}

/** The comparison is divided into several steps, like a run. */
const stepMs = 3 * 60_000;
/** The most time of a step: its last slice may use the rest. The platform allows at least ten minutes for a step. */
const budgetMs = 8 * 60_000;
const pauseMs = 5_000;
const maxSnapshotMs = 2 * 60_000;

/** hygge-verify-entity: compares an entity with its source, step by step, and records the result. A comparison takes no lease. */
export const body: Body<VerifyEntityInput> = async (input, room) => {
  const { after } = input;
  const step = {
    spec: entityOf(input, room),
    id: verifyRunId(idsOf(input, room).entityRunId),
    cursor: input.cursor as unknown as StepCursor | undefined,
    budgetMs: stepMs,
  };
  const compare = (pausing: Pausing) =>
    after === undefined ? asked(input, room, pausing) : afterCommit({ ...input, after }, room, pausing);
  const work = async (): Promise<Step<EntityOutcome>> => {
    const made = await comparisonStep(step, room.ports, compare);
    return 'done' in made ? made : { again: { paused: made.again.paused } };
  };
  return await whenBorne(input, room, { does: { reads: true, writes: true }, from: input.cursor, work });
};

async function afterCommit(
  { after, ...input }: VerifyEntityInput & { readonly after: EntityOutcome },
  room: ActivityContext,
  pausing: Pausing,
): Promise<EntityOutcome> {
  const { ports, pinned } = room;
  if ((await raisedStopFlags(pinned.state, input.of)).has('cancelled')) return after;
  const [spec, ids] = [entityOf(input, room), idsOf(input, room)];
  const { signal } = new AbortController();
  const { status, notes, error } = await verifyAfterCommit(
    { ids, spec, workspace: pinned.workspace.name, budgetMs, signal, pausing },
    ports,
  );
  return await withAftermath({ after, ...input }, room, { status, notes, error });
}

async function asked(input: VerifyEntityInput, room: ActivityContext, pausing: Pausing): Promise<EntityOutcome> {
  const { ports, pinned } = room;
  const nothing = { rows: 0, bytes: 0 };
  if ((await raisedStopFlags(pinned.state, input.of)).size > 0) return { status: 'skip', notStarted: true, ...nothing };
  const [spec, ids] = [entityOf(input, room), idsOf(input, room)];
  const { signal } = new AbortController();
  const request = { by: 'checksums' as const, proof: false, pauseMs, maxSnapshotMs, ...(input.of.verify as VerifyInput) };
  const found = await comparedWithin({ spec, request, budgetMs, signal, pausing }, ports);
  ports.emit({ ...eventBase(ids, ports), ...verifiedEvent(found) });
  const own = { ...ids, entityRunId: verifyRunId(ids.entityRunId) };
  await recordVerdict(spec, found, { ids: own, workspace: pinned.workspace.name, startedAt: input.at, keepsRows: true }, ports);
  const error = errorOf(found);
  if (error !== null) return { ...nothing, ...(await failedAfterwards(input, room, error)) };
  return { status: found.verdict === 'same' ? 'pass' : 'skip', ...nothing };
}
