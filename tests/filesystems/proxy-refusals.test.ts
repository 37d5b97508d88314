import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { blobFileSystem } from '../../src/filesystems/blob/blob.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import { s3FileSystem } from '../../src/filesystems/s3/s3.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { retry } from '../../src/ports/retry.ts';
import { Secret } from '../../src/ports/secret.ts';
import { testNetwork } from '../support/test-network.ts';

let proxy: Server;
let asked = 0;
const before = { ...process.env };

/** Before the first client is made: clients keep the environment that they met. */
beforeAll(async () => {
  proxy = createServer();
  proxy.on('connect', (_, socket) => {
    asked++;
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  Object.assign(process.env, { HTTPS_PROXY: url, HTTP_PROXY: url, NO_PROXY: '' });
});
afterAll(() => {
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'])
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  proxy.close();
});

const random = realRandom();
const key = { storage_account_key: new Secret(Buffer.from('key').toString('base64')) };
const systems: Readonly<Record<string, () => FileSystem | Promise<FileSystem>>> = {
  S3: () =>
    s3FileSystem({
      bucket: 'lake',
      region: 'eu-central-1',
      endpoint: 'https://minio.example',
      pathStyle: true,
      keys: { access_key_id: 'a', secret_access_key: new Secret('b') },
      folder: '',
      random,
      network: testNetwork,
    }),
  'Azure Blob': () =>
    blobFileSystem({
      accountUrl: 'https://lake.blob.core.windows.net',
      container: 'raw',
      folder: '',
      keys: key,
      url: 'az://raw',
      random,
      network: testNetwork,
    }),
  'Data Lake': () =>
    adlsFileSystem(
      {
        dfsUrl: 'https://lake.dfs.core.windows.net',
        blobUrl: 'https://lake.blob.core.windows.net',
        account: 'lake',
        filesystem: 'raw',
        folder: '',
        keys: key,
        at: { url: 'abfss://raw@lake', place: 'filesystem raw', credential: 'storage_key' },
      },
      { random, network: testNetwork },
    ),
  'Google Cloud Storage': () =>
    gcsFileSystem({
      url: 'gs://lake',
      bucket: 'lake',
      folder: '',
      endpoint: 'https://storage.googleapis.com',
      keys: { credential: 'anonymous' },
      random,
      network: testNetwork,
    }),
};

describe.each(Object.entries(systems))('%s behind a proxy that wants to know who asks', (_, open) => {
  test.each([
    ['read', (files: FileSystem) => files.stat('a')],
    ['write', (files: FileSystem) => files.put('a', new Uint8Array(1), { ifNoneMatch: '*' })],
  ] as const)('tells of it once, on a %s, and how to say it', async (_name, call) => {
    const files = await open();
    asked = 0;
    const error: unknown = await retry<unknown>(() => call(files)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'HYG-6404',
      transient: false,
      what: expect.stringContaining('the proxy of this machine blocks the request'),
      why: [expect.stringContaining('407')],
      tryThis: [expect.stringContaining('HTTPS_PROXY=http://user:password@proxy:8080'), expect.stringContaining('NO_PROXY')],
    });
    expect(asked).toBe(1);
  });
});
