import type { Network } from '../../ports/network.ts';
import type { Proof } from '../../remote/google/identity.ts';
import type { ServiceAnswer } from '../../remote/refusals.ts';
import { type ReceivedResponse, readBody } from './receive.ts';

export interface GcsRequest {
  readonly doing: ServiceAnswer['doing'];
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Whole. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Memory that may hold the answer's body. */
  readonly into?: Uint8Array | undefined;
  /** Bytes that come back, as far as one knows: a large answer takes its time. */
  readonly comes?: number;
  /** The address itself proves who we are. */
  readonly unsigned?: boolean;
}

/** Of a bad line. */
const bytesPerMs = 32;

/** One request and its answer, whatever the status. Throws what undici throws: `endedIn` reads it. */
export async function exchange(
  network: Network,
  request: GcsRequest,
  { proof, answerWithinMs }: { readonly proof: Proof; readonly answerWithinMs: number },
): Promise<ReceivedResponse> {
  const { method, url, body, into, comes = 0 } = request;
  const answer = await network.send({
    method,
    url,
    // Stored bytes, also of objects that say they are gzip: sizes and ranges are of those.
    headers: { 'accept-encoding': 'gzip', ...request.headers, ...proof },
    withinMs: answerWithinMs + Math.ceil(((body?.byteLength ?? 0) + comes) / bytesPerMs),
    body,
  });
  const { status, headers } = answer;
  return { status, headers, body: await readBody(answer.body, headers, status < 300 ? into : undefined) };
}
