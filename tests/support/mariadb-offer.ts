import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MariadbAddress, type MariadbProcess, mariadbProblem, startMariadb } from './mariadb-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a file of tests asks for the server (GET), and why there is none; '' when there is one. */
    mariadb: { readonly url: string; readonly problem: string };
  }
}

/** One MariaDB for a whole vitest run, which the first who asks starts. */
export async function offerMariadb(): Promise<{ readonly url: string; readonly problem: string } & AsyncDisposable> {
  let running: Promise<MariadbProcess> | undefined;
  const server = createServer(async (_, answer) => {
    try {
      running ??= startMariadb();
      const { host, port, user, password, socket, authority, authorityPath } = await running;
      answer.end(JSON.stringify({ host, port, user, password, socket, authority, authorityPath } satisfies MariadbAddress));
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    problem: mariadbProblem(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await (await running?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
