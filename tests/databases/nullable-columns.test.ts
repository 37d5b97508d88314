import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, postgres, sqlite } from './databases.ts';

describe.each(asked(whole ? [postgres, mariadb, sqlite, duckdb] : [sqlite]))('a table of $name with columns that may be null', (kind) => {
  test.skipIf(kind.missing !== '')('lets them be null after each full load that replaces it', async () => {
    await using database = await kind.open();
    using source = new SqliteTestFile();
    source.sql('create table s (id bigint not null, note text not null)', `insert into s values (1, 'a'), (2, 'b')`);
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection}, s: { type: sqlite, path: ${JSON.stringify(source.path)} } }\n`,
      'flows/f/flow.yml': `home: { connection: s, table: s }
store: { connection: c, table: e${database.keys} }
if_exists: replace
`,
    });
    await database.sql('create table e (id bigint not null, note text)', `insert into e values (7, 'theirs')`, 'select 1');
    for (const left of [`1 a\n2 b`, `1 a\n2 b`]) {
      const { code, stdout, stderr } = await workspace.run(['go'], { env: { SHOP_SECRET: database.password } });
      expect({ code, text: stdout + stderr }).toMatchObject({ code: 0 });
      expect((await database.sql('select id, note from e order by id')).join('\n')).toBe(left);
      await expect(database.sql('insert into e (id) values (8)', 'select 1')).resolves.toBeDefined();
      await expect(database.sql(`insert into e (note) values ('x')`, 'select 1')).rejects.toThrow();
    }
  });
});
