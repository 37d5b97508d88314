import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import { httpWebhook } from '../../src/adapters/webhook.ts';
import { Secret } from '../../src/ports/secret.ts';
import { startHosts } from '../support/azure-hosts/hosts.ts';

const post = (network: ProcessNetwork, url: string) =>
  httpWebhook(network).post({ url: new Secret(url), body: { a: 1 }, timeoutMs: 30_000 });

test('a webhook that only a proxy leads to is told through it; one that the proxy refuses is not, and its address is not shown', async () => {
  const asked: unknown[] = [];
  const to: RequestListener = (request, response) => {
    asked.push(request.url);
    response.writeHead(202).end();
  };
  await using hosts = await startHosts([{ serves: (host) => host === 'hooks.example', to }], ['hooks.example']);
  using _ = hosts.inProcess();
  await using network = new ProcessNetwork();
  expect(await post(network, 'https://hooks.example/s3cret')).toEqual({ status: 202, retryAfterMs: null });
  expect(asked).toEqual(['/s3cret']);
  const failed: unknown = await post(network, 'https://elsewhere.example/s3cret').catch((error: unknown) => error);
  expect(String(failed)).toMatch(/^HookUnreachable: The server could not be reached \(PROXY_\d{3}\)\.$/);
});
