import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import type { Auth } from '../../src/apis/requests/auth-config.ts';
import { requestRequirements, signInText } from '../../src/apis/requests/requirements.ts';
import { type SignIn, signInOf } from '../../src/apis/requests/sign-in.ts';
import type { Network } from '../../src/ports/network.ts';
import { withWaiting } from '../../src/ports/retry.ts';
import { Secret } from '../../src/ports/secret.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { noSignIn, type SignInServer, startSignIn } from '../support/apis/sign-in.ts';
import { type Hosts, startHosts } from '../support/azure-hosts/hosts.ts';
import { inProcess } from '../support/in-process.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { sampled } from '../support/samples.ts';
import { type AwsSecrets, awsSecrets } from '../support/vaults/aws-secrets.ts';
import { TestWorkspace } from '../support/workspace.ts';

const region = 'eu-central-1';
const name = 'shop/refresh-token';
const key = { id: 'AKIAVAULT', secret: 'the-secret-of-a-key' };
const problem = noSignIn();

describe.skipIf(problem !== '')(`a refresh token that changes with each use ${problem}`, () => {
  let server: SignInServer;
  let vault: AwsSecrets;
  let hosts: Hosts;
  let inThisProcess: Disposable;
  let before = 0;
  /** What has gone by for the vault and for each instance. */
  let elapsedMs = 0;
  const networks: ProcessNetwork[] = [];

  beforeAll(async () => {
    server = await startSignIn();
    vault = awsSecrets(region, key);
    vault.nowMs = () => Date.now() + elapsedMs;
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
    await server?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    Object.assign(vault, { isReadOnly: false, isDenied: false });
    vault.faults.splice(0);
    server.rotates = true;
    elapsedMs = 0;
    before = server.requests.length;
    vault.put(name, await server.refreshToken());
  });
  afterEach(async () => {
    for (const network of networks.splice(0)) await network[Symbol.asyncDispose]();
  });

  const refreshes = () => server.requests.slice(before);
  const kept = () => String(vault.secrets.get(name)?.value);
  const auth = (): Auth => ({
    ...{ type: 'oauth2', grant: 'refresh_token', token_url: server.tokenUrl, client_id: server.basic.id },
    ...{ client_secret: new Secret(server.basic.secret), kept_in: { aws: region, name } },
  });
  const clock = {
    now: () => new Date(Date.now() + elapsedMs).toISOString(),
    monotonicMs: () => elapsedMs,
    sleep: async (ms: number) => {
      elapsedMs += ms;
    },
  };
  /** A process of its own. @param through what it meets on its way. */
  function instance(through: (network: Network) => Network = (network) => network, scope?: string): SignIn {
    const network = new ProcessNetwork();
    networks.push(network);
    return signInOf(
      { auth: { ...auth(), ...(scope === undefined ? {} : { scope }) } as Auth, base_url: 'https://api.example.com/' },
      { network: through(network), clock },
    );
  }
  const token = async (of: SignIn): Promise<string> => {
    const { authorization } = (await withWaiting(noWaiting(), () => of.proof())).headers;
    expect(await server.admits(authorization)).toBe(true);
    return authorization ?? '';
  };
  const hourPasses = () => {
    elapsedMs += 3_600_000;
  };

  describe('in runs', () => {
    let api: ScriptedApi;
    beforeEach(async () => {
      api = await scriptedApi(async ({ query, headers }) => {
        if (!(await server.admits(headers.authorization))) return { status: 401 };
        return { body: JSON.stringify({ data: Number(query.page) > 2 ? [] : [{ id: Number(query.page) }] }) };
      });
    });
    afterEach(() => api[Symbol.asyncDispose]());

    test('is kept in the vault before the token is used, and the next run continues from there', async () => {
      using workspace = new TestWorkspace();
      const client = `grant: refresh_token, client_id: ${server.basic.id}, client_secret: "\${CLIENT_SECRET}"`;
      const signIn = `auth: { type: oauth2, token_url: "${server.tokenUrl}", ${client}, kept_in: { aws: ${region}, name: ${name} } }`;
      restFlow(workspace, api.url, { home: `records: data\npagination: { type: page, start: 1 }\n${signIn}` });
      const go = (command = 'go') => inProcess([command, '--no-color'], workspace.root, { CLIENT_SECRET: server.basic.secret });
      const seen = [kept()];
      const listed = api.script;
      const early: string[] = [];
      api.script = (request) => {
        const shown = String(request.headers.authorization).replace('Bearer ', '');
        if (!kept().includes(shown)) early.push(shown);
        return listed(request);
      };
      expect([(await go()).code, await settledRows(workspace), refreshes().length]).toEqual([0, ['1', '2'], 1]);
      // The vault has the token that a request carries.
      expect(early).toEqual([]);
      seen.push(kept());
      // Another process takes the token that is there.
      expect([(await go()).code, refreshes().length]).toEqual([0, 1]);
      hourPasses();
      const debug = await go('debug');
      expect([debug.code, refreshes().length]).toEqual([0, 2]);
      expect(debug.stdout).toContain(`signs in (oauth2: refresh token kept in ${name}, the client by its secret in the header)`);
      seen.push(kept());
      expect(new Set(seen).size).toBe(3);
      const secrets = seen.flatMap((text) => text.match(/[\w-]{43,}/g) ?? []);
      expect(secrets.length).toBeGreaterThan(4);
      for (const secret of secrets) expect(debug.stdout + debug.stderr).not.toContain(secret);
      for (const [path, text] of workspace.tree()) expect([path, secrets.filter((secret) => text.includes(secret))]).toEqual([path, []]);
    });
  });

  test('is used once by ten instances that start at once, hour by hour', async () => {
    const instances = Array.from({ length: 10 }, () => instance());
    for (let hour = 1; hour <= 3; hour++) {
      const tokens = await Promise.all(instances.map(token));
      expect([new Set(tokens).size, refreshes().length]).toEqual([1, hour]);
      hourPasses();
    }
    expect(refreshes().filter(({ error }) => error !== undefined)).toEqual([]);
  });

  test('is used again where the API refuses the access token before its time', async () => {
    const [one, two] = [instance(), instance()];
    const [first] = [await token(one), await token(two)];
    const proof = await one.proof();
    one.renew(proof);
    const second = await token(one);
    two.renew(await two.proof());
    expect([second === first, (await token(two)) === second, refreshes().length]).toEqual([false, true, 2]);
  });

  test('gives each scope an access token of its own', async () => {
    const all = await token(instance());
    const items = await token(instance(undefined, 'items'));
    expect([items === all, refreshes().length]).toEqual([false, 2]);
    expect([await token(instance(undefined, 'items')), refreshes().length]).toEqual([items, 2]);
  });

  /** Calls of one sign-in: the vault is read; the claim is put and made current; the server is asked; the new token is put and made current. */
  const calls = ['read', 'put the claim', 'move the claim', 'refresh', 'put the token', 'move the token'] as const;
  const deaths = calls.flatMap((call, n) => (['before', 'after'] as const).map((when) => [when, call, n] as const));

  /** All that goes out of a process that dies around its nth request. */
  const dyingAround =
    (nth: number, when: 'before' | 'after') =>
    (network: Network): Network => {
      let sent = 0;
      const dead = () => new Error('the process is dead');
      return {
        limiter: (account) => network.limiter(account),
        kept: (what, id, make) => network.kept(what, id, make),
        async send(request) {
          const n = sent++;
          if (n > nth || (n === nth && when === 'before')) throw dead();
          const answer = await network.send(request);
          if (n < nth) return answer;
          for await (const _ of answer.body);
          throw dead();
        },
      };
    };
  const isLost = (when: string, call: string) =>
    (call === 'refresh' && when === 'after') || call === 'put the token' || (call === 'move the token' && when === 'before');

  test.each(sampled(deaths, 2))('is good for the next process where one died %s “%s”', async (when, call, n) => {
    // Where the only copy of the next one dies, only a server that takes a token again loses nothing.
    server.rotates = !isLost(when, call);
    await expect(token(instance(dyingAround(n, when)))).rejects.toThrow();
    expect(await token(instance())).toMatch(/^Bearer /);
    // And it was as long as the lease of the dead one, at most.
    expect(elapsedMs).toBeLessThanOrEqual(90_000);
  });

  test('that died with a process is named, and a person puts another one in its place', async () => {
    await expect(token(instance(dyingAround(3, 'after')))).rejects.toThrow();
    const next = instance();
    await expect(token(next)).rejects.toMatchObject({
      code: 'HYG-6402',
      tryThis: expect.arrayContaining([`Authorize hygge again, and put the new refresh token into the secret ${name}, as its whole text`]),
    });
    vault.put(name, ` ${await server.refreshToken()}\n`);
    expect(await token(next)).toMatch(/^Bearer /);
    expect(kept()).toContain('refresh_token');
  });

  const losses = calls
    .filter((call) => call !== 'refresh')
    .flatMap((call, n) => (['lost', 'lost after'] as const).map((how) => [how, call, n] as const));

  test.each(sampled(losses, 3))('an answer that is %s to “%s” loses nothing', async (how, _, n) => {
    vault.faults.push(...Array.from({ length: n }, () => 'none' as const), how);
    const first = await token(instance());
    expect(refreshes()).toHaveLength(1);
    expect(await token(instance())).toBe(first);
    hourPasses();
    expect(await token(instance())).not.toBe(first);
  });

  test('is not sent by a process that slept through its lease', async () => {
    const sleepy = instance((network) => ({
      limiter: (account) => network.limiter(account),
      kept: (what, id, make) => network.kept(what, id, make),
      async send(request) {
        const answer = await network.send(request);
        if (request.headers['x-amz-target']?.endsWith('UpdateSecretVersionStage') && refreshes().length === 0) elapsedMs += 50_000;
        return answer;
      },
    }));
    await expect(token(sleepy)).rejects.toMatchObject({ code: 'HYG-3623', transient: true });
    expect(refreshes()).toEqual([]);
    expect(await token(instance())).toMatch(/^Bearer /);
  });

  test('stays in memory while the vault is down, and is kept as soon as it is up', async () => {
    let isDown = false;
    const one = instance((network) => ({
      limiter: (account) => network.limiter(account),
      kept: (what, id, make) => network.kept(what, id, make),
      async send(request) {
        if (isDown && request.url.includes('amazonaws')) throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
        const answer = await network.send(request);
        if (request.url === server.tokenUrl) isDown = true;
        return answer;
      },
    }));
    await expect(token(one)).rejects.toMatchObject({ code: 'HYG-6056' });
    isDown = false;
    const first = await token(one);
    expect([await token(instance()), refreshes().length]).toEqual([first, 1]);
  });

  test('is not sent where the vault would not take the next one', async () => {
    vault.isReadOnly = true;
    await expect(token(instance())).rejects.toMatchObject({
      code: 'HYG-6055',
      tryThis: [expect.stringContaining('secretsmanager:PutSecretValue, secretsmanager:UpdateSecretVersionStage')],
    });
    expect(refreshes()).toEqual([]);
    vault.isReadOnly = false;
    expect(await token(instance())).toMatch(/^Bearer /);
  });

  test('needs a right to the secret, and the host of the vault', () => {
    expect(signInText(auth())).toContain(name);
    expect(requestRequirements({ base_url: 'https://api.example.com/', auth: auth() })).toEqual(
      expect.arrayContaining([
        {
          need: 'role',
          system: 'rest_api',
          doing: ['read', 'write'],
          resource: { arn: `arn:aws:secretsmanager:${region}:*:secret:${name}-*` },
          role: 'secretsmanager:GetSecretValue, secretsmanager:PutSecretValue, secretsmanager:UpdateSecretVersionStage',
        },
        { need: 'host', name: `secretsmanager.${region}.amazonaws.com` },
      ]),
    );
  });
});
