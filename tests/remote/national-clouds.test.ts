import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adls } from '../../src/files/systems/adls.ts';
import { s3 } from '../../src/files/systems/s3.ts';
import { Secret } from '../../src/ports/secret.ts';
import { partitionOf } from '../../src/remote/aws/partitions.ts';
import { authorityHost } from '../../src/remote/azure/authorities.ts';
import { signIn } from '../../src/remote/azure/credential.ts';
import { type Host, type Hosts, startHosts } from '../support/azure-hosts/hosts.ts';
import { testNetwork } from '../support/test-network.ts';

const logins = ['login.microsoftonline.com', 'login.partner.microsoftonline.cn', 'login.microsoftonline.us'];

let hosts: Hosts;
let inProcess: Disposable;
beforeAll(async () => {
  // Who signs in is refused for good: what is not answered would be asked again, for seconds.
  const refusing: Host = {
    serves: (host) => logins.includes(host),
    to: (_, answer) => answer.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}'),
  };
  hosts = await startHosts([refusing], logins);
  inProcess = hosts.inProcess();
});
afterAll(async () => {
  inProcess[Symbol.dispose]();
  await hosts[Symbol.asyncDispose]();
});

const principal = { tenant_id: '11111111-2222-3333-4444-555555555555', client_id: 'c', client_secret: new Secret('s') };

describe('an account of Azure', () => {
  test.each([
    ['https://lake.dfs.core.windows.net', 'login.microsoftonline.com'],
    ['https://lake.blob.core.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    ['https://lake.table.core.usgovcloudapi.net', 'login.microsoftonline.us'],
  ])('at %s is signed in to at %s, and nowhere else', async (accountUrl, host) => {
    const before = hosts.connections.length;
    const { credential } = await signIn(principal, { account: 'lake', accountUrl }, { network: testNetwork, env: {} });
    if (!('getToken' in credential)) throw new Error('no tokens');
    await expect(credential.getToken('https://storage.azure.com/.default')).rejects.toThrow();
    expect(new Set(hosts.connections.slice(before).map((one) => one.host))).toEqual(new Set([host]));
    expect(hosts.refused).toEqual([]);
    expect(authorityHost(accountUrl, {})).toBe(host);
  });

  test('is signed in to where AZURE_AUTHORITY_HOST says, when it says so', () => {
    for (const written of ['https://login.example/', 'login.example'])
      expect(authorityHost('https://lake.dfs.core.chinacloudapi.cn', { AZURE_AUTHORITY_HOST: written })).toBe('login.example');
  });

  test('needs the host of its own cloud, by what debug lists', () => {
    const config = { account_url: 'https://lake.dfs.core.usgovcloudapi.net', filesystem: 'raw', ...principal };
    expect(adls.requirements(config, 'write')).toContainEqual({ need: 'host', name: 'login.microsoftonline.us' });
  });
});

describe('a bucket of AWS', () => {
  test.each([
    [{ region: 'eu-central-1' }, 'aws', 'us-east-1'],
    [{ region: 'cn-northwest-1' }, 'aws-cn', 'cn-north-1'],
    [{ region: 'us-gov-east-1' }, 'aws-us-gov', 'us-gov-west-1'],
    [{ role_arn: 'arn:aws-cn:iam::123456789012:role/hygge' }, 'aws-cn', 'cn-north-1'],
    [{ role_arn: 'arn:aws-us-gov:iam::123456789012:role/hygge' }, 'aws-us-gov', 'us-gov-west-1'],
    [{}, 'aws', 'us-east-1'],
  ])('of %o is in %s, and asked at %s while nothing else is known', (keys, id, region) => {
    expect(partitionOf(keys)).toMatchObject({ id, region });
  });

  test('needs rights and hosts as they are called there', () => {
    const role_arn = 'arn:aws-cn:iam::123456789012:role/hygge';
    const needs = s3.requirements({ bucket: 'lake', region: 'cn-north-1', role_arn }, 'read');
    expect(needs).toContainEqual({
      need: 'role',
      system: 's3',
      doing: ['read'],
      role: 's3:ListBucket',
      resource: { arn: 'arn:aws-cn:s3:::lake' },
    });
    expect(needs).toContainEqual({ need: 'host', name: 'lake.s3.cn-north-1.amazonaws.com.cn' });
    expect(needs).toContainEqual({ need: 'host', name: 'sts.cn-north-1.amazonaws.com.cn' });
  });
});
