/** The step `planEntity`: claims the entity, looks at both sides, and records what will be read and replaced. protocol.md 2.5 (1–5). */

import { retry } from '../../ports/retry.ts';
import type { Lease, StateRow } from '../../ports/state.ts';
import { defined, type Json } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import { anyRows, type Plan, type PlanFacts, planCacheKey, planRef, type RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { withNotBefore } from '../contracts/steps.ts';
import { headIn, type Store } from '../contracts/store.ts';
import { type ClaimRequest, claimEntity, renewLease } from '../protocol/claim.ts';
import type { ReadRow } from '../protocol/row.ts';
import { planIn, storedPlan } from '../records/plans.ts';
import { snapshotInForce } from '../schema/snapshot.ts';
import { checkTouchedFiles, unlessOvertaken } from './agreement.ts';
import { isCompaction, isOfSettled, laneName, type RunLane, type SourceLane } from './lane.ts';
import { planEvent, settledRowsEvent } from './plan-event.ts';
import { compactionOf, surveySettled } from './settled-plan.ts';
import { type Survey, type SurveyRequest, survey } from './survey.ts';

export interface PlanRequest extends RunIds {
  /** The run type from `-i` or `-d` of this invocation. Null: the config decides. */
  readonly runType: EntitySpec['runType'] | null;
  readonly takeOver: ClaimRequest['takeOver'];
  readonly startedAt: string;
  /** How many plans of the same claim came before. A plan is made again if reading met unknown columns (HYG-3210) or the source lost its snapshot. The new plan looks at the whole source. */
  readonly again?: number;
  /** The lane of a backfill, a comparison of keys, or a compaction. Absent: a live run. */
  readonly lane?: RunLane;
}

export type PlanOutcome =
  | {
      readonly outcome: 'planned';
      readonly plan: string;
      readonly epoch: number;
      readonly slices: number;
      readonly rows: number | null;
      readonly inOrder: boolean;
      readonly rolledForward: boolean;
    }
  | { readonly outcome: 'held'; readonly lease: Lease }
  /** This run has already ended, because its step was delivered again. */
  | { readonly outcome: 'ended' };

/** How long files that were restored or copied are compared, in milliseconds. It must be far less than the time limit of a step. */
const comparingMs = 2 * 60_000;

/** Where the step continues: in the claim’s roll-forward, or in the survey. */
type PlanCursor = { readonly claim?: Json; readonly survey?: Json };

/** What a look found before the claim. It is valid only if the claim begins with the same state row. */
export interface LookBeforeClaim {
  readonly seen: ReadRow;
  /** What the survey found. Absent: another run has a valid lease on the row, so that run goes first. */
  readonly survey?: SurveyBeforeClaim | { readonly error: unknown };
}

export interface SurveyBeforeClaim {
  readonly request: SurveyRequest;
  readonly result: Step<Survey>;
}

export async function planEntity(
  request: PlanRequest,
  ports: EnginePorts,
  cursor?: Json,
  looked?: LookBeforeClaim,
): Promise<Step<PlanOutcome>> {
  const spec = ports.entity(request.flow, request.entity);
  const store = await ports.store(spec);
  const from = (cursor ?? {}) as PlanCursor;
  const own = { run: request.entityRunId, takeOver: request.takeOver, ...defined({ rowAsRead: looked && rowAsReadBy(looked) }) };
  const claimed = await claimEntity(ports, spec, store, own, from.claim);
  if ('again' in claimed) return { ...claimed, again: { ...from, claim: claimed.again } };
  if (claimed.done.outcome === 'held') return { done: { outcome: 'held', lease: claimed.done.lease } };
  if (claimed.done.outcome === 'ended') return { done: { outcome: 'ended' } };

  const { row, epoch, lineage, rolledForward, givenUpError, isNew, stillAsRead, leaves } = claimed.done;
  if (givenUpError) ports.emit({ ...eventBase(request, ports), event: 'warning', code: givenUpError.code, message: givenUpError.what });
  if (leaves !== undefined && isNew)
    ports.emit({ ...eventBase(request, ports), event: 'warning', message: ports.words.note({ code: 'staged_by_others', path: leaves }) });
  const ref = planRef(request.entityRunId, { epoch, lineage }, request.again);
  const made = isNew ? undefined : await retry(() => ports.state.getObject(spec, ref));
  if (isOfSettled(request.lane)) {
    if (made !== undefined) return { done: planned(planIn(made), { ref, rolledForward, inOrder: false }) };
    const sides = { spec, store, row };
    const found = await surveySettled(ports, sides, request.lane);
    const content = () => checkTouchedFiles(ports, sides, found.target, { recordLooks: true, withinMs: comparingMs });
    if (found.checksFiles && (await unlessOvertaken(ports, sides, content)) === 'more') return { again: from };
    const plan = await putPlan(ports, spec, ref, planOf(request, { epoch, lineage }, found.facts));
    const notes = isCompaction(request.lane) ? await compactionOf(spec, store).oldFiles('remove') : [];
    ports.emit(settledRowsEvent(request, ports, { ...found, store, notes }));
    return { done: planned(plan, { ref, rolledForward, inOrder: false }) };
  }
  const { lane } = request;
  const sight = stillAsRead ? looked?.survey : undefined;
  if (sight && 'error' in sight) throw sight.error;
  const asked = sight
    ? { ...sight.request, row }
    : await surveyRequest({ ...request, lane }, ports, { spec, store, row, anew: from.survey === undefined });
  const { home } = asked;
  const inOrder = home.reading.order === 'in_order' || store.slices === 'in turn';
  if (made) return { done: planned(planIn(made), { ref, rolledForward, inOrder }) };

  const surveyed = sight?.result ?? (await survey(ports, asked, from.survey));
  if ('again' in surveyed) {
    const claimedBy = { run: request.entityRunId, epoch };
    const { notBefore } = surveyed;
    await renewLease(ports, spec, claimedBy, { idleUntil: notBefore }).catch((error: unknown) => {
      throw withNotBefore(error, notBefore);
    });
    return { ...surveyed, again: { ...from, survey: surveyed.again } };
  }
  if (home.reading.readsAsPinned) ports.sharing?.keepHome(spec, surveyed.done.pinned, home);
  const content = () => checkTouchedFiles(ports, asked, surveyed.done.target, { recordLooks: true, withinMs: comparingMs });
  const checked = await unlessOvertaken(ports, asked, content);
  if (checked === 'more') return { again: from };
  const plan = await putPlan(ports, spec, ref, toPlan(request, { epoch, lineage }, surveyed.done));
  ports.emit(planEvent(request, ports, { spec, home, store, survey: surveyed.done }));
  return { done: planned(plan, { ref, rolledForward, inOrder }) };
}

/** Stores the plan under this name. If an earlier call has stored a plan, returns that plan. */
async function putPlan(ports: EnginePorts, spec: EntitySpec, ref: string, made: Plan): Promise<Plan> {
  const plan = planIn(await retry(() => ports.state.putObject(spec, ref, storedPlan(made))));
  // The plan as the state would return it, so that a new plan need not be read again.
  ports.sharing?.plans.set(planCacheKey(spec, ref), Promise.resolve(JSON.parse(JSON.stringify(plan)) as Plan));
  return plan;
}

function rowAsReadBy({ seen, survey }: LookBeforeClaim): NonNullable<ClaimRequest['rowAsRead']> {
  const found = survey && 'result' in survey && 'done' in survey.result ? survey.result.done : undefined;
  return found ? { seen, headEpoch: headIn(found.target)?.epoch ?? 0 } : { seen };
}

/** The request for a survey. Its home is opened as the entity’s snapshot says. */
export async function surveyRequest(
  request: Omit<PlanRequest, 'takeOver' | 'lane'> & { readonly lane?: SourceLane | undefined },
  ports: EnginePorts,
  {
    spec,
    store,
    row,
    anew,
  }: { readonly spec: EntitySpec; readonly store: Store; readonly row: StateRow | undefined; readonly anew: boolean },
): Promise<SurveyRequest> {
  // After a failed attempt, the home’s knowledge of the source may be wrong, so it is opened anew.
  const look = anew ? 'anew' : undefined;
  // Few sources have pinned decisions. So meanwhile the home is opened without them.
  const unpinned = ports.home(spec, null, look);
  unpinned.catch(() => undefined);
  const snapshot = await snapshotInForce(ports, spec, row);
  const home = snapshot?.pinned == null ? await unpinned : await ports.home(spec, snapshot.pinned, look);
  const lane = request.lane && { lane: request.lane };
  const runType = request.runType ?? spec.runType;
  const fullEveryApplies = request.runType === null;
  return {
    spec,
    runType,
    fullEveryApplies,
    home,
    store,
    row,
    snapshot,
    run: request,
    look: request.again ? 'whole' : 'for a run',
    ...lane,
  };
}

function planned(plan: Plan, more: { ref: string; rolledForward: boolean; inOrder: boolean }): PlanOutcome {
  const read = plan.slices.filter(({ work }) => work.kind !== 'rework');
  const rows = read.reduce<number | null>((sum, { slice }) => (sum === null || slice.rows === null ? null : sum + slice.rows), 0);
  return {
    outcome: 'planned',
    plan: more.ref,
    epoch: plan.epoch,
    slices: plan.slices.length,
    rows,
    inOrder: more.inOrder,
    rolledForward: more.rolledForward,
  };
}

export function toPlan(
  request: Omit<PlanRequest, 'takeOver'>,
  { epoch, lineage }: { epoch: number; lineage: string },
  found: Survey,
): Plan {
  const { description, origins, target, notes, ...facts } = found;
  return planOf(request, { epoch, lineage }, facts);
}

function planOf(request: Omit<PlanRequest, 'takeOver'>, { epoch, lineage }: { epoch: number; lineage: string }, facts: PlanFacts): Plan {
  const { entityRunId: run, startedAt } = request;
  const repair = request.lane !== undefined && 'chunks' in request.lane ? request.lane.repair : undefined;
  return {
    version: 1,
    run,
    lineage,
    epoch,
    lane: laneName(request.lane),
    startedAt,
    mostFewer: repair?.mostFewer ?? anyRows,
    mostLeftOut: repair?.mostLeftOut ?? anyRows,
    ...facts,
  };
}
