import { describe, expect, test } from 'vitest';
import { inProcess } from '../../support/in-process.ts';
import { isMysql, noMariadb } from '../../support/mariadb.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { connectionTo, openDatabase } from './support.ts';

const rows = 1_500;
const csv = (day: string, note: string) => {
  const lines = Array.from({ length: rows }, (_, n) => `customer-${n * 7},${n % 3},${day}T00:00:0${n === rows - 1 ? 1 : 0},${note}${n}`);
  return `code,shop,at,note\n${lines.join('\n')}\n`;
};

describe.skipIf(!isMysql || noMariadb() !== '')(
  'a merge into a table that the server takes for an empty one, since it has not counted it',
  () => {
    test.each([
      ['an index of the beginning of its key', 'code', 'key mine (code(15))'],
      ['a unique index of one of its columns, next to one that is of no use', '[shop, code]', 'key a (shop, note(9)), unique b (code)'],
    ])('finds each row by %s', async (_, key, index) => {
      await using opened = await openDatabase();
      await opened.db.sql(
        `create table e (code varchar(40) not null, shop int not null, at datetime(6), note varchar(40), ${index}) charset utf8mb4 stats_persistent = 1 stats_auto_recalc = 0`,
      );
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${connectionTo(opened.db)} }\n`,
        'flows/f/flow.yml': `home: { path: in/*.csv, types: { shop: int32, at: 'timestamp[us]', note: string }, not_null: [code, shop] }
store: { connection: c, table: e, staging_schema: ${opened.staging}, metadata_schema: ${opened.metadata} }
if_exists: append\nwrite_strategy: merge\nrun_type: incremental\nwatermark: { column: at, key: ${key} }\n`,
        'in/a.csv': csv('2024-01-01', 'a'),
      });
      const go = async () => {
        const { code, stdout, stderr } = await inProcess(['go'], workspace.root, { SHOP_SECRET: opened.db.password });
        expect(code, stdout + stderr).toBe(0);
      };
      const read = async () => {
        const counted = `select COUNT_FETCH from performance_schema.table_io_waits_summary_by_table where OBJECT_SCHEMA = '${opened.db.database}' and OBJECT_NAME = 'e'`;
        return Number((await opened.lines(counted))[0]);
      };
      await go();
      const before = await read();
      workspace.write({ 'in/b.csv': csv('2024-02-01', 'b') });
      await go();
      expect((await read()) - before).toBeLessThan(20 * rows);
      expect(await opened.lines(`select count(*), sum(note like 'b%') from e`)).toEqual([`${rows}\t${rows}`]);
    });
  },
);
