import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (home: string, store: string) => `home: ${home}\nstore: ${store}\n`;
const rows = (from: number, to: number) => `select range as id from range(${from}, ${to})`;
const go = async (workspace: TestWorkspace, ...args: string[]) => (await workspace.run(['go', '--output', 'json', ...args])).events.at(-1);
const idsIn = async (workspace: TestWorkspace, folder: string, name: string) =>
  (await workspace.settled(folder, name, name)).map((row) => Number(row.id)).sort((a, b) => a - b);
describe('what lies next to the data', () => {
  it('a README and a hygge.yml in the folder are neither taken for data nor removed', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': flow('in', 'lake'),
      'lake/README.md': 'ours',
      'lake/hygge.yml': 'name: other\n',
    });
    await workspace.parquet('in/1.parquet', rows(0, 10));
    expect(await go(workspace)).toMatchObject({ pass: 1, rows: 10 });
    workspace.write({ 'flows/f/flow.yml': `${flow('in', 'lake')}if_exists: replace\n` });
    expect(await go(workspace)).toMatchObject({ pass: 1, rows: 10 });
    expect((await workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect(await go(workspace)).toMatchObject({ pass: 1, rows: 10 });
    expect(await idsIn(workspace, 'lake', 'f')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(existsSync(workspace.path('lake/README.md')) && existsSync(workspace.path('lake/hygge.yml'))).toBe(true);
  });
});
