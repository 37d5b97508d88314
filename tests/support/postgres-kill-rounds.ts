import { type DatabaseRounds, databaseRounds, type RoundsOptions } from './database-kill-rounds.ts';
import type { TestDatabase } from './postgres.ts';
import type { PostgresProcess } from './postgres-process.ts';

const columns = `i as id, timestamp '2024-01-01' + i / 7 * interval '1 second' as at, md5(i::text) as noise`;

/** @param of.server that the database is in. */
export function postgresRounds(
  db: TestDatabase,
  { server, ...options }: RoundsOptions & { readonly server: PostgresProcess },
): Promise<DatabaseRounds> {
  const { host, port, database, user } = db;
  return databaseRounds(
    {
      connection: `{ type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: "\${DB_SECRET}" }`,
      secret: db.password,
      async begin() {
        await db.sql(`create table source (id bigint primary key, at timestamp, noise text); create index on source (at);
          create table keyed (like source including all); create table viewed (like source); create view shown as select * from viewed`);
      },
      async grow(from, to) {
        await db.sql(`insert into source select ${columns} from generate_series(${from}, ${to - 1}) i`);
        await db.sql(
          `update keyed set at = timestamp '2024-01-01' + ${from} / 7 * interval '1 second', noise = noise || 'u' where id % 7 = 0`,
        );
        await db.sql(`insert into keyed select ${columns} from generate_series(${from}, ${to - 1}) i`);
      },
      async differing(source, way) {
        const [found] = await db.sql(
          `select count(*) as n from ((table ${source} except all table ${way}) union all (table ${way} except all table ${source})) d`,
        );
        return Number(found?.n);
      },
      async staged() {
        const names = `select tablename as name from pg_tables where schemaname = 'hygge_staging' union all select name from hygge_metadata.staged`;
        return (await db.sql(names)).map(({ name }) => name ?? '');
      },
      async csv(path) {
        await db.psql(`\\copy source to '${path}' csv`);
      },
      async endSessions() {
        await db.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'hygge %' and random() < 0.6`,
        );
      },
      crash: () => server.crash(),
    },
    options,
  );
}
