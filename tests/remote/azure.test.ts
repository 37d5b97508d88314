import { inspect } from 'node:util';
import type { TokenCredential } from '@azure/identity';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/ports/secret.ts';
import { answerIn, isOpenWrite, isWorthAnotherTry } from '../../src/remote/azure/answer.ts';
import { readConnectionString } from '../../src/remote/azure/connection-string.ts';
import { defaultCredential, signIn } from '../../src/remote/azure/credential.ts';
import { type AzureKeys, azureClash, credentialKind, credentialKinds, rightTo, waysToSignIn } from '../../src/remote/azure/keys.ts';
import { testNetwork } from '../support/test-network.ts';

/** An error as the SDKs throw them. */
function sdkError(name: string, more: object = {}, headers: Readonly<Record<string, string>> = {}): Error {
  return Object.assign(new Error('first line\nRequestId: 1'), {
    name,
    response: { headers: { get: (key: string) => headers[key] } },
    ...more,
  });
}

const lake = { account: 'lake', accountUrl: 'https://lake.dfs.core.windows.net' };

describe('what a service said', () => {
  test('is its status, its code and the first line', () => {
    expect(answerIn(sdkError('RestError', { statusCode: 409, code: 'BlobAlreadyExists' }))).toMatchObject({
      status: 409,
      code: 'BlobAlreadyExists',
      message: 'first line',
      denied: false,
      told: true,
    });
    expect(answerIn(sdkError('RestError', { statusCode: 404 }, { 'x-ms-error-code': 'ContainerNotFound' })).code).toBe('ContainerNotFound');
    expect(answerIn(new TypeError('x is no function'))).toMatchObject({ told: false, status: undefined, code: '' });
    expect(answerIn('what is this')).toMatchObject({ told: false, message: 'what is this' });
  });

  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'x-ms-retry-after-ms': '1500' }, 1_500],
    [{ 'retry-after': 'Fri, 20 Nov 2026 08:00:09 GMT', date: 'Fri, 20 Nov 2026 08:00:00 GMT' }, 9_000],
    [{ 'retry-after': 'Fri, 20 Nov 2026 07:00:00 GMT', date: 'Fri, 20 Nov 2026 08:00:00 GMT' }, 0],
    [{ 'retry-after': '-1' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%o asks to be left alone for %s ms', (headers, ms) => {
    expect(answerIn(sdkError('RestError', { statusCode: 503 }, headers)).retryAfterMs).toBe(ms);
  });

  test.each([
    ['RestError', { statusCode: 503 }, { open: true, again: true }],
    ['RestError', { statusCode: 500 }, { open: true, again: true }],
    ['RestError', { statusCode: 408 }, { open: true, again: true }],
    ['RestError', { statusCode: 429 }, { open: false, again: true }],
    ['RestError', { statusCode: 404 }, { open: false, again: false }],
    ['RestError', { statusCode: 400, code: 'Md5Mismatch' }, { open: false, again: true }],
    ['RestError', { code: 'ECONNRESET' }, { open: true, again: true }],
    ['RestError', { code: 'ENOTFOUND' }, { open: false, again: true }],
    ['AbortError', {}, { open: true, again: true }],
    ['CredentialUnavailableError', {}, { open: false, again: false }],
    ['AggregateAuthenticationError', { statusCode: 400 }, { open: false, again: false }],
    ['AuthenticationError', { statusCode: 503 }, { open: false, again: true }],
  ])('%s %o: may have happened, may be asked again: %o', (name, more, { open, again }) => {
    const answer = answerIn(sdkError(name, more));
    expect([isOpenWrite(answer), isWorthAnotherTry(answer)]).toEqual([open, again]);
  });
});

describe('a connection string', () => {
  const read = (text: string) => readConnectionString(new Secret(text));

  test('leads to an account, by key or by signature', () => {
    const byKey = read('DefaultEndpointsProtocol=https;AccountName=lake;AccountKey=a2V5==;EndpointSuffix=core.chinacloudapi.cn');
    expect(byKey).toMatchObject({ blobUrl: 'https://lake.blob.core.chinacloudapi.cn', account: 'lake', sas: null });
    expect(byKey?.key?.reveal()).toBe('a2V5==');
    const bySas = read(' BlobEndpoint=https://lake.blob.core.windows.net/ ;SharedAccessSignature=?sv=1&sig=x%3D');
    expect(bySas).toMatchObject({ blobUrl: 'https://lake.blob.core.windows.net', account: null, key: null });
    expect(bySas?.sas?.reveal()).toBe('sv=1&sig=x%3D');
    expect(read('UseDevelopmentStorage=true')).toMatchObject({ blobUrl: 'http://127.0.0.1:10000/devstoreaccount1' });
  });

  test.each(['', 'nonsense', 'AccountName=lake', 'AccountKey=k', 'SharedAccessSignature=sig', 'BlobEndpoint=x;SharedAccessSignature=s'])(
    '%j is none',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );
});

const tokenOf = (credential: object) => (credential as TokenCredential).getToken('https://storage.azure.com/.default');

