import { beforeEach, describe, expect, test } from 'vitest';
import { openedOnce } from '../../support/opened-once.ts';
import { lake, type WarehouseStores, warehouseStores } from './stores.ts';
import { warehouseWorkspace } from './workspaces.ts';

describe('a Warehouse by the command line', () => {
  const served: WarehouseStores = openedOnce(() => warehouseStores());
  beforeEach(() => served.cleared());

  const days = (from: number, to: number, name: string) =>
    `select i::bigint as id, '${name} ' || i as name, timestamp '2026-01-01' + to_days(i::int) as at from range(${from}, ${to}) t(i)`;
  const contract = 'columns:\n  id: int64\n  name: { type: string, length: { max: 5 } }\n  at: timestamp\n';
  const opened = async () => {
    const workspace = warehouseWorkspace(served, {
      flow: 'home: data\nrun_type: incremental\nwatermark: { column: at, key: [id] }\nvalidation: { contract: k.yml, mode: quarantine }\nentities: [e]\n',
      files: { 'k.yml': contract },
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

  test('verify compares its rows with the source, and finds one that somebody changed', async () => {
    using workspace = await opened();
    await workspace.rows('go');
    await served.asked("update dbo.e set name = 'c' where id = 3");
    expect(await workspace.hygge('verify', '--pause', '0s')).toMatchObject({ code: 1, stdout: expect.stringContaining('id = 3') });
    expect((await workspace.hygge('verify', '--settled')).stdout).toContain('f.e  no settled files');
  });

  test('the journal is mirrored into a table of the Warehouse', async () => {
    using workspace = warehouseWorkspace(served, {
      flow: 'home: data\nentities: [e]\n',
      settings: `journal:\n  mirror: { connection: sales, table: dbo.hygge_journal, staging: "${lake}" }\n`,
    });
    await workspace.files.parquet('data/e/1.parquet', days(1, 3, 'a'));
    const mirrored = () => served.warehouse.rows('dbo.hygge_journal').map(({ entity, status, rows }) => [entity, status, Number(rows)]);
    expect((await workspace.hygge('go')).code).toBe(0);
    expect(mirrored()).toEqual([['e', 'pass', 2]]);
    expect(served.staged()).toEqual([]);
  });
});
