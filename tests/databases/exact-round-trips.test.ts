/** `exact` in a plan is a promise: ten hostile values of each type come out of a round trip as the system itself wrote them. */
import { cpSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PlannedColumn } from '../../src/ports/events.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type DatabaseKind, duckdb, mariadb, postgres, sqlite } from './databases.ts';

/** Literals of SQL by the declaration of their column. */
type Values = Readonly<Record<string, readonly string[]>>;

const quoted = (...texts: readonly string[]): readonly string[] => texts.map((text) => `'${text.replaceAll("'", "''")}'`);
const integers = (bits: number) => {
  const most = 2n ** BigInt(bits - 1);
  return [-most, most - 1n, -most + 1n, most - 2n, 0n, 1n, -1n, 10n, -10n, 100n].map(String);
};
const dates = quoted(
  ...[
    '0001-01-01',
    '9999-12-31',
    '1582-10-04',
    '1582-10-15',
    '1899-12-31',
    '1900-02-28',
    '1969-12-31',
    '1970-01-01',
    '2000-02-29',
    '2024-02-29',
  ],
);
const moments = quoted(
  ...[
    '0001-01-01 00:00:00',
    '9999-12-31 23:59:59.999999',
    '1582-10-10 00:00:00.000001',
    '1969-12-31 23:59:59.999999',
    '1970-01-01 00:00:00',
  ],
  ...['2000-02-29 12:00:00.5', '2026-03-29 02:30:00', '2026-10-25 02:30:00.123456', '1883-11-18 12:03:57', '2262-04-11 23:47:16.854775'],
);
const times = quoted(
  ...[
    '00:00:00',
    '23:59:59.999999',
    '00:00:00.000001',
    '12:00:00',
    '12:34:56.7',
    '01:02:03.000100',
    '23:00:00',
    '00:00:01',
    '11:59:59.5',
    '06:06:06.060606',
  ],
);
const texts = quoted('', ' ', ' a ', 'it"s', "it's", 'null', 'æ—😀', 'a\tb', '-0', '1e5');
const unsigned64 = [
  '0',
  '1',
  '18446744073709551615',
  '18446744073709551614',
  '9223372036854775808',
  '9223372036854775807',
  '10',
  '100',
  '255',
  '256',
];
const decimals = (...more: readonly string[]) => [
  ...[
    '0',
    '1',
    '-1',
    '0.0000000001',
    '-0.0000000001',
    '9999999999999999999999999999.9999999999',
    '-9999999999999999999999999999.9999999999',
    '1.10',
    '100',
  ],
  ...more,
];
const uuids = quoted(
  ...[
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '00000000-0000-0000-0000-000000000001',
    '80000000-0000-0000-0000-000000000000',
  ],
  ...[
    '7fffffff-ffff-ffff-ffff-ffffffffffff',
    '6f96adbe-1f2a-4c61-9a01-000000000001',
    '00000000-0000-4000-8000-000000000000',
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  ],
  ...['12345678-1234-1234-1234-123456789012', 'deadbeef-dead-beef-dead-beefdeadbeef'],
);
const documents = quoted(
  ...['{}', '[]', '{"b":1,"a":2}', '{"a":1.0}', '1e2', '"x"', 'null', '[ 1, 2 ]', '{"a":{"b":[null]}}', '12345678901234567890'],
);

