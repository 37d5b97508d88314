import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { gcs } from '../../src/files/systems/gcs.ts';
import { type GcsOptions, gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import { readBody } from '../../src/filesystems/gcs/receive.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { Secret } from '../../src/ports/secret.ts';
import { collect } from '../support/collect.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import type { Bucket } from '../support/gcs-server/bucket.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { testNetwork } from '../support/test-network.ts';

const fresh = { ifNoneMatch: '*' } as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const around = { random: realRandom(), network: testNetwork };

let server: GcsServer;
let bucket: Bucket;

beforeEach(async () => {
  server = await startGcsServer();
  bucket = server.bucket('lake');
});
afterEach(async () => {
  expect(server.notTaught).toEqual([]);
  await server[Symbol.asyncDispose]();
});

function filesIn(options: Partial<GcsOptions> = {}): FileSystem {
  const keys = { key_file: server.keyFile };
  return gcsFileSystem({
    url: 'gs://lake',
    bucket: 'lake',
    folder: '',
    endpoint: server.url,
    keys,
    random: realRandom(),
    network: testNetwork,
    ...options,
  });
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  yield bytes(text);
}

describe('a bucket', () => {
  test('is told what a page is, and that it changes; of other files nothing', async () => {
    for (const name of ['status.html', 'head.json']) await filesIn().put(name, bytes('x'), fresh);
    expect(bucket.read('status.html')).toMatchObject({ contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache' });
    expect(bucket.read('head.json')).toMatchObject({ contentType: 'application/octet-stream', cacheControl: undefined });
  });

  test('that holds more than hygge’s own: folders of a console are passed over, neighbours are not touched', async () => {
    for (const name of ['raw/', 'raw/sub/', 'raw/a', 'rawer/b', 'raw/.hygge-mark', 'raw'])
      bucket.write({ name, body: Buffer.from('x') }, '0');
    const files = filesIn({ folder: 'raw' });
    expect((await collect(files.list(''))).map(({ path }) => path)).toEqual(['a']);
    expect((await collect(filesIn().list('raw'))).map(({ path }) => path)).toEqual(['raw/a']);
    await files.remove('a');
    expect(bucket.names('')).toEqual(['raw', 'raw/', 'raw/.hygge-mark', 'raw/sub/', 'rawer/b']);
  });

  test('whose owner lets the reader pay is told who that is, in every request', async () => {
    await using proxy = await startFaultProxy(server.url);
    const files = filesIn({ endpoint: proxy.url, project: 'payer', blockBytes: 256 * 1024 });
    await files.put('a', bytes('x'), fresh);
    await files.publish(await files.stage({ staged: 's', final: 'f' }, streamOf('x'.repeat(300_000))));
    await files.read('a');
    await collect(files.list(''));
    await files.remove('a');
    const ours = proxy.seen.filter(({ path }) => path.includes('/storage/v1/') && !path.includes('upload_id'));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.filter(({ path }) => !path.includes('userProject=payer'))).toEqual([]);
  });

  test('that forbids to remove says so, next to the role', async () => {
    const files = filesIn();
    const staged = await files.stage({ staged: 's', final: 'f' }, streamOf('x'));
    server.forbid(({ method }) => method === 'POST', 'retentionPolicyNotMet');
    await expect(files.publish(staged)).rejects.toMatchObject({
      code: 'HYG-6401',
      tryThis: [expect.any(String), expect.stringContaining('retention policy')],
    });
  });

  test('tells the time', async () => {
    const files = filesIn();
    await files.stat('a');
    expect(Math.abs(Date.parse(files.now?.() ?? '') - Date.now())).toBeLessThan(60_000);
  });

  test('lets one of two writers publish under a name, and the other hears of it', async () => {
    const [files, another] = [filesIn(), filesIn()];
    const race = async (i: number): Promise<void> => {
      const staged = await Promise.all([
        files.stage({ staged: `_s/${i}-a`, final: `f/${i}` }, streamOf('one')),
        another.stage({ staged: `_s/${i}-b`, final: `f/${i}` }, streamOf('two')),
      ]);
      const ended = await Promise.allSettled(staged.map((file) => files.publish(file)));
      expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'HYG-9401' } });
    };
    await Promise.all(Array.from({ length: 20 }, (_, i) => race(i)));
    expect(bucket.names('f/')).toHaveLength(20);
    for (const one of await collect(files.staged('_s'))) await files.discard(one);
    expect(bucket.names('_s')).toEqual([]);
  });
});

