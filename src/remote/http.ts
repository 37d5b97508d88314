import type { Dispatcher } from 'undici';

/** A request, sent once. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Whole. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
  /** From its first byte to the last of its answer. */
  readonly withinMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** As it is sent: not decompressed. Whoever does not read it destroys it. */
  readonly body: Dispatcher.ResponseData['body'];
}

/** As many as a limiter lets pass, and some for who signs in. */
const connections = 64;
const connectWithinMs = 10_000;
/** Without a byte of an answer. */
const quietMs = 120_000;
/** Services close theirs after minutes; a request on a connection that is just being closed is lost. */
const keptForMs = 30_000;

let client: Promise<Send> | undefined;

type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/**
 * One request and the head of its answer, whatever the status; redirects are answers. Connections are kept, and lead through the proxies that
 * the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) when the first request is sent. Throws what undici throws: `networkCode` reads it.
 */
export async function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  client ??= open();
  return (await client)(request);
}

async function open(): Promise<Send> {
  const { EnvHttpProxyAgent, request: send } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    connections,
    connect: { timeout: connectWithinMs },
    bodyTimeout: quietMs,
    keepAliveTimeout: keptForMs,
    pipelining: 1,
  });
  return async ({ method, url, headers, body, withinMs }) => {
    const answer = await send(url, {
      dispatcher,
      method,
      headers,
      headersTimeout: withinMs,
      signal: AbortSignal.timeout(withinMs),
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, headers: headersOf(answer.headers), body: answer.body };
  };
}

function headersOf(headers: Dispatcher.ResponseData['headers']): HttpAnswer['headers'] {
  return {
    get(name) {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
    },
  };
}

const codes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ECONNRESET',
  UND_ERR_HEADERS_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_BODY_TIMEOUT: 'ETIMEDOUT',
};

/** The network's own code of what undici throws; of anything else the code as it is. */
export function networkCode(code: string): string {
  return codes[code] ?? code;
}
