import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { mariadb, placeIn, postgres, sqlite } from './databases.ts';

describe.each(asked(whole ? [postgres, mariadb, sqlite] : [sqlite]))(
  'a table of $name with a primary key of its own',
  ({ missing, open }) => {
    test.skipIf(missing !== '')('is merged into by that key from files, in which any column may be null', async () => {
      await using place = await placeIn({ open }, () => ({
        'in/a.csv': 'id,note,at\n1,a,2024-01-01\n2,b,2024-01-01\n',
      }));
      const { database, workspace, go } = place;
      await database.sql('create table e (id bigint primary key, note varchar(20), at date)', 'select 1');
      const flow = (key: string) =>
        `home: { path: in, format: csv, types: { id: int64, at: date } }\nstore: { connection: c, table: e${database.keys} }\nrun_type: incremental\nwatermark: { column: at${key} }\n`;
      workspace.write({ 'flows/f/flow.yml': flow('') });
      expect(await go()).toMatchObject({ code: 1, text: expect.stringContaining('watermark: { column: …, key: [id] }') });

      workspace.write({ 'flows/f/flow.yml': flow(', key: [id]') });
      const merged = await go();
      expect(merged.code, merged.text).toBe(0);
      workspace.write({ 'in/b.csv': 'id,note,at\n2,c,2024-01-02\n3,d,2024-01-02\n' });
      expect(await go()).toMatchObject({ code: 0 });
      expect(await database.sql('select id, note from e order by id')).toEqual(['1 a', '2 c', '3 d']);

      workspace.write({ 'in/c.csv': 'id,note,at\n,x,2024-01-03\n' });
      expect(await go()).toMatchObject({ code: 1, text: expect.stringContaining('HYG-2074') });
      expect(await database.sql('select count(*) from e')).toEqual(['3']);
    });
  },
);
