import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { TestWorkspace } from '../../support/workspace.ts';

afterEach(() => void vi.useRealTimers());

test('rows in quarantine of a table are mended in a file, stay as they were where they are not, and leave when they are old', async () => {
  const start = Date.parse('2026-03-01T08:00:00Z');
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: shop\n',
    'flows/shop/flow.yml': `home: { path: "in/{entity}/*.csv", format: csv, types: { id: int64, amount: "decimal(10,2)" } }
store: { type: sqlite, path: lake.db }
entities: [orders]
run_type: incremental
validation: { contract: c.yml, mode: quarantine, keep_quarantined: 30d }
`,
    'c.yml': 'columns: { id: int64, amount: { type: "decimal(10,2)", min: 0 } }\n',
    'in/orders/a.csv': 'id,amount\n1,1.00\n2,-2.00\n3,-3.00\n',
  });
  const hygge = async (command: string, code = 0): Promise<string> => {
    const { code: ended, stdout, stderr } = await workspace.run(command.split(' '));
    expect([command, ended, ended === code ? '' : stdout + stderr]).toEqual([command, code, '']);
    return stdout + stderr;
  };
  const apart = async () => (await workspace.run(['quarantine', 'show', 'shop.orders', '--output', 'json'])).stdout;
  await hygge('go');
  const before = (await apart()).split('\n');
  await hygge('quarantine show shop.orders --to mended.csv');
  workspace.write({ 'mended.csv': readFileSync(workspace.path('mended.csv'), 'utf8').replace('-2.00', '2.00').replace('-3.00', '-4.00') });
  const replay = 'quarantine replay shop.orders --file mended.csv';
  expect(await hygge(replay)).toContain('1 row left the quarantine and settled; 1 mended row still breaks a rule');
  expect((await apart()).split('\n')).toEqual(before.filter((line) => !line.includes('"id":2')));
  expect(await hygge(replay, 1)).toContain('HYG-2112');
  vi.setSystemTime(start + 31 * 24 * 3_600_000);
  workspace.write({ 'in/orders/b.csv': 'id,amount\n5,5.00\n' });
  expect(await hygge('go')).toContain('1 row in quarantine was older than 30d and was removed');
  expect(await apart()).toBe('');
});
