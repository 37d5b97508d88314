import { readFile } from 'node:fs/promises';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import type { Failure, Waiting } from '../../ports/retry.ts';
import { OutcomeUnknown } from '../../ports/retry.ts';
import { type Instant, parsedJson } from '../../ports/values.ts';
import { AccountClock } from '../../remote/account-clock.ts';
import { endedIn, isPassing, endingOf as policyEndingOf, reasonIn } from '../../remote/google/answer.ts';
import { type Identity, identityOf, type Proof } from '../../remote/google/identity.ts';
import { credentialKind, type GoogleKeys, rightTo, waysToSignIn } from '../../remote/google/keys.ts';
import { retryAfter } from '../../remote/http-outcome.ts';
import { isOpen, noContainer, notAllowed, notReached, notSignedIn, type ServiceAnswer } from '../../remote/refusals.ts';
import { Sender, type SendOutcome } from '../../remote/sender.ts';
import { isRefusedByProxy } from '../../remote/sent-request.ts';
import type { ReceivedResponse } from './receive.ts';
import { exchange, type GcsRequest } from './transport.ts';

/** The end of a request: an answer with its status, or an error without an answer. */
export interface RequestEnd {
  readonly status: number | undefined;
  readonly code: string;
  /** The service’s own sentence. It is never shown, because it may name the account. */
  readonly message: string;
  readonly retryAfterMs: number | undefined;
  /** The received answer; undefined: no answer. */
  readonly received: ReceivedResponse | undefined;
  /** Whether the request was sent as often as allowed. */
  readonly spent: boolean;
}

export interface Caller {
  /** The URL for messages: `gs://lake/raw`. */
  readonly url: string;
  readonly bucket: string;
  /** `https://storage.googleapis.com`, without a slash at the end. */
  readonly endpoint: string;
  readonly keys: GoogleKeys;
  readonly random: Random;
  readonly network: Network;
  /** The time for an answer, in addition to the transfer of bytes. */
  readonly answerWithinMs?: number;
  /** How requests outside of a step wait. */
  readonly waiting?: Partial<Waiting>;
}

const usualAnswerWithinMs = 60_000;

/** Thrown internally for a request that may succeed if it is repeated. */
class RequestNotAnswered extends Error {
  readonly ending: RequestEnd;
  constructor(ending: RequestEnd) {
    super(ending.code);
    this.ending = ending;
  }
}

/** Requests to one bucket: signed, over reused connections. */
export class GcsRequests {
  readonly #caller: Caller;
  readonly #sender: Sender;
  readonly #identity: Identity;
  readonly #clock = new AccountClock(() => performance.now());