describe('a body', () => {
  const coming = (length: string | undefined) => new Headers(length === undefined ? {} : { 'content-length': length });

  test('that ends before its length is not an answer', async () => {
    await expect(readBody(streamOf('abc'), coming('5'))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test('comes into the memory that is offered, when that is large enough', async () => {
    const into = new Uint8Array(4);
    const body = await readBody(streamOf('abc'), coming('3'), into);
    expect([body.buffer === into.buffer, new TextDecoder().decode(body)]).toEqual([true, 'abc']);
    expect((await readBody(streamOf('abcde'), coming('5'), into)).buffer).not.toBe(into.buffer);
    expect(new TextDecoder().decode(await readBody(streamOf('abc'), coming(undefined), into))).toBe('abc');
  });
});

describe('type: gcs', () => {
  const config = { bucket: 'lake', endpoint: 'https://storage.example.com/' };

  test.each([
    ['gs://lake/raw/orders', { keys: { bucket: 'lake' }, path: 'raw/orders' }],
    ['gs://lake', { keys: { bucket: 'lake' }, path: '' }],
    ['gs://lake/', { keys: { bucket: 'lake' }, path: '' }],
    ['gs://my.lake_1/a%20b/{entity}/*.parquet?x#y', { keys: { bucket: 'my.lake_1' }, path: 'a%20b/{entity}/*.parquet?x#y' }],
    ['s3://lake/raw', undefined],
    ['gs:/lake', undefined],
    ['raw/orders', undefined],
  ])('finds the bucket and the path in %s', (url, located) => {
    expect(gcs.locate(url)).toEqual(located);
  });

  test('writes a place as people do', () => {
    expect([gcs.url(config, ''), gcs.url(config, 'raw/orders')]).toEqual(['gs://lake', 'gs://lake/raw/orders']);
  });

  test('keeps in an intent where it is, and nothing secret', () => {
    const whole = { ...config, project: 'payer', service_account_json: new Secret('{}') };
    expect(gcs.address(whole)).toEqual({ ...config, project: 'payer' });
    expect(gcs.address({ bucket: 'lake' })).toEqual({ bucket: 'lake' });
  });

  test('finishes an intent by the credential that today’s config names, at the same endpoint only', () => {
    const key = new Secret('{}');
    const today = { bucket: 'other', project: 'other', endpoint: 'https://storage.example.com', service_account_json: key };
    expect(gcs.recall({ ...config }, today)).toEqual({ ...config, service_account_json: key });
    expect(gcs.recall({ bucket: 'lake' }, today)).toEqual({ bucket: 'lake' });
    expect(gcs.recall({ ...config }, null)).toEqual(config);
  });

  test('says which role, secrets and hosts it needs', () => {
    const right = { system: 'gcs', resource: { bucket: 'lake' } };
    expect(gcs.requirements({ bucket: 'lake' }, 'read')).toEqual([
      { need: 'role', ...right, doing: ['read'], role: 'Storage Object Viewer (roles/storage.objectViewer)' },
      { need: 'host', name: 'storage.googleapis.com' },
      { need: 'host', name: 'oauth2.googleapis.com' },
    ]);
    const federated = { bucket: 'lake', workload_identity_provider: 'projects/1', service_account_email: 'a@b' };
    expect(gcs.requirements(federated, 'write')).toEqual([
      { need: 'role', ...right, doing: ['read', 'write', 'stage'], role: 'Storage Object User (roles/storage.objectUser)' },
      { need: 'host', name: 'storage.googleapis.com' },
      { need: 'host', name: 'sts.googleapis.com' },
      { need: 'host', name: 'iamcredentials.googleapis.com' },
    ]);
    expect(gcs.requirements({ ...config, service_account_json: new Secret('{}') }, 'write')).toContainEqual({
      need: 'secret',
      name: 'service_account_json',
    });
    expect(gcs.requirements({ bucket: 'lake', credential: 'anonymous' }, 'read')).toEqual([
      { need: 'host', name: 'storage.googleapis.com' },
    ]);
  });

  test('opens the bucket that it names', async () => {
    const files = await gcs.open({ bucket: 'lake', endpoint: `${server.url}/`, key_file: server.keyFile }, 'raw', around);
    await files.put('a', bytes('x'), fresh);
    expect(bucket.names('')).toEqual(['raw/a']);
    expect(files.url).toBe('gs://lake/raw');
  });
});
