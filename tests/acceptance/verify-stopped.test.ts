import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Rows of a source that takes a moment to read. */
const count = 30_000;

describe('a comparison that meets something else', () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: n, key: [id] }\nentities: [e]\n',
    });
    await workspace.parquet('in/e/1.parquet', `select range as id, range as n, md5(range::text) as text from range(${count})`);
    expect((await workspace.run(['go'])).code).toBe(0);
    return () => workspace[Symbol.dispose]();
  });
  const tree = () => [...workspace.tree('.').keys()].sort();

  it('ends with Ctrl-C: it says so, how far it came, and leaves nothing behind', async () => {
    const before = tree();
    await using running = workspace.start(['verify', 'f.e', '--pause', '0s']);
    await running.says(/3 columns, by id/);
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.done;
    expect(code).toBe(130);
    expect(stdout + stderr).toContain('not compared: stopped');
    expect(tree()).toEqual(before);
    expect((await workspace.run(['journal', '--output', 'json'])).stdout).not.toContain('"lane":"verify"');
    expect((await workspace.run(['verify', 'f.e', '--pause', '0s'])).code).toBe(0);
  });

  it('waits for no run that holds the entity, and a repair is told who does', async () => {
    await workspace.parquet(
      'in/e/1.parquet',
      `select range as id, range as n, md5(range::text) || if(range = 77, '!', '') as text from range(${count})`,
    );
    await workspace.parquet(
      'in/e/2.parquet',
      `select range + ${count} as id, range + ${count} as n, md5(range::text) as text from range(${count})`,
    );
    await using holder = workspace.start(['go']);
    await holder.says(/From in/);
    holder.kill('SIGSTOP');
    try {
      const compared = await workspace.run(['verify', 'f.e', '--pause', '0s']);
      expect([compared.code, compared.stdout]).toEqual([1, expect.stringContaining('differs: 1 row changed')]);
      const repair = await workspace.run(['verify', 'f.e', '--repair', '--yes', '--pause', '0s', '--output', 'json']);
      expect(repair.stdout).toContain('HYG-2001');
      expect(repair.code).toBe(1);
    } finally {
      holder.kill('SIGCONT');
    }
    expect((await holder.done).code).toBe(0);
    const repaired = await workspace.run(['verify', 'f.e', '--repair', '--yes', '--pause', '0s']);
    expect([repaired.code, repaired.stdout]).toEqual([0, expect.stringContaining('mended: 1 row read again in 1 range')]);
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
    expect(surroundings.stdout()).toContain('changed while they were compared');
    expect(ended.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ended)).toEqual(new Set([0]));
    expect((await workspace.run(['verify', '--pause', '0s', '--output', 'json'])).stdout).toContain('"verdict":"same"');
  });

  it('can’t tell while a commit is not finished', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in/f.csv\nstore: lake\n', 'in/f.csv': 'id\n1\n' });
    expect((await workspace.run(['go'])).code).toBe(0);
    const state = filesState({ files: localFileSystem(workspace.root) });
    const before = await state.read({ flow: 'f', entity: 'f' });
    if (before === undefined) throw new Error('no state');
    const { row, etag } = before;
    const pending = { id: 'intent0000', epoch: row.epoch, ref: 'intents/none' };
    expect(await state.write({ flow: 'f', entity: 'f' }, etag, { ...row, pending, writeId: 'pending000' })).toBe('written');
    const { code, stdout } = await workspace.run(['verify', '--output', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'not told', because: 'unfinished' });
    expect(code).toBe(1);
  });
});
