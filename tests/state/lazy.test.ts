import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { node } from '../support/run-hygge.ts';
import { cloudWorkspace, placeOfItsOwn } from '../support/table-state.ts';
import type { TestWorkspace } from '../support/workspace.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const hook = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`;

const azurite = sharedAzurite();

/** The packages that a command loads. */
function packages(
  workspace: TestWorkspace,
  ...args: readonly string[]
): { readonly code: number | null; readonly loaded: ReadonlySet<string> } {
  const watched = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, main, ...args];
  const run = spawnSync(node, watched, { encoding: 'utf8', cwd: workspace.root });
  const loaded = [...run.stderr.matchAll(/^file:.*\/node_modules\/(@[^/]+\/[^/]+|[^/]+)\//gm)].map(([, name = '']) => name);
  return { code: run.status, loaded: new Set(loaded) };
}

const flow = { 'flows/f/flow.yml': 'home: in/a.parquet\nstore: lake\n' };

it('a connection string loads nothing of sign-in, and who only looks at rows no client of blobs', async () => {
  const { connectionString } = await azurite();
  using workspace = cloudWorkspace({ connectionString, ...placeOfItsOwn() }, flow);
  const { code, loaded } = packages(workspace, 'status');
  expect(code).toBe(0);
  expect(loaded).toContain('@azure/data-tables');
  expect(loaded).not.toContain('@azure/identity');
  expect(loaded).not.toContain('@azure/storage-blob');
});
