/** The server that gives out the tokens of the matrix, by the client's own secret. */
import { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse } from '../../../../src/ports/network.ts';

/** The address of the wire's own tokens. */
export const tokenUrl = 'http://127.0.0.1:9/token';
const shownClient = `Basic ${Buffer.from('matrix:a-secret-of-the-matrix').toString('base64')}`;
const tokenLifeSeconds = 900;

/** How a flow of the matrix signs in, where it does not say so itself. */
export const tokenAuth = `auth: { type: oauth2, token_url: "${tokenUrl}", client_id: matrix, client_secret: a-secret-of-the-matrix }`;

export class TokenServer {
  /** How many tokens were given out. */
  count = 0;
  readonly #time: { readonly ms: number };
  readonly #untilMs = new Map<string, number>();

  constructor(time: { readonly ms: number }) {
    this.#time = time;
  }

  token({ method, headers, body = '' }: HttpRequest): HttpResponse {
    if (method !== 'POST' || headers.authorization !== shownClient || String(body) !== 'grant_type=client_credentials')
      return answered(401, '{"error":"invalid_client"}');
    const token = `token-${++this.count}`;
    this.#untilMs.set(token, this.#time.ms + tokenLifeSeconds * 1000);
    const told = { access_token: token, token_type: 'Bearer', expires_in: tokenLifeSeconds };
    return answered(200, JSON.stringify(told), { date: new Date(this.#time.ms).toUTCString() });
  }

  /** Until when a token is good, in ms of the scene; 0: there is none. */
  untilMs(token: string): number {
    return this.#untilMs.get(token) ?? 0;
  }

  /** Whether the API lets a request in. */
  admits(authorization = ''): boolean {
    return this.untilMs(authorization.replace('Bearer ', '')) > this.#time.ms;
  }

  /** Voids all access tokens. */
  expire(): void {
    this.#untilMs.clear();
  }
}

export function answered(status: number, body: string, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const all: Readonly<Record<string, string>> = { 'content-type': 'application/json', ...headers };
  return { status, headers: { get: (name) => all[name.toLowerCase()] ?? null }, body: Readable.from([Buffer.from(body)]) };
}
