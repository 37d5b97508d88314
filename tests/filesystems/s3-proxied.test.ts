import { expect, test } from 'vitest';
import { startHosts } from '../support/azure-hosts/hosts.ts';
import { startS3Server } from '../support/s3-server/server.ts';
import { bytes, fresh, keysOf, lakeAt, text } from './s3-lake.ts';

test('a service that only a proxy leads to is reached through it, over connections that are kept', async () => {
  await using server = await startS3Server();
  server.bucket('lake');
  await using hosts = await startHosts([{ serves: (host) => host === 'minio.example', to: server.url }], ['minio.example']);
  using _ = hosts.inProcess();
  const files = await lakeAt(server, { endpoint: 'https://minio.example' });
  expect(await files.put('a', bytes('hello'), fresh)).toMatchObject({ outcome: 'written' });
  expect(text(await files.read('a'))).toBe('hello');
  const role = 'arn:aws:iam::123456789012:role/hygge';
  server.roles.trusted.set(role, undefined);
  const others = await lakeAt(server, {
    endpoint: 'https://minio.example',
    keys: { ...keysOf(server), sts_endpoint: 'https://minio.example', role_arn: role },
  });
  expect(text(await others.read('a'))).toBe('hello');
  expect(hosts.refused).toEqual([]);
  // One for each identity, and one to take the role.
  expect(hosts.connections).toHaveLength(3);
});
