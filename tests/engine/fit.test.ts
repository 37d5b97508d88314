import { DuckDBInstance } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Catalog, Change, ColumnsToSettle, Standing, TargetColumn } from '../../src/engine/contracts/catalog.ts';
import { type FitDialect, fitColumns } from '../../src/engine/contracts/fit.ts';
import { cannotSettle } from '../../src/engine/errors/fit.ts';
import type { Column, DataType } from '../../src/frames/schema.ts';
import { readColumnType } from '../../src/frames/type-text.ts';
import { SEED } from '../support/samples.ts';

/** Types as the second system calls them, and the smallest and largest value of each as text. */
const types = {
  int8: ['TINYINT', '-128', '127'],
  int16: ['SMALLINT', '-32768', '32767'],
  int32: ['INTEGER', '-2147483648', '2147483647'],
  int64: ['BIGINT', '-9223372036854775808', '9223372036854775807'],
  uint8: ['UTINYINT', '0', '255'],
  uint32: ['UINTEGER', '0', '4294967295'],
  uint64: ['UBIGINT', '0', '18446744073709551615'],
  float64: ['DOUBLE', '-1.7976931348623157e+308', '0.1'],
  'decimal(9,2)': ['DECIMAL(9,2)', '-9999999.99', '9999999.99'],
  'decimal(18,6)': ['DECIMAL(18,6)', '-999999999999.999999', '999999999999.999999'],
  'decimal(38,10)': ['DECIMAL(38,10)', '-9999999999999999999999999999.9999999999', '0.0000000001'],
  string: ['VARCHAR', 'æ — 😀', ''],
  date: ['DATE', '0001-01-01', '9999-12-31'],
  'timestamp[ms]': ['TIMESTAMP_MS', '1700-01-01 00:00:00.001', '2200-12-31 23:59:59.999'],
  'timestamp[us]': ['TIMESTAMP', '1700-01-01 00:00:00.000001', '2200-12-31 23:59:59.999999'],
  bool: ['BOOLEAN', 'false', 'true'],
} as const satisfies Record<string, readonly [string, string, string]>;

type Kind = keyof typeof types;
const kinds = Object.keys(types) as Kind[];

function typeOf(kind: string): DataType {
  const read = readColumnType(kind);
  if (!('type' in read)) throw new Error(read.problem);
  return read.type;
}

/** What a second system calls a type of ours; it may have been made wider than any of the list. */
function named(type: DataType): string {
  if (type.kind === 'decimal') return `DECIMAL(${type.precision},${type.scale})`;
  const found = kinds.find((kind) => JSON.stringify(typeOf(kind)) === JSON.stringify(type));
  if (found === undefined) throw new Error(`nothing is called ${JSON.stringify(type)}`);
  return types[found][0];
}

const dialect: FitDialect = {
  remediesFor: () => [],
  where: 'duck t',
  naming: { longest: { most: 24, of: 'bytes' }, case: 'ignored', reserved: ['rowid'] },
  held: (type) => ({ type }),
};

const column = (name: string, kind: string, nullable = true): Column => ({ name, type: typeOf(kind), nullable });
const there = (name: string, kind: Kind, more: Partial<TargetColumn> = {}): TargetColumn => ({
  name,
  type: types[kind][0],
  holds: { type: typeOf(kind) },
  nullable: true,
  default: null,
  filled: 'by rows',
  length: null,
  collation: null,
  ...more,
});
const catalog = (columns: readonly TargetColumn[], more: Partial<Catalog> = {}): Catalog => ({
  columns,
  keys: [],
  dependents: [],
  rights: {},
  ...more,
});
const standing = (columns: readonly TargetColumn[], more: Partial<Catalog> = {}): Standing => ({
  content: 'foreign',
  catalog: catalog(columns, more),
});
const wanted = (columns: readonly Column[], more: Partial<ColumnsToSettle> = {}): ColumnsToSettle => ({
  schema: { columns },
  keepsTable: true,
  settled: [],
  watermark: null,
  ...more,
});

