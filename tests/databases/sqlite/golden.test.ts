import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordSqlite } from '../../support/embedded-recorders.ts';
import { isMysql } from '../../support/mariadb.ts';
import { homesBy } from '../../support/postgres-home.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { StatementGolden } from '../../support/statement-golden.ts';
import { golden, ofNonces, ofProbes } from '../golden/scenes.ts';

test.skipIf(isMysql)('every statement stands in the golden file: a difference is a review (npm run golden)', async () => {
  using file = new SqliteTestFile();
  file.sql(
    'create table orders (id integer primary key, price decimal(20,2), day date, at datetime, name text)',
    `insert into orders with recursive n (i) as (select 0 union all select i + 1 from n where i < 39) select i, i + 0.25, '2026-01-01', '2026-01-01 00:00:00.123', 'n' || i from n`,
  );
  const keys = { path: file.path };
  using recorder = recordSqlite(file.root);
  const statements = new StatementGolden(() => recorder.sent, [[new RegExp(file.root, 'g'), '{folder}'], ofProbes, ofNonces]);
  await golden(statements, {
    ...{
      type: 'sqlite',
      schema: '',
      columns: ['day', 'at', 'name'],
      open: () => homesBy('sqlite', keys, file.root),
      homeKeys: keys,
      keys,
    },
    sql: async (...those) => file.sql(...those),
  });
  await expect(statements.text).toMatchFileSnapshot(join(import.meta.dirname, 'golden.sql'));
});
