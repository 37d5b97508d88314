import { describe, expect, it } from 'vitest';
import type { RunningHygge } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';

const rows = 40_000;

/** Hard to pack, so that a run is still at work when it is told to stop, however busy the machine is. */
async function longFlow(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: in\nstore: { path: lake, compression: gzip, compression_level: 9 }\n',
  });
  await workspace.parquet(
    'in/1.parquet',
    `select range as id, md5(range::varchar) as a, md5((range + 1)::varchar) as b from range(${rows})`,
  );
  return workspace;
}

const claimed = /"event":"plan"/;

/** A run that has its entity, and keeps it until it is sent SIGCONT. */
async function holder(workspace: TestWorkspace): Promise<RunningHygge> {
  const running = workspace.start(['go', '--output', 'json']);
  await running.says(claimed);
  running.kill('SIGSTOP');
  return running;
}

describe('two runs of one entity at once', () => {
  it('one runs, the other exits 3 and names the holder, or waits for it with --wait', async () => {
    using workspace = await longFlow();
    await using first = await holder(workspace);
    const second = await workspace.run(['go', '--output', 'json']);
    expect(second.code).toBe(3);
    expect(second.events.find((event) => event.event === 'entity_done')).toMatchObject({
      status: 'skip',
      reason: 'held',
      error: { code: 'HYG-2001', what: expect.stringContaining(`process ${first.pid}`) },
    });
    await using patient = workspace.start(['go', '--wait', '--output', 'json']);
    await patient.says(/locked by another run/);
    first.kill('SIGCONT');
    expect((await first.done).code).toBe(0);
    expect((await patient.done).code).toBe(0);
    expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(rows);
  });

  it('--take-over fences a live holder: it ends without a trace', async () => {
    using workspace = await longFlow();
    await using first = await holder(workspace);
    const second = await workspace.run(['go', '--take-over', '--output', 'json']);
    expect(second.code).toBe(0);
    const settled = workspace.tree('lake');
    first.kill('SIGCONT');
    const fenced = await first.done;
    expect(fenced.code).toBe(1);
    expect(fenced.events.find((event) => event.event === 'error')).toMatchObject({ code: 'HYG-2006' });
    const data = (tree: ReadonlyMap<string, string>) => [...tree.keys()].filter((path) => !path.includes('/staging/'));
    expect(data(workspace.tree('lake'))).toEqual(data(settled));
    expect((await workspace.run(['go'])).code).toBe(0);
    expect([...workspace.tree('lake').keys()].filter((path) => path.includes('/staging/'))).toEqual([]);
  });
});
