import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { look } from '../../../src/databases/sqlite/catalog.ts';
import type { SqliteSession } from '../../../src/databases/sqlite/connect.ts';

const database = new DatabaseSync(':memory:');
afterAll(() => database.close());
database.exec(`create table numbered (id integer primary key, t text);
  insert into numbered values (1, 'text'), (7, 'text'), (20, 'text');
  create table keyed (k text primary key) without rowid;
  insert into keyed values ('a'), ('b');
  create view some as select * from numbered`);

/** A session that says of the file that it is so large. */
const sessionOf = (fileBytes: number) =>
  ({
    async query(sql: string, [first]: readonly string[] = []) {
      if (sql.includes('page_count')) return [{ bytes: String(fileBytes) }];
      const statement = database.prepare(sql);
      const rows = first === undefined ? statement.all() : statement.all({ $1: first });
      return rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
      );
    },
    fields: async (sql: string) => database.prepare(sql).columns(),
  }) as unknown as SqliteSession;

const [small, large] = [2 ** 20, 2 ** 30];

test.each([
  ['a file that is read in a moment has its rows counted', small, 'numbered', { n: 3, exact: true }],
  ['the number of the last row tells about how many a large file has', large, 'numbered', { n: 20, exact: false }],
  ['rows without a number are counted, however large the file is', large, 'keyed', { n: 2, exact: true }],
  ['a view is not counted', small, 'some', undefined],
])('%s', async (_, bytes, table, rows) => {
  expect((await look(sessionOf(bytes), { table }, {} as never)).rows).toEqual(rows);
});
