import { describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

/** Large enough that a run is still at work when another one starts. */
async function longFlow(): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in\nstore: lake\n' });
  await workspace.parquet(
    'in/1.parquet',
    'select range as id, md5(range::varchar) as a, md5((range + 1)::varchar) as b from range(1500000)',
    ', row_group_size 122880',
  );
  return workspace;
}

const claimed = /"event":"plan"/;

describe('two runs of one entity at once', () => {
  it('one runs, the other exits 3 and names the holder', async () => {
    using workspace = await longFlow();
    await using first = workspace.start(['go', '--output', 'json']);
    await first.says(claimed);
    const second = await workspace.run(['go', '--output', 'json']);
    expect(second.code).toBe(3);
    expect(second.events.find((event) => event.event === 'error')).toMatchObject({
      code: 'HYG-2001',
      what: expect.stringContaining(`process ${first.pid}`),
    });
    expect((await first.done).code).toBe(0);
    expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(1500000);
  });

  it('--wait waits for the holder, then runs', async () => {
    using workspace = await longFlow();
    await using first = workspace.start(['go', '--output', 'json']);
    await first.says(claimed);
    const second = await workspace.run(['go', '--wait', '--output', 'json']);
    expect(second.code).toBe(0);
    expect(second.events.find((event) => event.event === 'warning')).toMatchObject({
      message: expect.stringContaining('held by another run'),
    });
    expect((await first.done).code).toBe(0);
  });

  it('--take-over fences a live holder: it ends without a trace', async () => {
    using workspace = await longFlow();
    await using first = workspace.start(['go', '--output', 'json']);
    await first.says(claimed);
    first.kill('SIGSTOP');
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

  it('a holder that was killed is taken over at once, and nothing of it stays', async () => {
    using workspace = await longFlow();
    await using first = workspace.start(['go', '--output', 'json']);
    await first.says(claimed);
    first.kill('SIGKILL');
    await first.done;
    const second = await workspace.run(['go', '--output', 'json']);
    expect(second.code).toBe(0);
    expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(1500000);
    expect([...workspace.tree('lake').keys()].filter((path) => path.includes('/staging/'))).toEqual([]);
  });

  it('Ctrl-C gives up what was staged, says so, and exits 130', async () => {
    using workspace = await longFlow();
    await using run = workspace.start(['go', '--output', 'json']);
    await run.says(claimed);
    run.kill('SIGINT');
    const ended = await run.done;
    expect(ended.code).toBe(130);
    expect(ended.events.find((event) => event.event === 'interrupted')).toMatchObject({ signal: 'SIGINT' });
    expect(ended.events.at(-1)).toMatchObject({ event: 'summary' });
    expect([...workspace.tree('.').keys()].filter((path) => path.startsWith('lake/'))).toEqual([]);
    expect((await workspace.run(['go'])).code).toBe(0);
  });
});
