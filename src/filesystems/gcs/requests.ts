import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { OutcomeUnknown } from '../../ports/outcome.ts';
import type { Random } from '../../ports/random.ts';
import type { Semaphore } from '../../ports/semaphore.ts';
import type { Instant } from '../../ports/values.ts';
import { AccountClock } from '../../remote/account-clock.ts';
import { endedIn, isPassing, isThrottled, reasonIn, retryAfter } from '../../remote/google/answer.ts';
import { type Identity, identityOf, type Proof } from '../../remote/google/identity.ts';
import { credentialKind, type GoogleKeys, rightTo, waysToSignIn } from '../../remote/google/keys.ts';
import { isRefusedByProxy } from '../../remote/sent-request.ts';
import { gateOf } from '../remote/gate.ts';
import { longestPauseMs, mostTries, pauseAfter } from '../remote/pace.ts';
import { isOpen, noContainer, notAllowed, notReached, notSignedIn, type Said } from '../remote/refusals.ts';
import type { Received } from './receive.ts';
import { exchange, type Request } from './transport.ts';

/** How a request ended: an answer with its status, or none. */
export interface Ending {
  readonly status: number | undefined;
  readonly code: string;
  /** The service's own sentence; never shown: it may name the account. */
  readonly message: string;
  readonly retryAfterMs: number | undefined;
  /** Undefined: no answer. */
  readonly received: Received | undefined;
}

/** How often the same request is sent, and how long to wait before the second time; twice as long before each further one. */
export interface Patience {
  readonly attempts: number;
  readonly firstMs: number;
  /** For an answer, beside the time that what is carried there and back takes. */
  readonly answerWithinMs: number;
}

export interface Caller {
  /** For people: `gs://lake/raw`. */
  readonly url: string;
  readonly bucket: string;
  /** `https://storage.googleapis.com`, without a slash at the end. */
  readonly endpoint: string;
  readonly keys: GoogleKeys;
  readonly random: Random;
  readonly patience?: Partial<Patience>;
}

const usual: Patience = { attempts: mostTries, firstMs: 200, answerWithinMs: 60_000 };

/** Requests to one bucket, signed, through the account's one gate, over connections that are kept. */
export class Requests {
  readonly #caller: Caller;
  readonly #gate: Semaphore;
  readonly #identity: Identity;
  readonly #patience: Patience;
  readonly #clock = new AccountClock(() => performance.now());

  constructor(caller: Caller) {
    this.#caller = caller;
    this.#gate = gateOf(caller.endpoint);
    this.#identity = identityOf(caller.keys, (path) => readFile(path, 'utf8'));
    this.#patience = { ...usual, ...caller.patience };
  }

  /** By its last answer; before the first, this machine's. */
  now(): Instant {
    return this.#clock.now() ?? new Date().toISOString();
  }

  /** What may be sent again whatever became of it: reads, removals by name, pieces of an upload that are counted. */
  patiently(request: Request): Promise<Ending> {
    return this.#until((ending) => !isPassing(ending), request);
  }

  /** A conditional write: sent again only when it was told to come again later, and so was not carried out. */
  once(request: Request): Promise<Ending> {
    return this.#until((ending) => !isThrottled(ending), request);
  }

  async #until(isOver: (ending: Ending) => boolean, request: Request): Promise<Ending> {
    for (let attempt = 1; ; attempt++) {
      const ending = await this.send(request);
      if (isOver(ending) || attempt >= this.#patience.attempts || (ending.retryAfterMs ?? 0) > longestPauseMs) return ending;
      await this.wait(attempt, ending);
    }
  }

