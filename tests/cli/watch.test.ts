import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';
import { hygge } from './workspace.ts';

describe('hygge watch --once', () => {
  it('ends with 0 while nothing is late, and with 1 where an entity is stale, as status and the page say', async () => {
    using workspace = new TestWorkspace({
      'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\nexpect: { every: 1d, except: [2020-12-25] }\n',
    });
    workspace.write({ 'data/a.csv': 'id\n1\n' });
    await hygge(['go'], workspace.root);
    const quiet = await hygge(['watch', '--once'], workspace.root);
    expect([quiet.code, quiet.stdout]).toEqual([0, '✓ 1 entity: nothing is late\n']);
    const state = workspace.path('.hygge/state/till/till.state.yml');
    writeFileSync(state, readFileSync(state, 'utf8').replaceAll(/([" ])20\d\d-/g, '$12020-'));
    const late = await hygge(['watch', '--once'], workspace.root);
    expect(late.code).toBe(1);
    expect(late.stdout).toMatch(
      /^! till\.till {2}stale: no commit with rows was in time, since 20\d\d-\d\d-\d\d \d\d:\d\d UTC, \d+ d ago\n$/,
    );
    const events = (await hygge(['watch', '--once', '--output', 'json'], workspace.root)).stdout.trim().split('\n');
    expect(events.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'late', v: 1, flow: 'till', entity: 'till', what: 'stale' },
      { event: 'summary', late: 1, unreadable: 0, told: 0, unsent: 0 },
    ]);
    expect((await hygge(['status'], workspace.root)).stdout).toMatch(
      / {4}stale since 20.* UTC, \d+ d ago: no commit with rows was in time\n/,
    );
    expect((await hygge(['report', '--out', '-'], workspace.root)).stdout).toContain('Stale: no rows have settled in time');
  });

  it('wants --once, and days that are days', async () => {
    using workspace = new TestWorkspace({
      'flows/till/flow.yml': 'home: data/*.csv\nstore: lake\nexpect: { every: 1d, except: [25.12.] }\n',
    });
    expect((await hygge(['watch'], workspace.root)).code).toBe(2);
    const wrong = await hygge(['check'], workspace.root);
    expect([wrong.code, wrong.stdout + wrong.stderr]).toEqual([2, expect.stringContaining('2026-12-25')]);
  });
});
