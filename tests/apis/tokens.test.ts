import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Auth } from '../../src/apis/requests/auth-config.ts';
import { secretsIn, withoutSecrets } from '../../src/apis/requests/config.ts';
import { requestRequirements, signInText } from '../../src/apis/requests/requirements.ts';
import { signInOf } from '../../src/apis/requests/sign-in.ts';
import { Secret } from '../../src/ports/secret.ts';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { jose, noSignIn } from '../support/apis/sign-in.ts';
import { testNetwork } from '../support/test-network.ts';

const base_url = 'https://api.example.com/v1/';
const secret = 's3cr3t/v4lue';
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

let server: ScriptedApi;
let nowMs = 0;
beforeEach(async () => {
  nowMs = 0;
  server = await scriptedApi();
});
afterEach(() => server[Symbol.asyncDispose]());

/** A clock that stands still until a test moves it. @param aheadMs of that of the server. */
const clockOf = (aheadMs = 0) => ({
  now: () => new Date(Date.now() + aheadMs + nowMs).toISOString(),
  monotonicMs: () => nowMs,
  sleep: async () => undefined,
});
const ofClient = (more: object = {}): Auth =>
  ({
    ...{
      type: 'oauth2',
      grant: 'client_credentials',
      token_url: `${server.url}/token`,
      client_id: 'me',
      client_secret: new Secret(secret),
    },
    ...more,
  }) as Auth;
const signIn = (auth: Auth, clock = clockOf()) => signInOf({ auth, base_url }, { network: testNetwork, clock });
const given = (answer: object) => ({ body: JSON.stringify(answer) });

describe('a token', () => {
  test.each<[unknown, number]>([
    [3600, 3_570_000],
    ['3600', 3_570_000],
    [40, 20_000],
    [undefined, 3_570_000],
    ['an hour', 3_570_000],
    [0, 3_570_000],
    [-1, 3_570_000],
  ])('whose life is %j is renewed after %i ms', async (expires_in, untilMs) => {
    server.script = () => given({ access_token: `t${server.seen.length}`, expires_in });
    const shown = signIn(ofClient());
    await shown.proof();
    nowMs = untilMs - 1;
    expect((await shown.proof()).headers.authorization).toBe('Bearer t1');
    nowMs = untilMs;
    expect((await shown.proof()).headers.authorization).toBe('Bearer t2');
  });

  test('that ends before its answer is there is used once, and the next request asks again', async () => {
    server.script = () => {
      nowMs += 5_000;
      return given({ access_token: `t${server.seen.length}`, expires_in: 1 });
    };
    const shown = signIn(ofClient());
    expect([(await shown.proof()).headers.authorization, (await shown.proof()).headers.authorization]).toEqual(['Bearer t1', 'Bearer t2']);
    expect(server.seen).toHaveLength(2);
  });

  test('that the API refuses is asked for once, for all who were refused and all who wait', async () => {
    server.script = () => given({ access_token: `t${server.seen.length}`, expires_in: 3600 });
    const shown = signIn(ofClient());
    const first = await Promise.all([1, 2, 3].map(() => shown.proof()));
    expect(first.map((proof) => shown.renew(proof))).toEqual([true, true, true]);
    const second = await Promise.all([1, 2, 3].map(() => shown.proof()));
    // One that was refused for the old token comes late.
    expect(shown.renew(first[0] ?? (second[0] as never))).toBe(true);
    expect([(await shown.proof()).headers.authorization, server.seen.length]).toEqual(['Bearer t2', 2]);
  });

  test('is shared by entities that sign in alike, and by none with another secret', async () => {
    server.script = () => given({ access_token: `t${server.seen.length}`, expires_in: 3600 });
    const all = [ofClient(), ofClient(), ofClient({ client_secret: new Secret('another') })].map((auth) => signIn(auth));
    const shown = await Promise.all(all.map(async (one) => (await one.proof()).headers.authorization));
    expect([shown[0] === shown[1], shown[0] === shown[2], server.seen.length]).toEqual([true, false, 2]);
  });

  test.each<[string, number, string, string]>([
    ['trouble of the server', 400, '{"error": "temporarily_unavailable"}', 'HYG-6402'],
    ['an answer without one', 200, '{}', 'HYG-6404'],
  ])('that could not be had for %s is asked for again by the next request', async (_, status, body, code) => {
    server.script = ({ number }) => (number === 1 ? { status, body } : given({ access_token: 't', expires_in: 60 }));
    const shown = signIn(ofClient());
    await expect(shown.proof()).rejects.toMatchObject({ code });
    expect((await shown.proof()).headers.authorization).toBe('Bearer t');
  });

  test.each<[string, number, string]>([
    ['a wrong password', 401, '{"error": "invalid_client"}'],
    ['an ended grant', 400, '{"error": "invalid_grant"}'],
    ['a refusal with status 200', 200, '{"error": "invalid_scope"}'],
  ])('that is refused for %s is asked for once in ten minutes, whoever waits', async (_, status, body) => {
    server.script = () => ({ status, body });
    const all = [ofClient(), ofClient(), ofClient()].map((auth) => signIn(auth));
    const refusals = () => Promise.all(all.map((one) => one.proof().catch((error: unknown) => error)));
    expect(await refusals()).toEqual(all.map(() => expect.objectContaining({ code: 'HYG-6402' })));
    nowMs = 599_999;
    expect(await refusals()).toEqual(all.map(() => expect.objectContaining({ code: 'HYG-6402' })));
    expect(server.seen).toHaveLength(1);
    nowMs = 600_000;
    server.script = () => given({ access_token: 't', expires_in: 60 });
    expect((await all[1]?.proof())?.headers.authorization).toBe('Bearer t');
  });

  test.each<[string, string, string, RegExp]>([
    ['no token', '{"token": "t"}', 'HYG-6404', /no access_token/],
    ['nothing', '', 'HYG-6404', /no access_token/],
    ['a page of HTML', '<html>Sign in</html>', 'HYG-6404', /no access_token/],
    ['a token with a line break', '{"access_token": "a\\nb"}', 'HYG-6404', /access_token is not valid/],
    ['a token that is an object', '{"access_token": {}}', 'HYG-6404', /no access_token/],
    ['an error', '{"error": "invalid_scope"}', 'HYG-6402', /invalid_scope/],
  ])('%s with status 200 ends the run', async (_, body, code, why) => {
    server.script = () => ({ body });
    await expect(signIn(ofClient()).proof()).rejects.toMatchObject({ code, why: [expect.stringMatching(why)] });
  });
});

