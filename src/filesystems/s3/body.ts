import { CutShort, wholeBody } from '../remote/body.ts';

/** `wholeBody`, which the SDK may find to be other bytes than those that were written: it says so in words only. */
export async function received(body: unknown, announced: number | undefined, into?: Uint8Array): Promise<Uint8Array> {
  try {
    return await wholeBody(body, announced, into);
  } catch (error) {
    throw error instanceof Error && /^checksum mismatch/i.test(error.message) ? new CutShort(error.message) : error;
  }
}
