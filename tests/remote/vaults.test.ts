// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDefaultHttpClient, createEmptyPipeline, createPipelineRequest, proxyPolicy } from '@azure/core-rest-pipeline';
import { ClientSecretCredential } from '@azure/identity';
import { GoogleAuth } from 'google-auth-library';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import { openVault } from '../../src/adapters/vaults.ts';
import { type SecretLookup, secretNameOf, type VaultSettings } from '../../src/ports/secret.ts';
import { signed } from '../../src/remote/vaults/aws-secrets.ts';
import { VaultRequests } from '../../src/remote/vaults/vault-requests.ts';
import { client, tenant } from '../support/azure-hosts/azure.ts';
import { type Host, type Hosts, startHosts } from '../support/azure-hosts/hosts.ts';
import { type Entra, startEntra } from '../support/entra/entra.ts';
import { googleHosts } from '../support/gcs-server/hosts.ts';
import { type GcsServer, startGcsServer } from '../support/gcs-server/server.ts';
import { person } from '../support/gcs-server/tokens.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { type AwsSecrets, awsSecrets } from '../support/vaults/aws-secrets.ts';
import { type GoogleSecrets, googleSecrets } from '../support/vaults/google-secrets.ts';
import { type KeyVault, keyVault } from '../support/vaults/key-vault.ts';

const [region, otherRegion] = ['eu-central-1', 'eu-west-1'];
const key = { id: 'AKIAVAULT', secret: 'the-secret-of-a-key' };
let entra: Entra;
let gcs: GcsServer;
let azure: KeyVault;
let aws: AwsSecrets;
let google: GoogleSecrets;
/** A second one of each kind, of another environment. */
let others: { readonly azure: KeyVault; readonly aws: AwsSecrets; readonly google: GoogleSecrets };
let hosts: Hosts;
let names: Disposable;
let folder: string;
let signIn: Readonly<Record<string, string>>;

