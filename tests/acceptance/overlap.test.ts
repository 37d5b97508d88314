import { describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (mark: string) => ({
  'flows/f/flow.yml': `home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: day, ${mark} }\n`,
});

async function go(workspace: TestWorkspace) {
  const run = await workspace.run(['go', '--output', 'json']);
  const last = run.events.at(-1);
  if (last?.event !== 'summary') throw new Error(run.stdout + run.stderr);
  return last;
}

const settled = (workspace: TestWorkspace) => workspace.settled('lake', 'f', 'f');
const days = (version: string, more = '') =>
  `select range as id, date '2024-01-01' + range::int as day, '${version}' as v from range(30) ${more}`;

describe('watermark.overlap', () => {
  it('reads the last stretch before the watermark again: what changed, went or came late in it is as in the source', async () => {
    using workspace = new TestWorkspace(flow('overlap: 5d'));
    await workspace.parquet('in/1.parquet', days('old'));
    expect(await go(workspace)).toMatchObject({ pass: 1, rows: 30 });
    await workspace.parquet('in/1.parquet', `(${days('new', 'where range <> 27')}) union all (select 99, date '2024-01-26', 'late')`);
    expect(await go(workspace)).toMatchObject({ pass: 1, rows: 0 });
    const from = `day >= date '2024-01-25'`;
    expect(await settled(workspace)).toEqual(
      await duck(
        `select * from ((select * from (${days('old')}) where not (${from})) union all (select * from '${workspace.path('in/1.parquet')}' where ${from})) order by all`,
      ),
    );
  });

  it('goes with a lag and an open boundary', async () => {
    using workspace = new TestWorkspace(flow('overlap: 36h, boundary: open, lag: 1h'));
    await workspace.parquet('in/1.parquet', days('old'));
    await go(workspace);
    await workspace.parquet('in/1.parquet', `(${days('new')}) union all (select 99, date '2024-01-31', 'new')`);
    expect(await go(workspace)).toMatchObject({ pass: 1, rows: 1 });
    const old = await settled(workspace);
    expect(
      old
        .filter(({ v }) => v === 'new')
        .map(({ id }) => Number(id))
        .sort((a, b) => a - b),
    ).toEqual([27, 28, 29, 99]);
    expect(old).toHaveLength(31);
  });

  it('finds nothing to do where the source is exactly as it was', async () => {
    using workspace = new TestWorkspace(flow('overlap: 5d'));
    await workspace.parquet('in/1.parquet', days('old'));
    await go(workspace);
    const before = workspace.tree('lake');
    expect(await go(workspace)).toMatchObject({ skip: 1, rows: 0 });
    expect(workspace.tree('lake')).toEqual(before);
  });

  it('is told in the plan: what is read again, and what is replaced', async () => {
    using workspace = new TestWorkspace(flow('overlap: 5d'));
    await workspace.parquet('in/1.parquet', days('old'));
    await go(workspace);
    const { stdout } = await workspace.run(['go', '--dry-run', '--var', 'flow.f.watermark.lag=1m']);
    expect(stdout).toContain('2024-01-25 ≤ day ≤ 2024-01-30');
    expect(stdout).toMatch(/replaces {2}the rows with day from 2024-01-25 on/);
  });
});
