import { inspect } from 'node:util';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ConnectionError } from '../../src/errors/hygge-error.ts';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { oneLakeFileSystem } from '../../src/filesystems/onelake/onelake.ts';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { AzureKeys } from '../../src/remote/azure/keys.ts';
import { account, accountKey, client, tenant, workspace } from '../support/azure-hosts/azure.ts';
import { collect } from '../support/collect.ts';
import { SEED, sampled } from '../support/samples.ts';
import { type AdlsStage, adlsStage, fabricPlace, principal } from './adls-stage.ts';

let stage: AdlsStage;
beforeAll(async () => {
  stage = await adlsStage();
});
afterEach(() => stage.azure.dfs.rights.clear());
afterAll(() => stage[Symbol.asyncDispose]());

const open = (keys?: AzureKeys): Promise<FileSystem> => adlsFileSystem(stage.place(stage.folder(), keys), stage);
const ifNew = { ifNoneMatch: '*' } as const;
const body = new TextEncoder().encode('content');
async function* stream(): AsyncGenerator<Uint8Array> {
  yield body;
}
/** One of each kind of call. */
const calls: Readonly<Record<string, (files: FileSystem) => Promise<unknown>>> = {
  list: (files) => collect(files.list('')),
  read: (files) => files.read('a'),
  stat: (files) => files.stat('a'),
  write: (files) => files.put('a', body, ifNew),
  stage: (files) => files.stage({ staged: 's/a', final: 'a' }, stream()),
  publish: (files) => files.publish({ staged: 's/a', final: 'a', bytes: 1, checksum: '' }),
  remove: (files) => files.remove('a'),
};
const everyCall = Object.entries(calls);
const changes = everyCall.filter(([name]) => !['list', 'read', 'stat'].includes(name));

async function refusalOf(call: Promise<unknown>): Promise<ConnectionError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConnectionError);
  return error as ConnectionError;
}
const told = ({ what, why, tryThis }: ConnectionError): string => [what, ...why, ...tryThis].join('\n');

describe('a caller without a right', () => {
  test.each(everyCall)('to %s hears which role to ask for', async (name, call) => {
    stage.azure.dfs.rights.set(client.principal, 'none');
    const error = await refusalOf(call(await open(principal)));
    expect(error).toMatchObject({ code: 'HYG-6401', transient: false });
    const role = changes.some(([change]) => change === name) ? 'Storage Blob Data Contributor' : 'Storage Blob Data Reader';
    expect(told(error)).toContain(`the role ${role} on filesystem raw`);
  });

  test.each(changes)('but to read cannot %s', async (_, call) => {
    stage.azure.dfs.rights.set(client.principal, 'read');
    const files = await open(principal);
    expect(await collect(files.list(''))).toEqual([]);
    expect(await refusalOf(call(files))).toMatchObject({ code: 'HYG-6401' });
  });

  test('of OneLake hears of a role of the workspace', async () => {
    stage.azure.dfs.rights.set(client.principal, 'none');
    const files = await oneLakeFileSystem(fabricPlace(stage.folder()), stage);
    expect(told(await refusalOf(files.put('a', body, ifNew)))).toContain('the role Contributor in workspace Sales');
  });
});

describe('an unknown caller', () => {
  const wrong: Readonly<Record<string, AzureKeys>> = {
    'key of the account': { storage_account_key: new Secret(Buffer.from('not the key').toString('base64')) },
    signature: { sas_token: new Secret('sv=2024-11-04&ss=b&srt=sco&sp=rwdlac&se=2099-01-01T00:00:00Z&sig=d3Jvbmc%3D') },
    'secret of a principal': { tenant_id: tenant, client_id: client.id, client_secret: new Secret('not~the~secret') },
  };
  const cells = Object.entries(wrong).flatMap(([proof, keys]) => everyCall.map(([name, call]) => ({ proof, keys, name, call })));

  test.each(sampled(cells, 7))('with a wrong $proof is told how to sign in, at $name', async ({ keys, call }) => {
    const error = await refusalOf(call(await open(keys)));
    expect(error).toMatchObject({ code: 'HYG-6402', transient: false });
    expect(error.tryThis.length).toBeGreaterThan(0);
    const everything = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error) + error.stack;
    for (const secret of Object.values(keys)) {
      if (!(secret instanceof Secret)) continue;
      const text = secret.reveal();
      for (const seen of [text, encodeURIComponent(text), Buffer.from(text).toString('base64'), text.slice(-12)])
        expect(everything).not.toContain(seen);
    }
  });
});

test('whom Entra ID does not let in hears its reason, by its number', async () => {
  const error = await refusalOf((await open({ ...principal, client_secret: new Secret('not~this~one') })).stat('a'));
  expect(error).toMatchObject({ code: 'HYG-6402', why: [expect.stringMatching(/AADSTS7000215/)] });
});

test('where there is no sign-in, that is what is told', async () => {
  const error = await refusalOf((await open({ credential: 'workload_identity' })).stat('a'));
  expect(error).toMatchObject({ code: 'HYG-6402', why: ['no one is signed in here.'] });
});

