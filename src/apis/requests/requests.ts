/** Sends requests to one API: signs in, stays within its limits, and follows allowed redirects. Returned bodies are complete and limited in size. */

import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Opening } from '../../engine/contracts/connector.ts';
import type { HomeError } from '../../errors/hygge-error.ts';
import { shortHash } from '../../frames/short-hash.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpResponse } from '../../ports/network.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import type { Instant } from '../../ports/values.ts';
import { endedIn, endingOf, type HttpOutcome, retryAfter, timeIn } from '../../remote/http-outcome.ts';
import { notAllowed, notReached, notSignedIn } from '../../remote/refusals.ts';
import { Sender } from '../../remote/sender.ts';
import type { Body } from '../answers/document.ts';
import { type Absent, noLimitTold, noPage, otherOrigin, refused, tooLarge } from '../answers/errors.ts';
import { maxWaitMs, type RequestsConfig, revealed, secretsIn, usualMaxWait, withoutSecrets } from './config.ts';
import { pauseTooLong } from './errors.ts';
import { limitsOf } from './limits/config.ts';
import { isUsedUp, pauseOf, toldLimit } from './limits/limit-headers.ts';
import { Limits } from './limits/limits.ts';
import { OwnLedger } from './limits/own-ledger.ts';
import { SecondaryLimit, tellsLimit } from './limits/secondary-limit.ts';
import { addressWithSecrets } from './named-secrets.ts';
import { type Proof, type SignIn, signInOf } from './sign-in.ts';
import { shortPauseMs } from './token-requests.ts';

/** The maximum size of a page in bytes, after decompression. */
const mostBytes = 64 * 1024 * 1024;
const mostSaid = 300;
const mostRedirects = 5;
/** The maximum time from the first byte of the request to the last byte of the answer. */
const answerWithinMs = 120_000;

/** Statuses by which an API reports that the account lacks the list. */
export const absentStatuses: readonly number[] = [403, 404, 410, 451];

export interface Answer extends Body {
  readonly status: number;
  readonly url: URL;
  /** The time of the answer by the clock of the API, cut to seconds. Undefined: the answer has no time. */
  readonly date: Instant | undefined;
  header(name: string): string | undefined;
}

/** The answer is unchanged, according to status 304. */
export interface UnchangedAnswer {
  readonly unchanged: true;
  /** The time of the answer, as in `Answer.date`. */
  readonly date: Instant | undefined;
  header(name: string): string | undefined;
}

/** The API requests a pause until this time. */
export interface LaterAnswer {
  readonly notBefore: Instant;
}

/** The list does not exist for this account, according to the API. */
export interface AbsentAnswer {
  readonly absent: Absent;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** The name of the page, for people. */
  readonly page: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The strong ETag of an earlier answer. If the answer is unchanged, the API does not send it again. */
  readonly etag?: string | undefined;
}

/** The meaning of the words with which an API refuses a request. */
export interface OwnRefusal {
  /** The API asks for a slower pace, so the request is sent again after growing pauses. */
  readonly isThrottled?: true;
  readonly error: HomeError;
}

/** Thrown if a request got no answer, or an answer that is not a page. */
class NotAnswered extends Error {
  readonly ended: HttpOutcome;
  readonly said: string;
  readonly proof: Proof | undefined;
  readonly own: HomeError | undefined;
  /** Whether the API reports that a repeated request may succeed. */
  readonly isPassing: boolean;

  constructor(
    ended: NotAnswered['ended'],
    { said = '', proof, own, isPassing = false }: { said?: string; proof?: Proof; own?: HomeError | undefined; isPassing?: boolean } = {},
  ) {
    super();
    this.ended = ended;
    this.said = said;
    this.proof = proof;
    this.own = own;
    this.isPassing = isPassing;
  }
}

/** Thrown if the next request must wait so long that the step ends. */
class Refrained extends Error {
  readonly later: LaterAnswer;

  constructor({ notBefore }: LaterAnswer) {
    super();
    this.later = { notBefore };
  }
}

export interface RequestsOpening extends Pick<Opening, 'network' | 'clock' | 'connection' | 'ledger'> {
  /** Reads the body of an answer that reports a refusal. Undefined: the status alone shows the meaning. @param body the body without secrets. */
  readonly refusal?: (answer: { readonly page: string; readonly status: number; readonly body: string }) => OwnRefusal | undefined;
}

