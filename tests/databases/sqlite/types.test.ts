import { afterAll, describe, expect, test } from 'vitest';
import { howChanged } from '../../../src/databases/sqlite/columns.ts';
import { everything, framesOf, rowsOf, slicesOf } from '../../support/postgres-home.ts';
import { SqliteTestFile, sqliteHomes } from '../../support/sqlite-file.ts';

const timestamp = (unit: string, zone?: string) => ({ kind: 'timestamp', unit, ...(zone ? { zone } : {}) });
const decimal = (precision: number, scale: number) => ({ kind: 'decimal', precision, scale });
const midnight = Date.UTC(2024, 0, 1);

/** @param bad of another kind. @param good what lies there, and as what it is read. */
const declared = (as: string, type: object, bad: readonly string[], ...good: readonly (readonly [sql: string, value: unknown])[]) =>
  [as, type, good, bad] as const;
const cells = [
  declared(
    'INTEGER',
    { kind: 'int64' },
    ['1.5', `'x'`, `x'00'`, '9223372036854775808'],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['1.0', 1n],
  ),
  declared('TINYINT(1)', { kind: 'int64' }, [`'t'`], ['7', 7n]),
  declared('BIGINT UNSIGNED', { kind: 'int64' }, [], ['7', 7n]),
  declared(
    'REAL',
    { kind: 'float64' },
    [`'x'`, `x'00'`],
    ['1', 1],
    ['9e999', Number.POSITIVE_INFINITY],
    ['-9e999', Number.NEGATIVE_INFINITY],
    ['0.1', 0.1],
  ),
  declared('DOUBLE PRECISION', { kind: 'float64' }, [`'1,5'`], ['5e-324', 5e-324]),
  declared(
    'TEXT',
    { kind: 'string' },
    [`x'61'`, `cast(x'61ff' as text)`, `cast(x'f09f98' as text)`],
    [`'città ' || char(128512)`, 'città 😀'],
    [`'a' || char(0) || 'b'`, 'a\0b'],
    ['char(65533)', '\ufffd'],
    ['5', '5'],
    [`''`, ''],
  ),
  declared('VARCHAR(3)', { kind: 'string' }, [`x'61'`], [`'longer'`, 'longer']),
  declared('BLOB', { kind: 'binary' }, [`'x'`, '1'], [`x'00ff'`, [0, 255]], [`x''`, []]),
  declared('BOOLEAN', { kind: 'bool' }, ['2', `'true'`, '0.5'], ['true', true], ['0', false]),
  declared(
    'DATE',
    { kind: 'date' },
    [`'2023-02-29'`, `'2024-1-1'`, '20240101', `'2024-01-01 00:00'`],
    [`'2024-02-29'`, Date.UTC(2024, 1, 29)],
    [`'0001-01-01'`, -62135596800000],
  ),
  declared(
    'TIME',
    { kind: 'time', unit: 'us' },
    [`'24:00'`, '5'],
    [`'10:00'`, 36_000_000_000_000n],
    [`'23:59:59.999999'`, 86_399_999_999_000n],
  ),
  declared(
    'DATETIME',
    timestamp('us'),
    [`'2024-01-01 00:00:00Z'`, `'2024-01-01 00:00:00.0000001'`, '1704067200', `'2024-01-01 24:00'`, `'x'`],
    [`'2024-01-01'`, midnight],
    [`'2024-01-01T00:00'`, midnight],
    [`'2024-01-01 00:00:00.001000000'`, midnight + 1],
  ),
  declared('TIMESTAMP(3)', timestamp('ms'), [`'2024-01-01 00:00:00.0001'`], [`'2024-01-01 00:00:00.001'`, midnight + 1]),
  declared(
    'TIMESTAMP WITH TIME ZONE',
    timestamp('us', 'UTC'),
    [`'2024-01-01 00:00:00'`, `'2024-01-01 00:00:00+2'`],
    [`'2024-01-01 02:00:00+02:00'`, midnight],
    [`'2024-01-01T00:00Z'`, midnight],
  ),
  declared(
    'DECIMAL(10,2)',
    decimal(10, 2),
    ['0.125', '100000000', `'x'`, '9e999', `x'30'`],
    ['12.5', 1250n],
    ['-3', -300n],
    [`'99999999.99'`, 9999999999n],
    ['0.1', 10n],
    ['0', 0n],
  ),
  declared(
    'DECIMAL_TEXT(38,10)',
    decimal(38, 10),
    [`'1e5'`],
    [`'1234567890123456789012345678.0000000001'`, 12345678901234567890123456780000000001n],
  ),
  declared('NUMERIC', { kind: 'string' }, [`x'00'`], ['12.5', '12.5'], ['12', '12'], ['1e300', '1e+300'], [`'abc'`, 'abc']),
  declared(
    'UUID',
    { kind: 'uuid' },
    [`x'00'`, `'ffffffff'`],
    [`'ffffffff-0000-0000-0000-ffffffffffff'`, 'ffffffff-0000-0000-0000-ffffffffffff'],
    [`'FFFFFFFF-0000-0000-0000-FFFFFFFFFFFF'`, 'ffffffff-0000-0000-0000-ffffffffffff'],
    [`'{FFFFFFFF-0000-0000-0000-FFFFFFFFFFFF}'`, 'ffffffff-0000-0000-0000-ffffffffffff'],
    [`'ffffffff00000000000000ffffffffff'`, 'ffffffff-0000-0000-0000-00ffffffffff'],
  ),
  declared('JSON', { kind: 'json' }, [`'{'`, `x'00'`], [`'{"a": 1.50}'`, '{"a": 1.50}'], ['5', '5']),
];

