import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { gcsFileSystem } from '../../src/filesystems/gcs/gcs.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { withWaiting } from '../../src/ports/retry.ts';
import { Secret } from '../../src/ports/secret.ts';
import { type GoogleKeys, googleClash } from '../../src/remote/google/keys.ts';
import { type Hosts, startHosts } from '../support/azure-hosts/hosts.ts';
import { collect } from '../support/collect.ts';
import { googleHosts } from '../support/gcs-server/hosts.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { person, provider, serviceAccountKey, subjectToken } from '../support/gcs-server/tokens.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { testNetwork } from '../support/test-network.ts';

const fresh = { ifNoneMatch: '*' } as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const email = 'mover@project.iam.gserviceaccount.com';

let server: GcsServer;
let hosts: Hosts;
let names: Disposable;
let folder: string;
const environment = { ...process.env };

beforeAll(async () => {
  server = await startGcsServer();
  server.bucket('lake');
  hosts = await startHosts(googleHosts(server));
  names = hosts.inProcess();
  folder = mkdtempSync(join(tmpdir(), 'hygge-gcs-identity-'));
});
afterAll(async () => {
  names[Symbol.dispose]();
  rmSync(folder, { recursive: true });
  await hosts[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  server.tokens.goodFor = 3600;
  // Nothing of the machine that runs the tests.
  process.env.CLOUDSDK_CONFIG = join(folder, 'no-gcloud');
  process.env.METADATA_SERVER_DETECTION = 'none';
});
afterEach(() => {
  for (const name of [
    'CLOUDSDK_CONFIG',
    'METADATA_SERVER_DETECTION',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GCE_METADATA_HOST',
    'IDENTITY_ENDPOINT',
    'IDENTITY_HEADER',
  ]) {
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  }
  server.forbid(() => false);
  Object.assign(server.tokens, { outage: undefined, outages: 0 });
  expect(server.notTaught).toEqual([]);
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** On the service's real name. */
function filesAs(keys: GoogleKeys, bucket = 'lake'): FileSystem {
  const endpoint = 'https://storage.googleapis.com';
  return gcsFileSystem({
    url: `gs://${bucket}`,
    bucket,
    folder: '',
    endpoint,
    keys,
    random: realRandom(),
    network: testNetwork,
    waiting: noWaiting(),
  });
}

/** Identities are kept by their keys; a key that means nothing here makes each test's own. */
let identities = 0;
const anew = (keys: GoogleKeys): GoogleKeys => ({ ...keys, entra_client_id: `${++identities}` });

async function movesFiles(files: FileSystem): Promise<void> {
  const name = realRandom().nonce();
  const staged = await files.stage(
    { staged: `_s/${name}`, final: name },
    (async function* () {
      yield bytes('x');
    })(),
  );
  expect(await files.publish(staged)).toBe('published');
  await files.remove(name);
}

describe('signing in to Google', () => {
  test('by the key of a service account, as text or in a file', async () => {
    await movesFiles(filesAs({ service_account_json: new Secret(serviceAccountKey()) }));
    await movesFiles(filesAs({ key_file: file('key.json', serviceAccountKey()) }));
  });

  test('by default, as the environment says', async () => {
    process.env.GOOGLE_APPLICATION_CREDENTIALS = server.keyFile;
    await movesFiles(filesAs(anew({ credential: 'default' })));
  });

  test('by default, as the person who is signed in, also by the file of that', async () => {
    process.env.GOOGLE_APPLICATION_CREDENTIALS = file('person.json', JSON.stringify(person));
    await movesFiles(filesAs(anew({ credential: 'default' })));
    await movesFiles(filesAs({ key_file: file('person.json', JSON.stringify(person)) }));
  });

  test('by default, as the service account of the machine', async () => {
    process.env.GCE_METADATA_HOST = new URL(server.url).host;
    process.env.METADATA_SERVER_DETECTION = 'assume-present';
    await movesFiles(filesAs(anew({ credential: 'default' })));
  });

  test('by the token of another system, as the pool’s principal or as a service account', async () => {
    const keys: GoogleKeys = { workload_identity_provider: provider, subject_token_file: file('subject', subjectToken) };
    expect(googleClash(keys)).toBeUndefined();
    await movesFiles(filesAs(keys));
    await movesFiles(filesAs({ ...keys, service_account_email: email }));
  });

  test('by the managed identity of an Azure function app, with nothing stored', async () => {
    process.env.IDENTITY_ENDPOINT = `${server.url}/msi/token`;
    process.env.IDENTITY_HEADER = 'header';
    const keys = {
      workload_identity_provider: provider.slice(2).replace('iam.googleapis.com/', ''),
      entra_audience: 'api://hygge',
      service_account_email: email,
    };
    expect(googleClash(keys)).toBeUndefined();
    await movesFiles(filesAs(keys));
  });

  test('without a sign-in, where everybody may read', async () => {
    server.bucket('open', 'open').write({ name: 'a', body: Buffer.from('for all') }, '0');
    const files = filesAs({ credential: 'anonymous' }, 'open');
    expect(new TextDecoder().decode(await files.read('a'))).toBe('for all');
    expect(await collect(files.list(''))).toHaveLength(1);
    await expect(files.put('b', bytes('x'), fresh)).rejects.toMatchObject({
      code: 'HYG-6401',
      tryThis: [expect.stringContaining('a credential')],
    });
    await expect(filesAs({ credential: 'anonymous' }).stat('a')).rejects.toMatchObject({ code: 'HYG-6401' });
  });

  test('asks once for however many requests, and again before a token is over', async () => {
    const files = filesAs({ key_file: file('once.json', serviceAccountKey()) });
    const before = server.tokens.given;
    await Promise.all(Array.from({ length: 20 }, (_, i) => files.stat(`${i}`)));
    expect(server.tokens.given).toBe(before + 1);
    // Good for less than the minutes that a token is renewed before its end.
    server.tokens.goodFor = 100;
    const short = filesAs({ key_file: file('short.json', serviceAccountKey()) });
    await short.stat('a');
    await short.stat('a');
    expect(server.tokens.given).toBe(before + 3);
  });

  test.each<[string, () => GoogleKeys]>([
    ['the key of a service account', () => ({ key_file: file('down.json', serviceAccountKey()) })],
    ['a person’s own sign-in', () => ({ key_file: file('person-down.json', JSON.stringify(person)) })],
    [
      'the token of another system',
      () => ({ workload_identity_provider: provider, subject_token_file: file('subject-down', subjectToken) }),
    ],
  ])('asks as often as the one policy says while no tokens are given out, by %s', async (_, keys) => {
    server.tokens.outage = 503;
    const waits: number[] = [];
    await expect(withWaiting(noWaiting(waits), () => filesAs(keys()).stat('a'))).rejects.toMatchObject({ code: 'HYG-6052', spent: true });
    expect(server.tokens.outages).toBe(waits.length + 1);
    server.tokens.outage = undefined;
    expect(await filesAs(keys()).stat('a')).toBeUndefined();
  });

  test('asks again, once, when a token is taken back before its time', async () => {
    const files = filesAs({ key_file: file('revoked.json', serviceAccountKey()) });
    await files.stat('a');
    server.tokens.revoke();
    const before = server.tokens.given;
    expect(await Promise.all(Array.from({ length: 20 }, () => files.stat('a')))).toEqual(Array.from({ length: 20 }));
    expect((await files.put('revoked', bytes('x'), fresh)).outcome).toBe('written');
    expect(server.tokens.given).toBe(before + 1);
  });

  test('reaches no host but those it needs, and keeps its connections to storage, through the proxy too', () => {
    expect(hosts.refused).toEqual([]);
    const connections = hosts.connections.filter(({ host }) => host === 'storage.googleapis.com');
    // 20 requests are under way at once, each a second time; there are hundreds in all.
    expect(connections.length).toBeLessThanOrEqual(40);
    expect(connections.length).toBeGreaterThan(0);
  });
});

describe('what is in the way', () => {
  const wrong: readonly (readonly [string, () => GoogleKeys])[] = [
    ['no one is signed in', () => anew({ credential: 'default' })],
    ['a key file that is not there', () => ({ key_file: join(folder, 'none.json') })],
    ['a key file that is none', () => ({ key_file: file('text', '{ "private_key": "-----BEGIN PRIVATE KEY-----') })],
    [
      'a private key that was copied with its line breaks escaped',
      () => ({
        key_file: file('escaped.json', JSON.stringify({ client_email: 'a@b.iam', private_key: '-----BEGIN PRIVATE KEY-----\\nMIIE' })),
      }),
    ],
    ['a key file of something else', () => ({ key_file: file('else.json', '{ "type": "something" }') })],
    ['a key of no one', () => ({ service_account_json: new Secret(serviceAccountKey().replace('mover@', 'removed@')) })],
    [
      'a token that the provider does not take',
      () => ({ workload_identity_provider: provider, subject_token_file: file('bad', 'of-a-stranger') }),
    ],
    [
      'a service account that one may not act as',
      () => ({
        workload_identity_provider: provider,
        subject_token_file: file('subject', subjectToken),
        service_account_email: 'other@project',
      }),
    ],
  ];

  test.each(wrong)('%s: HYG-6402, with what to do, for reads and writes', async (_, keys) => {
    const files = filesAs(keys());
    await expect(files.stat('a')).rejects.toMatchObject({
      code: 'HYG-6402',
      tryThis: expect.arrayContaining([expect.any(String)]),
      transient: false,
    });
    await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject({ code: 'HYG-6402' });
  });

  test('a right that is missing: HYG-6401, with the role', async () => {
    const files = filesAs({ service_account_json: new Secret(serviceAccountKey()) });
    server.forbid(() => true);
    const user = expect.arrayContaining([expect.stringContaining('roles/storage.objectUser) on bucket lake')]);
    const viewer = expect.arrayContaining([expect.stringContaining('roles/storage.objectViewer) on bucket lake')]);
    await expect(collect(files.list(''))).rejects.toMatchObject({ code: 'HYG-6401', tryThis: viewer });
    await expect(files.read('a')).rejects.toMatchObject({ code: 'HYG-6401', tryThis: viewer });
    await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject({ code: 'HYG-6401', tryThis: user });
    await expect(files.remove('a')).rejects.toMatchObject({ code: 'HYG-6401', tryThis: user });
    const file = { staged: 'a', final: 'b', bytes: 1, checksum: '', handle: { generation: '1', write: 'w' } };
    await expect(files.publish(file)).rejects.toMatchObject({ code: 'HYG-6401', tryThis: user });
    const large = new Uint8Array(9 * 1024 * 1024);
    await expect(
      files.stage(
        { staged: 'a', final: 'b' },
        (async function* () {
          yield large;
        })(),
      ),
    ).rejects.toMatchObject({ code: 'HYG-6401' });
  });

  test('a bucket that is not there: HYG-6403, whatever is asked', async () => {
    const files = filesAs({ service_account_json: new Secret(serviceAccountKey()) }, 'nowhere');
    const file = { staged: 'a', final: 'b', bytes: 1, checksum: '', handle: { generation: '1', write: 'w' } };
    const calls = [
      () => files.stat('a'),
      () => files.get('a'),
      () => files.read('a'),
      () => collect(files.list('')),
      () => files.put('a', bytes('x'), fresh),
      () => files.put('a', bytes('x'), { ifMatch: '1' }),
      () => files.stage({ staged: 'a', final: 'b' }, (async function* () {})()),
      () => files.publish(file),
      () => files.discard(file),
      () => files.remove('a'),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ code: 'HYG-6403', what: 'There is no bucket nowhere: gs://nowhere.' });
  });

  test('never shows a key or a token', async () => {
    const key = serviceAccountKey().replace('mover@', 'removed@');
    const files = filesAs({ service_account_json: new Secret(key) });
    const error: unknown = await files.put('a', bytes('x'), fresh).catch((thrown: unknown) => thrown);
    const printed = inspect(error, { depth: 20, showHidden: true });
    expect(printed).toContain('HYG-6402');
    for (const secret of ['PRIVATE KEY', 'Bearer', 'assertion', subjectToken]) expect(printed).not.toContain(secret);
  });
});

describe('keys that can’t be had together', () => {
  const json = new Secret(serviceAccountKey());
  test.each<readonly [string, GoogleKeys, string]>([
    ['a key twice', { key_file: 'k', service_account_json: json }, 'service_account_json'],
    ['half a key', { service_account_json: new Secret('{"client_email": "x"}') }, 'service_account_json'],
    ['a key without any', { credential: 'service_account' }, 'key_file'],
    ['a key that is not used', { credential: 'default', key_file: 'k' }, 'key_file'],
    ['a provider by its short name', { workload_identity_provider: 'entra', subject_token_file: 'f' }, 'workload_identity_provider'],
    ['a provider without a token', { workload_identity_provider: provider }, 'subject_token_file'],
    ['a provider with two', { workload_identity_provider: provider, subject_token_file: 'f', entra_audience: 'a' }, 'entra_audience'],
    [
      'an identity of Entra for nothing',
      { workload_identity_provider: provider, subject_token_file: 'f', entra_client_id: 'a' },
      'entra_client_id',
    ],
    ['someone for anonymous', { credential: 'anonymous', service_account_email: 'a@b' }, 'service_account_email'],
  ])('%s', (_, keys, key) => {
    expect(googleClash(keys)).toMatchObject({ key, needs: expect.stringMatching(/^[A-Z]/) });
  });
});
