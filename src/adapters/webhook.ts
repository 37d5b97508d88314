import type { HttpRequest, HttpResponse, Network } from '../ports/network.ts';
import { type Webhook, WebhookUnreachable } from '../ports/webhook.ts';
import { networkCode } from '../remote/http.ts';
import { retryAfter } from '../remote/http-outcome.ts';
import { proxyCode } from '../remote/sent-request.ts';

/** Webhooks over HTTP. Redirects are not followed: the address is a secret, and must not be sent to another host. */
export function httpWebhook(network: Pick<Network, 'send'>): Webhook {
  return {
    async post({ url, body, timeoutMs }) {
      const headers = { 'content-type': 'application/json' };
      const answer = await sendTo(network, { method: 'POST', url: url.reveal(), headers, body: JSON.stringify(body), withinMs: timeoutMs });
      // The body of the response is ignored.
      answer.body.on('error', () => undefined);
      answer.body.destroy();
      return { status: answer.status, retryAfterMs: retryAfter((name) => answer.headers.get(name) ?? undefined, new Date()) ?? null };
    },
  };
}

async function sendTo(network: Pick<Network, 'send'>, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await network.send(request);
  } catch (error) {
    throw new WebhookUnreachable(reason(error, request.withinMs));
  }
}

/** Only the code of the error is reported, because its text may contain the address. */
function reason(error: unknown, timeoutMs: number): string {
  const { name, code } = (typeof error === 'object' && error !== null ? error : {}) as { readonly name?: unknown; readonly code?: unknown };
  if (name === 'TimeoutError') return `The server did not answer within ${timeoutMs / 1000} seconds.`;
  const told = proxyCode(error) ?? (typeof code === 'string' ? networkCode(code) : undefined);
  return told === undefined ? 'The server could not be reached.' : `The server could not be reached (${told}).`;
}
