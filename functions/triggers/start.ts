import type { App, Pinned } from '../../src/assembly/app.ts';
import { machineStopped, notStarted, unreadableRequest } from '../../src/assembly/app-stops.ts';
import { rangesOf } from '../../src/engine/ranges.ts';
import type { EntitySpec } from '../../src/engine/spec.ts';
import { insist } from '../../src/ports/outcome.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import type { Json } from '../../src/ports/values.ts';
import { ConfigErrors } from '../../src/workspace/problems.ts';
import type { Instances } from '../instances.ts';
import { type BackfillInput, type FlowInput, instanceOf, orchestrators, type RunInput, type Vars } from '../run-input.ts';
import { mustBeAllowed, positionsOf } from './request.ts';

export interface Start {
  readonly flow: string;
  readonly invocation: string;
  readonly trigger: 'schedule' | 'http';
  readonly entities: readonly string[] | null;
  readonly runType: EntitySpec['runType'] | null;
  readonly backfill: BackfillInput | null;
  readonly vars: Vars;
}

export type Started = { readonly pinned: Pinned; readonly run: string } & (
  | { readonly outcome: 'started'; readonly record: RunRecord }
  /** Another run of the lane is going on. */
  | { readonly outcome: 'running'; readonly record: RunRecord }
);

/** Between the word on the board and the start of the instance; whoever died there is given up after so long. */
const graceMs = 2 * 60_000;
/** The instance of a run that has just ended may take a moment to end as well. */
const lastBreathMs = 250;
const mostBreaths = 40;
/** It travels with the run. */
const mostRangesBytes = 1500;

/**
 * Starts a run: exactly one of any number of triggers at the same time wins the board, and its instance is started. Throws `ConfigErrors`
 * for what the flow or the request says wrong.
 */
export async function start(app: App, instances: Instances, wanted: Start): Promise<Started> {
  const startedAt = app.clock.now();
  const run = app.random.id();
  const vars = Object.keys(wanted.vars).length === 0 ? {} : { vars: wanted.vars };
  const about = { flow: wanted.flow, date: startedAt.slice(0, 10), run, ...vars };
  const pinned = await app.pin({ ...about, config: 'current' });
  // Of this very version: another one may have been pushed since the request was read.
  mustBeAllowed(wanted.vars, pinned.flow.allowVars);
  const entities = positionsOf(wanted.entities, pinned.flow);
  const of: RunInput = {
    ...about,
    invocation: wanted.invocation,
    config: pinned.config,
    startedAt,
    ...(wanted.runType === null ? {} : { runType: wanted.runType }),
    ...(wanted.backfill === null ? {} : { backfill: wanted.backfill }),
  };
  const input: FlowInput = { of, entities: rangesOf(entities) };
  if (input.entities.length > mostRangesBytes) throw tooScattered();
  const record = recordOf(of, { trigger: wanted.trigger, entities: entities.length });
  const other = await claimBoard(app, instances, { pinned, record, id: instanceOf(of) });
  if (other !== null) return { outcome: 'running', pinned, run, record: other };
  await startInstance(app, instances, { pinned, record, input });
  return { outcome: 'started', pinned, run, record };
}

export function laneOf(backfill: BackfillInput | null | undefined): string {
  return backfill ? `backfill:${backfill.from}..${backfill.to}` : 'live';
}

function recordOf(of: RunInput, { trigger, entities }: { trigger: Start['trigger']; entities: number }): RunRecord {
  return {
    version: 1,
    run_id: of.run,
    flow: of.flow,
    lane: laneOf(of.backfill),
    started_at: of.startedAt,
    trigger: of.backfill === undefined ? trigger : 'backfill',
    config: of.config,
    entities,
    ended_at: null,
    status: null,
    summary: null,
  };
}

interface Claiming {
  readonly pinned: Pinned;
  readonly record: RunRecord;
  readonly id: string;
}

/** The run that has the lane; null: it is ours. */
async function claimBoard(app: App, instances: Instances, { pinned, record, id }: Claiming): Promise<RunRecord | null> {
  const { board } = pinned;
  for (;;) {
    const now = await insist(() => board.current(record.flow, record.lane));
    if (now !== undefined && (await isOn(app, instances, now.record))) return now.record;
    if (now !== undefined && now.record.ended_at === null) {
      await insist(() => board.end(lost(now.record, app.clock.now())));
      continue;
    }
    await untilFree(app, instances, { id, run: record.run_id });
    if ((await insist(() => board.start(record, now?.etag))) === 'started') return null;
  }
}

/** Whether a run that has not ended on the board is really at work. */
export async function isOn(app: App, instances: Instances, record: RunRecord): Promise<boolean> {
  if (record.ended_at !== null) return false;
  const backfill = record.trigger === 'backfill' ? ({} as BackfillInput) : undefined;
  const instance = await instances.find(instanceOf({ flow: record.flow, run: record.run_id, ...(backfill && { backfill }) }));
  if (instance?.run === record.run_id) return instance.running;
  return Date.parse(app.clock.now()) - Date.parse(record.started_at) < graceMs;
}

/** A run whose instance is gone: terminated from outside, or its starter died. */
export function lost(record: RunRecord, now: string): RunRecord {
  const { code, what } = machineStopped('').toDetails();
  const summary = { failure: { code, what } };
  return { ...record, ended_at: now, status: 'error', summary };
}

async function untilFree(app: App, instances: Instances, { id, run }: { readonly id: string; readonly run: string }): Promise<void> {
  for (let breath = 0; breath < mostBreaths; breath++) {
    const instance = await instances.find(id);
    if (instance === undefined || !instance.running || instance.run === run) return;
    await app.clock.sleep(lastBreathMs);
  }
}

async function startInstance(
  app: App,
  instances: Instances,
  { pinned, record, input }: { readonly pinned: Pinned; readonly record: RunRecord; readonly input: FlowInput },
): Promise<void> {
  const id = instanceOf(input.of);
  const orchestrator = input.of.backfill === undefined ? orchestrators.flow : orchestrators.backfill;
  try {
    await instances.start(orchestrator, id, input as unknown as Json);
  } catch (error) {
    // The answer may be lost and not the start.
    const instance = await instances.find(id);
    if (instance?.run === record.run_id) return;
    await insist(() => pinned.board.end(lost(record, app.clock.now())));
    throw notStarted(record, error);
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
