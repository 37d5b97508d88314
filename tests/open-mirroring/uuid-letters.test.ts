/** Uuids of a key that an earlier version published in capitals: Fabric takes each spelling for a row of its own. */
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textUuids } from '../../src/files/landing-zone/uuid-letters.ts';
import { workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { lookup, nextEtag } from '../support/dfs/tree.ts';
import { type Fabric, mirror, startFabric } from '../support/fabric-replicator/fabric.ts';
import { TestWorkspace } from '../support/workspace.ts';

let fabric: Fabric;
let here: Disposable;
beforeAll(async () => {
  fabric = await startFabric();
  here = fabric.azure.inProcess();
});
afterAll(async () => {
  here[Symbol.dispose]();
  await fabric[Symbol.asyncDispose]();
});

const id = (n: number) => `6f96abcd-0000-4000-8000-00000000000${n}`;
const more = (n: number) => `0000000${n}-0000-4000-8000-0000000000fe`;
const line = (n: number, note: string, at: number) => `${id(n)},${more(n)},${note},${at}\n`;
const head = 'id,more,note,at\n';

interface Source {
  readonly key?: string;
  readonly home?: string;
  readonly prepare?: (path: (name: string) => string) => void;
}

function scene(name: string, { key = '[id]', home, prepare }: Source = {}) {
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n' });
  workspace.write({
    'flows/f/flow.yml': `home: ${home ?? '{ path: "in/{entity}.csv", types: { id: uuid, more: uuid } }'}
store: { type: open_mirroring, workspace: ${fabricWorkspace.name}, mirror_name: ${mirror.name} }
run_type: incremental
watermark: { column: at, key: ${key} }
entities: [${name}]
`,
    [`in/${name}.csv`]: `${head}${[1, 2, 3].map((n) => line(n, 'old', n)).join('')}`,
  });
  prepare?.((file) => workspace.path(file));
  return {
    sql(file: string, statement: string) {
      const database = new DatabaseSync(workspace.path(file));
      database.exec(statement);
      database.close();
    },
    source: (text: string) => workspace.write({ [`in/${name}.csv`]: head + text }),
    async go(...args: readonly string[]) {
      const { code, stdout } = await workspace.run(['go', '--output', 'json', ...args], { env: fabric.azure.env });
      expect(code, stdout).toBe(0);
      return stdout;
    },
    /** As if the version that published all rows had kept the letters of the source. */
    async publishedBefore(columns: readonly string[]) {
      await fabric.replicator.turn();
      await fabric.replicator.query(`update "${name}" set ${columns.map((column) => `${column} = upper(${column})`).join(', ')}`);
      const node = lookup(
        fabric.azure.dfs.root('onelake', fabricWorkspace.id),
        `${mirror.id}/Files/_hygge/_tables/${name}/f/${name}/current.json`,
      );
      if (node?.kind !== 'file') throw new Error('there is no head');
      const { smallUuids, ...before } = JSON.parse(node.content.toString()) as { readonly smallUuids?: true };
      node.content = Buffer.from(JSON.stringify(before));
      node.etag = nextEtag();
    },
    async mirrored() {
      await fabric.replicator.turn();
      return (await fabric.replicator.query(`select id, more, note from "${name}" order by "at"`)).map((row) => Object.values(row));
    },
    taken: () => fabric.replicator.table(name)?.taken.length ?? 0,
    violations: () => fabric.replicator.violations.filter(({ table }) => table === name).map(({ rule, detail }) => `${rule}: ${detail}`),
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

describe('keys that were published in capitals', () => {
  test('go with the rows that come in small letters, where one of two uuids of the key has them', async () => {
    using here = scene('capitals', { key: '[id, more]' });
    await here.go();
    await here.publishedBefore(['more']);
    here.source(line(1, 'new', 4) + line(2, 'old', 2) + line(3, 'old', 3) + line(4, 'new', 5));
    expect(await here.go('--dry-run')).toContain('open_mirroring.uuids_in_capitals');
    await here.go();
    const kept = (n: number) => [id(n), more(n).toUpperCase()];
    const small = (n: number) => [id(n), more(n)];
    expect(await here.mirrored()).toEqual([
      [...kept(2), 'old'],
      [...kept(3), 'old'],
      [...small(1), 'new'],
      [...small(4), 'new'],
    ]);
    expect(here.violations()).toEqual([]);
  });
});

test('a table with small letters alone gets no deletes, and no word about them', async () => {
  using here = scene('smallletters');
  await here.go();
  await here.mirrored();
  const before = here.taken();
  here.source(line(1, 'new', 4) + line(2, 'old', 2) + line(3, 'old', 3));
  expect(await here.go()).not.toContain('uuids_in_capitals');
  expect(await here.mirrored()).toHaveLength(3);
  expect(here.taken()).toBe(before + 1);
});

test.each([
  ['UUID', 2],
  ['uuid', 1],
])('a source that names the type %s has %i files of a row that comes again', async (type, files) => {
  const name = `typed${files}`;
  using here = scene(name, {
    home: '{ type: sqlite, path: s.db, table: s }',
    prepare: (path) => {
      const database = new DatabaseSync(path('s.db'));
      database.exec(`create table s (id ${type}, more text, note text, at integer)`);
      database.exec(`insert into s values ('${id(1)}', '', 'old', 1)`);
      database.close();
    },
  });
  await here.go();
  await here.publishedBefore(['id']);
  const before = here.taken();
  here.sql('s.db', 'update s set at = 2');
  await here.go();
  await here.mirrored();
  expect(here.taken()).toBe(before + files);
});

test('uuids of a database that has a type for them come in small letters', () => {
  const column = (sourceType?: string) => ({
    name: 'id',
    type: { kind: 'uuid' as const },
    nullable: false,
    ...(sourceType && { sourceType }),
  });
  const told = [undefined, 'UUID', 'uuid', 'uniqueidentifier'].map((type) => textUuids({ columns: [column(type)] }, ['id']).length);
  expect(told).toEqual([1, 1, 0, 0]);
  expect(textUuids({ columns: [column()] }, ['n'])).toEqual([]);
});
