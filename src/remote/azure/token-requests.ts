import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { retryAfter } from '../http-outcome.ts';
import { endingOf, type RequestOutcome } from '../sent-request.ts';
import type { TokenFailure } from '../sign-in.ts';

/** Where a machine of Azure asks for its own identity. On another machine there is no answer, which is not a failure of the network. */
const machineHost = '169.254.169.254';

/** Statuses of a machine's identity that is still being made, or moved: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling */
const notYet: ReadonlySet<number> = new Set([404, 410]);

/**
 * The requests for tokens of one identity. What becomes of them its SDK tells in sentences, wrapped and wrapped again; so they are watched on
 * their way.
 */
export class TokenRequests {
  #last: (RequestOutcome & { readonly host: string; readonly retryAfterMs: number | undefined }) | undefined;
  readonly #answered = new Set<string>();

  /** As the SDK takes it. */
  clientOver(http: HttpClient): HttpClient {
    return { sendRequest: (request) => this.#send(http, request) };
  }

  async #send(http: HttpClient, request: PipelineRequest): Promise<PipelineResponse> {
    const { host } = new URL(request.url);
    try {
      const response = await http.sendRequest(request);
      this.#answered.add(host);
      const wait = retryAfter((name) => response.headers.get(name));
      this.#last = { host, status: response.status, code: '', retryAfterMs: wait };
      return response;
    } catch (error) {
      const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
      this.#last = { host, status: undefined, code: String(code ?? name ?? ''), retryAfterMs: undefined };
      throw error;
    }
  }

  /** Before the next token is asked for. */
  forget(): void {
    this.#last = undefined;
  }

  /** Why there was no token, if the last request for one was lost, or was told to come again. */
  failure(): TokenFailure | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const { host, status, retryAfterMs } = last;
    const isMachine = host === machineHost || !host.includes('.') || host.startsWith('127.0.0.1') || host.startsWith('localhost');
    if (host === machineHost && status === undefined && !this.#answered.has(host)) return undefined;
    const isPassing = status === undefined || status === 408 || status === 429 || status >= 500 || (isMachine && notYet.has(status));
    const code = last.code;
    const ending = endingOf({ status, code }, isPassing);
    if (ending === 'final') return undefined;
    return { service: isMachine ? 'the managed identity of this machine' : host, status, code, ending, retryAfterMs };
  }
}
