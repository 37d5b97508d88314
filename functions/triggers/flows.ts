import type { App } from '../../src/assembly/app.ts';
import type { LoadedFlow } from '../../src/assembly/app-config.ts';
import { appName } from '../../src/assembly/app-name.ts';
import { notServed } from '../../src/assembly/errors.ts';
import { version } from '../../src/assembly/version.ts';
import { didYouMean } from '../../src/errors/did-you-mean.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import type { Json } from '../../src/ports/values.ts';
import type { HttpAnswer, TriggerRequest } from '../sdk.ts';
import { inRequestWords } from './advice.ts';
import { errorAnswer } from './answers.ts';

/** A flow that this app serves. */
export interface ServedFlow {
  readonly found: LoadedFlow;
  /** Six fields of cron; null: only by hand, or the schedule is wrong. */
  readonly schedule: string | null;
  /** What is wrong with the schedule alone: the flow can be run by hand. */
  readonly scheduleError: ErrorDetails | null;
}

/** What an app began with. */
export interface AppStart {
  /** The version of the config, or `folder`. */
  readonly config: string;
  readonly flows: readonly ServedFlow[];
}

/** `GET /api/flows`: as they were when the app started, and what it is that serves them. */
export async function onFlows(
  { env }: Pick<App, 'env'>,
  { config, flows }: AppStart,
  asked: TriggerRequest,
  about: About,
): Promise<HttpAnswer> {
  const { origin, pathname } = new URL(asked.url);
  const root = `${origin}${pathname.replace(/\/$/, '')}`;
  const app = { name: appName(env), version, config, hub: about.hub, functions: about.functions };
  return { status: 200, body: { app, flows: flows.map((one) => flowBody(one, root)) } };
}

/** What the platform knows of the app. */
export interface About {
  readonly hub: string;
  readonly functions: readonly string[];
}

function flowBody({ found, schedule, scheduleError }: ServedFlow, root: string): Json {
  const runs = `${root}/${found.name}/runs`;
  if ('errors' in found)
    return { flow: found.name, ready: false, errors: found.errors.map((one) => inRequestWords(one.toDetails())) as unknown as Json };
  const errors = scheduleError === null ? {} : { errors: [scheduleError] as unknown as Json };
  // How many there are is found when a run begins.
  const entities = found.flow.finds === null ? found.flow.entities.length : null;
  return { flow: found.name, ready: true, entities, schedule, links: { runs }, ...errors };
}

/** Why a flow's runs can't be asked for; undefined: they can. */
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
