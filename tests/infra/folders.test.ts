// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const store = (container: string) => `abfss://${container}@northwind.dfs.core.windows.net/out`;
const infra =
  'subscription: 11111111-1111-1111-1111-111111111111\nregion: westeurope\nresource_group: northwind-prod\naccounts: { northwind: { resource_group: lake } }\n';
const workspaceOf = (name: string): Readonly<Record<string, string>> => ({
  [`${name}/hygge.yml`]: `name: ${name}\n`,
  [`${name}/flows/crm/flow.yml`]: `home: ${store('landing')}\nstore: ${store(name)}\n`,
  [`${name}/infra/prod.yml`]: infra,
  [`${name}/infra/dev.yml`]: infra,
});
const render = ['infra', 'render', 'azure', '--target', 'prod', '--out'];

test('--out follows -C: two workspaces that are rendered from above have a folder each, and their plans find it', async () => {
  using above = new TestWorkspace({ ...workspaceOf('north'), ...workspaceOf('south') });
  for (const name of ['north', 'south']) {
    const made = await above.run([...render, 'out/prod', '-C', name]);
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain(`${name}/out/prod/apps.bicep`);
  }
  expect(existsSync(above.path('out'))).toBe(false);
  for (const name of ['north', 'south']) {
    expect((await above.run(['infra', 'plan', '--target', 'prod', '--check', '-C', name])).code).toBe(0);
    expect((await above.run(['infra', 'plan', '--target', 'prod', '--check', '--out', 'out/prod', '-C', name])).code).toBe(0);
  }
  above.write({ 'north/infra/prod.yml': infra.replace('lake', 'other') });
  const { code, stdout } = await above.run(['infra', 'plan', '--target', 'prod', '--check', '-C', 'north']);
  expect(code).toBe(1);
  const [, advised = ''] = /hygge (infra render .*)/.exec(stdout) ?? [];
  expect((await above.run([...advised.split(' '), ...(advised.includes('-C') ? [] : ['-C', 'north'])])).code).toBe(0);
  expect((await above.run(['infra', 'plan', '--target', 'prod', '--check', '-C', 'north'])).code).toBe(0);
});

test('a folder with the templates of another workspace, target or cloud is refused, also with --force', async () => {
  using above = new TestWorkspace({ ...workspaceOf('north'), ...workspaceOf('south') });
  expect((await above.run([...render, '../shared', '-C', 'north'])).code).toBe(0);
  const before = above.tree();
  const others = [
    [...render, '../shared', '-C', 'south'],
    [...render, '../shared', '-C', 'south', '--force'],
    ['infra', 'render', 'azure', '--target', 'dev', '--out', '../shared', '-C', 'north'],
  ];
  for (const args of others) {
    const { code, stderr } = await above.run(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('HYG-1135')]);
    expect(stderr).toContain('shared contains the templates of north in prod (azure).');
    expect(above.tree()).toEqual(before);
  }
});

test('a folder that an older hygge rendered is taken', async () => {
  using above = new TestWorkspace(workspaceOf('north'));
  expect((await above.run([...render, 'out', '-C', 'north'])).code).toBe(0);
  const { of: _, ...older } = JSON.parse(readFileSync(above.path('north/out/.rendered.json'), 'utf8'));
  above.write({ 'north/out/.rendered.json': JSON.stringify(older) });
  expect((await above.run([...render, 'out', '-C', 'north'])).code).toBe(0);
});

test('explain knows a target that infra/<target>.yml alone makes, with its variables', async () => {
  const files = {
    ...workspaceOf('north'),
    'north/flows/crm/flow.yml': `home: "abfss://landing@\${ACCOUNT}.dfs.core.windows.net/out"\nstore: ${store('north')}\n`,
    'north/infra/prod.yml': `${infra}variables: { ACCOUNT: eastwind }\n`,
  };
  using above = new TestWorkspace(files);
  const told = await above.run(['infra', 'explain', '--target', 'prod', '-C', 'north']);
  expect([told.code, told.stderr]).toEqual([0, '']);
  expect(told.stdout).toContain('eastwind');
  expect((await above.run(['infra', 'explain', '--target', 'nowhere', '-C', 'north'])).code).toBe(2);
});
