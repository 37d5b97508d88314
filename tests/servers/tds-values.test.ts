import { TYPES } from 'tedious';
import { describe, expect, it } from 'vitest';
import { freetdsTo, noFreetds } from '../support/freetds.ts';
import { type TdsServer, tdsServer } from '../support/tds/server.ts';
import type { Value } from '../support/tds/values.ts';
import { tediousTo } from '../support/tedious.ts';

/** A type, a value at its edge as the server sends it, and what each client makes of it; undefined: the client has no way to say it. */
interface Case {
  readonly type: string;
  readonly value: Value;
  readonly tedious: unknown;
  readonly freetds?: string;
}

const day = (text: string): Date => new Date(text);
const ticks = (text: string, seconds: number): Date => Object.assign(new Date(text), { nanosecondsDelta: seconds });
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

const cases: readonly Case[] = [
  { type: 'bit', value: true, tedious: true, freetds: '1' },
  { type: 'tinyint', value: 255, tedious: 255, freetds: '255' },
  { type: 'smallint', value: -32768, tedious: -32768, freetds: '-32768' },
  { type: 'int', value: -2147483648, tedious: -2147483648, freetds: '-2147483648' },
  { type: 'bigint', value: '-9223372036854775808', tedious: '-9223372036854775808', freetds: '-9223372036854775808' },
  { type: 'bigint', value: '9007199254740993', tedious: '9007199254740993', freetds: '9007199254740993' },
  { type: 'real', value: 1.5, tedious: 1.5, freetds: '1.5' },
  { type: 'float', value: 0.1, tedious: 0.1, freetds: '0.10000000000000001' },
  { type: 'float', value: -1.7976931348623157e308, tedious: -1.7976931348623157e308 },
  { type: 'decimal(9,2)', value: '-1234567.89', tedious: -1234567.89, freetds: '-1234567.89' },
  { type: 'decimal(19,4)', value: '123456789012345.6789', tedious: 123456789012345.67, freetds: '123456789012345.6789' },
  { type: 'numeric(28,0)', value: '9999999999999999999999999999', tedious: 1e28, freetds: '9999999999999999999999999999' },
  {
    type: 'decimal(38,10)',
    value: '-1234567890123456789012345678.0123456789',
    tedious: -1.2345678901234567e27,
    freetds: '-1234567890123456789012345678.0123456789',
  },
  { type: 'money', value: '922337203685477.5807', tedious: 922337203685477.6, freetds: '922337203685477.5807' },
  { type: 'money', value: '-922337203685477.5808', tedious: -922337203685477.6, freetds: '-922337203685477.5808' },
  { type: 'smallmoney', value: '-214748.3648', tedious: -214748.3648, freetds: '-214748.3648' },
  { type: 'date', value: '0001-01-01', tedious: day('0001-01-01'), freetds: '1-01-01 00:00:00.000' },
  { type: 'date', value: '9999-12-31', tedious: day('9999-12-31'), freetds: '9999-12-31 00:00:00.000' },
  { type: 'time(0)', value: '23:59:59', tedious: ticks('1970-01-01T23:59:59Z', 0), freetds: '1900-01-01 23:59:59.000' },
  { type: 'time(3)', value: '00:00:00.001', tedious: ticks('1970-01-01T00:00:00.001Z', 0), freetds: '1900-01-01 00:00:00.001' },
  { type: 'time(7)', value: '23:59:59.9999999', tedious: ticks('1970-01-01T23:59:59.999Z', 0.0009999), freetds: '1900-01-01 23:59:59.999' },
  { type: 'smalldatetime', value: '2079-06-06 23:59:00', tedious: day('2079-06-06T23:59Z'), freetds: '2079-06-06 23:59:00.000' },
  { type: 'datetime', value: '1753-01-01 00:00:00.003', tedious: day('1753-01-01T00:00:00.003Z'), freetds: '1753-01-01 00:00:00.003' },
  { type: 'datetime', value: '9999-12-31 23:59:59.997', tedious: day('9999-12-31T23:59:59.997Z'), freetds: '9999-12-31 23:59:59.997' },
  { type: 'datetime2(0)', value: '0001-01-01 00:00:01', tedious: ticks('0001-01-01T00:00:01Z', 0), freetds: '1-01-01 00:00:01.000' },
  {
    type: 'datetime2(7)',
    value: '9999-12-31 23:59:59.9999999',
    tedious: ticks('9999-12-31T23:59:59.999Z', 0.0009999),
    freetds: '9999-12-31 23:59:59.999',
  },
  { type: 'datetimeoffset(7)', value: '2026-11-23 01:02:03.1234567 +14:00', tedious: ticks('2026-11-22T11:02:03.123Z', 0.0004567) },
  { type: 'datetimeoffset(0)', value: '2026-11-23 22:02:03 -05:30', tedious: ticks('2026-11-24T03:32:03Z', 0) },
  { type: 'char(5)', value: 'ab', tedious: 'ab   ', freetds: 'ab   ' },
  { type: 'nchar(3)', value: 'ü', tedious: 'ü  ', freetds: 'ü  ' },
  { type: 'varchar(20)', value: 'naïve €', tedious: 'naïve €', freetds: 'naïve €' },
  { type: 'varchar(20) collate Cyrillic_General_CI_AS', value: 'привет', tedious: 'привет', freetds: 'привет' },
  { type: 'varchar(20) collate Japanese_CI_AS', value: '日本語', tedious: '日本語', freetds: '日本語' },
  { type: 'varchar(20) collate Latin1_General_100_CI_AS_SC_UTF8', value: 'ж😀', tedious: 'ж😀' },
  { type: 'nvarchar(20)', value: 'ж😀 日本', tedious: 'ж😀 日本', freetds: 'ж😀 日本' },
  { type: 'nvarchar(max)', value: 'long '.repeat(4000), tedious: 'long '.repeat(4000), freetds: 'long '.repeat(4000) },
  { type: 'varchar(max)', value: '', tedious: '' },
  { type: 'xml', value: '<a>ü</a>', tedious: '<a>ü</a>', freetds: '<a>ü</a>' },
  { type: 'binary(4)', value: bytes('0102'), tedious: bytes('01020000'), freetds: '01020000' },
  { type: 'varbinary(8)', value: bytes('00ff'), tedious: bytes('00ff'), freetds: '00ff' },
  { type: 'varbinary(max)', value: bytes('ab'.repeat(9000)), tedious: bytes('ab'.repeat(9000)), freetds: 'ab'.repeat(9000) },
  { type: 'rowversion not null', value: bytes('00000000000007d1'), tedious: bytes('00000000000007d1'), freetds: '00000000000007d1' },
  {
    type: 'uniqueidentifier',
    value: '6F9619FF-8B86-D011-B42D-00C04FC964FF',
    tedious: '6F9619FF-8B86-D011-B42D-00C04FC964FF',
    freetds: '6F9619FF-8B86-D011-B42D-00C04FC964FF',
  },
  { type: 'hierarchyid', value: bytes('5ac0'), tedious: bytes('5ac0') },
  { type: 'geometry', value: bytes('e6100000010c'), tedious: bytes('e6100000010c') },
  { type: 'sql_variant', value: { type: 'decimal(10,2)', value: '12.34' }, tedious: 12.34 },
  { type: 'sql_variant', value: { type: 'nvarchar(4)', value: 'ж' }, tedious: 'ж' },
  { type: 'sql_variant', value: { type: 'datetime2(3)', value: '2026-11-23 01:02:03.456' }, tedious: ticks('2026-11-23T01:02:03.456Z', 0) },
];

