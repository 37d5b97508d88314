import { afterAll, beforeAll, describe } from 'vitest';
import { homeConformance, readBothWays } from '../../support/connector-conformance/home.ts';
import { plainFrame, plainRows } from '../../support/connector-conformance/plain-rows.ts';
import { mariadbDatabase, type TestDatabase } from '../../support/mariadb.ts';
import { sampled } from '../../support/samples.ts';
import { mysqlHomes, onMariadb } from './support.ts';

const sources: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'a table': { table: 't' },
  'a query': { query: 'select id, mark from t' },
};

onMariadb('the home of MariaDB', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await mariadbDatabase();
    const values = plainRows.map(({ id, mark }) => `(${id}, ${mark})`);
    await db.sql(`create table t (id bigint, mark bigint); insert into t values ${values.join(', ')}`);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  for (const [name, steps] of sampled(readBothWays(Object.keys(sources)), 2)) {
    const config = sources[name] ?? {};
    describe(`whose slices are read ${steps}:`, () => {
      homeConformance(name, async () => {
        const homes = mysqlHomes(db);
        const one = steps === 'here' ? homes.home(config, steps) : undefined;
        return {
          open: () => one ?? homes.home(config, steps),
          rows: plainRows,
          read: plainFrame,
          [Symbol.asyncDispose]: () => homes[Symbol.asyncDispose](),
        };
      });
    });
  }
});
