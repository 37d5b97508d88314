/** The door of the durable extension for the worker, without keys, as far as the client of the SDK asks for what the app needs. */
import type { Dispatcher } from './dispatcher.ts';
import { type Hub, hasEnded, type Instance } from './hub.ts';
import type { FunctionMetadata } from './worker-messages.ts';

export interface Reply {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly method: string;
  /** Below the root of this API, decoded. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface Api {
  readonly hub: Hub;
  readonly dispatcher: Dispatcher;
  readonly functions: () => readonly FunctionMetadata[];
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
}

export const rpcPath = '/durabletask';

export function answerDurable(api: Api, asked: Asked): Reply {
  const [area, first = '', second] = asked.segments;
  if (area === 'orchestrators' && asked.method === 'POST') return start(api, first, second ?? '', asked.body);
  if (area !== 'instances') return { status: 404 };
  if (first === '') return asked.method === 'DELETE' ? purge(api, asked.query) : { status: 404 };
  const instance = api.hub.instances.get(first);
  if (instance === undefined) return { status: 404 };
  if (asked.method === 'GET' && second === undefined) return { status: hasEnded(instance) ? 200 : 202, json: statusOf(instance) };
  return { status: 501, json: { message: 'this is not offered by this host' } };
}

/** What a function with a durable client gets as its input. With a door of its own the client asks none of the public addresses. */
export function clientBinding({ origin }: Pick<Api, 'origin'>): string {
  const none = 'http://127.0.0.1:9/';
  return JSON.stringify({
    taskHubName: 'TestHub',
    creationUrls: { createNewInstancePostUri: none, createAndWaitOnNewInstancePostUri: none },
    managementUrls: { id: 'INSTANCEID', statusQueryGetUri: none },
    baseUrl: none,
    requiredQueryStringParameters: '',
    rpcBaseUrl: `${origin}${rpcPath}/`,
  });
}

function start({ dispatcher, functions }: Api, name: string, id: string, body: string): Reply {
  const orchestrators = functions().filter(({ bindings }) => Object.values(bindings).some(({ type }) => type === 'orchestrationTrigger'));
  if (!orchestrators.some((known) => known.name === name)) {
    const names = orchestrators.map((known) => known.name).join(', ');
    return {
      status: 400,
      json: { message: `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function; known: ${names}` },
    };
  }
  if (!dispatcher.create({ id, name, input: body === '' ? 'null' : body }))
    return { status: 409, json: { message: `An Orchestration instance with the id ${id} is running already.` } };
  return { status: 202, json: { id } };
}

export function statusOf(instance: Instance): Record<string, unknown> {
  const { id: instanceId, name, status: runtimeStatus, createdAt, updatedAt } = instance;
  return {
    name,
    instanceId,
    runtimeStatus,
    input: JSON.parse(instance.input) as unknown,
    customStatus: JSON.parse(instance.customStatus) as unknown,
    output: JSON.parse(instance.output) as unknown,
    createdTime: `${createdAt.slice(0, 19)}Z`,
    lastUpdatedTime: `${updatedAt.slice(0, 19)}Z`,
  };
}

/** Those that have ended and were created in that time. */
function purge({ hub, dispatcher }: Api, query: URLSearchParams): Reply {
  if (!query.has('createdTimeFrom')) return { status: 400, json: "Please provide value for 'createdTimeFrom' parameter." };
  const time = (name: string, otherwise: number) => (query.has(name) ? Date.parse(query.get(name) ?? '') : otherwise);
  const [from, to] = [time('createdTimeFrom', 0), time('createdTimeTo', Number.POSITIVE_INFINITY)];
  const old = [...hub.instances.values()].filter((instance) => {
    const created = Date.parse(instance.createdAt);
    return hasEnded(instance) && created >= from && created <= to;
  });
  for (const { id } of old) dispatcher.purge(id);
  return old.length === 0 ? { status: 404 } : { status: 200, json: { instancesDeleted: old.length } };
}
