import { join } from 'node:path';
import { expect, test } from 'vitest';
import { threads } from '../../support/duck.ts';
import { DuckdbTestFile } from '../../support/duckdb-file.ts';
import { recordDuckdb } from '../../support/embedded-recorders.ts';
import { isMysql } from '../../support/mariadb.ts';
import { homesBy } from '../../support/postgres-home.ts';
import { StatementGolden } from '../../support/statement-golden.ts';
import { golden, ofNonces, ofProbes } from '../golden/scenes.ts';

test.skipIf(isMysql)('every statement stands in the golden file: a difference is a review (npm run golden)', async () => {
  using file = new DuckdbTestFile();
  await file.sql(
    'create table orders (id int primary key, price decimal(20,2), day date, "at" timestamp, moment timestamptz, name text, uid uuid)',
    `insert into orders select i, i + 0.25, '2026-01-01', '2026-01-01 00:00:00.123', '2026-01-01 00:00:00.5+02', 'n' || i, null from range(40) r(i)`,
  );
  const keys = { path: file.path, threads };
  using recorder = await recordDuckdb();
  const statements = new StatementGolden(
    () => recorder.sent,
    [
      [new RegExp(file.root, 'g'), '{folder}'],
      [/(?<=hygge-scratch-)\d+/g, '{process}'],
      [/(?<=hygge_lock_)[0-9a-f]{16}/g, '{hash #}'],
      [/\b\d{15,19}\b/g, '{number #}'],
      ofProbes,
      ofNonces,
    ],
  );
  await golden(statements, {
    ...{
      type: 'duckdb',
      schema: '',
      columns: ['price', 'day', 'at', 'moment', 'name'],
      open: () => homesBy('duckdb', keys, file.root),
      homeKeys: keys,
      keys,
    },
    sql: (...those) => recorder.without(() => file.sql(...those)),
  });
  await expect(statements.text).toMatchFileSnapshot(join(import.meta.dirname, 'golden.sql'));
});