const fixed = ['bit', 'tinyint', 'smallint', 'int', 'bigint', 'real', 'float', 'smallmoney', 'money', 'smalldatetime', 'datetime'];

/** `select 7` is the value of the eighth case. */
const valuesServer = (): Promise<TdsServer> =>
  tdsServer({
    answers: ({ sql }) => {
      const at = /select (\d+|all)( null| fixed)?/.exec(sql);
      if (!at) return undefined;
      const only = at[1] === 'all' ? cases.filter(({ freetds }) => freetds !== undefined) : cases.slice(Number(at[1]), Number(at[1]) + 1);
      const columns = Object.fromEntries(only.map(({ type }, n) => [`c${n}`, `${type}${at[2] === ' fixed' ? ' not null' : ''}`]));
      const rows = [only.map(({ type, value }) => (at[2] === ' null' && !type.includes('not null') ? null : value))];
      return /fmtonly/i.test(sql) ? { columns, rows: [] } : { columns, rows };
    },
  });

describe('Values of the TDS server of the tests', () => {
  it('arrive at tedious as they were sent, and nulls as nulls', async () => {
    await using server = await valuesServer();
    await using client = await tediousTo(server, { options: { useUTC: true } });

    for (const [at, { type, tedious }] of cases.entries()) {
      const { rows } = await client.batch(`select ${at}`);
      expect(rows, type).toEqual([[tedious]]);
      if (tedious instanceof Date && 'nanosecondsDelta' in tedious)
        expect(rows[0]?.[0], type).toHaveProperty('nanosecondsDelta', tedious.nanosecondsDelta);
      const nulls = await client.batch(`select ${at} null`);
      expect(nulls.rows, type).toEqual([[type.includes('not null') ? tedious : null]]);
    }
  });

  it('arrive at tedious from columns that may not be null', async () => {
    await using server = await valuesServer();
    await using client = await tediousTo(server, { options: { useUTC: true } });

    for (const [at, { type, tedious }] of cases.entries()) {
      if (fixed.includes(type)) expect((await client.batch(`select ${at} fixed`)).rows, type).toEqual([[tedious]]);
    }
  });

  it.skipIf(noFreetds())('arrive at FreeTDS as they were sent', async () => {
    await using server = await valuesServer();
    await using freetds = await freetdsTo(server);

    const [row] = await freetds.out('select all');

    const expected = cases.flatMap(({ freetds: text }) => (text === undefined ? [] : [text]));
    expect(row).toEqual(expected);
  });

  it.skipIf(noFreetds())('are told by tsql with the errors and counts around them', async () => {
    await using server = await tdsServer({
      answers: ({ sql }) =>
        sql === 'fails'
          ? { error: { number: 1205, class: 13, state: 45, message: 'Transaction was deadlocked.' } }
          : [
              {
                columns: { n: 'int', t: 'nvarchar(9)' },
                rows: [
                  [1, 'é'],
                  [null, null],
                ],
              },
              { count: 5 },
            ],
    });
    await using freetds = await freetdsTo(server);

    const said = await freetds.tsql('select two', 'fails');

    expect(said).toContain('1\té\nNULL\tNULL\n');
    expect(said).toContain('Msg 1205 (severity 13, state 45) from testserver');
  });

  it.skipIf(noFreetds())('come from freebcp as they stand in its file', async () => {
    const columns = {
      a: 'int',
      b: 'bigint',
      c: 'decimal(38,10)',
      d: 'nvarchar(20)',
      e: 'datetime2(3)',
      f: 'uniqueidentifier',
      g: 'varchar(20)',
    };
    const row = [
      '-7',
      '9223372036854775807',
      '1234567890123456789012345678.0123456789',
      'ж日',
      '2026-11-23 12:34:56.7890000',
      '6F9619FF-8B86-D011-B42D-00C04FC964FF',
      'é',
    ];
    await using server = await tdsServer({
      answers: ({ sql }) => (/fmtonly/i.test(sql) ? { columns, rows: [] } : /^insert bulk/i.test(sql) ? { count: 0 } : undefined),
    });
    await using freetds = await freetdsTo(server);

    const said = await freetds.in('sales.dbo.t', [row, ['1', '', '', '', '', '', '']]);

    expect(said).toContain('2 rows copied.');
    expect(server.requests.flatMap(({ bulk }) => bulk?.rows ?? [])).toEqual([row, ['1', null, null, null, null, null, null]]);
  });

  it('come from parameters and bulk loads of tedious', async () => {
    const sent = [
      [TYPES.BigInt, {}, '9223372036854775807', '9223372036854775807'],
      [TYPES.Decimal, { precision: 18, scale: 4 }, -1.2345, '-1.2345'],
      [TYPES.NVarChar, {}, 'ж😀', 'ж😀'],
      [TYPES.VarBinary, {}, bytes('00ff'), bytes('00ff')],
      [TYPES.Date, {}, day('2026-11-23'), '2026-11-23'],
      [TYPES.DateTime2, { scale: 7 }, day('2026-11-23T01:02:03.456Z'), '2026-11-23 01:02:03.4560000'],
      [TYPES.DateTimeOffset, { scale: 7 }, day('2026-11-23T01:02:03.456Z'), '2026-11-23 01:02:03.4560000 +00:00'],
      [TYPES.Time, { scale: 3 }, day('1970-01-01T23:59:59.999Z'), '23:59:59.999'],
      [TYPES.UniqueIdentifier, {}, '6F9619FF-8B86-D011-B42D-00C04FC964FF', '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
      [TYPES.Bit, {}, true, '1'],
      [TYPES.Float, {}, 0.1, '0.1'],
      [TYPES.Money, {}, 12.5, '12.5000'],
      [TYPES.NVarChar, {}, 'long '.repeat(3000), 'long '.repeat(3000)],
      [TYPES.Int, {}, null, null],
    ] as const;
    await using server = await tdsServer({ answers: () => ({ count: 0 }) });
    await using client = await tediousTo(server, { options: { useUTC: true } });

    await client.sql('values', (request) => {
      for (const [at, [type, options, value]] of sent.entries()) request.addParameter(`p${at}`, type, value, options);
    });

    expect(Object.values(server.requests.at(-1)?.parameters ?? {})).toEqual(sent.map(([, , , received]) => received));
  });
});