describe('how one signs in', () => {
  const secret = new Secret('canary');
  const principal = { tenant_id: 't', client_id: 'c' };

  test.each<[AzureKeys, string]>([
    [{}, 'default'],
    [{ client_id: 'c' }, 'default'],
    [{ storage_account_key: secret }, 'storage_key'],
    [{ sas_token: secret }, 'sas'],
    [{ connection_string: secret }, 'connection_string'],
    [{ ...principal, client_secret: secret }, 'service_principal'],
    [{ ...principal, client_certificate_path: '/c.pem' }, 'service_principal'],
    [{ credential: 'managed_identity', client_id: 'c' }, 'managed_identity'],
  ])('%o: %s', (keys, kind) => {
    expect(credentialKind(keys)).toBe(kind);
  });

  test.each<[AzureKeys, string, RegExp]>([
    [{ storage_account_key: secret, sas_token: secret }, 'sas_token', /Either storage_account_key or sas_token/],
    [{ credential: 'storage_key' }, 'storage_account_key', /needs storage_account_key/],
    [{ client_secret: secret }, 'tenant_id', /service_principal needs tenant_id/],
    [{ tenant_id: 't', client_secret: secret }, 'client_id', /needs client_id/],
    [{ credential: 'service_principal', ...principal }, 'client_secret', /client_secret or client_certificate_path/],
    [{ credential: 'managed_identity', storage_account_key: secret }, 'storage_account_key', /means nothing/],
    [{ credential: 'anonymous', client_id: 'c' }, 'client_id', /means nothing/],
    [{ connection_string: new Secret('nonsense') }, 'connection_string', /AccountName/],
  ])('%o: %s is wrong', (keys, key, needs) => {
    const clash = azureClash(keys);
    expect(clash).toMatchObject({ key, needs: expect.stringMatching(needs) });
    expect(clash?.needs).not.toContain('canary');
  });

  test.each<AzureKeys>([
    {},
    { client_id: 'c' },
    { credential: 'workload_identity' },
    { credential: 'service_principal', ...principal, client_secret: secret },
    { connection_string: new Secret('AccountName=lake;AccountKey=k') },
  ])('%o is enough', (keys) => {
    expect(azureClash(keys)).toBeUndefined();
  });

  test('one identity has one credential in a process, and another has another', async () => {
    const byId = (client_id: string, env = {}) =>
      signIn({ credential: 'managed_identity', client_id }, lake, { network: testNetwork, env });
    const [a, again, b] = await Promise.all([byId('a'), byId('a'), byId('b')]);
    expect(again.credential).toBe(a.credential);
    expect(b.credential).not.toBe(a.credential);
    const bySecret = (text: string) => signIn({ ...principal, client_secret: new Secret(text) }, lake, { network: testNetwork, env: {} });
    expect((await bySecret('x')).credential).toBe((await bySecret('x')).credential);
    expect((await bySecret('y')).credential).not.toBe((await bySecret('x')).credential);
    expect(await defaultCredential(testNetwork, 'a', null)).toBe(await defaultCredential(testNetwork, 'a', null));
    expect(await defaultCredential(testNetwork, null, null)).not.toBe(await defaultCredential(testNetwork, 'a', null));
  });

  test('the environment names the managed identity, as the Functions host does', async () => {
    const by = (env: Record<string, string>) => signIn({}, lake, { network: testNetwork, env });
    const named = (await by({ AzureWebJobsStorage__clientId: 'mine' })).credential;
    expect(named).toBe((await by({ AZURE_CLIENT_ID: 'mine' })).credential);
    expect(named).not.toBe((await by({})).credential);
  });

  test.each<[AzureKeys, string]>([
    [{ storage_account_key: secret }, 'StorageSharedKeyCredential'],
    [{ connection_string: new Secret('AccountName=lake;AccountKey=k') }, 'StorageSharedKeyCredential'],
    [{ credential: 'anonymous' }, 'AnonymousCredential'],
  ])('%o: %s', async (keys, name) => {
    const { credential, query } = await signIn(keys, lake, { network: testNetwork, env: {} });
    expect([credential.constructor.name, query]).toEqual([name, null]);
  });

  test.each<[AzureKeys, Record<string, string>, RegExp]>([
    [{ ...principal, tenant_id: 'no tenant!', client_secret: secret }, {}, /tenant/i],
    [{ ...principal, client_certificate_path: '/none.pem' }, {}, /none\.pem/],
    [{ credential: 'workload_identity', ...principal }, {}, /federatedTokenFilePath/],
    [{ credential: 'workload_identity', ...principal }, { AZURE_FEDERATED_TOKEN_FILE: '/none/token' }, /none\/token/],
  ])('what is wrong with %o is said when a token is needed, as a missing sign-in', async (keys, env, why) => {
    const { credential } = await signIn({ ...keys, client_id: `for ${why}` }, lake, { network: testNetwork, env });
    const failed: unknown = await tokenOf(credential).catch((thrown: unknown) => thrown);
    expect(answerIn(failed)).toMatchObject({ unsigned: true, denied: true, message: expect.stringMatching(why) });
    expect(inspect(failed)).not.toContain('canary');
  });

  test('a signature comes behind the address, without its question mark, and is not shown', async () => {
    const { query } = await signIn({ sas_token: new Secret('?sv=1&sig=canary') }, lake, { network: testNetwork, env: {} });
    expect(query?.reveal()).toBe('sv=1&sig=canary');
    expect(`${query}`).toBe('***');
  });

  test.each(credentialKinds)('%s says what to check, and what gives the right', (kind) => {
    expect(waysToSignIn(kind).join('')).toMatch(/\w{5,}/);
    expect(rightTo(kind, 'read', 'container raw')).not.toBe(rightTo(kind, 'write', 'container raw'));
  });
});
