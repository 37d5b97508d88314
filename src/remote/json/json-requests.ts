/** Requests to a service that answers in JSON: few and small, with answers read completely. */

import type { ConnectionError } from '../../errors/hygge-error.ts';
import type { HttpRequest, Network } from '../../ports/network.ts';
import type { Waiting } from '../../ports/retry.ts';
import { parsedJson } from '../../ports/values.ts';
import { endedIn, endingOf, type HttpOutcome, retryAfter } from '../http-outcome.ts';
import { Sender } from '../sender.ts';
import type { RequestOutcome } from '../sent-request.ts';

export interface JsonAnswer extends RequestOutcome {
  readonly status: number;
  /** The parsed body; undefined: the body is not JSON. */
  readonly body: unknown;
  header(name: string): string | undefined;
}

export interface JsonRequestOptions {
  /** The host of the requests. The limit of parallel requests is shared by all requests to the host. */
  readonly host: string;
  /** The error of a request that was lost, or was answered only with requests to retry, until the wait ended. */
  readonly lost: (ended: HttpOutcome) => ConnectionError;
  /** Milliseconds after which a request without an answer is sent again. */
  readonly answerWithinMs?: number;
  /** Milliseconds. If a service requests a longer pause, this request is not repeated. Absent: the default of the policy. */
  readonly mostPauseMs?: number;
  readonly waiting?: Partial<Waiting> | undefined;
}

class NotAnswered extends Error {
  readonly ended: HttpOutcome;
  constructor(ended: HttpOutcome) {
    super();
    this.ended = ended;
  }
}

const usualAnswerWithinMs = 10_000;
/** The maximum size of an answer. The pages of a service’s lists have less than a tenth of this size. */
const mostBytes = 16 * 1024 * 1024;

export class JsonRequests {
  readonly #network: Network;
  readonly #options: JsonRequestOptions;
  readonly #sender: Sender;

  constructor(network: Network, options: JsonRequestOptions) {
    this.#network = network;
    this.#options = options;
    this.#sender = new Sender(network, options.host, options.waiting);
  }

  /**
   * The answer, whatever its status. Only for requests that may be sent twice. Throws the error of `lost`. @param make creates the request again
   * for each sending, because the request contains a proof. @param codeIn the service's own code in the body of an answer.
   * @param answerWithinMs replaces the value of the options.
   */
  async ask(
    make: () => Promise<Omit<HttpRequest, 'withinMs'>>,
    codeIn: (body: unknown) => string | undefined,
    answerWithinMs = this.#options.answerWithinMs ?? usualAnswerWithinMs,
  ): Promise<JsonAnswer> {
    const send = async (): Promise<JsonAnswer> => {
      const answer = await this.#sendOnce({ ...(await make()), withinMs: answerWithinMs }, codeIn);
      if (!('body' in answer) || endingOf(answer) !== 'final') throw new NotAnswered(answer);
      return answer;
    };
    return await this.#sender.send({}, send, (error) => {
      if (!(error instanceof NotAnswered)) throw error;
      const { status, retryAfterMs } = error.ended;
      const { mostPauseMs = Number.POSITIVE_INFINITY } = this.#options;
      const ending = retryAfterMs !== undefined && retryAfterMs > mostPauseMs ? 'final' : endingOf(error.ended);
      return { ending, status, retryAfterMs, error: () => this.#options.lost(error.ended) };
    });
  }

  async #sendOnce(request: HttpRequest, codeIn: (body: unknown) => string | undefined): Promise<(JsonAnswer & HttpOutcome) | HttpOutcome> {
    try {
      const { status, headers, body } = await this.#network.send(request);
      const header = (name: string) => headers.get(name) ?? undefined;
      const json = parsedJson(await textOf(body));
      return { status, code: codeIn(json) ?? '', body: json, header, retryAfterMs: retryAfter(header) };
    } catch (error) {
      return endedIn(error);
    }
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.byteLength;
    if (bytes > mostBytes) break;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The text at a path of members in an answer; undefined: no text. */
export function textIn(body: unknown, ...path: readonly string[]): string | undefined {
  let here: unknown = body;
  for (const key of path) here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[key] : undefined;
  return typeof here === 'string' ? here : undefined;
}
