import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signInOf } from '../../src/apis/requests/sign-in.ts';
import { Secret } from '../../src/ports/secret.ts';
import { type GitHubApp, gitHubApp } from '../support/apis/github-app.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { noSignIn } from '../support/apis/sign-in.ts';
import { inProcess } from '../support/in-process.ts';
import { testNetwork } from '../support/test-network.ts';
import { TestWorkspace } from '../support/workspace.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

describe.skipIf(noSignIn() !== '')(`an installation of a GitHub App ${noSignIn()}`, () => {
  let github: GitHubApp;
  let api: ScriptedApi;
  beforeEach(async () => {
    github = gitHubApp({ appId: '12345', installationId: '678', key: publicKey });
    api = await scriptedApi(async (request) => {
      const { page } = request.query;
      return (await github.answer(request)) ?? { body: JSON.stringify(Number(page) >= 3 ? [] : [{ id: Number(page) }]) };
    });
  });
  afterEach(() => api[Symbol.asyncDispose]());

  const go = (workspace: TestWorkspace, installation = 678, command = 'go') => {
    const auth = `auth: { type: github_app, app_id: 12345, installation_id: ${installation}, private_key: "\${APP_KEY}" }`;
    restFlow(workspace, api.url, { home: `pagination: { type: page, start: 1 }\n${auth}` });
    const args = command === 'go' ? [command, '--output', 'json', '-v'] : [command, '--no-color'];
    return inProcess(args, workspace.root, { APP_KEY: pem.replaceAll('\n', '\\n') });
  };
  const asked = () => api.seen.filter(({ method }) => method === 'POST').length;

  test('reads by one token, which no output shows', async () => {
    using workspace = new TestWorkspace();
    const { code, stdout, stderr } = await go(workspace);
    expect([code, await settledRows(workspace), asked()]).toEqual([0, ['1', '2'], 1]);
    const [token = ''] = github.tokens.keys();
    for (const secret of [token, 'eyJhbGci', pem.split('\n')[1] ?? '']) expect(stdout + stderr).not.toContain(secret);
  });

  test('reads on by another one where the token ends in the middle', async () => {
    using workspace = new TestWorkspace();
    const listed = api.script;
    api.script = (request) => {
      if (request.query.page === '2' && github.tokens.size === 1) github.tokens.set([...github.tokens.keys()][0] ?? '', 0);
      return listed(request);
    };
    expect((await go(workspace)).code).toBe(0);
    expect([await settledRows(workspace), asked()]).toEqual([['1', '2'], 2]);
  });

  test('is named by debug, with how it signs in', async () => {
    using workspace = new TestWorkspace();
    const { code, stdout } = await go(workspace, 678, 'debug');
    expect([code, stdout]).toEqual([0, expect.stringContaining('signs in (github_app: app 12345, installation 678)')]);
    expect(stdout).toMatch(/secret\s+APP_KEY \(private_key\)/);
  });

  test('that is not there ends the run', async () => {
    using workspace = new TestWorkspace();
    const { code, stdout } = await go(workspace, 679);
    expect([code, stdout]).toEqual([1, expect.stringContaining('Check auth.installation_id')]);
    expect(stdout).not.toContain('eyJhbGci');
  });

  test.each([
    ['behind', -3_600_000],
    ['ahead of', 3_600_000],
  ])('signs in where our clock is an hour %s that of GitHub, by its own', async (_, skewMs) => {
    let elapsedMs = 0;
    const clock = {
      now: () => new Date(Date.now() + skewMs + elapsedMs).toISOString(),
      monotonicMs: () => elapsedMs,
      sleep: async () => undefined,
    };
    github.nowMs = () => Date.now() + elapsedMs;
    const auth = { type: 'github_app', app_id: '12345', installation_id: '678', private_key: new Secret(pem) } as const;
    const signIn = signInOf({ auth, base_url: `${api.url}/api/v3/` }, { network: testNetwork, clock });
    const proofs = await Promise.all([signIn.proof(), signIn.proof(), signIn.proof()]);
    expect(new Set(proofs).size).toBe(1);
    expect(api.seen.map(({ path }) => path)).toEqual([1, 2].map(() => '/api/v3/app/installations/678/access_tokens'));
    // Half a minute before the hour is over.
    elapsedMs = 3_560_000;
    expect(await signIn.proof()).toBe(proofs[0]);
    elapsedMs = 3_571_000;
    expect(await signIn.proof()).not.toBe(proofs[0]);
    // By now the time of GitHub is known.
    expect(asked()).toBe(3);
  });
});