const shown = (value: unknown): unknown => {
  if (value instanceof Uint32Array) {
    const whole = [...value].reduce((sum, word, at) => sum + (BigInt(word) << BigInt(32 * at)), 0n);
    return BigInt.asIntN(128, whole);
  }
  return value instanceof Uint8Array ? [...value] : value;
};

describe('a value of SQLite', () => {
  const file = new SqliteTestFile();
  const homes = sqliteHomes(file);
  afterAll(async () => {
    await homes[Symbol.asyncDispose]();
    file[Symbol.dispose]();
  });

  test.each(cells)('declared %s is read as %o; of another kind it is refused, and the row named', async (declared, type, good, bad) => {
    file.sql('drop table if exists t', `create table t (id integer primary key, v ${declared})`);
    file.sql(`insert into t values ${[...good.map(([sql]) => sql), 'null'].map((sql, at) => `(${at}, ${sql})`).join(', ')}`);
    const home = await homes.home({ table: 't' });
    const step = await home.describe();
    expect('done' in step && step.done.schema?.columns[1]).toMatchObject({ name: 'v', type, sourceType: declared });
    expect((await rowsOf(framesOf(home))).map(({ v }) => shown(v))).toEqual([...good.map(([, value]) => value), null]);
    for (const value of bad) {
      file.sql(`insert into t values (1000, ${value})`);
      await expect(rowsOf(framesOf(await homes.home({ table: 't' }))), `${declared} ${value}`).rejects.toMatchObject({
        code: 'HYG-3505',
        what: expect.stringMatching(/^Column v of .* in the row with rowid 1000, which does not fit the type as which the column is read/),
      });
      file.sql('delete from t where id = 1000');
    }
  });

  test('of a column without a type is what its values are, as long as they are of one kind', async () => {
    file.sql(
      'drop table if exists t',
      'create table t (a, b string, c, d any)',
      `insert into t values (1, 'x', 1.5, x'00'), (2, 'y', 2, x'01')`,
    );
    const step = await (await homes.home({ table: 't' })).describe();
    expect('done' in step && step.done.schema?.columns.map(({ type }) => type.kind)).toEqual(['int64', 'string', 'float64', 'binary']);
    file.sql(`insert into t values ('x', 1, 'y', 2)`);
    await expect((await homes.home({ table: 't' })).describe()).rejects.toMatchObject({
      code: 'HYG-3590',
      what: expect.stringContaining('whole numbers and texts'),
    });
    const home = await homes.home({ table: 't', columns: ['a', 'b'], types: { a: 'string', b: 'string' } });
    expect(await rowsOf(framesOf(home))).toEqual([
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
      { a: 'x', b: '1' },
    ]);
  });

  test('of a strict table is what it says', async () => {
    file.sql(
      'drop table if exists t',
      'create table t (id integer primary key, a any, n int, r real, b blob, t text) strict',
      `insert into t values (1, 'x', 2, 3, x'00', 'y')`,
    );
    const home = await homes.home({ table: 't' });
    expect((await rowsOf(framesOf(home))).map((row) => Object.values(row).map(shown))).toEqual([[1n, 'x', 2n, 3, [0], 'y']]);
    expect(await home.bound({ column: 'n', lagMs: 0, future: 'take' })).toMatchObject({ done: { text: '2' } });
  });

  test('is of the type that a person says, where it fits', async () => {
    file.sql(
      'drop table if exists t',
      'create table t (u text, i integer, f real, s integer, n numeric, at text)',
      `insert into t values ('18446744073709551615', 2147483647, 0.5, -32768, 1.25, '2024-01-01T00:00:00Z')`,
    );
    const types = { u: 'uint64', i: 'int32', f: 'float32', s: 'int16', at: 'timestamp[us, UTC]' };
    const [row] = await rowsOf(framesOf(await homes.home({ table: 't', types, decimals: 'decimal(4, 2)' })));
    expect(Object.values(row ?? {}).map(shown)).toEqual([18446744073709551615n, 2147483647, 0.5, -32768, 125n, midnight]);
    file.sql('update t set i = i + 1');
    await expect(rowsOf(framesOf(await homes.home({ table: 't', types })))).rejects.toMatchObject({ code: 'HYG-3505' });
  });

  test('is not a float where a whole number would be rounded', async () => {
    const of = async (type: string, value: string) => {
      file.sql('drop table if exists t', 'create table t (n integer)', `insert into t values (${value})`);
      const [row] = await rowsOf(framesOf(await homes.home({ table: 't', types: { n: type } })));
      return row?.n;
    };
    expect([await of('float32', '16777216'), await of('float64', '9007199254740994')]).toEqual([16777216, 9007199254740994]);
    for (const [type, value] of [
      ['float32', '16777217'],
      ['float32', '-9007199254740993'],
      ['float64', '9007199254740993'],
    ] as const)
      await expect(of(type, value)).rejects.toMatchObject({ code: 'HYG-3505' });
  });

  test('of a file in UTF-16 is the same text', async () => {
    for (const encoding of ['UTF-16le', 'UTF-16be']) {
      using other = new SqliteTestFile();
      other.sql(
        `pragma encoding = '${encoding}'`,
        'create table t (id integer primary key, t text)',
        `insert into t values (1, 'città ' || char(128512)), (2, char(65533) || 'x'), (3, 'plain')`,
      );
      await using others = sqliteHomes(other);
      expect((await rowsOf(framesOf(await others.home({ table: 't' })))).map(({ t }) => t)).toEqual(['città 😀', '\ufffdx', 'plain']);
    }
  });

  test('that does not fit, before and behind a text that may be broken, leaves every other row there once', async () => {
    const two53 = 9007199254740992n;
    file.sql(
      'drop table if exists t',
      'create table t (id integer primary key, n integer, r integer, d text, t text, e text, w integer)',
      `with recursive i(i) as (select 1 union all select i + 1 from i where i < 40) insert into t select i, i, ${two53} - i, i || '.5', 't' || i, i, i from i`,
      `update t set n = 'x' where id in (3, 17)`,
      `update t set r = ${two53 + 1n} where id in (5, 30)`,
      `update t set r = ${two53 + 2n} where id = 6`,
      `update t set r = 9223372036854775807 where id = 7`,
      `update t set r = -9223372036854775808 where id = 8`,
      `update t set t = char(65533) || 'whole' where id in (9, 31)`,
      `update t set t = cast(x'61ff' as text) where id = 11`,
      // 15 and 16 digits, with a point and without: as many as a double holds, and more.
      `update t set d = case id when 20 then '99999999999.9999' when 21 then '999999999999.9999' when 22 then '-9999999999999.9999' when 23 then '900719925474.0993' when 24 then '99999999999999.9999' when 25 then '-0.0001' else '0012.50' end where id between 20 and 26`,
      `update t set d = '0.00001' where id = 27`,
      `update t set e = '${'9'.repeat(15)}', w = ${'9'.repeat(15)} where id = 32`,
      `update t set e = '${'9'.repeat(16)}', w = ${'9'.repeat(16)} where id = 33`,
      `update t set e = '-${two53 + 1n}', w = -${two53 + 1n} where id = 34`,
    );
    const isBad = [3, 5, 7, 11, 17, 27, 30];
    const decimals = new Map([
      [20, 999999999999999n],
      [21, 9999999999999999n],
      [22, -99999999999999999n],
      [23, 9007199254740993n],
      [24, 999999999999999999n],
      [25, -1n],
      [26, 125000n],
    ]);
    const wholes = new Map([
      [32, 999999999999999n],
      [33, 9999999999999999n],
      [34, -two53 - 1n],
    ]);
    for (const policy of ['skip', 'quarantine'] as const)
      for (const batch_size of [4, 1_000]) {
        const home = await homes.home({
          table: 't',
          types: { r: 'float64', d: 'decimal(18, 4)', e: 'decimal(18, 0)', w: 'decimal(18, 0)' },
          bad_rows: policy,
          batch_size,
        });
        const rejected: string[] = [];
        const rows: Record<string, unknown>[] = [];
        for (const slice of await slicesOf(home))
          for await (const item of home.read(slice, everything, undefined, new AbortController().signal))
            if ('rejected' in item) rejected.push(...item.rejected.map(({ reason }) => reason));
            else if ('rows' in item) rows.push(...(await rowsOf([item] as never)));
        const wanted = Array.from({ length: 40 }, (_, i) => i + 1).filter((id) => !isBad.includes(id));
        expect(rows.map(({ id, n, r, d, t, e, w }) => [id, n, r, d, t, e, w].map(shown))).toEqual(
          wanted.map((id) => [
            BigInt(id),
            BigInt(id),
            id === 6 ? Number(two53) + 2 : id === 8 ? -(2 ** 63) : Number(two53) - id,
            decimals.get(id) ?? BigInt(id) * 10_000n + 5_000n,
            id === 9 || id === 31 ? '\ufffdwhole' : `t${id}`,
            wholes.get(id) ?? BigInt(id),
            wholes.get(id) ?? BigInt(id),
          ]),
        );
        expect(rejected.map((reason) => Number(/rowid (\d+)/.exec(reason)?.[1]))).toEqual(isBad);
      }
  });

  test('that does not fit is left out or kept apart, where bad_rows says so, and everything else stays', async () => {
    file.sql(
      'drop table if exists t',
      'create table t (id integer primary key, n integer, b boolean, t text, d decimal(5, 2))',
      `with recursive r(i) as (select 1 union all select i + 1 from r where i < 3000)
      insert into t select i, iif(i % 1000 = 7, 'x', i), iif(i % 1000 = 9, 2, i % 2), iif(i % 1000 = 11, x'00', iif(i % 3 = 0, null, 't' || i)), i % 3 from r`,
    );
    for (const policy of ['skip', 'quarantine'] as const) {
      const home = await homes.home({ table: 't', bad_rows: policy, batch_size: 700 });
      const rejected: { readonly reason: string; readonly text: string }[] = [];
      const ids: number[] = [];
      for (const slice of await slicesOf(home))
        for await (const item of home.read(slice, everything, undefined, new AbortController().signal)) {
          if ('rejected' in item) {
            expect(item.keep).toBe(policy === 'quarantine');
            rejected.push(...item.rejected);
          } else if ('rows' in item)
            for (const { id, n, b, t, d } of await rowsOf([item] as never)) {
              ids.push(Number(id));
              const i = Number(id);
              expect([Number(n), b, t, shown(d)]).toEqual([i, i % 2 === 1, i % 3 === 0 ? null : `t${i}`, BigInt(i % 3) * 100n]);
            }
        }
      expect(ids.length).toBe(2_991);
      expect(rejected.map(({ reason }) => reason).slice(0, 3)).toEqual([
        'n of the row with rowid 7: a text where a whole number is expected.',
        'b of the row with rowid 9: a whole number where 0 or 1 is expected.',
        't of the row with rowid 11: bytes where a text is expected.',
      ]);
      expect(rejected[0]?.text).toBe(policy === 'skip' ? '' : '{"id":"7","n":"x","b":"1","t":"t7","d":"1"}');
    }
  });
});

test.each([
  ['3.49.1', 'drop not null', 'no'],
  ['3.52.0', 'drop not null', 'no'],
  ['3.53.0', 'drop not null', 'in place'],
  ['4.0.0', 'drop not null', 'in place'],
] as const)('SQLite %s can %s of a column: %s', (version, change, how) => {
  expect(howChanged({ change, column: 'c' }, version)).toBe(how);
  expect(howChanged({ change: 'widen', column: 'c', from: 'INTEGER', to: { kind: 'string' } }, version)).toBe('no');
});
