import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { committed, decided, loaded } from '../../support/commits.ts';
import { here } from '../../support/here.ts';
import type { TableExtras } from '../../support/sqlserver-tables.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, type StoreServed, storeServed } from './support.ts';

describe('a full load into a table of SQL Server that other things depend on', () => {
  let served: StoreServed;
  let workspace: TestWorkspace;
  beforeAll(async () => {
    served = await storeServed();
  });
  beforeEach(() => {
    served.tables.clear();
    workspace = new TestWorkspace({ 'hygge.yml': `name: w\n${connectionOf(served)}` });
    workspace.write({
      'flows/f/flow.yml': 'home: { path: in, format: csv }\nstore: { type: sqlserver, connection: erp, table: dbo.o }\nentities: [o]\n',
    });
    workspace.write({ 'in/o/1.csv': 'id,name\n1,one\n2,two\n' });
  });
  afterEach(() => workspace[Symbol.dispose]());
  afterAll(() => served[Symbol.asyncDispose]());

  const go = async () => {
    const { code, events } = await here(workspace, 'go');
    const plan = events.findLast(({ event }) => event === 'plan');
    const error = events.find(({ event }) => event === 'error');
    return { code, text: JSON.stringify(events), error, ...(plan?.event === 'plan' ? { write: plan.write } : {}) };
  };
  const rows = () => served.tables.rows('dbo.o').map(({ id, name }) => `${id} ${name}`);
  /** Loaded once, with other rows at the source and something in the way by then. */
  const settledBeside = async (extras: TableExtras) => {
    const first = await go();
    expect(first.code, first.text).toBe(0);
    served.tables.extras.set('dbo.o', extras);
    workspace.write({ 'in/o/1.csv': 'id,name\n2,zwei\n3,drei\n' });
  };

  test.each([
    ['trigger', 'audit'],
    ['schema-bound view', 'dbo.names'],
    ['history of versions', 'o_history'],
    ['foreign key', 'fk_customer'],
    ['security policy', 'regions'],
    ['change data capture', 'o'],
  ])('deletes and inserts beside a %s, and names it', async (kind, name) => {
    await settledBeside({ dependents: [{ kind, name }] });
    const run = await go();
    expect(run).toMatchObject({ code: 0, write: { mode: 'delete_insert', why: 'bound' } });
    expect(run.text).toContain(`${kind} ${name}`);
    expect(rows()).toEqual(['2 zwei', '3 drei']);
  });

  test('is refused where a foreign key of another table holds its rows, and leaves them', async () => {
    await settledBeside({ dependents: [{ kind: 'foreign key', name: 'fk_order of lines', holds: true }] });
    const run = await go();
    expect(run.code).not.toBe(0);
    expect(run.error).toMatchObject({ code: 'HYG-2077' });
    expect(run.text).toContain('fk_order of lines');
    expect(rows()).toEqual(['1 one', '2 two']);
  });

  test('replaces no rows at the watermark that a foreign key passes on, and merges them', async () => {
    const flow = (watermark: string) =>
      workspace.write({
        'flows/f/flow.yml': `home: { path: in, format: csv }\nstore: { connection: erp, table: dbo.o }\nentities: [o]\nrun_type: incremental\nwatermark: ${watermark}\n`,
      });
    flow('{ column: id }');
    await settledBeside({ dependents: [{ kind: 'foreign key', name: 'fk_order of lines', holds: 'passes on' }] });
    const run = await go();
    expect(run.error).toMatchObject({
      code: 'HYG-2077',
      what: expect.stringContaining('the foreign key fk_order of lines would let go of'),
    });
    expect(rows()).toEqual(['1 one', '2 two']);
    flow('{ column: id, key: id }');
    expect(await go()).toMatchObject({ code: 0 });
    expect(rows()).toEqual(['1 one', '2 zwei', '3 drei']);
  });

  test('such a trigger that is made between the plan and the commit is met there, and the commit waits for it to go', async () => {
    const schema = { columns: [{ name: 'id', type: { kind: 'int64' }, nullable: false } as const] };
    const store = served.store({ table: 'dbo.o' });
    await loaded(store, { epoch: 1, schema, rows: [[1n]] });
    const intent = await decided(store, { epoch: 2, schema, rows: [[2n]] });
    served.tables.extras.set('dbo.o', { instead: 'guard' });
    await expect(committed(store, intent)).rejects.toMatchObject({ code: 'HYG-4240' });
    expect(served.tables.rows('dbo.o')).toEqual([{ id: '1' }]);
    served.tables.extras.delete('dbo.o');
    expect(await committed(store, intent)).toMatchObject({ outcome: 'committed' });
  });
});