describe('rows onto a table that has columns of its own', () => {
  test('fit as they are where every value is held; nothing changes', () => {
    const fit = fitColumns(
      wanted([column('id', 'int32'), column('name', 'string')]),
      standing([there('id', 'int64'), there('name', 'string')]),
      dialect,
    );
    expect(fit).toMatchObject({ changes: [], refusals: [], renamed: [] });
    expect(fit.schema.columns).toEqual([column('id', 'int64'), column('name', 'string')]);
  });

  test('say what has to be done: a new column, a wider type, nulls', () => {
    const target = standing([there('id', 'int32', { nullable: false }), there('at', 'date', { nullable: false })]);
    expect(
      fitColumns(wanted([column('id', 'int64', false), column('at', 'date'), column('email', 'string', false)]), target, dialect),
    ).toMatchObject({
      changes: [
        { change: 'widen', column: 'id', from: 'INTEGER', to: { kind: 'int64' } },
        { change: 'drop not null', column: 'at' },
        { change: 'add column', column: { name: 'email', nullable: true } },
      ],
      refusals: [],
    });
  });

  describe('where the database tells capitals apart', () => {
    const kept: FitDialect = { ...dialect, where: 'shop public.people', naming: { ...dialect.naming, case: 'kept' } };
    const onto = (names: readonly string[], those: readonly string[], more: Partial<ColumnsToSettle> = {}) =>
      fitColumns(
        wanted(
          names.map((name) => column(name, 'string')),
          more,
        ),
        standing(those.map((name) => there(name, 'string'))),
        kept,
      );

    test.each([
      ['in capitals', ['name', 'ts'], ['Name', 'Ts'], 'name: Name, ts: Ts'],
      ['in small letters', ['NAME', 'ts'], ['name', 'ts'], 'NAME: name'],
      ['with another sign of its accent', ['caf\u00e9'], ['cafe\u0301'], '"caf\u00e9": "cafe\u0301"'],
      ['with blanks', ['order no'], ['Order No'], '"order no": "Order No"'],
    ])('are refused beside a column of the same name %s, and the remedy names each', (_, names, those, renames) => {
      const [refusal, ...more] = onto(names, those).refusals;
      expect(more).toEqual([]);
      expect(refusal?.code).toBe('HYG-2140');
      expect(refusal?.tryThis[0]).toContain(`migrations: [{ rename: { ${renames} } }]`);
      const error = cannotSettle({ where: { file: 'flows/crm/flow.yml', line: 1, column: 1 } }, refusal ? [refusal] : []);
      expect(error).toMatchObject({ code: 'HYG-2140', what: expect.stringContaining('shop public.people would have two columns') });
    });

    test.each([
      ['both are in the source', ['name', 'Name'], ['Name'], {}],
      ['both are there', ['name'], ['Name', 'name'], {}],
      ['the other one settled before', ['name'], ['Name'], { settled: ['Name'] }],
      ['another table takes its place', ['name'], ['Name'], { keepsTable: false }],
      ['names differ in more', ['name'], ['Names'], {}],
    ])('are not refused where %s', (_, names, those, more) => {
      expect(onto(names, those, more).refusals).toEqual([]);
    });
  });

  test('a table in place of the one that is there needs none of that', () => {
    const target = standing([there('id', 'bool'), there('made_by', 'string', { nullable: false })]);
    expect(fitColumns(wanted([column('id', 'int64', false)], { keepsTable: false }), target, dialect)).toMatchObject({
      changes: [],
      refusals: [],
    });
  });

  test('a key there takes rows that may be null in the source, where no null of it is ever committed', () => {
    const target = standing([there('id', 'int64', { nullable: false })], { keys: [{ kind: 'primary', name: 'pk', columns: ['id'] }] });
    expect(fitColumns(wanted([column('id', 'int64')], { key: ['id'] }), target, dialect)).toMatchObject({ changes: [], refusals: [] });
  });

  test.each<[string, TargetColumn, Partial<Catalog>, string]>([
    ['of another kind', there('id', 'bool'), {}, 'would have to settle as BOOLEAN'],
    ['of a type that nothing is known of', there('id', 'int64', { type: 'GEOMETRY', holds: null }), {}, 'a type that hygge does not write'],
    ['that counts by itself', there('id', 'int64', { filled: 'identity' }), {}, 'gets its values from the destination'],
    ['that is made from others', there('id', 'int64', { filled: 'generated' }), {}, 'gets its values from the destination'],
    ['that counts where rows have no value, for rows with nulls', there('id', 'int64', { filled: 'counter' }), {}, 'numbers it itself'],
    ['that counts, and would have to hold other numbers', there('id', 'decimal(9,2)', { filled: 'counter' }), {}, 'would have to settle'],
    [
      'that is a key, for rows with nulls',
      there('id', 'int64'),
      { keys: [{ kind: 'primary', name: 'pk', columns: ['id'] }] },
      'primary key',
    ],
    ['that wants a value', there('other', 'int64', { nullable: false }), {}, 'requires a value'],
  ])('a column %s is refused', (_, own, more, says) => {
    expect(fitColumns(wanted([column('id', 'int64')]), standing([own], more), dialect).refusals).toMatchObject([
      { code: 'HYG-2078', what: expect.stringContaining(says) },
    ]);
  });

  test('a column that counts takes numbers that are never null, and stays not null where no null is committed', () => {
    const counter = there('id', 'int32', { nullable: false, filled: 'counter' });
    const fitted = (nullable: boolean, key: readonly string[] = []) =>
      fitColumns(wanted([column('id', 'int32', nullable)], { key }), standing([counter]), dialect);
    expect(fitted(false)).toMatchObject({ changes: [], refusals: [] });
    expect(fitted(true, ['id'])).toMatchObject({ changes: [], refusals: [] });
    expect(fitted(true)).toMatchObject({
      changes: [],
      refusals: [{ tryThis: [expect.stringContaining('key: [id]'), expect.anything(), expect.anything()] }],
    });
  });

  test.each([
    [undefined, undefined],
    ['store: { identity_insert: true }', 'Or let the column accept the values of the source: store: { identity_insert: true }'],
  ])('an identity is refused with the setting that lets values in, if there is one: %s', (setting, advised) => {
    const own = standing([there('id', 'int64', { filled: 'identity' })]);
    const fits = (fills: true | string | undefined) =>
      fitColumns(wanted([column('id', 'int64', false)]), own, {
        ...dialect,
        ...(fills === undefined ? {} : { identities: { fills, needs: [] } }),
      });
    expect(fits(setting).refusals[0]?.tryThis[2]).toBe(advised);
    expect(fits(true).refusals).toEqual([]);
  });

  test('an identity that takes values is refused without the right that this needs, before anything is committed', () => {
    const counts = there('id', 'int64', { nullable: false, filled: 'identity' });
    const refusals = (source: string, alter: boolean) =>
      fitColumns(wanted([column(source, 'int64', false)]), standing([counts, there('name', 'int64')], { rights: { alter } }), {
        ...{ ...dialect, identities: { fills: true, needs: ['alter'] } },
      }).refusals;
    expect(refusals('id', false)).toMatchObject([
      { code: 'HYG-2079', what: expect.stringContaining('alter'), why: [expect.stringContaining('id has its own counter')] },
    ]);
    expect([...refusals('id', true), ...refusals('name', false)]).toEqual([]);
  });

  test('a remedy for a column that no type holds may depend on whether it tells rows apart', () => {
    const narrow: FitDialect = { ...dialect, held: () => undefined, remediesFor: ({ name }, isKey) => [`${name} ${isKey}`] };
    const { refusals } = fitColumns(wanted([column('id', 'int64'), column('at', 'int64')], { key: ['id'] }), standing([]), narrow);
    expect(refusals.map(({ tryThis }) => tryThis[1])).toEqual(['id true', 'at false']);
  });

  test('a column that wants a value and gives itself one is none of our business', () => {
    const own = [
      there('id', 'int64'),
      there('made', 'date', { nullable: false, default: 'today()' }),
      there('n', 'int64', { nullable: false, filled: 'identity' }),
    ];
    expect(fitColumns(wanted([column('id', 'int64')]), standing(own), dialect).refusals).toEqual([]);
  });

  test('a time of which the table drops digits is made wider, or refused where the store has no finer one', () => {
    const seconds = there('at', 'timestamp[ms]', { type: 'DATETIME(0)', holds: { type: typeOf('timestamp[ms]'), digits: 0 } });
    expect(fitColumns(wanted([column('at', 'timestamp[ms]')]), standing([seconds]), dialect).changes).toMatchObject([
      { change: 'widen', column: 'at' },
    ]);
    const coarse: FitDialect = { ...dialect, held: (type) => ({ type, digits: 0 }) };
    expect(fitColumns(wanted([column('at', 'timestamp[ms]')]), standing([]), coarse).refusals).toMatchObject([{ code: 'HYG-2078' }]);
  });

  test('says how finely the watermark is kept', () => {
    const micros: FitDialect = { ...dialect, held: (type) => ({ type: type.kind === 'timestamp' ? typeOf('timestamp[us]') : type }) };
    const days: FitDialect = { ...dialect, held: (type) => ({ type: type.kind === 'timestamp' ? typeOf('date') : type }) };
    const precision = (kind: string, of: FitDialect) =>
      fitColumns(wanted([column('at', kind)], { watermark: 'at' }), { content: 'empty' }, of).precision;
    expect([
      precision('timestamp[ns]', micros),
      precision('timestamp[us]', micros),
      precision('timestamp[us]', days),
      precision('int64', days),
    ]).toEqual([{ digits: 6 }, 'exact', 'days', 'exact']);
    expect(fitColumns(wanted([column('at', 'date')]), { content: 'empty' }, dialect).precision).toBeNull();
  });

  test('what hygge may not do, and would have to, is refused', () => {
    const refusedWith = (keepsTable: boolean, rights: Catalog['rights']) =>
      fitColumns(
        wanted([column('id', 'int64'), column('more', 'int64')], { keepsTable }),
        standing([there('id', 'int64')], { rights }),
        dialect,
      ).refusals;
    expect(refusedWith(true, { alter: false, create: false })).toMatchObject([{ code: 'HYG-2079', what: 'hygge may not alter duck t.' }]);
    expect(refusedWith(true, { insert: false })).toMatchObject([{ code: 'HYG-2079', what: 'hygge may not insert into duck t.' }]);
    expect(refusedWith(false, { create: false, alter: false })).toMatchObject([
      { code: 'HYG-2079', what: 'hygge may not create a table in place of duck t.' },
    ]);
    expect(refusedWith(true, {})).toEqual([]);
  });

  test('what depends on a column that would change, or on the table that would go, is refused by its name', () => {
    const view = { kind: 'view', name: 'monthly', columns: ['id'], staysWithOld: true };
    const onto = (keepsTable: boolean, kind: string) =>
      fitColumns(wanted([column('id', kind)], { keepsTable }), standing([there('id', 'int32')], { dependents: [view] }), dialect).refusals;
    expect(onto(true, 'int64')).toMatchObject([
      { code: 'HYG-2077', what: 'Column id of duck t has to change, which the view monthly prevents.' },
    ]);
    expect(onto(true, 'int32')).toEqual([]);
    expect(onto(false, 'int64')).toMatchObject([
      { code: 'HYG-2077', what: 'The view monthly would continue with the old rows of duck t.' },
    ]);
  });
});

