import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const unreadable = (more = '') => ({
  'hygge.yml': `
name: q
flows:
  f: { home: { path: in, format: csv, types: { id: int64, at: date }, bad_rows: quarantine }, store: lake${more} }
`,
  'in/a.csv': 'id,at\n1,2024-01-01\ntwo,2024-01-02\n3,2024-01-02\nfour,2024-01-04\n',
});

async function json(workspace: TestWorkspace, ...args: readonly string[]) {
  const { code, stdout: out } = await workspace.run([...args, '--output', 'json']);
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  return { code, rows: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('hygge quarantine', () => {
  test('lists what is there by reason with its run, shows the rows, and drops them in a commit of its own', async () => {
    using workspace = new TestWorkspace(unreadable());
    await workspace.run(['go']);
    const listed = await json(workspace, 'quarantine', 'list');
    expect(listed.code).toBe(0);
    expect(listed.rows.reduce((sum, { rows }) => sum + Number(rows), 0)).toBe(2);
    expect(listed.rows[0]).toMatchObject({ flow: 'f', entity: 'f', rule: null, since: expect.stringMatching(/^20/) });
    const shown = await json(workspace, 'quarantine', 'show', 'f.f');
    expect(shown.rows.map(({ text }) => text)).toEqual(['two,2024-01-02', 'four,2024-01-04']);

    expect(await workspace.run(['quarantine', 'drop', 'f.f', '--dry-run'])).toMatchObject({ code: 0 });
    expect((await json(workspace, 'quarantine', 'show', 'f.f')).rows).toHaveLength(2);
    expect(await workspace.run(['quarantine', 'drop', 'f.f', '--yes'])).toMatchObject({ code: 0 });
    expect(await json(workspace, 'quarantine', 'show', 'f.f')).toEqual({ code: 1, rows: [] });
    expect((await json(workspace, 'quarantine', 'list')).rows).toEqual([]);
    expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(2);
    expect((await json(workspace, 'journal', '--entity', 'f.f')).rows[0]).toMatchObject({ lane: 'quarantine', status: 'pass', rows: 0 });
  });

  test('drops only the rows of the run that is named, and says so when there is nothing', async () => {
    using workspace = new TestWorkspace(unreadable(', run_type: incremental'));
    await workspace.run(['go']);
    workspace.write({ 'in/b.csv': 'id,at\nfive,2024-01-05\n6,2024-01-06\n' });
    await workspace.run(['go']);
    const runs = (await json(workspace, 'quarantine', 'list')).rows.flatMap(({ runs }) => runs as string[]);
    expect(new Set(runs).size).toBe(2);
    const [first = ''] = (await json(workspace, 'journal', '--entity', 'f.f')).rows.map(({ entity_run_id: run }) => String(run));
    const ofRun = first.replace(/\.1$/, '');
    for (const named of [first, ofRun, ofRun.slice(-6)])
      expect((await json(workspace, 'quarantine', 'show', 'f.f', '--run', named)).rows.map(({ text }) => text)).toEqual([
        'five,2024-01-05',
      ]);
    const { code, stdout } = await workspace.run(['quarantine', 'show', 'f.f', '--run', 'ZZZZZZ']);
    expect([code, stdout]).toEqual([1, expect.stringContaining('Nothing of that run is in quarantine, but 3 rows of other runs are.')]);
    const replayed = (await workspace.run(['quarantine', 'replay', 'f.f'])).stdout;
    expect(replayed).toContain("the 3 rows that are there can't be read, so no rule judges them");
    expect(replayed).toContain('Nothing was taken out of quarantine.');
    await workspace.run(['quarantine', 'drop', 'f.f', '--run', ofRun.slice(-6), '--yes']);
    expect((await json(workspace, 'quarantine', 'show', 'f.f')).rows.map(({ text }) => text)).toEqual([
      'two,2024-01-02',
      'four,2024-01-04',
    ]);
    const again = await json(workspace, 'quarantine', 'drop', 'f.f', '--run', first, '--yes');
    expect(again.code).toBe(0);
    expect(again.rows.find(({ event }) => event === 'entity_done')).toMatchObject({
      ...{ status: 'skip', quarantine: 'drop' },
      message: expect.stringContaining('the 2 rows there are of other runs'),
    });
  });

  test.each(['drop', 'replay'])(
    'a dry run of %s says that a decided commit is not finished, and not that the state is wrong',
    async (what) => {
      using workspace = new TestWorkspace(unreadable(', run_type: incremental'));
      await workspace.run(['go']);
      const state = '.hygge/state/f/f.state.yml';
      const stateNow = () => readFileSync(join(workspace.root, state), 'utf8');
      const before = stateNow();
      workspace.write({ 'in/b.csv': 'id,at\nfive,2024-01-05\n6,2024-01-06\n' });
      await workspace.run(['go']);
      const [, id = ''] = /settled:\n {4}id: "([^"]+)"/.exec(stateNow()) ?? [];
      // As a run leaves it that dies before the state has what the destination has.
      const pending = `pending: { id: "${id}", epoch: 2, ref: "intents/2-${id}" }`;
      workspace.write({ [state]: before.replace('epoch: 1\n', 'epoch: 2\n').replace('pending: null', pending) });
      const { code, stdout } = await workspace.run(['quarantine', what, 'f.f', '--dry-run']);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`an earlier run decided a commit (${id}) that is not finished`)]);
    },
  );
});
