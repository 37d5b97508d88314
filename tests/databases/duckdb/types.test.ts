import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeType } from '../../../src/frames/describe-type.ts';
import { duck } from '../../support/duck.ts';
import { DuckdbTestFile, duckdbHomes } from '../../support/duckdb-file.ts';
import { here } from '../../support/here.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** A column of each kind: its type there, what it comes back as from parquet in DuckDB, its type here, a random value, values at the edges. */
type Kind = readonly [name: string, type: string, back: string, as: string, random: string, edges: readonly string[]];

const whole = (name: string, type: string, bits: number, isSigned: boolean): Kind => {
  const [least, most] = isSigned ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
  const as = `${isSigned ? '' : 'u'}int${bits}`;
  return [name, type, type, as, `(hash(i) % ${most}::ubigint)::${type}`, [`'${least}'`, `'${most}'`]];
};

const decimal = (precision: number): Kind => {
  const type = `decimal(${precision},2)`;
  const edges = ['9', '-9'].map((digit) => `'${digit}${'9'.repeat(precision - 3)}.99'`);
  return [`d${precision}`, type, type, type, `(random() * 10)::${type}`, edges];
};

const kinds: readonly Kind[] = [
  ...[8, 16, 32, 64].flatMap((bits, n) => [
    whole(`i${bits}`, ['tinyint', 'smallint', 'integer', 'bigint'][n] as string, bits, true),
    whole(`u${bits}`, ['utinyint', 'usmallint', 'uinteger', 'ubigint'][n] as string, bits, false),
  ]),
  ...[4, 9, 18, 38].map(decimal),
  ['b', 'boolean', 'boolean', 'bool', 'random() < 0.5', ['true', 'false']],
  [
    'h',
    'hugeint',
    'decimal(38,0)',
    'decimal(38,0)',
    '(random() * 1e18)::hugeint * (random() * 1e18)::hugeint',
    [`'${'9'.repeat(38)}'`, `'-${'9'.repeat(38)}'`, '0'],
  ],
  ['uh', 'uhugeint', 'decimal(38,0)', 'decimal(38,0)', '(random() * 1e18)::uhugeint', [`'${'9'.repeat(38)}'`, '0']],
  ['f4', 'float', 'float', 'float32', '(random() * 1e6 - 5e5)::float', [`'nan'`, `'inf'`, `'-inf'`, `'-0'`, '1e-45', '3.4028235e38']],
  ['f8', 'double', 'double', 'float64', 'random() * 1e300 - 5e299', [`'nan'`, `'inf'`, `'-0'`, '5e-324', '1.7976931348623157e308', '0.1']],
  ['d', 'date', 'date', 'date', `date '0001-01-01' + (random() * 3652058)::int`, [`'0001-01-01'`, `'9999-12-31'`, `'1970-01-01'`]],
  ['t', 'time', 'time', 'time[us]', `time '00:00' + to_microseconds((random() * 86399999999)::bigint)`, [`'00:00'`, `'23:59:59.999999'`]],
  ['tn', 'time_ns', 'time_ns', 'time[ns]', `'12:34:56.123456789'::time_ns`, [`'00:00:00.000000001'`, `'23:59:59.999999999'`]],
  [
    'ts',
    'timestamp',
    'timestamp',
    'timestamp[us]',
    `timestamp '0001-01-01' + to_microseconds((random() * 3e17)::bigint)`,
    [`'0001-01-01'`, `'9999-12-31 23:59:59.999999'`, `'1969-12-31 23:59:59.999999'`],
  ],
  [
    'tss',
    'timestamp_s',
    'timestamp',
    'timestamp[us]',
    'make_timestamp((random() * 1e15)::bigint)::timestamp_s',
    [`'0001-01-01'`, `'9999-12-31 23:59:59'`],
  ],
  [
    'tsm',
    'timestamp_ms',
    'timestamp_ms',
    'timestamp[ms]',
    'make_timestamp((random() * 1e15)::bigint)::timestamp_ms',
    [`'0001-01-01'`, `'9999-12-31 23:59:59.999'`],
  ],
  [
    'tsn',
    'timestamp_ns',
    'timestamp_ns',
    'timestamp[ns]',
    'make_timestamp_ns((random() * 1e18)::bigint)',
    [`'1677-09-22'`, `'2262-04-11 23:47:16.854775806'`],
  ],
  [
    'tz',
    'timestamptz',
    'timestamptz',
    'timestamp[us, UTC]',
    `timestamptz '1900-01-01 00:00:00+00' + to_microseconds((random() * 3e15)::bigint)`,
    [`'0001-01-01 00:00:00+00'`, `'9999-12-31 23:59:59.999999+00'`],
  ],
  [
    's',
    'varchar',
    'varchar',
    'string',
    'repeat(md5(random()::varchar), (random() * 20)::int)',
    [`'a"b,\n€𝄞'`, `repeat('ü', 70000)`, `''`, `'a' || chr(0) || 'b'`],
  ],
  ['bl', 'blob', 'blob', 'binary', 'unhex(md5(random()::varchar))', [`'\\xFF\\x00'::blob`, `''::blob`]],
  ['u', 'uuid', 'varchar', 'uuid', 'uuid()', [`'00000000-0000-0000-0000-000000000000'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`]],
  ['e', 'mood', 'varchar', 'string', `['sad', 'so so'][1 + (random() * 1.4)::int]::mood`, [`'sad'`]],
  ['j', 'json', 'varchar', 'json', `'{"a": ' || i || '}'`, [`'  [1,  2]'`, `'"ü"'`]],
  ['iv', 'interval', 'varchar', 'string', 'to_days(i::int)', [`'1 month -2 days 3.5 seconds'`]],
  ['tt', 'timetz', 'varchar', 'string', `'12:00:00+02'`, [`'23:59:59.999999-15:59'`]],
  ['bt', 'bit', 'varchar', 'string', 'bin(i)::bit', [`'101'`]],
  ['bn', 'bignum', 'varchar', 'string', 'i::bignum', [`'${'9'.repeat(60)}'`]],
  ['un', 'union(n int, s varchar)', 'varchar', 'string', `union_value(s := 'x' || i)`, ['union_value(n := 5)']],
];

