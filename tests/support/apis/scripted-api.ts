import { createServer, type IncomingHttpHeaders } from 'node:http';
import { bodyOf, listening } from '../listening.ts';

export interface ScriptedRequest {
  /** Counted from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** `cut`: the connection breaks in the middle. */
  readonly body?: string | Buffer;
  readonly cut?: true;
}

export interface ScriptedApi extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string;
  readonly seen: readonly ScriptedRequest[];
  /** Answers each request. */
  script: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;
}

/** A server that answers as a test says, for what no well-behaved API does. */
export async function scriptedApi(script: ScriptedApi['script'] = () => ({ status: 404 })): Promise<ScriptedApi> {
  const seen: ScriptedRequest[] = [];
  const api = { url: '', seen, script };
  const server = createServer(async (request, answer) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://here');
    const asked = {
      number: seen.length + 1,
      method: request.method ?? '',
      path,
      query: Object.fromEntries(searchParams),
      headers: request.headers,
      body: (await bodyOf(request)).toString(),
    };
    seen.push(asked);
    const { status = 200, headers = {}, body = '', cut } = await api.script(asked);
    answer.writeHead(status, {
      'content-type': 'application/json',
      ...headers,
      ...(cut ? { 'content-length': String(body.length + 10) } : {}),
    });
    if (cut) answer.write(body, () => answer.destroy());
    else answer.end(body);
  });
  return Object.assign(api, await listening(server));
}
