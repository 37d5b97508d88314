import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { count } from '../support/duck.ts';
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
});
