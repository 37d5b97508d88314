import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type ScriptedApi, type ScriptedRequest, scriptedApi } from '../support/apis/scripted-api.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let api: ScriptedApi;
let other: ScriptedApi;
let workspace: TestWorkspace;
beforeEach(async () => {
  api = await scriptedApi();
  other = await scriptedApi();
  workspace = new TestWorkspace();
});
afterEach(async () => {
  workspace[Symbol.dispose]();
  await api[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

/** As a config names it. */
const named = '$' + '{API_SECRET}';
const secret = 's3cr3t-v4lue';
const page = (...ids: readonly number[]) => JSON.stringify({ data: ids.map((id) => ({ id })) });
const pages = ({ query }: ScriptedRequest) => ({ body: query.page === '1' ? page(1, 2) : query.page === '2' ? page(3) : page() });
const go = () => inProcess(['go', '--output', 'json', '-v'], workspace.root, { API_SECRET: secret });

describe('a request carries what signs in', () => {
  test.each<[string, string, (request: ScriptedRequest) => string | undefined, string]>([
    ['a token', `type: bearer, token: "${named}"`, ({ headers }) => headers.authorization, `Bearer ${secret}`],
    [
      'a user and a password',
      `type: basic, user: me, password: "${named}"`,
      ({ headers }) => headers.authorization,
      `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`,
    ],
    ['a key in a header', `type: api_key, header: X-Key, api_key: "${named}"`, ({ headers }) => String(headers['x-key']), secret],
    ['a key in a parameter', `type: api_key, query: key, api_key: "${named}"`, ({ query }) => query.key, secret],
  ])('%s, and no output shows it', async (_, auth, sent, expected) => {
    api.script = (request) => (sent(request) === expected ? pages(request) : { status: 401, body: `{"message": "not ${sent(request)}"}` });
    restFlow(workspace, api.url, { home: `records: data\npagination: { type: page }\nauth: { ${auth} }` });
    const { code, stdout, stderr } = await go();
    expect([code, `${stdout}${stderr}`]).toEqual([0, expect.not.stringContaining(secret)]);
    api.script = (request) => ({ status: 400, body: JSON.stringify({ message: `you sent ${sent(request)}` }) });
    const failed = await go();
    expect(`${failed.stdout}${failed.stderr}`).not.toContain(secret);
    expect(`${failed.stdout}`).toContain('HYG-3601');
    for (const [path, text] of workspace.tree()) expect([path, text.includes(secret)]).toEqual([path, false]);
  });
});

test('a next page of another origin is asked for only where it is listed, and then without the token', async () => {
  api.script = () => ({ body: JSON.stringify({ data: [{ id: 1 }], next: `${other.url}/more` }) });
  other.script = () => ({ body: JSON.stringify({ data: [{ id: 2 }], next: null }) });
  const home = `records: data\npagination: { type: next_url, at: next }\nauth: { type: bearer, token: "${named}" }`;
  restFlow(workspace, api.url, { home });
  const refused = await go();
  expect(refused.stdout).toContain('HYG-3607');
  expect(other.seen).toEqual([]);
  restFlow(workspace, api.url, { home: `${home}\norigins: ["${other.url}"]` });
  expect((await go()).code).toBe(0);
  expect(await settledRows(workspace)).toEqual(['1', '2']);
  expect(other.seen.map(({ headers }) => headers.authorization)).toEqual(other.seen.map(() => undefined));
});

describe('client credentials', () => {
  const tokens = new Set<string>();
  const auth = () => `auth: { type: oauth2, token_url: "${other.url}/token", client_id: me, client_secret: "${named}", scope: read }`;
  beforeEach(() => {
    tokens.clear();
    other.script = ({ method, headers, body }) => {
      const isKnown = headers.authorization === `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`;
      if (method !== 'POST' || !isKnown || body !== 'grant_type=client_credentials&scope=read')
        return { status: 401, body: '{"error": "invalid_client"}' };
      const token = `t${other.seen.length}`;
      tokens.add(token);
      return { body: JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600 }) };
    };
    api.script = (request) => (tokens.has(String(request.headers.authorization).replace('Bearer ', '')) ? pages(request) : { status: 401 });
  });

  test.each([
    { status: 401 },
    { status: 403, body: '{"message": "The access token has expired."}' },
    { status: 403, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
  ])('give another one where it is refused in the middle with %j', async (refused) => {
    const listed = api.script;
    let ended = false;
    api.script = (request) => {
      if (request.query.page === '2' && !ended) {
        ended = true;
        tokens.clear();
        return refused;
      }
      return listed(request);
    };
    restFlow(workspace, api.url, { home: `records: data\npagination: { type: page }\n${auth()}` });
    expect((await go()).code).toBe(0);
    expect([await settledRows(workspace), other.seen.length]).toEqual([['1', '2', '3'], 2]);
  });

  test('whose token the API never believes end the run after one renewal', async () => {
    api.script = () => ({ status: 401, body: '{"message": "expired"}' });
    restFlow(workspace, api.url, { home: `records: data\npagination: { type: page }\n${auth()}` });
    const { code, stdout } = await go();
    expect([code, stdout]).toEqual([1, expect.stringContaining('HYG-6402')]);
    expect([api.seen.length, other.seen.length]).toEqual([2, 2]);
  });

  test('go to an address that a variable holds', async () => {
    const held = auth().replace(`${other.url}/token`, '$' + '{TOKEN_URL}');
    restFlow(workspace, api.url, { home: `records: data\npagination: { type: page }\n${held}` });
    const env = { API_SECRET: secret, TOKEN_URL: `${other.url}/token` };
    expect((await inProcess(['go', '--output', 'json'], workspace.root, env)).code).toBe(0);
  });
});

test('a private key that can not be used ends the run before anything is sent, and no output shows it', async () => {
  const keyed = `type: oauth2, client_id: me, token_url: "${other.url}/token", private_key: "${named}"`;
  restFlow(workspace, api.url, { home: `auth: { ${keyed} }` });
  const { code, stdout, stderr } = await go();
  expect([code, stdout]).toEqual([1, expect.stringContaining('HYG-3620')]);
  expect(stdout).toContain('auth.private_key is not PEM: it has no -----BEGIN.');
  expect(stdout + stderr).not.toContain(secret);
  expect([api.seen, other.seen]).toEqual([[], []]);
});

describe('keys that do not fit are refused before anything is sent', () => {
  const oauth = 'type: oauth2, client_id: me, token_url: "https://login.example/token"';
  test.each<[string, string, string]>([
    ['no secret and no key', oauth, '`client_secret` is missing'],
    [
      'a secret and private_key_jwt',
      `${oauth}, client_auth: private_key_jwt, client_secret: a, private_key: b`,
      'only without client_auth: private_key_jwt',
    ],
    ['private_key_jwt without a key', `${oauth}, client_auth: private_key_jwt`, '`private_key` is missing'],
    [
      'a key that signs nothing',
      `${oauth}, client_secret: a, private_key: b`,
      'only with grant: jwt_bearer or client_auth: private_key_jwt',
    ],
    ['a refresh token with client credentials', `${oauth}, client_secret: a, refresh_token: b`, 'only with grant: refresh_token'],
    ['a grant of a refresh token without one', `${oauth}, grant: refresh_token`, '`refresh_token` is missing'],
    ['an assertion that nothing signs', `${oauth}, grant: jwt_bearer`, '`private_key` is missing'],
    ['a subject without an assertion', `${oauth}, client_secret: a, subject: b`, 'only with grant: jwt_bearer'],
    [
      'a refresh token in a vault without conditions',
      `${oauth}, grant: refresh_token, client_secret: a, kept_in: { key_vault: shop, name: b }`,
      'Azure Key Vault and Google Secret Manager accept a new version of a secret without a condition',
    ],
    ['a lifetime of days', `${oauth}, grant: jwt_bearer, private_key: a, lifetime: 2d`, '3min or 90s'],
    [
      'a secret that goes unencrypted',
      'type: oauth2, client_id: me, client_secret: a, token_url: "http://login.example/token"',
      'https: a secret is sent there',
    ],
    ['two things that a token of Entra is for', 'type: entra, scope: a, resource: b', 'Either scope or resource'],
    ['a service principal without its tenant', 'type: entra, client_id: a, client_secret: b', '`tenant_id` is missing'],
    ['an app without an installation', 'type: github_app, app_id: 1, private_key: a', 'installation_id'],
  ])('%s', async (_, auth, sentence) => {
    restFlow(workspace, 'https://api.example.com', { home: `auth: { ${auth} }` });
    const { code, stdout } = await go();
    expect([code, stdout]).toEqual([2, expect.stringContaining(sentence)]);
  });
});

test('a token is sent encrypted, or to this machine', async () => {
  restFlow(workspace, 'http://api.example.com', { home: `auth: { type: bearer, token: "${named}" }` });
  const { code, stdout } = await go();
  expect([code, stdout]).toEqual([2, expect.stringContaining('https: a token is sent there')]);
});
