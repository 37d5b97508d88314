import type { App } from '../../src/assembly/app.ts';
import { goingOn } from '../../src/assembly/app-stops.ts';
import type { EnginePorts } from '../../src/engine/ports.ts';
import type { EntitySpec } from '../../src/engine/spec.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { Emit, HyggeEvent } from '../../src/ports/events.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import type { FlowSpec } from '../../src/workspace/load.ts';
import { logged } from '../log.ts';
import type { BackfillInput } from '../run-input.ts';
import type { Asked, Called, HttpAnswer } from '../sdk.ts';
import { errorAnswer, orError, Refused, runBody, runLink } from './answers.ts';
import { toldIn } from './logging.ts';
import { positionsOf, type RunRequest, readRequest } from './request.ts';
import { type Start, start } from './start.ts';

/** `POST /api/flows/<flow>/runs`: starts a run, or answers its plan. */
export async function onRun(app: App, flow: Pick<FlowSpec, 'name'>, asked: Asked, called: Called): Promise<HttpAnswer> {
  return await orError(
    async () => {
      const text = await asked.text();
      const allowed = await allowedVars(app, flow.name);
      const request = readRequest(text, allowed);
      if (request.dryRun) return await answerPlan(app, flow.name, request, called);
      if (request.backfill !== null) await mustBackfill(app, flow.name, request, called);
      const { entities, runType, backfill, vars } = request;
      const wanted: Start = { flow: flow.name, invocation: called.invocation, trigger: 'http', entities, runType, backfill, vars };
      const started = await start(app, called.instances, wanted);
      if (started.outcome === 'running') return conflict(asked, started);
      const self = runLink(asked, started.record);
      return { status: 202, headers: { Location: self, 'Retry-After': '10' }, body: runBody(asked, started.record) };
    },
    toldIn(app, flow.name, called),
  );
}

/** Of the config as it is now: vars must not decide what vars may be. */
async function allowedVars(app: App, flow: string): Promise<readonly string[]> {
  return (await app.pin({ flow, config: 'current', date: app.clock.now().slice(0, 10), run: '' })).flow.allowVars;
}

function conflict(asked: Asked, { record }: { readonly record: RunRecord }): HttpAnswer {
  return errorAnswer(409, [goingOn(record, runLink(asked, record)).toDetails()], { run: runBody(asked, record) });
}

/** What can't be backfilled is said at once: later it would be said to nobody. */
async function mustBackfill(app: App, flow: string, request: RunRequest, called: Called): Promise<void> {
  const { ports, asked } = await opened(app, flow, request, called);
  const { seriesOf } = await import('../../src/engine/backfill.ts');
  const wrong: HyggeError[] = [];
  for (const { entity } of asked) {
    try {
      if (request.backfill !== null) await seriesOf({ flow, entity, ...request.backfill }, ports);
    } catch (error) {
      if (!(error instanceof HyggeError) || error.transient) throw error;
      wrong.push(error);
    }
  }
  if (wrong.length > 0) throw new Refused(wrong);
}

async function answerPlan(app: App, flow: string, request: RunRequest, called: Called): Promise<HttpAnswer> {
  const plans: HyggeEvent[] = [];
  const { ports, asked, pinned } = await opened(app, flow, request, called, (event) => plans.push(event));
  const { dryRun } = await import('../../src/engine/dry-run.ts');
  const { signal } = new AbortController();
  const look = { invocationId: called.invocation, workspace: pinned.workspace.name, runType: request.runType, signal };
  const { backfill } = request;
  if (backfill === null) await dryRun({ ...look, entities: asked }, ports);
  else for (const spec of asked) await dryRun({ ...look, entities: [spec], backfill: await wholeOf(spec, backfill, ports) }, ports);
  const told = plans.filter(({ event }) => event === 'plan' || event === 'error' || event === 'warning');
  const body = { flow, config: pinned.config, dry_run: true, plans: told };
  return { status: told.some(({ event }) => event === 'error') ? 400 : 200, body: JSON.parse(JSON.stringify(body)) };
}

/** All that is left to do, as if in one go: how it is cut makes no difference to what is read and replaced. */
async function wholeOf({ flow, entity }: EntitySpec, backfill: BackfillInput, ports: EnginePorts) {
  const { laneAt, seriesOf } = await import('../../src/engine/backfill.ts');
  const series = await seriesOf({ flow, entity, ...backfill }, ports);
  const { from, to, column, chunks, next } = series;
  const left = { from: next < chunks ? laneAt(series, next).chunk.from : from, to };
  return { lane: { from, to, chunk: left }, told: { column, from, to, chunks, done: next } };
}

async function opened(app: App, flow: string, request: RunRequest, called: Called, hear: Emit = () => undefined) {
  const now = app.clock.now();
  const vars = Object.keys(request.vars).length === 0 ? {} : { vars: request.vars };
  const pinned = await app.pin({ flow, config: 'current', date: now.slice(0, 10), run: '', ...vars });
  const log = logged(called.log);
  const ports = await pinned.ports((event) => {
    hear(event);
    log(event);
  });
  const asked = positionsOf(request.entities, pinned.flow).flatMap((n) => pinned.flow.entities[n] ?? []);
  return { pinned, ports, asked };
}
