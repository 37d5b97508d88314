import { afterAll, beforeAll, describe } from 'vitest';
import { noPostgres, postgresDatabase, type TestDatabase } from '../../support/postgres.ts';
import { openSqlState, placeIn, type SqlPlace, sqliteFolder } from '../../support/sql-state.ts';
import { type StateUnderTest, stateConformance } from '../../support/state-conformance.ts';

/** Two processes at one place. */
async function twoAt(place: SqlPlace, gone?: AsyncDisposable): Promise<StateUnderTest> {
  const [one, other] = [await openSqlState(place), await openSqlState(place)];
  return {
    state: one.state,
    another: other.state,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await gone?.[Symbol.asyncDispose]();
    },
  };
}

stateConformance('state in a file of SQLite', async () => {
  const folder = await sqliteFolder();
  return twoAt(folder.place, folder);
});

describe.skipIf(noPostgres() !== '')('with a server', () => {
  let db: TestDatabase;
  let made = 0;
  beforeAll(async () => {
    db = await postgresDatabase();
  });
  afterAll(() => db[Symbol.asyncDispose]());

  // A schema for each test is a place as good as a database, and made much sooner.
  stateConformance('state in PostgreSQL', () => twoAt({ ...placeIn(db), schema: `state_${++made}` }));
});
