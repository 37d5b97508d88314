/** Requests to a vault: few and small, with answers read completely. */
import { ConnectionError } from '../../errors/hygge-error.ts';
import type { HttpRequest, Network } from '../../ports/network.ts';
import type { HttpOutcome } from '../http-outcome.ts';
import { type JsonAnswer, type JsonRequestOptions, JsonRequests } from '../json/json-requests.ts';
import { notReached } from '../refusals.ts';
import { answerOfProxy, isThrottled, pauseText, type RequestOutcome, shown } from '../sent-request.ts';

/** The connection to one vault. */
export class VaultRequests {
  readonly #shown: string;
  /** The place in the config that names the vault. */
  readonly #named: string;
  readonly #requests: JsonRequests;

  /** @param host of the vault; all requests to a host share one limit. @param vault the name of the vault, for messages. */
  constructor(
    network: Network,
    host: string,
    vault: string,
    options: Pick<JsonRequestOptions, 'answerWithinMs' | 'waiting'> & { readonly named?: string } = {},
  ) {
    this.#shown = vault;
    this.#named = options.named ?? '`secrets` of hygge.yml';
    this.#requests = new JsonRequests(network, { ...options, host, lost: (ended) => this.#lost(ended) });
  }

  /** Like `JsonRequests.ask`. Throws ConnectionError HYG-6056 if the vault does not answer or only reports too many requests. Throws HYG-6404 if a proxy blocks the request. */
  ask(make: () => Promise<Omit<HttpRequest, 'withinMs'>>, codeIn: (body: unknown) => string | undefined): Promise<JsonAnswer> {
    return this.#requests.ask(make, codeIn);
  }

  /** The error if the vault is reachable but its answer does not fit the request. */
  strange({ status, code }: RequestOutcome, why?: string): ConnectionError {
    return new ConnectionError({
      code: 'HYG-6056',
      what: `The vault ${this.#shown} returned no usable answer.`,
      why: [why ?? `The vault answered ${shown({ status, code })}.`],
      tryThis: [
        `Check that ${this.#named} names your vault, and that no other system on the way answers instead of the vault.`,
        'Or set the variables here, in the environment or in .env: hygge does not look up variables that are set.',
      ],
    });
  }

  /** The error if the vault knows the identity but does not allow the read. @param why the reason, if the identity has the right. */
  refused(ended: RequestOutcome, { right, why }: { readonly right: string; readonly why?: string | undefined }): ConnectionError {
    return new ConnectionError({
      code: 'HYG-6055',
      what: `The vault ${this.#shown} denies permission to read its secrets.`,
      why: [`The vault answered ${shown(ended)}: ${why ?? 'the vault knows the identity of this run, but the identity lacks the right'}.`],
      tryThis: [right, 'Or set the variables here, in the environment or in .env: hygge does not look up variables that are set.'],
    });
  }

  #lost(ended: HttpOutcome): ConnectionError {
    if (answerOfProxy(ended) !== undefined) return notReached({ ...ended, url: this.#shown, doing: 'read' }, { transient: false });
    const { status, retryAfterMs } = ended;
    const isBusy = isThrottled(ended);
    const asked = retryAfterMs === undefined ? '' : `, and requests a pause of ${pauseText(retryAfterMs)}`;
    return new ConnectionError({
      code: 'HYG-6056',
      what: isBusy ? `The vault ${this.#shown} has too many requests.` : `The vault ${this.#shown} cannot be reached.`,
      why: [status === undefined ? `${shown(ended)}.` : `The vault answered ${shown(ended)} until the wait ended${asked}.`],
      tryThis: isBusy
        ? ['Run it again later: nothing was started.']
        : [
            `Check the name of the vault in ${this.#named}, and whether this machine may reach the vault.`,
            'Then run it again: nothing was started. hygge does not look up variables that are set in the environment or in .env.',
          ],
      transient: true,
      spent: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}
