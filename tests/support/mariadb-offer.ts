import { type MariadbAddress, mariadbProblem, testMysql } from './mariadb-process.ts';
import { type Offer, offer } from './offer.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a file of tests asks for the server (GET), and why there is none; '' when there is one. */
    mariadb: { readonly url: string; readonly problem: string };
  }
}

/** One MariaDB for a whole vitest run. */
export async function offerMariadb(): Promise<Offer & { readonly problem: string }> {
  const offered = await offer(
    () => testMysql(),
    ({ host, port, user, password, keys, socket }): MariadbAddress => ({
      ...{ host, port, user, password, keys },
      ...(socket === undefined ? {} : { socket }),
    }),
  );
  return { ...offered, problem: mariadbProblem() };
}
