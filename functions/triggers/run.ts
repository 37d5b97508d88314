import type { App } from '../../src/assembly/app.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { alreadyRunning } from '../../src/assembly/errors.ts';
import type { RunRecord } from '../../src/ports/runs.ts';
import { defined } from '../../src/ports/values.ts';
import type { FlowSpec } from '../../src/workspace/load/load.ts';
import type { HttpAnswer, TriggerContext, TriggerRequest } from '../sdk.ts';
import { errorAnswer, orError, runBody, runLink } from './answers.ts';
import { refuseInAddress } from './body.ts';
import { answerPlan } from './dry-run.ts';
import { toldIn } from './logging.ts';
import { readRequest, runKeys } from './request.ts';
import { doneBefore, isDone, laneFor, mustBackfill, told } from './series.ts';
import { type Start, start } from './start.ts';

/** `POST /api/flows/<flow>/runs`: starts a run, or answers its plan. */
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

/** Of the config as it is now: vars must not decide what vars may be. */
async function allowedVars(app: App, flow: string): Promise<readonly string[]> {
  return (await app.pin({ flow, config: 'current', date: app.clock.now().slice(0, 10), run: '' })).flow.allowVars;
}

export function conflict(app: App, asked: TriggerRequest, record: RunRecord): HttpAnswer {
  return errorAnswer(409, [alreadyRunning(record, runLink(asked, record), appName(app.env)).toDetails()], { run: runBody(asked, record) });
}
