import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { realRandom } from '../../src/adapters/real-random.ts';
import { adlsFileSystem } from '../../src/filesystems/adls/adls.ts';
import { withWaiting } from '../../src/ports/retry.ts';
import { Secret } from '../../src/ports/secret.ts';
import { defaultCredential } from '../../src/remote/azure/credential.ts';
import type { AzureKeys } from '../../src/remote/azure/keys.ts';
import { type Azure, account, client, filesystem, startAzure, tenant } from '../support/azure-hosts/azure.ts';
import type { Entra } from '../support/entra/entra.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { testNetwork } from '../support/test-network.ts';

/** Their tokens are kept, so each test signs in as another. */
const clients = Array.from({ length: 9 }, (_, n) => ({ ...client, id: client.id.replace(/^./, String(n)) }));

let azure: Azure;
let inProcess: Disposable;
beforeAll(async () => {
  azure = await startAzure({ clients });
  // Good for so short that it is asked for again each time.
  azure.entra.lifetime = 60;
  inProcess = azure.hosts.inProcess();
});
afterEach(() => {
  azure.entra.outage = undefined;
  azure.entra.outages = 0;
});
afterAll(async () => {
  inProcess[Symbol.dispose]();
  await azure[Symbol.asyncDispose]();
});

function looking(keys: AzureKeys): Promise<unknown> {
  const place = {
    dfsUrl: `https://${account}.dfs.core.windows.net`,
    blobUrl: `https://${account}.blob.core.windows.net`,
    account,
    filesystem,
    folder: '',
    keys,
    at: { url: `abfss://${filesystem}@${account}`, place: `filesystem ${filesystem}`, credential: keys.credential ?? 'default' },
  };
  return adlsFileSystem(place, { random: realRandom(), network: testNetwork }).then((files) => files.stat('a'));
}

let applications = 0;
const principal = (): AzureKeys => ({
  credential: 'service_principal',
  tenant_id: tenant,
  client_id: clients[applications++]?.id,
  client_secret: new Secret(client.secret ?? ''),
});

type Outage = Entra['outage'];

describe('a sign-in service that', () => {
  test.each<[string, Outage]>([
    ['loses the connection', 'lost'],
    ['asks to be asked less', { status: 429, error: 'throttled', retryAfter: 3 }],
  ])('%s is asked again', async (_, outage) => {
    const waits: number[] = [];
    azure.entra.outage = outage;
    const sleep = async (ms: number): Promise<void> => {
      waits.push(ms);
      if (waits.length === 3) azure.entra.outage = undefined;
    };
    const step = { ...noWaiting(), clock: { monotonicMs: () => 0, sleep } };
    expect(await withWaiting(step, () => looking(principal()))).toBeUndefined();
    expect(waits).toHaveLength(3);
    if (typeof outage === 'object' && outage?.retryAfter !== undefined) expect(waits).toEqual([3_000, 3_000, 4_000]);
  });

  test('never answers is named, with its cause, and not taken for a sign-in that is missing', async () => {
    azure.entra.outage = 'lost';
    const waits: number[] = [];
    await expect(withWaiting(noWaiting(waits), () => looking(principal()))).rejects.toMatchObject({
      code: 'HYG-6052',
      transient: true,
      spent: true,
      what: 'Signing in failed: login.microsoftonline.com issued no token.',
      why: [expect.stringContaining('ECONNRESET')],
    });
    expect(waits.length).toBeGreaterThan(2);
    expect(azure.entra.outages).toBe(waits.length + 1);
  });

  test('says no is not asked again', async () => {
    const waits: number[] = [];
    const wrong = { ...principal(), client_secret: new Secret('wrong') };
    await expect(withWaiting(noWaiting(waits), () => looking(wrong))).rejects.toMatchObject({ code: 'HYG-6402' });
    expect(waits).toEqual([]);
  });
});

describe('the managed identity of a machine that', () => {
  test.each<[string, Outage]>([
    ['loses the connection', 'lost'],
    ['is not ready', { status: 410, error: 'gone' }],
  ])('%s is asked again, and named if it stays so', async (_, outage) => {
    const before = { ...process.env };
    Object.assign(process.env, azure.entra.identityEnv);
    try {
      azure.entra.outage = outage;
      const waits: number[] = [];
      const credential = await defaultCredential(testNetwork, null, `https://${account}.dfs.core.windows.net`);
      const asking = withWaiting(noWaiting(waits), async () => credential.getToken('https://storage.azure.com/.default'));
      await expect(asking).rejects.toMatchObject({
        code: 'HYG-6052',
        what: 'Signing in failed: the managed identity of this machine issued no token.',
      });
      expect(azure.entra.outages).toBe(waits.length + 1);
      azure.entra.outage = undefined;
      expect(await credential.getToken('https://storage.azure.com/.default')).toMatchObject({ token: expect.any(String) });
    } finally {
      for (const name of Object.keys(azure.entra.identityEnv))
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
    }
  });
});
