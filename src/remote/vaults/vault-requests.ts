/** Requests to a vault: few, small, and read whole. */
import { ConnectionError } from '../../errors/hygge-error.ts';
import type { HttpRequest, Network } from '../../ports/network.ts';
import type { Waiting } from '../../ports/retry.ts';
import { retryAfter } from '../azure/answer.ts';
import { endedIn, endingOf } from '../google/answer.ts';
import { notReached } from '../refusals.ts';
import { Sender } from '../sender.ts';
import { answerOfProxy, isThrottled, type RequestOutcome, shown } from '../sent-request.ts';

export interface Answer extends RequestOutcome {
  readonly status: number;
  /** As JSON; undefined: it is none. */
  readonly body: unknown;
  header(name: string): string | undefined;
}

interface LostAnswer extends RequestOutcome {
  readonly retryAfterMs: number | undefined;
}

class VaultNotAnswered extends Error {
  readonly ended: LostAnswer;
  constructor(ended: LostAnswer) {
    super();
    this.ended = ended;
  }
}

/** A vault that takes longer is asked again. */
const usualAnswerWithinMs = 10_000;
/** A secret has 64 KiB at most, of any of them. */
const mostBytes = 1024 * 1024;

/** The way to one vault. */
export class VaultRequests {
  readonly #network: Network;
  readonly #shown: string;
  readonly #sender: Sender;
  readonly #answerWithinMs: number;

  /** @param host whose requests are counted together. @param vault what it is called, for people. */
  constructor(
    network: Network,
    host: string,
    vault: string,
    { answerWithinMs = usualAnswerWithinMs, waiting }: { readonly answerWithinMs?: number; readonly waiting?: Partial<Waiting> } = {},
  ) {
    this.#network = network;
    this.#shown = vault;
    this.#sender = new Sender(network, host, waiting);
    this.#answerWithinMs = answerWithinMs;
  }

  /**
   * The answer to a request, whatever it says, as long as it is one. Throws ConnectionError HYG-6056 when there is none, or only that the vault
   * has no time, and HYG-6404 where a proxy is in the way. @param make the request; it holds a proof, and is made anew for each sending.
   */
  async ask(make: () => Promise<Omit<HttpRequest, 'withinMs'>>, codeIn: (body: unknown) => string | undefined): Promise<Answer> {
    const send = async (): Promise<Answer> => {
      const request = await make();
      const answer = await this.#sendOnce(request, codeIn);
      if (!('body' in answer) || endingOf(answer) !== 'final') throw new VaultNotAnswered(answer);
      return answer;
    };
    return await this.#sender.send({}, send, (error) => {
      if (!(error instanceof VaultNotAnswered)) throw error;
      const { status, retryAfterMs } = error.ended;
      return { ending: endingOf(error.ended), status, retryAfterMs, error: () => this.#lost(error.ended) };
    });
  }

  async #sendOnce(
    request: Omit<HttpRequest, 'withinMs'>,
    codeIn: (body: unknown) => string | undefined,
  ): Promise<(Answer & { readonly retryAfterMs: number | undefined }) | LostAnswer> {
    try {
      const { status, headers, body } = await this.#network.send({ ...request, withinMs: this.#answerWithinMs });
      const header = (name: string) => headers.get(name) ?? undefined;
      const json = asJson(await textOf(body));
      const date = new Date(header('date') ?? '');
      const wait = retryAfter(header, Number.isNaN(date.getTime()) ? undefined : date);
      return { status, code: codeIn(json) ?? '', body: json, header, retryAfterMs: wait };
    } catch (error) {
      return endedIn(error);
    }
  }

  /** It is there, and says what is no answer to what it was asked. */
  strange({ status, code }: RequestOutcome, why?: string): ConnectionError {
    return new ConnectionError({
      code: 'HYG-6056',
      what: `The vault ${this.#shown} gave no answer that can be used.`,
      why: [why ?? `It answered ${shown({ status, code })}.`],
      tryThis: [
        'Check that `secrets` in hygge.yml names your vault, and that nothing on the way answers in its place.',
        'Or set the variables here, in the environment or in .env: what is set is not looked up.',
      ],
    });
  }

  /** It knows who asks, and does not let them read. @param why in place of a missing right. */
  refused(ended: RequestOutcome, { right, why }: { readonly right: string; readonly why?: string | undefined }): ConnectionError {
    return new ConnectionError({
      code: 'HYG-6055',
      what: `The vault ${this.#shown} does not let us read its secrets.`,
      why: [`It answered ${shown(ended)}: ${why ?? 'who runs this is known there and has no right to'}.`],
      tryThis: [right, 'Or set the variables here, in the environment or in .env: what is set is not looked up.'],
    });
  }

  #lost(ended: LostAnswer): ConnectionError {
    if (answerOfProxy(ended) !== undefined) return notReached({ ...ended, url: this.#shown, doing: 'read' }, { transient: false });
    const { status, retryAfterMs } = ended;
    const isBusy = isThrottled(ended);
    const asked = retryAfterMs === undefined ? '' : `, and asks to be left alone for ${Math.ceil(retryAfterMs / 1000)} s`;
    return new ConnectionError({
      code: 'HYG-6056',
      what: isBusy ? `The vault ${this.#shown} has too many requests.` : `The vault ${this.#shown} cannot be reached.`,
      why: [status === undefined ? `${shown(ended)}.` : `It answered ${shown(ended)} for as long as was waited${asked}.`],
      tryThis: isBusy
        ? ['Run it again later: nothing was begun.']
        : [
            'Check its name in `secrets` of hygge.yml, and whether this machine may reach it.',
            'Then run it again: nothing was begun. What is set in the environment or in .env is not looked up.',
          ],
      transient: true,
      spent: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
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

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text somewhere in an answer. */
export function textIn(body: unknown, ...path: readonly string[]): string | undefined {
  let here: unknown = body;
  for (const key of path) here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[key] : undefined;
  return typeof here === 'string' ? here : undefined;
}
