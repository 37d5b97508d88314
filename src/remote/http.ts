import type { Dispatcher } from 'undici';
import type { HttpRequest, HttpResponse } from '../ports/network.ts';

/** The maximum number of connections: as many as a limiter allows, and some for signing in. */
const connections = 64;
const connectWithinMs = 10_000;
/** The maximum time without a byte of an answer. */
const quietMs = 120_000;
/** How long an idle connection is kept. Services close idle connections after minutes, and a request on a closing connection is lost. */
const keptForMs = 30_000;

/** One client with reused connections. */
export interface HttpClient extends AsyncDisposable {
  /** See `Network.send`. Throws the errors of undici, which `networkCode` reads. */
  send(request: HttpRequest): Promise<HttpResponse>;
}

export async function openHttp(): Promise<HttpClient> {
  const { EnvHttpProxyAgent, request: send } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    connections,
    connect: { timeout: connectWithinMs },
    bodyTimeout: quietMs,
    keepAliveTimeout: keptForMs,
    pipelining: 1,
  });
  const sendOnce = async ({ method, url, headers, body, withinMs }: HttpRequest): Promise<HttpResponse> => {
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
  return { send: sendOnce, [Symbol.asyncDispose]: () => dispatcher.destroy() };
}

function headersOf(headers: Dispatcher.ResponseData['headers']): HttpResponse['headers'] {
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

/** The network’s code for the code of an undici error. Other codes stay unchanged. */
export function networkCode(code: string): string {
  return codes[code] ?? code;
}
