import { offer } from './offer.ts';
import { type PostgresAddress, postgresProblem, postgresToolsProblem, startPostgres } from './postgres-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: PostgresOffer;
  }
}

interface PostgresOffer {
  /** Where a file of tests asks for the server (GET); below it, for the one of another version. */
  readonly url: string;
  /** Why there is none; '' when there is one. */
  readonly problem: string;
  /** The same of the other version. */
  readonly embedded: string;
  /** The same of psql and pg_dump. */
  readonly tools: string;
}

/** One PostgreSQL of each version for a whole vitest run. */
export async function offerPostgres(): Promise<PostgresOffer & AsyncDisposable> {
  const offered = await offer(
    (path) => startPostgres(path === '/embedded' ? { edition: 'embedded' } : {}),
    ({ host, port, user, password, sockets, programs }): PostgresAddress => ({ host, port, user, password, sockets, programs }),
  );
  return {
    ...offered,
    problem: postgresProblem(),
    embedded: postgresProblem('embedded'),
    tools: postgresToolsProblem(),
  };
}
