import { writeFile } from 'node:fs/promises';
import { type DatabaseRounds, databaseRounds, type RoundsOptions } from './database-kill-rounds.ts';
import type { TestDatabase } from './mariadb.ts';
import type { OwnMariadb } from './mariadb-process.ts';

const columns = "seq as id, timestamp'2024-01-01 00:00:00' + interval seq div 7 second as at, left(sha2(seq, 256), 32) as noise";

const hashed = "cast(conv(left(sha2(concat_ws('|', id, coalesce(at, ''), coalesce(noise, '-')), 256), 15), 16, 10) as unsigned)";
const multiset = (table: string): string => `(select count(*) n, coalesce(sum(${hashed}), 0) f from ${table})`;

/** @param of.server that the database is in. */
export function mariadbRounds(
  db: TestDatabase,
  { server, ...options }: RoundsOptions & { readonly server: OwnMariadb },
): Promise<DatabaseRounds> {
  const { database } = db;
  const numbers = async (sql: string) => Number((await db.sql(sql)).trim());
  return databaseRounds(
    {
      connection: JSON.stringify({ type: 'mysql', ...db.keys, password: `\${DB_SECRET}` }),
      secret: db.password,
      // MySQL 9.7 has no MD5.
      noise: 'left(sha256(range::varchar), 32)',
      async begin() {
        await db.sql(`create table source (id bigint primary key, at datetime(6), noise longtext, key (at)); create table keyed like source;
          create table viewed (id bigint not null check (id >= 0), at datetime(6), noise longtext)`);
      },
      async grow(from, to) {
        await db.sql(`insert into source select ${columns} from seq_${from}_to_${to - 1};
          update keyed set at = timestamp'2024-01-01 00:00:00' + interval ${from} div 7 second, noise = concat(noise, 'u') where id % 7 = 0;
          insert into keyed select ${columns} from seq_${from}_to_${to - 1}`);
      },
      // Of many rows a sum of their hashes: `except all` compares each with each.
      differing: (source, way) => numbers(`select abs(s.n - w.n) + (s.f <> w.f) from ${multiset(source)} s, ${multiset(way)} w`),
      async staged() {
        const tables = await db.sql(`select TABLE_NAME from information_schema.TABLES where TABLE_SCHEMA = 'hygge_staging'`);
        return tables.split('\n').filter((name) => name !== '');
      },
      async csv(path) {
        await writeFile(path, await db.sql(`select concat_ws(',', id, at, noise) from source`));
      },
      async endSessions() {
        const ids = await db.sql(
          `select ID from information_schema.PROCESSLIST where DB = '${database}' and ID <> connection_id() and rand() < 0.6`,
        );
        for (const id of ids.split('\n').filter((one) => one !== '')) await db.sql(`kill connection ${id}`).catch(() => '');
      },
      crash: () => server.crash(),
    },
    options,
  );
}
