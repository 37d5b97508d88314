import type { App } from '../../src/assembly/app.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { alreadyRunning } from '../../src/assembly/errors.ts';
import type { BackfillSeries } from '../../src/engine/backfill/backfill.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import { defined, filled, type Json } from '../../src/ports/values.ts';
import type { FlowSpec } from '../../src/workspace/load/load.ts';
import type { BackfillInput } from '../run-input.ts';
import type { HttpAnswer, TriggerContext, TriggerRequest } from '../sdk.ts';
import { errorAnswer, orError, RefusedRequest, runBody, runLink } from './answers.ts';
import { refuseInAddress } from './body.ts';
import { answerPlan } from './dry-run.ts';
import { toldIn } from './logging.ts';
import { opened } from './open-app.ts';
import { type RunRequest, readRequest, runKeys } from './request.ts';
import { laneOf, type Start, start } from './start.ts';

/** `POST /api/flows/<flow>/runs`: starts a run, or returns its plan. */
export async function onRun(app: App, flow: Pick<FlowSpec, 'name'>, asked: TriggerRequest, called: TriggerContext): Promise<HttpAnswer> {
  return await orError(
    async () => {
      refuseInAddress(asked.query, runKeys);
      const text = await asked.text();
      const allowed = await allowedVars(app, flow.name);
      const request = readRequest(text, allowed);
      if (request.dryRun) return await answerPlan(app, flow.name, request, called);
      const { entities, runType, backfill, vars } = request;
      const series = backfill === null ? null : await mustBackfill(app, { flow: flow.name, request, backfill }, called);
      const lane = series === null || backfill === null ? 'live' : laneFor(series, backfill);
      if (series !== null && isDone(series)) return doneBefore(flow.name, lane, series);
      const wanted: Start = { flow: flow.name, invocation: called.invocation, trigger: 'http', entities, runType, backfill, lane, vars };
      const started = await start(app, called.instances, wanted);
      if (started.outcome === 'running') return conflict(app, asked, started.record);
      const self = runLink(asked, started.record);
      const chunks = defined({ backfill: series?.map(told) });
      return { status: 202, headers: { Location: self, 'Retry-After': '10' }, body: { ...runBody(asked, started.record), ...chunks } };
    },
    toldIn(app, flow.name, called),
  );
}

/** Checked against the current config without vars: vars must not decide which vars are allowed. */
async function allowedVars(app: App, flow: string): Promise<readonly string[]> {
  return (await app.pin({ flow, config: 'current', date: app.clock.now().slice(0, 10), run: '' })).flow.allowVars;
}

export function conflict(app: App, asked: TriggerRequest, record: RunRecord): HttpAnswer {
  return errorAnswer(409, [alreadyRunning(record, runLink(asked, record), appName(app.env)).toDetails()], { run: runBody(asked, record) });
}

interface EntitySeries {
  readonly entity: string;
  readonly series: BackfillSeries;
}

/** The chunks of each entity. Throws `RefusedRequest` for what can't be backfilled, since a later error would reach no caller. */
async function mustBackfill(
  app: App,
  { flow, request, backfill }: { readonly flow: string; readonly request: RunRequest; readonly backfill: BackfillInput },
  called: TriggerContext,
): Promise<readonly EntitySeries[]> {
  const { ports, asked } = await opened(app, { flow, request }, called);
  const [{ resolveSeries }, { OpenSides }] = await Promise.all([
    import('../../src/engine/backfill/backfill.ts'),
    import('../../src/engine/entity/open-sides.ts'),
  ]);
  await using sides = new OpenSides();
  const own = sides.over(ports);
  const wrong: HyggeError[] = [];
  const found: EntitySeries[] = [];
  for (const { entity } of asked) {
    try {
      found.push({ entity, series: await resolveSeries({ flow, entity, ...backfill }, own) });
    } catch (error) {
      if (!(error instanceof HyggeError) || error.transient) throw error;
      wrong.push(error);
    }
  }
  if (wrong.length > 0) throw new RefusedRequest(wrong);
  return found;
}

/** Different spellings of a range share one lane. The lane has the spelling of the request in its name only if entities interpret the spelling differently. */
function laneFor(all: readonly EntitySeries[], written: BackfillInput): string {
  const lanes = new Set(all.map(({ series }) => laneOf(series)));
  const [only] = lanes;
  return only === undefined || lanes.size > 1 ? laneOf(written) : only;
}

function isDone(all: readonly EntitySeries[]): boolean {
  return all.every(({ series }) => series.next >= series.chunks);
}

/** The answer if a run would do nothing. */
function doneBefore(flow: string, lane: string, all: readonly EntitySeries[]): HttpAnswer {
  const message = 'All chunks were done before, so nothing was started. To do them again: `"again": true` in `backfill`.';
  return { status: 200, body: { flow, lane, backfill: all.map(told), message } };
}

/** A description of the planned work, for the caller. */
function told({ entity, series }: EntitySeries): Json {
  const { column, chunks, next, liveMark: mark, endsAtMark } = series;
  const ends = `the backfill ends at the watermark, ${column} ${mark}: live runs read the rows from there on`;
  return { entity, chunks, done: next, ends_at_mark: endsAtMark, ...filled({ warning: endsAtMark && ends }) };
}
