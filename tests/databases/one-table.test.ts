import { describe, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { asked, isMysql } from '../support/mariadb.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { mariadb, postgres as ofPostgres, sqlite } from './databases.ts';

const postgres = (table: string, more = '') =>
  `store: { type: postgres, host: db.example, database: erp, user: u, table: '${table}'${more} }`;
const duckdb = (table: string) => `store: { type: duckdb, path: data/shop.duckdb, table: '${table}' }`;

test.skipIf(isMysql).each([
  [postgres('orders'), postgres('public.orders'), 'HYG-1052'],
  [postgres('"orders"'), postgres('public."orders"', ', port: 5432'), 'HYG-1052'],
  [postgres('orders'), postgres('orders', ', user: other').replace('user: u, ', ''), 'HYG-1052'],
  [postgres('"public.orders"'), postgres('public.orders'), undefined],
  [postgres('Orders'), postgres('orders'), undefined],
  [postgres('orders'), postgres('orders', ', port: 5433'), undefined],
  [duckdb('orders'), duckdb('main.Orders'), 'HYG-1052'],
  [duckdb('orders'), duckdb('sales.orders'), undefined],
])('%s and %s are one table: %s', async (one, other, code) => {
  using workspace = new TestWorkspace({
    'hygge.yml': `name: w\nflows:\n  one:\n    home: in\n    ${one}\n  two:\n    home: in\n    ${other}\n`,
  });
  const { stdout, stderr } = await inProcess(['list', 'flows'], workspace.root, {});
  expect(/HYG-\d+/.exec(stdout + stderr)?.[0]).toBe(code);
});

describe.each(asked(whole ? [ofPostgres, mariadb, sqlite] : [sqlite]))('a table of $name', ({ missing, open }) => {
  test.skipIf(missing !== '')('is not taken over from an entity that another metadata_schema knows, until its record is gone', async () => {
    await using database = await open();
    await database.cleared();
    const [, staging = 'hygge_staging'] = /staging_schema: (\w+)/.exec(database.keys) ?? [];
    const of = (flow: string, keys: string) =>
      new TestWorkspace({
        'hygge.yml': `name: ${flow}\nconnections: { c: ${database.connection} }\n`,
        [`flows/${flow}/flow.yml`]: `home: in/*.csv\nstore: { connection: c, table: e${keys} }\nif_exists: replace\nrun_type: incremental\nwatermark: { column: id }\n`,
        'in/a.csv': `id,v\n1,${flow}\n2,${flow}\n`,
      });
    using one = of('one', database.keys);
    using other = of('other', `${database.keys.replace(/, metadata_schema: \w+/, '')}, metadata_schema: ${staging}`);
    const go = async ({ root }: TestWorkspace) => {
      const { code, stdout, stderr } = await inProcess(['go'], root, { SHOP_SECRET: database.password });
      return { code, text: stdout + stderr };
    };
    expect(await go(one)).toMatchObject({ code: 0 });
    const refused = await go(other);
    expect(refused).toMatchObject({ code: 1, text: expect.stringMatching(/HYG-4245[\s\S]* has rows that one\.one settled/) });
    expect(await database.sql('select v from e order by id')).toEqual(['one', 'one']);
    await database.sql(/delete from .* where table_name = '.*?'/.exec(refused.text)?.[0] ?? '');
    expect(await go(other)).toMatchObject({ code: 0 });
    expect(await database.sql('select v from e order by id')).toEqual(['other', 'other']);
  });
});
