import { HookUnreachable, type Webhook } from '../ports/webhook.ts';

/** Webhooks over HTTP. Redirects are not followed: the address is a secret, and whoever it belongs to knows where it leads. */
export function httpWebhook(): Webhook {
  return {
    async post({ url, body, timeoutMs }) {
      const answer = await fetchOnce(url.reveal(), JSON.stringify(body), timeoutMs);
      // What it says is of no interest, but an answer that is not taken holds its connection.
      await answer.body?.cancel();
      return { status: answer.status, retryAfterMs: waitOf(answer.headers.get('retry-after'), Date.now()) };
    },
  };
}

async function fetchOnce(url: string, body: string, timeoutMs: number): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new HookUnreachable(reason(error, timeoutMs));
  }
}

/** Node puts what happened into the cause; only its code is told, for its words may hold the address. */
function reason(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `It did not answer within ${timeoutMs / 1000} seconds.`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return code === undefined ? 'It could not be reached.' : `It could not be reached (${code}).`;
}

/** Seconds, or a date of HTTP. */
function waitOf(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
