import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const adls = 'abfss://lake@northwind.dfs.core.windows.net';

async function made(lake: string) {
  const workspace = new TestWorkspace({});
  const run = await workspace.run(['init', 'w', '--cloud', lake]);
  const read = (path: string) => readFileSync(workspace.path('w', path), 'utf8');
  return { ...run, read, hygge: (...args: readonly string[]) => workspace.run(['-C', 'w', ...args]), workspace };
}

test.each([
  ['Data Lake Storage', `${adls}/`, 'account_url: https://northwind.table.core.windows.net'],
  ['OneLake', 'onelake://Sales/bronze/Files/northwind', 'path: "onelake://Sales/bronze/Files/northwind/state"'],
])('a workspace in %s is valid as it is, and nothing of it is on this machine', async (_, lake, state) => {
  const at = await made(lake);
  using _workspace = at.workspace;
  expect([at.code, at.stdout]).toEqual([0, expect.stringContaining('hygge infra init --target prod')]);
  expect(at.read('hygge.yml')).toContain(state);
  const checked = await at.hygge('check');
  expect([checked.code, checked.stderr]).toEqual([0, '']);
  const explained = await at.hygge('infra', 'explain');
  expect(explained.code).toBe(0);
});

test('is rendered for Azure once the target is filled in', async () => {
  const at = await made(adls);
  using _workspace = at.workspace;
  expect((await at.hygge('infra', 'init', '--target', 'prod')).code).toBe(0);
  const file = at.workspace.path('w', 'infra/prod.yml');
  const filled = readFileSync(file, 'utf8')
    .replace('subscription: ""', 'subscription: 11111111-1111-1111-1111-111111111111')
    .replaceAll('resource_group: ""', 'resource_group: northwind-prod');
  writeFileSync(file, filled);
  const rendered = await at.hygge('infra', 'render', 'azure', '--target', 'prod', '--out', 'out/prod');
  expect([rendered.code, rendered.stderr]).toEqual([0, '']);
});

test.each([
  ['a folder of this machine', ['--cloud', 'lake'], 'needs the URL of a lake or bucket'],
  ['a signature', ['--cloud', 'https://northwind.dfs.core.windows.net/lake?sv=2024&sig=c4n4ry-of-a-signature'], 'without a signature'],
  ['an example', ['--cloud', adls, '--example'], 'cannot be used with'],
])('is refused: %s', async (_, args, why) => {
  using workspace = new TestWorkspace({});
  const { code, stdout, stderr } = await workspace.run(['init', 'w', ...args]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
  expect(stderr).not.toContain('c4n4ry');
});
