import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type DescribedList, description, type GitHubServer, githubServer, githubToken } from '../support/apis/github/server.ts';
import { duck } from '../support/duck.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

interface ManifestEntity {
  readonly endpoint: string;
  readonly records?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly pagination?: Readonly<Record<string, string>>;
  readonly window?: Readonly<Record<string, string>>;
  readonly types?: Readonly<Record<string, string>>;
  readonly watermark?: { readonly column: string; readonly key: readonly string[] };
}

const manifest = parse(readFileSync(new URL('../../src/apis/manifests/github.yml', import.meta.url), 'utf8')) as {
  readonly defaults: ManifestEntity;
  readonly entities: Readonly<Record<string, ManifestEntity>>;
};

describe(`the manifest of GitHub, by ${description.version}`, () => {
  test.each(Object.entries(manifest.entities))('%s', (_, { endpoint, ...entity }) => {
    const list = description.lists[`/${endpoint.replace('{full_name}', '{owner}/{repo}')}`] as DescribedList;
    expect(list, endpoint).toBeDefined();
    const { params = {}, pagination = {}, window = {}, types = {}, watermark } = entity;
    expect(entity.records).toBe(list.records);
    for (const [name, value] of Object.entries(params)) expect(list.query[name]?.enum, name).toContain(value);
    for (const name of [pagination.param, pagination.size_param ?? 'per_page', window.from].filter((one) => one !== undefined))
      expect(Object.keys(list.query)).toContain(name);
    for (const name of Object.keys(types)) expect(list.fields[name], name).toMatchObject({ type: expect.stringContaining('string') });
    for (const name of Object.keys(types)) expect(list.fields[name]?.format).toBe('date-time');
    for (const name of [watermark?.column, ...(watermark?.key ?? []), pagination.field, pagination.key])
      if (name !== undefined) expect(list.fields[name], name).toMatchObject({ required: true });
  });
});

let github: GitHubServer;
let workspace: TestWorkspace;

const flow = (entities: string, more = '') => ({
  'hygge.yml': `name: test\nconnections: { github: { type: github, base_url: "${github.url}" } }\n`,
  '.env': `GITHUB_TOKEN=${githubToken}\n`,
  'flows/gh/flow.yml': `home: { connection: github }\nstore: lake\n${more}entities:\n${entities}`,
});
const repos = '  - { name: repos, run_type: full_drop }\n';
const issues = '  - { name: issues, run_type: incremental, home: { pagination: { page_size: 3 } } }\n';

beforeEach(async () => {
  github = await githubServer();
  workspace = new TestWorkspace();
  for (const [id, name] of ['acme/shop', 'acme/tools'].entries()) {
    github.put('/user/repos', { id, full_name: name, pushed_at: '2026-01-01T00:00:00Z' });
    github.lists.set(`/repos/${name}/issues`, []);
    for (let i = 0; i < 8; i++) {
      github.nowMs += i % 3 === 0 ? 0 : 1000;
      github.put(`/repos/${name}/issues`, { id: id * 100 + i, title: `issue ${i}`, state: i % 2 ? 'open' : 'closed', closed_at: null });
    }
  }
  github.nowMs += 3_600_000;
});
afterEach(async () => {
  expect(github.wrong).toEqual([]);
  workspace[Symbol.dispose]();
  await github[Symbol.asyncDispose]();
});

/** The rows of a run, which has to pass. */
async function go(...args: readonly string[]): Promise<number> {
  const { code, summary, events } = await here(workspace, 'go', ...args);
  expect([code, ...events.filter(({ event }) => event === 'error')]).toEqual([0]);
  return summary.rows;
}

/** What settled last of each issue. */
async function settled(): Promise<readonly string[]> {
  const files = `read_parquet('${workspace.path('lake/issues/*.parquet')}', union_by_name = true)`;
  const rows = await duck(
    `select repo_id || ' ' || id || ' ' || arg_max(title, updated_at) as one from ${files} group by repo_id, id order by id`,
  );
  return rows.map(({ one }) => String(one));
}

