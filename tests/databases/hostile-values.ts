/** Ten hostile values of each type that a database has. */

/** Literals of SQL by the declaration of their column. */
export type Values = Readonly<Record<string, readonly string[]>>;

/** What bars part. */
const list = (text: string): readonly string[] => text.split('|').map((one) => one.trim());
const quoted = (...texts: readonly string[]): readonly string[] => texts.map((text) => `'${text.replaceAll("'", "''")}'`);
const listed = (text: string) => quoted(...list(text));
const integers = (bits: number) => {
  const most = 2n ** BigInt(bits - 1);
  return [-most, most - 1n, -most + 1n, most - 2n, 0n, 1n, -1n, 10n, -10n, 100n].map(String);
};
const dates = listed(`0001-01-01 | 9999-12-31 | 1582-10-04 | 1582-10-15 | 1899-12-31 | 1900-02-28 | 1969-12-31 | 1970-01-01 | 2000-02-29 |
    2024-02-29`);
const moments = listed(`0001-01-01 00:00:00 | 9999-12-31 23:59:59.999999 | 1582-10-10 00:00:00.000001 | 1969-12-31 23:59:59.999999 |
    1970-01-01 00:00:00 | 2000-02-29 12:00:00.5 | 2026-03-29 02:30:00 | 2026-10-25 02:30:00.123456 | 1883-11-18 12:03:57 |
    2262-04-11 23:47:16.854775`);
const times = listed(`00:00:00 | 23:59:59.999999 | 00:00:00.000001 | 12:00:00 | 12:34:56.7 | 01:02:03.000100 | 23:00:00 | 00:00:01 |
    11:59:59.5 | 06:06:06.060606`);
const texts = quoted('', ' ', ' a ', 'it"s', "it's", 'null', 'æ—😀', 'a\tb', '-0', '1e5');
const unsigned64 = list(
  `0 | 1 | 18446744073709551615 | 18446744073709551614 | 9223372036854775808 | 9223372036854775807 | 10 | 100 | 255 | 256`,
);
const decimals = (...more: readonly string[]) => [
  ...list(`0 | 1 | -1 | 0.0000000001 | -0.0000000001 | 9999999999999999999999999999.9999999999 |
    -9999999999999999999999999999.9999999999 | 1.10 | 100`),
  ...more,
];
const uuids = listed(`00000000-0000-0000-0000-000000000000 | ffffffff-ffff-ffff-ffff-ffffffffffff | 00000000-0000-0000-0000-000000000001 |
    80000000-0000-0000-0000-000000000000 | 7fffffff-ffff-ffff-ffff-ffffffffffff | 6f96adbe-1f2a-4c61-9a01-000000000001 |
    00000000-0000-4000-8000-000000000000 | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | 12345678-1234-1234-1234-123456789012 |
    deadbeef-dead-beef-dead-beefdeadbeef`);
const documents = listed(`{} | [] | {"b":1,"a":2} | {"a":1.0} | 1e2 | "x" | null | [ 1, 2 ] | {"a":{"b":[null]}} | 12345678901234567890`);