describe('a refresh token', () => {
  const refreshing = () => signIn(ofClient({ grant: 'refresh_token', refresh_token: new Secret('r3fr3sh-1') }));

  test('in place of which the server gives another one ends the run, which has no place to keep it', async () => {
    server.script = () => given({ access_token: 't', token_type: 'Bearer', expires_in: 3600, refresh_token: 'r3fr3sh-2' });
    const refused = await refreshing()
      .proof()
      .catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({
      code: 'HYG-3621',
      what: `${server.url} returned a new refresh token, and hygge has no place to store it.`,
      tryThis: expect.arrayContaining([expect.stringContaining('kept_in')]),
    });
    expect(JSON.stringify(refused)).not.toContain('r3fr3sh');
    expect(server.seen.map(({ body }) => new URLSearchParams(body).get('refresh_token'))).toEqual(['r3fr3sh-1']);
  });

  test.each([
    ['the same one', 'r3fr3sh-1'],
    ['none', undefined],
  ])('with which the server gives %s signs in', async (_, refresh_token) => {
    server.script = () => given({ access_token: 't', token_type: 'Bearer', expires_in: 3600, refresh_token });
    expect((await refreshing().proof()).headers.authorization).toBe('Bearer t');
  });
});

describe('a refusal says what to check', () => {
  const refresh = () => ofClient({ grant: 'refresh_token', refresh_token: new Secret('r3fr3sh'), client_secret: undefined });
  const assertion = () => ofClient({ grant: 'jwt_bearer', private_key: pem, client_secret: undefined, subject: 'her' });
  const keyed = () => ofClient({ private_key: pem, client_secret: undefined });
  test.each<[string, () => Auth, RegExp]>([
    ['invalid_client', ofClient, /auth\.client_id and auth\.client_secret/],
    ['invalid_client', () => ofClient({ client_auth: 'body' }), /auth\.client_auth: basic/],
    ['invalid_client', keyed, /auth\.client_audience/],
    ['invalid_client', refresh, /expects auth\.client_secret/],
    ['invalid_grant', refresh, /Authorize hygge again/],
    ['invalid_grant', assertion, /has approved the client/],
    ['unauthorized_client', assertion, /urn:ietf:params:oauth:grant-type:jwt-bearer/],
    ['unsupported_grant_type', ofClient, /client_credentials/],
    ['invalid_scope', ofClient, /auth\.scope/],
    ['odd', ofClient, /auth\.token_url/],
  ])('%s', async (error, auth, check) => {
    server.script = ({ headers, body }) => ({
      status: 400,
      // Servers repeat what they were sent.
      body: JSON.stringify({ error, error_description: `no ${headers.authorization} ${decodeURIComponent(body)}` }),
    });
    const refused = await signIn(auth())
      .proof()
      .catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({
      code: 'HYG-6402',
      why: [`400 ${error}.`],
      tryThis: expect.arrayContaining([expect.stringMatching(check)]),
    });
    const words = JSON.stringify(refused);
    expect(words).toContain('The server says: no ');
    for (const hidden of [secret, encodeURIComponent(secret), btoa(`me:${encodeURIComponent(secret)}`), 'r3fr3sh', 'eyJ'])
      expect(words).not.toContain(hidden);
  });
});

