/** The packages of the platform, which only this file imports. */
import { createRequire } from 'node:module';
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { durableFunctionsSilent } from '../src/assembly/errors.ts';
import { type Instant, type Json, parsedJson } from '../src/ports/values.ts';
import { type Course, durableOf, type OrchestrationContext, type SdkContext } from './durable.ts';
import type { Instances } from './instances.ts';
import type { Log } from './log.ts';

/** The members of an HTTP request that triggers use. */
export interface TriggerRequest {
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: { get(name: string): string | null };
  readonly headers?: { get(name: string): string | null };
  text(): Promise<string>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json;
  /** An HTML page for people, which replaces the body. */
  readonly html?: string;
}

export interface TriggerContext {
  readonly instances: Instances;
  readonly log: Log;
  readonly invocation: string;
}

export type HttpMethod = 'GET' | 'POST' | 'DELETE';

/** Whether the platform runs this process: only its worker has the package with which the SDK registers functions. */
export function isInWorker(): boolean {
  try {
    createRequire(import.meta.url)('@azure/functions-core');
    return true;
  } catch {
    return false;
  }
}

const names: string[] = [];

/** Every function that was registered, by name. */
export function registered(): readonly string[] {
  return names.toSorted();
}

/** Every HTTP function requires a key from its caller. */
export function onHttp(
  name: string,
  { method, route }: { readonly method: HttpMethod; readonly route: string },
  answer: (asked: TriggerRequest, called: TriggerContext) => Promise<HttpAnswer>,
): void {
  names.push(name);
  df.app.client.http(name, {
    methods: [method],
    authLevel: 'function',
    route,
    handler: async (request: HttpRequest, client: df.DurableClient, context: InvocationContext): Promise<HttpResponseInit> => {
      const { status, headers = {}, body, html } = await answer(request, calledBy(client, context));
      if (html === undefined) return { status, headers, jsonBody: body };
      return { status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' }, body: html };
    },
  });
}

/** @param work gets the time when the timer last fired; null: unknown. */
export function registerTimer(
  name: string,
  schedule: string,
  work: (called: TriggerContext, before: { readonly lastMs: number | null }) => Promise<void>,
): void {
  names.push(name);
  df.app.client.timer(name, {
    schedule,
    handler: (timer, client, context) =>
      work(calledBy(client, context), { lastMs: lastOf(timer as { scheduleStatus?: { last?: string } }) }),
  });
}

/** The platform writes the year 1 for a timer that has not fired yet. */
function lastOf({ scheduleStatus }: { readonly scheduleStatus?: { readonly last?: string } | null }): number | null {
  const at = Date.parse(scheduleStatus?.last ?? '');
  return Number.isNaN(at) || at < 0 ? null : at;
}

export function registerOrchestrator(name: string, course: (durable: OrchestrationContext) => Course<unknown>): void {
  names.push(name);
  df.app.orchestration(name, function* (context) {
    return yield* course(durableOf(context.df as unknown as SdkContext)) as Generator<df.Task, unknown, unknown>;
  });
}

export function onActivity(name: string, work: (input: unknown, log: Log) => Promise<unknown>): void {
  names.push(name);
  df.app.activity(name, { handler: (input: unknown, context: InvocationContext) => work(input, logOf(context)) });
}

/** Registers an activity that can start orchestrations. */
export function onStartingActivity(name: string, work: (input: unknown, log: Log, instances: Instances) => Promise<unknown>): void {
  names.push(name);
  df.app.activity(name, {
    extraInputs: [df.input.durableClient()],
    handler: (input: unknown, context: InvocationContext) => work(input, logOf(context), instancesOf(df.getClient(context))),
  });
}

function calledBy(client: df.DurableClient, context: InvocationContext): TriggerContext {
  return { instances: instancesOf(client), log: logOf(context), invocation: context.invocationId };
}

function logOf(context: InvocationContext): Log {
  return {
    debug: (line) => context.debug(line),
    info: (line) => context.info(line),
    warn: (line) => context.warn(line),
    error: (line) => context.error(line),
  };
}

const atWork: ReadonlySet<string> = new Set(['Running', 'Pending', 'ContinuedAsNew', 'Suspended']);
const ended = ['Completed', 'Failed', 'Terminated', 'Canceled'] as unknown as df.OrchestrationRuntimeStatus[];

function instancesOf(client: df.DurableClient): Instances {
  return {
    hub: client.taskHubName,
    async start(orchestrator, instanceId, input) {
      await client.startNew(orchestrator, { instanceId, input });
    },
    async find(id) {
      const status = await found(client, id);
      if (status === undefined) return undefined;
      const run = runIn(status.input);
      return { running: atWork.has(status.runtimeStatus), run, progress: (status.customStatus ?? null) as Json };
    },
    async purge(before: Instant) {
      const filter = { createdTimeFrom: new Date(0), createdTimeTo: new Date(before), runtimeStatus: ended };
      return (await client.purgeInstanceHistoryBy(filter)).instancesDeleted;
    },
  };
}

/** The SDK throws for an id that was never used. */
async function found(client: df.DurableClient, id: string): Promise<df.DurableOrchestrationStatus | undefined> {
  try {
    return await client.getStatus(id, { showInput: true });
  } catch (error) {
    if (error instanceof Error && error.message.includes('HTTP 404')) return undefined;
    throw durableFunctionsSilent(error);
  }
}

function runIn(input: unknown): string | null {
  const given = (typeof input === 'string' ? parsedJson(input) : input) as { of?: { run?: unknown } } | null | undefined;
  return typeof given?.of?.run === 'string' ? given.of.run : null;
}
