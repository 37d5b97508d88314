import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionOf, served } from '../databases/sqlserver/support.ts';
import { workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { type Fabric, mirror, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import type { MemoryTable } from '../support/sqlserver.ts';
import { ChangeTracking, trackedDatabase } from '../support/sqlserver-changes.ts';
import type { Value } from '../support/tds/values.ts';
import { TestWorkspace } from '../support/workspace.ts';

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere();
});
afterAll(() => fabric[Symbol.asyncDispose]());

const row = (id: number, text: string): Value[] => [String(id), text, `${id}.25`];
const put = (id: number, text: string) => ({ key: String(id), row: row(id, text) });
const gone = (id: number) => ({ key: String(id), row: null });

interface Scene extends AsyncDisposable {
  readonly tracking: ChangeTracking;
  readonly table: MemoryTable;
  go(...args: readonly string[]): Promise<{ readonly summary: Record<string, unknown> | undefined; readonly stdout: string }>;
  /** The mirrored rows as Fabric has them, without those of the source's columns that `columns` leaves out. */
  mirrored(columns?: string): Promise<readonly unknown[]>;
  violations(): readonly string[];
}

/** A tracked table of three rows, and a flow that mirrors it as the table `name`. */
async function tracked(name: string, more = ''): Promise<Scene> {
  const tracking = new ChangeTracking(40);
  const table: MemoryTable = {
    name: `dbo.${name}`,
    columns: { id: 'int not null', text: 'nvarchar(20) not null', price: 'decimal(20,2)' },
    rows: [row(1, 'one'), row(2, 'two'), row(3, 'three')],
    keys: ['id'],
  };
  tracking.enable(table);
  const server = await served(trackedDatabase(tracking, [table]));
  const workspace = new TestWorkspace({ 'hygge.yml': `name: w\n${connectionOf(server)}` });
  workspace.write({
    'flows/f/flow.yml': `home: { connection: erp }
store: { type: open_mirroring, workspace: ${fabricWorkspace.name}, mirror_name: ${mirror.name} }
run_type: incremental
watermark: { changes: change_tracking, key: [id] }
${more}entities: [${name}]
`,
  });
  return {
    ...{ tracking, table },
    async go(...args) {
      const { events, stdout } = await workspace.run(['go', '--output', 'json', ...args], { env: fabric.azure.env });
      return { summary: events.at(-1) as Record<string, unknown> | undefined, stdout };
    },
    async mirrored(columns = 'id, text, price') {
      await fabric.replicator.turn();
      const rows = await fabric.replicator.query(`select ${columns} from "${name}" order by id`);
      return rows.map((one) => Object.values(one).map(String));
    },
    violations: () => fabric.replicator.violations.filter(({ table }) => table === name).map(({ rule, detail }) => `${rule}: ${detail}`),
    async [Symbol.asyncDispose]() {
      workspace[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The rows of the source as the mirrored table should have them. */
const sourceOf = ({ table }: Scene) => table.rows.map((one) => one.map(String)).sort((a, b) => Number(a[0]) - Number(b[0]));

describe('rows that SQL Server says are deleted', () => {
  test('go from the mirrored table, without a word about deletes', async () => {
    const name = 'tracked';
    await using scene = await tracked(name);
    const { tracking, table, go } = scene;
    expect((await go()).summary).toMatchObject({ pass: 1, rows: 3 });
    expect(await scene.mirrored()).toEqual(sourceOf(scene));
    tracking.commit(table, [put(2, 'TWO'), gone(1)]);
    tracking.commit(table, [put(5, 'five'), put(6, 'six')]);
    tracking.commit(table, [gone(5)]);
    expect((await go()).summary).toMatchObject({ pass: 1 });
    expect(await scene.mirrored()).toEqual(sourceOf(scene));
    // Nothing but deletes; then a key that comes back, and one that goes and comes back between two runs.
    tracking.commit(table, [gone(3), gone(6)]);
    const onlyDeletes = await go();
    expect(onlyDeletes.summary).toMatchObject({ pass: 1, rows: -2 });
    expect(await scene.mirrored()).toEqual(sourceOf(scene));
    tracking.commit(table, [put(3, 'again')]);
    tracking.commit(table, [gone(2)]);
    tracking.commit(table, [put(2, 'back')]);
    expect((await go()).summary).toMatchObject({ pass: 1 });
    expect(await scene.mirrored()).toEqual(sourceOf(scene));
    expect((await go()).summary).toMatchObject({ skip: 1 });
    expect(scene.violations()).toEqual([]);
    const columns = fabric.replicator.table(name)?.columns.map((column) => column.name);
    expect(columns).toEqual(['id', 'text', 'price', '_change_version']);
  });

  test('are not marked, since a mark would take their values: the plan says what to do instead', async () => {
    await using scene = await tracked('marked', 'deletes: mark\n');
    const { stdout } = await scene.go('--dry-run');
    for (const said of ['HYG-2105', 'deletes: apply', 'deletes: ignore']) expect(stdout).toContain(said);
    expect((await scene.go()).stdout).toContain('HYG-2105');
  });

  test('stay as they are with deletes: ignore', async () => {
    await using scene = await tracked('ignored', 'deletes: ignore\n');
    await scene.go();
    scene.tracking.commit(scene.table, [gone(1), put(3, 'THREE')]);
    await scene.go();
    expect((await scene.mirrored('id, text')).map(String)).toEqual(['1,one', '2,two', '3,THREE']);
    expect(scene.violations()).toEqual([]);
  });
});
