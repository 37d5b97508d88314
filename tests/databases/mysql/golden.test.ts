import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isMysql, mariadbDatabase, noOwnMariadb, ownMariadb } from '../../support/mariadb.ts';
import { startMysqlProxy } from '../../support/mysql-proxy.ts';
import { homesBy } from '../../support/postgres-home.ts';
import { StatementGolden } from '../../support/statement-golden.ts';
import { golden, ofNonces, ofProbes } from '../golden/scenes.ts';

const missing = isMysql ? 'the golden file is of MariaDB' : noOwnMariadb();

test.skipIf(missing !== '')('every statement stands in the golden file: a difference is a review (npm run golden)', async ({ skip }) => {
  // What other tests have open in a server of theirs is waited for, and asked about.
  await using server = await ownMariadb();
  await using db = await mariadbDatabase(server);
  const version = (await db.sql('select version()')).trim();
  skip(!version.startsWith('10.11.'), `the golden file is of MariaDB 10.11, this is ${version}`);
  await using proxy = await startMysqlProxy({ host: '127.0.0.1', port: db.port });
  await db.sql(
    `create table orders (id int primary key, price decimal(20,2), day date, at datetime(3), moment timestamp(3) null, name varchar(20));
    insert into orders select seq, seq + 0.25, '2026-01-01', '2026-01-01 00:00:00.123', '2026-01-01 00:00:00.5', concat('n', seq) from seq_0_to_39`,
  );
  const keys = { host: proxy.host, port: proxy.port, user: db.user, password: db.password, database: db.database, tls: 'disable' };
  const own = { staging_schema: `${db.database}_stg`, metadata_schema: `${db.database}_own` };
  const statements = new StatementGolden(
    () => proxy.seen.map(({ text }) => ({ sql: text })),
    [
      [new RegExp(`${db.database}|${Buffer.from(db.database).toString('hex')}`, 'gi'), '{database}'],
      [/(?<=hygge_attempt (?:= |in \([\d, ]*))\d+|\b\d{15,19}\b/g, '{number #}'],
      [/(?<=_all_)[0-9a-f]{16}/g, '{hash #}'],
      ofProbes,
      ofNonces,
    ],
  );
  await golden(statements, {
    ...{
      type: 'mysql',
      schema: '',
      columns: ['price', 'day', 'at', 'moment', 'name'],
      open: () => homesBy('mysql', { ...keys, safe_wait: '200ms' }),
      homeKeys: keys,
    },
    ...{ keys: { ...keys, ...own, pool_size: 8 }, sql: (...those) => db.sql(those.join(';')) },
  });
  await expect(statements.text).toMatchFileSnapshot(join(import.meta.dirname, 'golden.sql'));
});