  /** @param attempt how many have failed. */
  async wait(attempt: number, { retryAfterMs }: Pick<Ending, 'retryAfterMs'>): Promise<void> {
    const ownMs = pauseAfter(attempt - 1, this.#patience.firstMs, this.#caller.random.fraction());
    await pause(Math.min(Math.max(ownMs, retryAfterMs ?? 0), longestPauseMs));
  }

  get attempts(): number {
    return this.#patience.attempts;
  }

  /** One request, one try. Throws only when nobody could be signed in. */
  async send(request: Request): Promise<Ending> {
    if (request.unsigned) return this.#sendWith(request, {});
    const proof = await this.#proof(request.doing);
    const ending = await this.#sendWith(request, proof);
    if (ending.status !== 401 || proof.authorization === undefined) return ending;
    // A token may end before its time, and then nothing was done: once more, with a new one.
    this.#identity.disbelieved(proof);
    return this.#sendWith(request, await this.#proof(request.doing));
  }

  #sendWith(request: Request, proof: Proof): Promise<Ending> {
    return this.#gate.run(async () => {
      try {
        return this.#read(await exchange(request, proof, { endpoint: this.#caller.endpoint, ...this.#patience }));
      } catch (error) {
        return { ...endedIn(error), message: '', received: undefined };
      }
    });
  }

  #read(received: Received): Ending {
    this.#clock.hear(received.headers.get('date') ?? undefined);
    const { status } = received;
    const body: unknown = status < 300 ? undefined : asJson(received.body);
    const message = (body as { error?: { message?: unknown } } | undefined)?.error?.message;
    return {
      status,
      code: reasonIn(body) ?? '',
      message: typeof message === 'string' ? message : '',
      retryAfterMs: retryAfter(received.headers.get('retry-after') ?? undefined),
      received,
    };
  }

  async #proof(doing: Said['doing']): Promise<Proof> {
    const { keys, url } = this.#caller;
    try {
      return await this.#identity.proof();
    } catch (error) {
      const ended = endedIn(error);
      const said: Said = { url, doing, status: ended.status, code: ended.code };
      if (isRefusedByProxy(ended)) throw notReached(said, { transient: false });
      throw isPassing(ended) ? notReached(said, notYet(ended.retryAfterMs)) : notSignedIn(said, waysToSignIn(credentialKind(keys)));
    }
  }

  /** A write that did not end as it should: it may have happened, or it was refused. */
  writeError(doing: Said['doing'], ending: Ending): Error {
    // 409: somebody else is at the same object; what became of ours, the next look tells.
    if (!isOpen(ending) && ending.status !== 409) return this.refusal(doing, ending);
    const { status, code, retryAfterMs } = ending;
    return new OutcomeUnknown(`no clear answer to a write in ${this.#caller.url}: ${status ?? ''} ${code}`, { retryAfterMs });
  }

  /** An answer that is none to what was asked, as our error. */
  refusal(doing: Said['doing'], ending: Ending): Error {
    const { url, bucket, keys } = this.#caller;
    const { status, code, message, retryAfterMs } = ending;
    const said: Said = { url, doing, status, code };
    const kind = credentialKind(keys);
    const right = rightTo(kind, doing === 'read' || doing === 'list' ? 'read' : 'write', `bucket ${bucket}`);
    if (isPassing(ending)) return notReached(said, notYet(retryAfterMs));
    if (status === 401 && kind === 'anonymous') return notAllowed(said, right);
    if (status === 401) return notSignedIn(said, waysToSignIn(kind));
    if (status === 403) return notAllowed(said, right, /retention|hold/i.test(code) ? [keeping] : []);
    if (isAboutBucket(ending) || /bucket name/i.test(message)) return noContainer(said, `bucket ${bucket}`);
    // What came was not what was sent: the next time it may be.
    return notReached(said, { transient: status === 400 && /crc32c/i.test(message) });
  }
}

const keeping = 'The bucket forbids to remove what it holds (retention policy, holds): hygge moves what it stages, so use one without.';

const notYet = (retryAfterMs: number | undefined) => ({ transient: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

/** A 404 of the bucket; of an object it says something else. */
export function isAboutBucket({ status, message }: Ending): boolean {
  return status === 404 && /bucket does not exist/i.test(message);
}

export function asJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
