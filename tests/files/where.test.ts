import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { SEED, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const simple = fc.oneof(
  fc.tuple(fc.constantFrom('=', '<>', '<', '>='), fc.integer({ min: -2, max: 9 })).map(([sign, n]) => `amount ${sign} ${n}`),
  fc.constantFrom(
    "region = 'EU'",
    'region is null',
    "region in ('EU', 'a;b')",
    "region like '%(%'",
    "region <> 'it''s -- one'",
    "lower(region) = 'eu'",
  ),
  fc.constantFrom("day >= '2024-01-03'", 'coalesce(amount, 0) between 1 and 3', '(id > 10 and amount * 2 > 4)'),
);
const condition = fc
  .array(fc.tuple(fc.constantFrom('and', 'or', 'and not', 'or not'), simple), { minLength: 1, maxLength: 4 })
  .chain((parts) =>
    fc
      .constantFrom('', ' -- the last', '\n')
      .map((end) => parts.map(([word, one], n) => (n === 0 ? one : `${word} ${one}`)).join(' ') + end),
  );

/** Rows as DuckDB makes them, by its own hash. */
const rows = (from: number, to: number, month: number, seed: number) => `select i::int as id,
  [null, 'EU', 'US', 'a;b', 'x (y', 'it''s -- one'][1 + (hash(i + ${seed}) % 6)::int] as region, nullif((hash(i * 7 + ${seed}) % 12)::int - 2, 9)::int as amount,
  date '2024-0${month}-01' + (hash(i * 3) % 5)::int as day from range(${from}, ${to}) t(i)`;

function scene(where: string, more = '') {
  const workspace = new TestWorkspace();
  const flow = (condition: string, keys = more) =>
    workspace.write({
      'flows/f/flow.yml': `home: { path: in, format: parquet, where: ${JSON.stringify(condition)}${keys} }\nstore: lake/f\nrun_type: incremental\nwatermark: { column: day }\n`,
    });
  flow(where);
  const settled = async () => (await workspace.settled('lake/f', 'f', 'f')).map(({ id }) => Number(id)).sort((a, b) => a - b);
  const found = async (where: string, files = `${workspace.path('in')}/*.parquet`) =>
    (await duck(`select id from '${files}' where (\n${where}\n) order by id`)).map(({ id }) => Number(id));
  return { workspace, flow, settled, found };
}

async function newestDay(workspace: TestWorkspace): Promise<string> {
  const [row] = await duck(`select max(day)::text as newest from '${workspace.path('lake/f')}/*.parquet'`);
  return String(row?.newest);
}

describe('home.where of files', () => {
  it('settles exactly the rows that DuckDB finds, run for run and after a backfill', async () => {
    for (const [n, where] of fc.sample(condition, { seed: SEED, numRuns: whole ? 60 : 2 }).entries()) {
      const { workspace, settled, found } = scene(where, n % 2 === 0 ? '' : ', exclude: [region]');
      using _workspace = workspace;
      await workspace.parquet('in/1.parquet', rows(0, 40, 1, SEED + n), ', row_group_size 2048');
      expect((await workspace.run(['go'])).code, where).toBe(0);
      expect(await settled(), where).toEqual(await found(where));
      await workspace.parquet('in/2.parquet', rows(100, 140, 2, SEED + n));
      expect((await workspace.run(['go'])).code, where).toBe(0);
      expect(await settled(), where).toEqual(await found(where));
      if ((await found(where)).length === 0) continue;
      await workspace.parquet('in/1.parquet', rows(0, 40, 1, SEED + n + 1));
      const mark = await newestDay(workspace);
      const atMark = await found(`day = date '${mark}'`, `${workspace.path('lake/f')}/*.parquet`);
      expect((await workspace.run(['backfill', 'f.f', '--from', '2024-01-01', '--to', '2024-02-01'])).code, where).toBe(0);
      // A backfill ends below the watermark: the rows there stay as they settled.
      const below = await found(`(${where}\n) and day < date '${mark}'`);
      expect(await settled(), where).toEqual([...below, ...atMark].sort((a, b) => a - b));
    }
  });

  it('takes for the newest value that of a row that is let through, so that nothing later is below it', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: { path: in/*.csv, where: id < 1000 }\nstore: lake/f\nrun_type: incremental\nwatermark: { column: id }\n',
      'in/a.csv': 'id,v\n1,a\n2,b\n999999,junk\n',
    });
    expect((await workspace.run(['go'])).code).toBe(0);
    const plan = await workspace.run(['go', '--dry-run', '--output', 'json']);
    expect(plan.events.find(({ event }) => event === 'plan')).toMatchObject({ window: { lower: '2', upper: '2' }, rows: { exact: false } });
    workspace.write({ 'in/b.csv': 'id,v\n3,c\n1000,x\n' });
    expect((await workspace.run(['go'])).code).toBe(0);
    expect((await workspace.settled('lake/f', 'f', 'f')).map(({ id, v }) => `${id} ${v}`)).toEqual(['1 a', '2 b', '3 c']);
  });

  it('counts nulls and rows of the future only among those that are let through', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml':
        "home: { path: in/*.csv, where: v <> 'x' }\nstore: lake/f\nrun_type: incremental\nwatermark: { column: at, nulls: fail, future: fail }\n",
      'in/a.csv': 'at,v\n2024-01-01,a\n,x\n2999-01-01,x\n',
    });
    expect((await workspace.run(['go'])).code).toBe(0);
    workspace.write({ 'in/b.csv': 'at,v\n2998-01-01,y\n' });
    expect((await workspace.run(['go'])).stderr + (await workspace.run(['go'])).stdout).toContain('2998-01-01');
  });

  it('stops an incremental run and a backfill when it is another one, with a watermark and by file', async () => {
    const { workspace, flow, settled } = scene('amount > 3');
    using _workspace = workspace;
    await workspace.parquet(
      'in/1.parquet',
      "select * from (values (1, 5, date '2024-01-01'), (2, 1, date '2024-01-01')) t(id, amount, day)",
    );
    expect((await workspace.run(['go'])).code).toBe(0);
    flow('amount > 0');
    for (const args of [['go'], ['backfill', 'f.f', '--from', '2023-12-01', '--to', '2023-12-31']]) {
      const run = await workspace.run(args);
      expect([run.code, run.stdout + run.stderr]).toEqual([1, expect.stringContaining('HYG-2007')]);
    }
    expect((await workspace.run(['go', '-d'])).code).toBe(0);
    expect(await settled()).toEqual([1, 2]);
    const byFile = (where: string) =>
      workspace.write({
        'flows/g/flow.yml': `home: { path: in, format: parquet, where: ${where} }\nstore: lake/g\nrun_type: incremental\n`,
      });
    byFile('amount > 3');
    expect((await workspace.run(['go', 'g'])).code).toBe(0);
    byFile('amount > 0');
    const run = await workspace.run(['go', 'g']);
    expect([run.code, run.stdout + run.stderr]).toEqual([1, expect.stringContaining('HYG-2007')]);
    rmSync(workspace.path('lake/g'), { recursive: true });
  });

  it.each([
    ['amount > 3) or (1 = 1', 2, 'A closing bracket has no opening one'],
    ['amount > 3; drop table home', 2, 'can’t be read|is not valid from'],
    ['amount > 3 /* and so on', 2, 'is not valid from'],
    ["v = 'EU", 2, 'is not valid from'],
    ['amount > avg(amount)', 2, 'AVG is an unknown function'],
    ['id in (select 1)', 2, 'use only the values of one row'],
    ['-- nothing', 2, 'is empty'],
    ['amount >', 1, 'is not a condition for the rows'],
    ['amout > 1', 1, 'unable to find column'],
    ['id > 1 limit 1', 1, 'is not a condition for the rows'],
  ])('%s is refused with %i, before a row is read', async (where, code, said) => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { path: in/*.csv, where: ${JSON.stringify(where)} }\nstore: lake/f\n`,
      'in/a.csv': 'id,amount,v\n1,5,a\n',
    });
    // A dry run and debug look at it by the same way: at one of each kind.
    const others = ['-- nothing', 'amount >'].includes(where) ? [['go', '--dry-run'], ['debug']] : [];
    for (const args of [['go'], ...others]) {
      const run = await workspace.run(args);
      expect(run.stdout + run.stderr).toMatch(new RegExp(said));
      if (args.length === 1 && args[0] === 'go' && code === 1) expect(run.stdout + run.stderr).toContain('HYG-3213');
      if (args[0] === 'go') expect(run.code).toBe(code);
      else expect(run.code).toBeGreaterThan(0);
    }
  });
});