describe('names', () => {
  test('settle as the table spells them, and whatever does not go into it by a rule that knows the name alone', () => {
    const long = 'a_very_long_name_of_a_column';
    const { schema, renamed } = fitColumns(
      wanted([column('ID', 'int64'), column(long, 'string'), column('rowid', 'string'), column('Rowid', 'string')]),
      standing([there('id', 'int64')]),
      dialect,
    );
    const names = schema.columns.map(({ name }) => name);
    expect(names[0]).toBe('id');
    expect(renamed.map(({ why }) => why)).toEqual(['case', 'too long', 'reserved', 'reserved']);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(4);
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(24);
    const alone = fitColumns(wanted([column(long, 'string')]), { content: 'empty' }, dialect);
    expect(alone.schema.columns[0]?.name).toBe(names[1]);
  });

  test('that settled before stay, whatever comes next to them', () => {
    const [first, second] = ['a_very_long_name_of_a_column', 'a_very_long_name_of_another'];
    const before = fitColumns(wanted([column(first, 'string')]), { content: 'empty' }, dialect).schema.columns[0]?.name ?? '';
    const columns = [column(second, 'string'), column(before.toUpperCase(), 'string'), column(before, 'string')];
    const now = fitColumns(wanted(columns, { settled: [before] }), { content: 'empty' }, dialect).schema.columns.map(({ name }) => name);
    expect(now[2]).toBe(before);
    expect(new Set(now.map((name) => name.toLowerCase())).size).toBe(3);
  });

  test('in a store that folds them settle in its case', () => {
    const upper: FitDialect = { ...dialect, naming: { longest: { most: 10, of: 'characters' }, case: 'upper', reserved: [] } };
    const { schema } = fitColumns(
      wanted([column('id', 'int64'), column('Id', 'int64'), column('long_long_long', 'int64')]),
      { content: 'empty' },
      upper,
    );
    expect(schema.columns.map(({ name }) => name)).toEqual([
      'ID',
      expect.stringMatching(/^ID_[0-9A-F]{6}$/),
      expect.stringMatching(/^LON_[0-9A-F]{6}$/),
    ]);
  });
});

