import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = new TestWorkspace();
});
afterEach(() => workspace[Symbol.dispose]());

const generate = (...args: readonly string[]) => workspace.run(['generate', 'entities', '--flow', 'f', ...args]);
const made = async () => (await readdir(workspace.path('flows/f/entities'))).sort().map((file) => file.replace('.yml', ''));
const text = (name: string) => readFile(workspace.path(`flows/f/entities/${name}.yml`), 'utf8');

describe('hygge generate entities for a system that a manifest describes', () => {
  const keys = { GITHUB_TOKEN: 'a', STRIPE_KEY: 'sk_test_a' };
  const env = Object.entries(keys)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

  test.each([
    ['incremental', ['run_type: full_drop\n', '# run_type: incremental\n']],
    ['full_drop', ['# run_type: full_drop\n', '# run_type: incremental\n']],
  ])('writes those of GitHub, which `check` accepts in a flow with run_type: %s', async (runType, [repos, issues]) => {
    workspace.write({ '.env': env, 'flows/f/flow.yml': `home: { type: github }\nstore: lake\nrun_type: ${runType}\n` });
    const { code, stdout } = await generate();
    expect([code, await made()]).toEqual([
      0,
      ['commits', 'installation_repos', 'issue_comments', 'issues', 'pulls', 'releases', 'repos', 'review_comments'],
    ]);
    expect(stdout).toContain("! org_repos is left out: its path needs `path_params: { org: … }` in the flow's home");
    expect(await text('issues')).toMatch(/^# yaml-language-server.*\nname: issues\n\n# issues, and pull requests as issues\n# one request/);
    expect(await text('issues')).toContain('# not seen: issues that were deleted or transferred\n');
    expect(await text('issues')).toContain(`# Only new rows, by updated_at: the manifest has the watermark.\n${issues}`);
    expect(await text('repos')).toContain(`each run loads everything.\n${repos}`);
    expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  });

  test('writes those that --like asks for, with their parents, and what the flow has values for', async () => {
    workspace.write({ '.env': env, 'flows/f/flow.yml': 'home: { type: github, path_params: { org: acme } }\nstore: lake\n' });
    await generate('--like', 'is*');
    expect(await made()).toEqual(['issue_comments', 'issues', 'repos']);
    expect((await generate('--like', 'org_*')).stdout).toContain('+ flows/f/entities/org_repos.yml');
    expect((await generate()).stdout).toContain('= repos, org_repos, issues, issue_comments are there already');
    expect(await generate('--like', 'x*')).toMatchObject({ code: 2, stderr: expect.stringContaining('has no entity like x*') });
    expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  });

  test('writes those of Stripe, and of a manifest of the workspace by its connection', async () => {
    workspace.write({ '.env': env, 'flows/f/flow.yml': 'home: { type: stripe }\nstore: lake\nrun_type: incremental\n' });
    await generate();
    expect(await text('customers')).toContain('# Only new rows, by its list of events: the manifest has the watermark.');
    expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
    const acme =
      'type: rest_api\nsystem: Acme\nbase_url: https://acme.example\nentities:\n  orders: { endpoint: orders, summary: "a\\nb: c" }\n';
    workspace.write({
      'apis/acme.yml': acme,
      'hygge.yml': 'name: w\nconnections: { shop: { type: acme }, other: { type: sqlite, path: a.db } }\n',
      'flows/g/flow.yml': 'home: { connection: shop }\nstore: lake\n',
    });
    expect(await workspace.run(['generate', 'entities', '-f', 'g'])).toMatchObject({ code: 0 });
    expect(await readFile(workspace.path('flows/g/entities/orders.yml'), 'utf8')).toContain('# a b: c\n');
    expect(await workspace.run(['check'])).toMatchObject({ code: 0 });
  });

  test('looks into a database next to a connection of such a system', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    workspace.write({
      '.env': env,
      'hygge.yml': 'name: w\nconnections: { gh: { type: github }, shop: { type: sqlite, path: shop.db } }\n',
      'flows/f/flow.yml': 'home: { connection: shop }\nstore: lake\n',
    });
    new DatabaseSync(workspace.path('shop.db')).exec('create table orders (id integer primary key)');
    expect(await generate()).toMatchObject({ code: 0, stdout: expect.stringContaining('+ flows/f/entities/orders.yml') });
  });

  test('needs no sign-in', async () => {
    workspace.write({
      'hygge.yml': 'name: w\nconnections: { gh: { type: github } }\n',
      'flows/f/flow.yml': 'home: { connection: gh }\nstore: lake\n',
    });
    expect(await generate('--like', 'repos')).toMatchObject({ code: 0 });
    expect(await made()).toEqual(['repos']);
  });

  test('explains what is wrong with a manifest', async () => {
    workspace.write({ 'apis/acme.yml': 'type: rest_api\nsystm: Acme\n', 'flows/f/flow.yml': 'home: { type: acme }\nstore: lake\n' });
    expect(await generate()).toMatchObject({ code: 2, stderr: expect.stringContaining('apis/acme.yml:2') });
  });
});
