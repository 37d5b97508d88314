import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { mariadb, postgres, sqlite } from './databases.ts';

describe.each(asked([postgres, mariadb, sqlite]))('a table of $name that is read by a query and settled in by the same run', (kind) => {
  test.skipIf(kind.missing !== '')(
    'is replaced by what the query shows: what it is read under is let go of before',
    { timeout: 60_000 },
    async () => {
      await using database = await kind.open();
      await database.cleared();
      await database.sql('create table e (id bigint, v bigint)', 'insert into e values (1, 7), (1, 7), (2, 8), (2, 8), (2, 8)');
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/e/flow.yml': `home: { connection: c, query: "select distinct id, v from e" }\nstore: { connection: c, table: e${database.keys} }\nif_exists: replace\n`,
      });
      const { code, stdout, stderr } = await workspace.run(['go', '--output', 'json'], { env: { SHOP_SECRET: database.password } });
      expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
      expect(await database.sql('select id, v from e order by id')).toEqual(['1 7', '2 8']);
    },
  );
});
