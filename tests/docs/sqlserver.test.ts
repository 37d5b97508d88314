import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { storeServed } from '../databases/sqlserver/support.ts';
import { ChangeTracking, trackedDatabase } from '../support/sqlserver-changes.ts';
import type { Value } from '../support/tds/values.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const blocks = ['sqlserver', 'sqlserver-writing'].flatMap((name) =>
  blocksOf(readFileSync(join(import.meta.dirname, '..', '..', 'docs', `${name}.md`), 'utf8')),
);

test('the examples of the pages about SQL Server run as they are, except for the account', async () => {
  const rowOf = (id: number): Value[] => [String(id), Buffer.from(id.toString(16).padStart(16, '0'), 'hex')];
  const tables = ['orders', 'customers'].map((name) => ({
    ...{ name: `sales.${name}`, columns: { id: 'int not null', row_version: 'rowversion not null' }, keys: ['id'] },
    rows: [rowOf(1), rowOf(2)],
  }));
  const tracking = new ChangeTracking(7);
  tracking.retention = undefined;
  tracking.may = false;
  const memory = trackedDatabase(tracking, tables);
  // As it stands there: what an administrator runs before.
  for (const { language, text } of blocks)
    if (language === 'sql' && text.includes('CHANGE_TRACKING')) for (const sql of text.trim().split('\n')) tracking.run(sql, memory);
  await using database = await storeServed(memory);
  using workspace = new TestWorkspace();
  for (const { language, text } of blocks) {
    if (language !== 'yaml') continue;
    const file = /^# (\S+\.yml)/.exec(text)?.[1] ?? '';
    const keys = Object.entries(database.keys).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    workspace.write({ [file]: text.replace('server: shop.database.windows.net, database: erp', keys.join(', ')) });
  }
  const settled = () => workspace.settled('lake/erp/orders', 'erp', 'orders', 'lake/erp');
  const go = async (flow = 'erp,changes') => {
    const run = await workspace.run(['go', '--flow', flow, '--output', 'json']);
    expect([run.code, run.stderr + run.stdout]).toEqual([0, expect.not.stringContaining('"event":"error"')]);
    return (await settled()).length;
  };
  expect(await go()).toBe(2);
  const changed = () => workspace.settled('lake/changes/orders', 'changes', 'orders', 'lake/changes');
  expect(await changed()).toHaveLength(2);
  const [orders] = tables;
  if (!orders) throw new Error('no table');
  tracking.commit(orders, [
    { key: '3', row: rowOf(3) },
    { key: '1', row: null },
  ]);
  expect(await go()).toBe(3);
  expect((await changed()).map(({ id, _deleted }) => [Number(id), _deleted])).toEqual(
    expect.arrayContaining([
      [1, true],
      [3, false],
    ]),
  );
  for (const rows of [3, 3]) {
    await go('reports');
    expect(database.tables.rows('reports.orders')).toHaveLength(rows);
  }
  const debugged = await workspace.run(['debug']);
  expect([debugged.code, debugged.stdout]).toEqual([0, expect.stringContaining('loader may read sales.orders')]);
});
