/**
 * A run looks before it claims (docs/building/protocol.md): from a row without a lease it surveys both sides. If the survey finds no work, the run
 * ends by one write. Otherwise the run claims by one write. Each write is conditional on the row, so that the findings are still true.
 */
import { retry } from '../../ports/retry.ts';
import type { StateRow, Status } from '../../ports/state.ts';
import type { Instant, Json } from '../../ports/values.ts';
import { type EntityRunEnd, entityRunEndFrom, journalRowIfNothing } from '../commit/commit.ts';
import { gatherReceipts } from '../commit/gather.ts';
import type { Step } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';
import { countedRows } from '../plan/modes.ts';
import {
  type LookBeforeClaim,
  type PlanOutcome,
  type PlanRequest,
  planEntity,
  type SurveyBeforeClaim,
  surveyRequest,
  toPlan,
} from '../plan/plan.ts';
import { planEvent } from '../plan/plan-event.ts';
import { type Survey, survey } from '../plan/survey.ts';
import { sweep } from '../protocol/claim.ts';
import { type ProtocolEvent, phaseOf } from '../protocol/protocol.ts';
import { isMoveAllowed, moveRowFrom, type ReadRow, readRow, sweptOn } from '../protocol/row.ts';
import { unlessSilent } from '../silence/silent-run.ts';
import { verdictOf } from '../validation/verdict.ts';

export interface LookRequest extends PlanRequest {
  readonly workspace: string;
}

/** `nothing`: the run found no work. It is over, and its journal row is written. */
export type LookOutcome = PlanOutcome | { readonly outcome: 'nothing'; readonly ended: EntityRunEnd };

/** The first step of an entity run: it plans, unless there is no work. Like any step, it may be delivered twice, at once or much later. */
export async function lookAndPlan(request: LookRequest, ports: EnginePorts, cursor?: Json): Promise<Step<LookOutcome>> {
  const isFirst = cursor === undefined && !request.again && !request.lane;
  const looked = isFirst ? await look(request, ports) : undefined;
  if (looked && 'ended' in looked) return { done: { outcome: 'nothing', ended: looked.ended } };
  return planEntity(request, ports, cursor, looked);
}

interface LookContext {
  readonly spec: EntitySpec;
  readonly store: Store;
  readonly seen: ReadRow;
}

/** Surveys both sides from a row without a lease. Undefined: the row has changed since. */
async function look(request: LookRequest, ports: EnginePorts): Promise<LookBeforeClaim | { readonly ended: EntityRunEnd } | undefined> {
  const spec = ports.entity(request.flow, request.entity);
  const seen = await readRow(ports, spec);
  const { row } = seen;
  const mayEnd = isMoveAllowed(ports, seen, ending(request, { at: request.startedAt, status: 'skip', swept: '' }));
  const phase = phaseOf(row);
  if ((phase !== 'none' && phase !== 'idle') || row?.last?.run === request.entityRunId) return { seen };
  if (mayEnd || row === undefined) ports.state.prepare?.(spec, seen.etag);
  try {
    const store = await ports.store(spec);
    const survey = await sightOf(request, ports, { spec, store, seen });
    const ended = row && mayEnd && 'done' in survey.result ? await end(request, ports, { spec, store, seen, row, ...survey }) : undefined;
    if (ended === 'moved') return undefined;
    return ended ? { ended } : { seen, survey };
  } catch (error) {
    // The error counts as met under the claim that follows. The run then releases the claim because of this error.
    return { seen, survey: { error } };
  }
}

async function sightOf(request: LookRequest, ports: EnginePorts, { spec, store, seen }: LookContext): Promise<SurveyBeforeClaim> {
  const runType = request.runType ?? spec.runType;
  const rows = countedRows({ spec, row: seen.row, runType, fullEveryApplies: request.runType === null, isLive: true });
  const inspecting = retry(() => store.inspect(undefined, rows));
  // An error of `inspect` is ignored here, because the survey meets the same error, unless the run ends before.
  inspecting.catch(() => undefined);
  const asked = await surveyRequest({ ...request, lane: undefined }, ports, { spec, store, row: seen.row, anew: true });
  return { request: asked, result: await survey(ports, { ...asked, inspecting }, undefined) };
}

/** Ends the run if no row has to be read, replaced or settled. Undefined: the run has work. */
async function end(
  request: LookRequest,
  ports: EnginePorts,
  { spec, store, seen, row, request: asked, result }: LookContext & SurveyBeforeClaim & { readonly row: StateRow },
): Promise<EntityRunEnd | 'moved' | undefined> {
  if (!('done' in result)) return undefined;
  const found = result.done;
  if (found.slices.length > 0 || !isAsSettled(found)) return undefined;
  const plan = toPlan(request, row, found);
  const gathered = gatherReceipts(spec, plan, []);
  const verdict = await verdictOf(request, ports, { spec, plan }, gathered);
  const ended = journalRowIfNothing(request, ports, { spec, plan, gathered, verdict });
  if (ended === null) return undefined;
  const journal = await unlessSilent(ended, ports, { spec, plan, state: row });
  // The row has no lease, so no epoch of the row can write an intent any more. If a zombie stages parts later, the next claim or a run on the next day removes them.
  const swept = journal.finished_at.slice(0, 10);
  if (sweptOn(row) !== swept) await sweep(ports, spec, store, row, row.epoch + 1);
  const event = ending(request, { at: journal.finished_at, status: journal.status, swept });
  if ((await moveRowFrom(ports, spec, event, seen, journal)) === 'moved') return 'moved';
  ports.emit(planEvent(request, ports, { spec, home: asked.home, store, survey: found }));
  return entityRunEndFrom({ ...journal, watermark_to: plan.lower?.text ?? null }, store.where);
}

/** Whether all settled files look as they did. Otherwise a run with a claim has to compare files with another look, and to record new looks. */
function isAsSettled({ target }: Survey): boolean {
  return target.content === 'ours' && target.touched.length === 0 && target.notLookedAt.length === 0;
}

function ending(
  { entityRunId: run }: LookRequest,
  { at, status, swept }: { readonly at: Instant; readonly status: Status; readonly swept: string },
): Extract<ProtocolEvent, { event: 'look' }> {
  return { event: 'look', last: { run, at, status, rows: 0 }, swept };
}
