import { describe, expect, it } from 'vitest';
import { here, settledIds } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (more = '') => ({
  'flows/f/flow.yml': `home: { path: in, format: csv }\nstore: lake\nrun_type: incremental\nwatermark: { column: at${more} }\n`,
});
const csv = (...rows: readonly string[]) => ({ 'in/1.csv': `id,at\n${rows.join('\n')}\n` });

async function settled(more = ''): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ ...flow(more), ...csv('1,2024-01-09', '2,2024-01-10') });
  await here(workspace, 'go');
  return workspace;
}

describe('a source whose newest value is below what has settled', () => {
  it('is a warning in each run and in its dry run, until it has caught up, for its rows are never read', async () => {
    using workspace = await settled();
    workspace.write(csv('3,2024-01-01', '4,2024-01-03'));
    for (const _ of [1, 2]) {
      const { summary, code } = await here(workspace, 'go');
      expect([code, summary.warn, summary.rows]).toEqual([0, 1, 0]);
      expect(summary.entities[0]?.message).toContain('the newest at of the source is 2024-01-03, below 2024-01-10');
    }
    const dry = await here(workspace, 'go', '--dry-run');
    expect(JSON.stringify(dry.events)).toContain('the newest at of the source is 2024-01-03');
    workspace.write(csv('3,2024-01-01', '4,2024-01-03', '5,2024-01-11'));
    expect((await here(workspace, 'go')).summary.entities[0]?.message ?? '').not.toContain('the newest at');
    expect(await settledIds(workspace)).toEqual([1, 2, 5]);
  });

  it('is loaded again by the reset that the warning names', async () => {
    using workspace = await settled();
    workspace.write(csv('3,2024-01-01'));
    expect((await here(workspace, 'go')).summary.entities[0]?.message).toContain('hygge reset f.f');
    await workspace.run(['reset', 'f.f', '--yes']);
    await here(workspace, 'go');
    expect(await settledIds(workspace)).toEqual([3]);
  });

  it('is not a warning where an overlap reads that stretch again, nor where a lag leaves younger rows out', async () => {
    using overlap = await settled(', overlap: 5d');
    overlap.write(csv('1,2024-01-09'));
    expect((await here(overlap, 'go')).summary).toMatchObject({ warn: 0, error: 0 });
    using lagging = await settled();
    lagging.write(flow(', lag: 20000d'));
    expect((await here(lagging, 'go')).summary).toMatchObject({ warn: 0, error: 0 });
  });

  it('is not a warning where the source has no rows at all', async () => {
    using workspace = await settled();
    workspace.write(csv());
    expect((await here(workspace, 'go')).summary).toMatchObject({ warn: 0, error: 0, skip: 1 });
  });
});
