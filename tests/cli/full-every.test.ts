import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

describe('full_every', () => {
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = new TestWorkspace();
  });
  afterEach(() => workspace[Symbol.dispose]());

  const flow = (more: string) =>
    workspace.write({ 'flows/f/flow.yml': `home: in\nstore: out\nrun_type: incremental\nfull_every: 7d\n${more}` });
  /** As if the last full load had been long ago. */
  const longAgo = () => {
    const file = workspace.path('.hygge/state/f/f.state.yml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace(/full_at: "[^"]+"/, 'full_at: "2026-01-01T02:00:00.000Z"')
        .replace(/"full_at":"[^"]+"/, '"full_at":"2026-01-01T02:00:00.000Z"'),
    );
  };
  const ids = async () => (await workspace.settled('out', 'f', 'f')).map(({ id }) => Number(id));

  it('is told in a dry run, with the time of the last full load, and of an increment with that of the next', async () => {
    flow('watermark: { column: id }\n');
    await workspace.parquet('in/a.parquet', 'select range + 1 as id from range(3)');
    expect((await workspace.run(['go'])).code).toBe(0);
    await workspace.parquet('in/a.parquet', 'select range + 2 as id from range(3)');
    const early = await workspace.run(['go', '--dry-run', '-v']);
    expect(early.stdout).toMatch(/the next full load, which removes them, is due on \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    longAgo();
    const late = await workspace.run(['go', '--dry-run', '-v']);
    expect(late.stdout).toContain('the run loads all rows again: the last full load was on 2026-01-01 02:00 UTC, and full_every is 7d');
    expect((await workspace.run(['go', '-i'])).code).toBe(0);
    expect(await ids()).toEqual([1, 2, 3, 4]);
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await ids()).toEqual([2, 3, 4]);
    expect((await workspace.run(['state', 'show', 'f.f'])).stdout).toMatch(/full load +\d{4}.*, the last one/);
  });

  it('of files loads those that were taken before as well, beside what is new and without what is gone', async () => {
    flow('');
    for (const id of [1, 2, 3]) await workspace.parquet(`in/${id}.parquet`, `select ${id} as id`);
    expect((await workspace.run(['go'])).code).toBe(0);
    rmSync(workspace.path('in/1.parquet'));
    await workspace.parquet('in/4.parquet', 'select 4 as id');
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await ids()).toEqual([1, 2, 3, 4]);
    longAgo();
    await workspace.parquet('in/5.parquet', 'select 5 as id');
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await ids()).toEqual([2, 3, 4, 5]);
    // All of them count as taken now.
    await workspace.parquet('in/6.parquet', 'select 6 as id');
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await ids()).toEqual([2, 3, 4, 5, 6]);
  });
});
