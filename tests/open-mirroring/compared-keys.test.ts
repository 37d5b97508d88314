/** `deletes: { compare }` of mirrored tables, from an empty folder on: rows that the source no longer has go by markers. */
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { lookup } from '../support/dfs/tree.ts';
import { type Fabric, mirror, replicating, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { TestWorkspace } from '../support/workspace.ts';

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere();
});
afterAll(() => fabric[Symbol.asyncDispose]());

const comparing = '{ compare: 1d, pause: 0s }';
const merging = 'run_type: full_drop\nwrite_strategy: merge';

/** A table of fifty rows in SQLite, and a flow that mirrors it as the table `name`. */
function scene(name: string, deletes: string | null = comparing) {
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\nconnections: { shop: { type: sqlite, path: shop.db } }\n' });
  const database = new DatabaseSync(workspace.path('shop.db'));
  database.exec(`create table "${name}" (id integer primary key, name varchar(20), n integer not null)`);
  const insert = (from: number, to: number) => {
    for (let id = from; id <= to; id++) database.exec(`insert into "${name}" values (${id}, 'r${id}', ${id})`);
  };
  const withDeletes = (as: string | null, loads = 'run_type: incremental') =>
    workspace.write({
      'flows/f/flow.yml': `home: { connection: shop, table: "{entity}" }
store: { type: open_mirroring, workspace: ${fabricWorkspace.name}, mirror_name: ${mirror.name} }
${loads}
watermark: { column: n, key: [id] }
${as === null ? '' : `deletes: ${as}\n`}entities: [${name}]
`,
    });
  insert(1, 50);
  withDeletes(deletes);
  return {
    ...{ insert, withDeletes },
    sql: (statement: string) => database.exec(statement),
    async hygge(...args: readonly string[]) {
      const { code, events, stdout } = await workspace.run([...args, '--output', 'json'], { env: fabric.azure.env });
      return {
        code,
        stdout,
        summary: events.at(-1) as Record<string, unknown> | undefined,
        errors: events.filter(({ event }) => event === 'error'),
      };
    },
    source: () =>
      database
        .prepare(`select id, name, n from "${name}" order by id`)
        .all()
        .map((row) => Object.values(row).map(String)),
    async mirrored() {
      await fabric.replicator.turn();
      return (await fabric.replicator.query(`select id, name, n from "${name}" order by id`)).map((row) => Object.values(row).map(String));
    },
    keys: () => {
      const folder = lookup(
        fabric.azure.dfs.root('onelake', fabricWorkspace.id),
        `${mirror.id}/Files/_hygge/_tables/${name}/f/${name}/keys`,
      );
      return folder?.kind === 'folder' ? folder.children.size : 0;
    },
    violations: () => fabric.replicator.violations.filter(({ table }) => table === name).map(({ rule, detail }) => `${rule}: ${detail}`),
    [Symbol.dispose]() {
      database.close();
      workspace[Symbol.dispose]();
    },
  };
}

test('rows that the source no longer has go, and nothing else does', async () => {
  using shop = scene('compared');
  expect((await shop.hygge('go')).summary).toMatchObject({ pass: 1, rows: 50 });
  shop.insert(51, 60);
  shop.sql("update compared set name = 'new', n = 61 where id = 7");
  expect((await shop.hygge('go')).summary).toMatchObject({ pass: 1 });
  expect(await shop.mirrored()).toEqual(shop.source());
  shop.sql('delete from compared where id in (3, 51)');
  const dry = await shop.hygge('go', '--dry-run', '--compare-deletes');
  expect([dry.code, dry.stdout]).toEqual([
    0,
    expect.stringContaining('60 settled rows compared with 58 rows of the source: 2 are gone there'),
  ]);
  expect((await shop.hygge('go')).summary).toMatchObject({ error: 0 });
  expect(await shop.mirrored()).toHaveLength(60);
  const before = fabric.replicator.table('compared')?.taken.length ?? 0;
  const compared = await shop.hygge('go', '--compare-deletes');
  expect([compared.errors, compared.summary]).toMatchObject([[], { error: 0, rows: -2 }]);
  expect(await shop.mirrored()).toEqual(shop.source());
  // The keys that go, and no file without rows.
  expect(fabric.replicator.table('compared')?.taken).toHaveLength(before + 1);
  // What went is not a key any more, and may come back.
  shop.sql("insert into compared values (3, 'back', 70)");
  await shop.hygge('go', '--compare-deletes');
  expect(await shop.mirrored()).toEqual(shop.source());
  expect(shop.violations()).toEqual([]);
});

