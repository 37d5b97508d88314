import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = `home: in/*.parquet
store: lake
run_type: incremental
watermark: { column: Changed At, key: [Id] }
polish:
  columns: { case: snake }
  constants: [{ name: origin, value: erp }]
  timestamps: [{ name: loaded_at }]
`;

/** As the source has them at first: every type that a file can hold, with nulls. */
const rows = `select i as "Id", i % 7 as "Group", (i * 1.25)::decimal(12, 4) as "Price", sqrt(i) as "Ratio", (i / 3)::float as "Small",
  case i % 4 when 0 then null when 1 then '' else 'name ' || i end as "Name", i % 2 = 0 as "Open", date '1500-01-01' + (i * 100)::int as "Day",
  timestamp '2026-01-01' + to_microseconds(i * 1000003) as "Seen", timestamptz '2026-01-01 00:00:00+00' + to_minutes(i) as "Changed At",
  uuid() as "Ref", case when i % 5 > 0 then json_object('a', i, 'b', 1.50) end as "Doc", [i, null] as "List", {x: i, y: 'y' || i} as "Pair", 'ab'::blob as "Bytes"
  from range(500) t(i)`;

async function verified(workspace: TestWorkspace, ...flags: readonly string[]): Promise<Comparison> {
  const run = await workspace.run(['verify', '--output', 'json', '--pause', '0s', ...flags]);
  expect(run.stdout, run.stderr).not.toBe('');
  const found = JSON.parse(run.stdout) as Comparison;
  expect(run.code, run.stdout).toBe(found.ok ? 0 : 1);
  return found;
}

const same = { verdict: 'same', error: null, differing: [] };
const changed = (id: number, column: string, source: string | null, destination: string | null) => ({
  found: 'changed',
  key: { id: String(id) },
  times: 1,
  columns: [{ column, source, destination }],
});
const alone = (found: string, id: number, key = 'id') => ({ found, key: { [key]: String(id) }, times: 1, columns: [] });

