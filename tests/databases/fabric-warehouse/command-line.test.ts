import { beforeEach, describe, expect, test } from 'vitest';
import { openedOnce } from '../../support/opened-once.ts';
import { lake, type WarehouseStores, warehouseStores } from './stores.ts';
import { warehouseWorkspace } from './workspaces.ts';

describe('a Warehouse by the command line', () => {
  const served: WarehouseStores = openedOnce(() => warehouseStores());
  beforeEach(() => served.cleared());

  const days = (from: number, to: number, name: string, month = 1) =>
    `select i::bigint as id, '${name} ' || i as name, timestamp '2026-0${month}-01' + to_days(i::int) as at from range(${from}, ${to}) t(i)`;
  const contract = (most: number) => `columns:\n  id: int64\n  name: { type: string, length: { max: ${most} } }\n  at: timestamp\n`;
  const opened = async () => {
    const workspace = warehouseWorkspace(served, {
      flow: 'home: data\nrun_type: incremental\nwatermark: { column: at, key: [id] }\nvalidation: { contract: k.yml, mode: quarantine }\nentities: [e]\n',
      files: { 'k.yml': contract(5) },
    });
    await workspace.files.parquet('data/e/1.parquet', days(1, 6, 'a'));
    return workspace;
  };
  const settled = () =>
    served.warehouse
      .rows('dbo.e')
      .map(({ name }) => String(name))
      .sort();

  test('debug tries what a run does, preview and the plan write nothing, and go settles', async () => {
    using workspace = await opened();
    const debug = await workspace.hygge('debug');
    expect(debug).toMatchObject({ code: 0, stdout: expect.stringContaining('filled by a bulk load, merged, locked, and dropped') });
    expect(debug.stdout).toContain('CREATE TABLE, ADMINISTER DATABASE BULK OPERATIONS on database sales');
    expect((await workspace.hygge('preview', 'f.e')).stdout).toContain('All 5 rows');
    expect((await workspace.hygge('go', '--dry-run')).stdout).toContain(
      'create table [dbo].[e] ([id] bigint, [name] varchar(max), [at] datetime2(6))',
    );
    expect([served.warehouse.tables, served.staged()]).toEqual([[], []]);
    expect((await workspace.hygge('go')).stdout).toContain('5 rows settled');
    expect(settled()).toEqual(['a 1', 'a 2', 'a 3', 'a 4', 'a 5']);
    expect(served.staged()).toEqual([]);
    expect(await workspace.rows('status')).toMatchObject([{ settled_rows: 5 }]);
  });

  test('a run with nothing new takes 6 statements', async () => {
    using workspace = await opened();
    await workspace.rows('go');
    const again = await workspace.hygge('go');
    expect(again.stdout).toContain('nothing new');
    expect(again.statements.length).toBeLessThanOrEqual(6);
  });

  test('verify compares its rows with the source, before and after a backfill, and finds one that somebody changed', async () => {
    using workspace = await opened();
    await workspace.rows('go');
    // The newest group of rows is none of a backfill's.
    await workspace.files.parquet('data/e/1.parquet', `${days(1, 5, 'b')} union all ${days(5, 6, 'a')}`);
    expect((await workspace.hygge('verify', '--pause', '0s')).code).toBe(1);
    await workspace.rows('backfill', 'f.e', '--from', '2026-01-01', '--to', '2026-02-01');
    expect(settled()).toEqual(['a 5', 'b 1', 'b 2', 'b 3', 'b 4']);
    expect(await workspace.hygge('verify', '--pause', '0s')).toMatchObject({ code: 0, stdout: expect.stringContaining('same: 5 rows') });
    await served.asked("update dbo.e set name = 'c' where id = 3");
    expect(await workspace.hygge('verify', '--pause', '0s')).toMatchObject({ code: 1, stdout: expect.stringContaining('id = 3') });
    expect((await workspace.hygge('verify', '--settled')).stdout).toContain('f.e  no settled files');
  });

  test('rows in quarantine are listed, and settle by a replay once they keep the rules', async () => {
    using workspace = await opened();
    await workspace.rows('go');
    await workspace.files.parquet('data/e/2.parquet', days(6, 8, 'longer', 2));
    expect((await workspace.hygge('go')).stdout).toContain('2 rows of 2 break a rule and are in quarantine');
    expect(await workspace.rows('quarantine', 'list')).toMatchObject([{ rule: 'name length', rows: 2 }]);
    workspace.files.write({ 'k.yml': contract(20) });
    expect((await workspace.rows('quarantine', 'replay', 'f.e')).at(-1)).toMatchObject({ rows: 2 });
    expect(settled().slice(-2)).toEqual(['longer 6', 'longer 7']);
  });

  test('the journal is mirrored into a table of the Warehouse, each run once', async () => {
    using workspace = warehouseWorkspace(served, {
      flow: 'home: data\nentities: [e]\n',
      settings: `journal:\n  mirror: { connection: sales, table: dbo.hygge_journal, staging: "${lake}" }\n`,
    });
    await workspace.files.parquet('data/e/1.parquet', days(1, 3, 'a'));
    const mirrored = () => served.warehouse.rows('dbo.hygge_journal').map(({ entity, status, rows }) => [entity, status, Number(rows)]);
    expect((await workspace.hygge('go')).code).toBe(0);
    expect(mirrored()).toEqual([['e', 'pass', 2]]);
    await workspace.files.parquet('data/e/1.parquet', days(1, 4, 'a'));
    expect((await workspace.hygge('go')).code).toBe(0);
    expect(mirrored()).toEqual([
      ['e', 'pass', 2],
      ['e', 'pass', 3],
    ]);
    expect(served.staged()).toEqual([]);
  });

  test('compact is refused by name, and reset lets the next run load everything in place of what is there', async () => {
    using workspace = await opened();
    await workspace.rows('go');
    expect(await workspace.hygge('compact', 'f.e')).toMatchObject({ code: 1, stdout: expect.stringContaining('HYG-2103') });
    await workspace.files.parquet('data/e/1.parquet', days(1, 3, 'z'));
    await workspace.hygge('reset', 'f.e', '--yes');
    expect((await workspace.hygge('go')).code).toBe(0);
    expect(settled()).toEqual(['z 1', 'z 2']);
  });
});
