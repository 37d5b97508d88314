import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import { here, settledIds } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const byMark = { 'flows/f/flow.yml': 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n' };
const state = '.hygge/state/f/f.state.yml';
const rows = (from: number, to: number) =>
  `select range as id, timestamp '2024-01-01' + interval (range) minute as "at" from range(${from}, ${to})`;
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Five thousand minutes are settled, and the state says that it were more, or less. */
async function edited(to: string): Promise<TestWorkspace> {
  const workspace = new TestWorkspace(byMark);
  await workspace.parquet('in/1.parquet', rows(0, 5000));
  await here(workspace, 'go');
  const before = readFileSync(workspace.path(state), 'utf8');
  const after = before.replace('2024-01-04T11:19:00', to);
  expect(after).not.toBe(before);
  workspace.write({ [state]: after });
  await workspace.parquet('in/2.parquet', rows(5000, 7000));
  return workspace;
}

describe('a watermark that was edited in the state file', () => {
  for (const [which, to] of [['higher, so that rows would be left out', '2024-01-05T11:19:00']] as const)
    it(`stops the run, and adopting goes on from what is settled (${which})`, async () => {
      using workspace = await edited(to);
      for (const more of [[], ['--dry-run']]) expect(await here(workspace, 'go', ...more)).toMatchObject({ code: 1, error: 'HYG-2067' });
      expect(await settledIds(workspace)).toEqual(upTo(5000));
      expect((await hygge(['reset', 'f.f', '--adopt', '--yes'], workspace.root)).code).toBe(0);
      expect((await here(workspace, 'go')).summary).toMatchObject({ pass: 1, rows: 2000 });
      expect(await settledIds(workspace)).toEqual(upTo(7000));
    });

  it('is taken where it is meant, with its own command', async () => {
    using workspace = await edited('2024-01-05T11:19:00');
    const run = await here(workspace, 'go');
    const failed = run.events.find((event) => event.event === 'error');
    const advice = failed?.event === 'error' ? failed.tryThis.find((line) => line.includes('--watermark')) : undefined;
    const [, command = ''] = /: hygge (.*)$/.exec(advice ?? '') ?? [];
    expect((await hygge([...command.split(' '), '--yes'], workspace.root)).code).toBe(0);
    // The rows of the file that lie below the new watermark are not read, and the run says so.
    const next = await here(workspace, 'go');
    expect(next.summary).toMatchObject({ warn: 1, error: 0, rows: 560 });
    expect(next.summary.entities[0]?.message).toContain('1,440 rows');
    expect((await here(workspace, 'go')).summary).toMatchObject({ skip: 1 });
  });
});

describe('a full load of a source without rows', () => {
  const full = (more = '') => ({ 'flows/f/flow.yml': `home: in\nstore: lake\n${more}` });

  it('is stopped by on_empty: fail, and nothing is changed by it', async () => {
    using workspace = new TestWorkspace(full('on_empty: fail\n'));
    await workspace.parquet('in/1.parquet', rows(0, 0));
    expect((await here(workspace, 'go')).summary).toMatchObject({ error: 0 });
    await workspace.parquet('in/1.parquet', rows(0, 1500));
    await here(workspace, 'go');
    await workspace.parquet('in/1.parquet', rows(0, 0));
    expect(await here(workspace, 'go')).toMatchObject({ code: 1, error: 'HYG-2068' });
    expect(await settledIds(workspace)).toEqual(upTo(1500));
    workspace.write(full('on_empty: keep\n'));
    expect((await here(workspace, 'go')).summary).toMatchObject({ skip: 1 });
    workspace.write(full());
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 1 });
    expect(await settledIds(workspace)).toEqual([]);
  });
});
