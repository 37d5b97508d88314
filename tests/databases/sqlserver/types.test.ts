import { describe, expect, test } from 'vitest';
import { describeType } from '../../../src/frames/describe-type.ts';
import { toArrow } from '../../../src/frames/values/from-polars.ts';
import { asPolars } from '../../../src/frames/values/polars-frame.ts';
import { duck } from '../../support/duck.ts';
import { here } from '../../support/here.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import type { Value } from '../../support/tds/values.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionOf, served } from './support.ts';

interface Kind {
  /** As T-SQL declares it. */
  readonly type: string;
  /** As hygge has it. */
  readonly as: string;
  /** Cells as the server writes them, and as DuckDB reads them from the parquet file; one alone: both are the same. */
  readonly cells: readonly (Value | readonly [Value, string])[];
}

const kind = (type: string, as: string, ...cells: Kind['cells']): Kind => ({ type, as, cells });
const bytes = (hex: string) => Buffer.from(hex, 'hex');

const kinds: readonly Kind[] = [
  kind('bit', 'bool', ['1', 'true'], ['0', 'false']),
  kind('tinyint', 'uint8', '0', '255', '128'),
  kind('smallint', 'int16', '-32768', '32767', '-1'),
  kind('int', 'int32', '-2147483648', '2147483647', '-1', '0'),
  kind(
    'bigint',
    'int64',
    '-9223372036854775808',
    '9223372036854775807',
    '9007199254740993',
    '-9007199254740993',
    '-1',
    '4294967296',
    '-4294967297',
    '0',
  ),
  kind('real', 'float32', ['3.4028235e38', '3.4028235e+38'], '1e-45', '-0.5'),
  kind('float', 'float64', ['1.7976931348623157e308', '1.7976931348623157e+308'], '5e-324', '0.1', '-0.30000000000000004'),
  kind('decimal(15,2)', 'decimal(15,2)', '9999999999999.99', '-9999999999999.99', '0.01', '-0.01', '1234567890123.45', '0.00', '8.29'),
  kind('decimal(15,15)', 'decimal(15,15)', '0.999999999999999', '-0.123456789012345', '0.000000000000001'),
  kind('decimal(15,0)', 'decimal(15,0)', '999999999999999', '-999999999999999'),
  kind('decimal(16,2)', 'decimal(16,2)', '99999999999999.99', '-12345678901234.56', '0.07'),
  kind(
    'decimal(38,10)',
    'decimal(38,10)',
    '9999999999999999999999999999.9999999999',
    '-1234567890123456789012345678.0123456789',
    '0.0000000001',
    '-0.0000000001',
    '0.0000000000',
  ),
  kind('numeric(38,0)', 'decimal(38,0)', '99999999999999999999999999999999999999', '-99999999999999999999999999999999999999', '7'),
  kind('numeric(38,38)', 'decimal(38,38)', '0.99999999999999999999999999999999999999', '-0.00000000000000000000000000000000000001'),
  kind('money', 'decimal(19,4)', '922337203685477.5807', '-922337203685477.5808', '0.0001', '-0.0001', '0.0000'),
  kind('smallmoney', 'decimal(10,4)', '214748.3647', '-214748.3648', '0.0003'),
  kind('date', 'date', '0001-01-01', '9999-12-31', '1969-12-31', '2024-02-29'),
  kind('time(7)', 'time[ns]', '23:59:59.9999999', '00:00:00.0000001', '12:34:56.1234567'),
  kind('time(0)', 'time[ns]', '23:59:59', '00:00:00'),
  kind(
    'datetime',
    'timestamp[us]',
    ['1753-01-01 00:00:00.000', '1753-01-01 00:00:00'],
    '9999-12-31 23:59:59.997',
    '2024-01-01 00:00:00.003',
    '1969-12-31 23:59:59.007',
  ),
  kind('smalldatetime', 'timestamp[us]', '2079-06-06 23:59:00', '1900-01-01 00:00:00'),
  kind(
    'datetime2(7)',
    'timestamp[ns]',
    '2024-06-30 12:34:56.1234567',
    '1677-09-22 00:00:00.0000001',
    '2262-04-11 23:47:16.8537757',
    '1969-12-31 23:59:59.9999999',
    '1970-01-01 00:00:00.0000001',
  ),
  kind('datetime2(6)', 'timestamp[us]', '0001-01-01 00:00:00.000001', '9999-12-31 23:59:59.999999', '1582-10-15 00:00:00.123456'),
  kind('datetime2(0)', 'timestamp[us]', '9999-12-31 23:59:59'),
  kind(
    'datetimeoffset(7)',
    'timestamp[ns, UTC]',
    ['2024-06-30 12:34:56.1234567 +02:00', '2024-06-30 10:34:56.123456'],
    ['2024-01-01 00:00:00.0000001 -14:00', '2024-01-01 14:00:00'],
  ),
  kind('datetimeoffset(3)', 'timestamp[us, UTC]', ['9999-12-31 23:59:59.999 +00:00', '9999-12-31 23:59:59.999']),
  kind('char(5)', 'string', 'ab   ', '     ', 'abcde'),
  kind('nchar(5)', 'string', 'ab   ', 'æøå  ', '日本   '),
  kind('varchar(20)', 'string', '', 'a', "O'Neil ", 'Ærø', '‘quoted’ €'),
  kind('varchar(20) collate Cyrillic_General_CI_AS', 'string', 'Привет', 'ЁЖ'),
  kind('varchar(20) collate Japanese_CI_AS', 'string', '日本語テスト'),
  kind('varchar(40) collate Latin1_General_100_CI_AS_SC_UTF8', 'string', 'a😀b', 'Привет'),
  kind('varchar(8000)', 'string', 'x'.repeat(8000)),
  kind('varchar(max)', 'string', 'y'.repeat(70_000), ''),
  kind('nvarchar(50)', 'string', '', '😀', 'naïve', ' \t', 'a\u0000b', ['\ufeffx', '<BOM>x'], 'é', 'e\u0301', 'x'.repeat(50)),
  kind('nvarchar(max)', 'string', '😀'.repeat(40_000), 'z'),
  kind('xml', 'string', '<a b="1">ü</a>'),
  kind('binary(4)', 'binary', [bytes('00ff7f80'), '\\x00\\xFF\\x7F\\x80']),
  kind('varbinary(8)', 'binary', [bytes(''), ''], [bytes('00'), '\\x00']),
  kind('varbinary(max)', 'binary', [bytes('61'.repeat(40_000)), 'a'.repeat(40_000)]),
  kind(
    'rowversion not null',
    'string',
    [bytes('00000000000007d1'), '0x00000000000007D1'],
    [bytes('ffffffffffffffff'), '0xFFFFFFFFFFFFFFFF'],
    [bytes('0000000000000000'), '0x0000000000000000'],
  ),
  kind(
    'uniqueidentifier',
    'uuid',
    ['6F9619FF-8B86-D011-B42D-00C04FC964FF', '6f9619ff-8b86-d011-b42d-00c04fc964ff'],
    '00000000-0000-0000-0000-000000000001',
  ),
  // What only the server can write as text; by which statement, the golden file has.
  ...['hierarchyid', 'geography', 'geometry', 'sql_variant', 'text', 'ntext'].map((type) => kind(type, 'string')),
  kind('image', 'binary'),
];

