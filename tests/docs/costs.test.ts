import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const page = readFileSync(join(root, 'docs', 'costs.md'), 'utf8');
const blocks = blocksOf(page);
const [, journal = ''] = blocks.filter(({ language }) => language === 'bash').map(({ text }) => text);
const [sql = ''] = blocks.filter(({ language }) => language === 'sql').map(({ text }) => text);

test('the SQL of costs.md counts what the journal has, with the prices that are put into it', async () => {
  using workspace = new TestWorkspace({
    'flows/shop/flow.yml': 'home: "data/{entity}"\nstore: lake/shop\nentities: [orders, customers]\n',
  });
  for (const path of ['data/orders/1.parquet', 'data/customers/1.parquet'])
    await workspace.parquet(path, 'select range as id from range(10)');
  for (const more of [[], ['-e', 'shop.orders']]) expect((await workspace.run(['go', '-d', ...more])).code).toBe(0);
  const [command = '', file = ''] = journal.split(' > ');
  const listed = await workspace.run(command.split(' ').slice(1));
  expect(listed.code).toBe(0);
  workspace.write({ [file]: listed.stdout });
  const seconds = listed.stdout
    .trim()
    .split('\n')
    .reduce((sum, line) => sum + Number(JSON.parse(line).seconds), 0);
  const priced = sql.replace('price_execution = 0.0', 'price_execution = 2.0').replace("'journal.ndjson'", `'${workspace.path(file)}'`);
  const [row] = await duck(...priced.split(/;.*\n/));
  // Two runs: one of two entities with three steps each, one of one.
  expect(row).toMatchObject({ flow: 'shop', runs: '2', executions: String(2 * (2 + 6) + 2 * (2 + 3)), most_cost: 52 });
  expect(Number(row?.most_gb_seconds)).toBeCloseTo(2 * seconds, 0);
  expect(Number(row?.least_gb_seconds)).toBeLessThanOrEqual(Number(row?.most_gb_seconds) + 0.1);
});
