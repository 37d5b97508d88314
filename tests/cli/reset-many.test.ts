import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { hold, hygge } from './workspace.ts';

const flowOf = (name: string) =>
  `home: in/{entity}.parquet\nstore: lake/${name}\nrun_type: incremental\nwatermark: { column: id }\nentities: [a, b]\n`;
const rows = (from: number, to: number) => `select range as id, 'n' || range as name from range(${from}, ${to})`;

/** Two flows of two entities each, settled; then their state is lost, and rows come. */
async function lost(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/shop/flow.yml': flowOf('shop'), 'flows/crm/flow.yml': flowOf('crm') });
  for (const name of ['a', 'b']) await workspace.parquet(`in/${name}.parquet`, rows(0, 100));
  expect((await hygge(['go'], workspace.root)).code).toBe(0);
  rmSync(workspace.path('.hygge'), { recursive: true });
  for (const name of ['a', 'b']) await workspace.parquet(`in/${name}.parquet`, rows(0, 120));
  expect((await hygge(['go'], workspace.root)).code).toBe(1);
  return workspace;
}

async function adopted(workspace: TestWorkspace, ...which: readonly string[]) {
  const { code, stdout } = await hygge(['reset', ...which, '--adopt', '--yes', '--output', 'json'], workspace.root);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const all = lines.map((line) => JSON.parse(line) as { flow: string; entity: string; watermark?: string; error?: { code: string } });
  return { code, all: all.map(({ flow, entity, watermark, error }) => `${flow}.${entity} ${error?.code ?? watermark}`) };
}

test('reset --adopt takes over a flow, entities by name, or all of them, each with its own line', async () => {
  using workspace = await lost();
  expect(await adopted(workspace, '-f', 'shop')).toEqual({ code: 0, all: ['shop.a 99', 'shop.b 99'] });
  expect(await adopted(workspace, '-e', 'crm.b')).toEqual({ code: 0, all: ['crm.b 99'] });
  expect(await adopted(workspace, '--all')).toEqual({ code: 0, all: ['crm.a 99', 'crm.b 99', 'shop.a 99', 'shop.b 99'] });
  expect((await hygge(['go'], workspace.root)).code).toBe(0);
  for (const flow of ['shop', 'crm'])
    for (const entity of ['a', 'b'])
      expect((await workspace.settled(`lake/${flow}`, flow, entity)).map((row) => Number(row.id)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 120 }, (_, i) => i),
      );
});

test('what one of them cannot does not stop the others, and is told with its code', async () => {
  using workspace = await lost();
  rmSync(workspace.path('lake/shop'), { recursive: true });
  await hold(workspace.root, { flow: 'crm', entity: 'a' });
  expect(await adopted(workspace, '--all')).toEqual({
    code: 1,
    all: ['crm.a HYG-2001', 'crm.b 99', 'shop.a HYG-2017', 'shop.b HYG-2017'],
  });
  expect((await adopted(workspace, '-e', 'crm.a')).code).toBe(3);
  const { stdout } = await hygge(['reset', '--all', '--adopt', '--yes'], workspace.root);
  expect(stdout).toMatch(/✗ crm\.a {2}HYG-2001[\s\S]*hygge reset crm\.a --adopt --take-over/);
  expect(stdout).toContain('1 entity of 4 reset.');
});

test('no reset of everything comes of an option that was left out', async () => {
  using workspace = new TestWorkspace({ 'flows/shop/flow.yml': flowOf('shop'), 'flows/crm/flow.yml': flowOf('crm') });
  for (const which of [[], ['shop.a', '-f', 'crm'], ['shop.a', '--all'], ['-f', 'shop', '--all']]) {
    const { code, stderr } = await hygge(['reset', ...which, '--adopt', '--yes'], workspace.root);
    expect([which, code, stderr]).toEqual([which, 2, expect.stringContaining('hygge reset --all')]);
  }
  const one = await hygge(['reset', '-f', 'shop', '--adopt', '--watermark', '50', '--yes'], workspace.root);
  expect([one.code, one.stderr]).toEqual([2, expect.stringContaining('--watermark is for one entity, but this selects 2 entities.')]);
  const unasked = await hygge(['reset', '-f', 'shop', '--adopt'], workspace.root);
  expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('hygge reset -f shop --adopt --yes')]);
});