const values: Readonly<Record<'PostgreSQL' | 'MariaDB' | 'SQLite' | 'DuckDB', Values>> = {
  PostgreSQL: {
    boolean: ['true', 'false', 'null', 'true', 'false', 'null', 'true', 'true', 'false', 'false'],
    ...{ smallint: integers(16), integer: integers(32), bigint: integers(64) },
    real: quoted('3.4028235e38', '1e-45', '-0', 'NaN', 'Infinity', '-Infinity', '0.1', '16777217', '1.1754944e-38', '-1.5'),
    'double precision': quoted(
      '1.7976931348623157e308',
      '5e-324',
      '-0',
      'NaN',
      'Infinity',
      '-Infinity',
      '0.1',
      '9007199254740993',
      '-1.5',
      '0.3',
    ),
    'numeric(38,10)': decimals('-0'),
    numeric: quoted('0.000', '1.10', '1e100', '1e-30', 'NaN', 'Infinity', '-5', '123456789012345678901234567890.5', '0', '100'),
    ...{
      text: texts,
      'varchar(20)': texts,
      'char(5)': quoted('', ' ', 'a', 'abcde', ' a', 'æ', '😀', '-', '"', 'null'),
      bytea: quoted('\\x', '\\x00', '\\xff', '\\x00ff', '\\x0a0d', '\\x5c78', '\\x27', '\\x22', '\\x80', '\\xdeadbeef'),
    },
    ...{ date: dates, time: times, timestamp: moments, timestamptz: moments.map((one) => `${one.slice(0, -1)}+00'`), uuid: uuids },
    interval: quoted(
      '0',
      '1 mon',
      '-1 day',
      '1 mon -1 day 00:00:00.000001',
      '1 year',
      '25:00:00',
      '-00:00:01',
      '999 years',
      '1.5 days',
      '2 mons 3 days',
    ),
    ...{ json: documents, jsonb: documents },
    'integer[]': quoted('{}', '{1,2}', '[2:3]={1,2}', '{null}', '{1,null,3}', '[0:0]={7}', '{-1}', '{2147483647}', '[-5:-4]={1,2}', '{0}'),
    'text[]': quoted('{}', '{a}', '{""}', '{"null"}', '{null}', '{"a,b"}', '{"{}"}', '[2:2]={x}', '{" "}', '{"\\""}'),
    mood: quoted('a', 'B', '', 'a b', 'a', 'B', '', 'a b', 'a', 'B'),
    money: quoted('0', '1.10', '-1.10', '1234.5', '-92233720368547758.08', '92233720368547758.07', '0.01', '100', '1', '-1'),
    inet: quoted(
      '10.0.0.1',
      '10.0.0.1/8',
      '::1',
      '::/0',
      '0.0.0.0',
      '255.255.255.255',
      'fe80::1/64',
      '1.2.3.4/31',
      '::ffff:1.2.3.4',
      '10.0.0.0/8',
    ),
    'bit varying(8)': ["B''", "B'0'", "B'1'", "B'00000000'", "B'11111111'", "B'01'", "B'10'", "B'0001'", "B'1000'", "B'101'"],
    int4range: quoted('empty', '[1,2)', '(,)', '[1,)', '(,1)', '[1,1]', '(1,3]', '[0,0]', '[-1,1)', '[5,6)'),
    point: quoted('(0,0)', '(-0,0)', '(1e300,1e-300)', '(NaN,1)', '(0.1,0.2)', '(1,2)', '(-1,-2)', '(Infinity,0)', '(3,4)', '(0.3,9)'),
  },
  MariaDB: {
    ...{ tinyint: integers(8), smallint: integers(16), int: integers(32), bigint: integers(64) },
    'bigint unsigned': unsigned64,
    'int(5) zerofill': ['0', '1', '10', '99999', '100000', '4294967295', '42', '7', '255', '256'],
    float: ['0', '0.1', '-0.1', '3.40282e38', '1.17549e-38', '16777217', '1.5', '-1.5', '1e-30', '123456.7'],
    double: ['0', '0.1', '-0.1', '1.7976931348623157e308', '2.2250738585072014e-308', '9007199254740993', '1.5', '1e-300', '5e-324', '0.3'],
    'decimal(38,10)': decimals('0.5'),
    ...{ 'varchar(20)': texts, text: texts, 'char(5)': quoted('', 'a', 'abcde', ' a', 'æ', '😀', '-', '"', 'null', 'é') },
    'varbinary(8)': ["''", "x'00'", "x'ff'", "x'00ff'", "x'0a0d'", "x'5c'", "x'27'", "x'22'", "x'80'", "x'deadbeef'"],
    'binary(4)': ["''", "x'00'", "x'ff'", "x'00ff'", "x'0a0d'", "x'5c'", "x'27'", "x'22'", "x'80'", "x'deadbeef'"],
    ...{ date: dates, 'datetime(6)': moments },
    'timestamp(6) null': quoted(
      ...[
        '1970-01-01 00:00:01',
        '2038-01-19 03:14:07.999999',
        '2000-02-29 12:00:00.5',
        '2026-03-29 02:30:00',
        '2026-10-25 02:30:00.123456',
      ],
      ...[
        '1999-12-31 23:59:59.999999',
        '2001-01-01 00:00:00',
        '2024-02-29 00:00:00.000001',
        '2026-06-06 06:06:06',
        '2030-01-01 01:01:01.1',
      ],
    ),
    'time(6)': quoted(
      '00:00:00',
      '838:59:59.000000',
      '-838:59:59.000000',
      '23:59:59.999999',
      '-00:00:00.000001',
      '12:34:56.7',
      '100:00:00',
      '-1:00:00',
      '00:00:01',
      '24:00:00',
    ),
    year: ['1901', '2155', '2000', '1999', '1970', '2026', '2038', '1950', '2001', '1969'],
    ...{ 'bit(1)': ["b'0'", "b'1'", 'null', "b'0'", "b'1'", 'null', "b'1'", "b'1'", "b'0'", "b'0'"] },
    ...{ 'bit(5)': ["b'0'", "b'1'", "b'11111'", "b'10000'", "b'00001'", "b'101'", 'null', "b'1010'", "b'1111'", "b'11'"] },
    "enum('a','B','')": quoted('a', 'B', '', 'a', 'B', '', 'a', 'a', 'B', 'B'),
    "set('x','y')": quoted('', 'x', 'y', 'x,y', 'y,x', 'x', 'y', '', 'x,y', 'x'),
    json: documents,
    geometry: [
      ...[
        "st_geomfromtext('POINT(1 2)',4326)",
        "st_geomfromtext('POINT(1 2)')",
        "st_geomfromtext('POINT(0 0)',3857)",
        "st_geomfromtext('LINESTRING(0 0,1 1)')",
      ],
      ...[
        "st_geomfromtext('POLYGON((0 0,1 0,1 1,0 0))')",
        "st_geomfromtext('MULTIPOINT(0 0,1 1)')",
        "st_geomfromtext('POINT(0.1 0.2)')",
        'null',
        "st_geomfromtext('POINT(-1 -2)',4326)",
        "st_geomfromtext('POINT(3 4)')",
      ],
    ],
  },
  SQLite: {
    integer: integers(64),
    real: ['0.1', '-0.1', '1.7976931348623157e308', '5e-324', '9007199254740993.0', '1.5', '9e999', '-9e999', '0.3', '1e-300'],
    text: texts,
    blob: ["x''", "x'00'", "x'ff'", "x'00ff'", "x'0a0d'", "x'5c'", "x'27'", "x'22'", "x'80'", "x'deadbeef'"],
    date: dates,
    datetime: moments,
    boolean: ['1', '0', 'null', '1', '0', 'null', '1', '1', '0', '0'],
    time: quoted('10:00', '10:00:00', '23:59:59.9', '00:00', '12:34:56', '01:01', '02:02:02', '03:03:03.123', '04:04', '05:05:05'),
    'decimal(9,2)': ['1.1', '1.10', '0', '-1', '1234567.89', '0.01', '-0.01', '100', '2', '3.5'],
  },
  DuckDB: {
    boolean: ['true', 'false', 'null', 'true', 'false', 'null', 'true', 'true', 'false', 'false'],
    ...{ tinyint: integers(8), smallint: integers(16), integer: integers(32), bigint: integers(64) },
    ubigint: unsigned64,
    float: quoted('3.4028235e38', '1e-45', '-0', 'NaN', 'Infinity', '-Infinity', '0.1', '16777217', '1.1754944e-38', '-1.5'),
    double: quoted('1.7976931348623157e308', '5e-324', '-0', 'NaN', 'Infinity', '-Infinity', '0.1', '9007199254740993', '-1.5', '0.3'),
    'decimal(38,10)': decimals('0.5'),
    ...{ varchar: texts, blob: quoted('', '\\x00', '\\xFF', '\\x00\\xFF', '\\x0A', 'a', '\\x27', '\\x22', '\\x80', '\\xDE\\xAD') },
    ...{ date: dates, time: times, timestamp: moments, timestamptz: moments.map((one) => `${one.slice(0, -1)}+00'`), uuid: uuids },
    interval: quoted(
      '0 days',
      '1 month',
      '-1 day',
      '1 year',
      '25 hours',
      '-1 second',
      '999 years',
      '1 microsecond',
      '2 months 3 days',
      '1 hour',
    ),
    json: documents,
    'integer[]': quoted('[]', '[1,2]', '[null]', '[1,null,3]', '[-1]', '[2147483647]', '[0]', '[0,0]', '[7]', '[-2147483648]'),
  },
};

