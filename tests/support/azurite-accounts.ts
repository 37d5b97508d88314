import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AzuriteProcess, startAzuriteProcess } from './azurite.ts';

/** More than there are files of tests that ask. */
const accounts = Array.from({ length: 150 }, (_, n) => `account${n + 1}`);

/** Gives each file of tests that asks (POST) an account of its own, all in one Azurite, which the first of them starts. */
export async function offerAzuriteAccounts(): Promise<{ readonly url: string } & AsyncDisposable> {
  let running: Promise<AzuriteProcess> | undefined;
  let given = 0;
  const server = createServer(async (_, answer) => {
    try {
      running ??= startAzuriteProcess(accounts);
      const { pid, origins } = await running;
      answer.end(JSON.stringify({ pid, origins, account: accounts[given++ % accounts.length] }));
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await (await running?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