const listed = () =>
  ['acme/shop', 'acme/tools']
    .flatMap((name, repo) =>
      (github.lists.get(`/repos/${name}/issues`) ?? []).map(({ id, title }) => ({ id, one: `${repo} ${id} ${title}` })),
    )
    .sort((a, b) => a.id - b.id)
    .map(({ one }) => one);

test('issues that change while pages are read settle as they are, and none is missed', async () => {
  workspace.write(flow(repos + issues));
  let requests = 0;
  github.between = () => {
    github.nowMs += 1000;
    const id = (requests * 5) % 8;
    github.put(`/repos/acme/${requests++ % 2 ? 'shop' : 'tools'}/issues`, {
      id: id + (requests % 2 ? 100 : 0),
      title: `changed ${requests}`,
    });
  };
  await go();
  expect((await settled()).length).toBeLessThanOrEqual(16);
  github.between = () => {};
  github.nowMs += 3_600_000;
  await go();
  expect(await settled()).toEqual(listed());
});

test('a run that finds nothing new asks for repositories, and twice at most for each, once the window is proven', async () => {
  workspace.write(flow(repos + issues));
  expect(await go()).toBe(18);
  expect(await go('-e', 'gh.issues')).toBe(0);
  github.seen.length = 0;
  expect(await go('-e', 'gh.issues')).toBe(0);
  expect(github.seen.length, github.seen.join('\n')).toBeLessThanOrEqual(5);
});

test('limits are waited for, and a repository that can not be read is told', async () => {
  workspace.write(flow(repos + issues));
  github.secondary = 1;
  github.left = 3;
  github.between = () => {
    github.nowMs += 1000;
    if (github.left === 0) github.left = 100;
  };
  github.lists.delete('/repos/acme/tools/issues');
  const { code, events } = await here(workspace, 'go');
  expect([code, await settled()]).toEqual([0, listed()]);
  expect(JSON.stringify(events)).toContain('404');
});

test('a repository without a commit has no rows, and what a repository lacks is reported in the words of GitHub', async () => {
  workspace.write(flow(`${repos}  - { name: commits, run_type: full_drop }\n`));
  github.put('/repos/acme/shop/commits', { id: 1, sha: 'a' });
  github.lists.set('/repos/acme/tools/commits', []);
  github.refused.set('/repos/acme/tools/commits', { status: 409, message: 'Git Repository is empty.' });
  const { code, summary } = await here(workspace, 'go');
  expect([code, summary.rows, summary.pass]).toEqual([0, 3, 2]);
  github.refused.set('/repos/acme/tools/commits', { status: 404, message: 'Not Found, says the test' });
  const second = await here(workspace, 'go');
  expect([second.code, JSON.stringify(second.events)]).toEqual([0, expect.stringContaining('404: Not Found, says the test')]);
});

test('one repository needs no list of them', async () => {
  const one = '  - { name: issues, home: { from: null, parent: null, parent_key: null, path_params: { full_name: acme/shop } } }\n';
  workspace.write(flow(one));
  expect(await go()).toBe(8);
  const plan = await workspace.run(['go', '--dry-run']);
  expect(plan.stdout).toContain('not seen: issues that were deleted or transferred');
});

const { GITHUB_TOKEN, HYGGE_GITHUB_REPO = '' } = process.env;
test.skipIf(HYGGE_GITHUB_REPO === '')('a real account: GITHUB_TOKEN and HYGGE_GITHUB_REPO are not set', async () => {
  workspace.write({
    '.env': `GITHUB_TOKEN=${GITHUB_TOKEN}\n`,
    'flows/gh/flow.yml': `home: { type: github, from: null, parent: null, parent_key: null, path_params: { full_name: "${HYGGE_GITHUB_REPO}" } }\nstore: lake\nentities: [issues, issue_comments, review_comments, pulls, commits, releases]\n`,
  });
  expect((await here(workspace, 'go')).code).toBe(0);
  expect((await here(workspace, 'go', '-i', '-e', 'gh.issues')).code).toBe(0);
});
