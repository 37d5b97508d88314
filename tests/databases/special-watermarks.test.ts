import { expect, test } from 'vitest';
import { count } from '../support/duck.ts';
import { asked } from '../support/mariadb.ts';
import { sampled, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, firstOf, mariadb, postgres } from './databases.ts';

const special = { [postgres.name]: '-infinity', [duckdb.name]: '-infinity', [mariadb.name]: '0000-00-00' };

for (const kind of asked(whole ? [postgres, duckdb, mariadb] : [postgres, mariadb])) {
  const types = kind === mariadb ? ['date', 'datetime'] : ['date', 'timestamp', 'timestamptz'];
  for (const type of sampled(types, types.length, firstOf(kind))) {
    test.skipIf(kind.missing !== '')(
      `a ${type} of ${kind.name} that is read as null is treated as one in a watermark: counted, left out or read in each run`,
      async () => {
        await using database = await kind.open();
        using workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n` });
        for (const nulls of ['fail', 'exclude', 'include'])
          workspace.write({
            [`flows/${nulls}/flow.yml`]: `home: { connection: c, table: e, special_values: to_null }\nstore: out/${nulls}\nrun_type: incremental\nwatermark: { column: w, nulls: ${nulls} }\n`,
          });
        const go = (nulls: string) => workspace.run(['go', '-f', nulls], { env: { SHOP_SECRET: database.password } });
        const settled = (nulls: string, which = 'true') =>
          count(`select count(*)::int as n from '${workspace.path('out', nulls)}/*.parquet' where ${which}`);
        const put = (...rows: readonly string[]) => {
          const insert = `insert into e values ${rows.join(', ')}`;
          return database.sql(kind === mariadb ? `set statement sql_mode = '' for ${insert}` : insert, 'select 1');
        };
        await database.sql(`create table e (id int, w ${type})`, 'select 1');
        await put("(1, '2024-01-01')", `(2, '${special[kind.name]}')`, "(3, '2024-01-02')");

        const failed = await go('fail');
        expect(failed.code).toBe(1);
        expect(failed.stdout + failed.stderr).toMatch(/HYG-2010 1 row of fail.fail has no w/);
        for (const round of [3, 4]) {
          for (const nulls of ['exclude', 'include']) expect(await go(nulls), `${nulls}, ${round}`).toMatchObject({ code: 0 });
          expect(await settled('exclude')).toBe(round - 1);
          expect([await settled('include'), await settled('include', 'id = 2 and w is null')]).toEqual([round, 1]);
          expect((await go('include')).stdout).not.toMatch(/not there any more/);
          expect([await settled('include'), await settled('include', 'id = 2 and w is null')]).toEqual([round, 1]);
          await put("(4, '2024-01-03')");
        }
      },
    );
  }
}
