import { cpSync, rmSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import { localFileSystem } from '../../src/filesystems/disk/local.ts';
import { filesState } from '../../src/state/files.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { hold } from '../cli/workspace.ts';
import { TestWorkspace } from '../support/workspace.ts';

const count = 300;

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
    const surroundings = fakeSurroundings(workspace.root);
    const { out, stop } = surroundings;
    const write = out.write.bind(out);
    out.write = (text) => {
      if (text.includes('3 columns, by id')) stop('SIGINT');
      return write(text);
    };
    expect(await run(['verify', 'f.e', '--pause', '0s'], surroundings)).toBe(130);
    expect(surroundings.stdout()).toContain('not compared: stopped');
    expect(tree()).toEqual(before);
    expect((await workspace.run(['journal', '--output', 'json'])).stdout).not.toContain('"lane":"verify"');
    expect((await workspace.run(['verify', 'f.e', '--pause', '0s'])).code).toBe(0);
  });

  it('waits for no run that holds the entity, and a repair is told who does', async () => {
    await workspace.parquet(
      'in/e/1.parquet',
      `select range as id, range as n, md5(range::text) || if(range = 77, '!', '') as text from range(${count})`,
    );
    await hold(workspace.root, { flow: 'f', entity: 'e' });
    const compared = await workspace.run(['verify', 'f.e', '--pause', '0s']);
    expect([compared.code, compared.stdout]).toEqual([1, expect.stringContaining('differs: 1 row changed')]);
    const repair = await workspace.run(['verify', 'f.e', '--repair', '--yes', '--pause', '0s', '--output', 'json']);
    expect(repair.stdout).toContain('HYG-2001');
    expect(repair.code).toBe(1);
  });

  it('gives up where a run settles during each of three comparisons', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in/f.csv\nstore: lake\nrun_type: incremental\nwatermark: { column: n, key: [id] }\n',
    });
    const parts = ['in', 'lake', '.hygge'];
    const copied = (from: string, to: string) => {
      for (const part of parts)
        cpSync(workspace.path(from, part), workspace.path(to, part), { recursive: true, force: true, preserveTimestamps: true });
    };
    // What there is after each of four runs.
    let rows = 'id,n\n';
    for (const run of [1, 2, 3, 4]) {
      rows += `${run},${run}\n`;
      workspace.write({ 'in/f.csv': rows });
      expect((await workspace.run(['go'])).code).toBe(0);
      copied('.', `after/${run}`);
    }
    const begin = (run: number) => {
      for (const part of parts) rmSync(workspace.path(part), { recursive: true });
      copied(`after/${run}`, '.');
    };
    begin(1);
    const surroundings = fakeSurroundings(workspace.root);
    const { out } = surroundings;
    const write = out.write.bind(out);
    let compared = 0;
    out.write = (text) => {
      // Each comparison begins with its plan.
      if (text.includes('columns, by id')) copied(`after/${++compared + 1}`, '.');
      return write(text);
    };
    expect(await run(['verify', '--pause', '0s'], surroundings)).toBe(1);
    expect(surroundings.stdout()).toContain('changed while they were compared');
    expect(compared).toBe(3);
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
