import { type MariadbAddress, mariadbProblem, ownMysqlProblem, startMysql, testMysql } from './mariadb-process.ts';
import { type Offer, offer } from './offer.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a file of tests asks for the server (GET), and why there is none; '' when there is one. Below it, MySQL's own server. */
    mariadb: { readonly url: string; readonly problem: string; readonly mysql: string };
  }
}

/** Numbers of any length, in place of MariaDB's engine SEQUENCE. */
export const recursion = ['--cte-max-recursion-depth=100000000'];

/** What a MySQL is started with, by the path that it is asked for under. */
const mysqls: Readonly<Record<string, readonly string[]>> = {
  '/mysql': recursion,
  '/mysql-with-keys': [...recursion, '--sql-require-primary-key=ON'],
};

/** One MariaDB for a whole vitest run, and one MySQL of each kind. */
export async function offerMariadb(): Promise<Offer & { readonly problem: string; readonly mysql: string }> {
  const offered = await offer(
    (path) => {
      const options = mysqls[path];
      return options === undefined ? testMysql() : startMysql(options);
    },
    ({ host, port, user, password, keys, socket, client }): MariadbAddress => ({
      ...{ host, port, user, password, keys },
      ...(socket === undefined ? {} : { socket }),
      ...(client === undefined ? {} : { client }),
    }),
  );
  return { ...offered, problem: mariadbProblem(), mysql: ownMysqlProblem() };
}
