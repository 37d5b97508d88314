import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionOf, served } from '../databases/sqlserver/support.ts';
import { workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { type Fabric, mirror, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { ChangeTracking, trackedDatabase } from '../support/sqlserver-changes.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'fabric-mirroring.md'), 'utf8');
const blocks = blocksOf(page);

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere();
});
afterAll(() => fabric[Symbol.asyncDispose]());

const flowOf = (text: string) => /^# (flows\/\w+\/flow\.yml)\n/.exec(text)?.[1] ?? '';
const settled = async (table: string) => {
  await fabric.replicator.turn();
  return fabric.replicator.query(`select count(*)::int as rows, count(distinct id)::int as ids from "${table}"`);
};

describe('docs/fabric-mirroring.md', () => {
  test('has nothing but flows that this file runs, on the mirrored database of the tests', () => {
    expect(blocks.map(({ language, text }) => `${language} ${flowOf(text)}`)).toEqual([
      'yaml flows/crm/flow.yml',
      'yaml flows/web/flow.yml',
      'yaml flows/erp/flow.yml',
      'yaml flows/stock/flow.yml',
      'yaml flows/lists/flow.yml',
    ]);
    expect(page).toContain(`workspace: ${fabricWorkspace.id}\n  mirror_name: ${mirror.id}`);
  });

  test('the flow with a key updates rows that changed', async () => {
    using workspace = new TestWorkspace({ 'flows/crm/flow.yml': blocks[0]?.text ?? '' });
    const go = async () => (await workspace.run(['go', '--output', 'json'], { env: fabric.azure.env })).events.at(-1);
    await workspace.parquet('data/accounts/1.parquet', "select range as id, timestamp '2026-01-01' as updated_at from range(100)");
    expect((await workspace.run(['debug'], { env: fabric.azure.env })).stdout).toContain('You are ready');
    expect(await go()).toMatchObject({ pass: 1, rows: 100 });
    await workspace.parquet('data/accounts/2.parquet', "select range as id, timestamp '2026-01-02' as updated_at from range(50, 150)");
    expect(await go()).toMatchObject({ pass: 1, rows: 100 });
    expect(await settled('crm.accounts')).toEqual([{ rows: 150, ids: 150 }]);
    expect(fabric.replicator.violations).toEqual([]);
  });

  test('the flow without a key inserts what is new', async () => {
    using workspace = new TestWorkspace({ 'flows/web/flow.yml': blocks[1]?.text ?? '' });
    const go = async () => (await workspace.run(['go', '--output', 'json'], { env: fabric.azure.env })).events.at(-1);
    await workspace.parquet('data/clicks/1.parquet', 'select range as id from range(100)');
    expect(await go()).toMatchObject({ pass: 1, rows: 100 });
    expect(await go()).toMatchObject({ skip: 1 });
    await workspace.parquet('data/clicks/2.parquet', 'select range as id from range(100, 150)');
    expect(await go()).toMatchObject({ pass: 1, rows: 50 });
    expect(await settled('web.clicks')).toEqual([{ rows: 150, ids: 150 }]);
    expect(fabric.replicator.violations).toEqual([]);
  });

  test('the flow of a tracked table removes what the source deleted', async () => {
    const tracking = new ChangeTracking(1);
    const rows = ['1', '2', '3'].map((id) => [id, `no. ${id}`]);
    const table = { name: 'dbo.orders', columns: { id: 'int not null', text: 'nvarchar(20)' }, rows, keys: ['id'] };
    tracking.enable(table);
    await using server = await served(trackedDatabase(tracking, [table]));
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\n${connectionOf(server)}`,
      'flows/erp/flow.yml': blocks[2]?.text ?? '',
    });
    const go = async () => (await workspace.run(['go', '--output', 'json'], { env: fabric.azure.env })).events.at(-1);
    expect(await go()).toMatchObject({ pass: 1, rows: 3 });
    tracking.commit(table, [{ key: '2', row: null }]);
    expect(await go()).toMatchObject({ pass: 1 });
    expect(await settled('erp.orders')).toEqual([{ rows: 2, ids: 2 }]);
    expect(fabric.replicator.violations).toEqual([]);
  });

  test('the flow that compares keys removes what the source no longer has', async () => {
    using workspace = new TestWorkspace({ 'flows/stock/flow.yml': blocks[3]?.text ?? '' });
    const go = async (...args: readonly string[]) =>
      (await workspace.run(['go', '--output', 'json', ...args], { env: fabric.azure.env })).events.at(-1);
    const parts = (where: string) =>
      workspace.parquet(
        'data/parts.parquet',
        `select range as id, timestamp '2026-01-01' + interval (range) hour as changed from range(100) where ${where}`,
      );
    await parts('true');
    expect(await go()).toMatchObject({ pass: 1, rows: 100 });
    await parts('range not in (7, 8)');
    expect(await go('--compare-deletes', '--var', 'flow.stock.deletes.pause=0s')).toMatchObject({ error: 0, rows: -2 });
    expect(await settled('stock.parts')).toEqual([{ rows: 98, ids: 98 }]);
    expect(fabric.replicator.violations).toEqual([]);
  });

  test('the flow that merges full loads leaves what the source has', async () => {
    using workspace = new TestWorkspace({ 'flows/lists/flow.yml': blocks[4]?.text ?? '' });
    const go = async () => (await workspace.run(['go', '--output', 'json'], { env: fabric.azure.env })).events.at(-1);
    const prices = (from: number, to: number) =>
      workspace.parquet('data/prices.parquet', `select range as id, timestamp '2026-01-01' as changed from range(${from}, ${to})`);
    await prices(0, 100);
    expect(await go()).toMatchObject({ pass: 1, rows: 100 });
    await prices(10, 120);
    expect(await go()).toMatchObject({ pass: 1, rows: 110 });
    expect(await settled('lists.prices')).toEqual([{ rows: 110, ids: 110 }]);
    expect(fabric.replicator.violations).toEqual([]);
  });
});
