import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';
import { hold } from './workspace.ts';

const key = { flow: 'f', entity: 'f' };

async function settledOnce(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: in/*.parquet\nstore: lake\nrun_type: incremental\nwatermark: { column: n, key: [id] }\n',
  });
  await workspace.parquet('in/a.parquet', 'select i as id, i as n from range(1000) t(i)');
  const first = await workspace.run(['go']);
  expect(first.code, first.stderr).toBe(0);
  return workspace;
}

describe('hygge verify', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is stopped by %s while it reads, ends with %i and leaves everything as it was', async (signal, code) => {
    using workspace = await settledOnce();
    const before = workspace.tree();
    const surroundings = fakeSurroundings(workspace.root);
    // The plan is the first that is printed: the rows are read behind it.
    const { out } = surroundings;
    const write = out.write.bind(out);
    out.write = (text) => {
      surroundings.stop(signal);
      return write(text);
    };
    expect(await run(['verify', '--pause', '0s'], surroundings)).toBe(code);
    expect(surroundings.stdout()).toContain('stopped');
    expect(workspace.tree()).toEqual(before);
  });

  it('gives up where a run settles during each of three comparisons', async () => {
    const rows = (last: number) => `id,n\n${Array.from({ length: last }, (_, at) => `${at + 1},${at + 1}\n`).join('')}`;
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in/f.csv\nstore: lake\nrun_type: incremental\nwatermark: { column: n, key: [id] }\n',
      'in/f.csv': rows(10),
    });
    buildOnce();
    const go = () => spawnSync(node, [hyggeCommand, 'go'], { cwd: workspace.root }).status;
    expect(go()).toBe(0);
    const surroundings = fakeSurroundings(workspace.root);
    const { out } = surroundings;
    const write = out.write.bind(out);
    const ended: (number | null)[] = [];
    out.write = (text) => {
      // Each comparison begins with its plan.
      if (text.includes('lake')) {
        workspace.write({ 'in/f.csv': rows(11 + ended.length) });
        ended.push(go());
      }
      return write(text);
    };
    expect(await run(['verify', '--pause', '0s'], surroundings)).toBe(1);
    expect(surroundings.stdout()).toContain('settled during each of three comparisons');
    expect(ended.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ended)).toEqual(new Set([0]));
    expect((await workspace.run(['verify', '--pause', '0s', '--output', 'json'])).stdout).toContain('"verdict":"same"');
  });

  it('can’t tell while a commit is not finished', async () => {
    using workspace = await settledOnce();
    const state = filesState({ files: localFileSystem(workspace.root) });
    const before = await state.read(key);
    if (before === undefined) throw new Error('no state');
    const { row, etag } = before;
    const pending = { id: 'intent0000', epoch: row.epoch, ref: 'intents/none' };
    expect(await state.write(key, etag, { ...row, pending, writeId: 'pending000' })).toBe('written');
    const { code, stdout } = await workspace.run(['verify', '--output', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'not told', because: 'unfinished' });
    expect(code).toBe(1);
  });

  it('compares beside a run that has the entity, and leaves the repair until that is over', async () => {
    using workspace = await settledOnce();
    rmSync(workspace.path('in/a.parquet'));
    await workspace.parquet('in/a.parquet', 'select case i when 5 then 2000 else i end as id, i as n from range(1000) t(i)');
    await hold(workspace.root, key);
    const { code, stdout } = await workspace.run(['verify', '--repair', '--yes', '--pause', '0s', '--output', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'differs', found: { verdict: 'differs' }, done: 0, error: { code: 'HYG-2001' } });
    expect(code).toBe(1);
  });
});
