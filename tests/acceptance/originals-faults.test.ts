import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { count, duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const events = (workspace: TestWorkspace) =>
  readFileSync(workspace.path('.hygge', 'journal', readdirSync(workspace.path('.hygge', 'journal'))[0] ?? ''), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { rows: number; status: string });

async function fiveFiles(workspace: TestWorkspace): Promise<void> {
  for (let i = 0; i < 5; i++)
    await workspace.parquet(
      `in/${i}.parquet`,
      `select ${i} * 1000 + r as id, timestamp '2024-01-01' + interval (r) second as at from range(1000) t(r)`,
    );
}

describe('what the original got wrong', () => {
  it('(a) loads five files twice in full and still holds 5,000 rows, as the journal says', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake\n' });
    await fiveFiles(workspace);
    expect((await workspace.run(['go'])).code).toBe(0);
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await count(`select count(*) as n from '${workspace.path('lake')}/*.parquet'`)).toBe(5000);
    expect(events(workspace).map((row) => row.rows)).toEqual([5000, 5000]);
  });

  it('(a) appends a full copy each run only when told to, and warns', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake\nif_exists: append\n' });
    await fiveFiles(workspace);
    await workspace.run(['go']);
    const second = await workspace.run(['go', '--output', 'json']);
    expect(second.events.at(-1)).toMatchObject({ event: 'summary', warn: 1, error: 0 });
    expect(await count(`select count(*) as n from '${workspace.path('lake')}/*.parquet'`)).toBe(10000);
  });

  it('(c) stops, writing nothing, when the state of the watermark cannot be read', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n',
    });
    await fiveFiles(workspace);
    await workspace.run(['go']);
    writeFileSync(workspace.path('.hygge', 'state', 'f', 'f.state.yml'), 'entity: "f"\nlast_run: "2024');
    const before = workspace.tree('lake');
    const run = await workspace.run(['go', '--output', 'json']);
    expect(run.code).toBe(1);
    expect(run.events.find((event) => event.event === 'error')).toMatchObject({ code: expect.stringMatching(/^HYG-5/) });
    expect(workspace.tree('lake')).toEqual(before);
  });

  it('(c) never takes a lost state for an empty one', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n',
    });
    await fiveFiles(workspace);
    await workspace.run(['go']);
    const { rmSync } = await import('node:fs');
    rmSync(workspace.path('.hygge'), { recursive: true });
    const run = await workspace.run(['go', '--output', 'json']);
    expect(run.code).toBe(1);
    expect(run.events.find((event) => event.event === 'error')).toMatchObject({
      code: 'HYG-2002',
      tryThis: expect.arrayContaining([expect.stringContaining('--adopt')]),
    });
    expect(await count(`select count(*) as n from '${workspace.path('lake')}/*.parquet'`)).toBe(5000);

    expect((await workspace.run(['reset', 'f.f', '--adopt', '--yes'])).code).toBe(0);
    const next = await workspace.run(['go', '--output', 'json']);
    expect(next.events.at(-1)).toMatchObject({ event: 'summary', skip: 1, error: 0 });
    expect(await count(`select count(*) as n from '${workspace.path('lake')}/*.parquet'`)).toBe(5000);
  });

  it('(d) honours options.concurrency', async () => {
    using workspace = new TestWorkspace({
      'hygge.yml': 'name: test\noptions: { concurrency: 1 }\n',
      'flows/f/flow.yml': 'home: in\nstore: lake\nentities: [a, b, c]\n',
    });
    for (const entity of ['a', 'b', 'c']) await workspace.parquet(`in/${entity}/1.parquet`, 'select r as id from range(10) t(r)');
    const run = await workspace.run(['go', '--output', 'json']);
    expect(run.events[0]).toMatchObject({ event: 'run_start', concurrency: 1 });
    const order = run.events.flatMap((event) =>
      event.event === 'plan' || event.event === 'entity_done' ? [`${event.event} ${event.entity}`] : [],
    );
    expect(order).toEqual(['plan a', 'entity_done a', 'plan b', 'entity_done b', 'plan c', 'entity_done c']);
  });

  it('(e) leaves the tree byte-identical after a dry run', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake\n' });
    await fiveFiles(workspace);
    const fresh = workspace.tree();
    expect((await workspace.run(['go', '--dry-run'])).code).toBe(0);
    expect(workspace.tree()).toEqual(fresh);
    await workspace.run(['go']);
    const settled = workspace.tree();
    expect((await workspace.run(['go', '--dry-run', '--count'])).code).toBe(0);
    expect(workspace.tree()).toEqual(settled);
    expect(existsSync(workspace.path('logs'))).toBe(false);
  });

  it('(f) exits 1 from debug when a source is not there', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: nowhere\nstore: lake\n' });
    const run = await workspace.run(['debug']);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('nowhere');
  });

  it('(h) refuses files of different shape instead of dying on them half-way', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake\n' });
    await workspace.parquet('in/1.parquet', 'select 1 as id');
    await workspace.parquet('in/2.parquet', "select 'x' as id, 2 as extra");
    const run = await workspace.run(['go', '--output', 'json']);
    expect(run.code).toBe(1);
    expect(run.events.find((event) => event.event === 'error')).toMatchObject({
      code: 'HYG-3204',
      what: expect.stringContaining('in/2.parquet'),
    });
    expect(existsSync(workspace.path('lake'))).toBe(false);
  });

  it('(i) gives rows with nulls an id, and rows that only look alike when joined two different ones', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in\nstore: lake\npolish: { hash_ids: [{ name: row_id, from_columns: [a, b] }] }\n',
    });
    await workspace.parquet(
      'in/1.parquet',
      "select * from (values (null, null), ('', null), (null, ''), ('x|y', 'z'), ('x', 'y|z'), ('null', 'x')) t(a, b)",
    );
    expect((await workspace.run(['go'])).code).toBe(0);
    const lake = `'${workspace.path('lake')}/*.parquet'`;
    expect(await count(`select count(distinct row_id) as n from ${lake} where length(row_id) = 64`)).toBe(6);
  });

  it('(i) keeps letters that are not English when it takes special characters out of names', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in\nstore: lake\npolish: { columns: { remove_special: true, case: snake } }\n',
    });
    await workspace.parquet('in/1.parquet', 'select 1 as "Beløb (DKK)", 2 as "Größe", 3 as "価格"');
    expect((await workspace.run(['go'])).code).toBe(0);
    const columns = await duck(`describe select * from '${workspace.path('lake')}/*.parquet'`);
    expect(columns.map(({ column_name }) => column_name)).toEqual(['beløb_dkk', 'größe', '価格']);
  });

  it('(j) names file, line and column of an unknown key', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake\nrun_typ: incremental\n' });
    const run = await workspace.run(['go']);
    expect(run.code).toBe(2);
    expect(run.stderr + run.stdout).toContain('flows/f/flow.yml:3:1');
    expect(run.stderr + run.stdout).toContain('run_type');
  });
});
