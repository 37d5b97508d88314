import { CutShort, wholeBody } from '../remote/body.ts';

/** The whole body of an answer. If the SDK finds that the bytes differ from the written bytes, only the text of its error shows that. */
export async function received(body: unknown, announced: number | undefined, into?: Uint8Array): Promise<Uint8Array> {
  try {
    return await wholeBody(body, announced, into);
  } catch (error) {
    throw error instanceof Error && /^checksum mismatch/i.test(error.message) ? new CutShort(error.message) : error;
  }
}