const documentLoss = 'a store may keep a document in another form: blanks, the order of keys, digits';
const arrayLoss = 'arrays begin at 1: other lower bounds are not kept';
const formLoss = 'SQLite may have its values in several forms, and they settle in one';

/** What the plan does not call exact, with the loss that it names. */
const notExact: Readonly<Record<keyof typeof values, Readonly<Record<string, string | undefined>>>> = {
  PostgreSQL: {
    json: documentLoss,
    jsonb: documentLoss,
    'integer[]': arrayLoss,
    'text[]': arrayLoss,
    money: 'the currency is not kept',
    interval: 'it is kept as a text in the form of ISO 8601',
    inet: 'it is kept as a text, which may be another one than the server shows',
  },
  MariaDB: {
    'bit(5)': 'the number of its bits is not kept',
    geometry: 'the number of its reference system (SRID) is not kept',
    'int(5) zerofill': 'zeros in front are not kept',
  },
  SQLite: { boolean: formLoss, date: formLoss, datetime: formLoss, time: formLoss, 'decimal(9,2)': formLoss },
  DuckDB: { json: documentLoss },
};

/** Parquet has times of day in nanoseconds, which PostgreSQL has not. */
const noWayBack = (name: keyof typeof values): string =>
  name === 'PostgreSQL' ? `, exclude: [c${Object.keys(values[name]).indexOf('time')}]` : '';

