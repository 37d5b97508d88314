import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Run } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** What can be wrong with a source, and what hygge says; the destination is as it was before. */
const sources: ReadonlyArray<{
  readonly fault: string;
  readonly code: string;
  readonly make: (workspace: TestWorkspace) => Promise<void> | void;
}> = [
  {
    fault: 'damaged page',
    code: 'HYG-31',
    make: async (w) => {
      await w.parquet('in/1.parquet', 'select range as id, md5(range::varchar) as h from range(20000)', ", compression 'zstd'");
      const { readFileSync } = await import('node:fs');
      const bytes = readFileSync(w.path('in/1.parquet'));
      bytes.fill(0xff, 2000, 6000);
      writeFileSync(w.path('in/1.parquet'), bytes);
    },
  },
];

const settled = { 'flows/f/flow.yml': 'home: in\nstore: lake\n' };

function errorOf(run: Run): string {
  const found = run.events.find((event) => event.event === 'error');
  return found?.event === 'error' ? found.code : 'no error';
}

async function filled(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: seed\nstore: lake\n' });
  await workspace.parquet('seed/1.parquet', 'select range as id from range(100)');
  expect((await workspace.run(['go'])).code).toBe(0);
  workspace.write(settled);
  return workspace;
}

describe('a source that cannot be read leaves the destination unchanged', () => {
  it.each(sources)('$fault', async ({ code, make }) => {
    using workspace = await filled();
    const before = workspace.tree('lake');
    await make(workspace);
    const run = await workspace.run(['go', '--output', 'json']);
    expect(run.code).toBe(1);
    expect(errorOf(run)).toContain(code);
    const error = run.events.find((event) => event.event === 'error');
    expect(error).toMatchObject({ tryThis: expect.arrayContaining([expect.any(String)]) });
    expect(workspace.tree('lake')).toEqual(before);
  });
});

describe('a destination that cannot be written', () => {
  it('on a full disk: says so, keeps what was settled, and carries on when there is room', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake\n' });
    mkdirSync(workspace.path('lake'));
    // A real, tiny file system; needs root, as CI has.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', workspace.path('lake')]);
    try {
      await workspace.parquet('in/1.parquet', 'select range as id from range(1000)');
      expect((await workspace.run(['go'])).code).toBe(0);
      await workspace.parquet('in/1.parquet', 'select range as id, md5(range::varchar) as noise from range(100000)');
      const run = await workspace.run(['go', '--output', 'json']);
      expect(run.code).toBe(1);
      expect(errorOf(run)).toBe('HYG-4002');
      expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(1000);

      await workspace.parquet('in/1.parquet', 'select range as id from range(2000)');
      expect((await workspace.run(['go'])).code).toBe(0);
      expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(2000);
    } finally {
      execFileSync('umount', [workspace.path('lake')]);
    }
  });

  it('in a folder of another user: names the folder, changes nothing', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake/f\n' });
    await workspace.parquet('in/1.parquet', 'select range as id from range(10)');
    mkdirSync(workspace.path('lake'), { mode: 0o755 });
    const nobody = 65534;
    for (const path of ['.', 'in', 'in/1.parquet', 'hygge.yml', 'flows']) chownSync(workspace.path(path), nobody, nobody);
    chmodSync(workspace.path('.'), 0o755);
    const run = await workspace.run(['go', '--output', 'json'], { uid: nobody, gid: nobody, env: { HOME: workspace.root } });
    expect(run.code).toBe(1);
    expect(errorOf(run)).toBe('HYG-4003');
    expect(workspace.tree('lake').size).toBe(0);
  });
});

describe('hostile names', () => {
  const names = ["it's", 'a/b', '..', '.hidden', 'CON', 'naïve ☃ 🦆', '%41', 'a'.repeat(200), '{x}*?[y]', '--flag'];
  it('entities with any name settle inside their store, each under its own state', async () => {
    using workspace = new TestWorkspace();
    const entities = names
      .map((name) => `  - { name: ${JSON.stringify(name)}, home: { path: ${JSON.stringify(workspace.path('in'))} } }\n`)
      .join('');
    workspace.write({ 'flows/f/flow.yml': `home: other\nstore: lake\nentities:\n${entities}` });
    await workspace.parquet('in/1.parquet', 'select range as id from range(7)');
    for (const _again of ['first', 'second']) {
      const run = await workspace.run(['go', '--output', 'json']);
      expect(run.stderr).not.toMatch(/HYG-/);
      expect(run.events.at(-1)).toMatchObject({ pass: names.length, rows: 7 * names.length });
    }
    const outside = [...workspace.tree().keys()].filter((path) => !/^(in|lake|flows|\.hygge|hygge\.yml)/.test(path));
    expect(outside).toEqual([]);
    const status = await workspace.run(['status']);
    expect(status.code).toBe(0);
  });

  it('a source file with a newline in its name is refused by name', async () => {
    using workspace = new TestWorkspace(settled);
    await workspace.parquet('in/new\nline.parquet', 'select range as id from range(7)');
    const run = await workspace.run(['go', '--output', 'json']);
    expect(errorOf(run)).toBe('HYG-4001');
  });
});
