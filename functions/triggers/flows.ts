import type { App } from '../../src/assembly/app.ts';
import type { LoadedFlow } from '../../src/assembly/app-config.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { notServed } from '../../src/assembly/errors.ts';
import { version } from '../../src/assembly/version.ts';
import { didYouMean } from '../../src/errors/did-you-mean.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import { mapConcurrent } from '../../src/ports/map-concurrent.ts';
import { defined, filled, type Json } from '../../src/ports/values.ts';
import { newestIn, statusOf } from '../../src/report/entity-status.ts';
import { entitiesOrTemplate, type FlowSpec } from '../../src/workspace/load/load.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import type { HttpAnswer, TriggerRequest } from '../sdk.ts';
import { inRequestWords } from './advice.ts';
import { errorAnswer } from './answers.ts';

/** A flow that this app serves. */
export interface ServedFlow {
  readonly found: LoadedFlow;
  /** The schedule, as six fields of cron; null: the flow runs only by hand, or its schedule is wrong. */
  readonly schedule: string | null;
  /** The error of the schedule. The flow can still be run by hand. */
  readonly scheduleError: ErrorDetails | null;
}

/** The config that an app started with. */
export interface AppStart {
  /** The version of the config, or `folder`. */
  readonly config: string;
  readonly flows: readonly ServedFlow[];
}

/** `GET /api/flows`: the flows as they were when the app started, and the version that serves them. */
export async function onFlows(
  app: Pick<App, 'env' | 'look' | 'clock'>,
  { config, flows }: AppStart,
  asked: TriggerRequest,
  about: About,
): Promise<HttpAnswer> {
  const { origin, pathname } = new URL(asked.url);
  const root = `${origin}${pathname.replace(/\/$/, '')}`;
  const served = { name: appName(app.env), version, config, hub: about.hub, functions: about.functions };
  const bodies = await mapConcurrent(flows, async (one) => flowBody(one, { root, stale: await staleIn(app, one) }), atOnce);
  return { status: 200, body: { app: served, flows: bodies } };
}

/** How many flows’ states are read at once. */
const atOnce = 4;

/** Stale entities of a flow with `expect`; undefined: the flow has no `expect`, or its state cannot be read. */
async function staleIn(app: Pick<App, 'look' | 'clock'>, { found, schedule }: ServedFlow): Promise<readonly string[] | undefined> {
  if ('errors' in found || !expectsRows(found.flow)) return undefined;
  try {
    const { flow, state } = await app.look(found.name);
    const now = app.clock.now();
    const around = { state, host: { fate: async () => 'unknown' as const }, now, newest: newestIn(state) };
    const read = await mapConcurrent(flow.entities, (spec) => statusOf({ ...spec, schedule }, around), atOnce);
    return read.filter(({ status }) => status.stale_since !== null).map(({ status }) => status.entity);
  } catch (error) {
    if (error instanceof HyggeError || error instanceof ConfigErrors) return undefined;
    throw error;
  }
}

function expectsRows(flow: FlowSpec): boolean {
  return entitiesOrTemplate(flow).some(({ expect }) => expect?.everyMs != null);
}

/** The platform’s facts about the app. */
export interface About {
  readonly hub: string;
  readonly functions: readonly string[];
}

function flowBody(
  { found, schedule, scheduleError }: ServedFlow,
  { root, stale }: { readonly root: string; readonly stale: readonly string[] | undefined },
): Json {
  const runs = `${root}/${found.name}/runs`;
  if ('errors' in found)
    return { flow: found.name, ready: false, errors: found.errors.map((one) => inRequestWords(one.toDetails())) as unknown as Json };
  // The number of entities is known only when a run begins.
  const entities = found.flow.finds === null ? found.flow.entities.length : null;
  return {
    flow: found.name,
    ready: true,
    entities,
    schedule,
    ...defined({ stale: stale && [...stale] }),
    links: { runs },
    ...filled({ errors: scheduleError && ([scheduleError] as unknown as Json) }),
  };
}

/** Why a flow's runs can't be queried; undefined: the runs can be queried. */
export function whyNotServed(flow: string, served: readonly ServedFlow[]): HttpAnswer | undefined {
  const one = served.find(({ found }) => found.name === flow)?.found;
  const names = served.map(({ found }) => found.name);
  if (one === undefined) return errorAnswer(404, [notServed(flow, names, didYouMean(flow, names)).toDetails()]);
  if (!('errors' in one)) return undefined;
  return errorAnswer(
    500,
    one.errors.map((error) => error.toDetails()),
  );
}
