import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import type { EntityStatus } from '../../src/narrate/commands/status-lines.ts';
import type { JournalRow } from '../../src/ports/state.ts';
import { overdueSince } from '../../src/report/schedule.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { fakeSurroundings } from './surroundings.ts';
import { hygge } from './workspace.ts';

async function rowsOf<T>(command: string, root: string): Promise<readonly T[]> {
  const { stdout } = await hygge([...command.split(' '), '--output', 'json'], root);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

const tills = (more = '') => new TestWorkspace({ 'flows/till/flow.yml': `home: data/*.csv\nstore: lake\n${more}` });

describe('what a run failed with', () => {
  it('is in the journal whole, and told again as it was', async () => {
    using workspace = tills('watermark: { column: at }\nrun_type: incremental\n');
    workspace.write({ 'data/a.csv': 'id,sold_at\n1,2026-01-01\n' });
    const told = await hygge(['go'], workspace.root);
    expect(told.code).toBe(1);
    const [row] = await rowsOf<JournalRow>('journal --failed', workspace.root);
    expect(row?.error?.tryThis.length).toBeGreaterThan(0);
    const again = (await hygge(['journal', '--run', 'last'], workspace.root)).stdout;
    for (const line of [...(row?.error?.why ?? []), ...(row?.error?.tryThis ?? [])]) {
      expect(told.stdout).toContain(line.split('\n')[0]);
      expect(again).toContain(line.split('\n')[0]);
    }
    const [status] = await rowsOf<EntityStatus>('status', workspace.root);
    expect(status?.error).toMatchObject({ code: row?.error_code, why: row?.error?.why, try: row?.error?.tryThis });
    expect((await hygge(['status'], workspace.root)).stdout).toContain(row?.error?.tryThis[0]);
  });
});

describe('rows that were left out', () => {
  it('are named with the first places they stand in', async () => {
    using workspace = new TestWorkspace({
      'flows/till/flow.yml': 'home: { path: data/*.csv, bad_rows: skip }\nstore: lake\n',
      'data/a.csv': 'id,name\n1,a\n2\n3,c,d\n4,e\n',
    });
    const told = await hygge(['go'], workspace.root);
    expect(told.stdout).toMatch(/2 rows that can't be read were skipped \(the first: .*a\.csv:3: /);
    const [row] = await rowsOf<JournalRow>('journal', workspace.root);
    expect(row?.bad_rows).toEqual([expect.stringMatching(/a\.csv:3: /), expect.stringMatching(/a\.csv:4: /)]);
    expect((await hygge(['journal', '--run', 'last'], workspace.root)).stdout).toMatch(/bad rows .*a\.csv:3: .*\n.*a\.csv:4: /);
  });
});

describe('status', () => {
  it('says how many rows are settled, not only what the last run moved', async () => {
    using workspace = tills('run_type: incremental\n');
    workspace.write({ 'data/a.csv': 'id\n1\n2\n' });
    await hygge(['go'], workspace.root);
    workspace.write({ 'data/b.csv': 'id\n3\n' });
    await hygge(['go'], workspace.root);
    await hygge(['go'], workspace.root);
    expect(await rowsOf<EntityStatus>('status', workspace.root)).toMatchObject([{ status: 'skip', rows: 0, settled_rows: 3 }]);
    expect((await hygge(['status'], workspace.root)).stdout).toMatch(/moved +settled[\s\S]*till\.till +skip +just now +0 +3\n/);
    await hygge(['reset', 'till.till', '--adopt', '--yes'], workspace.root);
    expect(await rowsOf<EntityStatus>('status', workspace.root)).toMatchObject([{ settled_rows: 3 }]);
    await hygge(['go', '-d'], workspace.root);
    expect(await rowsOf<EntityStatus>('status', workspace.root)).toMatchObject([{ rows: 3, settled_rows: 3 }]);
  });

  it('says since when a run is overdue', async () => {
    const at = (last: string | null, now: string) => overdueSince('0 0 2 * * *', { last, now });
    expect(await at('2026-11-20T02:03:00.000Z', '2026-11-21T02:10:00.000Z')).toBeNull();
    expect(await at('2026-11-20T02:03:00.000Z', '2026-11-23T08:00:00.000Z')).toBe('2026-11-21T02:00:00.000Z');
    expect(await at(null, '2026-11-23T08:00:00.000Z')).toBeNull();
  });

  it('shows it below the entity', async () => {
    using workspace = tills('schedule: "0 * * * * *"\n');
    workspace.write({ 'data/a.csv': 'id\n1\n' });
    await hygge(['go'], workspace.root);
    const state = join(workspace.root, '.hygge/state/till/till.state.yml');
    const { readFile } = await import('node:fs/promises');
    await writeFile(state, (await readFile(state, 'utf8')).replace(/^last_run: .*$/m, 'last_run: "2026-01-01T00:00:30.000Z"'));
    const told = await hygge(['status'], workspace.root);
    expect(told.stdout).toMatch(/overdue since 2026-01-01 00:01 UTC, .* ago: nothing has started it/);
  });
});

describe('a run that was stopped', () => {
  it('is a skip with a reason in the journal, and ends with 130', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in.parquet\nstore: lake\n' });
    await workspace.parquet('in.parquet', 'select range as id from range(300000)');
    const surroundings = fakeSurroundings(workspace.root);
    const stopping = {
      ...surroundings,
      out: { ...surroundings.out, write: (text: string) => (text.includes('"stage":"reading"') ? surroundings.stop('SIGINT') : undefined) },
    };
    expect(await run(['go', '--output', 'json'], stopping)).toBe(130);
    const [row] = await rowsOf<JournalRow>('journal', workspace.root);
    expect(row).toMatchObject({
      status: 'skip',
      reason: 'interrupted',
      error_code: null,
      message: 'Stopped by SIGINT before anything was decided: nothing changed.',
    });
    expect(await rowsOf<EntityStatus>('status', workspace.root)).toMatchObject([{ status: 'skip', error: null }]);
    expect((await hygge(['journal'], workspace.root)).stdout).toContain('interrupted');
  });
});
