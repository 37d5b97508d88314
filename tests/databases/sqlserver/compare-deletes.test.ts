import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { here } from '../../support/here.ts';
import type { MemoryDatabase } from '../../support/sqlserver.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, type StoreServed, storeServed } from './support.ts';

const csv = (ids: readonly number[]) => `id,name,n\n${ids.map((id) => `${id},r${id},${id}\n`).join('')}`;
const all = Array.from({ length: 30 }, (_, id) => id);

describe('deletes: { compare } in a table of SQL Server', () => {
  let served: StoreServed;
  let workspace: TestWorkspace;
  const readable: MemoryDatabase = { tables: [] };
  beforeAll(async () => {
    served = await storeServed(readable);
  });
  beforeEach(() => {
    served.tables.clear();
    readable.tables.length = 0;
    workspace = new TestWorkspace({ 'hygge.yml': `name: w\n${connectionOf(served)}` });
  });
  afterEach(() => workspace[Symbol.dispose]());
  afterAll(() => served[Symbol.asyncDispose]());

  /** What was written into the table, for the statements of homes. */
  const read = (columns: Readonly<Record<string, string>>) => {
    const names = Object.keys(columns);
    const rows = () => served.tables.rows('dbo.o').map((row) => names.map((name) => row[name] ?? null));
    readable.tables.push(Object.defineProperty({ name: 'dbo.o', columns, rows: [] }, 'rows', { get: rows }));
  };
  const columns = { id: 'bigint', name: 'nvarchar(max)', n: 'bigint' };

  const flow = (deletes: string) =>
    workspace.write({
      'flows/f/flow.yml': `home: in/{entity}.csv\nstore: { type: sqlserver, connection: erp, table: dbo.o }
run_type: incremental\nwatermark: { column: n, key: [id] }\ndeletes: ${deletes}\nentities: [o]\n`,
    });
  const go = async (...args: readonly string[]) => {
    const { code, events } = await here(workspace, 'go', ...args);
    expect(code, JSON.stringify(events)).toBe(0);
    return JSON.stringify(events);
  };

  test('removes rows that the source no longer has', async () => {
    read(columns);
    flow('{ compare: 1d, pause: 0s }');
    workspace.write({ 'in/o.csv': csv(all) });
    await go();
    workspace.write({ 'in/o.csv': csv(all.filter((id) => id !== 3 && id !== 7)) });
    expect(await go('--compare-deletes')).toContain('2 are gone there');
    expect(
      served.tables
        .rows('dbo.o')
        .map(({ id }) => Number(id))
        .sort((a, b) => a - b),
    ).toEqual(all.filter((id) => id !== 3 && id !== 7));
  });

  test('marks them', async () => {
    read({ ...columns, _deleted: 'bit', _deleted_at: 'datetimeoffset(6)' });
    flow('{ compare: 1d, then: mark, pause: 0s }');
    workspace.write({ 'in/o.csv': csv(all) });
    await go();
    workspace.write({ 'in/o.csv': csv(all.filter((id) => id !== 3 && id !== 7)) });
    await go('--compare-deletes');
    expect(served.tables.rows('dbo.o').length).toBe(30);
    expect(
      served.tables
        .rows('dbo.o')
        .filter(({ _deleted_at }) => _deleted_at !== null)
        .map(({ id }) => Number(id))
        .sort(),
    ).toEqual([3, 7]);
    expect(await go('--compare-deletes')).toContain('28 settled rows compared with 28 rows');
  });
});
