/** DuckDB takes `s.id` for the field of a column `s` that is a struct: hygge's own statements name tables as no column is named. */
import { expect, it } from 'vitest';
import { duckdb, placeIn } from '../databases.ts';

/** Names of tables and of parts of queries in the statements of a store. */
const aliases = ['s', 't', 'd', 'e', 'r', 'k', 'a', 'q', 'f', 'c', 'x', 'hygge_changed'] as const;

it.each([
  [
    'a merge with compared deletes and rows in quarantine',
    'watermark: { column: upd, key: [id] }\ndeletes: { compare: 1d, max: 90%, complete: true, pause: 0s }\nvalidation: { contract: c.yml, mode: quarantine }',
  ],
  ['a table without a key', 'watermark: { column: upd }'],
])('%s settles structs that are named like an alias', async (_, keys) => {
  await using place = await placeIn(duckdb, () => ({
    'flows/f/flow.yml': `home: { connection: c, table: src }
store: { connection: c, table: e }
run_type: incremental
${keys}
entities: [e]
`,
    'c.yml': 'columns: { v: { type: int32, min: 0 } }\n',
  }));
  const struct = (id: number) => `{ id: ${id}, upd: ${id}, v: ${id}, rowid: ${id} }`;
  const all = (id: number) => aliases.map(() => struct(id)).join(', ');
  await place.database.sql(
    `create table src (id integer, upd integer, v integer, ${aliases.map((name) => `"${name}" struct(id integer, upd integer, v integer, rowid integer)`).join(', ')})`,
    `insert into src values (1, 1, 1, ${all(901)}), (2, 2, 2, ${all(902)}), (3, 2, 3, ${all(903)})`,
  );
  const first = await place.go();
  expect(first.code, first.text).toBe(0);
  await place.database.sql(
    `delete from src where id in (2, 3)`,
    `insert into src values (2, 5, 20, ${all(1)}), (4, 6, -1, ${all(2)}), (5, 6, 5, ${all(904)})`,
  );
  const second = await place.go();
  expect(second.text).not.toContain('HYG-');
  const there = await place.database.sql('select id, upd, v, own.s.id, own.t.id from e as own where id in (2, 5) and upd > 2 order by id');
  expect(there).toEqual(['2 5 20 1 1', '5 6 5 904 904']);
});
