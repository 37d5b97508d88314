import { describe, expect, test } from 'vitest';
import { duckdbSyntax as duckdbLexis } from '../../src/databases/duckdb/syntax.ts';
import { mysqlSyntax as mysqlLexis } from '../../src/databases/mysql/syntax.ts';
import { postgresSyntax as postgresLexis } from '../../src/databases/postgres/syntax.ts';
import { statementsForMessages } from '../../src/databases/sql/statement-mask.ts';
import { sqliteSyntax as sqliteLexis } from '../../src/databases/sqlite/syntax.ts';
import { sqlServerSyntax as sqlserverLexis } from '../../src/databases/sqlserver/syntax.ts';
import { whole } from '../support/samples.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite } from './databases.ts';

describe.each(whole ? [postgres, mariadb, sqlite, duckdb] : [sqlite])('a statement that $name refuses', ({ missing, open, name }) => {
  test.skipIf(missing !== '')('is named with -v, without its values, and not without -v', async () => {
    await using place = await placeIn({ open }, ({ keys }) => ({
      'flows/f/flow.yml': `home: in/*.csv\nstore: { connection: c, table: e${keys} }\nrun_type: incremental\nwatermark: { column: day, key: [id] }\nif_exists: append\n`,
      'in/a.csv': 'id,name,day\n1,canary-of-a-value,2024-01-01\n',
    }));
    const { database, workspace } = place;
    const check = 'create table e (id bigint, name varchar(40) check (length(name) < 12), day date)';
    await database.sql(check);
    const go = async (...args: readonly string[]) => {
      const { stdout, stderr } = await workspace.run(['go', ...args]);
      return stdout + stderr;
    };
    const code = name === 'DuckDB' ? /HYG-(4204|2066)/ : /HYG-2066/;
    const quiet = await go();
    expect(quiet).toMatch(code);
    expect(quiet).not.toMatch(/insert into/i);
    const told = await go('-v');
    expect(told).toMatch(code);
    const [, statement = ''] = /^ {4}sql +(.*)$/m.exec(told) ?? [];
    expect(statement).toMatch(/^(insert into|merge into|update) .*\be\b/i);
    expect(statement).not.toContain('canary');
    expect(statement).not.toMatch(/2024-01|'[^…']/);
  });
});

describe('a statement without its values', () => {
  test.each([
    [
      postgresLexis,
      `select 1 from "a'1" where x = 'it''s' and y = E'\\'s' and z = $1`,
      [`select … from "a'1" where x = '…' and y = '…' and z = $1`],
    ],
    [postgresLexis, `select $tag$ secret; $tag$; -- secret\nset x /* secret */ = 5`, [`select '…'`, `set x = …`]],
    [
      postgresLexis,
      `alter table t alter c type decimal(38, 10), alter d type varchar(20)`,
      [`alter table t alter c type decimal(38, 10), alter d type varchar(20)`],
    ],
    [postgresLexis, `select 'secret`, [`select …`]],
    [
      mysqlLexis,
      "select \"secret\", 'a\\'b', `n1` # secret\nfrom t where x in (5, 6.5e3, 0xFF)",
      ['select "…", \'…\', `n1` from t where x in (…, …, …)'],
    ],
    [sqliteLexis, `insert into "t" values (?1, x'ff', 'secret')`, [`insert into "t" values (?1, x'…', '…')`]],
    [sqlserverLexis, `INSERT INTO [a]]'1] VALUES (N'secret', 0xFF, @p1)`, [`INSERT INTO [a]]'1] VALUES (N'…', …, @p1)`]],
    [duckdbLexis, `select [1, 'secret'], 5::int`, [`select […, '…'], …::int`]],
  ] as const)('%#: %s', (syntax, sql, shown) => {
    expect(statementsForMessages(sql, syntax)).toEqual(shown);
  });
});