describe('a difference between a source of files and what settled of it', () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
    await workspace.parquet('first.parquet', rows);
    await workspace.parquet('in/a.parquet', `from '${workspace.path('first.parquet')}'`);
    expect((await workspace.run(['go'])).code).toBe(0);
    return () => workspace[Symbol.dispose]();
  });

  /** Rewrites the source: all its rows, changed so. */
  async function plant(query: string): Promise<void> {
    const original = `from '${workspace.path('first.parquet')}'`;
    await workspace.parquet('in/a.parquet', query.replaceAll('SOURCE', `(${original})`));
    onTestFinished(() => workspace.parquet('in/a.parquet', original));
  }
  const replaced = (column: string, value: string, id: number) =>
    `select * replace (case when "Id" = ${id} then ${value} else "${column}" end as "${column}") from SOURCE`;

  it('is none where there is none, and the answer says what was not compared', async () => {
    const found = await verified(workspace);
    expect(found).toMatchObject(same);
    expect(found.rows).toMatchObject({ source: 500, destination: 500, not_yet_due: 0 });
    expect(found.plan).toMatchObject({ key: ['id'], scope: { column: 'changed_at', from: null } });
    expect(found.plan?.not_compared).toEqual([
      { column: 'origin', why: 'constant' },
      { column: 'loaded_at', why: 'run' },
    ]);
    expect(found.sums?.source).toBe(found.sums?.destination);
  });

  const differences = [
    ['a lost row', 'from SOURCE where "Id" <> 17', [alone('only in the destination', 17)]],
    ['a doubled row', 'from SOURCE union all (from SOURCE where "Id" = 17)', [alone('only in the source', 17)]],
    [
      'the swapped values of two rows',
      `select * replace (case "Id" when 8 then 'name 10' when 10 then 'name 8' else "Name" end as "Name") from SOURCE`.replace('8', '11'),
      [changed(11, 'name', 'name 10', 'name 11'), changed(10, 'name', 'name 8', 'name 10')],
    ],
    [
      'a cut timestamp',
      replaced('Seen', `date_trunc('millisecond', "Seen")`, 17),
      [changed(17, 'seen', '2026-01-01T00:00:17', '2026-01-01T00:00:17.000051')],
    ],
    ['null for empty', replaced('Name', 'null', 17), [changed(17, 'name', null, '')]],
    ['a blank at the end', replaced('Name', `"Name" || ' '`, 18), [changed(18, 'name', 'name 18 ', 'name 18')]],
    ['another case', replaced('Name', 'upper("Name")', 18), [changed(18, 'name', 'NAME 18', 'name 18')]],
    [
      'the last bit of a float',
      replaced('Ratio', '4.123105625617662::double', 17),
      [expect.objectContaining({ found: 'changed', key: { id: '17' } })],
    ],
    [
      'a row that came late, below the watermark',
      `from SOURCE union all (select * replace (1000 as "Id") from SOURCE where "Id" = 17)`,
      [alone('only in the source', 1000)],
    ],
    [
      'another JSON value',
      replaced('Doc', `'{"a": 17, "b": 1.51}'`, 17),
      [changed(17, 'doc', '{"a":17e0,"b":151e-2}', '{"a":17e0,"b":15e-1}')],
    ],
    [
      'another scale of the last digit',
      replaced('Price', '("Price" + 0.0001)::decimal(12, 4)', 17),
      [changed(17, 'price', '21.2501', '21.25')],
    ],
    ['another item of a list', replaced('List', '[17, 1]', 17), [expect.objectContaining({ found: 'changed', key: { id: '17' } })]],
    ['another byte', replaced('Bytes', `'ac'::blob`, 17), [changed(17, 'bytes', '6163', '6162')]],
  ] as const;

  it.each(sampled(differences, 3))('is found and named: %s', async (_, query, differing) => {
    await plant(query);
    const found = await verified(workspace);
    expect(found).toMatchObject({ verdict: 'differs', error: null, source_as_settled: false });
    const sorted = [...found.differing].sort((a, b) => Number(a.key?.id) - Number(b.key?.id));
    const wanted = [...differing].sort((a, b) => Number(a.key?.id) - Number(b.key?.id));
    expect(sorted).toEqual(wanted);
    const counts = found.differences;
    expect((counts?.changed ?? 0) + (counts?.only_in_source ?? 0) + (counts?.only_in_destination ?? 0)).toBe(differing.length);
  });

  it('is none where a row changed after the watermark settled: the next run brings it', async () => {
    await plant(
      `select * replace (case when "Id" in (17, 18) then timestamptz '2027-01-01 00:00:00+00' else "Changed At" end as "Changed At", case when "Id" = 17 then 'new' else "Name" end as "Name") from SOURCE`,
    );
    const found = await verified(workspace);
    expect(found).toMatchObject({ ...same, rows: { not_yet_due: 2, updated_since: 2, source: 498, destination: 498 } });
  });

  it('is looked for in some columns and in a sample', async () => {
    await plant(replaced('Name', `'other'`, 18));
    const some = await verified(workspace, '--columns', 'price,open');
    expect(some).toMatchObject({ ...same, plan: { columns: ['id', 'price', 'open'] } });
    const sampled = await verified(workspace, '--sample', '10%');
    expect(sampled.rows?.source).toBeGreaterThan(20);
    expect(sampled.rows?.source).toBeLessThan(90);
    expect(sampled.rows?.destination).toBe(sampled.rows?.source);
  });

  it('is described in so many rows as are asked for', async () => {
    await plant('from SOURCE where "Id" % 10 <> 3');
    const found = await verified(workspace, '--rows', '3');
    expect(found).toMatchObject({ verdict: 'differs', differences: { only_in_destination: 50, all_counted: true } });
    expect(found.differing).toHaveLength(3);
    const told = await workspace.run(['verify', 'f.f', '--rows', '3', '--pause', '0s']);
    expect(told.stdout).toContain('… 47 more');
  });

  it('is looked for in a range of the watermark, and not beside it', async () => {
    await plant(replaced('Name', `'other'`, 18));
    const hour = (from: string, to: string) => ['--range', `2026-01-01T${from}..2026-01-01T${to}`];
    expect(await verified(workspace, ...hour('00:00', '00:18'))).toMatchObject({ ...same, rows: { source: 18, destination: 18 } });
    const found = await verified(workspace, ...hour('00:18', '02:00'));
    expect(found).toMatchObject({
      verdict: 'differs',
      rows: { source: 102, destination: 102 },
      differing: [changed(18, 'name', 'other', 'name 18')],
    });
  });

  it.each([
    [['--range', '2026-01-01..yesterday'], 'HYG-1913'],
    [['--columns', 'prize'], 'HYG-1913'],
    [['--key', 'prize'], 'HYG-1913'],
  ])('is not looked for where the scope is none: %s', async (flags, code) => {
    expect(await verified(workspace, ...flags)).toMatchObject({ verdict: 'not told', ok: false, error: { code } });
  });
});

