import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** One version of a secret, the latest. */
export interface Kept {
  readonly value: string | Buffer;
  readonly version: string;
  readonly isDisabled?: boolean;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Question {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What all vaults of these tests have. */
export interface PlayedVault {
  readonly secrets: Map<string, Kept>;
  /** Sets a secret, as a new version. */
  put(name: string, value: string | Buffer, more?: Pick<Kept, 'isDisabled'>): string;
  /** Names that were asked for with a proof, in order. */
  readonly asked: string[];
  /**
   * What the next requests with a proof meet, in place of an answer; `lost`: the connection ends, `lost after`: it was done before, `slow`: nothing ever comes,
   * `none`: nothing is wrong.
   */
  readonly faults: (Reply | 'lost' | 'lost after' | 'slow' | 'none')[];
  /** Each stays as long as it is set. */
  outage: Reply | undefined;
  /** Was asked and is not done here. */
  readonly notTaught: string[];
  readonly to: RequestListener;
}

/** @param answer undefined: it was not taught that. @param isProven the request shows who asks. */
export function playVault(
  answer: (question: Question, vault: PlayedVault) => Reply | undefined,
  isProven: (q: Question) => boolean,
): PlayedVault {
  const vault: PlayedVault = {
    secrets: new Map(),
    put(name, value, more = {}) {
      const version = randomBytes(16).toString('hex');
      vault.secrets.set(name, { value, version, ...more });
      return version;
    },
    asked: [],
    faults: [],
    outage: undefined,
    notTaught: [],
    to: (from, to) => void reply(from, to),
  };
  async function reply(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const question = await questionOf(from);
    const fault = isProven(question) ? (vault.outage ?? vault.faults.shift()) : undefined;
    if (fault === 'slow') return;
    if (fault === 'lost') {
      from.socket.destroy();
      return;
    }
    const isTold = fault === undefined || fault === 'none' || fault === 'lost after';
    const answered = isTold ? answer(question, vault) : fault;
    if (fault === 'lost after') {
      from.socket.destroy();
      return;
    }
    if (answered === undefined) vault.notTaught.push(`${question.method} ${question.host}${question.path}?${question.query}`);
    const { status, body, headers } = answered ?? { status: 501, body: {} };
    to.writeHead(status, { 'content-type': 'application/json', ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body));
  }
  return vault;
}

async function questionOf(from: IncomingMessage): Promise<Question> {
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part as Buffer);
  const { pathname: path, searchParams: query } = new URL(from.url ?? '/', 'https://here');
  const host = (from.headers.host ?? '').replace(/:\d+$/, '');
  const headers = Object.fromEntries(Object.entries(from.headers).map(([name, value]) => [name, String(value)]));
  return { method: from.method ?? '', host, path, query, headers, body: Buffer.concat(parts).toString('utf8') };
}
