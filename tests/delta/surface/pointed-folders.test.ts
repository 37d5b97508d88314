import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { duck } from '../../support/duck.ts';
import { writeDeltaTable } from '../../support/small-delta-table.ts';
import { TestWorkspace } from '../../support/workspace.ts';

let place: TestWorkspace;
beforeEach(async () => {
  place = new TestWorkspace();
  await writeDeltaTable(place.path('lake/orders'));
  return () => place[Symbol.dispose]();
});

const names = async (files: string) =>
  (await duck(`select name from read_parquet('${place.path(files)}') order by id`)).map(({ name }) => name);

describe('hygge copy from the folder of a Delta table', () => {
  it('copies the rows of the newest version, and no note counts its other files as left out', async () => {
    const run = await place.run(['copy', 'lake/orders', 'out.parquet']);
    expect(run.code).toBe(0);
    expect(run.stdout + run.stderr).not.toContain('left out');
    expect(await names('out.parquet')).toEqual(['ada', 'bo', 'cy']);
  });

  it('copies an earlier version whole into a folder that had the newest', async () => {
    expect((await place.run(['copy', 'lake/orders', 'out'])).code).toBe(0);
    const past = await place.run(['copy', 'lake/orders', 'out', '--home', 'version=0']);
    expect(past.stdout + past.stderr).not.toContain('HYG-');
    expect(past.code).toBe(0);
    expect(await place.settled('out', 'out', 'out').then((rows) => rows.map(({ name }) => name))).toEqual(['ada', 'gone']);
  });

  it('brings only new versions to a folder, and can be saved as a flow that says format: delta', async () => {
    expect((await place.run(['copy', 'lake/orders', 'out'])).code).toBe(0);
    const again = await place.run(['copy', 'lake/orders', 'out']);
    expect(again.stdout).toContain('nothing new');
    const saved = await place.run(['copy', 'lake/orders', 'fresh', '--save', 'flows/fresh']);
    expect(saved.stderr).toBe('');
    expect(readFileSync(place.path('flows/fresh/flow.yml'), 'utf8')).toMatch(/^ {2}format: delta$/m);
  });

  it.each([
    ['the files of the table', 'lake/orders/*.parquet', 'names files of a Delta table'],
    ['its log', 'lake/orders/_delta_log', 'is in the log of a Delta table'],
    ['the folder around it', 'lake', 'There is a Delta table in lake: orders'],
  ])('stops at %s, and what it advises works', async (_, from, says) => {
    const stopped = await place.run(['copy', from, 'out.parquet']);
    expect(stopped.code).toBe(2);
    expect(stopped.stderr).toContain(says);
    const advised = /hygge (copy \S+) …/.exec(stopped.stderr)?.[1];
    expect(advised).toBe('copy lake/orders');
    expect((await place.run([...(advised ?? '').split(' '), 'out.parquet'])).code).toBe(0);
    expect(existsSync(place.path('out.parquet'))).toBe(true);
  });

  it('advises options of a copy where the home of a flow would have keys', async () => {
    const stopped = await place.run(['copy', 'lake/orders', 'out.parquet', '--home', 'format=parquet']);
    expect(stopped.code).toBe(1);
    expect(stopped.stdout + stopped.stderr).toContain('Read the files as a table: --home format=delta');
    expect((await place.run(['copy', 'lake/orders', 'out.parquet', '--home', 'format=delta'])).code).toBe(0);
  });
});

describe('hygge init --from a folder with Delta tables', () => {
  it('makes an entity of each table, with its schema in the name where two are called alike', async () => {
    for (const table of ['Tables/dbo/lines', 'Tables/crm/lines', 'Tables/crm/people']) await writeDeltaTable(place.path('onelake', table));
    await place.parquet('onelake/Files/raw.parquet', 'select 1 id');
    const made = await place.run(['init', 'w', '--from', 'onelake', '--yes']);
    expect(made.stderr).toBe('');
    const entity = (name: string) => readFileSync(place.path(`w/flows/onelake/entities/${name}.yml`), 'utf8');
    expect(entity('dbo_lines')).toContain('home: { path: "Tables/dbo/lines", format: "delta" }');
    expect(entity('crm_lines')).toContain('home: { path: "Tables/crm/lines", format: "delta" }');
    expect(entity('people')).toContain('home: { path: "Tables/crm/people", format: "delta" }');
    expect(entity('Files')).toContain('home: { format: "parquet" }');
    const run = await place.run(['go', '-C', 'w', '--output', 'json']);
    expect(run.code).toBe(0);
    expect(await place.settled('w/data/lake/onelake/people', 'onelake', 'people', 'w/data/lake/onelake')).toHaveLength(3);
  });

  it('takes the folder that is a table itself', async () => {
    expect((await place.run(['init', 'w', '--from', 'lake/orders', '--yes'])).code).toBe(0);
    expect(readFileSync(place.path('w/flows/orders/entities/orders.yml'), 'utf8')).toContain('home: { format: "delta" }');
    expect((await place.run(['go', '-C', 'w'])).code).toBe(0);
  });
});

describe('hygge generate entities below a folder with Delta tables', () => {
  const home = (name: string) => /^home: (.*)$/m.exec(readFileSync(place.path(`flows/f/entities/${name}.yml`), 'utf8'))?.[1];

  it('finds tables, those in folders of schemas too', async () => {
    await writeDeltaTable(place.path('lake/dbo/lines'));
    place.write({ 'flows/f/flow.yml': 'home: lake\nstore: out\n' });
    expect((await place.run(['generate', 'entities', '--flow', 'f'])).code).toBe(0);
    expect(home('orders')).toBe('{ format: "delta" }');
    expect(home('lines')).toBe('{ path: "dbo/lines", format: "delta" }');
    expect((await place.run(['go'])).stdout).toContain('PASS=2');
  });

  it('of a home that says format: delta takes tables alone, and names those that its path does not lead to', async () => {
    await writeDeltaTable(place.path('lake/dbo/lines'));
    await place.parquet('lake/plain/1.parquet', 'select 1 as id');
    place.write({ 'flows/f/flow.yml': 'home: { path: "lake/{entity}", format: delta }\nstore: out\n' });
    const made = await place.run(['generate', 'entities', '--flow', 'f']);
    expect(made.stdout).toContain('1 table in folders of schemas left out: dbo/lines.');
    const advised = /name the schema: (\S+)/.exec(made.stdout)?.[1] ?? '';
    expect(home('orders')).toBeUndefined();
    expect((await place.run(['go'])).stdout).toContain('PASS=1');
    place.write({ 'flows/g/flow.yml': `home: { path: "${advised}", format: delta }\nstore: out2\n` });
    expect((await place.run(['generate', 'entities', '--flow', 'g'])).code).toBe(0);
    expect((await place.run(['go', '-f', 'g'])).stdout).toContain('PASS=1');
  });

  it('stops at a folder that is one table, and what it advises works', async () => {
    place.write({ 'flows/f/flow.yml': 'home: lake\nstore: out\n' });
    const stopped = await place.run(['generate', 'entities', '--flow', 'f', '--from', 'lake/orders']);
    expect(stopped.stderr).toContain('orders is one Delta table');
    const advised = /--from (\S+)/.exec(stopped.stderr.split('try')[1] ?? '')?.[1] ?? '';
    expect((await place.run(['generate', 'entities', '--flow', 'f', '--from', advised])).code).toBe(0);
    expect(existsSync(place.path('flows/f/entities/orders.yml'))).toBe(true);
  });
});