async function made(file: DuckdbTestFile, rows: number): Promise<void> {
  // Every seventh value is null, each column at its own rows.
  const random = kinds.map(([, type, , , of], n) => `(case when (i + ${n}) % 7 > 0 then ${of} end)::${type}`);
  await file.sql(
    `create type mood as enum ('sad', 'so so')`,
    `create table t (id int, ${kinds.map(([name, type]) => `${name} ${type}`).join(', ')})`,
    `insert into t select i, ${random.join(', ')} from range(1, ${rows + 1}) r(i)`,
    ...kinds.flatMap(([name, type, , , , edges]) => edges.map((edge) => `insert into t (id, ${name}) values (0, ${edge}::${type})`)),
  );
}

describe('every type of DuckDB', () => {
  test('is read as the type table says, and settles in parquet as a second reader has it', async () => {
    using file = new DuckdbTestFile();
    using workspace = new TestWorkspace();
    await made(file, 700);
    {
      await using homes = duckdbHomes(file);
      const step = await (await homes.home({ table: 't' })).describe();
      if (!('done' in step)) throw new Error('no answer');
      expect(step.done.schema?.columns.slice(1).map(({ name, type }) => [name, describeType(type)])).toEqual(
        kinds.map(([name, , , as]) => [name, as]),
      );
      expect(step.done.rows).toEqual({ n: 700 + kinds.reduce((sum, [, , , , , edges]) => sum + edges.length, 0), exact: true });
    }
    workspace.write({
      'flows/f/flow.yml': `home: { type: duckdb, path: ${file.path}, table: t }\nstore: { path: lake, format: parquet }\nentities: [t]`,
    });
    const run = await here(workspace, 'go');
    expect(run.events.filter(({ event }) => event === 'error')).toEqual([]);
    const csv = join(workspace.root, 'there.csv');
    // Another way out of DuckDB than the one that is taken: as text.
    const spelt = kinds.map(([name, type]) => (type === 'blob' ? `hex(${name}) as ${name}` : `${name}::varchar as ${name}`));
    await file.sql(
      `set timezone = 'UTC'`,
      `copy (select id, ${spelt.join(', ')} from t) to '${csv}' (format csv, header, nullstr '\\N', quote '"', force_quote *)`,
    );
    const columns = ['id', ...kinds.map(([name]) => name)];
    const types = columns.map((name) => `'${name}': 'varchar'`).join(', ');
    const theirs = `select ${columns.join(', ')} from read_csv('${csv}', header = true, nullstr = '\\N', auto_detect = false, quote = '"', escape = '"', max_line_size = 10000000, columns = {${types}})`;
    const text = ([name, type, back]: Kind) => (type === 'blob' ? `hex(${name})` : `${name}::${back}::varchar`);
    const ours = `select id::varchar as id, ${kinds.map((kind) => `${text(kind)} as ${kind[0]}`).join(', ')} from read_parquet('${workspace.root}/lake/t/*.parquet')`;
    const differ = await duck(
      `set timezone = 'UTC'`,
      `select 'ours' as whose, * from (${ours} except all ${theirs}) union all select 'theirs', * from (${theirs} except all ${ours}) limit 4`,
    );
    expect(differ).toEqual([]);
  });
});

