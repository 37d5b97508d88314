import { afterAll, beforeAll, expect, test } from 'vitest';
import { Secret } from '../../src/ports/secret.ts';
import { awsKeptSecret } from '../../src/remote/vaults/secret-versions.ts';
import { type Hosts, startHosts } from '../support/azure-hosts/hosts.ts';
import { testNetwork } from '../support/test-network.ts';
import { type AwsSecrets, awsSecrets } from '../support/vaults/aws-secrets.ts';

const region = 'eu-central-1';
const name = 'shop/refresh-token';
const key = { id: 'AKIAVAULT', secret: 'the-secret-of-a-key' };
let vault: AwsSecrets;
let hosts: Hosts;
let inThisProcess: Disposable;
beforeAll(async () => {
  vault = awsSecrets(region, key);
  hosts = await startHosts([vault], [`*.${region}.amazonaws.com`]);
  const none = '/nowhere/none';
  inThisProcess = hosts.inProcess({
    ...{ AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secret, AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ AWS_CONFIG_FILE: none, AWS_SHARED_CREDENTIALS_FILE: none },
  });
});
afterAll(async () => {
  inThisProcess?.[Symbol.dispose]();
  await hosts?.[Symbol.asyncDispose]();
});

test.each<[string, string, () => unknown, RegExp]>([
  ['that is not there', name, () => vault.secrets.delete(name), /^The vault answered 400 ResourceNotFoundException/],
  ['that was removed', name, () => vault.put(name, 'r', { isDisabled: true }), /^The vault answered 400 InvalidRequestException/],
  ['that is empty', name, () => vault.put(name, ' \n'), /^The secret is empty\.$/],
  ['that holds bytes', name, () => vault.put(name, Buffer.from([1, 2])), /^The secret has bytes, not text\.$/],
  ['whose name can be none', 'shop refresh', () => undefined, /^A name in this vault has letters, digits/],
])('a secret %s is no refresh token, and the error says how one gets there', async (_, named, prepare, why) => {
  prepare();
  await expect(awsKeptSecret({ region, name: named }, testNetwork).read()).rejects.toMatchObject({
    code: 'HYG-3622',
    what: `There is no refresh token in the secret ${named} in secretsmanager.${region}.`,
    why: [expect.stringMatching(why)],
    tryThis: expect.arrayContaining([expect.stringMatching(/^Create the secret with the refresh token as its text/)]),
  });
});

test('a secret that holds a text is read, with its version', async () => {
  const version = vault.put(name, 'a-refresh-token');
  const read = await awsKeptSecret({ region, name }, testNetwork).read();
  expect([read.value.reveal(), read.version]).toEqual(['a-refresh-token', version]);
});

test('a version that is the current one no longer is not replaced', async () => {
  const before = vault.put(name, 'of an earlier process');
  const current = vault.put(name, 'of another process');
  const secret = awsKeptSecret({ region, name }, testNetwork);
  expect(await secret.replace(before, new Secret('mine'))).toBeUndefined();
  expect((await secret.read()).value.reveal()).toBe('of another process');
  const version = await secret.replace(current, new Secret('mine'));
  expect(await secret.read()).toMatchObject({ version });
});
