import { describe, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type DatabaseKind, duckdb, mariadb, postgres, sqlite } from './databases.ts';
import { hostileValues } from './hostile-values.ts';
import { connectionOf, served } from './sqlserver/support.ts';

/** A value of each type, as the engine writes it. The columns of a second row are null. */
const typesOf = (name: keyof typeof hostileValues, more: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries([
    ...Object.entries(hostileValues[name]).flatMap(([type, [value]]) => (type === 'mood' || value === undefined ? [] : [[type, value]])),
    ...Object.entries(more),
  ]) as Readonly<Record<string, string>>;
const postgresMore = { oid: '4294967295', xml: "'<a/>'", timetz: "'10:00+02'", cidr: "'10.0.0.0/8'", macaddr: "'08:00:2b:01:02:03'" };
const duckdbMore = {
  "enum('a', 'b')": "'a'",
  'struct(a integer, b varchar)': "{a: 1, b: 'x'}",
  'map(varchar, integer)': "map {'a': 1}",
  bit: "'101'",
};
const sqlserverTypes = {
  ...{
    bit: '1',
    tinyint: '255',
    smallint: '-1',
    int: '7',
    bigint: '9007199254740993',
    real: '0.5',
    float: '0.1',
    'decimal(18,4)': '0.0001',
  },
  ...{
    'decimal(38,0)': '100',
    money: '1.5000',
    smallmoney: '-0.0100',
    date: '2024-02-29',
    'time(7)': '23:59:59.9999999',
    datetime: '2024-01-01 00:00:00.003',
  },
  ...{
    smalldatetime: '2024-01-01 00:00:00',
    'datetime2(7)': '2024-06-30 12:34:56.1234567',
    'datetimeoffset(7)': '2024-07-01 00:30:00.1234567 +02:00',
  },
  ...{
    'char(6)': 'a     ',
    'varchar(20)': 'open',
    'nvarchar(50)': 'æ',
    'nvarchar(max)': 'é',
    text: 'old',
    ntext: 'old',
    uniqueidentifier: '6F9619FF-8B86-D011-B42D-00C04FC964FF',
  },
  ...{ image: Buffer.from('00ff', 'hex'), 'varbinary(10)': Buffer.from('00', 'hex'), 'binary(4)': Buffer.from('00ff0080', 'hex') },
};

/** Judges the rows of a table by the contract that is proposed of its source, in the standard's form, and by the one that is proposed of what settled then. */
async function judgedByProposals(workspace: TestWorkspace, { config, table, secret }: { config: string; table: string; secret: string }) {
  const flow = (more: string) => `home: { connection: c, table: "${table}" }\nstore: lake\nentities: [e]\n${more}`;
  const hygge = (...args: readonly string[]) => inProcess([...args, '--no-color'], workspace.root, { SHOP_SECRET: secret });
  for (const [contract, flags] of [
    ['source.odcs.yaml', ['--odcs']],
    ['settled.yml', []],
  ] as const) {
    workspace.write({ 'hygge.yml': `name: w\n${config}`, 'flows/f/flow.yml': flow('') });
    const made = await hygge('generate', 'contract', 'f.e', ...flags, '--to', contract);
    expect(made.code, made.stdout + made.stderr).toBe(0);
    workspace.write({ 'flows/f/flow.yml': flow(`validation: { contract: ${contract}, mode: fail }\n`) });
    const run = await hygge('go', '-d');
    expect([run.code, run.stdout], contract).toEqual([0, expect.stringContaining('ERROR=0')]);
  }
}

describe.each<readonly [DatabaseKind, Readonly<Record<string, string>>]>([
  [postgres, typesOf('PostgreSQL', postgresMore)],
  [mariadb, typesOf('MariaDB')],
  [sqlite, typesOf('SQLite')],
  [duckdb, typesOf('DuckDB', duckdbMore)],
])('a table with every type of %o', ({ name, missing, open }, types) => {
  test.skipIf(missing !== '')(`keeps the contract that is proposed of it: ${name}`, async () => {
    await using database = await open();
    const columns = Object.keys(types).map((type, i) => `c${i} ${type}`);
    await database.sql(
      `create table t (id int not null, ${columns.join(', ')})`,
      `insert into t values (1, ${Object.values(types).join(', ')})`,
      `insert into t (id) values (2)`,
    );
    using workspace = new TestWorkspace();
    await judgedByProposals(workspace, { config: `connections: { c: ${database.connection} }\n`, table: 't', secret: database.password });
  });
});

test('a table with every type of SQL Server keeps the contract that is proposed of it, by the tests’ own server', async () => {
  const types = Object.keys(sqlserverTypes);
  await using database = await served({
    tables: [
      {
        name: 'dbo.t',
        columns: Object.fromEntries([['id', 'int not null'], ...types.map((type, i) => [`c${i}`, type])]),
        rows: [
          ['1', ...Object.values(sqlserverTypes)],
          ['2', ...types.map(() => null)],
        ],
        keys: ['id'],
      },
    ],
  });
  using workspace = new TestWorkspace();
  await judgedByProposals(workspace, { config: connectionOf(database).replace('erp', 'c'), table: 'dbo.t', secret: 'none' });
});
