import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = 'home: in\nstore: { path: lake/x, partition_by: [day] }\nrun_type: incremental\nwatermark: { column: id }\n';
const rows = (from: number, to: number) => `select range as id, 'd' || (range % 3) as day from range(${from}, ${to})`;
const isRoot = process.getuid?.() === 0;
const nobody = 65534;

interface Event {
  readonly event: string;
  readonly code?: string;
  readonly what?: string;
}

async function go(workspace: TestWorkspace, as?: number) {
  const args = ['go', '--output', 'json'];
  const run =
    as === undefined ? await hygge(args, workspace.root) : await workspace.run(args, { uid: as, gid: as, env: { HOME: workspace.root } });
  const events = run.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Event);
  const error = events.find(({ event }) => event === 'error');
  noteWithin(error);
  return { code: run.code, error };
}

/** Nothing is decided, nothing is left of trying, and what is settled is as it was. */
async function undecided(workspace: TestWorkspace, ids: number): Promise<void> {
  const { stdout } = await hygge(['status', '--output', 'json'], workspace.root);
  expect(JSON.parse(stdout)).toMatchObject({ pending: false });
  expect((await workspace.settled('lake/x', 'f', 'f')).length).toBe(ids);
  const names = readdirSync(workspace.path('lake/x'), { recursive: true }).map(String);
  expect(names.filter((name) => name.includes('.hygge-tmp') || name.includes('/staging/'))).toEqual([]);
}

async function settled(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
  await workspace.parquet('in/1.parquet', rows(0, 30));
  expect((await go(workspace)).code).toBe(0);
  await workspace.parquet('in/2.parquet', rows(30, 60));
  return workspace;
}

describe('what publishing takes is proved before the decision:', () => {
  it.runIf(isRoot)('a partition on another mount', async () => {
    using workspace = await settled();
    const folder = workspace.path('lake/x/day=d1');
    const aside = workspace.path('aside');
    execFileSync('cp', ['-a', folder, aside]);
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
    try {
      execFileSync('cp', ['-a', `${aside}/.`, folder]);
      const { error } = await go(workspace);
      expect(error).toMatchObject({ code: 'HYG-4012', what: expect.stringContaining('day=d1') });
      await undecided(workspace, 30);
    } finally {
      execFileSync('umount', [folder]);
    }
    expect(await go(workspace)).toEqual({ code: 0, error: undefined });
    await undecided(workspace, 60);
  });

  it.runIf(isRoot)('the right to write where rows settle, and to remove what they replace', async () => {
    using workspace = await settled();
    workspace.write({ 'flows/f/flow.yml': flow.replace('run_type: incremental\nwatermark: { column: id }\n', '') });
    execFileSync('chown', ['-R', `${nobody}:${nobody}`, workspace.root]);
    const folder = workspace.path('lake/x/day=d1');
    const refused = async () => {
      const { error } = await go(workspace, nobody);
      expect(error).toMatchObject({ code: 'HYG-4003', what: expect.stringContaining('day=d1') });
      await undecided(workspace, 30);
    };
    chownSync(folder, 0, 0);
    chmodSync(folder, 0o755);
    await refused();
    // Anybody may write into it, and nobody may remove what is another's.
    chmodSync(folder, 0o1777);
    for (const name of readdirSync(folder)) chownSync(`${folder}/${name}`, 0, 0);
    await refused();
    chmodSync(folder, 0o777);
    expect((await go(workspace)).code).toBe(0);
    await undecided(workspace, 60);
  });
});
