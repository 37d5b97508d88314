import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { noSignIn, type SignInServer, startSignIn } from '../support/apis/sign-in.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noSignIn();

describe.skipIf(problem !== '')(`client credentials of a certified server ${problem}`, () => {
  let server: SignInServer;
  let api: ScriptedApi;
  let before = 0;
  beforeAll(async () => {
    server = await startSignIn();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    Object.assign(server, { rotates: true, asserting: undefined });
    before = server.requests.length;
    api = await scriptedApi(async ({ query, headers }) => {
      if (!(await server.admits(headers.authorization))) return { status: 401 };
      return { body: JSON.stringify({ data: Number(query.page) > 3 ? [] : [{ id: Number(query.page) }] }) };
    });
  });
  afterEach(async () => {
    await api[Symbol.asyncDispose]();
  });
  /** Requests for tokens in this test. */
  const asked = () => server.requests.slice(before);

  test.each(['basic', 'post'] as const)('are shown as %s, and one token is enough for a run', async (way) => {
    using workspace = new TestWorkspace();
    const { id, secret } = server[way];
    const shown = way === 'post' ? 'body' : 'basic';
    const auth = `auth: { type: oauth2, token_url: "${server.tokenUrl}", client_id: ${id}, client_secret: "\${CLIENT_SECRET}", client_auth: ${shown} }`;
    restFlow(workspace, api.url, { home: `records: data\npagination: { type: page, start: 1 }\n${auth}` });
    const { code, stdout } = await inProcess(['go', '--output', 'json'], workspace.root, { CLIENT_SECRET: secret });
    expect([code, stdout]).toEqual([0, expect.not.stringContaining(secret)]);
    expect(await settledRows(workspace)).toEqual(['1', '2', '3']);
    expect(asked().filter(({ error }) => error === undefined)).toHaveLength(1);
  });

  const go = (workspace: TestWorkspace, env: Readonly<Record<string, string>>) =>
    inProcess(['go', '--output', 'json', '-v'], workspace.root, env);
  const flow = (workspace: TestWorkspace, auth: string) =>
    restFlow(workspace, api.url, {
      home: `records: data\npagination: { type: page, start: 1 }\nauth: { type: oauth2, token_url: "${server.tokenUrl}", ${auth} }`,
    });
  /** The API takes the first token for a page, and no more. */
  const refuseFirstToken = () => {
    const listed = api.script;
    api.script = (request) => (request.query.page === '2' && asked().length === 1 ? { status: 401 } : listed(request));
  };
  const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const variable = (name: string) => `"\${${name}}"`;
  const pages = ['1', '2', '3'];

  test('are shown as an assertion that the client signed, a new one for each token', async () => {
    refuseFirstToken();
    using workspace = new TestWorkspace();
    const { id, key } = server.signing;
    flow(workspace, `client_id: ${id}, private_key: ${variable('CLIENT_KEY')}`);
    const { code, stdout, stderr } = await go(workspace, { CLIENT_KEY: pem(key).replaceAll('\n', '\\n') });
    expect([code, await settledRows(workspace)]).toEqual([0, pages]);
    expect(asked().length).toBeGreaterThan(1);
    expect(asked()).toEqual(asked().map(() => ({ grant: 'client_credentials', client: id })));
    expect(stdout + stderr).not.toContain(pem(key).split('\n')[1]);
  });

  test('are not those of another key', async () => {
    using workspace = new TestWorkspace();
    flow(workspace, `client_id: ${server.signing.id}, private_key: ${variable('CLIENT_KEY')}`);
    const { code, stdout } = await go(workspace, { CLIENT_KEY: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey) });
    expect([code, stdout]).toEqual([1, expect.stringContaining('HYG-6402')]);
    expect(stdout).toContain('the server has the public key of auth.private_key');
    expect(stdout).not.toContain('eyJhbGci');
  });

  test('or an assertion of someone else (jwt_bearer), which the server believes once', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    server.asserting = { issuer: 'the app', key: publicKey };
    using workspace = new TestWorkspace();
    const { id, secret } = server.basic;
    const grant = `grant: jwt_bearer, issuer: the app, subject: a person, audience: "${server.issuer}", lifetime: 90s`;
    const client = `client_id: ${id}, client_secret: ${variable('CLIENT_SECRET')}`;
    flow(workspace, `${grant}, ${client}, private_key: ${variable('CLIENT_KEY')}`);
    const env = { CLIENT_SECRET: secret, CLIENT_KEY: pem(privateKey) };
    const { code } = await go(workspace, env);
    expect([code, await settledRows(workspace)]).toEqual([0, pages]);
    expect(server.believed).toEqual([expect.objectContaining({ iss: 'the app', sub: 'a person', aud: server.issuer })]);
    const [{ iat = 0, exp = 0 } = {}] = server.believed;
    expect(exp - iat).toBe(150);

    server.asserting = { issuer: 'another app', key: publicKey };
    const refused = await go(workspace, env);
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('HYG-6402')]);
    expect(refused.stdout).toContain('Check auth.issuer, auth.subject and auth.audience');
    // The server repeats the assertion.
    expect(refused.stdout).toContain('no such assertion: ***');
    expect(filesWith(workspace, 'eyJhbGci')).toEqual([]);
  });

  describe('refresh tokens', () => {
    const client = () =>
      `grant: refresh_token, client_id: ${server.basic.id}, client_secret: ${variable('CLIENT_SECRET')}, refresh_token: ${variable('REFRESH')}`;

    test('that stay give a token as often as one is needed', async () => {
      server.rotates = false;
      refuseFirstToken();
      using workspace = new TestWorkspace();
      flow(workspace, client());
      const env = { CLIENT_SECRET: server.basic.secret, REFRESH: await server.refreshToken() };
      expect([(await go(workspace, env)).code, await settledRows(workspace)]).toEqual([0, pages]);
      expect(asked().length).toBeGreaterThan(1);
      expect((await go(workspace, env)).code).toBe(0);
    });

    test('that change with each use are refused at the first time, before anything is read', async () => {
      using workspace = new TestWorkspace();
      flow(workspace, client());
      const env = { CLIENT_SECRET: server.basic.secret, REFRESH: await server.refreshToken() };
      const { code, stdout } = await go(workspace, env);
      expect([code, stdout]).toEqual([1, expect.stringContaining('HYG-3621')]);
      expect([api.seen, asked().length]).toEqual([[], 1]);
      expect(filesWith(workspace, env.REFRESH)).toEqual([]);
    });

    test('that are over end the run with what to do', async () => {
      using workspace = new TestWorkspace();
      flow(workspace, client());
      const { code, stdout } = await go(workspace, { CLIENT_SECRET: server.basic.secret, REFRESH: 'long-gone' });
      expect([code, stdout]).toEqual([1, expect.stringContaining('invalid_grant')]);
      expect(stdout).toContain('Authorize hygge again');
      expect(stdout).not.toContain('long-gone');
    });
  });
});

/** Files of a workspace that hold a text, also inside of base64, which rows of the journal are in. */
function filesWith(workspace: TestWorkspace, secret: string): readonly string[] {
  const decoded = (text: string) => text.replace(/[A-Za-z0-9+/=]{40,}/g, (part) => `${part} ${Buffer.from(part, 'base64')}`);
  return [...workspace.tree()].filter(([, text]) => decoded(text).includes(secret)).map(([path]) => path);
}
