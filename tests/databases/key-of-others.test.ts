import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite } from './databases.ts';

const rows = 'select id, note, who from e order by id, note';

describe.each(asked(whole ? [postgres, mariadb, sqlite, duckdb] : [sqlite]))(
  'a merge into a table of $name with a column that marks our rows',
  (kind) => {
    test.skipIf(kind.missing !== '')('leaves a row of others with the same key as it is, and stops; what is advised leads on', async () => {
      await using place = await placeIn(kind, ({ keys }) => ({
        'flows/f/flow.yml': `home: in/*.csv
store: { connection: c, table: e${keys}, mark_column: who }
run_type: incremental
watermark: { column: seen, key: [id] }
`,
        'in/a.csv': 'id,note,seen\n1,a,2024-01-01\n2,b,2024-01-02\n',
      }));
      const { database, workspace, go } = place;
      expect(await go()).toMatchObject({ code: 0 });
      await database.sql(`insert into e (id, note, seen, who) values (3, 'theirs', '2024-01-01', null)`, 'select 1');
      await database.sql(`insert into e (id, note, seen, who) values (4, 'theirs', '2024-01-01', 'others')`, 'select 1');

      workspace.write({ 'in/b.csv': 'id,note,seen\n2,newer,2024-01-03\n3,ours,2024-01-03\n4,ours,2024-01-03\n5,new,2024-01-03\n' });
      const stopped = await go();
      expect(stopped).toMatchObject({
        code: 1,
        text: expect.stringMatching(/HYG-4293 .* rows that hygge did not write have 2 of the incoming keys, .*3/),
      });
      expect((await database.sql(rows)).map((row) => row.trim())).toEqual([
        '1 a f.f',
        '2 b f.f',
        expect.stringMatching(/^3 theirs/),
        '4 theirs others',
      ]);

      const [, takesOver = ''] = /To make the row a row of f\.f: (.*)/.exec(stopped.text) ?? [];
      await database.sql(takesOver, 'select 1');
      expect(await go()).toMatchObject({
        code: 1,
        text: expect.stringMatching(/HYG-4293 .* rows that hygge did not write have 1 of the incoming keys, .*4/),
      });
      await database.sql('delete from e where id = 4', 'select 1');
      expect(await go()).toMatchObject({ code: 0 });
      expect(await database.sql(rows)).toEqual(['1 a f.f', '2 newer f.f', '3 ours f.f', '4 ours f.f', '5 new f.f']);
    });
  },
);
