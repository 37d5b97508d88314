import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { noSignIn, type SignInServer, startSignIn } from '../support/apis/sign-in.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noSignIn();

describe.skipIf(problem !== '')(`client credentials of a certified server ${problem}`, () => {
  let server: SignInServer;
  let api: ScriptedApi;
  beforeEach(async () => {
    server = await startSignIn();
    api = await scriptedApi(async ({ query, headers }) => {
      if (!(await server.admits(headers.authorization))) return { status: 401 };
      return { body: JSON.stringify({ data: Number(query.page) > 3 ? [] : [{ id: Number(query.page) }] }) };
    });
  });
  afterEach(async () => {
    await api[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test.each(['basic', 'post'] as const)('are shown as %s, and one token is enough for a run', async (way) => {
    using workspace = new TestWorkspace();
    const { id, secret } = server[way];
    const send = way === 'post' ? 'body' : 'basic';
    const auth = `auth: { type: oauth2, token_url: "${server.tokenUrl}", client_id: ${id}, client_secret: "\${CLIENT_SECRET}", send: ${send} }`;
    restFlow(workspace, api.url, { home: `records: data\npagination: { type: page }\n${auth}` });
    const { code, stdout } = await inProcess(['go', '--output', 'json'], workspace.root, { CLIENT_SECRET: secret });
    expect([code, stdout]).toEqual([0, expect.not.stringContaining(secret)]);
    expect(await settledRows(workspace)).toEqual(['1', '2', '3']);
    expect(server.requests.filter(({ error }) => error === undefined)).toHaveLength(1);
  });

  test('of a token that lives for two seconds are shown again before it ends', async () => {
    server.lifetimeSeconds = 2;
    using workspace = new TestWorkspace();
    const { id, secret } = server.basic;
    const auth = `auth: { type: oauth2, token_url: "${server.tokenUrl}", client_id: ${id}, client_secret: "\${CLIENT_SECRET}" }`;
    restFlow(workspace, api.url, { home: `records: data\npagination: { type: page }\nrate_limit: 2/s\n${auth}` });
    const { code } = await inProcess(['go', '--output', 'json'], workspace.root, { CLIENT_SECRET: secret });
    expect(code).toBe(0);
    expect(await settledRows(workspace)).toEqual(['1', '2', '3']);
    expect(server.requests.length).toBeGreaterThan(1);
  });
});
