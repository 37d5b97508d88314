import { describe, expect, test } from 'vitest';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { here } from '../../support/here.ts';
import { TestWorkspace } from '../../support/workspace.ts';

/** Values at the edges of the types of DuckDB, and whether ours hold them. */
const edges: readonly (readonly [type: string, held: readonly string[], refused: readonly string[]])[] = [
  [
    'HUGEINT',
    ['-99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
    ['170141183460469231731687303715884105727'],
  ],
  ['UHUGEINT', ['5'], ['340282366920938463463374607431768211455']],
  ['DECIMAL(38,0)', ['-99999999999999999999999999999999999999'], []],
  ['DECIMAL(38,37)', ['9.9999999999999999999999999999999999999', '-0.0000000000000000000000000000000000001'], []],
  ['DECIMAL(38,38)', ['0.99999999999999999999999999999999999999'], []],
  ['DECIMAL(18,3)', ['-999999999999999.999'], []],
  ['TIMESTAMP_NS', ['2262-04-11 23:47:16.854775806', '1969-12-31 23:59:59.999999999'], ['infinity']],
  ['TIMESTAMP_S', ['1969-12-31 23:59:59', '0001-01-01', '9999-12-31 23:59:59'], ['10000-01-01', '-infinity', '0044-03-15 (BC) 12:00:00']],
  ['TIMESTAMP_MS', ['1969-12-31 23:59:59.999', '9999-12-31 23:59:59.999'], ['infinity']],
  ['TIMESTAMP', ['0001-01-01', '9999-12-31 23:59:59.999999'], ['290309-12-22 (BC)', '294247-01-10 04:00:54.775806', 'infinity']],
  ['TIMESTAMPTZ', ['2024-03-31 02:30:00+02', '9999-12-31 23:59:59.999999+00'], ['0001-01-01 00:00:00+14', 'infinity']],
  ['DATE', ['0001-01-01', '9999-12-31'], ['5877642-06-25 (BC)', '0001-12-31 (BC)', '10000-01-01', 'infinity']],
  ['TIME', ['00:00:00', '23:59:59.999999'], ['24:00:00']],
  ['TIME_NS', ['23:59:59.999999999'], []],
  ['TIMETZ', ['12:00:00.5+15:59:59'], []],
  ['INTERVAL', ['1 month -3 days 00:00:00.000001', '-100 years'], []],
  ["ENUM('a', 'b ü', '')", ['b ü', ''], []],
  ['UUID', ['ffffffff-ffff-ffff-ffff-ffffffffffff', '00000000-0000-0000-0000-000000000000'], []],
  ['BIT', ['0', '0101010101010101010101'], []],
  ['BLOB', ['\\x00\\xFF', ''], []],
  ['DOUBLE', ['nan', '-infinity', '-0', '5e-324', '1.7976931348623157e308'], []],
  ['FLOAT', ['nan', '1e-45', '-0'], []],
  ['BIGNUM', ['123456789012345678901234567890123456789012345678901234567890', '-1'], []],
  ['INTEGER[2]', ['[1, NULL]'], []],
  ['UNION(n INTEGER, s VARCHAR)', ['x'], []],
  ['STRUCT(a INTEGER, "B b" DECIMAL(38,10)[])', ["{'a': NULL, 'B b': [1234567890123456789012345678.0123456789, NULL]}"], []],
  ['JSON', ['{"a":  [1, 2.50]}', '"ü"', 'null'], []],
  ['DATE[]', ['[0001-01-01, NULL]'], ['[infinity]']],
  ['HUGEINT[]', ['[1]'], ['[170141183460469231731687303715884105727]']],
];

/** What a column is in another table of DuckDB, where that is another type than it was; as docs/duckdb.md has them. */
const becomes: Readonly<Record<string, string>> = {
  ...{ HUGEINT: 'DECIMAL(38,0)', UHUGEINT: 'DECIMAL(38,0)', 'HUGEINT[]': 'DECIMAL(38,0)[]', BIGNUM: 'VARCHAR' },
  ...{ TIMESTAMP_S: 'TIMESTAMP', TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE', TIMETZ: 'VARCHAR', INTERVAL: 'VARCHAR' },
  ...{ "ENUM('a', 'b ü', '')": 'VARCHAR', BIT: 'VARCHAR', 'INTEGER[2]': 'INTEGER[]', 'UNION(n INTEGER, s VARCHAR)': 'VARCHAR' },
};

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

describe('a value at the edge of its type', () => {
  test('settles as it is in parquet and in another table of DuckDB, or ends the run', async () => {
    using from = new DuckdbTestFile();
    using to = new DuckdbTestFile();
    // What is refused ends the run of its table: each has one of its own, and all that is held is in one, a row of nulls before and behind it.
    const refused = edges.flatMap(([type, , values]) => values.map((text) => ({ type, text })));
    const rows = Math.max(...edges.map(([, held]) => held.length)) + 2;
    const held = Array.from({ length: rows }, (_, row) =>
      edges.map(([type, texts]) => (texts[row - 1] === undefined ? 'null' : `${literal(texts[row - 1] ?? '')}::${type}`)),
    );
    await from.sql(
      `set TimeZone = 'UTC'`,
      `create table held (id integer, ${edges.map(([type], n) => `v${n} ${type}`).join(', ')})`,
      ...held.map((values, id) => `insert into held values (${id}, ${values.join(', ')})`),
      ...refused.map(({ type, text }, n) => `create table r${n} as select 1 as id, ${literal(text)}::${type} as v`),
    );
    const home = `home: { type: duckdb, path: ${from.path}, table: "{entity}" }`;
    const flow = (store: string, nth: number) => {
      const others = refused.flatMap((_, n) => (n % 2 === nth ? [`r${n}`] : []));
      return `${home}\nstore: ${store}\nentities: [${['held', ...others].join(', ')}]\n`;
    };
    using workspace = new TestWorkspace({
      'flows/files/flow.yml': flow('{ path: out, format: parquet }', 0),
      'flows/tables/flow.yml': flow(`{ type: duckdb, path: ${to.path}, table: "{entity}" }`, 1),
    });
    const { summary } = await here(workspace, 'go');
    const ended = Object.fromEntries(
      summary.entities.map(({ flow, entity, status, error }) => [`${flow} ${entity}`, error?.code ?? status]),
    );
    const told = refused.map((_, n) => [`${n % 2 === 0 ? 'files' : 'tables'} r${n}`, 'HYG-3505'] as const);
    expect(ended).toEqual({ 'files held': 'pass', 'tables held': 'pass', ...Object.fromEntries(told) });
    const texts = (relation: string) => `select ${edges.map((_, n) => `v${n}::varchar as v${n}`).join(', ')} from ${relation} order by id`;
    const [source, file, other] = await Promise.all(
      ['source.main.held', `read_parquet('${workspace.root}/out/held/*.parquet')`, 'held'].map((relation) =>
        to.sql(`set TimeZone = 'UTC'`, `attach '${from.path}' as source (read_only)`, texts(relation)),
      ),
    );
    expect(source).toHaveLength(rows);
    expect([file, other]).toEqual([source, source]);
    const types = await to.sql(
      `select column_name as name, data_type as type from duckdb_columns() where table_name = 'held' and column_name <> 'id'`,
    );
    const typed = Object.fromEntries(types.map(({ name, type }) => [name, type]));
    expect(typed).toEqual(Object.fromEntries(edges.map(([type], n) => [`v${n}`, becomes[type] ?? type])));
  });
});
