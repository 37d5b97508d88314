import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { Window } from '../../src/engine/contracts/home.ts';
import type { Watermark } from '../../src/frames/watermark.ts';
import { boundOf, windowOf } from '../support/late-rows.ts';
import { asked } from '../support/mariadb.ts';
import { framesOf, homesBy, rowsOf } from '../support/postgres-home.ts';
import { sampled, whole } from '../support/samples.ts';
import { duckdb, firstOf, mariadb, postgres } from './databases.ts';

const special = { [postgres.name]: '-infinity', [duckdb.name]: '-infinity', [mariadb.name]: '0000-00-00' };

for (const kind of asked(whole ? [postgres, duckdb, mariadb] : [postgres, mariadb])) {
  const types = kind === mariadb ? ['date', 'datetime'] : ['date', 'timestamp', 'timestamptz'];
  for (const type of sampled(types, types.length, firstOf(kind))) {
    test.skipIf(kind.missing !== '')(
      `a ${type} of ${kind.name} that is read as null is treated as one in a watermark: counted, and left out or read`,
      async () => {
        await using database = await kind.open();
        const insert = `insert into e values (1, '2024-01-01'), (2, '${special[kind.name]}'), (3, '2024-01-02')`;
        await database.sql(
          `create table e (id int, w ${type})`,
          kind === mariadb ? `set statement sql_mode = '' for ${insert}` : insert,
          'select 1',
        );
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the config looks like that
        const { type: system, ...keys } = JSON.parse(database.connection.replace('${SHOP_SECRET}', database.password));
        await using homes = homesBy(system, { ...keys, ...(kind === duckdb ? {} : { safe_wait: '200ms' }) }, tmpdir());
        const home = await homes.home({ table: 'e', special_values: 'to_null' });
        await home.describe();
        const { upper } = await boundOf(home, 'w');
        expect(upper?.text).toMatch(/^2024-01-02/);
        expect(await home.nulls('w')).toEqual({ done: 1 });
        const read = async (nulls: Window['nulls']) => {
          const rows = await rowsOf(framesOf(home, { ...windowOf(upper as Watermark), nulls }));
          return rows.map(({ id, w }) => `${id}${w === null ? ' null' : ''}`).sort();
        };
        expect([await read('exclude'), await read('include')]).toEqual([
          ['1', '3'],
          ['1', '2 null', '3'],
        ]);
      },
    );
  }
}
