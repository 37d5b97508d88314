import type { HttpResponse } from '../../ports/network.ts';
import { wholeBody } from '../remote/body.ts';

/** An answer with any status. */
export interface ReceivedResponse {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** The complete body. If a body ends early, the request counts as unanswered. */
  readonly body: Uint8Array;
}

/** The whole body of an answer, checked against the length in the headers. */
export function readBody(body: unknown, headers: HttpResponse['headers'], into?: Uint8Array): Promise<Uint8Array> {
  const announced = headers.get('content-length');
  return wholeBody(body, announced === null ? undefined : Number(announced), into);
}
