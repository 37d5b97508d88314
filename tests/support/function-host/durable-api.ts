/** `/runtime/webhooks/durabletask/…`, as far as the durable client of the SDK asks for it. */
import type { Dispatcher } from './dispatcher.ts';
import { eventTypes } from './durable-protocol.ts';
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
  readonly systemKey: string;
}

export const webhooksPath = '/runtime/webhooks/durabletask';
/** The extension's own door for the worker, without keys. */
export const rpcPath = '/durabletask';

export function answerDurable(api: Api, asked: Asked): Reply {
  const [area, first, operation, event] = asked.segments;
  if (area === 'orchestrators' && first !== undefined && asked.method === 'POST') return start(api, first, operation, asked.body);
  if (area !== 'instances') return { status: 404 };
  if (first === undefined || first === '') return asked.method === 'DELETE' ? purgeMany(api, asked.query) : list(api, asked.query);
  const instance = api.hub.instances.get(first);
  if (instance === undefined) return { status: 404 };
  if (operation === undefined) return asked.method === 'DELETE' ? purgeOne(api, instance) : statusReply(api, instance, asked.query);
  if (asked.method !== 'POST') return { status: 404 };
  if (hasEnded(instance)) return { status: 410 };
  if (operation === 'terminate') {
    const reason = JSON.stringify(asked.query.get('reason') ?? '');
    api.dispatcher.send(first, { EventType: eventTypes.ExecutionTerminated, Input: reason });
    return { status: 202 };
  }
  if (operation === 'raiseEvent' && event !== undefined) {
    api.dispatcher.send(first, { EventType: eventTypes.EventRaised, Name: event, Input: asked.body === '' ? 'null' : asked.body });
    return { status: 202 };
  }
  return { status: 501, json: { message: `${operation} is not offered by this host` } };
}

/** What a function with a durable client gets as its input. */
export function clientBinding({ origin, systemKey }: Pick<Api, 'origin' | 'systemKey'>): string {
  const base = `${origin}${webhooksPath}`;
  const query = `taskHub=TestHub&connection=Storage&code=${systemKey}`;
  return JSON.stringify({
    taskHubName: 'TestHub',
    creationUrls: {
      createNewInstancePostUri: `${base}/orchestrators/{functionName}[/{instanceId}]?code=${systemKey}`,
      createAndWaitOnNewInstancePostUri: `${base}/orchestrators/{functionName}[/{instanceId}]?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&code=${systemKey}`,
    },
    managementUrls: managementUrls(base, 'INSTANCEID', query),
    baseUrl: base,
    requiredQueryStringParameters: `code=${systemKey}`,
    rpcBaseUrl: `${origin}${rpcPath}/`,
  });
}

function managementUrls(base: string, id: string, query: string): Readonly<Record<string, string>> {
  const instance = `${base}/instances/${id}`;
  return {
    id,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: `${instance}/terminate?reason={text}&${query}`,
    rewindPostUri: `${instance}/rewind?reason={text}&${query}`,
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: `${instance}/suspend?reason={text}&${query}`,
    resumePostUri: `${instance}/resume?reason={text}&${query}`,
  };
}

function start({ dispatcher, functions, origin, systemKey }: Api, name: string, wanted: string | undefined, body: string): Reply {
  const orchestrators = functions().filter(({ bindings }) => Object.values(bindings).some(({ type }) => type === 'orchestrationTrigger'));
  if (!orchestrators.some((known) => known.name === name)) {
    const names = orchestrators.map((known) => known.name).join(', ');
    return {
      status: 400,
      json: { message: `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function; known: ${names}` },
    };
  }
  const id = wanted ?? crypto.randomUUID().replaceAll('-', '');
  if (!dispatcher.create({ id, name, input: body === '' ? 'null' : body }))
    return { status: 409, json: { message: `An Orchestration instance with the id ${id} is running already.` } };
  const links = managementUrls(`${origin}${webhooksPath}`, id, `taskHub=TestHub&connection=Storage&code=${systemKey}`);
  return { status: 202, json: links, headers: { location: links.statusQueryGetUri ?? '', 'retry-after': '10' } };
}

function statusReply({ origin }: Api, instance: Instance, query: URLSearchParams): Reply {
  const status = hasEnded(instance) ? 200 : 202;
  const headers: Record<string, string> =
    status === 202 ? { location: `${origin}${webhooksPath}/instances/${instance.id}`, 'retry-after': '5' } : {};
  return { status, json: statusOf(instance, query), headers };
}

export function statusOf(instance: Instance, query = new URLSearchParams()): Record<string, unknown> {
  const { id: instanceId, name, status: runtimeStatus, createdAt, updatedAt } = instance;
  const showInput = query.get('showInput') !== 'false';
  return {
    name,
    instanceId,
    runtimeStatus,
    input: showInput ? (JSON.parse(instance.input) as unknown) : null,
    customStatus: JSON.parse(instance.customStatus) as unknown,
    output: JSON.parse(instance.output) as unknown,
    createdTime: `${createdAt.slice(0, 19)}Z`,
    lastUpdatedTime: `${updatedAt.slice(0, 19)}Z`,
    ...(query.get('showHistory') === 'true' ? { historyEvents: instance.history } : {}),
  };
}

function chosen({ hub }: Api, query: URLSearchParams): readonly Instance[] {
  const time = (name: string) => (query.has(name) ? Date.parse(query.get(name) ?? '') : undefined);
  const [from, to] = [time('createdTimeFrom'), time('createdTimeTo')];
  const statuses = (query.get('runtimeStatus') ?? '').split(',').filter((status) => status !== '');
  return [...hub.instances.values()].filter((instance) => {
    const created = Date.parse(instance.createdAt);
    if ((from !== undefined && created < from) || (to !== undefined && created > to)) return false;
    return statuses.length === 0 || statuses.includes(instance.status);
  });
}

function list(api: Api, query: URLSearchParams): Reply {
  return { status: 200, json: chosen(api, query).map((instance) => statusOf(instance, query)) };
}

function purgeOne({ dispatcher }: Api, instance: Instance): Reply {
  if (!hasEnded(instance)) return { status: 404 };
  dispatcher.purge(instance.id);
  return { status: 200, json: { instancesDeleted: 1 } };
}

function purgeMany(api: Api, query: URLSearchParams): Reply {
  if (!query.has('createdTimeFrom')) return { status: 400, json: "Please provide value for 'createdTimeFrom' parameter." };
  const ended = chosen(api, query).filter(hasEnded);
  for (const { id } of ended) api.dispatcher.purge(id);
  return ended.length === 0 ? { status: 404 } : { status: 200, json: { instancesDeleted: ended.length } };
}
