import type { App } from '../src/assembly/app.ts';
import type { ErrorDetails } from '../src/ports/events.ts';
import { flowNameProblem } from '../src/workspace/names.ts';
import { hasCome, timerOf } from '../src/workspace/schema/zones.ts';
import { carryOut } from './activities/activity.ts';
import { bodies } from './activities/bodies.ts';
import { exitsOf } from './exits.ts';
import { courses } from './orchestrators/courses.ts';
import { activities } from './run-input.ts';
import { type HttpAnswer, onActivity, onStartingActivity, registered, registerOrchestrator, type TriggerContext } from './sdk.ts';
import { servedAtStart } from './served-flows.ts';
import { errorAnswer } from './triggers/answers.ts';
import { whateverTheFlow } from './triggers/any-flow.ts';
import { onDebug } from './triggers/debug.ts';
import { type AppStart, onFlows, type ServedFlow } from './triggers/flows.ts';
import { onPurge } from './triggers/purge.ts';
import { onRun } from './triggers/run.ts';
import { onCancel, onOneRun, onRuns } from './triggers/runs.ts';
import { onSchedule } from './triggers/schedule.ts';
import { onStatus } from './triggers/status.ts';
import { onVerify } from './triggers/verify.ts';
import { onWatch, watchSchedule } from './triggers/watch.ts';

/**
 * Registers every function of the app, from the config as it is when this machine starts. A machine that is added after a push has the flows of that push.
 * A run uses the same config version on all machines.
 */
export async function registerAll(app: App): Promise<readonly ServedFlow[]> {
  // The platform treats an app without functions as started, and asks for the start error only after a function is registered.
  registerSteps(app);
  let served: readonly ServedFlow[] = [];
  const { registerTimer } = exitsOf(app.network);
  registerTimer('hygge-purge', '0 30 3 * * *', (called) => onPurge(app, served, called));
  registerTimer('hygge-watch', watchSchedule(app.env), (called) => onWatch(app, served, called));
  const start = await servedAtStart(app);
  served = start.flows;
  for (const one of distinct(served)) registerFlow(app, one);
  registerRuns(app, start);
  return served;
}

/** The platform ignores case in names, so only the first of two such flows is registered. `GET /api/flows` shows the error of the second flow. */
function distinct(served: readonly ServedFlow[]): readonly ServedFlow[] {
  const names = served.map(({ found }) => found.name.toLowerCase());
  return served.filter((_, i) => names.indexOf(names[i] ?? '') === i);
}

/** A timer is registered even for an invalid schedule, so that the error shows up among failures. */
const everyMorning = '0 0 6 * * *';

function registerFlow(app: App, { found, schedule, scheduleError }: ServedFlow): void {
  const { name } = found;
  // The platform would reject a function with this name, so `GET /api/flows` shows the error of the flow.
  if (flowNameProblem(name) !== undefined) return;
  const route = `flows/${name}/runs`;
  const verifying = { method: 'POST', route: `flows/${name}/verify` } as const;
  const { onHttp, registerTimer } = exitsOf(app.network);
  if ('errors' in found) {
    const errors = found.errors.map((one) => one.toDetails());
    onHttp(`${name}-run`, { method: 'POST', route }, async (): Promise<HttpAnswer> => errorAnswer(500, errors));
    onHttp(`${name}-verify`, verifying, async (): Promise<HttpAnswer> => errorAnswer(500, errors));
    // Missing runs of a flow must be visible, even if its schedule is unknown.
    const [first] = errors;
    if (first !== undefined) registerTimer(`${name}-schedule`, everyMorning, (called) => fail(first, called));
    return;
  }
  onHttp(`${name}-run`, { method: 'POST', route }, (asked, called) => onRun(app, found.flow, asked, called));
  onHttp(`${name}-verify`, verifying, (asked, called) => onVerify(app, found.flow, asked, called));
  if (schedule !== null)
    registerTimer(`${name}-schedule`, timerOf(schedule, Date.parse(app.clock.now())), async (called, { lastMs }) => {
      // This timer is for the hour of the other season (summer or winter time), so no run is due.
      if (await hasCome(schedule, { lastMs, nowMs: Date.parse(app.clock.now()) })) await onSchedule(app, name, called);
    });
  if (scheduleError !== null) registerTimer(`${name}-schedule`, everyMorning, (called) => fail(scheduleError, called));
}

async function fail(error: ErrorDetails, { log }: TriggerContext): Promise<void> {
  log.error(JSON.stringify({ event: 'error', v: 1, ...error }));
  throw new Error(`${error.code} ${error.what}`);
}

function registerRuns(app: App, start: AppStart): void {
  const within = (answering: typeof onRuns): Parameters<typeof onHttp>[2] => {
    const answer = whateverTheFlow(start.flows, answering);
    return (asked, called) => answer(app, asked.params.flow ?? '', asked, called);
  };
  const { onHttp } = exitsOf(app.network);
  onHttp('hygge-flows', { method: 'GET', route: 'flows' }, (asked, { instances }) =>
    onFlows(app, start, asked, { hub: instances.hub, functions: registered() }),
  );
  onHttp('hygge-status', { method: 'GET', route: 'status' }, (asked, called) => onStatus(app, start, asked, called));
  onHttp('hygge-debug', { method: 'POST', route: 'debug' }, (asked, called) => onDebug(app, start, asked, called));
  onHttp('hygge-runs', { method: 'GET', route: 'flows/{flow}/runs' }, within(onRuns));
  onHttp('hygge-run-status', { method: 'GET', route: 'flows/{flow}/runs/{id}' }, within(onOneRun));
  onHttp('hygge-run-cancel', { method: 'DELETE', route: 'flows/{flow}/runs/{id}' }, within(onCancel));
}

function registerSteps(app: App): void {
  for (const [name, course] of courses) registerOrchestrator(name, course);
  for (const [name, body] of bodies) {
    if (name === activities.replicateApart)
      onStartingActivity(name, (input, log, instances) => carryOut(name, body, { app, log, input, instances }));
    else onActivity(name, (input, log) => carryOut(name, body, { app, log, input }));
  }
}
