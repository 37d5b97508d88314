import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { mariadb, placeIn, postgres, sqlite } from './databases.ts';

describe.each(asked([postgres, mariadb, sqlite]))('a table of $name that is read by a query and settled in by the same run', (kind) => {
  test.skipIf(kind.missing !== '')('is replaced by what the query shows: what it is read under is let go of before', async () => {
    await using place = await placeIn(kind, ({ keys }) => ({
      'flows/e/flow.yml': `home: { connection: c, query: "select distinct id, v from e" }\nstore: { connection: c, table: e${keys} }\nif_exists: replace\n`,
    }));
    const { database, workspace } = place;
    await database.cleared();
    await database.sql('create table e (id bigint, v bigint)', 'insert into e values (1, 7), (1, 7), (2, 8), (2, 8), (2, 8)');
    const { code, stdout, stderr } = await workspace.run(['go', '--output', 'json']);
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    expect(await database.sql('select id, v from e order by id')).toEqual(['1 7', '2 8']);
  });
});
