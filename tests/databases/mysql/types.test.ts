import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeType } from '../../../src/frames/describe-type.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { isMysql, mariadbDatabase, noMariadb, type TestDatabase } from '../../support/mariadb.ts';
import { framesOf, type OpenedHomes, rowsOf } from '../../support/postgres-home.ts';
import { SEED } from '../../support/samples.ts';
import { mysqlHomes } from './support.ts';

type Case = readonly [string, readonly string[], string, readonly unknown[]];

const ofMariadb: readonly Case[] = [
  ['uuid', ["'6F9619FF-8B86-D011-B42D-00C04FC964FF'"], 'uuid', ['6f9619ff-8b86-d011-b42d-00c04fc964ff']],
  ['inet6', ["'::1'"], 'string', ['::1']],
];

const ofMysql: readonly Case[] = [
  [
    'vector(4)',
    ["string_to_vector('[0.1, -2.5, 3.4028235e38, 1.1754944e-38]')", "string_to_vector('[16777217, 0.333333343, -0, 1]')", 'null'],
    'string',
    ['[0.1,-2.5,3.4028235e+38,1.1754944e-38]', '[16777216,0.33333334,0,1]', null],
  ],
];

describe.skipIf(noMariadb())('Values of MariaDB', () => {
  let database: TestDatabase;
  let homes: OpenedHomes;

  beforeAll(async () => {
    database = await mariadbDatabase();
    homes = mysqlHomes(database);
  });
  afterAll(async () => {
    await homes?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  /** A column of a type with these values (as SQL), read by a home: its type, and its values. */
  async function read(type: string, values: readonly string[], config: Readonly<Record<string, unknown>> = {}) {
    await database.sql(`SET sql_mode = ''; CREATE OR REPLACE TABLE one (n int PRIMARY KEY, v ${type});
      INSERT INTO one VALUES ${values.map((value, n) => `(${n}, ${value})`).join(', ')};`);
    const home = await homes.home({ table: 'one', columns: ['v'], ...config });
    const step = await home.describe();
    const [column] = 'done' in step ? (step.done.schema?.columns ?? []) : [];
    const rows = await rowsOf(framesOf(home));
    return [column && describeType(column.type), rows.map(({ v }) => (v instanceof Uint8Array ? Buffer.from(v).toString('hex') : v))];
  }

  it.each<Case>([
    ['tinyint', ['-128', '127', 'null'], 'int8', [-128, 127, null]],
    ['tinyint unsigned', ['0', '255'], 'uint8', [0, 255]],
    ['tinyint(1)', ['0', '1', '7'], 'int8', [0, 1, 7]],
    ['smallint', ['-32768', '32767'], 'int16', [-32768, 32767]],
    ['smallint unsigned', ['65535'], 'uint16', [65535]],
    ['mediumint', ['-8388608', '8388607'], 'int32', [-8388608, 8388607]],
    ['mediumint unsigned', ['16777215'], 'uint32', [16777215]],
    ['int', ['-2147483648', '2147483647'], 'int32', [-2147483648, 2147483647]],
    ['int unsigned', ['4294967295'], 'uint32', [4294967295]],
    ['int(7) zerofill', ['42'], 'uint32', [42]],
    [
      'bigint',
      ['-9223372036854775808', '9223372036854775807', '-1', '9007199254740993'],
      'int64',
      [-9223372036854775808n, 9223372036854775807n, -1n, 9007199254740993n],
    ],
    ['bigint unsigned', ['18446744073709551615', '0', '9007199254740993'], 'uint64', [18446744073709551615n, 0n, 9007199254740993n]],
    ['year', ['1901', '2155', '0'], 'int16', [1901, 2155, 0]],
    ['bit', ["b'1'", "b'0'", 'null'], 'bool', [true, false, null]],
    ['bit(64)', ["b'1111111111111111111111111111111111111111111111111111111111111111'", '5'], 'uint64', [18446744073709551615n, 5n]],
    ['float', ['0.1', '3.4028234e38', '-1.17549e-38'], 'float32', [Math.fround(0.1), Math.fround(3.4028234e38), Math.fround(-1.17549e-38)]],
    ['double', ['0.1', '1.7976931348623157e308', '-5e-324', '123456.75'], 'float64', [0.1, 1.7976931348623157e308, -5e-324, 123456.75]],
    ['varchar(20)', ["'ж😀'", "''", "'a '"], 'string', ['ж😀', '', 'a ']],
    ['varchar(20) character set latin1', ["'né€'"], 'string', ['né€']],
    ['varchar(20) character set utf8mb3', ["'日本'"], 'string', ['日本']],
    ['longtext', ["repeat('long ', 60000)"], 'string', ['long '.repeat(60_000)]],
    ["enum('a','ü')", ["'ü'", "'a'"], 'string', ['ü', 'a']],
    ["set('a','b')", ["'a,b'", "''"], 'string', ['a,b', '']],
    ['json', ['\'{"a": [1, "ü"]}\''], isMysql ? 'json' : 'string', ['{"a": [1, "ü"]}']],
    ['binary(4)', ["x'00ff'"], 'binary', ['00ff0000']],
    ['varbinary(4)', ["x'00ff'", "''"], 'binary', ['00ff', '']],
    ['longblob', ["repeat(x'ab', 100000)"], 'binary', ['ab'.repeat(100_000)]],
    ['point', ['point(1, 2)'], 'binary', ['0101000000000000000000f03f0000000000000040']],
    ...(isMysql ? ofMysql : ofMariadb),
    [
      'decimal(65,30)',
      ["'12345678901234567890123456789012345.678901234567890123456789012345'"],
      'string',
      ['12345678901234567890123456789012345.678901234567890123456789012345'],
    ],
  ])('of %s are read exactly', async (type, values, ours, expected) => {
    await expect(read(type, values)).resolves.toEqual([ours, expected]);
  });

  it.each<readonly [string, readonly string[], string, readonly string[]]>([
    [
      'decimal(38,10)',
      ["'-1234567890123456789012345678.0123456789'", "'0.0000000001'", "'-0.5'"],
      'decimal(38,10)',
      ['-1234567890123456789012345678.0123456789', '0.0000000001', '-0.5000000000'],
    ],
    ['decimal(10,0) unsigned', ["'9999999999'"], 'decimal(10,0)', ['9999999999']],
    [
      'date',
      ["'0001-01-01'", "'9999-12-31'", "'1969-12-31'", "'2024-02-29'"],
      'date',
      ['0001-01-01', '9999-12-31', '1969-12-31', '2024-02-29'],
    ],
    [
      'datetime(6)',
      ["'0001-01-01 00:00:00.000001'", "'9999-12-31 23:59:59.999999'", "'1969-12-31 23:59:59.5'"],
      'timestamp[us]',
      ['0001-01-01 00:00:00.000001', '9999-12-31 23:59:59.999999', '1969-12-31 23:59:59.500000'],
    ],
    [
      'time(6)',
      [isMysql ? "'-838:59:59'" : "'-838:59:59.999999'", "'838:59:59'", "'25:00:00.5'", "'-00:00:01.25'"],
      'duration[us]',
      [isMysql ? '-3020399000000' : '-3020399999999', '3020399000000', '90000500000', '-1250000'],
    ],
  ])('of %s are read to the last digit', async (type, values, ours, expected) => {
    await database.sql(
      `SET sql_mode = ''; CREATE OR REPLACE TABLE one (n int PRIMARY KEY, v ${type}); INSERT INTO one VALUES ${values.map((value, n) => `(${n}, ${value})`).join(', ')};`,
    );
    const home = await homes.home({ table: 'one', columns: ['v'] });
    const texts: string[] = [];
    for await (const frame of framesOf(home)) {
      const polars = await import('nodejs-polars');
      const data = await asPolars(frame).collect();
      expect(describeType(frame.schema.columns[0]?.type ?? { kind: 'null' })).toBe(ours);
      const cast = ours.startsWith('duration') ? data.select(polars.default.col('v').cast(polars.default.Int64)) : data;
      texts.push(...cast.getColumn('v').cast(polars.default.Utf8).toArray().map(String));
    }
    expect(texts).toEqual(expected);
  });

  it('of TIMESTAMP are instants, whatever the zone of the server is', async () => {
    await database.sql(
      `SET time_zone = '+05:30'; CREATE OR REPLACE TABLE one (n int PRIMARY KEY, v timestamp(6)); INSERT INTO one VALUES (1, '2026-11-23 05:30:00.123456');`,
    );
    const home = await homes.home({ table: 'one' });

    const rows = await rowsOf(framesOf(home));
    const table = await firstTable(home);

    expect(rows).toHaveLength(1);
    expect(String(table.getChild('v')?.type)).toContain('UTC');
    expect(new Date(Number(rows[0]?.v)).toISOString()).toBe('2026-11-23T00:00:00.123Z');
  });

  it('that are dates of zeros are an error, or null where it is allowed', async () => {
    await expect(read('date', ["'0000-00-00'"])).rejects.toMatchObject({ code: 'HYG-3505' });
    await expect(read('datetime', ["'2026-00-15 01:02:03'"])).rejects.toMatchObject({ code: 'HYG-3505' });
    await expect(read('date', ["'0000-00-00'", "'2026-11-00'"], { special_values: 'to_null' })).resolves.toEqual(['date', [null, null]]);
  });

  it('of tinyint(1) are true and false where it is said, and nothing else', async () => {
    await expect(read('tinyint(1)', ['0', '1', 'null'], { booleans: true })).resolves.toEqual(['bool', [false, true, null]]);
    await expect(read('tinyint(1)', ['2'], { booleans: true })).rejects.toMatchObject({ code: 'HYG-3505' });
  });

  it('come as the client of MariaDB prints them, of random rows more than a frame holds', async () => {
    const rows = 3_000;
    await database.sql(`SET sql_mode = ''; CREATE OR REPLACE TABLE many (id bigint unsigned PRIMARY KEY, i int, u bigint unsigned, d double, f float, m decimal(38,10), t varchar(40), b varbinary(20), dt datetime(6), ts timestamp(3) NULL, ti time(6));
      INSERT INTO many SELECT seq, RAND(${SEED} + seq) * 4294967295 - 2147483648, CONV(SUBSTRING(LEFT(SHA2(seq, 256), 32), 1, 16), 16, 10), EXP(RAND(seq) * 600 - 300) * IF(seq % 2, 1, -1), RAND(seq) * 1e6,
        CAST(CONV(SUBSTRING(LEFT(SHA2(seq + 1, 256), 32), 1, 15), 16, 10) AS DECIMAL(38,10)) * 1234567.0123456789 * IF(seq % 3, 1, -1), IF(seq % 7 = 0, NULL, CONCAT('ж', LEFT(SHA2(seq, 256), 32))), UNHEX(LEFT(SHA2(seq, 256), 32)),
        '1970-01-01' + INTERVAL (RAND(seq) * 8e9 - 4e9) SECOND + INTERVAL seq MICROSECOND, FROM_UNIXTIME(RAND(seq) * 2e9 + 1), SEC_TO_TIME(RAND(seq) * 6e6 - 3e6) FROM seq_1_to_${rows};`);
    const home = await homes.home({ table: 'many', batch_size: 700 });
    const expected = (
      await database.sql(
        `SET time_zone = '+00:00'; SELECT id, i, u, m, COALESCE(t, '~'), HEX(b), UNIX_TIMESTAMP(ts), ${isMysql ? 'TIME_TO_SEC(ti) + IF(ti < 0, -1, 1) * MICROSECOND(ti) / 1e6' : 'TIME_TO_SEC(ti)'}, d, f + 0e0, dt FROM many ORDER BY id`,
      )
    ).split('\n');
    let at = 0;
    for await (const frame of framesOf(home)) {
      const table = await toArrow(await asPolars(frame).collect());
      for (const row of table) {
        const [id, i, u, m, t, b, ts, ti, d, f] = (expected[at++] ?? '').split('\t');
        const cells = row.toJSON() as unknown as ManyRow;
        const said = [cells.id, cells.i, cells.u, cells.t ?? '~', Buffer.from(cells.b).toString('hex').toUpperCase(), cells.d, cells.f].map(
          String,
        );
        expect(said, `row ${id}, seed ${SEED}`).toEqual([id, i, u, t, b, Number(d), Math.fround(Number(f))].map(String));
        expect(Number(cells.ts) / 1000, `row ${id}`).toBeCloseTo(Number(ts), 3);
        expect(decimalText(cells.m, 10), `row ${id}`).toBe(m);
        expect(Number(cells.ti) / 1e6, `row ${id}`).toBeCloseTo(Number(ti), 5);
      }
    }
    expect(at).toBe(rows);
  });
});

interface ManyRow {
  readonly id: bigint;
  readonly i: number;
  readonly u: bigint;
  readonly d: number;
  readonly f: number;
  readonly m: Uint32Array;
  readonly t: string | null;
  readonly b: Uint8Array;
  readonly ts: number;
  readonly ti: bigint;
}

function decimalText(words: Uint32Array, scale: number): string {
  const value = BigInt.asIntN(
    128,
    words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n),
  );
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

async function firstTable(home: Parameters<typeof framesOf>[0]) {
  for await (const frame of framesOf(home)) return toArrow(await asPolars(frame).collect());
  throw new Error('no frame');
}