beforeAll(async () => {
  entra = await startEntra({ tenant, clients: [client] });
  gcs = await startGcsServer();
  azure = keyVault('northwind', entra, [client.principal]);
  aws = awsSecrets(region, key);
  const knows = (authorization: string) => {
    try {
      gcs.tokens.check({ headers: { authorization } } as unknown as Parameters<typeof gcs.tokens.check>[0]);
      return true;
    } catch {
      return false;
    }
  };
  google = googleSecrets('northwind-prod', knows);
  others = {
    azure: keyVault('southwind', entra, [client.principal]),
    aws: awsSecrets(otherRegion, key),
    google: googleSecrets('southwind-prod', knows),
  };
  // Projects of Google share one host.
  const projects: Host = {
    serves: google.serves,
    to: (from, to) => (from.url?.includes('/southwind-prod/') ? others.google : google).to(from, to),
  };
  const login = { serves: (host: string) => entra.serves(host), to: entra.listener };
  const regions = [`*.${region}.amazonaws.com`, `*.${otherRegion}.amazonaws.com`];
  hosts = await startHosts([login, azure, others.azure, aws, others.aws, projects, ...googleHosts(gcs)], regions);
  folder = mkdtempSync(join(tmpdir(), 'hygge-vaults-'));
  writeFileSync(join(folder, 'person.json'), JSON.stringify(person));
  signIn = {
    ...{ AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client.id, AZURE_CLIENT_SECRET: client.secret ?? '' },
    ...{ AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secret, AWS_EC2_METADATA_DISABLED: 'true' },
    ...{ AWS_CONFIG_FILE: join(folder, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none') },
    ...{ GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'person.json'), METADATA_SERVER_DETECTION: 'none' },
  };
  names = hosts.inProcess(signIn);
});
afterAll(async () => {
  names[Symbol.dispose]();
  rmSync(folder, { recursive: true });
  await hosts[Symbol.asyncDispose]();
  await gcs[Symbol.asyncDispose]();
  await entra[Symbol.asyncDispose]();
});
beforeEach(() => {
  Object.assign(process.env, signIn);
  for (const one of [azure, aws, google, ...Object.values(others)]) {
    one.secrets.clear();
    one.asked.length = 0;
    one.faults.length = 0;
    one.outage = undefined;
    expect(one.notTaught).toEqual([]);
  }
  for (const one of [aws, google]) one.isDenied = false;
});

const kinds = {
  azure: {
    settings: { key_vault: 'https://northwind.vault.azure.net' },
    played: () => azure,
    other: { settings: { key_vault: 'https://southwind.vault.azure.net' }, played: () => others.azure },
  },
  aws: { settings: { aws: region }, played: () => aws, other: { settings: { aws: otherRegion }, played: () => others.aws } },
  google: {
    settings: { google: 'northwind-prod' },
    played: () => google,
    other: { settings: { google: 'southwind-prod' }, played: () => others.google },
  },
} as const;

async function lookUp(settings: VaultSettings, name: string): Promise<SecretLookup> {
  await using network = new ProcessNetwork();
  return await openVault(settings, network).lookUp(name);
}

const failure = (looked: Promise<SecretLookup>): Promise<unknown> => looked.catch((error: unknown) => error);

describe.each(Object.entries(kinds))('the vault of %s', (kind, { settings, played, other }) => {
  test('gives the newest text of a secret, once for each name, whatever becomes of the first request', async () => {
    const text = 'p"ä\u{1f511}ss\n ${X}';
    const version = played().put('A-B', text);
    played().faults.push('lost', { status: 500, body: {} });
    await using network = new ProcessNetwork();
    const vault = openVault(settings, network);
    const [one, two] = await Promise.all([vault.lookUp('A-B'), openVault({ ...settings }, network).lookUp('A-B')]);
    expect(one).toMatchObject({ version });
    expect('secret' in one && one.secret.reveal()).toBe(text);
    // What was changed meanwhile is for the next run.
    played().put('A-B', 'another');
    expect([two, await vault.lookUp('A-B')]).toEqual([one, one]);
    expect(played().asked).toEqual(['A-B']);
    expect(JSON.stringify(one)).not.toContain('\u{1f511}');
  });

  test('of one environment and that of another, in one process, each give their own secrets', async () => {
    played().put('A', 'of northwind');
    other.played().put('A', 'of southwind');
    await using network = new ProcessNetwork();
    const vaults = [settings, other.settings].map((one) => openVault(one, network));
    const found = await Promise.all(vaults.map((vault) => vault.lookUp('A')));
    expect(found.map((one) => 'secret' in one && one.secret.reveal())).toEqual(['of northwind', 'of southwind']);
    expect([played().asked, other.played().asked]).toEqual([['A'], ['A']]);
  });

  test('says what it does not have', async () => {
    played().put('DISABLED', 'x', { isDisabled: true });
    played().put('EMPTY', '');
    expect(await lookUp(settings, 'NONE')).toMatchObject({ lacks: 'unknown' });
    expect(await lookUp(settings, 'DISABLED')).toMatchObject({ lacks: 'disabled' });
    expect(await lookUp(settings, 'EMPTY')).toMatchObject({ lacks: 'empty' });
    played().asked.length = 0;
    for (const name of ['a b', 'a/../b?c', 'x'.repeat(600)].filter((one) => kind !== 'aws' || one !== 'a/../b')) {
      expect(await lookUp(settings, name)).toMatchObject({ lacks: 'no name' });
    }
    expect(played().asked).toEqual([]);
    if (kind === 'azure') return;
    played().put('BYTES', Buffer.from([0xff, 0xfe, 0x00]));
    expect(await lookUp(settings, 'BYTES')).toMatchObject({ lacks: 'not text' });
  });

  test('that refuses, or has no time, or knows no such caller, is an error of its own', async () => {
    played().put('A', 'x');
    played().outage = { status: 429, body: {}, headers: { 'retry-after': '3600' } };
    expect(await failure(lookUp(settings, 'A'))).toMatchObject({ code: 'HYG-6056', transient: true, retryAfterMs: 3_600_000 });
    played().outage = undefined;
    azure.readers.delete(client.principal);
    for (const one of [aws, google]) one.isDenied = true;
    expect(await failure(lookUp(settings, 'A'))).toMatchObject({ code: 'HYG-6055' });
    azure.readers.add(client.principal);
    for (const one of [aws, google]) one.isDenied = false;
    Object.assign(process.env, { AZURE_CLIENT_SECRET: 'another', AWS_SECRET_ACCESS_KEY: 'another' });
    writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...person, refresh_token: 'of no one' }));
    process.env.GOOGLE_APPLICATION_CREDENTIALS = join(folder, 'other.json');
    expect(await failure(lookUp(settings, 'A'))).toMatchObject({ code: 'HYG-6402' });
    expect(played().asked.length).toBeLessThanOrEqual(1);
  });
});

