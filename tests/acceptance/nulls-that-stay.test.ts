/** The same as tests/engine/nulls-that-stay.test.ts in real tables, where each run is a process of its own. */
import { expect, it } from 'vitest';
import { duckdb, onEach, placeIn, postgres, sqlite } from '../databases/databases.ts';

onEach([sqlite, duckdb, postgres], 'rows without a watermark that the source lost with the open group, in $name', (_, kind) => {
  it('go with a later group, and the run says so', async () => {
    const csv = (rows: string) => `id,upd\n${rows}`;
    await using place = await placeIn(kind, ({ keys }) => ({
      'flows/f/flow.yml': `home: { path: in/e.csv, types: { id: int64, upd: date } }
store: { connection: c, table: e${keys} }
run_type: incremental
watermark: { column: upd, nulls: include }
entities: [e]
`,
      'in/e.csv': csv('1,2026-01-01\n2,2026-01-02\n8,\n9,\n'),
    }));
    const goes = async (rows: string) => {
      place.workspace.write({ 'in/e.csv': csv(rows) });
      return place.go();
    };
    const there = () => place.database.sql('select id from e order by id');
    expect(await place.go()).toMatchObject({ code: 0 });
    const lost = await goes('1,2026-01-01\n3,2026-01-03\n');
    expect(lost.code, lost.text).toBe(0);
    expect(await there()).toEqual(['1', '2', '3', '8', '9']);
    const again = await goes('1,2026-01-01\n3,2026-01-03\n4,\n');
    expect(again.code, again.text).toBe(0);
    expect(again.text).toContain('2 rows that were settled at 2026-01-03 or without upd are not there any more');
    expect(await there()).toEqual(['1', '2', '3', '4']);
  });
});