  constructor(caller: Caller) {
    this.#caller = caller;
    this.#sender = new Sender(caller.network, caller.endpoint, caller.waiting);
    this.#identity = identityOf(caller.keys, {
      network: caller.network,
      read: (path) => readFile(path, 'utf8'),
      waiting: caller.waiting,
    });
  }

  /** The time of the last answer; before the first, this machine's time. */
  now(): Instant {
    return this.#clock.now() ?? new Date().toISOString();
  }

  /** Sends a request that may always be repeated: a read, a removal by name, or a piece of an upload. */
  safely(request: GcsRequest): Promise<RequestEnd> {
    return this.#send({}, request);
  }

  /** Sends a conditional write, which is repeated only if it was certainly not carried out. @param name of the target. */
  once(name: string, request: GcsRequest): Promise<RequestEnd> {
    return this.#send({ once: `${this.#caller.bucket} ${name}` }, request);
  }

  /** Sends a request with retries, and returns how the last sending ended. */
  async #send(again: { readonly once?: string }, request: GcsRequest): Promise<RequestEnd> {
    const ask = async (): Promise<RequestEnd> => {
      const ending = await this.#sendOnce(request);
      if (policyEndingOf(ending) !== 'final') throw new RequestNotAnswered(ending);
      return ending;
    };
    try {
      return await this.#sender.send(again, ask, (error) => this.#judge(error));
    } catch (error) {
      if (error instanceof RequestNotAnswered) return error.ending;
      throw error;
    }
  }

  #judge(error: unknown): SendOutcome<RequestEnd> {
    if (!(error instanceof RequestNotAnswered)) throw error;
    return this.failure(error.ending, (spent) => new RequestNotAnswered({ ...error.ending, spent }));
  }

  /** A budget of retries for code that repeats an operation of several requests. */
  budget(): { failed(ending: RequestEnd): Promise<void> } {
    const budget = this.#sender.budget({});
    return {
      failed: (ending) =>
        this.#sender.failed(
          budget,
          this.failure(ending, () => this.writeError('write', ending)),
        ),
    };
  }

  failure(ending: RequestEnd, error: Failure['error']): Failure {
    const { status, retryAfterMs } = ending;
    return { ending: policyEndingOf(ending), status, retryAfterMs, error };
  }

  /** Sends one request once. Throws only if signing in failed. */
  sendOnce(request: GcsRequest): Promise<RequestEnd> {
    return this.#sender.alone(() => this.#sendOnce(request));
  }

  async #sendOnce(request: GcsRequest): Promise<RequestEnd> {
    if (request.unsigned) return this.#sendWith(request, {});
    const proof = await this.#proof(request.doing);
    const ending = await this.#sendWith(request, proof);
    if (ending.status !== 401 || proof.authorization === undefined) return ending;
    // A token may expire early. In that case nothing was done, and the request is repeated once with a new token.
    this.#identity.disbelieved(proof);
    return this.#sendWith(request, await this.#proof(request.doing));
  }

  async #sendWith(request: GcsRequest, proof: Proof): Promise<RequestEnd> {
    const { network, answerWithinMs = usualAnswerWithinMs } = this.#caller;
    try {
      return this.#read(await exchange(network, request, { proof, answerWithinMs }));
    } catch (error) {
      return { ...endedIn(error), message: '', received: undefined, spent: false };
    }
  }

  #read(received: ReceivedResponse): RequestEnd {
    this.#clock.hear(received.headers.get('date') ?? undefined);
    const { status } = received;
    const body: unknown = status < 300 ? undefined : asJson(received.body);
    const message = (body as { error?: { message?: unknown } } | undefined)?.error?.message;
    return {
      status,
      code: reasonIn(body) ?? '',
      message: typeof message === 'string' ? message : '',
      retryAfterMs: retryAfter((name) => received.headers.get(name) ?? undefined),
      received,
      spent: false,
    };
  }

  async #proof(doing: ServiceAnswer['doing']): Promise<Proof> {
    const { keys, url } = this.#caller;
    try {
      return await this.#identity.proof();
    } catch (error) {
      if (error instanceof HyggeError) throw error;
      const ended = endedIn(error);
      const said: ServiceAnswer = { url, doing, status: ended.status, code: ended.code };
      if (isRefusedByProxy(ended)) throw notReached(said, { transient: false });
      throw notSignedIn(said, waysToSignIn(credentialKind(keys)));
    }
  }

  /** The error for a write that did not end as expected: the write was refused, or may have been carried out. */
  writeError(doing: ServiceAnswer['doing'], ending: RequestEnd): Error {
    // Status 409 means that another client is writing the same object. The outcome of our write is unknown until the caller’s next check.
    if (!isOpen(ending) && ending.status !== 409) return this.refusal(doing, ending);
    const { status, code, retryAfterMs, spent } = ending;
    return new OutcomeUnknown(`no clear answer to a write in ${this.#caller.url}: ${status ?? ''} ${code}`, { retryAfterMs, spent });
  }

  /** The error for an answer that does not fit the request. */
  refusal(doing: ServiceAnswer['doing'], ending: RequestEnd): Error {
    const { url, bucket, keys } = this.#caller;
    const { status, code, message, retryAfterMs } = ending;
    const said: ServiceAnswer = { url, doing, status, code };
    const kind = credentialKind(keys);
    const right = rightTo(kind, doing === 'read' || doing === 'list' ? 'read' : 'write', `bucket ${bucket}`);
    if (isPassing(ending)) return notReached(said, notYet(retryAfterMs));
    if (status === 401 && kind === 'anonymous') return notAllowed(said, right);
    if (status === 401) return notSignedIn(said, waysToSignIn(kind));
    if (status === 403) return notAllowed(said, right, /retention|hold/i.test(code) ? [keeping] : []);
    if (isAboutBucket(ending) || /bucket name/i.test(message)) return noContainer(said, `bucket ${bucket}`);
    // The bytes changed on the way to the service, so the next attempt may succeed.
    return notReached(said, { transient: status === 400 && /crc32c/i.test(message), spent: false });
  }
}

const keeping =
  'The bucket does not allow deletes (retention policy, holds). hygge moves its staged files, so use a bucket without a retention policy and holds.';

const notYet = (retryAfterMs: number | undefined) => ({ transient: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

/** Whether a 404 is about the bucket. The answer about a missing object is different. */
export function isAboutBucket({ status, message }: RequestEnd): boolean {
  return status === 404 && /bucket does not exist/i.test(message);
}

export function asJson(body: Uint8Array): unknown {
  return parsedJson(new TextDecoder().decode(body));
}
