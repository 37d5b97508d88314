import type { App, PinnedFlow } from '../../src/assembly/app.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { notStarted, unreadableRequest } from '../../src/assembly/errors.ts';
import { keepFound } from '../../src/assembly/run-entities.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { rangesOf } from '../../src/engine/plan/entity-positions.ts';
import { retry } from '../../src/ports/retry.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import { defined, filled, type Json } from '../../src/ports/values.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import { instanceOf } from '../instance-ids.ts';
import type { Instance, Instances } from '../instances.ts';
import { endLost, endLostRuns, lostRecord } from '../lost-run.ts';
import { type BackfillInput, type FlowInput, nothingYet, orchestrators, type RunInput, type Vars, type VerifyInput } from '../run-input.ts';
import { isStillRunning } from './alive.ts';
import { mustBeAllowed, positionsOf } from './request.ts';

export interface Start {
  readonly flow: string;
  readonly invocation: string;
  readonly trigger: 'schedule' | 'http';
  readonly entities: readonly string[] | null;
  readonly runType: EntitySpec['runType'] | null;
  readonly backfill: BackfillInput | null;
  /** Set if the entities are compared with their sources; absent: the entities are moved. */
  readonly verify?: VerifyInput;
  /** The lane, which has one run at a time: `live`, `verify`, or `laneOf` the range. */
  readonly lane: string;
  readonly vars: Vars;
}

export type StartOutcome = { readonly pinned: PinnedFlow; readonly run: string } & (
  | { readonly outcome: 'started'; readonly record: RunRecord }
  /** Another run of the lane is running. */
  | { readonly outcome: 'running'; readonly record: RunRecord }
);

/** The time between two checks whether an instance has ended: an instance may end a moment after its run. */
const lastBreathMs = 250;
const mostBreaths = 40;
/** The most bytes of a request’s list of entities, because the list is passed to every step of the run. */
const mostRangesBytes = 1500;

/** Starts a run. If several triggers fire at once, exactly one records its run on the board and starts its instance. Throws `ConfigErrors` for errors of the flow or the request. */
export async function start(app: App, instances: Instances, wanted: Start): Promise<StartOutcome> {
  const startedAt = app.clock.now();
  const run = app.random.id();
  const about = { flow: wanted.flow, date: startedAt.slice(0, 10), run, ...filled({ vars: wanted.vars }) };
  const pinned = await app.pin({ ...about, config: 'current', found: 'now' });
  // Reads the pinned version, because another version may have been pushed since the request was read.
  mustBeAllowed(wanted.vars, pinned.flow.allowVars);
  const entities = positionsOf(wanted.entities, pinned.flow);
  const of: RunInput = {
    ...about,
    invocation: wanted.invocation,
    config: pinned.config,
    app: appName(app.env),
    startedAt,
    looks: true,
    ...defined({
      runType: wanted.runType ?? undefined,
      found: pinned.found === null ? undefined : ('run' as const),
      backfill: wanted.backfill ?? undefined,
      verify: wanted.verify,
    }),
  };
  const input: FlowInput = { of, entities: rangesOf(entities) };
  if (input.entities.length > mostRangesBytes) throw tooScattered();
  if (pinned.found !== null) await keepFound(pinned.state, of, pinned.found);
  const record = recordOf(of, { trigger: wanted.trigger, lane: wanted.lane, entities: entities.length });
  const other = await claimBoard(app, instances, { pinned, record, id: instanceOf(of) });
  if (other !== null) return { outcome: 'running', pinned, run, record: other };
  await endLostRuns(app, instances, pinned, { flow: record.flow, except: run });
  const late = await startInstance(app, instances, { pinned, record, input });
  return late === null ? { outcome: 'started', pinned, run, record } : { outcome: 'running', pinned, run, record: late };
}

export function laneOf({ from, to }: Pick<BackfillInput, 'from' | 'to'>): string {
  return `backfill:${from}..${to}`;
}

type StartFacts = Pick<Start, 'trigger' | 'lane'> & { readonly entities: number };

function recordOf(of: RunInput, { trigger, lane, entities }: StartFacts): RunRecord {
  return {
    version: 1,
    run_id: of.run,
    flow: of.flow,
    lane,
    started_at: of.startedAt,
    trigger: of.backfill === undefined ? trigger : 'backfill',
    config: of.config,
    ...defined({ app: of.app }),
    entities,
    ended_at: null,
    status: null,
    summary: null,
  };
}

interface RunClaim {
  readonly pinned: PinnedFlow;
  readonly record: RunRecord;
  readonly id: string;
}

/** The other run that has the lane; null: this run has the lane. */
async function claimBoard(app: App, instances: Instances, { pinned, record, id }: RunClaim): Promise<RunRecord | null> {
  const { board } = pinned;
  for (;;) {
    const now = await retry(() => board.current(record.flow, record.lane));
    if (now !== undefined && (await isStillRunning(app, instances, pinned, now.record))) return now.record;
    if (now !== undefined && now.record.ended_at === null) {
      await endLost(app, instances, pinned, now.record);
      continue;
    }
    const busy = await untilFree(app, instances, { id, run: record.run_id });
    const other = await runOf(pinned, record.flow, busy);
    if (other !== null) return other;
    if ((await retry(() => board.start(record, now?.etag))) === 'started') return null;
  }
}

/** The instance that still runs under this id after some time, for another run. */
async function untilFree(
  app: App,
  instances: Instances,
  { id, run }: { readonly id: string; readonly run: string },
): Promise<Instance | undefined> {
  for (let breath = 1; ; breath++) {
    const instance = await instances.find(id);
    if (instance === undefined || !instance.running || instance.run === run) return undefined;
    if (breath >= mostBreaths) return instance;
    await app.clock.sleep(lastBreathMs);
  }
}

/** The run that an instance works for. While the instance works, the run is in progress, even if the board already shows its end. */
async function runOf({ board }: PinnedFlow, flow: string, instance: Instance | undefined): Promise<RunRecord | null> {
  const run = instance?.running ? instance.run : null;
  const record = run === null ? undefined : await retry(() => board.get(flow, run));
  return record === undefined ? null : { ...record, ended_at: null, status: null, summary: null };
}

/** Null: the run was started. Otherwise: the run whose instance already has the id. An earlier start may have taken effect late. */
async function startInstance(
  app: App,
  instances: Instances,
  { pinned, record, input }: { readonly pinned: PinnedFlow; readonly record: RunRecord; readonly input: FlowInput },
): Promise<RunRecord | null> {
  const id = instanceOf(input.of);
  const orchestrator = input.of.backfill === undefined ? orchestrators.flow : orchestrators.backfill;
  try {
    await instances.start(orchestrator, id, input as unknown as Json);
    return null;
  } catch (error) {
    // The start may have succeeded although its answer was lost.
    const instance = await instances.find(id);
    if (instance?.run === record.run_id) return null;
    const other = await runOf(pinned, record.flow, instance);
    const now = app.clock.now();
    const ended: RunRecord =
      other === null ? lostRecord(record, now, nothingYet) : { ...record, ended_at: now, status: 'skip', summary: { for: other.run_id } };
    await retry(() => pinned.board.end(ended));
    if (other !== null) return other;
    throw notStarted(record.flow, error);
  }
}

function tooScattered(): ConfigErrors {
  return new ConfigErrors([
    unreadableRequest(
      '`entities` names too many single entities: the list travels with every step of the run.',
      'Leave `entities` out to run all of them',
      'Or start two runs, one after the other',
    ),
  ]);
}