describe.skipIf(noSignIn() !== '')(`an assertion ${noSignIn()}`, () => {
  test.each([-3_600_000, 3_600_000])('is made by the clock of the server where ours is %i ms off', async (aheadMs) => {
    const { jwtVerify } = await jose();
    server.script = async ({ body }) => {
      const form = new URLSearchParams(body);
      try {
        const { payload } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
          issuer: 'me',
          audience: 'https://login.example',
          requiredClaims: ['exp'],
        });
        if ((payload.iat ?? 0) * 1000 > Date.now()) throw new Error('iat');
      } catch {
        return { status: 400, body: '{"error": "invalid_grant"}' };
      }
      return given({ access_token: `t${server.seen.length}`, expires_in: 60 });
    };
    const shown = signIn(
      ofClient({ grant: 'jwt_bearer', client_secret: undefined, private_key: pem, audience: 'https://login.example', subject: 'her' }),
      clockOf(aheadMs),
    );
    expect((await shown.proof()).headers.authorization).toBe('Bearer t2');
    nowMs = 60_000;
    expect((await shown.proof()).headers.authorization).toBe('Bearer t3');
    expect(server.seen.map(({ body }) => [...new URLSearchParams(body).keys()])).toEqual(
      server.seen.map(() => ['grant_type', 'assertion', 'client_id']),
    );
  });

  test('is not made twice where the clocks agree and the server refuses it', async () => {
    server.script = () => ({ status: 400, body: '{"error": "invalid_grant"}' });
    await expect(signIn(ofClient({ grant: 'jwt_bearer', private_key: pem })).proof()).rejects.toMatchObject({ code: 'HYG-6402' });
    expect(server.seen).toHaveLength(1);
  });
});

test('secrets are hidden however deep they are, the longest first', () => {
  const config = { a: new Secret('abc'), list: [{ b: new Secret('abcdef/') }], n: null, text: 'abc' };
  expect(secretsIn(config)).toEqual(['abc', 'abcdef/']);
  expect(withoutSecrets('abcdef/ abcdef%2F abc xyz', secretsIn(config))).toBe('*** *** *** xyz');
  // As JSON repeats them, that of PHP as well.
  const key = 's3k/ret+x="q';
  for (const written of [JSON.stringify(key), JSON.stringify(key).replaceAll('/', '\\/')])
    expect(withoutSecrets(written, [key])).toBe('"***"');
});

test('what a sign-in needs, and its name', () => {
  const app: Auth = { type: 'github_app', app_id: '1', installation_id: '2', private_key: pem };
  const workload: Auth = { type: 'entra', credential: 'workload_identity' };
  const keyed: Auth = ofClient({
    private_key: pem,
    client_secret: undefined,
    grant: 'jwt_bearer',
    token_url: 'https://login.example:8443/token',
  });
  expect([app, workload, keyed].map((auth) => [signInText(auth), requestRequirements({ base_url, auth })])).toEqual([
    [
      'github_app: app 1, installation 2',
      [
        { need: 'host', name: 'api.example.com' },
        { need: 'secret', name: 'private_key' },
      ],
    ],
    [
      'entra: workload_identity',
      [
        { need: 'host', name: 'api.example.com' },
        { need: 'host', name: 'login.microsoftonline.com' },
        { need: 'environment', name: 'AZURE_FEDERATED_TOKEN_FILE' },
      ],
    ],
    [
      'oauth2: signed assertion',
      [
        { need: 'host', name: 'api.example.com' },
        { need: 'host', name: 'login.example', port: 8443 },
        { need: 'secret', name: 'private_key' },
      ],
    ],
  ]);
});