const textOf: Readonly<Record<keyof typeof values, (column: string) => string>> = {
  PostgreSQL: (column) => `replace(case when ${column} is null then '∅' else format('%s', ${column}) end, ' ', '␠')`,
  MariaDB: (column) => `concat('x', coalesce(hex(${column}), '∅'))`,
  SQLite: (column) => `replace(typeof(${column}) || quote(${column}), ' ', '␠')`,
  DuckDB: (column) => `replace(coalesce(${column}::varchar, '∅'), ' ', '␠')`,
};

const systems = [postgres, mariadb, sqlite, duckdb] as readonly (DatabaseKind & { readonly name: keyof typeof values })[];

describe.each(systems)('what the plan calls exact, in $name,', ({ missing, open, name }) => {
  test.skipIf(missing !== '')('comes out as it went in, through a table of the system and through parquet', async () => {
    await using database = await open();
    const connection = database.connection.replace(/\$\{SHOP_SECRET\}/, database.password);
    const table = (called: string) => `{ connection: c, table: ${called}${database.keys} }`;
    await using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${connection} }\n`,
      'flows/direct/flow.yml': `home: { connection: c, table: hostile }\nstore: ${table('direct')}\n`,
      'flows/out/flow.yml': 'home: { connection: c, table: hostile }\nstore: lake\n',
      'flows/back/flow.yml': `home: { type: parquet, path: copied${noWayBack(name)} }\nstore: ${table('back')}\n`,
    });
    const types = Object.keys(values[name]);
    const columns = types.map((_, at) => `c${at}`);
    const rows = Array.from({ length: 10 }, (_, row) => `(${[row, ...types.map((type) => values[name][type]?.[row])].join(', ')})`);
    if (name === 'PostgreSQL') await database.sql(`create type mood as enum ('a', 'B', '', 'a b')`, 'select 1');
    await database.sql(
      `create table hostile (id int, ${types.map((type, at) => `c${at} ${type}`).join(', ')})`,
      `insert into hostile values ${rows.join(', ')}`,
      'select 1',
    );
    const planOf = async (flow: string): Promise<readonly PlannedColumn[]> => {
      const { events, code } = await here(workspace, 'go', '-f', flow);
      expect([flow, code, events.filter(({ event }) => event === 'error')]).toEqual([flow, 0, []]);
      return events.flatMap((event) => (event.event === 'plan' ? event.schema : []));
    };
    const read = async (from: string, column: string) => await database.sql(`select ${textOf[name](column)} as v from ${from} order by id`);
    const [direct, out] = [await planOf('direct'), await planOf('out')];
    // A flow does not read what another one of its workspace replaces.
    cpSync(workspace.path('lake'), workspace.path('copied'), { recursive: true });
    const plans = { direct, out, back: await planOf('back') };
    const isExact = (flow: keyof typeof plans, column: string) => plans[flow].find((one) => one.name === column)?.fidelity === 'exact';

    const differs: string[] = [];
    for (const [at, column] of columns.entries()) {
      const before = await read('hostile', column);
      expect(before).toHaveLength(10);
      const ways = [
        ...(isExact('direct', column) ? ['direct'] : []),
        ...(isExact('out', column) && isExact('back', column) ? ['back'] : []),
      ];
      for (const way of ways) {
        const after = await read(way, column);
        if (JSON.stringify(after) !== JSON.stringify(before)) differs.push(`${types[at]} ${way}: ${before.join(' ')} → ${after.join(' ')}`);
      }
    }
    expect(differs).toEqual([]);
    const told = types.flatMap((type, at) => {
      const planned = plans.direct.find((one) => one.name === `c${at}`);
      return planned?.fidelity === 'exact' ? [] : [[type, planned?.loss] as const];
    });
    expect(Object.fromEntries(told)).toEqual(notExact[name]);
  });
});