const json = 'application/json';

export class ApiRequests {
  readonly #config: RequestsConfig;
  readonly #around: RequestsOpening;
  readonly #accept: string;
  readonly #origin: string;
  readonly #signIn: SignIn;
  readonly #sender: Sender;
  readonly #limits: Limits | undefined;
  readonly #secondary: SecondaryLimit;

  /** @param accept the media type that each request accepts. */
  constructor(config: RequestsConfig, around: RequestsOpening, accept = json) {
    this.#accept = accept;
    this.#config = config;
    this.#around = around;
    this.#origin = new URL(config.base_url).origin;
    this.#signIn = signInOf(config, around);
    this.#sender = new Sender(around.network, this.#origin);
    this.#limits = limitsFor(config, this.#origin, around);
    this.#secondary = around.network.kept('api secondary limit', this.#origin, () => new SecondaryLimit());
  }

  /** Returns the permits for simultaneous requests, so that other processes can get them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#limits?.rest();
  }

  /** Signs in to the API without a further request, for `debug`. */
  async signIn(): Promise<void> {
    await this.#signIn.proof();
  }

  /** As `get`, for a list that may not exist. @param statuses the statuses that report a missing list. */
  async getIfThere(
    url: URL,
    page: string,
    statuses: readonly number[] = absentStatuses,
    headers: ApiRequest['headers'] = {},
  ): Promise<Answer | LaterAnswer | AbsentAnswer> {
    return (await this.#sendAll({ method: 'GET', url, page, headers }, statuses)) as Answer | LaterAnswer | AbsentAnswer;
  }

  /** @param page the name of the page, for people. Throws HomeError HYG-3601, HYG-3602, HYG-3606, HYG-3607. Throws ConnectionError HYG-6401, HYG-6402, HYG-6404, HYG-6053. */
  async get(url: URL, page: string): Promise<Answer | LaterAnswer> {
    return await this.send({ method: 'GET', url, page });
  }

  /** As `get`. The result is `unchanged` if the page still has this strong ETag. */
  async getIfChanged(url: URL, page: string, etag: string): Promise<Answer | LaterAnswer | UnchangedAnswer> {
    return (await this.#sendAll({ method: 'GET', url, page, etag }, [])) as Answer | LaterAnswer | UnchangedAnswer;
  }

  /** As `get`, for any request that may be repeated if it gets no answer. */
  async send(request: ApiRequest): Promise<Answer | LaterAnswer> {
    return (await this.#sendAll(request, [])) as Answer | LaterAnswer;
  }

  async #sendAll(request: ApiRequest, absent: readonly number[]): Promise<Answer | LaterAnswer | AbsentAnswer | UnchangedAnswer> {
    let renewals = 0;
    const { page } = request;
    return await this.#sender.send<Answer | LaterAnswer | AbsentAnswer | UnchangedAnswer>(
      {},
      () => this.#ask(request),
      (error) => {
        if (error instanceof Refrained) return { answer: error.later };
        if (!(error instanceof NotAnswered)) throw error;
        const { ended, said, proof, own } = error;
        if (ended.status === 401 && proof !== undefined && renewals++ === 0 && this.#signIn.renew(proof)) return 'at once';
        if (ended.status !== undefined && absent.includes(ended.status))
          return { answer: { absent: { status: ended.status, said: messageIn(said) } } };
        const ending = error.isPassing ? 'open' : endingOf(ended);
        const { retryAfterMs } = ended;
        if (ending !== 'final' && retryAfterMs !== undefined && retryAfterMs > shortPauseMs)
          return { answer: this.#later(retryAfterMs, page) };
        return {
          ...{ ending, status: ended.status, retryAfterMs },
          error: (spent) => own ?? this.#failure(page, { ended, said: said.slice(0, mostSaid), spent }),
        };
      },
    );
  }

  async #ask(request: ApiRequest): Promise<Answer | UnchangedAnswer> {
    const { page } = request;
    const proof = await this.#proof(page);
    for (let url = request.url, redirects = 0; ; redirects++) {
      this.#mustBeKnown(url, page);
      const turn = await this.#limits?.turn();
      if (turn !== undefined && 'notBefore' in turn) {
        // The `budget` is a share of the API’s own limit. The pause ends when that limit is reset, at the time that the API reports.
        if (turn.because.startsWith('budget')) this.#later(Date.parse(turn.notBefore) - this.#nowMs(), page);
        throw new Refrained(turn);
      }
      try {
        const answer = await this.#askOnce({ ...request, url, etag: redirects === 0 ? request.etag : undefined }, proof);
        if (!(answer instanceof URL)) return answer;
        if (redirects >= mostRedirects) throw noPage(page, `The API redirects again after ${mostRedirects} redirects.`);
        url = answer;
      } finally {
        turn?.over();
      }
    }
  }

  async #proof(page: string): Promise<Proof> {
    try {
      if (this.#signIn.awayMs() === 0) return await this.#signIn.proof();
    } catch (error) {
      if (this.#signIn.awayMs() === 0) throw error;
    }
    throw new Refrained(this.#later(this.#signIn.awayMs(), page));
  }

  #nowMs(): number {
    return Date.parse(this.#around.clock.now());
  }

  /** The answer that requests a pause. Throws HomeError HYG-3614 if the pause is longer than a run waits. */
  #later(ms: number, page: string): LaterAnswer {
    const nowMs = this.#nowMs();
    if (ms > maxWaitMs(this.#config)) throw pauseTooLong(page, { nowMs, ms, maxWait: this.#config.max_wait ?? usualMaxWait });
    return { notBefore: new Date(nowMs + ms).toISOString() };
  }

  /** Sends the request once. If the API redirects to another address, returns that address. */
  async #askOnce(request: ApiRequest, proof: Proof): Promise<Answer | UnchangedAnswer | URL> {
    const { url, page, etag } = request;
    const answer = await this.#send(request, proof);
    const { status } = answer;
    if (status === 304 && etag !== undefined) {
      discard(answer.body);
      await this.#hear(answer, page);
      const header = headerOf(answer.headers);
      return { unchanged: true, date: timeIn(header('date'))?.toISOString(), header };
    }
    if (status >= 300 && status < 400 && status !== 304) {
      discard(answer.body);
      const to = answer.headers.get('location');
      if (to === null) throw noPage(page, `The API answered ${status} without an address for the redirect.`);
      return new URL(to, url);
    }
    if (status >= 200 && status < 300) {
      this.#secondary.answered(this.#around.clock.monotonicMs());
      await this.#hear(answer, page);
      return await this.#page(answer, url, page);
    }
    const words = this.#words(await bounded(answer, 64 * 1024).catch(() => undefined), proof);
    const own = this.#around.refusal?.({ page, status, body: words });
    const isLimit = tellsLimit(status, words) && own === undefined;
    throw new NotAnswered(
      {
        status: own?.isThrottled || isLimit ? 429 : meantStatus(answer, words),
        code: '',
        retryAfterMs: this.#pauseOf(answer, isLimit),
      },
      // Stripe reports with this status that another request has a lock: https://docs.stripe.com/error-low-level
      { said: words, proof, own: own?.error, isPassing: answer.headers.get('stripe-should-retry') === 'true' },
    );
  }

  /** The pause that an answer requests. The time of a limit’s reset counts only if the limit is used up. Otherwise another limit may be the reason for the refusal. After a failure of the server, no time of a reset counts. */
  #pauseOf(answer: HttpResponse, isLimit: boolean): number | undefined {
    const header = headerOf(answer.headers);
    if (isLimit && header('retry-after') === undefined && !isUsedUp(header))
      return this.#secondary.pauseMs(this.#around.clock.monotonicMs());
    const now = timeOf(answer.headers, this.#around.clock);
    return isLimit || asThrottled(answer) === 429 ? pauseOf(header, now) : retryAfter(header, now);
  }

  async #hear({ headers }: HttpResponse, page: string): Promise<void> {
    const told = toldLimit(headerOf(headers), timeOf(headers, this.#around.clock));
    if ((await this.#limits?.hear(told)) === false) throw noLimitTold(page);
  }

  /** Sends a request. Only the origin of the API gets the token. */
  async #send({ url, method, body, etag, headers: own = {} }: ApiRequest, proof: Proof): Promise<HttpResponse> {
    const to = new URL(addressWithSecrets(url, this.#config, tokenIn(proof)));
    const isOwn = to.origin === this.#origin;
    if (isOwn) for (const [name, value] of Object.entries(proof.params)) to.searchParams.set(name, value);
    const given = isOwn ? Object.entries(this.#config.headers ?? {}).map(([name, value]) => [name.toLowerCase(), revealed(value)]) : [];
    const headers = {
      accept: this.#accept,
      'accept-encoding': 'gzip',
      'user-agent': 'hygge',
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
      ...Object.fromEntries(given),
      ...own,
      ...(isOwn ? proof.headers : {}),
    };
    try {
      return await this.#around.network.send({ method, url: to.href, headers, body, withinMs: answerWithinMs });
    } catch (error) {
      throw new NotAnswered(endedIn(error));
    }
  }

  #mustBeKnown({ origin }: URL, page: string): void {
    if (origin !== this.#origin && !(this.#config.origins ?? []).includes(origin)) throw otherOrigin(page, origin);
  }

  async #page(answer: HttpResponse, url: URL, page: string): Promise<Answer> {
    const header = headerOf(answer.headers);
    let body: Body | undefined;
    try {
      body = await bounded(answer, mostBytes);
    } catch (error) {
      if (/^(Z_|ERR_ZLIB)/.test(String((error as NodeJS.ErrnoException).code)))
        throw noPage(page, 'The header of the answer says gzip, but the body is not valid gzip.');
      throw new NotAnswered(endedIn(error));
    }
    if (body === undefined) throw tooLarge(page, `The body has more than ${mostBytes / 1024 / 1024} MB.`);
    const encoding = header('content-encoding');
    if (encoding !== undefined && encoding !== 'gzip' && encoding !== 'identity') throw noPage(page, `The body is encoded as ${encoding}.`);
    if (this.#accept === json && /^\s*</.test(body.bytes.toString('latin1', 0, Math.min(200, body.length))))
      throw noPage(page, 'The answer is a page of HTML or XML, perhaps of a login or a proxy.');
    // An answer with status 204 has no body.
    if (body.length === 0 && answer.status !== 204)
      throw new NotAnswered({ status: undefined, code: 'an empty body', retryAfterMs: undefined });
    return { ...body, status: answer.status, url, header, date: timeIn(header('date'))?.toISOString() };
  }

  #failure(
    page: string,
    { ended, said, spent }: { readonly ended: NotAnswered['ended']; readonly said: string; readonly spent: boolean },
  ): Error {
    const { status, code, retryAfterMs } = ended;
    const answered = { url: `${this.#origin}`, doing: 'read', status, code: code || said } as const;
    if (status === 401)
      return notSignedIn({ ...answered, code: '' }, [
        'Check auth: the type, the token or key, and whether the token or key has expired',
        ...(said === '' ? [] : [`The API says: ${said}`]),
      ]);
    if (status === 403)
      return notAllowed({ ...answered, code: '' }, `the right to read ${page}`, said === '' ? [] : [`The API says: ${said}`]);
    if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429) return this.#refused(page, status, said);
    if (status === 304)
      return refused(
        page,
        status,
        'The API says that nothing has changed since an earlier request, and returns no body. But hygge sent no condition for this.',
      );
    const reach = ['Check base_url, and whether this machine may reach it: hygge debug'];
    return notReached(
      { ...answered, code },
      { transient: true, spent, check: reach, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
    );
  }

  #refused(page: string, status: number, said: string): HomeError {
    return refused(page, status, said === '' ? '' : `It says: ${said}`);
  }

  /** The first words of a body that is not a page. Secrets of the sign-in are replaced. */
  #words(body: Body | undefined, { headers }: Proof): string {
    if (body === undefined) return '';
    const text = body.bytes.toString('utf8', 0, body.length);
    if (/^\s*</.test(text)) return '';
    const tokens = Object.values(headers).map((value) => value.replace(/^\w+ /, ''));
    const shown = tokens.reduce((rest, token) => rest.replaceAll(token, '***'), text);
    return this.hidden(shown.replace(/\s+/g, ' ').trim());
  }

  /** A text of the API with secrets replaced. An answer may repeat the sent secrets. */
  hidden(text: string): string {
    const { auth, headers, params } = this.#config;
    const own = withoutSecrets(text, [...secretsIn([auth, headers, params]), ...this.tokens]);
    return secretValuesOf(this.#around.network).hidden(own);
  }

  /** The tokens that a server issued, the newest last. Earlier tokens are included, since an API may repeat them. Empty: the sign-in uses no issued tokens. */
  get tokens(): readonly string[] {
    return this.#signIn.tokens();
  }
}

/** The token in a request, without the word before the token. */
function tokenIn({ headers }: Proof): string | undefined {
  return headers.authorization?.replace(/^\w+ /, '');
}

/** The message for people in a JSON body. If no usual member has a message, the first words of the body. */
function messageIn(body: string): string {
  const found = /"(?:message|error_description|detail|title)"\s*:\s*"((?:[^"\\]|\\.)+)"/.exec(body)?.[1];
  return (found ?? body).slice(0, 150);
}

/** The status of an answer. Status 403 with a used-up limit counts as 429: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function asThrottled({ status, headers }: HttpResponse): number {
  return status === 403 && (isUsedUp(headerOf(headers)) || headers.get('retry-after') !== null) ? 429 : status;
}

/** Words with which an API answers 403 if a token has expired or is not valid. The pattern excludes words about tokens of pages and forms. */
const tokenHasEnded =
  /\b(?<!\b(?:csrf|xsrf|page|sync|delta|continuation)[ _-])(?:token|jwt|session|credentials?|signature|log-?in|sign-?in)(?:[ _]included in the request)?[ _-]?(?:(?:is|has|have|was|had)[ _])?(?:been[ _])?(?:expired|(?:is[ _])?invalid)\b|\b(?:expired|invalid)[ _-]?(?:(?:access|auth|authentication|authorization|bearer|security|oauth|id|api)[ _-]?)?(?:token|jwt|session|credentials?)\b/i;

/** The status that an answer means, by its words. RFC 6750 defines `invalid_token` for status 401, but some APIs send it with status 403. */
function meantStatus(answer: HttpResponse, words: string): number {
  const status = asThrottled(answer);
  const told = `${answer.headers.get('www-authenticate') ?? ''} ${words}`;
  return status === 403 && tokenHasEnded.test(told) ? 401 : status;
}

const headerOf = (headers: HttpResponse['headers']) => (name: string) => headers.get(name) ?? undefined;

/** The time of the answer, by the clock of the API. If the answer has no time, by the clock of this machine. */
function timeOf(headers: HttpResponse['headers'], clock: Clock): Date {
  return timeIn(headers.get('date') ?? undefined) ?? new Date(clock.now());
}

/** The decompressed body, with one byte 0 at its end. Undefined: the body is larger than allowed. */
async function bounded({ headers, body }: HttpResponse, most: number): Promise<Body | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  class TooLarge extends Error {}
  const take = (part: Buffer) => {
    length += part.length;
    if (length > most) throw new TooLarge();
    parts.push(part);
  };
  try {
    if (headers.get('content-encoding') === 'gzip') {
      const sink = new Writable({
        write(part: Buffer, _encoding, done) {
          try {
            take(part);
            done();
          } catch (error) {
            done(error as Error);
          }
        },
      });
      await pipeline(Readable.from(body, { objectMode: true, highWaterMark: 1 }), createGunzip(), sink);
    } else for await (const part of body) take(asBuffer(part));
  } catch (error) {
    discard(body);
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
  const bytes = Buffer.allocUnsafe(length + 1);
  let at = 0;
  for (const part of parts) at += part.copy(bytes, at);
  bytes[length] = 0;
  return { bytes, length };
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** Discards a body without reading it to its end. */
function discard(body: HttpResponse['body']): void {
  body.on('error', () => undefined);
  body.destroy();
}

/** The limits that all requests of a process share, if they use the same connection to an API. */
function limitsFor(config: RequestsConfig, origin: string, around: RequestsOpening): Limits | undefined {
  const limits = limitsOf(config.rate_limit);
  if (limits === undefined) return undefined;
  const { network, clock, connection, ledger } = around;
  const name = `${connection ?? new URL(origin).hostname.slice(0, 100)} ${shortHash(origin)}`;
  const own = ledger?.(name) ?? new OwnLedger(clock);
  return network.kept('api limits', JSON.stringify([own.place, name, limits]), () => new Limits(limits, { ledger: own, clock }));
}
