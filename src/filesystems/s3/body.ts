import { CutShort, wholeBody } from '../remote/body.ts';

/** `wholeBody`. The SDK may find that the bytes differ from the written ones, and reports it only in the message text. */
export async function received(body: unknown, announced: number | undefined, into?: Uint8Array): Promise<Uint8Array> {
  try {
    return await wholeBody(body, announced, into);
  } catch (error) {
    throw error instanceof Error && /^checksum mismatch/i.test(error.message) ? new CutShort(error.message) : error;
  }
}
