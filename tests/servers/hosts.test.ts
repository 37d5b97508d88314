import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { type Azure, account, accountKey, client, filesystem, startAzure } from '../support/azure-hosts/azure.ts';
import { startHosts } from '../support/azure-hosts/hosts.ts';
import { run } from './run.ts';

const listing = (host: string): string => `
  import { DefaultAzureCredential } from '@azure/identity';
  import { DataLakeFileSystemClient } from '@azure/storage-file-datalake';
  const files = new DataLakeFileSystemClient('https://${host}/${filesystem}', new DefaultAzureCredential(), { retryOptions: { maxTries: 1 } });
  await files.getFileClient('a/b').create();
  for await (const { name } of files.listPaths({ recursive: true })) console.log(name);
`;

test('an untouched client in another process finds the account by its real name, and signs in by its environment', async () => {
  await using azure: Azure = await startAzure();
  expect(await run(listing(`${account}.dfs.core.windows.net`), azure.env)).toBe('a\na/b');
  expect(azure.entra.issued).toMatchObject([{ principal: client.principal, how: 'secret', audience: 'https://storage.azure.com' }]);
  expect(azure.hosts.refused).toEqual([]);
});

test('an account that is not there, and everything else, is not reached', async () => {
  await using azure: Azure = await startAzure();
  const output = await run(listing('elsewhere.dfs.core.windows.net'), azure.env);
  expect(output).not.toBe('a\na/b');
  expect(azure.hosts.refused).toEqual(['elsewhere.dfs.core.windows.net:443']);
});

test('a name leads to a server by its address as well', async () => {
  const server = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using hosts = await startHosts([{ serves: (host) => host === 'one.vault.azure.net', to: `http://127.0.0.1:${port}` }]);
  const script = `
    import { createDefaultHttpClient, createPipelineRequest, createEmptyPipeline, proxyPolicy } from '@azure/core-rest-pipeline';
    const pipeline = createEmptyPipeline();
    pipeline.addPolicy(proxyPolicy());
    const answer = await pipeline.sendRequest(createDefaultHttpClient(), createPipelineRequest({ url: 'https://one.vault.azure.net/secrets?x=1' }));
    console.log(answer.bodyAsText);
  `;
  expect(await run(script, hosts.env)).toBe('one.vault.azure.net /secrets?x=1');
  server.close();
  server.closeAllConnections();
});

test('what a test sets for itself is gone afterwards', async () => {
  await using azure: Azure = await startAzure();
  const before = process.env.HTTPS_PROXY;
  const inProcess = azure.hosts.inProcess();
  expect(process.env.HTTPS_PROXY).toBe(azure.hosts.env.HTTPS_PROXY);
  inProcess[Symbol.dispose]();
  expect(process.env.HTTPS_PROXY).toBe(before);
});

test('the key of an account is in no environment', async () => {
  await using azure: Azure = await startAzure();
  expect(JSON.stringify(azure.env)).not.toContain(accountKey);
});
