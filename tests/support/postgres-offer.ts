import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PostgresAddress, type PostgresProcess, postgresProblem, postgresToolsProblem, startPostgres } from './postgres-process.ts';

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

/** One PostgreSQL of each version for a whole vitest run, which the first who asks starts. */
export async function offerPostgres(): Promise<PostgresOffer & AsyncDisposable> {
  const running = new Map<string, Promise<PostgresProcess>>();
  const server = createServer(async ({ url = '/' }, answer) => {
    try {
      const started = running.get(url) ?? startPostgres(url === '/embedded' ? { edition: 'embedded' } : {});
      running.set(url, started);
      const { host, port, user, password, sockets, programs } = await started;
      answer.end(JSON.stringify({ host, port, user, password, sockets, programs } satisfies PostgresAddress));
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    problem: postgresProblem(),
    embedded: postgresProblem('embedded'),
    tools: postgresToolsProblem(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      for (const one of running.values()) await (await one.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
