import type { Network } from '../../ports/network.ts';
import type { Proof } from '../../remote/google/identity.ts';
import type { ServiceAnswer } from '../../remote/refusals.ts';
import { type ReceivedResponse, readBody } from './receive.ts';

export interface GcsRequest {
  readonly doing: ServiceAnswer['doing'];
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The whole URL of the request. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Memory for the body of the answer. */
  readonly into?: Uint8Array | undefined;
  /** The expected number of bytes in the answer, if known. A large answer gets more time. */
  readonly comes?: number;
  /** Whether the request is sent without a proof of identity, because its address already contains the proof. */
  readonly unsigned?: boolean;
}

/** The assumed speed of a slow line. */
const bytesPerMs = 32;

/** One request and its answer, whatever the status. Throws the errors of undici, which `endedIn` reads. */
export async function exchange(
  network: Network,
  request: GcsRequest,
  { proof, answerWithinMs }: { readonly proof: Proof; readonly answerWithinMs: number },
): Promise<ReceivedResponse> {
  const { method, url, body, into, comes = 0 } = request;
  const answer = await network.send({
    method,
    url,
    // With this header, the answer has the stored bytes even if the object is marked as gzip. Sizes and ranges refer to the stored bytes.
    headers: { 'accept-encoding': 'gzip', ...request.headers, ...proof },
    withinMs: answerWithinMs + Math.ceil(((body?.byteLength ?? 0) + comes) / bytesPerMs),
    body,
  });
  const { status, headers } = answer;
  return { status, headers, body: await readBody(answer.body, headers, status < 300 ? into : undefined) };
}
