import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FileSystem } from '../../src/ports/filesystem.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { AzureKeys } from '../../src/remote/azure/keys.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { type Fault, startFaultProxy } from '../support/fault-proxy.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { blobTrees, bytes, filesIn, once } from './blob-account.ts';

const tree = blobTrees(sharedAzurite());
const fresh = { ifNoneMatch: '*' } as const;

describe('a caller without rights, or unknown there', () => {
  async function refusing(fault: Fault, keys: AzureKeys = { sas_token: new Secret('sig=canary') }): Promise<FileSystem> {
    const { place } = await tree();
    const proxy = await startFaultProxy(place.server.blobUrl);
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    proxy.rule(() => fault);
    return filesIn(place, 'x', { accountUrl: proxy.url, keys });
  }

  test('is told the right that is missing, for what was tried', async () => {
    const files = await refusing({ status: 403, code: 'AuthorizationPermissionMismatch' });
    const told = (doing: RegExp, right: string) => ({
      code: 'HYG-6401',
      transient: false,
      what: expect.stringMatching(doing),
      tryThis: expect.arrayContaining([expect.stringContaining(right)]),
    });
    await expect(collect(files.list(''))).rejects.toMatchObject(told(/list/, '(rl)'));
    await expect(files.get('a')).rejects.toMatchObject(told(/read/, '(rl)'));
    await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject(told(/write/, '(racwdl)'));
    await expect(files.remove('a')).rejects.toMatchObject(told(/remove/, '(racwdl)'));
  });

  test('whose proof is not believed is told what to check, at once and without the proof', async () => {
    const files = await refusing({ status: 403, code: 'AuthenticationFailed' });
    const error: unknown = await files.get('a').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HYG-6402', transient: false, tryThis: [expect.stringContaining('sas_token')] });
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain('canary');
  });

  test('with a wrong key sees nothing of it', async () => {
    const { place } = await tree();
    const key = Buffer.from('canary-of-a-key').toString('base64');
    const files = await filesIn(place, 'x', { keys: { storage_account_key: new Secret(key) } });
    const error: unknown = await files.get('a').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HYG-6401', tryThis: [expect.stringContaining('key of this account'), expect.any(String)] });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary|Y2FuYXJ5|SharedKey/);
  });

  test('a 404 that is not of the storage is not taken for an absent file', async () => {
    const files = await refusing({ status: 404, code: 'SomethingElse' });
    for (const call of [() => files.get('a'), () => files.stat('a'), () => files.read('a'), () => files.remove('a')])
      await expect(call()).rejects.toMatchObject({ code: 'HYG-6403' });
  });

  test('a blob with a lease is not a condition that does not hold', async () => {
    const files = await refusing({ status: 412, code: 'LeaseIdMissing' });
    await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject({
      code: 'HYG-6404',
      what: expect.stringMatching(/refuses to write\.$/),
      why: [expect.stringContaining('LeaseIdMissing')],
      tryThis: [expect.stringContaining('lease')],
    });
  });

  test('with a container that is not there is told so', async () => {
    const { place } = await tree();
    const files = await filesIn({ ...place, container: 'never-made' });
    const told = { code: 'HYG-6403', what: expect.stringContaining('container never-made') };
    await expect(files.get('a')).rejects.toMatchObject(told);
    await expect(files.stat('a')).rejects.toMatchObject(told);
    await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject(told);
    await expect(files.put('a', bytes('x'), { ifMatch: '"0x1"' })).rejects.toMatchObject(told);
    await expect(collect(files.list(''))).rejects.toMatchObject(told);
    await expect(files.stage({ staged: '_s/1', final: 'data/1' }, once('x'))).rejects.toMatchObject(told);
  });

  test('where nothing listens is told that a later try may be answered', async () => {
    const { place } = await tree();
    const files = await filesIn(place, 'x', { accountUrl: 'http://127.0.0.1:1/account', requests: { waiting: noWaiting() } });
    await expect(files.get('a')).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
    await expect(files.put('a', bytes('x'), fresh)).rejects.toMatchObject({ code: 'HYG-6404', transient: true });
  });
});
