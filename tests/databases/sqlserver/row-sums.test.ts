import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rowSums } from '../../../src/databases/sqlserver/row-sums.ts';
import { insideSumsOf } from '../../../src/engine/contracts/home.ts';
import type { ComparesInside, SummedColumn, SumsRequest } from '../../../src/engine/contracts/row-sums.ts';
import { RowsWithoutHash } from '../../../src/engine/contracts/row-sums.ts';
import { everything, framesOf } from '../../support/postgres-home.ts';
import type { MemoryTable } from '../../support/sqlserver.ts';
import { summedTexts, textRows } from '../../support/summed.ts';
import type { Value } from '../../support/tds/values.ts';
import { summedRows } from '../../support/tsql/summed-rows.ts';
import { served } from './support.ts';

const { signal } = new AbortController();
const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** Columns, and values that careless SQL gets wrong, as the server writes them. */
const values: Readonly<Record<string, readonly Value[]>> = {
  bit: ['0', '1', null],
  tinyint: ['0', '255', null],
  smallint: ['-32768', '32767'],
  int: ['-2147483648', '0', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807', null],
  real: ['3.4028235e38', '1e-45', '-0', '0', '0.1'],
  float: ['1.7976931348623157e308', '5e-324', '-0', '0', '0.1', '-123456789.12345679', null],
  'decimal(15,2)': ['0.00', '-0.01', '1.10', '100.00', '-9999999999999.99', null],
  'decimal(15,0)': ['0', '100', '-5'],
  'decimal(15,15)': ['0.100000000000000', '-0.000000000000001', '0.000000000000000'],
  'decimal(38,10)': ['9999999999999999999999999999.9999999999', '-0.0000000001', '0.0000000000', '100.0000000000'],
  'numeric(38,0)': [`-${'9'.repeat(38)}`, '100', '0'],
  'numeric(38,38)': [`0.${'0'.repeat(37)}1`, `0.${'0'.repeat(38)}`, null],
  money: ['922337203685477.5807', '-922337203685477.5808', '0.0000', '100.0000', '1.5000', null],
  smallmoney: ['214748.3647', '-0.0100', '0.0000'],
  date: ['0001-01-01', '9999-12-31', '1582-10-10', null],
  'time(7)': ['23:59:59.9999999', '00:00:00.0000000', '10:00:00.1000000', null],
  'time(3)': ['23:59:59.990', '10:20:30.000'],
  'time(0)': ['23:59:50', '00:00:00', '10:00:00'],
  datetime: ['1753-01-01 00:00:00.000', '9999-12-31 23:59:59.997', '2024-01-01 00:00:00.003', '2024-10-10 10:10:10.100', null],
  smalldatetime: ['2079-06-06 23:50:00', '1900-01-01 00:00:00', null],
  'datetime2(7)': ['2024-06-30 12:34:56.1234567', '1969-12-31 23:59:59.9999999', '2024-10-10 10:10:10.0000000', null],
  'datetime2(6)': ['0001-01-01 00:00:00.000001', '9999-12-31 23:59:59.999999', '2020-01-01 10:00:10.100000'],
  'datetime2(0)': ['2024-10-10 10:10:10', '0001-01-01 00:00:00'],
  'datetimeoffset(7)': [
    '2024-07-01 00:30:00.1234567 +02:00',
    '2024-01-01 23:30:00.5000000 -05:30',
    '2020-02-29 00:00:00.0000000 +00:00',
    null,
  ],
  'datetimeoffset(0)': ['2024-07-01 00:30:00 +14:00', '2024-12-31 23:30:00 -12:00'],
  'char(6)': ['a     ', '      ', 'abcdef', 'é     ', null],
  'varchar(20)': ['', 'a', 'A', 'a  ', 'Ü', null],
  'varchar(max)': ['', `${'x'.repeat(9000)} `, null],
  'varchar(20) collate Latin1_General_100_CI_AS_SC_UTF8': ['🏡', 'é ', null],
  'nchar(5)': ['a    ', 'ß    ', null],
  'nvarchar(50)': ['𝔘𝔫𝔦 🏡', 'e\u0301', '\u00e9', 'it\'s \\ "', 'line\r\n\t', '', null],
  'nvarchar(max)': ['é'.repeat(5000), 'æ '.repeat(3000), null],
  text: ['old', null],
  ntext: ['ølder 🏡', '', null],
  image: [bytes(''), bytes('00ff80'), null],
  'binary(4)': [bytes('00ff0080'), bytes('61620000'), null],
  'varbinary(10)': [bytes(''), bytes('00'), bytes('ff80'), null],
  'varbinary(max)': [Buffer.alloc(9000, 'x'), bytes(''), null],
  uniqueidentifier: ['6F9619FF-8B86-D011-B42D-00C04FC964FF', null],
  rowversion: [bytes('00000000000007d1'), bytes('0000000000000abc')],
};
/** Columns that are read. */
const unable: Readonly<Record<string, Value>> = {
  xml: '<a/>',
  hierarchyid: '/1/',
  geography: 'POINT (1 2)',
  geometry: 'POINT (1 2)',
  sql_variant: null,
};
const declarations = Object.keys(values);

const all: MemoryTable = {
  name: 'dbo.t',
  columns: Object.fromEntries([
    ['id', 'int not null'],
    ...[...declarations, ...Object.keys(unable)].map((type, n) => [`c ${n}`, type === 'rowversion' ? 'rowversion not null' : type]),
  ]),
  rows: Array.from({ length: 24 }, (_, id): Value[] => [
    String(id),
    ...Object.values(values).map((given) => given[id % given.length] ?? null),
    ...Object.values(unable),
  ]),
  keys: ['id'],
};
const named = (columns: readonly SummedColumn[], declaration: string): SummedColumn =>
  columns.find(({ name }) => name === `c ${declarations.indexOf(declaration)}`) as SummedColumn;
const scope = { window: everything, part: null };

async function opened(of: MemoryTable, more: Readonly<Record<string, unknown>> = {}) {
  const database = await served({ tables: [of] });
  const home = await database.home({ table: of.name, ...more });
  const step = await home.describe();
  const columns = ('done' in step ? (step.done.schema?.columns ?? []) : []).map(({ name, type }): SummedColumn => ({ name, type }));
  return {
    database,
    home,
    columns,
    inside: insideSumsOf(home)?.inside as ComparesInside,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

describe('the sums of rows in SQL Server, by an interpreter of T-SQL as it is documented', () => {
  test.each([
    ['ns', {}],
    ['us', { time_unit: 'us' }],
  ])('are those of the rows that the home reads, of every type, in parts of the key (times in %s)', async (_, more) => {
    await using of = await opened(all, more);
    const { home, inside } = of;
    const columns = of.columns.slice(0, declarations.length + 1);
    const texts = await textRows(framesOf(home), columns);
    const key = [columns[0] as SummedColumn, named(columns, 'nvarchar(50)')];
    const requests: readonly SumsRequest[] = [
      { scope, division: { by: 'nothing' }, columns, of: 'columns' },
      { scope, division: { by: 'hash', key, bits: 0 }, columns, of: 'rows' },
      { scope, division: { by: 'hash', key, bits: 25 }, columns, of: 'rows' },
      {
        scope: { ...scope, part: { by: 'hash', key, bits: 2, prefix: 1 } },
        division: { by: 'hash', key, bits: 2 },
        columns,
        of: 'columns',
      },
      { scope: { ...scope, part: { by: 'hash', key, bits: 2, prefix: 2 } }, division: { by: 'nothing' }, columns: key, of: 'columns' },
    ];
    expect(await inside.whyUnable(signal)).toBeUndefined();
    for (const request of requests) {
      expect(inside.supports(request.columns, request.division).unable).toEqual([]);
      const expected = summedTexts(texts, request);
      expect(await inside.sums(request, signal)).toEqual(expected);
      if (request.scope.part === null) continue;
      const inPart = insideSumsOf(home)?.readPart(request.scope, signal);
      expect(inPart && summedTexts(await textRows(inPart, columns), { ...request, scope })).toEqual(expected);
    }
  });

  test('are the same in a database whose texts have another collation, and are put together beyond 8,000 bytes', async () => {
    const wide: MemoryTable = {
      name: 'dbo.wide',
      columns: Object.fromEntries([
        ...Array.from({ length: 300 }, (_, n) => [`d${n}`, 'decimal(38,0)']),
        ...['Greek_CI_AS', 'Latin1_General_CI_AS'].map((collation, n) => [`t${n}`, `varchar(20) collate ${collation}`]),
      ]),
      rows: [[...Array.from({ length: 300 }, (_, n) => `${'9'.repeat(35)}${100 + n}`), 'a', 'b']],
    };
    await using of = await opened(wide);
    const request: SumsRequest = { scope, division: { by: 'nothing' }, columns: of.columns, of: 'columns' };
    expect(await of.inside.sums(request, signal)).toEqual(summedTexts(await textRows(framesOf(of.home), of.columns), request));
  });

  test('are of a row with half of a surrogate pair not made, since UTF-8 has another character in its place', async () => {
    const half: MemoryTable = {
      name: 'dbo.h',
      columns: { id: 'int not null', note: 'nvarchar(20)' },
      rows: [
        ['1', '\ud83c'],
        ['2', '🏡'],
      ],
    };
    await using of = await opened(half);
    for (const division of [{ by: 'nothing' }, { by: 'hash', key: of.columns, bits: 0 }] as const)
      await expect(of.inside.sums({ scope, division, columns: of.columns, of: 'rows' }, signal)).rejects.toBeInstanceOf(RowsWithoutHash);
  });

  test('are not made of types whose texts are made while they are read, nor of times that are read as null', async () => {
    await using of = await opened(all, { offsets: true, special_values: 'to_null' });
    const why = of.inside
      .supports(of.columns, { by: 'nothing' })
      .unable.map(({ column, why }) => [declarations.concat(Object.keys(unable))[Number(/\d+/.exec(column)?.[0])], why]);
    const whileRead = (word: string) => [word, `values of ${word} are compared while they are read`];
    expect(why).toEqual([
      ['datetime2(7)', 'times outside of the years 1678 to 2261 are read as null'],
      ['datetimeoffset(7)', 'times outside of the years 1678 to 2261 are read as null'],
      ['datetimeoffset(7)', 'it is made of another column'],
      ['datetimeoffset(0)', 'it is made of another column'],
      ...['xml', 'hierarchyid', 'geography', 'geometry', 'sql_variant'].map(whileRead),
    ]);
    const column = { name: 'u', type: { kind: 'uuid' }, nullable: true, selectExpression: '[u]', wire: '', shownAsText: false } as const;
    expect(rowSums.text({ column: { ...column, sourceType: 'nvarchar(36)' }, specialValues: 'fail' })).toEqual({
      unable: 'uuids in a column of nvarchar are compared while they are read',
    });
  });

  test('are not made by a server without UTF-8', async () => {
    await using database = await served({ tables: [all], hasUtf8: false });
    const home = await database.home({ table: 'dbo.t' });
    await home.describe();
    expect(await insideSumsOf(home)?.inside.whyUnable(signal)).toBe('the server has no UTF-8, which came with SQL Server 2019');
  });
});

describe('the interpreter of T-SQL', () => {
  test('gives the sum that docs/building/row-sum.md prints', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/building/row-sum.md'), 'utf8');
    const [, printed] = /rows {2}sum\n(\d+ +\d+)/.exec(page) ?? [];
    const [, sql = ''] = /### SQL Server[\s\S]*?```sql\n([\s\S]*?);\n```/.exec(page) ?? [];
    const columns = { id: 'bigint', customer: 'nvarchar(40)', price: 'decimal(12,2)', placed_at: 'datetime2(7)', day: 'date' };
    const rows: Value[][] = [
      ['1', 'Ann', '12.50', '2026-01-31 23:59:59.5000000', '2026-01-31'],
      ['2', 'ann ', '12.00', '2026-02-01 00:00:00.0000000', '2026-02-01'],
      ['3', 'Zoë 🏡', '-0.05', null, '1969-12-31'],
      ['9223372036854775807', '', '0.00', '1969-12-31 23:59:59.9999990', '0001-01-01'],
      [null, null, null, null, null],
    ];
    expect(summedRows(sql, () => ({ columns, rows })).rows[0]?.join('     ')).toBe(printed);
  });
});
