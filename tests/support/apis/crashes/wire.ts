/** The network between processes that may die and an API: each request is a boundary at which something may go wrong. */
import { Readable } from 'node:stream';
import { ProcessNetwork } from '../../../../src/adapters/process-network.ts';
import type { HttpRequest, HttpResponse, Network } from '../../../../src/ports/network.ts';
import { answered, type TokenServer, tokenUrl } from './tokens.ts';

/**
 * `dies before`: the process dies before it sends the request. `dies after`: the API has answered, and the process dies before it hears it. `lost`: the API
 * has answered, and the connection breaks. `expired`: the tokens that were given out are void from here on. `away`: the API asks to be left alone for an hour.
 */
export const mishaps = ['dies before', 'dies after', 'lost', 'expired', 'away'] as const;
export type Mishap = (typeof mishaps)[number];

export interface Fault {
  /** The number of the request, from 1, counted over all processes since the wire was armed. */
  readonly at: number;
  readonly what: Mishap;
  /** What happens to the request behind it: of an `expired` token the refused one, of a `lost` answer the repetition. */
  readonly then?: 'dies before' | 'dies after';
  /** So many requests later; absent: with the next one. */
  readonly later?: number;
}

export interface Mortal {
  readonly isDead: boolean;
  die(): void;
}

export interface WireOptions {
  readonly time: { ms: number };
  /** How long a request takes, in ms of the scene. */
  readonly requestMs: number;
  /** Called before each answer. */
  readonly tick: () => void;
  /** The API knows what it gave out; absent: the wire gives out tokens and lets nothing else in. */
  readonly expire?: () => void;
  /** The `Authorization` that the API itself asks for, in place of the token of the wire. */
  readonly own?: string;
  /** Gives out tokens. */
  readonly tokens: TokenServer;
}

/** So long the wire takes to give out one. */
const tokenMs = 1_000;
const hourMs = 3_600_000;
/** Nobody renews a token earlier, and a request may take as long. */
const earlyMs = 300_000;

const never = () => new Promise<never>(() => undefined);

export class Wire implements AsyncDisposable {
  /** Since it was armed. */
  requests = 0;
  /** Tokens that a process asked for although it had a good one, or had asked for one. */
  wasted = 0;
  /** How often the fault struck. */
  struck = 0;
  /** Called once, where the fault has struck: what the source becomes meanwhile. */
  meanwhile: () => void | Promise<void> = () => undefined;
  /** Of each process: the token that it heard of, or `asked`. */
  readonly #heard = new WeakMap<Mortal, string>();
  #tokensAwayUntilMs = 0;
  #fault: Fault | undefined;
  #second: { readonly at: number; readonly what: Mishap } | undefined;
  readonly #options: WireOptions;
  readonly #http = new ProcessNetwork();

  constructor(options: WireOptions) {
    this.#options = options;
  }

  arm(fault: Fault | undefined): void {
    this.requests = 0;
    this.struck = 0;
    this.#fault = fault;
    this.#second = undefined;
  }

  /** As a process has it: what it keeps is its own. */
  of(mortal: Mortal): Network {
    const own = new ProcessNetwork();
    return {
      send: (request) => this.#send(request, mortal),
      limiter: (account) => own.limiter(account),
      kept: (what, key, make) => own.kept(what, key, make),
    };
  }

  async #send(request: HttpRequest, mortal: Mortal): Promise<HttpResponse> {
    if (mortal.isDead) return never();
    const { time, requestMs, tick, tokens } = this.#options;
    const came = time.ms;
    tick();
    const what = this.#due(++this.requests);
    if (what === 'dies before') return this.#die(mortal);
    if (what === 'away') {
      await this.meanwhile();
      if (request.url === tokenUrl) this.#tokensAwayUntilMs = time.ms + hourMs;
      return this.#away(hourMs);
    }
    // The server of tokens means it.
    if (request.url === tokenUrl && time.ms < this.#tokensAwayUntilMs) return this.#away(this.#tokensAwayUntilMs - time.ms);
    if (what === 'expired') {
      tokens.expire();
      this.#options.expire?.();
      await this.meanwhile();
    }
    const isToken = request.url === tokenUrl;
    if (isToken) this.#asksForToken(mortal);
    const answer = await this.#answer(request);
    // Requests at one time take no longer than one.
    time.ms = Math.max(time.ms, came + (isToken ? tokenMs : requestMs));
    if (isToken) this.#heard.set(mortal, what === 'lost' ? '' : `token-${tokens.count}`);
    // Whoever died meanwhile does not hear it.
    if (mortal.isDead) return never();
    if (what === 'dies after') return this.#die(mortal);
    if (what === 'lost') {
      await this.meanwhile();
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    }
    return answer;
  }

  #away(ms: number): HttpResponse {
    const date = new Date(this.#options.time.ms).toUTCString();
    return answered(429, '{"message":"too many requests"}', { 'retry-after': String(Math.ceil(ms / 1000)), date });
  }

  #asksForToken(mortal: Mortal): void {
    const heard = this.#heard.get(mortal) ?? '';
    const { time, tokens } = this.#options;
    if (heard === 'asked' || tokens.untilMs(heard) > time.ms + earlyMs) this.wasted++;
    this.#heard.set(mortal, 'asked');
  }

  #due(number: number): Mishap | undefined {
    if (this.#second?.at === number) {
      this.struck++;
      return this.#second.what;
    }
    if (this.#fault?.at !== number) return undefined;
    const { what, then, later = 1 } = this.#fault;
    this.struck++;
    if (then !== undefined) this.#second = { at: number + later, what: then };
    return what;
  }

  async #die(mortal: Mortal): Promise<never> {
    await this.meanwhile();
    mortal.die();
    return never();
  }

  /** The whole answer, so that the server is done with the request. */
  async #answer(request: HttpRequest): Promise<HttpResponse> {
    const { own, tokens, expire } = this.#options;
    if (request.url === tokenUrl) return tokens.token(request);
    if (expire === undefined && !tokens.admits(request.headers.authorization)) return answered(401, '{"message":"no such token"}');
    const headers = own === undefined ? request.headers : { ...request.headers, authorization: own };
    const { status, headers: told, body } = await this.#http.send({ ...request, headers });
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return { status, headers: told, body: Readable.from(parts) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http[Symbol.asyncDispose]();
  }
}
