/** `%` in the name of an entity, in the folder of a table and in a partition. */
import { mkdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { encodeSegment, sourceSegment } from '../../../src/workspace/names.ts';
import { diskFolder } from '../../support/delta/writer/folder.ts';
import { DeltaTable } from '../../support/delta/writer/table.ts';
import { duck } from '../../support/duck.ts';
import { TestWorkspace } from '../../support/workspace.ts';

async function tableIn(workspace: TestWorkspace, folder: string, first: number): Promise<DeltaTable> {
  mkdirSync(workspace.path(folder), { recursive: true });
  const columns = [
    { name: 'id', type: 'long' },
    { name: 'share', type: 'string' },
  ] as const;
  const table = await DeltaTable.create(diskFolder(workspace.path(folder)), { seed: first, columns, partitionBy: ['share'] });
  await table.append(['5%', '%41', '%'].map((share, i) => ({ id: first + i, share })));
  return table;
}

const rowsOf = async (workspace: TestWorkspace, entity: string) =>
  (await workspace.settled('out', 'f', encodeSegment(entity))).map(({ id, share }) => `${id} ${share}`).sort();

it.each(['50% off', 'a%2Fb'])('an entity is called %s', async (name) => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { path: lake, format: delta }\nstore: out\nrun_type: incremental\nentities: [${JSON.stringify(name)}]\n`,
  });
  await using table = await tableIn(workspace, `lake/${sourceSegment(name)}`, 10);
  const first = await workspace.run(['go', '--output', 'json']);
  expect(first.code, first.stdout + first.stderr).toBe(0);
  expect(await rowsOf(workspace, name)).toEqual(['10 5%', '11 %41', '12 %']);
  await table.append([{ id: 13, share: '5%' }]);
  const second = await workspace.run(['go', '--output', 'json']);
  expect(second.code, second.stdout + second.stderr).toBe(0);
  expect(await rowsOf(workspace, name)).toEqual(['10 5%', '11 %41', '12 %', '13 5%']);
  const answer = await workspace.run(['query', `select count(*) as n from f."${name}_source"`, '--output', 'json']);
  expect(answer.stdout, answer.stderr).toContain('4');
});

it('a folder is copied whose name has a %, and whatever it looks like encoded', async () => {
  using workspace = new TestWorkspace();
  await using one = await tableIn(workspace, 'lake/a%41', 10);
  await using other = await tableIn(workspace, 'lake/aA', 20);
  for (const [table, out] of [
    [one, 'a%41'],
    [other, 'aA'],
  ] as const) {
    const run = await workspace.run(['copy', `lake/${out}`, `${out}.parquet`]);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    const found = await duck(`select id, share from read_parquet('${workspace.path(`${out}.parquet`)}') order by id`);
    expect(found.map(({ id }) => Number(id))).toEqual(table.rows().map(({ id }) => id));
  }
});

it('tables whose folders have a % become entities that are read', async () => {
  using workspace = new TestWorkspace();
  const tables: DeltaTable[] = [];
  for (const [i, folder] of ['50%', '%41', 'a%2Fb', '%/orders'].entries()) tables.push(await tableIn(workspace, `lake/${folder}`, 10 * i));
  const made = await workspace.run(['init', 'mine', '--from', 'lake', '--yes']);
  expect(made.code, made.stdout + made.stderr).toBe(0);
  const run = await workspace.run(['go', '--output', 'json'], { cwd: workspace.path('mine') });
  expect(run.code, run.stdout + run.stderr).toBe(0);
  const rows = tables.reduce((sum, table) => sum + table.rows().length, 0);
  expect(run.events.at(-1), made.stdout + made.stderr).toMatchObject({ error: 0, pass: 4, rows });
  for (const table of tables) await table[Symbol.asyncDispose]();
});

it('hygge generate entities takes such tables as well', async () => {
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: { path: lake, format: delta }\nstore: out\nrun_type: incremental\n' });
  await using table = await tableIn(workspace, 'lake/50%', 10);
  const made = await workspace.run(['generate', 'entities', '--flow', 'f']);
  expect(made.code, made.stdout + made.stderr).toBe(0);
  const run = await workspace.run(['go', '--output', 'json']);
  expect(run.events.at(-1), made.stdout + run.stderr).toMatchObject({ pass: 1, rows: table.rows().length });
});
