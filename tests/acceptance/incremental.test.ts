import { describe, expect, it } from 'vitest';
import { count, duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

const flow = (more = '') => ({ 'flows/f/flow.yml': `home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at${more} }\n` });
const stamp = (seconds: string) => `timestamp '2024-01-01' + interval (${seconds}) second as at`;

async function summary(workspace: TestWorkspace, ...args: string[]) {
  const run = await workspace.run(['go', '--output', 'json', ...args]);
  const last = run.events.at(-1);
  if (last?.event !== 'summary') throw new Error(run.stdout + run.stderr);
  return last;
}

/** The exact view of the destination equals the source, as multisets of whole rows. */
async function expectSame(workspace: TestWorkspace, source = 'select * from SOURCE'): Promise<void> {
  const query = source.replace('SOURCE', `'${workspace.path('in')}/*.parquet'`);
  expect(await workspace.settled('lake', 'f', 'f')).toEqual(await duck(`select * from (${query}) order by all`));
}

describe('an incremental run by watermark', () => {
  it('neither loses nor doubles rows that arrive later with the watermark’s own value', async () => {
    using workspace = new TestWorkspace(flow());
    await workspace.parquet('in/1.parquet', `select range as id, ${stamp('range // 10')} from range(95)`);
    await summary(workspace);
    await workspace.parquet('in/2.parquet', `select 95 + range as id, ${stamp('9')} from range(5)`);
    expect(await summary(workspace)).toMatchObject({ pass: 1, rows: 5 });
    await expectSame(workspace);
    await workspace.parquet('in/3.parquet', `select 200 + range as id, ${stamp('9 + range // 2')} from range(10)`);
    expect(await summary(workspace)).toMatchObject({ pass: 1, rows: 10 });
    await expectSame(workspace);
    expect(await summary(workspace)).toMatchObject({ skip: 1 });
  });

  it.each([
    ['timestamp in nanoseconds', 'make_timestamp_ns(1704067200000000000 + range * 100 // 3)'],
    ['decimal', '(12345678901234567890.5 + range)::decimal(38, 1)'],
    ['text', "printf('%06d', range)"],
    ['timestamp with time zone', "timestamptz '2024-01-01 00:00:00+02' + interval (range) second"],
  ])('goes on exactly from a %s', async (_type, expression) => {
    using workspace = new TestWorkspace(flow());
    await workspace.parquet('in/1.parquet', `select range as id, ${expression} as at from range(0, 600)`);
    expect(await summary(workspace)).toMatchObject({ rows: 600, error: 0 });
    expect(await summary(workspace)).toMatchObject({ skip: 1 });
    await workspace.parquet('in/2.parquet', `select range as id, ${expression} as at from range(600, 1000)`);
    expect(await summary(workspace)).toMatchObject({ rows: 400, error: 0 });
    await expectSame(workspace);
  });

  it('refuses a floating-point watermark', async () => {
    using workspace = new TestWorkspace(flow());
    await workspace.parquet('in/1.parquet', 'select range as id, range::double as at from range(10)');
    const run = await workspace.run(['go', '--output', 'json']);
    expect(run.code).toBe(1);
    expect(run.events.find((event) => event.event === 'error')).toMatchObject({ what: expect.stringContaining('at') });
  });

  it('stops at nulls in the watermark, and says how many', async () => {
    using workspace = new TestWorkspace(flow());
    await workspace.parquet(
      'in/1.parquet',
      `select range as id, case when range < 7 then null else timestamp '2024-01-01' end as at from range(100)`,
    );
    const run = await workspace.run(['go', '--output', 'json']);
    expect(run.events.find((event) => event.event === 'error')).toMatchObject({
      code: 'HYG-2010',
      what: expect.stringContaining('7 rows'),
    });
  });

  it('stops when the source is another one than what is settled', async () => {
    using workspace = new TestWorkspace(flow());
    await workspace.parquet('in/1.parquet', `select range as id, ${stamp('range')} from range(100)`);
    await workspace.parquet('other/1.parquet', `select range as id, ${stamp('range')} from range(300)`);
    await summary(workspace);
    workspace.write({ 'flows/f/flow.yml': flow()['flows/f/flow.yml'].replace('home: in', 'home: other') });
    const run = await workspace.run(['go', '--output', 'json']);
    expect(run.events.find((event) => event.event === 'error')).toMatchObject({ code: 'HYG-2007' });
    expect((await workspace.run(['reset', 'f.f', '--yes'])).code).toBe(0);
    expect(await summary(workspace)).toMatchObject({ pass: 1, rows: 300 });
    expect(await workspace.settled('lake', 'f', 'f')).toHaveLength(300);
  });

  it('lists only whole commits in a versioned layout', async () => {
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': 'home: in\nstore: { path: lake, layout: versioned }\nrun_type: incremental\nwatermark: { column: at }\n',
    });
    await workspace.parquet('in/1.parquet', `select range as id, ${stamp('range')} from range(100)`);
    await summary(workspace);
    await workspace.parquet('in/2.parquet', `select 100 + range as id, ${stamp('100 + range')} from range(100)`);
    await summary(workspace);
    expect(
      await count(
        `select count(distinct regexp_extract(filename, 'v=\\d+')) as n from read_parquet('${workspace.path('lake')}/v=*/*.parquet', filename = true)`,
      ),
    ).toBe(2);
    await expectSame(workspace);
  });
});