export const hostileValues: Readonly<Record<'PostgreSQL' | 'MariaDB' | 'SQLite' | 'DuckDB', Values>> = {
  PostgreSQL: {
    boolean: ['true', 'false', 'null', 'true', 'false', 'null', 'true', 'true', 'false', 'false'],
    ...{ smallint: integers(16), integer: integers(32), bigint: integers(64) },
    real: quoted('3.4028235e38', '1e-45', '-0', 'NaN', 'Infinity', '-Infinity', '0.1', '16777217', '1.1754944e-38', '-1.5'),
    'double precision': listed(`1.7976931348623157e308 | 5e-324 | -0 | NaN | Infinity | -Infinity | 0.1 | 9007199254740993 | -1.5 | 0.3`),
    'numeric(38,10)': decimals('-0'),
    numeric: quoted('0.000', '1.10', '1e100', '1e-30', 'NaN', 'Infinity', '-5', '123456789012345678901234567890.5', '0', '100'),
    ...{
      text: texts,
      'varchar(20)': texts,
      'char(5)': quoted('', ' ', 'a', 'abcde', ' a', 'æ', '😀', '-', '"', 'null'),
      bytea: quoted('\\x', '\\x00', '\\xff', '\\x00ff', '\\x0a0d', '\\x5c78', '\\x27', '\\x22', '\\x80', '\\xdeadbeef'),
    },
    ...{ date: dates, time: times, timestamp: moments, timestamptz: moments.map((one) => `${one.slice(0, -1)}+00'`), uuid: uuids },
    interval: listed(
      `0 | 1 mon | -1 day | 1 mon -1 day 00:00:00.000001 | 1 year | 25:00:00 | -00:00:01 | 999 years | 1.5 days | 2 mons 3 days`,
    ),
    ...{ json: documents, jsonb: documents },
    'integer[]': quoted('{}', '{1,2}', '[2:3]={1,2}', '{null}', '{1,null,3}', '[0:0]={7}', '{-1}', '{2147483647}', '[-5:-4]={1,2}', '{0}'),
    'text[]': quoted('{}', '{a}', '{""}', '{"null"}', '{null}', '{"a,b"}', '{"{}"}', '[2:2]={x}', '{" "}', '{"\\""}'),
    mood: quoted('a', 'B', '', 'a b', 'a', 'B', '', 'a b', 'a', 'B'),
    money: quoted('0', '1.10', '-1.10', '1234.5', '-92233720368547758.08', '92233720368547758.07', '0.01', '100', '1', '-1'),
    inet: listed(`10.0.0.1 | 10.0.0.1/8 | ::1 | ::/0 | 0.0.0.0 | 255.255.255.255 | fe80::1/64 | 1.2.3.4/31 | ::ffff:1.2.3.4 | 10.0.0.0/8`),
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
    'timestamp(6) null': listed(`1970-01-01 00:00:01 | 2038-01-19 03:14:07.999999 | 2000-02-29 12:00:00.5 | 2026-03-29 02:30:00 |
    2026-10-25 02:30:00.123456 | 1999-12-31 23:59:59.999999 | 2001-01-01 00:00:00 | 2024-02-29 00:00:00.000001 |
    2026-06-06 06:06:06 | 2030-01-01 01:01:01.1`),
    'time(6)':
      listed(`00:00:00 | 838:59:59.000000 | -838:59:59.000000 | 23:59:59.999999 | -00:00:00.000001 | 12:34:56.7 | 100:00:00 | -1:00:00 |
    00:00:01 | 24:00:00`),
    year: ['1901', '2155', '2000', '1999', '1970', '2026', '2038', '1950', '2001', '1969'],
    ...{ 'bit(1)': ["b'0'", "b'1'", 'null', "b'0'", "b'1'", 'null', "b'1'", "b'1'", "b'0'", "b'0'"] },
    ...{ 'bit(5)': ["b'0'", "b'1'", "b'11111'", "b'10000'", "b'00001'", "b'101'", 'null', "b'1010'", "b'1111'", "b'11'"] },
    "enum('a','B','')": quoted('a', 'B', '', 'a', 'B', '', 'a', 'a', 'B', 'B'),
    "set('x','y')": quoted('', 'x', 'y', 'x,y', 'y,x', 'x', 'y', '', 'x,y', 'x'),
    json: documents,
    geometry: list(`st_geomfromtext('POINT(1 2)',4326) | st_geomfromtext('POINT(1 2)') | st_geomfromtext('POINT(0 0)',3857) |
    st_geomfromtext('LINESTRING(0 0,1 1)') | st_geomfromtext('POLYGON((0 0,1 0,1 1,0 0))') |
    st_geomfromtext('MULTIPOINT(0 0,1 1)') | st_geomfromtext('POINT(0.1 0.2)') | null | st_geomfromtext('POINT(-1 -2)',4326) |
    st_geomfromtext('POINT(3 4)')`),
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
    interval: listed(`0 days | 1 month | -1 day | 1 year | 25 hours | -1 second | 999 years | 1 microsecond | 2 months 3 days | 1 hour`),
    json: documents,
    'integer[]': quoted('[]', '[1,2]', '[null]', '[1,null,3]', '[-1]', '[2147483647]', '[0]', '[0,0]', '[7]', '[-2147483648]'),
  },
};
