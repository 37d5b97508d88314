import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { everyFile, exampleWorkspace, hygge } from './workspace.ts';

async function lake(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-lake-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

it('a second workspace on one destination is told where the first one keeps its state', async () => {
  await using shared = await lake();
  await using first = await exampleWorkspace();
  await using second = await exampleWorkspace();
  const go = ['go', '-e', 'shop.orders', '--var', `flow.shop.store.path=${shared.folder}`];
  expect((await hygge(go, first.root)).code).toBe(0);
  const settled = await everyFile(shared.folder);

  const refused = await hygge(go, second.root);

  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain('HYG-2016');
  expect(refused.stdout).toContain(`filled by a hygge that keeps its state in files ${first.root}/.hygge/state on ${hostname()}`);
  expect(refused.stdout).toContain(`${second.root}/.hygge/state`);
  expect(await everyFile(shared.folder)).toEqual(settled);
  expect((await hygge(go, first.root)).stdout).toContain('SKIP=1');
});

it('a workspace whose own state is gone is told so, and not to look elsewhere', async () => {
  await using workspace = await exampleWorkspace();
  await hygge(['go', '-e', 'shop.orders'], workspace.root);
  await rm(join(workspace.root, '.hygge/state'), { recursive: true });

  const stopped = await hygge(['go', '-e', 'shop.orders'], workspace.root);

  expect(stopped.stdout).toContain('HYG-2002');
  expect(stopped.stdout).toContain('its state is gone');
});
