/** Ends and reports runs whose orchestration is gone: a person terminated the orchestration, or the machine stopped before it started the orchestration. */
import type { App, PinnedFlow } from '../src/assembly/app.ts';
import { machineStopped } from '../src/assembly/errors.ts';
import { tallyOf } from '../src/engine/close/close.ts';
import { rangesOf } from '../src/engine/plan/entity-positions.ts';
import { retry } from '../src/ports/retry.ts';
import type { RunRecord } from '../src/ports/runs.ts';
import { type JournalRow, unchangingLanes, verifyLane } from '../src/ports/state.ts';
import { defined, type Json } from '../src/ports/values.ts';
import { cut } from './answer.ts';
import { lostInstance } from './instance-ids.ts';
import type { Instances } from './instances.ts';
import { countOf, type FlowInput, type LaneOutcome, nothingYet, orchestrators, type RunInput, tallyIn } from './run-input.ts';
import { isStillRunning } from './triggers/alive.ts';
import { openWaits, waitIn, waitTold } from './wait-records.ts';

/** How many abandoned entities are named. In a larger flow, the remaining entities are only counted. */
const mostGivenUp = 500;
/** The number of records of the board that are searched, starting with the newest. Open runs of other lanes are few and recent. */
const runsLookedAt = 50;

/**
 * Ends the run on the board, and starts its report: each entity that had not ended is abandoned (its decided commit is finished), then the flow is closed
 * as after any run. Returns the new record of the run, which may have ended meanwhile.
 */
export async function endLost(
  app: App,
  instances: Instances,
  { board, state, flow, found, config }: Pick<PinnedFlow, 'board' | 'state' | 'flow' | 'found' | 'config'>,
  record: RunRecord,
): Promise<RunRecord> {
  if (record.lane === verifyLane) return await retry(() => board.end(lostRecord(record, app.clock.now(), nothingYet)));
  const rows = await retry(() => state.journal({ flow: record.flow, run: record.run_id }));
  const known = outcomeIn(rows);
  // The entities of the run are unknown here if the run found them at the home, if a request named them, or if they are in another config.
  const isWhole = record.lane === 'live' && found === null && record.config === config && record.entities === flow.entities.length;
  const done = new Set(rows.map(({ entity }) => entity));
  const left = flow.entities.flatMap(({ entity }, n) => (isWhole && !done.has(entity) ? [n] : [])).slice(0, mostGivenUp);
  const uncounted = Math.max(0, record.entities - countOf(known) - left.length);
  const lost: LaneOutcome = { ...known, error: known.error + uncounted, first: { code: failure.code, what: failure.what } };
  const input: FlowInput = { of: inputOf(record, { config, flow }), entities: rangesOf(left), lost };
  try {
    await instances.start(orchestrators.flow, lostInstance(record.run_id), input as unknown as Json);
  } catch (error) {
    // Another request also found the lost run.
    if (!(await instances.find(lostInstance(record.run_id)))?.running) throw error;
  }
  return await retry(() => board.end(lostRecord(record, app.clock.now(), { ...lost, error: lost.error + left.length })));
}

/** Ends the runs of a flow whose orchestration is gone. Until the board shows their end, their claims block other runs. */
export async function endLostRuns(
  app: App,
  instances: Instances,
  pinned: PinnedFlow,
  { flow, except }: { readonly flow: string; readonly except?: string },
): Promise<void> {
  const [runs, waits] = await Promise.all([retry(() => pinned.board.list(flow, runsLookedAt)), openWaits(pinned.board, flow)]);
  for (const other of [...runs, ...waits]) {
    if (other.ended_at !== null || other.run_id === except || (await isStillRunning(app, instances, pinned, other))) continue;
    await endLost(app, instances, pinned, other);
  }
}

const failure = machineStopped('').toDetails();

/** The record on the board. */
export function lostRecord(record: RunRecord, now: string, outcome: LaneOutcome): RunRecord {
  const { rows, bytes } = outcome;
  const counts = { ...tallyIn(outcome), total: countOf(outcome), rows, bytes };
  const summary = { ...counts, failure: failure as unknown as Json, ...waitTold(record, 'lost') };
  return { ...record, ended_at: now, status: 'error', summary };
}

/** The results of the entities that have ended, each once. */
function outcomeIn(rows: readonly JournalRow[]): LaneOutcome {
  const all = [...new Map(rows.filter(({ lane }) => !unchangingLanes.has(lane)).map((row) => [row.entity, row])).values()];
  const sum = (of: 'rows' | 'bytes') => all.reduce((total, row) => total + row[of], 0);
  return { ...nothingYet, ...tallyOf(all), rows: sum('rows'), bytes: sum('bytes') };
}

/** The run is reported with the current config, because the config in the folder may have changed since the run began. */
function inputOf(record: RunRecord, { config, flow: spec }: Pick<PinnedFlow, 'config' | 'flow'>): RunInput {
  const { run_id: run, flow, app, started_at: startedAt } = record;
  const wait = waitIn(record);
  const n = spec.entities.findIndex(({ entity }) => entity === wait?.entity);
  const replication = wait === undefined || n < 0 ? undefined : { run: wait.run, n };
  const about = { invocation: cut(run, 100), run, flow, config, ...defined({ app }), date: startedAt.slice(0, 10), startedAt };
  return { ...about, looks: true, ...defined({ replication }) };
}
