import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DataType } from '../../../src/frames/schema.ts';
import { duck } from '../../support/duck.ts';
import { DuckdbTestFile, duckdbHomes } from '../../support/duckdb-file.ts';
import { here } from '../../support/here.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** A column of each kind: its type there, what it comes back as, a random value, values at the edges. */
interface Kind {
  readonly name: string;
  readonly type: string;
  /** In parquet, as DuckDB reads it; else the same. */
  readonly back?: string;
  readonly random: string;
  readonly edges: readonly string[];
  readonly as: DataType;
}

const whole = (name: string, type: string, bits: number, isSigned: boolean): Kind => {
  const [least, most] = isSigned ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
  return {
    ...{ name, type, as: { kind: `${isSigned ? '' : 'u'}int${bits}` } as DataType },
    random: `(hash(i) % ${most}::ubigint)::${type}`,
    edges: [`'${least}'`, `'${most}'`],
  };
};

const text = { kind: 'string' } as const;
const kinds: readonly Kind[] = [
  { name: 'b', type: 'boolean', random: 'random() < 0.5', edges: ['true', 'false'], as: { kind: 'bool' } },
  ...[8, 16, 32, 64].flatMap((bits, n) => [
    whole(`i${bits}`, ['tinyint', 'smallint', 'integer', 'bigint'][n] as string, bits, true),
    whole(`u${bits}`, ['utinyint', 'usmallint', 'uinteger', 'ubigint'][n] as string, bits, false),
  ]),
  {
    ...{ name: 'h', type: 'hugeint', back: 'decimal(38,0)', random: '(random() * 1e18)::hugeint * (random() * 1e18)::hugeint' },
    ...{ edges: [`'${'9'.repeat(38)}'`, `'-${'9'.repeat(38)}'`, '0'], as: { kind: 'decimal', precision: 38, scale: 0 } },
  },
  {
    ...{ name: 'uh', type: 'uhugeint', back: 'decimal(38,0)', random: '(random() * 1e18)::uhugeint' },
    ...{ edges: [`'${'9'.repeat(38)}'`, '0'], as: { kind: 'decimal', precision: 38, scale: 0 } },
  },
  {
    ...{ name: 'f4', type: 'float', random: '(random() * 1e6 - 5e5)::float', as: { kind: 'float32' } },
    edges: [`'nan'`, `'inf'`, `'-inf'`, `'-0'`, '1e-45', '3.4028235e38'],
  },
  {
    ...{ name: 'f8', type: 'double', random: 'random() * 1e300 - 5e299', as: { kind: 'float64' } },
    edges: [`'nan'`, `'inf'`, `'-0'`, '5e-324', '1.7976931348623157e308', '0.1'],
  },
  ...[4, 9, 18, 38].map(
    (precision): Kind => ({
      ...{ name: `d${precision}`, type: `decimal(${precision},2)`, random: `(random() * 10)::decimal(${precision},2)` },
      edges: ['9', '-9'].map((digit) => `'${digit}${'9'.repeat(precision - 3)}.99'`),
      as: { kind: 'decimal', precision, scale: 2 },
    }),
  ),
  {
    ...{ name: 'd', type: 'date', random: `date '0001-01-01' + (random() * 3652058)::int`, as: { kind: 'date' } },
    edges: [`'0001-01-01'`, `'9999-12-31'`, `'1970-01-01'`],
  },
  {
    ...{ name: 't', type: 'time', random: `time '00:00' + to_microseconds((random() * 86399999999)::bigint)` },
    ...{ edges: [`'00:00'`, `'23:59:59.999999'`], as: { kind: 'time', unit: 'us' } },
  },
  {
    ...{ name: 'tn', type: 'time_ns', random: `'12:34:56.123456789'::time_ns`, as: { kind: 'time', unit: 'ns' } },
    edges: [`'00:00:00.000000001'`, `'23:59:59.999999999'`],
  },
  {
    ...{ name: 'ts', type: 'timestamp', random: `timestamp '0001-01-01' + to_microseconds((random() * 3e17)::bigint)` },
    ...{ edges: [`'0001-01-01'`, `'9999-12-31 23:59:59.999999'`, `'1969-12-31 23:59:59.999999'`], as: { kind: 'timestamp', unit: 'us' } },
  },
  {
    ...{ name: 'tss', type: 'timestamp_s', back: 'timestamp', random: `make_timestamp((random() * 1e15)::bigint)::timestamp_s` },
    ...{ edges: [`'0001-01-01'`, `'9999-12-31 23:59:59'`], as: { kind: 'timestamp', unit: 'us' } },
  },
  {
    ...{ name: 'tsm', type: 'timestamp_ms', random: `make_timestamp((random() * 1e15)::bigint)::timestamp_ms` },
    ...{ edges: [`'0001-01-01'`, `'9999-12-31 23:59:59.999'`], as: { kind: 'timestamp', unit: 'ms' } },
  },
  {
    ...{ name: 'tsn', type: 'timestamp_ns', random: `make_timestamp_ns((random() * 1e18)::bigint)` },
    ...{ edges: [`'1677-09-22'`, `'2262-04-11 23:47:16.854775806'`], as: { kind: 'timestamp', unit: 'ns' } },
  },
  {
    ...{ name: 'tz', type: 'timestamptz', random: `timestamptz '1900-01-01 00:00:00+00' + to_microseconds((random() * 3e15)::bigint)` },
    ...{ edges: [`'0001-01-01 00:00:00+00'`, `'9999-12-31 23:59:59.999999+00'`], as: { kind: 'timestamp', unit: 'us', zone: 'UTC' } },
  },
  {
    ...{ name: 's', type: 'varchar', random: `repeat(md5(random()::varchar), (random() * 20)::int)`, as: text },
    edges: [`'a"b,\n€𝄞'`, `repeat('ü', 70000)`, `''`, `'a' || chr(0) || 'b'`],
  },
  {
    ...{ name: 'bl', type: 'blob', random: 'unhex(md5(random()::varchar))', as: { kind: 'binary' } },
    edges: [`'\\xFF\\x00'::blob`, `''::blob`],
  },
  {
    ...{ name: 'u', type: 'uuid', back: 'varchar', random: 'uuid()', as: { kind: 'uuid' } },
    edges: [`'00000000-0000-0000-0000-000000000000'`, `'ffffffff-ffff-ffff-ffff-ffffffffffff'`],
  },
  { name: 'e', type: 'mood', back: 'varchar', random: `['sad', 'so so'][1 + (random() * 1.4)::int]::mood`, edges: [`'sad'`], as: text },
  {
    ...{ name: 'j', type: 'json', back: 'varchar', random: `'{"a": ' || i || '}'`, as: { kind: 'json' } },
    edges: [`'  [1,  2]'`, `'"ü"'`],
  },
  { name: 'iv', type: 'interval', back: 'varchar', random: `to_days(i::int)`, edges: [`'1 month -2 days 3.5 seconds'`], as: text },
  { name: 'tt', type: 'timetz', back: 'varchar', random: `'12:00:00+02'`, edges: [`'23:59:59.999999-15:59'`], as: text },
  { name: 'bt', type: 'bit', back: 'varchar', random: `bin(i)::bit`, edges: [`'101'`], as: text },
  { name: 'bn', type: 'bignum', back: 'varchar', random: 'i::bignum', edges: [`'${'9'.repeat(60)}'`], as: text },
  {
    name: 'un',
    type: 'union(n int, s varchar)',
    back: 'varchar',
    random: `union_value(s := 'x' || i)`,
    edges: ['union_value(n := 5)'],
    as: text,
  },
];