describe('what is not there', () => {
  test.each(sampled(everyCall, 3))('a filesystem is named, at %s', async (_, call) => {
    const place = stage.place('x');
    const files = await adlsFileSystem({ ...place, filesystem: 'none-such', at: { ...place.at, place: 'filesystem none-such' } }, stage);
    const error = await refusalOf(call(files));
    expect(error).toMatchObject({ code: 'HYG-6403' });
    expect(error.what).toContain('filesystem none-such');
  });

  test.each(sampled(everyCall, 3, SEED + 1))('an item of OneLake is named, at %s', async (_, call) => {
    const files = await oneLakeFileSystem({ ...fabricPlace('x'), item: 'silver.Lakehouse' }, stage);
    const error = await refusalOf(call(files));
    expect(error).toMatchObject({ code: 'HYG-6403' });
    expect(error.what).toContain('silver.Lakehouse');
  });

  test('an item named next to the id of its workspace is told to be named by its own', async () => {
    const files = await oneLakeFileSystem({ ...fabricPlace('x'), workspace: workspace.id }, stage);
    const error = await refusalOf(files.stat('a'));
    expect(error).toMatchObject({ code: 'HYG-6403' });
    expect(told(error)).toContain('GUIDs');
  });
});

test('an account that the proxy does not lead to is reported: nothing was written, and it may be tried again', async () => {
  const place = stage.place('x');
  const files = await adlsFileSystem(
    { ...place, dfsUrl: 'https://nobody.dfs.core.windows.net', blobUrl: 'https://nobody.blob.core.windows.net' },
    stage,
  );
  expect(await refusalOf(files.put('a', body, ifNew))).toMatchObject({ code: 'HYG-6404', transient: true });
});

describe('a file where a folder should be, or the other way round', () => {
  const ways: Readonly<Record<string, (files: FileSystem) => Promise<unknown>>> = {
    'a record below a file': (files) => files.put('file/below', body, ifNew),
    'a file staged below a file': (files) => files.stage({ staged: 'file/s', final: 'b' }, stream()),
    'a file published below a file': async (files) => files.publish(await files.stage({ staged: 's/b', final: 'file/b' }, stream())),
    'a file published deep below a file': async (files) =>
      files.publish(await files.stage({ staged: 's/c', final: 'file/x/y/c' }, stream())),
  };

  test.each(Object.entries(ways))('%s is told with its path', async (_, way) => {
    const files = await open();
    await files.put('file', body, ifNew);
    const error = await way(files).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HYG-4005', what: expect.stringContaining('/file/') });
    expect(await collect(files.list('file'))).toEqual([]);
  });
});

test('a signature opens what a key does, renames too', async () => {
  const signed = generateAccountSASQueryParameters(
    {
      expiresOn: new Date(Date.now() + 3_600_000),
      permissions: AccountSASPermissions.parse('rwdlac'),
      resourceTypes: AccountSASResourceTypes.parse('sco').toString(),
      services: AccountSASServices.parse('b').toString(),
    },
    new StorageSharedKeyCredential(account, accountKey),
  );
  const files = await open({ sas_token: new Secret(`?${signed}`) });
  const staged = await files.stage({ staged: 's/a b', final: 'data/a b?&' }, stream());
  expect(await files.publish(staged)).toBe('published');
  expect((await files.put('head', body, ifNew)).outcome).toBe('written');
  expect(await collect(files.list(''))).toMatchObject([{ path: 'data/a b?&' }, { path: 'head' }]);
  await files.remove('head');
  expect(await files.get('head')).toBeUndefined();
});

test('the storage is told what a page is, and that it changes; of other files nothing', async () => {
  const files = await open();
  await files.put('status.html', body, ifNew);
  await files.put('head', body, ifNew);
  const sent = stage.azure.dfs.seen.slice(-2).map(({ headers }) => [headers['x-ms-blob-content-type'], headers['x-ms-blob-cache-control']]);
  expect(sent).toEqual([
    ['text/html; charset=utf-8', 'no-cache'],
    [undefined, undefined],
  ]);
});

test('a file of one block is staged by one request, which has no hash over HTTPS', async () => {
  const before = stage.azure.dfs.seen.length;
  await (await open()).stage({ staged: 's/a', final: 'a' }, stream());
  const sent = stage.azure.dfs.seen.slice(before).map(({ method, door, bytes, headers }) => [method, door, bytes, headers['content-md5']]);
  expect(sent).toEqual([['PUT', 'blob', body.length, undefined]]);
});

test.each(['data/Inc./a', 'data/a.', 'data/back\\slash', `data/${'a/'.repeat(300)}a`])(
  '%s is refused before anything is sent: the storage would have it otherwise, or not at all',
  async (path) => {
    const files = await open();
    const before = stage.azure.dfs.seen.length;
    await expect(files.put(path, body, ifNew)).rejects.toMatchObject({ code: 'HYG-4001', tryThis: [expect.any(String)] });
    await expect(files.stage({ staged: 's/a', final: path }, stream())).rejects.toMatchObject({ code: 'HYG-4001' });
    expect(stage.azure.dfs.seen.length).toBe(before);
  },
);

test('its clock is that of the service', async () => {
  const files = await open();
  await files.stat('a');
  const now = files.now?.() ?? '';
  expect(now).toBe(new Date(now).toISOString());
  expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000);
});

test('a file that is in an archive is refused as such: it is neither empty nor absent', async () => {
  const files = await open();
  await files.put('old.csv', body, ifNew);
  stage.azure.dfs.rule(({ method, door }) => (method === 'GET' && door === 'blob' ? { status: 409, code: 'BlobArchived' } : undefined));
  try {
    for (const reading of [files.read('old.csv'), files.read('old.csv', { start: 0, end: 3 }), files.get('old.csv')]) {
      const error = await refusalOf(reading);
      expect(error).toMatchObject({ code: 'HYG-6404', transient: false });
      expect(told(error)).toContain('archive');
    }
  } finally {
    stage.azure.dfs.rule(() => undefined);
  }
});
