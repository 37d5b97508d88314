import { type Offer, offer } from './offer.ts';
import { type RadosgwAddress, radosgwProblem, startRadosgw } from './radosgw-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a file of tests asks for the gateway (GET), and why there is none; '' when there is one. */
    radosgw: { readonly url: string; readonly problem: string };
  }
}

/** One radosgw for a whole vitest run. */
export async function offerRadosgw(): Promise<Offer & { readonly problem: string }> {
  const offered = await offer(
    () => startRadosgw(),
    ({ endpoint, accessKeyId, secretAccessKey, conf }): RadosgwAddress => ({ endpoint, accessKeyId, secretAccessKey, conf }),
  );
  return { ...offered, problem: radosgwProblem() };
}
