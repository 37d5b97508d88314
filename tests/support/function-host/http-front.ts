import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Api, answerDurable, clientBinding, type Reply, rpcPath } from './durable-api.ts';
import type { Binding, FunctionMetadata, HttpData, TypedData } from './worker-messages.ts';
import { WorkerGone } from './worker-pool.ts';

export interface Front {
  /** Of functions. */
  readonly key: string;
  readonly api: () => Api;
}

interface Route {
  readonly metadata: FunctionMetadata;
  readonly binding: Binding;
  readonly params: Readonly<Record<string, string>>;
}

/** On loopback, on a port of the system's choice. */
export async function serve(front: Front): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer((request, response) => {
    answer(front, request)
      .catch((error: unknown): Reply => {
        if (error instanceof WorkerGone) return { status: 502, json: { message: error.message } };
        return { status: 500, json: { message: error instanceof Error ? error.message : String(error) } };
      })
      .then((reply) => write(response, reply));
  });
  // A connection that closes just when a test uses it again would be a failure of nothing.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface WireReply extends Reply {
  readonly bytes?: Uint8Array;
}

function write(response: ServerResponse, { status, json, headers, bytes }: WireReply): void {
  const type = json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...type, ...headers });
  response.end(bytes ?? (json === undefined ? undefined : JSON.stringify(json)));
}

async function answer(front: Front, request: IncomingMessage): Promise<WireReply> {
  const url = new URL(request.url ?? '/', 'http://host');
  const method = request.method ?? 'GET';
  const body = await bodyOf(request);
  const key = request.headers['x-functions-key'] ?? url.searchParams.get('code') ?? '';
  const segments = url.pathname.split('/').slice(1).map(decodeURIComponent);
  if (url.pathname.startsWith(`${rpcPath}/`))
    return answerDurable(front.api(), { method, query: url.searchParams, body: body.toString(), segments: segments.slice(1) });
  return trigger(front, { request, url, method, body, segments, key: String(key) });
}

interface Call {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly method: string;
  readonly body: Buffer;
  readonly segments: readonly string[];
  readonly key: string;
}

async function trigger(front: Front, call: Call): Promise<WireReply> {
  const api = front.api();
  const routes = api.functions().flatMap((metadata) => matching(metadata, call.segments));
  const route = routes.find(({ binding }) => (binding.methods ?? ['GET', 'POST']).some((one) => one.toUpperCase() === call.method));
  if (route === undefined) return { status: routes.length > 0 ? 405 : 404 };
  if ((route.binding.authLevel ?? 'anonymous') !== 'anonymous' && call.key !== front.key) return { status: 401 };
  const data: HttpData = {
    method: call.method,
    url: `${api.origin}${call.url.pathname}${call.url.search}`,
    headers: Object.fromEntries(Object.entries(call.request.headers).map(([name, value]) => [name, String(value)])),
    query: Object.fromEntries(call.url.searchParams),
    params: route.params,
    // As the platform does: a body of unknown length, sent in chunks, does not reach the app.
    ...(Number(call.request.headers['content-length'] ?? 0) === 0 ? {} : { body: { bytes: call.body } }),
  };
  const result = await api.dispatcher.invoke(route.metadata.name, { http: data }, {}, clientInputs(route.metadata, api));
  if (!result.ok) return { status: 500, json: { message: result.message } };
  return fromRpc(result.returnValue?.http);
}

/** The JSON of a durable client, for each binding that asks for one. */
export function clientInputs(metadata: FunctionMetadata, api: Api): { name: string; data: TypedData }[] {
  return Object.entries(metadata.bindings)
    .filter(([, { type }]) => type === 'durableClient' || type === 'orchestrationClient')
    .map(([name]) => ({ name, data: { string: clientBinding(api) } }));
}

function matching(metadata: FunctionMetadata, segments: readonly string[]): Route[] {
  const binding = Object.values(metadata.bindings).find(({ type }) => type === 'httpTrigger');
  if (binding === undefined) return [];
  const template = `api/${binding.route ?? metadata.name}`.split('/').filter((part) => part !== '');
  if (segments.length > template.length) return [];
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const name = /^\{(\w+)\??\}$/.exec(part)?.[1];
    const segment = segments[index];
    if (segment === undefined) {
      if (!part.endsWith('?}')) return [];
    } else if (name !== undefined) params[name] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return [];
  }
  return [{ metadata, binding, params }];
}

function fromRpc(http: HttpData | undefined): WireReply {
  if (http === undefined) return { status: 204 };
  const bytes = http.body?.bytes ?? (http.body?.string === undefined ? undefined : Buffer.from(http.body.string));
  return { status: Number(http.statusCode ?? 200), headers: http.headers ?? {}, ...(bytes === undefined ? {} : { bytes }) };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
