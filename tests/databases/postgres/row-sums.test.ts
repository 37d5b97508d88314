import { describe, expect, test, vi } from 'vitest';
import { type Home, insideSumsOf } from '../../../src/engine/contracts/home.ts';
import type { SummedColumn, SumsRequest } from '../../../src/engine/contracts/row-sums.ts';
import { noPostgres, postgresDatabase } from '../../support/postgres.ts';
import { everything, framesOf, postgresHomes } from '../../support/postgres-home.ts';
import { summedFrames } from '../../support/summed.ts';

const { signal } = new AbortController();

/** Columns, and rows of values that are careless code's downfall. */
const values: Readonly<Record<string, readonly (string | null)[]>> = {
  bool: ['true', 'false', null],
  int2: ['-32768', '32767', '0', null],
  int4: ['-2147483648', '0', '2147483647'],
  int8: ['-9223372036854775808', '9223372036854775807', '0'],
  oid: ['0', '4294967295'],
  'numeric(12,2)': ['0', '-0.01', '1.10', '9999999999.99', '100', null],
  'numeric(38,0)': ['9'.repeat(38), `-${'9'.repeat(38)}`, '100'],
  'numeric(5,-2)': ['1234500', '-100'],
  'numeric(2,5)': ['0.00099', '0'],
  numeric: ['1', '1.0', '1.10', '1e30', '0.000', null],
  'numeric(50,3)': ['1.100', '0'],
  money: ['0', '-12.50', '92233720368547758.07'],
  float4: ['0.1', '-0', 'NaN', 'Infinity', '-Infinity', '1e-45', '3.4028235e38', null],
  float8: ['0.1', '-0', '0', 'NaN', 'Infinity', '5e-324', '1.7976931348623157e308'],
  text: ['', ' ', 'a ', 'A', 'a', 'é', 'é', 'ß', '𝔘𝔫𝔦 🏡', 'it\'s \\ "', 'line\r\n\t', 'x'.repeat(70), null],
  'varchar(20)': ['', 'a  ', 'Æ'],
  'char(6)': ['', 'a', 'abcdef', 'é'],
  name: ['public', 'Ö'],
  citext: ['A', 'a', 'É '],
  mood: ['sad', 'very happy'],
  positive: ['1.50', '2'],
  padded: ['ab', ''],
  uuid: ['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-AAAA-ffff-ffff-ffffffffffff'],
  bytea: ['\\x', '\\x00ff0080', null],
  date: ['0001-01-01', '9999-12-31', '1582-10-10', '1970-01-01', '2024-02-29', null],
  time: ['00:00:00', '23:59:59.999999', '12:00:00.1', '10:20:00'],
  'time(0)': ['10:00:00'],
  timestamp: ['0001-01-01 00:00:00', '9999-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999', '2020-01-01 10:00:00.120000', null],
  'timestamp(0)': ['2020-01-01 10:00:00'],
  timestamptz: [
    '0001-01-01 00:00:00Z',
    '9999-12-31 23:59:59.999999Z',
    '2020-03-29 01:30:00+00',
    '1880-01-01 00:00:00+00',
    '2020-10-25 00:30:00.5+00',
    null,
  ],
  inet: ['10.0.0.1', '::1/64'],
  macaddr: ['08:00:2b:01:02:03'],
  'bit(3)': ['101'],
  'bit varying': ['', '0101'],
  '"char"': ['a'],
};

const odd = [
  "set DateStyle = 'German, DMY'",
  "set TimeZone = 'Asia/Kathmandu'",
  "set IntervalStyle = 'sql_standard'",
  'set extra_float_digits = -10',
  "set bytea_output = 'escape'",
  'set standard_conforming_strings = off',
  'set escape_string_warning = off',
  'set quote_all_identifiers = on',
  'set max_parallel_workers_per_gather = 2',
].join('; ');

