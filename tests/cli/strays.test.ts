import { renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const said = "mine.parquet is not hygge's, but readers of lake count its rows";
const flow = (config: string) => ({ 'flows/f/flow.yml': `home: data/a.csv\nstore: lake\n${config}` });
const incremental = 'run_type: incremental\nwatermark: { column: id }\n';
const byFile = { 'flows/f/flow.yml': 'home: data/*.csv\nstore: lake\nrun_type: incremental\n' };

async function settled(files: Readonly<Record<string, string>>): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'data/a.csv': 'id\n1\n2\n', ...files });
  const run = await workspace.run(['go', '--output', 'json']);
  expect(run.events.at(-1), run.stdout).toMatchObject({ pass: 1 });
  await workspace.parquet('lake/mine.parquet', 'select 3::bigint as id');
  return workspace;
}

describe('foreign data among what settled', () => {
  it.each([
    ['by a watermark', flow(incremental)],
    ['by file', byFile],
  ])('is named by a run that has nothing to do, until it is gone: %s', async (_, files) => {
    using workspace = await settled(files);
    for (const _ of [1, 2]) {
      const run = await workspace.run(['go', '--output', 'json']);
      expect(run.code).toBe(0);
      expect(run.events.at(-1), run.stdout).toMatchObject({ warn: 1, skip: 0 });
      expect(run.events.find(({ event }) => event === 'entity_done')).toMatchObject({
        status: 'warn',
        message: expect.stringContaining(said),
      });
      const status = await workspace.run(['status']);
      expect(status.stdout).toContain(said);
      expect(status.code).toBe(0);
    }
    const told = await workspace.run(['go']);
    expect(told.stdout + told.stderr).toContain(said);
    renameSync(workspace.path('lake/mine.parquet'), workspace.path('mine.parquet'));
    expect((await workspace.run(['go', '--output', 'json'])).events.at(-1)).toMatchObject({ warn: 0, skip: 1 });
    expect((await workspace.run(['status'])).stdout).not.toContain('did not settle');
  });

  it('is named by status after a run that moved rows', async () => {
    using workspace = await settled(flow(''));
    expect((await workspace.run(['go', '--output', 'json'])).events.at(-1)).toMatchObject({ warn: 1 });
    const status = await workspace.run(['status', '--output', 'json']);
    expect(JSON.parse(status.stdout)).toMatchObject({ strays: { where: 'lake', first: 'mine.parquet', files: 1 } });
  });

  it('is named by debug, which passes', async () => {
    using workspace = await settled(flow(incremental));
    const debug = await workspace.run(['debug']);
    expect(debug.stdout).toContain(`! ${said}`);
    expect(debug.stdout).toMatch(/All \d+ checks passed, 1 with a warning/);
    expect(debug.code).toBe(0);
    const events = (await workspace.run(['debug', '--output', 'json'])).stdout.split('\n').filter((line) => line.includes('"warns":true'));
    expect(events).toHaveLength(1);
  });

  it('is named by verify, beside what is as it settled', async () => {
    using workspace = await settled(flow(incremental));
    const verify = await workspace.run(['verify', '--settled']);
    expect(verify.stdout).toContain('1 file next to them did not settle there');
    expect(verify.stdout).toContain('mine.parquet');
    expect(verify.stdout).not.toContain('What settled is what is there');
    expect(verify.code).toBe(0);
    const told = JSON.parse((await workspace.run(['verify', '--settled', '--output', 'json'])).stdout);
    expect(told).toMatchObject({ ok: true, strays: ['mine.parquet'] });
    renameSync(workspace.path('lake/mine.parquet'), workspace.path('mine.parquet'));
    expect((await workspace.run(['verify', '--settled'])).stdout).toContain('All settled files are intact: 1 entity.');
  });
});