test.each<[VaultSettings, string]>([
  [{ ...kinds.azure.settings, prefix: 'hygge-' }, 'hygge-LAKE-KEY'],
  [kinds.aws.settings, 'LAKE_KEY'],
  [{ ...kinds.google.settings, prefix: 'hygge_' }, 'hygge_LAKE_KEY'],
])('in the vault of %j the variable LAKE_KEY is the secret %s', (settings, name) => {
  expect(secretNameOf('LAKE_KEY', settings)).toBe(name);
});

test('a vault that is slow is asked again, and given up', async () => {
  await using network = new ProcessNetwork();
  azure.faults.push(...Array.from({ length: 8 }, () => 'slow' as const));
  let sent = 0;
  const requests = new VaultRequests(network, 'slow', 'https://northwind.vault.azure.net', { answerWithinMs: 100, waiting: noWaiting() });
  const asked = requests.ask(
    async () => {
      sent++;
      return { method: 'GET', url: 'https://northwind.vault.azure.net/secrets/A', headers: { authorization: 'x' } };
    },
    () => undefined,
  );
  expect(await asked.catch((error: unknown) => error)).toMatchObject({
    code: 'HYG-6056',
    what: 'The vault https://northwind.vault.azure.net cannot be reached.',
  });
  expect(sent).toBe(4);
});

test('the client of Azure asks a Key Vault for what we ask it, with a token of the same scope', async () => {
  const { keyVaultAuthenticationPolicy } = await import('@azure/keyvault-common');
  azure.put('A', 'of-the-vault');
  await lookUp(kinds.azure.settings, 'A');
  const ours = entra.issued.at(-1);
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(proxyPolicy());
  pipeline.addPolicy(keyVaultAuthenticationPolicy(new ClientSecretCredential(tenant, client.id, client.secret ?? '')));
  const url = 'https://northwind.vault.azure.net/secrets/A?api-version=7.4';
  const { status, bodyAsText } = await pipeline.sendRequest(createDefaultHttpClient(), createPipelineRequest({ url }));
  expect([status, JSON.parse(bodyAsText ?? '').value]).toEqual([200, 'of-the-vault']);
  expect(entra.issued.at(-1)).toEqual(ours);
  expect(azure.asked).toEqual(['A', 'A']);
});

test('the client of Google asks its Secret Manager for what we ask it', async () => {
  const version = google.put('A', 'of-the-vault');
  const auth = new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'], projectId: 'none' });
  const url = 'https://secretmanager.googleapis.com/v1/projects/northwind-prod/secrets/A/versions/latest:access';
  const { data } = await (await auth.getClient()).request<{ readonly name: string }>({ url });
  expect(data.name).toBe(`projects/1/secrets/A/versions/${version}`);
  expect(await lookUp(kinds.google.settings, 'A')).toMatchObject({ version });
});

test.each([undefined, 'a+token/of=somebody'])(
  'requests to AWS are signed as its own library signs them: session token %s',
  async (sessionToken) => {
    const { SignatureV4 } = await import('@smithy/signature-v4');
    const now = new Date('2026-11-24T01:02:03.456Z');
    const [host, target, body] = ['secretsmanager.eu-central-1.amazonaws.com', 'secretsmanager.GetSecretValue', '{"SecretId":"ä"}'];
    const credentials = { accessKeyId: key.id, secretAccessKey: key.secret, ...(sessionToken && { sessionToken }) };
    class Sha256 {
      readonly #hash;
      constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
        this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
      }
      update(data: Uint8Array) {
        this.#hash.update(data);
      }
      async digest() {
        return new Uint8Array(this.#hash.digest());
      }
      reset() {}
    }
    const theirs = await new SignatureV4({ service: 'secretsmanager', region, credentials, sha256: Sha256, applyChecksum: false }).sign(
      {
        ...{ method: 'POST', protocol: 'https:', hostname: host, path: '/', query: {}, body },
        headers: { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      },
      { signingDate: now },
    );
    expect(signed({ host, target, body }, { region, ...credentials, now })).toEqual(theirs.headers);
  },
);
