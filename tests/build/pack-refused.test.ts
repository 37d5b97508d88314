import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const good = 'home: { type: parquet, path: in }\nstore: { type: parquet, path: "lake/{flow}" }\n';
const duck = 'home: { type: duckdb, query: "select 1 as a" }\nstore: lake/ducks\n';

describe('pack --all', () => {
  test('in a workspace whose config does not load is an error, and names no task hub', async () => {
    using workspace = new TestWorkspace({ 'flows/shop/flow.yml': good.replace('store', 'stor') });
    const { code, stdout, stderr } = await workspace.run(['pack', '--all', '--out', 'app.zip']);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('flows/shop/flow.yml:2:1  HYG-1010')]);
    expect([...workspace.tree().keys()].filter((path) => path.endsWith('.zip'))).toEqual([]);
    workspace.write({ 'flows/shop/flow.yml': good, 'hygge.yml': 'name: test\nconnections: [\n' });
    expect(await workspace.run(['pack', '--all', '--out', 'app.zip'])).toMatchObject({ code: 2, stdout: '' });
  });

  test('in a folder that -C names, where no workspace is, is an error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hygge-no-workspace-'));
    try {
      const { code, stderr } = await inProcess(['pack', '--all', '-C', folder, '--out', 'app.zip'], folder, {});
      expect([code, stderr]).toEqual([2, expect.stringContaining('HYG-1001')]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test.each([['--all'], ['--flow', 'ducks,shop']])(
  'pack %s of a flow with DuckDB is refused, and what it advises leaves that flow out',
  async (...which) => {
    using workspace = new TestWorkspace({ 'flows/shop/flow.yml': good, 'flows/ducks/flow.yml': duck });
    const { code, stderr } = await workspace.run(['pack', ...which, '--out', 'app.zip']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('HYG-1965')]);
    expect(stderr).toContain('hygge go -f ducks');
    expect(stderr).toContain('hygge pack --flow shop');
  },
);
