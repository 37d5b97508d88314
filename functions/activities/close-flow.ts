import { raisedStopFlags, removeStopFlags } from '../../src/assembly/stop-flags.ts';
import { type CloseRequest, closeFlow } from '../../src/engine/close/close.ts';
import { entitiesPerClose } from '../../src/engine/drive/close-flows.ts';
import { detailsOf } from '../../src/engine/errors/details.ts';
import { positionsIn } from '../../src/engine/plan/entity-positions.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { retry } from '../../src/ports/retry.ts';
import type { Status } from '../../src/ports/state.ts';
import { defined, filled, type Json } from '../../src/ports/values.ts';
import { bytesOf, cut, cutToFit, mostBytes } from '../answer.ts';
import { mostToldFailureBytes } from '../orchestrators/give-up.ts';
import { countOf, type LaneOutcome, type RunInput, tallyIn } from '../run-input.ts';
import { waitTold } from '../wait-records.ts';
import type { ActivityContext, Body, StepInput } from './activity.ts';

export interface CloseInput extends StepInput {
  readonly outcome: LaneOutcome;
}

interface Cursor {
  /** The input for the next call to closeFlow. */
  readonly call: number;
  readonly step?: Json;
}

const budgetMs = 3 * 60_000;
/** The part of a run that is searched for its first failure. */
const mostRows = 500;

/** hygge-close-flow: housekeeping, notices, and the end of the run on the board. Only recording the end can fail. */
export const body: Body<CloseInput> = async (input, room) => {
  const calls = callsFor(input, room);
  const { ports } = room;
  const until = ports.clock.monotonicMs() + budgetMs;
  let cursor = (input.cursor ?? { call: 0 }) as unknown as Cursor;
  for (let call = calls[cursor.call]; call !== undefined; call = calls[cursor.call]) {
    const step = await told(input.of, room, () => closeFlow(call as CloseRequest, ports, cursor.step));
    cursor = 'done' in step ? { call: cursor.call + 1 } : { call: cursor.call, step: step.again };
    const notBefore = 'notBefore' in step ? { notBefore: step.notBefore } : {};
    if (cursor.call < calls.length && (notBefore.notBefore !== undefined || ports.clock.monotonicMs() > until))
      return { again: cursor as unknown as Json, ...notBefore };
  }
  await end(input, room);
  return { done: null };
};

function callsFor({ of, outcome }: CloseInput, { pinned }: ActivityContext): readonly CloseRequest[] {
  const ids = { invocationId: of.invocation, runId: of.run, flow: of.flow, workspace: pinned.workspace.name };
  const settled = positionsIn(outcome.settled).map((n) => pinned.flow.entities[n]?.entity ?? '');
  const calls: CloseRequest[] = [];
  for (let i = 0; i < settled.length; i += entitiesPerClose) calls.push({ ...ids, entities: settled.slice(i, i + entitiesPerClose) });
  return [...calls, { ...ids, entities: [], final: tallyIn(outcome), ...waited({ of, outcome }, pinned) }];
}

/** Waits for replication are not in the journal. */
function waited({ of, outcome }: Pick<CloseInput, 'of' | 'outcome'>, { flow }: ActivityContext['pinned']): Pick<CloseRequest, 'waited'> {
  const entity = of.replication && flow.entities[of.replication.n]?.entity;
  return entity === undefined ? {} : { waited: { entity, code: outcome.first?.code ?? null } };
}

async function told<T>(of: RunInput, { ports }: ActivityContext, work: () => Promise<T>): Promise<T | { readonly done: null }> {
  try {
    return await work();
  } catch (error) {
    const message = ports.words.note({ code: 'records_left', what: detailsOf(error).what });
    ports.emit({ ...baseOf(of, ports.clock.now()), event: 'warning', message });
    return { done: null };
  }
}

function baseOf(of: RunInput, ts: string) {
  return { v: 1 as const, ts, invocation_id: of.invocation, run_id: of.run, flow: of.flow };
}

async function end(input: CloseInput, room: ActivityContext): Promise<void> {
  const { of, outcome } = input;
  const { ports, pinned } = room;
  const cancelled = (await raisedStopFlags(pinned.state, of)).has('cancelled');
  await removeStopFlags(pinned.state, of);
  const now = ports.clock.now();
  const { error, skip, rows, rowsRead, bytes } = outcome;
  const seconds = (Date.parse(now) - Date.parse(of.startedAt)) / 1000;
  const counts = { ...tallyIn(outcome), total: countOf(outcome), rows };
  ports.emit({ ...baseOf(of, now), event: 'summary', ...counts, seconds, entities: [] });
  const record = await retry(() => pinned.board.get(of.flow, of.run));
  if (record === undefined) return;
  // A stop request in the last moment came too late: the run had ended.
  const stopped = cancelled && error + skip + (outcome.notStarted ?? 0) > 0;
  const failed = positionsIn(outcome.failed)
    .slice(0, 10)
    .map((n) => pinned.flow.entities[n]?.entity ?? '');
  const summary = {
    ...counts,
    ...defined({ rows_read: rowsRead }),
    bytes,
    seconds,
    failed,
    ...filled({ cancelled, waits: outcome.waitsApart }),
    ...waitTold(record, outcome.replication ?? 'lost'),
  };
  const failure = await failureIn(input, room, { stopped, most: mostBytes - bytesOf({ ...summary, failure: {} }) });

  await retry(() =>
    pinned.board.end({ ...record, ended_at: now, status: stopped ? 'error' : statusOf(outcome), summary: { ...summary, ...failure } }),
  );
}

/** The first failure, shortened to fit. Without a failure: a message that the run was stopped between two entities. */
async function failureIn(
  { of, outcome: { first } }: CloseInput,
  { pinned }: ActivityContext,
  { stopped, most }: { readonly stopped: boolean; readonly most: number },
): Promise<{ readonly failure?: Json }> {
  if (first === undefined) return stopped ? { failure: { code: 'HYG-2020', what: 'The run was stopped before all of it was done.' } } : {};
  const whole = await inJournal({ of, first }, pinned);
  return { failure: whole === undefined ? { ...first } : (cutToFit(whole, most) as unknown as Json) };
}

/** Lanes report one line of the first failure. The journal has the full error. */
async function inJournal(
  { of, first }: { readonly of: RunInput; readonly first: NonNullable<LaneOutcome['first']> },
  { state }: ActivityContext['pinned'],
): Promise<ErrorDetails | undefined> {
  try {
    const rows = await retry(() => state.journal({ flow: of.flow, run: of.run, limit: mostRows, withVerifications: true }));
    const failed = rows.flatMap(({ error }) => (error ? [error] : []));
    return failed.find(({ code, what }) => code === first.code && cut(what, mostToldFailureBytes) === first.what);
  } catch {
    // An error of this search is ignored, because the notices must not delay the end of the run.
    return undefined;
  }
}

function statusOf({ pass, warn, error }: LaneOutcome): Status {
  if (error > 0) return 'error';
  return warn > 0 ? 'warn' : pass > 0 ? 'pass' : 'skip';
}
