import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RadosgwAddress, type RadosgwProcess, radosgwProblem, startRadosgw } from './radosgw-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where a file of tests asks for the gateway (GET), and why there is none; '' when there is one. */
    radosgw: { readonly url: string; readonly problem: string };
  }
}

/** One radosgw for a whole vitest run, which the first who asks starts. */
export async function offerRadosgw(): Promise<{ readonly url: string; readonly problem: string } & AsyncDisposable> {
  let running: Promise<RadosgwProcess> | undefined;
  const server = createServer(async (_, answer) => {
    try {
      running ??= startRadosgw();
      const { endpoint, accessKeyId, secretAccessKey } = await running;
      answer.end(JSON.stringify({ endpoint, accessKeyId, secretAccessKey } satisfies RadosgwAddress));
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    problem: radosgwProblem(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await (await running?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
