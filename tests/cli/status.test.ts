import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EntityStatus } from '../../src/narrate/commands/status-lines.ts';
import { behindSeconds } from '../../src/report/entity-status.ts';
import { nextTime } from '../../src/report/schedule.ts';
import { duck } from '../support/duck.ts';
import { everyFile, exampleWorkspace, hygge } from './workspace.ts';

async function statuses(root: string, ...args: readonly string[]): Promise<readonly EntityStatus[]> {
  const { stdout } = await hygge(['status', '--output', 'json', ...args], root);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as EntityStatus);
}

describe('how far behind', () => {
  const nowMs = Date.parse('2026-11-20T08:00:00.000Z');

  it.each([
    [{ kind: 'timestamp', unit: 'us', zone: 'UTC' }, '2026-11-20T06:00:00.000000Z', 7200],
    [{ kind: 'timestamp', unit: 'ns' }, '2026-11-20T07:59:30.000000000', 30],
    [{ kind: 'date' }, '2026-11-19', 32 * 3600],
    [{ kind: 'timestamp', unit: 'ms' }, '2027-01-01T00:00:00.000', 0],
    [{ kind: 'int64' }, '42', null],
    [{ kind: 'string' }, '2026-11-19', null],
  ] as const)('%j at %s: %s seconds', (type, text, expected) => {
    expect(behindSeconds({ column: 'at', type, text }, nowMs)).toBe(expected);
  });

  it('stands in the table in one word', async () => {
    await using workspace = await exampleWorkspace();
    const hours = "copy (select now()::timestamp - interval '150 minutes' as placed_at) to";
    await duck(`${hours} '${workspace.root}/data/inbox/orders.parquet' (format parquet)`);
    await hygge(['go', '-e', 'shop.orders'], workspace.root);
    expect((await hygge(['status'], workspace.root)).stdout).toMatch(/behind[\s\S]*shop\.orders +pass .* 2 h\n/);
    const [, orders] = await statuses(workspace.root);
    expect(orders?.behind_seconds).toBeGreaterThanOrEqual(150 * 60);
    expect(orders?.behind_seconds).toBeLessThan(160 * 60);
  });
});

describe('hygge status --check', () => {
  it('says what waits in each source: rows, at most so many rows, or nothing', async () => {
    await using workspace = await exampleWorkspace();
    const orders = async (rows: number): Promise<void> => {
      const query = `select range as order_id, timestamp '2026-01-01' + interval (range) hour as placed_at from range(${rows})`;
      await duck(`copy (${query}) to '${workspace.root}/data/inbox/orders.parquet' (format parquet)`);
    };
    await orders(1000);
    const before = await everyFile(workspace.root);
    const fresh = await statuses(workspace.root, '--check');
    expect(fresh.map(({ waiting }) => waiting)).toEqual([
      { mode: 'full', rows: 50, exact: true, files: null },
      { mode: 'full', rows: 1000, exact: false, files: null },
    ]);
    expect(await everyFile(workspace.root)).toEqual(before);
    await hygge(['go'], workspace.root);
    expect((await hygge(['status', '--check'], workspace.root)).stdout).toMatch(/shop\.orders +pass .* nothing\n/);
    await orders(1001);
    const [, more] = await statuses(workspace.root, '--check');
    expect(more?.waiting).toEqual({ mode: 'incremental', rows: 1001, exact: false, files: null });
  });

  it('counts new files where files tell what is new', async () => {
    await using workspace = await exampleWorkspace();
    await mkdir(join(workspace.root, 'flows/f'));
    await mkdir(join(workspace.root, 'in'));
    await writeFile(join(workspace.root, 'flows/f/flow.yml'), 'home: in\nstore: out\nrun_type: incremental\n');
    const put = (name: string) => copyFile(join(workspace.root, 'data/inbox/customers.parquet'), join(workspace.root, 'in', name));
    await put('1.parquet');
    await hygge(['go', '-f', 'f'], workspace.root);
    expect((await statuses(workspace.root, '-f', 'f', '--check'))[0]?.waiting).toEqual({ mode: 'files', rows: 0, exact: true, files: 0 });
    await put('2.parquet');
    await put('3.parquet');
    expect((await statuses(workspace.root, '-f', 'f', '--check'))[0]?.waiting).toEqual({ mode: 'files', rows: 100, exact: true, files: 2 });
    expect((await hygge(['status', '--check', '-f', 'f'], workspace.root)).stdout).toContain('2 files, 100 rows');
  });

  it('tells of a source that cannot be asked beside its entity, ends with 1, and asks the others', async () => {
    await using workspace = await exampleWorkspace();
    await rm(join(workspace.root, 'data/inbox/customers.parquet'));
    const { code, stdout } = await hygge(['status', '--check'], workspace.root);
    expect(code).toBe(1);
    expect(stdout).toMatch(/shop\.customers +never run\n {4}HYG-3201 There is nothing to read/);
    expect(stdout).toMatch(/shop\.orders +never run +≤ 1,000 rows/);
  });

  it('without it, no source is looked at', async () => {
    await using workspace = await exampleWorkspace();
    await rm(join(workspace.root, 'data/inbox'), { recursive: true });
    expect((await hygge(['status'], workspace.root)).code).toBe(0);
  });
});

describe('the next scheduled time', () => {
  it.each([
    ['0 0 2 * * *', '2026-11-20T08:00:00.000Z', '2026-11-21T02:00:00.000Z'],
    ['0 */15 * * * *', '2026-11-20T08:00:00.000Z', '2026-11-20T08:15:00.000Z'],
    ['%CRM_SCHEDULE%', '2026-11-20T08:00:00.000Z', null],
    [null, '2026-11-20T08:00:00.000Z', null],
    // As the platform fires, day of the month *and* day of the week: the first of a month that is a Monday.
    ['0 0 2 1 * 1', '2026-11-20T08:00:00.000Z', '2027-02-01T02:00:00.000Z'],
    ['0 0 2 13 * FRI', '2026-11-20T08:00:00.000Z', '2027-08-13T02:00:00.000Z'],
    ['0 0 2 29 2 0', '2026-11-20T08:00:00.000Z', '2032-02-29T02:00:00.000Z'],
    ['0 0 2 29 2 1', '2026-11-20T08:00:00.000Z', '2044-02-29T02:00:00.000Z'],
    ['0 5/20 * * * *', '2026-11-20T08:46:00.000Z', '2026-11-20T09:05:00.000Z'],
    ['30 0 8-18/5 * JAN Monday-fri', '2026-11-20T08:00:00.000Z', '2027-01-01T08:00:30.000Z'],
    ['0 0 2 * * 0-6', '2026-11-20T02:00:00.000Z', '2026-11-21T02:00:00.000Z'],
  ])('%s after %s is %s', async (schedule, now, expected) => {
    expect(await nextTime(schedule, now)).toBe(expected);
  });
});
