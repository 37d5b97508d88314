import { afterAll, beforeAll, describe } from 'vitest';
import { homeConformance, readBothWays } from '../../support/connector-conformance/home.ts';
import { plainFrame, plainRows } from '../../support/connector-conformance/plain-rows.ts';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { postgresHomes } from '../../support/postgres-home.ts';
import { sampled } from '../../support/samples.ts';

/** The same rows, in each kind of thing that can be read. */
const sources: Readonly<Record<string, { readonly sql: readonly string[]; readonly config: Readonly<Record<string, unknown>> }>> = {
  'a table': { sql: ['create table t (id bigint, mark bigint)'], config: { table: 't' } },
  'a query': { sql: ['create table t (id bigint, mark bigint)'], config: { query: 'select id, mark from t -- all of them' } },
  'a view': { sql: ['create table t (id bigint, mark bigint)', 'create view v as select * from t'], config: { table: 'public.v' } },
  'a partitioned table': {
    sql: [
      'create table t (id bigint, mark bigint) partition by range (id)',
      'create table t_1 partition of t for values from (minvalue) to (4)',
      'create table t_2 partition of t for values from (4) to (7) partition by range (id)',
      'create table t_21 partition of t_2 for values from (4) to (7)',
      'create table t_3 partition of t default',
    ],
    config: { table: 't' },
  },
};

describe.skipIf(noPostgres() !== '')('PostgreSQL', () => {
  for (const [name, steps] of sampled(readBothWays(Object.keys(sources)), 6, 0)) {
    const { sql, config } = sources[name] as (typeof sources)[string];
    describe(`whose slices are read ${steps}:`, () => {
      let db: TestDatabase;
      beforeAll(async () => {
        db = await postgresDatabase();
        for (const statement of sql) await db.sql(statement);
        for (const { id, mark } of plainRows) await db.sql('insert into t values ($1, $2)', [id, mark]);
      });
      afterAll(() => db[Symbol.asyncDispose]());

      homeConformance(`${name} of PostgreSQL`, async () => {
        const homes = postgresHomes(db);
        // In one process one handle plans and reads; else any other may.
        const one = steps === 'here' ? homes.home(config, steps) : undefined;
        return {
          open: () => one ?? homes.home(config, steps),
          rows: plainRows,
          read: plainFrame,
          left: async () =>
            Number(
              (
                await db.sql(
                  `select count(*) as n from pg_stat_activity where application_name like 'hygge %' and datname = current_database()`,
                )
              )[0]?.n,
            ),
          [Symbol.asyncDispose]: () => homes[Symbol.asyncDispose](),
        };
      });
    });
  }
});