describe('against a real table', () => {
  const names = fc.constantFrom(
    'id',
    'ID',
    'name',
    'at',
    'amount',
    'a_very_long_name_of_a_column',
    'a_very_long_name_of_another',
    'Størrelse i cm (målt)',
    'rowid',
  );
  const kind = fc.constantFrom(...kinds);
  const tableColumns = fc.uniqueArray(
    fc.record({ name: fc.constantFrom('id', 'name', 'amount'), kind, nullable: fc.integer({ max: 4, min: 0 }).map((n) => n > 0) }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 2 },
  );
  const wantedColumns = fc.uniqueArray(fc.record({ name: names, kind, nullable: fc.boolean() }), {
    selector: ({ name }) => name,
    minLength: 1,
  });

  /** In the table's own language. */
  function ddl(change: Change): string {
    switch (change.change) {
      case 'add column':
        return `ALTER TABLE t ADD COLUMN "${change.column.name}" ${named(change.column.type)}`;
      case 'widen':
        return `ALTER TABLE t ALTER COLUMN "${change.column}" SET DATA TYPE ${named(change.to)}`;
      case 'drop not null':
        return `ALTER TABLE t ALTER COLUMN "${change.column}" DROP NOT NULL`;
      case 'rename column':
        return `ALTER TABLE t RENAME COLUMN "${change.column}" TO "${change.to}"`;
    }
  }

  test('random rows go in after the changes, with their smallest and largest values, and asked again nothing is left to change', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Record<string, string | null>[];
    const look = async (): Promise<Catalog> =>
      catalog(
        (
          await rows(
            `SELECT column_name AS name, data_type AS type, is_nullable::VARCHAR AS nulls FROM duckdb_columns() WHERE table_name = 't'`,
          )
        ).map(({ name, type, nulls }) => {
          const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type ?? '');
          const known = kinds.find((one) => types[one][0] === type);
          const ours = decimal ? typeOf(`decimal(${decimal[1]},${decimal[2]})`) : known && typeOf(known);
          return there(name ?? '', 'int64', { type: type ?? '', holds: ours ? { type: ours } : null, nullable: nulls === 'true' });
        }),
      );
    let settledOnce = 0;
    await fc.assert(
      fc.asyncProperty(tableColumns, wantedColumns, async (own, want) => {
        const of = own.map((one) => `"${one.name}" ${types[one.kind][0]}${one.nullable ? '' : ' NOT NULL'}`);
        await connection.run(`CREATE OR REPLACE TABLE t (${of.join(', ')})`);
        const before: Standing = { content: 'foreign', catalog: await look() };
        const columns = want.map((one) => column(one.name, one.kind, one.nullable));
        const fit = fitColumns(wanted(columns), before, dialect);
        expect(fitColumns(wanted(fit.schema.columns), before, dialect)).toMatchObject({
          schema: fit.schema,
          changes: fit.changes,
          renamed: [],
        });
        if (fit.refusals.length > 0) return;
        for (const change of fit.changes) await connection.run(ddl(change));
        for (const edge of [1, 2] as const) {
          const values = want.map((one) => types[one.kind][edge]);
          const into = fit.schema.columns.map(({ name }) => `"${name}"`).join(', ');
          await connection.run(`INSERT INTO t (${into}) VALUES (${values.map((text) => `'${text}'`).join(', ')})`);
          const back = want.map((one, i) => `TRY_CAST("${fit.schema.columns[i]?.name}" AS ${types[one.kind][0]})::VARCHAR AS c${i}`);
          const given = want.map((one, i) => `'${values[i]}'::${types[one.kind][0]}::VARCHAR AS c${i}`);
          expect(await rows(`SELECT ${back.join(', ')} FROM t OFFSET ${edge - 1}`)).toEqual(await rows(`SELECT ${given.join(', ')}`));
        }
        const after = fitColumns(wanted(fit.schema.columns), { content: 'ours', catalog: await look() }, dialect);
        expect(after).toMatchObject({ changes: [], refusals: [], renamed: [], schema: fit.schema });
        settledOnce++;
      }),
      { seed: SEED, numRuns: 20 },
    );
    connection.closeSync();
    instance.closeSync();
    expect(settledOnce).toBeGreaterThan(5);
  });
});