async function made(file: DuckdbTestFile, rows: number): Promise<void> {
  // Every seventh value is null, each column at its own rows.
  const random = kinds.map(({ random: of, type }, n) => `(case when (i + ${n}) % 7 > 0 then ${of} end)::${type}`);
  await file.sql(
    `create type mood as enum ('sad', 'so so')`,
    `create table t (id int, ${kinds.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
    `insert into t select i, ${random.join(', ')} from range(1, ${rows + 1}) r(i)`,
    ...kinds.flatMap(({ name, type, edges }) => edges.map((edge) => `insert into t (id, ${name}) values (0, ${edge}::${type})`)),
  );
}

describe('every type of DuckDB', () => {
  test('is read as the type table says, and settles in parquet as a second reader has it', async () => {
    using file = new DuckdbTestFile();
    using workspace = new TestWorkspace();
    await made(file, 5_000);
    {
      await using homes = duckdbHomes(file);
      const step = await (await homes.home({ table: 't' })).describe();
      if (!('done' in step)) throw new Error('no answer');
      expect(step.done.schema?.columns.slice(1).map(({ name, type }) => [name, type])).toEqual(kinds.map(({ name, as }) => [name, as]));
      expect(step.done.rows).toEqual({ n: 5_000 + kinds.reduce((sum, { edges }) => sum + edges.length, 0), exact: true });
    }
    workspace.write({
      'flows/f/flow.yml': `home: { type: duckdb, path: ${file.path}, table: t }\nstore: { path: lake, format: parquet }\nentities: [t]`,
    });
    const run = await here(workspace, 'go');
    expect(run.events.filter(({ event }) => event === 'error')).toEqual([]);
    const csv = join(workspace.root, 'there.csv');
    // Another way out of DuckDB than the one that is taken: as text.
    const spelt = kinds.map(({ name, type }) => (type === 'blob' ? `hex(${name}) as ${name}` : `${name}::varchar as ${name}`));
    await file.sql(
      `set timezone = 'UTC'`,
      `copy (select id, ${spelt.join(', ')} from t) to '${csv}' (format csv, header, nullstr '\\N', quote '"', force_quote *)`,
    );
    const columns = ['id', ...kinds.map(({ name }) => name)];
    const types = columns.map((name) => `'${name}': 'varchar'`).join(', ');
    const theirs = `select ${columns.join(', ')} from read_csv('${csv}', header = true, nullstr = '\\N', auto_detect = false, quote = '"', escape = '"', max_line_size = 10000000, columns = {${types}})`;
    const text = ({ name, type, back = type }: Kind) => (type === 'blob' ? `hex(${name})` : `${name}::${back}::varchar`);
    const ours = `select id::varchar as id, ${kinds.map((kind) => `${text(kind)} as ${kind.name}`).join(', ')} from read_parquet('${workspace.root}/lake/t/*.parquet')`;
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
    ['infinity', `'infinity'::timestamp_ns`],
    ['10000-01-01', `'10000-01-01'::date`],
    ['0001-12-31 \\(BC\\)', `'0001-12-31 (BC)'::date`],
    ['10000-01-01', `'10000-01-01'::timestamp`],
    ['290000-01-01', `'290000-01-01'::timestamp_s`],
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
