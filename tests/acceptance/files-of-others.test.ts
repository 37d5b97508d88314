import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (home: string, store: string) => `home: ${home}\nstore: ${store}\nrun_type: incremental\n`;

function two(first: string, second: string): TestWorkspace {
  return new TestWorkspace({
    'flows/a/flow.yml': flow('a.csv', first),
    'flows/b/flow.yml': flow('b.csv', second),
    'a.csv': 'id\n1\n',
    'b.csv': 'id\n2\n',
  });
}

const parts = (workspace: TestWorkspace, folder: string) => readdirSync(workspace.path(folder)).filter((name) => name.endsWith('.parquet'));

describe('a settled file of another entity that lies among those of an entity', () => {
  it('is named in each run until it is gone, and stays where it is', async () => {
    using workspace = two('lake/a', 'lake/b');
    await here(workspace, 'go');
    const [copied = ''] = parts(workspace, 'lake/b');
    copyFileSync(workspace.path('lake/b', copied), workspace.path('lake/a', copied));
    for (const _ of [1, 2]) {
      const { events, summary } = await here(workspace, 'go', '-d', '-f', 'a');
      expect(summary).toMatchObject({ warn: 1, error: 0 });
      expect(JSON.stringify(events)).toContain(`${copied} is not hygge's`);
    }
    expect(parts(workspace, 'lake/a').length).toBe(2);
    rmSync(workspace.path('lake/a', copied));
    expect((await here(workspace, 'go', '-d', '-f', 'a')).summary).toMatchObject({ pass: 1, warn: 0 });
  });

  it('is named as well where a link leads two flows, started at once, to one folder', async () => {
    using workspace = two('lake/q', 'link/q');
    mkdirSync(workspace.path('lake'));
    symlinkSync('lake', workspace.path('link'));
    await here(workspace, 'go');
    const { summary } = await here(workspace, 'go', '-d');
    expect(summary.pass).toBe(0);
    expect(summary.warn + summary.error).toBe(2);
  });
});