const asColumns = () => Object.fromEntries(kinds.map(({ type }, at) => [`c${at}`, type]));
const cellOf = (cell: Value | readonly [Value, string] | undefined): Value =>
  Array.isArray(cell) ? cell[0] : ((cell as Value | undefined) ?? null);
const wantedOf = (cell: Value | readonly [Value, string] | undefined): string | null =>
  Array.isArray(cell) ? cell[1] : cell === undefined || cell === null ? null : String(cell);
const most = Math.max(...kinds.map(({ cells }) => cells.length));
/** A column that has no more cells has nulls, where it may. */
const rows = Array.from({ length: most }, (_, row) =>
  kinds.map(({ cells, type }) => cellOf(/not null/.test(type) ? cells[row % cells.length] : cells[row])),
);

/** DuckDB's client drops a byte order mark. DuckDB keeps six digits of an instant (the seventh has a test of its own), leaves a zero before the point out, and shows where UTC is. */
const asServer = (text: string | null) => text?.replace(/\+00$/, '').replace(/^(-?)\./, '$10.') ?? null;

describe('types of SQL Server', () => {
  test('each cell of each type reaches a parquet file to its last digit', async () => {
    await using database = await served({ tables: [{ name: 'dbo.types', columns: asColumns(), rows }] });
    using workspace = new TestWorkspace({ 'hygge.yml': `name: w\n${connectionOf(database)}` });
    workspace.write({
      'flows/f/flow.yml':
        'home: { type: sqlserver, connection: erp, table: types }\nstore: { type: parquet, path: out }\nentities: [types]\n',
    });
    const run = await here(workspace, 'go');
    expect(run.events.filter(({ event }) => event === 'error')).toEqual([]);
    const names = Object.keys(asColumns());
    const found = await duck(
      "set timezone = 'UTC'",
      `select ${names.map((name) => `replace(${name}::varchar, chr(65279), '<BOM>') as ${name}`).join(', ')} from '${workspace.path('out/types/*.parquet')}'`,
    );
    const wanted = rows.map((_, row) =>
      Object.fromEntries(
        kinds.map(({ cells, type }, at) => [`c${at}`, wantedOf(/not null/.test(type) ? cells[row % cells.length] : cells[row])]),
      ),
    );
    for (const [at, { type }] of kinds.entries())
      expect({ type, cells: found.map((row) => asServer(row[`c${at}`] as string | null)) }).toEqual({
        type,
        cells: wanted.map((row) => row[`c${at}`] ?? null),
      });
  });

  test('each type is said in the words of hygge', async () => {
    await using database = await served({ tables: [{ name: 'dbo.types', columns: asColumns(), rows: [] }] });
    const step = await (await database.home({ table: 'dbo.types' })).describe();
    if (!('done' in step)) throw new Error('a database answers at once');
    const types = step.done.schema?.columns.map(({ type }) => describeType(type));
    expect(kinds.map(({ type }, at) => [type, types?.[at]])).toEqual(kinds.map(({ type, as }) => [type, as]));
  });

  test('an instant keeps its seventh digit', async () => {
    const columns = { at: 'datetimeoffset(7)' };
    const table = {
      name: 'dbo.t',
      columns,
      rows: [
        ['2024-06-30 12:34:56.1234567 +02:00'],
        ['1969-12-31 23:59:59.9999999 +00:00'],
        ['1677-09-22 00:00:00.0000001 +00:00'],
      ] as Value[][],
    };
    await using database = await served({ tables: [table] });
    const found: bigint[] = [];
    for await (const frame of framesOf(await database.home({ table: 't' }))) {
      const column = (await toArrow(await asPolars(frame).collect())).getChild('at');
      for (const data of column?.data ?? []) found.push(...(data.values as BigInt64Array).subarray(0, data.length));
    }
    const second = (text: string) => BigInt(Date.parse(text)) * 1_000_000n;
    expect(found).toEqual([second('2024-06-30T10:34:56Z') + 123_456_700n, -100n, second('1677-09-22T00:00:00Z') + 100n]);
  });

  test.each([
    ['datetime2(7)', ''],
    ['datetimeoffset(7)', ' +00:00'],
  ])('a seventh digit of %s is cut off with time_unit: us, never rounded: no value lies above the watermark', async (type, offset) => {
    const texts = [
      '2024-01-01 12:00:00.9999999',
      '2024-01-01 12:00:00.1234565',
      '2024-01-01 12:00:00.1234564',
      '1969-12-31 23:59:59.9999999',
    ];
    await using database = await served({
      tables: [{ name: 'dbo.t', columns: { at: type }, rows: texts.map((text): Value[] => [`${text}${offset}`]) }],
    });
    const home = await database.home({ table: 't', time_unit: 'us' });
    const found: bigint[] = [];
    for await (const frame of framesOf(home)) {
      const column = (await toArrow(await asPolars(frame).collect())).getChild('at');
      for (const data of column?.data ?? []) found.push(...(data.values as BigInt64Array).subarray(0, data.length));
    }
    const noon = BigInt(Date.UTC(2024, 0, 1, 12)) * 1_000n;
    expect(found).toEqual([noon + 999_999n, noon + 123_456n, noon + 123_456n, -1n]);
    expect(await home.bound({ column: 'at', lagMs: 0, future: 'take' })).toMatchObject({
      done: { text: expect.stringMatching(/^2024-01-01T12:00:00\.999999Z?$/) },
    });
  });

  test('a time beyond 64 bits of nanoseconds is an error, null, or cut to six digits, as the home says', async () => {
    const table = { name: 'dbo.t', columns: { until: 'datetime2(7) not null' }, rows: [['9999-12-31 23:59:59.1239999']] as Value[][] };
    await using database = await served({ tables: [table] });
    const read = async (config: Readonly<Record<string, unknown>>) => rowsOf(framesOf(await database.home({ table: 't', ...config })));
    await expect(read({})).rejects.toMatchObject({
      code: 'HYG-3505',
      what: expect.stringContaining('a time outside of the years 1678 to 2261'),
      tryThis: expect.arrayContaining([expect.stringContaining('special_values: to_null'), expect.stringContaining('time_unit: us')]),
    });
    expect(await read({ special_values: 'to_null' })).toEqual([{ until: null }]);
    const [row] = await read({ time_unit: 'us' });
    expect(Number(row?.until)).toBeCloseTo(Date.UTC(9999, 11, 31, 23, 59, 59, 123) + 0.999, 1);
  });

  test('half of a character is an error, and never another character', async () => {
    await using database = await served({
      tables: [
        {
          name: 'dbo.t',
          columns: { a: 'nvarchar(9)', b: 'nvarchar(90)' },
          rows: [
            ['ok', null],
            ['x\ud83d', null],
          ],
        },
      ],
    });
    await expect(rowsOf(framesOf(await database.home({ table: 't' })))).rejects.toMatchObject({
      code: 'HYG-3505',
      what: expect.stringContaining('Column a'),
    });
    await using long = await served({ tables: [{ name: 'dbo.t', columns: { b: 'nvarchar(90)' }, rows: [[`${'x'.repeat(60)}\udc00`]] }] });
    await expect(rowsOf(framesOf(await long.home({ table: 't' })))).rejects.toMatchObject({ code: 'HYG-3505' });
  });
});
