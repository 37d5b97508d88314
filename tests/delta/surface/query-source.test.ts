import { expect, it } from 'vitest';
import { writeDeltaTable } from '../../support/small-delta-table.ts';
import { describeSuites, suitePath } from '../../support/suites.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const flow = (home: string) => ({ 'flows/f/flow.yml': `store: out\nentities:\n  - name: orders\n    home: ${home}\n` });
const rowsOf = (run: { readonly stdout: string }) =>
  run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

it('hygge query reads a Delta table that nothing has settled of, and one version of it', async () => {
  using place = new TestWorkspace(flow('{ path: lake/orders, format: delta }'));
  await writeDeltaTable(place.path('lake/orders'));
  const sql = 'select count(*) as n, max(name) as last from f.orders_source';
  const run = await place.run(['query', sql, '--output', 'json']);
  expect(run.stderr).toBe('');
  expect(rowsOf(run)).toEqual([{ n: 3, last: 'cy' }]);
  place.write(flow('{ path: lake/orders, format: delta, version: 0, where: id > 1 }'));
  expect(rowsOf(await place.run(['query', sql, '--output', 'json']))).toEqual([{ n: 1, last: 'gone' }]);
});

it('hygge query compares a Delta table with what settled of it', async () => {
  using place = new TestWorkspace(flow('{ path: lake/orders, format: delta, version: 0 }'));
  await writeDeltaTable(place.path('lake/orders'));
  expect((await place.run(['go'])).code).toBe(0);
  place.write(flow('{ path: lake/orders, format: delta }'));
  const run = await place.run(['query', 'select id from f.orders_source except select id from f.orders order by id', '--output', 'json']);
  expect(rowsOf(run)).toEqual([{ id: 2 }, { id: 3 }]);
});

it('hygge query of what settled and of an entity that is called like a source says what it said before', async () => {
  using place = new TestWorkspace({ 'flows/f/flow.yml': 'home: "in/{entity}.csv"\nstore: out\nentities: [orders, orders_source]\n' });
  place.write({ 'in/orders.csv': 'id\n1\n', 'in/orders_source.csv': 'id\n7\n' });
  expect((await place.run(['go'])).code).toBe(0);
  expect(rowsOf(await place.run(['query', 'select id from f.orders_source', '--output', 'json']))).toEqual([{ id: 7 }]);
});

it('hygge query says that a source of files is not a table of it, and what it advises works', async () => {
  using place = new TestWorkspace({ 'in/orders/1.csv': 'id\n1\n' });
  place.write({ 'flows/f/flow.yml': 'home: { path: in, format: csv }\nstore: out\nentities: [orders]\n' });
  const stopped = await place.run(['query', 'select id from f.orders_source']);
  expect(stopped.stderr).toContain('HYG-1945');
  const advised = /hygge (preview \S+)/.exec(stopped.stderr)?.[1] ?? '';
  expect((await place.run(advised.split(' '))).code).toBe(0);
});

describeSuites('tables that others wrote', () => {
  it.each([
    ['dv-partitioned', 22],
    ['cm-nested', 8],
    ['checkpoint-30', 67],
  ])('hygge query counts the rows of %s: without deleted ones, by logical names', async (table, n) => {
    using place = new TestWorkspace(flow(`{ path: "${suitePath(`delta/${table}/table`)}", format: delta }`));
    expect(
      rowsOf(await place.run(['query', 'select count(*) as n, min(id) is not null as named from f.orders_source', '--output', 'json'])),
    ).toEqual([{ n, named: true }]);
  });
});
