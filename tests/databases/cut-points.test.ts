import { expect, test } from 'vitest';
import { duckdb } from '../../src/databases/duckdb/duckdb.ts';
import type { Engine, RelationPart, SourceColumn } from '../../src/databases/engine.ts';
import { mysql } from '../../src/databases/mysql/mysql.ts';
import { postgres } from '../../src/databases/postgres/postgres.ts';
import { sqlserver } from '../../src/databases/sqlserver/sqlserver.ts';
import type { DataType } from '../../src/frames/schema.ts';

// Where rows are cut by a column, each part is asked for by literals: the order of the column has to be that of its literals.
const types: readonly (readonly [string, DataType])[] = [
  ['int', { kind: 'int32' }],
  ['bigint', { kind: 'int64' }],
  ['bigint unsigned', { kind: 'uint64' }],
  ['decimal(18,2)', { kind: 'decimal', precision: 18, scale: 2 }],
  ['float', { kind: 'float64' }],
  ['bit', { kind: 'bool' }],
  ['date', { kind: 'date' }],
  ['time', { kind: 'time', unit: 'us' }],
  ['datetime2(7)', { kind: 'timestamp', unit: 'ns' }],
  ['uuid', { kind: 'uuid' }],
  ['char(10)', { kind: 'string' }],
  ['varchar(50)', { kind: 'string' }],
  ['nchar(10)', { kind: 'string' }],
  ['nvarchar(50)', { kind: 'string' }],
  ['nvarchar(max)', { kind: 'string' }],
  ['varbinary(50)', { kind: 'binary' }],
  ['json', { kind: 'json' }],
];

/** Source types of which the engine asks the database for bounds, where a table has 1,000 blocks or the place is `from`. */
async function cutBy<S>(
  engine: Pick<Engine<never, S & never>, 'cutPoints'>,
  { from = '"t"', ...more }: Partial<RelationPart & SourceColumn> = {},
) {
  const asked: string[] = [];
  for (const [sourceType, type] of types) {
    const query = async () => {
      if (asked.at(-1) !== sourceType) asked.push(sourceType);
      return [];
    };
    const piece = { from, blocks: 1000, bytes: 1e9, rows: 1e6, ...more } as unknown as RelationPart;
    const column = { name: 'k', type, sourceType, ...more } as unknown as SourceColumn;
    await engine.cutPoints({ query } as unknown as never, piece, column, 4);
  }
  return asked;
}

const whole = ['int', 'bigint'];
const ordered = [...whole, 'decimal(18,2)', 'date', 'datetime2(7)', 'uuid'];
const texts = ['char(10)', 'varchar(50)', 'nchar(10)', 'nvarchar(50)', 'nvarchar(max)'];

test.each([
  ['PostgreSQL', postgres, [...ordered, ...texts]],
  ['DuckDB', duckdb, [...ordered, ...texts]],
  ['SQL Server', sqlserver, [...ordered, 'nchar(10)', 'nvarchar(50)']],
  ['MySQL', mysql, [...whole, 'bigint unsigned']],
])('%s is cut by columns whose order their literals have', async (_, engine, expected) => {
  expect(await cutBy(engine as never)).toEqual(expected);
});

test.each([
  ['PostgreSQL: an empty table', postgres, { blocks: 0 }],
  ['PostgreSQL: a view', postgres, { blocks: null }],
  ['PostgreSQL: a column that is read as text', postgres, { shownAsText: true }],
  ['DuckDB: a column that is read as text', duckdb, { shownAsText: true }],
  ['SQL Server: an empty table', sqlserver, { bytes: 0 }],
  ['SQL Server: a part of a table', sqlserver, { from: '(SELECT * FROM [t]) AS p' }],
])('is asked for no bounds: %s', async (_, engine, of) => {
  expect(await cutBy(engine as never, of as never)).toEqual([]);
});
