import { describe, expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { pgbouncerProblem, startPgBouncer } from '../../support/pgbouncer.ts';
import { noPostgres, postgresDatabase } from '../../support/postgres.ts';
import { TestWorkspace } from '../../support/workspace.ts';

describe.skipIf(noPostgres() !== '' || pgbouncerProblem() !== '')(
  'through a PgBouncer that gives each transaction another connection',
  () => {
    test('tables are loaded, swapped, merged into and read, several at once, over as many connections as hygge has at most', async () => {
      await using db = await postgresDatabase();
      await using pooler = await startPgBouncer(db, 3);
      const { host, port } = pooler;
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections:\n  pg: { type: postgres, host: ${host}, port: ${port}, database: ${db.database}, user: ${db.user}, password: "\${PG_SECRET}", pool_size: 3 }\n`,
        'flows/up/flow.yml': 'home: { type: parquet, path: in }\nstore: { type: postgres, connection: pg }\nentities: [a, b, c]\n',
        'flows/merge/flow.yml':
          'home: { type: parquet, path: in }\nstore: { type: postgres, connection: pg, table: merged }\nrun_type: incremental\nwrite_strategy: merge\nwatermark: { column: at, key: [id] }\nentities: [a]\n',
        'flows/down/flow.yml':
          'home: { type: postgres, connection: pg }\nstore: out\nrun_type: incremental\nwatermark: { column: at }\nentities: [a, b, c]\n',
        ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`in/${name}/.keep`, ''])),
      });
      const some = (file: string, from: number, to: number) =>
        duck(
          `copy (select range as id, md5(range::varchar) as noise, timestamp '2024-01-01' + interval (range) second as at from range(${from}, ${to}))
          to '${workspace.path(file)}' (format parquet, row_group_size 2048)`,
        );
      for (const name of ['a', 'b', 'c']) await some(`in/${name}/1.parquet`, 0, 6_000);
      const go = async (flow: string) => {
        const run = await workspace.run(['go', '-f', flow, '--output', 'json'], { env: { PG_SECRET: db.password } });
        expect([flow, run.code, run.code === 0 ? '' : run.stderr + run.stdout]).toEqual([flow, 0, '']);
      };
      for (const flow of ['up', 'merge', 'down']) await go(flow);
      for (const name of ['a', 'b', 'c']) await some(`in/${name}/2.parquet`, 6_000, 8_000);
      for (const flow of ['up', 'merge', 'down']) await go(flow);
      const source = `select count(*) as n, sum(id) as ids, md5(string_agg(noise, '' order by id)) as noise from`;
      const [wanted] = await duck(`${source} '${workspace.path('in/a/*.parquet')}'`);
      for (const name of ['a', 'b', 'c']) expect(await duck(`${source} '${workspace.path(`out/${name}/*.parquet`)}'`)).toEqual([wanted]);
      for (const table of ['a', 'merged'])
        expect(
          await db.sql(`select count(*)::text as n, sum(id)::text as ids, md5(string_agg(noise, '' order by id)) as noise from ${table}`),
        ).toEqual([wanted]);
      expect(await db.sql(`select tablename from pg_tables where schemaname = 'hygge_staging'`)).toEqual([]);
    });
  },
);
