import { createServer, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { bodyOf, listening } from './listening.ts';

/** What is done to a request. `drop before`: it never arrives; `drop after`: it is carried out, and its answer is lost; `cut`: half of the answer's body comes. */
export type Fault =
  | 'drop before'
  | 'drop after'
  | 'cut'
  /** Held until `release`, then carried out; its answer reaches whoever still waits. */
  | { readonly hold: Promise<void> }
  /** Answered by the proxy itself, as a storage service answers. `after`: the request is carried out first. */
  | { readonly status: number; readonly code?: string; readonly retryAfter?: number; readonly after?: true };

/** What a proxy in front of any API does as well. `gzip`: the answer's body comes compressed, whether the client asked for that or not. */
export type ProxyFault =
  | Fault
  | 'gzip'
  /** The answer comes with these headers in place of its own: another `date` is another clock. */
  | { readonly headers: Readonly<Record<string, string>> }
  /** Answered by the proxy itself, word for word: HTML with 200, a redirect, a `429` with a date. */
  | { readonly answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } };

export interface SeenRequest {
  readonly method: string;
  /** Path and query, decoded where it can be. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Counted from 1 over all requests. */
  readonly number: number;
}

/** A proxy in front of a server, on loopback, that can lose, hold and refuse. Signatures stay right: paths and headers go through as they are. */
export interface FaultProxy extends AsyncDisposable {
  /** In place of the server's own address: same path. */
  readonly url: string;
  /** Every request so far. */
  readonly seen: readonly SeenRequest[];
  /** Asked for each request; undefined lets it pass. Replaces the rule before. */
  rule(decide: (seen: SeenRequest) => ProxyFault | undefined): void;
}

/**
 * @param target the server's address, such as Azurite's `tableUrl`.
 * @param more headers that the server gets beside the client's.
 */
export async function startFaultProxy(target: string, more: Readonly<Record<string, string>> = {}): Promise<FaultProxy> {
  const { origin, pathname } = new URL(target);
  const seen: SeenRequest[] = [];
  let decide: (seen: SeenRequest) => ProxyFault | undefined = () => undefined;
  const server = createServer((from, to) => {
    void bodyOf(from).then(async (body) => {
      const { method = '', headers } = from;
      const one = { method, path: readable(from.url ?? ''), headers, body: body.toString('utf8'), number: seen.length + 1 };
      seen.push(one);
      await treat(decide(one), { from, to, body, origin, more });
    });
  });
  // Connections are lost by rule only.
  server.keepAliveTimeout = 600_000;
  const { url, ...there } = await listening(server);
  return {
    ...there,
    url: `${url}${pathname === '/' ? '' : pathname}`,
    seen,
    rule(next) {
      decide = next;
    },
  };
}

interface Exchange {
  readonly from: IncomingMessage;
  readonly to: ServerResponse;
  readonly body: Buffer;
  readonly origin: string;
  readonly more: Readonly<Record<string, string>>;
}

async function treat(fault: ProxyFault | undefined, exchange: Exchange): Promise<void> {
  const { to } = exchange;
  try {
    if (fault === 'drop before') {
      to.destroy();
      return;
    }
    if (typeof fault === 'object' && 'status' in fault) {
      if (fault.after) await carriedOut(exchange);
      refuse(fault, exchange);
      return;
    }
    if (typeof fault === 'object' && 'answer' in fault) {
      const { status, headers = {}, body = '' } = fault.answer;
      to.writeHead(status, headers).end(body);
      return;
    }
    if (typeof fault === 'object' && 'hold' in fault) await fault.hold;
    const { status, body, ...answer } = await carriedOut(exchange);
    const headers = { ...answer.headers, ...(typeof fault === 'object' && 'headers' in fault ? fault.headers : {}) };
    if (fault === 'drop after') to.destroy();
    else if (fault === 'gzip') {
      const { 'content-length': _, ...rest } = headers;
      to.writeHead(status, { ...rest, 'content-encoding': 'gzip' }).end(gzipSync(body));
    } else if (fault === 'cut') to.writeHead(status, headers).write(body.subarray(0, body.length >> 1), () => to.destroy());
    else to.writeHead(status, headers).end(body);
  } catch {
    to.destroy();
  }
}

function refuse(
  { status, code = 'ServerBusy', retryAfter }: { status: number; code?: string; retryAfter?: number },
  { from, to }: Exchange,
): void {
  const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  const message = `the proxy answers ${status}`;
  // Who signs as AWS wants is answered as AWS answers.
  if (from.headers.authorization?.startsWith('AWS4-')) {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    to.writeHead(status, { 'content-type': 'application/xml', ...wait }).end(from.method === 'HEAD' ? '' : body);
    return;
  }
  const body = JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: message } } });
  to.writeHead(status, { 'content-type': 'application/json', 'x-ms-error-code': code, ...wait }).end(body);
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function carriedOut({ from, body, origin, more }: Exchange): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const options: RequestOptions = {
      hostname,
      port,
      method: from.method,
      path: from.url,
      headers: { ...from.headers, ...more },
      agent: false,
    };
    const sent = request(options, (answer) => {
      bodyOf(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 0, headers: withoutFraming(answer.headers), body: read }),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** The answer is sent on whole: its length is known by then. */
function withoutFraming({ 'transfer-encoding': _, connection: __, ...headers }: IncomingMessage['headers']): IncomingMessage['headers'] {
  return headers;
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