describe('a source of files without a key, or with a first value', () => {
  it('can’t be compared where a value has no place in its column, and the advice names the entity', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in/*.csv\nstore: lake\n', 'in/a.csv': 'n\n1\n2\n' });
    expect((await workspace.run(['go'])).code).toBe(0);
    workspace.write({ 'in/a.csv': 'n\n1\ntwo\n' });
    const { error } = await verified(workspace);
    expect(error).toMatchObject({ code: 'HYG-3305' });
    expect(error?.tryThis.join('\n')).toContain('hygge reset f.f');
  });

  it('has no range without a watermark', async () => {
    using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in/*.parquet\nstore: lake\n' });
    await workspace.parquet('in/a.parquet', 'select range as n from range(3)');
    expect((await workspace.run(['go'])).code).toBe(0);
    expect(await verified(workspace, '--range', '0..2')).toMatchObject({ verdict: 'not told', ok: false, error: { code: 'HYG-2091' } });
  });

  const days = (from: number, to: number) =>
    `select range as n, date '2026-01-01' + range::int as d, 'x' || range as t from range(${from}, ${to})`;

  it('is not told to be the same where a lost row could hide behind rows that are not yet due', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in/*.parquet\nstore: lake\nrun_type: incremental\nwatermark: { column: d }\n',
    });
    await workspace.parquet('in/a.parquet', days(0, 20));
    expect((await workspace.run(['go'])).code).toBe(0);
    await workspace.parquet('in/a.parquet', `from (${days(0, 22)}) where n <> 5`);
    const found = await verified(workspace);
    expect(found).toMatchObject({ verdict: 'not told', because: 'changed since', ok: false, rows: { not_yet_due: 2 } });
    await workspace.parquet('in/a.parquet', `from (${days(0, 20)}) where n <> 5`);
    expect(await verified(workspace)).toMatchObject({ verdict: 'differs', differences: { only_in_destination: 1 } });
  });

  it('is the same where a backfill brought in rows below the first value', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml':
        'home: in/*.parquet\nstore: lake\nrun_type: incremental\nwatermark: { column: d, initial: 2026-01-11, key: [n] }\n',
    });
    await workspace.parquet('in/a.parquet', days(0, 20));
    expect((await workspace.run(['go'])).code).toBe(0);
    expect((await workspace.run(['backfill', 'f.f', '--from', '2026-01-01', '--to', '2026-01-06'])).code).toBe(0);
    expect(await verified(workspace)).toMatchObject({ ...same, rows: { source: 10, destination: 10 } });
    expect(await verified(workspace, '--range', '2026-01-05..2026-01-16')).toMatchObject({ ...same, rows: { source: 5, destination: 5 } });
    await workspace.parquet('in/a.parquet', `from (${days(0, 20)}) where n <> 10`);
    expect(await verified(workspace)).toMatchObject({ verdict: 'differs', differing: [alone('only in the destination', 10, 'n')] });
    const told = await workspace.run(['verify', '--pause', '0s']);
    expect(told.stdout).toContain('hygge backfill f.f --from 2026-01-11 --to 2026-01-12');
    expect((await workspace.run(['backfill', 'f.f', '--from', '2026-01-11', '--to', '2026-01-12'])).code).toBe(0);
    expect(await verified(workspace)).toMatchObject(same);
  });
});
