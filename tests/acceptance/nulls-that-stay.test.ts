/** The same as tests/engine/nulls-that-stay.test.ts in real tables, where each run is a process of its own. */
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { duckdb, onEach, placeIn, postgres, sqlite } from '../databases/databases.ts';

onEach([sqlite, duckdb, postgres], 'rows without a watermark that the source lost with the open group, in $name', (_, kind) => {
  it('go with a later group, and the run says so', async () => {
    await using place = await placeIn(kind, ({ keys }) => ({
      'flows/f/flow.yml': `home: { type: sqlite, path: src.db, table: src }
store: { connection: c, table: e${keys} }
run_type: incremental
watermark: { column: upd, nulls: include }
entities: [e]
`,
    }));
    const goes = async (rows: string) => {
      using source = new DatabaseSync(place.workspace.path('src.db'));
      source.exec(`drop table if exists src; create table src (id integer, upd integer); insert into src values ${rows}`);
      return place.go();
    };
    const there = () => place.database.sql('select id from e order by id');
    const first = await goes('(1, 1), (2, 2), (8, null), (9, null)');
    expect(first.code, first.text).toBe(0);
    const lost = await goes('(1, 1), (3, 3)');
    expect(lost.code, lost.text).toBe(0);
    expect(await there()).toEqual(['1', '2', '3', '8', '9']);
    const again = await goes('(1, 1), (3, 3), (4, null)');
    expect(again.code, again.text).toBe(0);
    expect(again.text).toContain('2 rows that had settled at 3 or without upd no longer exist in the source');
    expect(await there()).toEqual(['1', '2', '3', '4']);
  });
});
