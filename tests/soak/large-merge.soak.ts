/** How long a merge of many rows takes: its statements stand in the golden files, with the index that it makes. */
import { describe, expect, test } from 'vitest';
import { mariadb, postgres, sqlite } from '../databases/databases.ts';
import { asked } from '../support/mariadb.ts';
import { TestWorkspace } from '../support/workspace.ts';

const rowsFrom = (first: number, last: number, day: string, note: string) => {
  const lines = ['id,tenant,code,at,note'];
  // The last one is the newest: what settles is of two parts, which no table takes the place of as it is.
  for (let id = first; id <= last; id++) lines.push(`${id},1,c${id},${day}T00:00:0${id === last ? 1 : 0}Z,${note}${id}`);
  return `${lines.join('\n')}\n`;
};

/** Row by row through the other table it would be 1.5 thousand million comparisons: minutes. */
const muchLongerThanItTakes = 90_000;

// Texts of MariaDB have no hash that it joins by: hygge makes an index of them, also behind a number that all rows share.
describe.each(asked([postgres, mariadb, sqlite]))('a merge into a table of $name that hygge made', (kind) => {
  const { missing, open } = kind;
  test.skipIf(missing !== '').each(['id', '[tenant, code]'])(
    'takes as long as the two are large, not one times the other: by %s',
    async (key) => {
      await using database = await open();
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': `home: in/*.csv\nstore: { connection: c, table: e${database.keys} }\nwrite_strategy: merge\nrun_type: incremental\nwatermark: { column: at, key: ${key}, overlap: 400d }\n`,
        'in/a.csv': rowsFrom(1, 50_000, '2024-01-01', 'a'),
      });
      const env = { SHOP_SECRET: database.password };
      let startedAt = performance.now();
      const first = await workspace.run(['go'], { env });
      expect(first.stdout + first.stderr).toContain('50,000 rows settled');
      expect(performance.now() - startedAt).toBeLessThan(muchLongerThanItTakes);
      workspace.write({ 'in/b.csv': rowsFrom(35_001, 65_000, '2024-02-01', 'b') });
      startedAt = performance.now();
      const second = await workspace.run(['go'], { env });
      expect(second.code, second.stdout + second.stderr).toBe(0);
      expect(performance.now() - startedAt).toBeLessThan(muchLongerThanItTakes);
      expect(
        await database.sql(
          "select count(*) as n, count(distinct id) as ids, sum(case when note like 'b%' then 1 else 0 end) as later from e",
        ),
      ).toEqual(['65000 65000 30000']);
    },
  );
});