test('keys of an earlier day are unknown, which a plan says, and the way out that is named leads on', async () => {
  using shop = scene('comparedlater', null);
  await shop.hygge('go');
  expect(shop.keys()).toBe(0);
  shop.withDeletes(comparing);
  shop.insert(51, 55);
  shop.sql('delete from comparedlater where id = 2');
  const told = await shop.hygge('go');
  expect([told.summary, told.stdout]).toMatchObject([{ warn: 1, error: 0 }, expect.stringContaining('open_mirroring.keys_not_kept')]);
  const refused = await shop.hygge('go', '--compare-deletes');
  expect([refused.code, refused.errors]).toMatchObject([
    1,
    [{ code: 'HYG-4120', tryThis: [expect.stringContaining('hygge reset'), expect.anything()] }],
  ]);
  expect(await shop.mirrored()).toHaveLength(55);
  // Nor can a full load be merged.
  shop.withDeletes(null, merging);
  expect((await shop.hygge('go', '--dry-run')).stdout).toContain('open_mirroring.made_anew');
  shop.withDeletes(comparing);
  expect((await shop.hygge('reset', 'f.comparedlater', '--yes')).code).toBe(0);
  {
    await using _ = replicating(fabric, { everyMs: 50, passesMs: 60_000 });
    expect((await shop.hygge('go')).summary).toMatchObject({ pass: 1, rows: 54 });
    shop.sql('delete from comparedlater where id = 4');
    expect((await shop.hygge('go', '--compare-deletes')).summary).toMatchObject({ pass: 1, rows: -1 });
  }
  expect(await shop.mirrored()).toEqual(shop.source());
  // Nothing is kept for a comparison that is not asked for any more.
  expect(shop.keys()).toBeGreaterThan(0);
  shop.withDeletes(null);
  shop.insert(56, 57);
  expect((await shop.hygge('go')).summary).toMatchObject({ pass: 1 });
  expect(shop.keys()).toBe(0);
  expect(shop.violations()).toEqual([]);
});

test('a full load that is merged leaves what the source has, and the table is there all the time', async () => {
  using shop = scene('mergedload');
  shop.withDeletes(null, merging);
  expect((await shop.hygge('go')).summary).toMatchObject({ pass: 1, rows: 50 });
  expect(await shop.mirrored()).toEqual(shop.source());
  shop.sql("update mergedload set name = 'new' where id = 7");
  shop.sql('delete from mergedload where id in (3, 50)');
  shop.insert(51, 53);
  const dry = await shop.hygge('go', '--dry-run');
  expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('open_mirroring.merged')]);
  expect(dry.stdout).not.toContain('open_mirroring.made_anew');
  const number = fabric.replicator.table('mergedload')?.taken.length ?? 0;
  const merged = await shop.hygge('go');
  expect([merged.errors, merged.summary]).toMatchObject([[], { pass: 1, rows: 51 }]);
  expect(await shop.mirrored()).toEqual(shop.source());
  // Rows, and keys that go.
  expect(fabric.replicator.table('mergedload')?.taken).toHaveLength(2 * number + 1);
  shop.sql('delete from mergedload');
  const emptied = await shop.hygge('go');
  expect([emptied.errors, emptied.summary]).toMatchObject([[], { warn: 1, rows: 0 }]);
  expect(await shop.mirrored()).toEqual([]);
  expect(shop.violations()).toEqual([]);
});

test('rows are not marked, since a marked row is written whole', async () => {
  using shop = scene('comparedmarked', '{ compare: 1d, then: mark, pause: 0s }');
  const { code, errors } = await shop.hygge('go');
  expect([code, errors]).toMatchObject([
    1,
    [{ code: 'HYG-2087', tryThis: ['Remove the rows: deletes: { then: apply }', 'Or remove deletes'] }],
  ]);
  expect(fabric.replicator.table('comparedmarked')).toBeUndefined();
});
