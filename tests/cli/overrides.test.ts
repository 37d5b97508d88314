import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { TestWorkspace } from '../support/workspace.ts';

describe('schema_overrides', () => {
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = new TestWorkspace();
    workspace.write({ 'hygge.yml': 'name: w\n', 'in/.keep': '' });
  });
  afterEach(() => workspace[Symbol.dispose]());

  const flow = (overrides: string, more = '', home = 'in') =>
    workspace.write({
      'flows/f/flow.yml': `home: ${home}\nstore: out\n${overrides === '' ? '' : `schema_overrides: ${overrides}\n`}${more}`,
    });
  const source = (query: string) => duck(`copy (${query}) to '${workspace.path('in/a.parquet')}' (format parquet)`);
  const settled = (what: string) => duck(`select ${what} from '${workspace.path('out')}/*.parquet'`);
  const go = async (...args: readonly string[]) => {
    const run = await workspace.run(['go', '--output', 'json', ...args]);
    const error = run.events.find((one) => one.event === 'error');
    const plan = run.events.findLast((one) => one.event === 'plan');
    return { code: run.code, error: error?.event === 'error' ? error : undefined, plan: plan?.event === 'plan' ? plan : undefined };
  };

  it('settles columns of a parquet file as other types, each value as it was', async () => {
    await source(
      `select range as id, (range / 8)::double as amount, '00' || range as code, timestamp_ns '2026-01-01 00:00:00' as seen from range(3000)`,
    );
    flow('{ id: decimal(18,0), amount: decimal(18,4), code: string, seen: "timestamp[us]" }');
    const { code, plan } = await go();
    expect(code).toBe(0);
    expect(plan?.schema.map(({ name, type, store_type, fidelity }) => `${name} ${type} ${store_type} ${fidelity}`)).toEqual([
      'id int64 decimal(18,0) checked',
      'amount float64 decimal(18,4) checked',
      'code string string exact',
      'seen timestamp[ns] timestamp[us] checked',
    ]);
    expect(
      await settled(
        'typeof(any_value(id)) as id, typeof(any_value(amount)) as amount, typeof(any_value(seen)) as seen, sum(amount)::varchar as sum, count(*)::int as n',
      ),
    ).toEqual([{ id: 'DECIMAL(18,0)', amount: 'DECIMAL(18,4)', seen: 'TIMESTAMP', sum: '562312.5000', n: 3000 }]);
    // Nothing has changed at the source, and nothing is said to have.
    expect(await go()).toMatchObject({ code: 0, plan: { drift: [] } });
  });

  it('stops at the first value that has no exact one, with its column and row, and leaves what is there', async () => {
    await source('select range as id, range * 0.5 as amount from range(3000)');
    flow('{ amount: "decimal(18,4)" }');
    expect((await go()).code).toBe(0);
    await source(`select range as id, case when range = 2777 then 0.00005 else range * 0.5 end as amount from range(3000)`);
    const { code, error } = await go();
    expect(code).toBe(1);
    expect(error).toMatchObject({ code: 'HYG-2023', what: expect.stringMatching(/^A value of amount can't settle as decimal\(18,4\)/) });
    expect(error?.why.join(' ')).toMatch(/0\.00005.* row [\d,]+ of .*a\.parquet: id "2777"/);
    expect(await settled('count(*)::int as n, max(amount)::varchar as most')).toEqual([{ n: 3000, most: '1499.5000' }]);
  });

  it('decides how text files are read: a code keeps its zeros', async () => {
    workspace.write({ 'in/a.csv': 'id,code,amount\n1,007,1.50\n2,042,2.25\n' });
    flow('{ code: string, amount: "decimal(18,4)" }', '', '{ path: in, format: csv }');
    expect((await go()).code).toBe(0);
    expect(await settled('code, amount::varchar as amount')).toEqual([
      { code: '007', amount: '1.5000' },
      { code: '042', amount: '2.2500' },
    ]);
    workspace.write({ 'in/a.csv': 'id,code,amount\n1,007,1.50\n2,042,2.25999\n' });
    flow('{ code: string, amount: "decimal(18,4)" }', '', '{ path: in, format: csv, bad_rows: quarantine }');
    const run = await workspace.run(['go']);
    expect(run.stdout).toContain('WARN=1');
    expect(await settled('code')).toEqual([{ code: '007' }]);
  });

  it('honours drift: what the source has beneath may change, as long as every value fits', async () => {
    await source('select range::int as id, range::int as n from range(10)');
    flow('{ n: int64 }', 'schema: { mode: strict }\n');
    expect((await go()).code).toBe(0);
    await source('select range::int as id, range::bigint as n from range(20)');
    const run = await workspace.run(['schema', 'diff']);
    expect({ code: run.code, out: run.stdout }).toEqual({ code: 0, out: expect.not.stringContaining('int64') });
    expect(await go()).toMatchObject({ code: 0, plan: { drift: [] } });
    await source('select range::int as id, range::varchar as n from range(20)');
    expect((await go()).code).toBe(0);
    expect(await settled('typeof(any_value(n)) as n, count(*)::int as rows')).toEqual([{ n: 'BIGINT', rows: 20 }]);
  });

  it('another override is the new shape of a full load; an incremental one widens, or says what to do', async () => {
    const incremental = 'run_type: incremental\nwatermark: { column: id }\n';
    await source('select range as id, range as n from range(10)');
    flow('{ n: int32 }', incremental);
    expect((await go()).code).toBe(0);
    await source('select range as id, range as n from range(20)');
    flow('{ n: int64 }', incremental);
    expect(await go()).toMatchObject({ code: 0, plan: { drift: [{ column: 'n', policy: 'schema_overrides', severity: 'warn' }] } });
    await source('select range as id, range as n from range(30)');
    flow('{ n: string }', incremental);
    const { code, error } = await go();
    expect({ code, error }).toMatchObject({ code: 1, error: { code: 'HYG-1092', where: { file: 'flows/f/flow.yml', line: 3 } } });
    expect(error?.tryThis[0]).toContain('hygge go -d -e f.f');
    expect(await go('-d', '-e', 'f.f')).toMatchObject({ code: 0, plan: { drift: [] } });
    expect(await settled('typeof(any_value(n)) as n, count(*)::int as rows')).toEqual([{ n: 'VARCHAR', rows: 30 }]);
    flow('', incremental);
    expect(await go('-d')).toMatchObject({ code: 0 });
    expect(await settled('typeof(any_value(n)) as n')).toEqual([{ n: 'BIGINT' }]);
  });

  it('the watermark keeps its order: another kind is refused, a coarser unit is looked at value by value', async () => {
    const incremental = 'run_type: incremental\nwatermark: { column: seen }\n';
    await source(`select range as id, (timestamp '2026-01-01' + to_seconds(range))::timestamp_ns as seen from range(1000)`);
    flow('{ seen: string }', incremental);
    expect((await go()).error).toMatchObject({ code: 'HYG-1091', what: expect.stringContaining('The watermark of f.f, seen,') });
    flow('{ seen: "timestamp[us]" }', incremental);
    expect((await go()).code).toBe(0);
    await source(`select range as id, (timestamp '2026-01-01' + to_seconds(range))::timestamp_ns as seen from range(1500)`);
    expect((await go()).code).toBe(0);
    expect(await settled('count(*)::int as n, count(distinct id)::int as ids, typeof(any_value(seen)) as seen')).toEqual([
      { n: 1500, ids: 1500, seen: 'TIMESTAMP' },
    ]);
    const backfill = await workspace.run(['backfill', 'f.f', '--from', '2026-01-01', '--to', '2026-01-01T00:10:00']);
    expect(backfill.code).toBe(0);
    expect(await settled('count(*)::int as n, count(distinct id)::int as ids')).toEqual([{ n: 1500, ids: 1500 }]);
  });

  it.each([
    ['{ ammount: string }', 'HYG-1090', /has no such column/, /Closest to it: amount/],
    ['{ list: int64 }', 'HYG-1091', /list of f\.f can't settle as int64/, /list<int64>/],
  ])('%s is refused as %s before a row is read', async (overrides, code, what, why) => {
    await source('select 1 as id, 2.5 as amount, [1, 2]::bigint[] as list');
    flow(overrides);
    const { error } = await go();
    expect(error).toMatchObject({ code, what: expect.stringMatching(what), where: { line: 3 } });
    expect(error?.why.join(' ')).toMatch(why);
  });

  it('speaks of columns as the source calls them, whatever polish makes of their names', async () => {
    await source('select 1 as "Order Id", 2.5 as "Net Amount"');
    flow('{ "Net Amount": "decimal(18,4)" }', 'polish: { columns: { case: snake } }\n');
    const { code, plan } = await go();
    expect({ code, schema: plan?.schema }).toMatchObject({
      code: 0,
      schema: [{ name: 'order_id' }, { name: 'net_amount', source_name: 'Net Amount', store_type: 'decimal(18,4)' }],
    });
  });
});