const described = async (home: Home) => {
  const step = await home.describe();
  const columns = 'done' in step ? (step.done.schema?.columns ?? []) : [];
  return columns.map(({ name, type }): SummedColumn => ({ name, type }));
};

describe.skipIf(noPostgres() !== '')('the sums of rows in PostgreSQL', () => {
  const columns = Object.keys(values);
  const created = [
    'create extension if not exists citext',
    "create type mood as enum ('sad', 'very happy')",
    'create domain positive as numeric(10,3) check (value > 0)',
    'create domain padded as char(4)',
    `create table t (id int primary key, ${columns.map((type, n) => `c${n} ${type}`).join(', ')})`,
    ...Array.from({ length: 40 }, (_, id) => {
      const row = columns.map((type) => {
        const given = values[type] ?? [];
        const value = given[id % given.length];
        return value == null ? 'null' : `'${value.replaceAll("'", "''")}'`;
      });
      return `insert into t values (${id}, ${row.join(', ')})`;
    }),
  ];

  const requestsOf = (all: readonly SummedColumn[]): readonly SumsRequest[] => {
    const named = (name: string) => all.find((one) => one.name === name) as SummedColumn;
    const scope = { window: everything, part: null };
    const id = named('id');
    const at = named(`c${columns.indexOf('timestamptz')}`);
    return [
      { scope, division: { by: 'nothing' }, columns: all, of: 'rows' },
      { scope, division: { by: 'nothing' }, columns: all, of: 'columns' },
      { scope, division: { by: 'hash', key: [id, at], bits: 3 }, columns: all, of: 'rows' },
      {
        scope: { ...scope, part: { by: 'value', column: id, from: '3', below: '20' } },
        division: { by: 'value', column: at, bounds: ['1970-01-01T00:00:00.000000Z', '2020-03-29T01:30:00.000000Z'] },
        ...{ columns: all, of: 'rows' },
      },
      { scope: { ...scope, part: { by: 'no value', column: at } }, division: { by: 'nothing' }, columns: all, of: 'columns' },
    ];
  };

  test('are those of the rows that the home reads, of every type, in every division', async () => {
    await using db = await postgresDatabase();
    for (const statement of created) await db.sql(statement);
    await using homes = postgresHomes(db);
    for (const config of [{ table: 't' }, { table: 't', decimals: 'decimal(38, 6)', where: 'id <> 3' }]) {
      const home = await homes.home(config);
      const all = await described(home);
      for (const request of requestsOf(all)) {
        expect(insideSumsOf(home)?.inside.supports(request.columns, request.division).unable).toEqual([]);
        const expected = await summedFrames(framesOf(home), request);
        expect(await insideSumsOf(home)?.inside.sums(request, signal)).toEqual(expected);
        if (request.scope.part !== null)
          expect(await summedFrames(insideSumsOf(home)?.readPart(request.scope, signal) as never, request)).toEqual(expected);
      }
    }
  });

  test('are the same for a stranger whose session has other settings', async () => {
    await using db = await postgresDatabase();
    for (const statement of created) await db.sql(statement);
    await using homes = postgresHomes(db);
    const home = await homes.home({ table: 't' });
    const [, request] = requestsOf(await described(home)) as [SumsRequest, SumsRequest];
    const { sql = '', answers = [] } = (await insideSumsOf(home)?.inside.statement(request)) ?? {};
    await db.sql(`alter database "${db.database}" set lc_monetary = 'C'`);
    const stranger = await db.client();
    await stranger.query(odd);
    const [row] = (await stranger.query(sql)).rows as Record<string, string>[];
    await stranger.end();
    const [sums] = (await insideSumsOf(home)?.inside.sums(request, signal)) ?? [];
    const named = Object.fromEntries(answers.map((name) => [name, row?.[name]]));
    expect(named).toMatchObject({ bucket: '0', rows: '40', sum: sums?.sum, sum_1: sums?.columns?.[0]?.sum });
    expect(Object.values(named).slice(3)).toEqual(sums?.columns?.flatMap(({ count, sum }) => [String(count), sum]));
  });

  test('leave out what is read as null, and tell what they can not sum', async () => {
    await using db = await postgresDatabase();
    await db.sql(`create table t (id int, n numeric(8,2), m numeric, d date, at timestamp, tz timestamptz, t time, j jsonb, a int[], i interval, r tsrange);
      insert into t (id, n, m, d, at, tz, t) values (1, 'NaN', 'Infinity', 'infinity', '-infinity', 'infinity', '24:00'),
        (2, 1, '-Infinity', '0044-03-15 BC', '20000-01-01', '20000-01-01 00:00Z', '10:00'), (3, 2, 3, '2020-01-01', '2020-01-01', '2020-01-01', '00:00')`);
    await using homes = postgresHomes(db);
    const home = await homes.home({ table: 't', decimals: 'decimal(38, 6)', special_values: 'to_null' });
    const all = await described(home);
    const columns = all.filter(({ name }) => !['j', 'a', 'i', 'r'].includes(name));
    expect(insideSumsOf(home)?.inside.supports(all, { by: 'nothing' })).toEqual({
      oneMoment: true,
      unable: [
        { column: 'j', why: 'the text of json values is made while they are read' },
        { column: 'a', why: 'the text of list values is made while they are read' },
        { column: 'i', why: 'the text of interval depends on settings of the session' },
        { column: 'r', why: 'the text of tsrange depends on settings of the session' },
      ],
    });
    const scope = { window: everything, part: null };
    const request: SumsRequest = { scope, division: { by: 'nothing' }, columns, of: 'columns' };
    const expected = await summedFrames(framesOf(home), request);
    expect(expected[0]?.columns?.map(({ count }) => count)).toEqual([3, 2, 1, 1, 1, 1, 2]);
    expect(await insideSumsOf(home)?.inside.sums(request, signal)).toEqual(expected);
    const [d] = columns.filter(({ name }) => name === 'd') as [SummedColumn];
    const byDay: SumsRequest = { ...request, division: { by: 'value', column: d, bounds: ['1999-01-01'] } };
    expect(await insideSumsOf(home)?.inside.sums(byDay, signal)).toEqual(await summedFrames(framesOf(home), byDay));
    expect(await insideSumsOf(home)?.inside.extremes(scope, d, signal)).toEqual({ min: '2020-01-01', max: '2020-01-01' });
  });

  test('of one handle are as of one moment, and stop in the server when their reader has left', async () => {
    await using db = await postgresDatabase();
    await db.sql('create table t as select i as id, i::text as name from generate_series(1, 1000) i');
    await using homes = postgresHomes(db);
    const home = await homes.home({ table: 't' });
    const columns = await described(home);
    const request: SumsRequest = { scope: { window: everything, part: null }, division: { by: 'nothing' }, columns, of: 'rows' };
    const before = await insideSumsOf(home)?.inside.sums(request, signal);
    await db.sql('update t set name = id::text || $$ $$ where id = 500');
    expect(await insideSumsOf(home)?.inside.sums(request, signal)).toEqual(before);
    const slow = await homes.home({ table: 't', where: 'pg_sleep(30)::text is not null' });
    await slow.describe();
    const stopping = new AbortController();
    const sums = insideSumsOf(slow)?.inside.sums({ ...request, columns: columns.slice(0, 1) }, stopping.signal);
    const running = async () =>
      (await db.sql(`select count(*) as n from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`))[0]?.n;
    await vi.waitFor(async () => expect(await running()).toBe('1'), { timeout: 60_000 });
    stopping.abort(new Error('no one waits'));
    await expect(sums).rejects.toThrow('no one waits');
    await vi.waitFor(async () => expect(await running()).toBe('0'), { timeout: 60_000 });
  });
});