const rowOf = async (select: string, config: Readonly<Record<string, unknown>> = {}) => {
  using file = new DuckdbTestFile();
  await using homes = duckdbHomes(file);
  return (await rowsOf(framesOf(await homes.home({ path: ':memory:', query: select, ...config }))))[0];
};

const plain = (row: unknown): unknown =>
  JSON.parse(JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));

describe('what has values inside', () => {
  test('lists and arrays are lists, structs structs, maps lists of keys and values', async () => {
    const row = await rowOf(
      `select [1, null, 3] as a, []::varchar[] as empty, ['a', 'ü']::varchar[2] as fixed, [interval 1 day] as i, {'x': 1, 'Y y': ['{}'::json]} as st,
        [{'u': uuid '00000000-0000-0000-0000-00000000000a'}, null] as sts, map {'k': 1, 'l': null} as m, [[date '2024-01-01'], null] as deep,
        null::int[] as none, null::struct(since timestamp) as nothing, row(1, 'x') as unnamed, [5::hugeint] as wide`,
    );
    expect(plain(row)).toMatchObject({ a: [1, null, 3], empty: [], fixed: ['a', 'ü'], i: ['1 day'], st: { x: 1, 'Y y': ['{}'] } });
    expect(plain(row)).toMatchObject({
      sts: [{ u: '00000000-0000-0000-0000-00000000000a' }, null],
      m: [
        { key: 'k', value: 1 },
        { key: 'l', value: null },
      ],
    });
    expect(plain(row)).toMatchObject({ none: null, nothing: null, unnamed: '(1, x)' });
    expect([...((row?.deep ?? []) as Iterable<unknown>)][1]).toBe(null);
    expect([...((row?.wide ?? []) as Iterable<unknown>)].map(String)).toEqual(['5']);
  });
});

describe('values that ours do not have', () => {
  const special = [
    ['infinity', `'infinity'::date`],
    ['-infinity', `'-infinity'::timestamptz`],
    ['10000-01-01', `'10000-01-01'::date`],
    ['10000-01-01', `'10000-01-01'::timestamp`],
    ['10000-01-01', `'10000-01-01'::timestamp_ms`],
    ['24:00:00', `'24:00'::time`],
    ['infinity', `['infinity'::date]`],
  ] as const;

  test.each(special)('%s is an error that names the column, or null where the home says so: %s', async (said, value) => {
    const select = `select 1 as id, ${value} as odd`;
    await expect(rowOf(select)).rejects.toMatchObject({
      code: 'HYG-3505',
      what: expect.stringMatching(new RegExp(`Column odd .* holds ${said}`)),
    });
    const odd = (await rowOf(select, { special_values: 'to_null' }))?.odd;
    expect(value.startsWith('[') ? JSON.stringify(odd) : odd).toBe(value.startsWith('[') ? '[null]' : null);
  });

  test('a number of 39 digits is an error, and never null or rounded; text where the home says so', async () => {
    const select = `select 5::uhugeint as small, 170141183460469231731687303715884105727::hugeint as n`;
    await expect(rowOf(select, { special_values: 'to_null' })).rejects.toMatchObject({
      code: 'HYG-3505',
      what: expect.stringContaining('1701411834604692317316873037158841057'),
    });
    expect(await rowOf(select, { decimals: 'text' })).toMatchObject({ n: '170141183460469231731687303715884105727' });
    expect(String((await rowOf(`select '12'::bignum as n`, { decimals: 'decimal(10, 3)' }))?.n)).toBe('12000');
    await expect(rowOf(`select 12::hugeint as n`, { decimals: 'decimal(4, 3)' })).rejects.toMatchObject({ code: 'HYG-3505' });
  });
});
