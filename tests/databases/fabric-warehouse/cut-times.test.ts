import { beforeEach, describe, expect, test } from 'vitest';
import type { Schema } from '../../../src/frames/schema.ts';
import { idAndName, loaded, writing } from '../../support/commits.ts';
import { duck } from '../../support/duck.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { type WarehouseStores, warehouseStores } from './stores.ts';
import { warehouseWorkspace } from './workspaces.ts';

describe('times that a Warehouse has no room for', () => {
  const served: WarehouseStores = openedOnce(() => warehouseStores());
  beforeEach(() => served.cleared());

  const flow = 'home: { type: parquet, path: in }\nrun_type: incremental\nwatermark: { column: at, key: [id] }\nentities: [e]\n';
  const opened = (store = ', timestamps: truncate', of = flow) => warehouseWorkspace(served, { flow: of, store });
  const put = async (workspace: ReturnType<typeof opened>, file: string, ...rows: readonly (readonly [id: number, time: string])[]) => {
    workspace.files.write({ 'in/e/.keep': '' });
    const selects = rows.map(([id, time]) => `select ${id}::bigint as id, timestamp_ns '${time}' as "at", timestamp_ns '${time}' as seen`);
    await duck(`copy (${selects.join(' union all ')}) to '${workspace.files.path(`in/e/${file}`)}' (format parquet)`);
  };
  const rows = () =>
    served.warehouse
      .rows('dbo.e')
      .map(({ id, at, seen }) => `${id} ${at === seen ? String(at) : `${at} ${seen}`}`)
      .sort();

  test('are refused with the key that cuts them', async () => {
    using workspace = opened('');
    await put(workspace, '1.parquet', [1, '2026-01-01 00:00:00.123456789']);
    expect(await workspace.hygge('go')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/HYG-2078[\s\S]+store: \{ timestamps: truncate \}/),
    });
  });

  test('are cut where the store says so, also of the watermark: it is said once, and verify takes them for the same', async () => {
    using workspace = opened();
    await put(workspace, '1.parquet', [1, '2026-01-01 00:00:00.123456789'], [2, '2026-01-02 00:00:00.000000999']);
    const plan = async () => (await workspace.hygge('go', '--dry-run')).stdout.replaceAll(/\s+/g, ' ');
    expect(await plan()).toContain('digits beyond microseconds are cut (timestamps: truncate)');
    await workspace.rows('go');
    expect(rows()).toEqual(['1 2026-01-01 00:00:00.123456', '2 2026-01-02 00:00:00.000000']);
    await put(workspace, '2.parquet', [3, '2026-01-02 00:00:00.000001001']);
    expect(await plan()).not.toContain('digits beyond');
    await workspace.rows('go');
    expect(rows()).toHaveLength(3);
    expect((await workspace.hygge('go')).stdout).toContain('nothing new');
    expect(await workspace.hygge('verify', '--pause', '0s')).toMatchObject({ code: 0, stdout: expect.stringContaining('same: 3 rows') });
  });

  test('are refused in columns that tell rows apart, where two rows would become one', async () => {
    using workspace = opened(undefined, flow.replace('key: [id]', 'key: [id, seen]'));
    await put(workspace, '1.parquet', [1, '2026-01-01 00:00:00.123456789'], [1, '2026-01-01 00:00:00.123456788']);
    const { code, stdout } = await workspace.hygge('go');
    expect([code, stdout]).toEqual([1, expect.stringMatching(/HYG-2078[\s\S]+seen/)]);
    expect(stdout).not.toContain('timestamps: truncate');
  });

  test('of the watermark that do not say which row of a key is newer are told so, without the advice to take a longer key', async () => {
    const at = { name: 'at', type: { kind: 'timestamp', unit: 'us' }, nullable: true, retimed: { cut: true } } as const;
    const schema = { columns: [idAndName.columns[0], idAndName.columns[1], at] } as Schema;
    const rows = ['one', 'other'].map((name) => [1n, name, 1_000_000n] as const);
    const told = loaded(served.store(), { epoch: 1, schema, rows, writing: writing('merge', ['id']), mark: 'at' });
    await expect(told).rejects.toMatchObject({ code: 'HYG-4016', why: [expect.stringContaining('Digits of at')] });
    await expect(told).rejects.not.toMatchObject({ tryThis: expect.arrayContaining([expect.stringContaining('watermark.key')]) });
  });

  test('of the day, which come with nanoseconds from a database, settle with six digits', async () => {
    await served.asked('create table dbo.src (id int null, clock time(6) null)');
    await served.asked("insert into dbo.src (id, clock) values (1, '10:00:00.123456')");
    using workspace = warehouseWorkspace(served, {
      flow: 'home: { connection: sales, table: dbo.src }\nentities: [e]\n',
      store: ', timestamps: truncate',
    });
    expect(await workspace.hygge('go')).toMatchObject({ code: 0 });
    expect(served.warehouse.rows('dbo.e').map(({ clock }) => clock)).toEqual(['10:00:00.123456']);
    expect(await workspace.hygge('verify', '--pause', '0s')).toMatchObject({ code: 0 });
  });
});
