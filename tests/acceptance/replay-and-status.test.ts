import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const contract = (mode: string, min: number) => ({
  'hygge.yml': `
name: w
flows:
  f: { home: { path: in, format: csv, types: { id: int64, n: int64 } }, store: lake, run_type: incremental, watermark: { column: id },
       validation: { contract: c.yml, mode: ${mode} } }
`,
  'c.yml': `columns: { n: { type: int64, min: ${min} } }\ncomplete: false\n`,
});

async function status(workspace: TestWorkspace) {
  const { stdout } = await workspace.run(['status', '--output', 'json']);
  return JSON.parse(stdout.trim()) as Record<string, unknown>;
}

test('a replay takes no failure of the load away, and tells of the rules that rows break when they settle with a warning', async () => {
  using workspace = new TestWorkspace({ ...contract('quarantine', 0), 'in/a.csv': 'id,n\n1,5\n2,-1\n3,-2\n' });
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write({ ...contract('fail', 0), 'in/b.csv': 'id,n\n4,-4\n' });
  expect((await workspace.run(['go'])).code).toBe(1);
  expect(await status(workspace)).toMatchObject({ status: 'error', error: { code: 'HYG-2121' } });

  workspace.write(contract('warn', 0));
  const replayed = await workspace.run(['quarantine', 'replay', 'f.f']);
  expect(replayed.code).toBe(0);
  expect(replayed.stdout).toContain('WARN=1');
  expect(replayed.stdout).toMatch(/2 rows? .*n min|n min.*2/);
  expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(3);
  expect(await status(workspace)).toMatchObject({ status: 'error', error: { code: 'HYG-2121' } });
});
