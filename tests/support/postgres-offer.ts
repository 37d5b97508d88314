import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PostgresAddress, type PostgresProcess, postgresProblem, startPostgres } from './postgres-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a file of tests asks for the server (GET), and why there is none; '' when there is one. */
    postgres: { readonly url: string; readonly problem: string };
  }
}

/** One PostgreSQL for a whole vitest run, which the first who asks starts. */
export async function offerPostgres(): Promise<{ readonly url: string; readonly problem: string } & AsyncDisposable> {
  let running: Promise<PostgresProcess> | undefined;
  const server = createServer(async (_, answer) => {
    try {
      running ??= startPostgres();
      const { host, port, user, password, sockets, programs } = await running;
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
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await (await running?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
