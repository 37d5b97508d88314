import type { HttpResponse } from '../../ports/network.ts';
import { wholeBody } from '../remote/body.ts';

/** What came back, whatever its status. */
export interface ReceivedResponse {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** Whole: a body that ended early is not an answer. */
  readonly body: Uint8Array;
}

/** `wholeBody`, as long as the headers say. */
export function readBody(body: unknown, headers: HttpResponse['headers'], into?: Uint8Array): Promise<Uint8Array> {
  const announced = headers.get('content-length');
  return wholeBody(body, announced === null ? undefined : Number(announced), into);
}
