import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { mariadb, postgres, sqlite } from './databases.ts';

const flow = (keys: string, more: string) => `home: in/*.csv
store: { connection: c, table: e${keys} }
run_type: incremental
watermark: { column: at, ${more} }
`;
const rows = 'select id, tag, note from e order by id, tag, note';

describe.each(asked(whole ? [postgres, mariadb, sqlite] : [sqlite]))(
  'a key that several rows of a table of $name have',
  ({ missing, open }) => {
    test.skipIf(missing !== '')('stops a merge, which would make copies of them; what is advised leads on', async () => {
      await using database = await open();
      await using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': flow(database.keys, ''),
        'in/a.csv': 'id,tag,note,at\n1,a,x,2024-01-01\n2,a,y,2024-01-01\n2,b,z,2024-01-02\n',
      });
      const go = async (...args: readonly string[]) => {
        const { code, stdout, stderr } = await workspace.run(['go', ...args], { env: { SHOP_SECRET: database.password } });
        return { code, text: stdout + stderr };
      };
      expect(await go()).toMatchObject({ code: 0 });

      workspace.write({ 'flows/f/flow.yml': flow(database.keys, 'key: [id]'), 'in/b.csv': 'id,tag,note,at\n2,c,new,2024-01-03\n' });
      const stopped = await go();
      expect(stopped).toMatchObject({ code: 1, text: expect.stringMatching(/HYG-4246 .* has 2 rows with the same id: 2\./) });
      expect(await database.sql(rows)).toEqual(['1 a x', '2 a y', '2 b z']);
      const [, sought = ''] = /To list all: (.*)/.exec(stopped.text) ?? [];
      expect(await database.sql(sought)).toEqual(['2 2']);

      await database.sql(`delete from e where tag = 'a' and id = 2`, 'select 1');
      expect(await go()).toMatchObject({ code: 0 });
      expect(await database.sql(rows)).toEqual(['1 a x', '2 c new']);

      await database.sql('insert into e select * from e where id = 1', 'select 1');
      workspace.write({
        'in/c.csv': 'id,tag,note,at\n1,d,newer,2024-01-04\n',
        'flows/f/flow.yml': `${flow(database.keys, 'key: [id]')}if_exists: replace\n`,
      });
      expect(await go()).toMatchObject({ code: 1, text: expect.stringContaining('HYG-4246') });
      const anew = await go('-d', '-e', 'f.f');
      expect(anew.code, anew.text).toBe(0);
      expect(await database.sql(rows)).toEqual(['1 d newer', '2 c new']);
    });
  },
);
