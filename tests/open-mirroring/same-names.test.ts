import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace as fabricWorkspace } from '../support/azure-hosts/azure.ts';
import { attach, detach, lookup } from '../support/dfs/tree.ts';
import { type Fabric, mirror, replicating, startFabricHere } from '../support/fabric-replicator/fabric.ts';
import { TestWorkspace } from '../support/workspace.ts';

let fabric: Fabric;
beforeAll(async () => {
  fabric = await startFabricHere();
});
afterAll(() => fabric[Symbol.asyncDispose]());

const root = () => fabric.azure.dfs.root('onelake', fabricWorkspace.id);
const files = (path: string) => `${mirror.id}/Files/${path}`;

/** A workspace whose flow has the names of the others', with a schema of its own in the mirrored database. */
function scene(schema: string, { flow = 'f', path = '' } = {}) {
  const store = `type: open_mirroring, workspace: ${fabricWorkspace.name}, mirror_name: ${mirror.name}, ${path === '' ? `schema: ${schema}` : `path: ${path}`}`;
  const config = `home: in\nstore: { ${store} }\nrun_type: incremental\nwatermark: { column: changed, key: [id] }\nentities: [t]\n`;
  const workspace = new TestWorkspace({ [`flows/${flow}/flow.yml`]: config });
  return {
    workspace,
    config,
    /** Rows from one id to another, of a source whose ids tell the schema. */
    rows: (from: number, to: number) =>
      workspace.parquet(
        `in/t/${from}.parquet`,
        `select range::bigint as id, '${schema}' as name, timestamp '2026-01-01' + interval (range) second as changed from range(${from}, ${to})`,
      ),
    async hygge(...args: readonly string[]) {
      const { code, events, stdout, stderr } = await workspace.run([...args, '--output', 'json'], { env: fabric.azure.env });
      const codes = events.filter(({ event }) => event === 'error').map((event) => ('code' in event ? event.code : undefined));
      return { code, codes, text: stdout + stderr, summary: events.at(-1) as Record<string, unknown> | undefined };
    },
    async mirrored() {
      await fabric.replicator.turn();
      const rows = await fabric.replicator.query(`select id, name from "${schema}.t" order by id`);
      return rows.map(({ id, name }) => `${id} ${name}`);
    },
    /** Where an earlier version kept the records. */
    async toEarlierPlace() {
      const found = lookup(root(), files(`_hygge/_tables/${schema}.schema/t/f/t/current.json`));
      if (found === undefined) throw new Error('there is no head');
      detach(root(), files(`_hygge/_tables/${schema}.schema/t/f/t/current.json`));
      attach(root(), files('_hygge/f/t/current.json'), found);
    },
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

const expected = (to: number, name: string) => Array.from({ length: to }, (_, id) => `${id} ${name}`);

test('a head at the earlier place is taken over once, by the table that its files are in', async () => {
  using one = scene('over1');
  using other = scene('over2');
  await one.rows(0, 10);
  await one.hygge('go');
  await one.toEarlierPlace();
  await other.rows(0, 10);
  expect((await other.hygge('go')).summary).toMatchObject({ pass: 1, rows: 10 });
  await one.rows(10, 20);
  expect((await one.hygge('go')).summary).toMatchObject({ pass: 1, rows: 10 });
  const left = lookup(root(), files('_hygge/f/t/current.json'));
  const marked = left?.kind === 'file' ? JSON.parse(left.content.toString()) : undefined;
  expect(marked).toMatchObject({ version: 3, rows: 10, movedTo: '_hygge/_tables/over1.schema/t' });
  await one.rows(20, 30);
  expect((await one.hygge('go')).summary).toMatchObject({ pass: 1, rows: 10 });
  expect((await one.hygge('go')).summary).toMatchObject({ skip: 1 });
  expect(await one.mirrored()).toEqual(expected(30, 'over1'));
  expect(await other.mirrored()).toEqual(expected(10, 'over2'));
});

test('where another workspace took the shared head of an earlier version away, the reset that is advised ends in all rows', async () => {
  using one = scene('lost1');
  using other = scene('lost2');
  for (const each of [one, other]) await each.rows(0, 10);
  await one.hygge('go');
  await one.toEarlierPlace();
  detach(root(), files('_hygge/f/t/current.json'));
  await other.hygge('go');
  await other.toEarlierPlace();
  expect((await other.hygge('go')).summary).toMatchObject({ skip: 1 });
  const stopped = await one.hygge('go');
  expect(stopped.codes).toEqual(['HYG-2003']);
  for (const advice of ['hygge reset f.t', 'hygge reset f.t --adopt --watermark VALUE']) expect(stopped.text).toContain(advice);
  expect((await one.hygge('reset', 'f.t', '--yes')).code).toBe(0);
  await one.rows(10, 40);
  {
    await using _ = replicating(fabric);
    expect((await one.hygge('go')).summary).toMatchObject({ error: 0 });
  }
  expect(await one.mirrored()).toEqual(expected(40, 'lost1'));
  expect(await other.mirrored()).toEqual(expected(10, 'lost2'));
});

test('state mv carries the head from the earlier place', async () => {
  using one = scene('mv', { path: 'Files/LandingZone/mv.schema' });
  await one.rows(0, 10);
  expect((await one.hygge('go')).summary).toMatchObject({ pass: 1, rows: 10 });
  await one.toEarlierPlace();
  rmSync(one.workspace.path('flows/f'), { recursive: true });
  one.workspace.write({ 'flows/g/flow.yml': one.config });
  const moved = await one.hygge('state', 'mv', 'f.t', 'g.t');
  expect(moved.text).not.toContain('HYG-');
  expect(moved.code).toBe(0);
  expect((await one.hygge('go')).summary).toMatchObject({ skip: 1 });
  await one.rows(10, 20);
  expect((await one.hygge('go')).summary).toMatchObject({ pass: 1, rows: 10 });
  expect(await one.mirrored()).toEqual(expected(20, 'mv'));
  expect(fabric.replicator.violations).toEqual([]);
});

test('reset --adopt restores lost state from a head at the earlier place', async () => {
  using one = scene('adopt');
  await one.rows(0, 10);
  await one.hygge('go');
  await one.toEarlierPlace();
  rmSync(one.workspace.path('.hygge'), { recursive: true });
  expect((await one.hygge('go')).codes).toEqual(['HYG-2002']);
  expect((await one.hygge('reset', '--adopt', 'f.t', '--yes')).code).toBe(0);
  await one.rows(10, 20);
  expect((await one.hygge('go')).summary).toMatchObject({ pass: 1, rows: 10 });
  expect(await one.mirrored()).toEqual(expected(20, 'adopt'));
  expect(fabric.replicator.violations).toEqual([]);
});
