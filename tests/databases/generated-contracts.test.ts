import { describe, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type DatabaseKind, duckdb, mariadb, postgres, sqlite } from './databases.ts';
import { connectionOf, served } from './sqlserver/support.ts';

/** A value of each type, as the engine writes it. The columns of a second row are null. */
const postgresTypes = {
  ...{
    boolean: 'true',
    smallint: '-1',
    integer: '7',
    bigint: '9007199254740993',
    oid: '4294967295',
    real: "'NaN'",
    'double precision': '0.1',
  },
  ...{
    'numeric(18,4)': '0.0001',
    numeric: '1e20',
    'numeric(5,0)': '12',
    money: "'1.50'",
    text: "'open'",
    'varchar(5)': "'æ'",
    'char(3)': "'a'",
  },
  ...{
    bytea: "'\\x00ff'",
    uuid: "'6f9619ff-8b86-d011-b42d-00c04fc964ff'",
    json: `'{"a": 1}'`,
    jsonb: `'{"a": 1}'`,
    xml: "'<a/>'",
    date: "'2024-02-29'",
  },
  ...{ time: "'23:59:59.999999'", timetz: "'10:00+02'", timestamp: "'2024-02-29 10:00:00.000001'", timestamptz: "'2024-02-29 10:00+02'" },
  ...{
    interval: "'1 day'",
    inet: "'10.0.0.1'",
    cidr: "'10.0.0.0/8'",
    macaddr: "'08:00:2b:01:02:03'",
    'bit(3)': "B'101'",
    'int4[]': "'{1,NULL}'",
  },
  ...{ 'text[]': "'{a,b}'", int4range: "'[1,5)'", point: "'(1,2)'" },
};
const mysqlTypes = {
  ...{
    'tinyint(1)': '1',
    tinyint: '-1',
    smallint: '2',
    mediumint: '3',
    int: '4',
    bigint: '9007199254740993',
    'bigint unsigned': '18446744073709551615',
  },
  ...{ float: '1.5', double: '0.1', 'decimal(18,4)': '0.0001', 'bit(3)': "b'101'", 'char(3)': "'a'", 'varchar(5)': "'æ'", text: "'open'" },
  ...{
    json: `'{"a": 1}'`,
    'binary(3)': "x'0061ff'",
    'varbinary(3)': "x'00'",
    blob: "x'00ff'",
    "enum('a','b')": "'a'",
    "set('a','b')": "'a,b'",
  },
  ...{
    date: "'2024-02-29'",
    time: "'23:59:59'",
    'datetime(6)': "'2024-02-29 10:00:00.000001'",
    'timestamp(6) null': "'2024-02-29 10:00:00'",
    year: '2024',
  },
};
const sqliteTypes = {
  ...{ integer: '7', real: '0.5', text: "'open'", blob: "x'00ff'", boolean: '1', date: "'2024-02-29'", datetime: "'2024-02-29 10:00:00'" },
  ...{ 'decimal(10,2)': '1.5', numeric: '2', 'varchar(5)': "'æ'", time: "'10:00:00'" },
};
const duckdbTypes = {
  ...{
    boolean: 'true',
    tinyint: '-1',
    smallint: '2',
    integer: '3',
    bigint: '4',
    hugeint: '5',
    utinyint: '6',
    usmallint: '7',
    uinteger: '8',
  },
  ...{
    ubigint: '18446744073709551615',
    float: "'nan'",
    double: '0.1',
    'decimal(18,4)': '0.0001',
    varchar: "'open'",
    blob: "'\\xAA'",
    uuid: 'uuid()',
  },
  ...{
    date: "'2024-02-29'",
    time: "'23:59:59.999999'",
    timestamp: "'2024-02-29 10:00'",
    timestamptz: "'2024-02-29 10:00:00+02:00'",
    timestamp_ns: "'2024-02-29 10:00:00.123456789'",
  },
  ...{
    timestamp_s: "'2024-02-29 10:00'",
    interval: "'1 day'",
    json: `'{"a": 1}'`,
    "enum('a', 'b')": "'a'",
    'integer[]': '[1, null]',
    bit: "'101'",
  },
  ...{ 'struct(a integer, b varchar)': "{a: 1, b: 'x'}", 'map(varchar, integer)': "map {'a': 1}" },
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
  [postgres, postgresTypes],
  [mariadb, mysqlTypes],
  [sqlite, sqliteTypes],
  [duckdb, duckdbTypes],
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
