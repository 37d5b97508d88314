/** A row whose new version lies in quarantine: a range that is read again, by a backfill or an overlap, leaves its last good version where it is. */
import { describe, expect, test } from 'vitest';
import { here } from '../support/here.ts';
import { whole } from '../support/samples.ts';
import { duckdb, mariadb, placeIn, postgres, sqlite, sqlserver } from './databases.ts';

type Row = readonly [id: string, day: number, value: number];

const numbers = Array.from({ length: 12 }, (_, at) => at + 1);
const rows: readonly Row[] = numbers.map((n) => [`k${n}`, n, n]);
const day = (n: number): string => `2026-01-${String(n).padStart(2, '0')}`;
const csv = (all: readonly Row[]): string => `id,day,v\n${all.map(([id, n, v]) => `${id},${day(n)},${v}\n`).join('')}`;
const without = (...ids: readonly string[]): readonly Row[] => rows.filter(([id]) => !ids.includes(id));

describe.each(whole ? [sqlite, duckdb, postgres, mariadb, sqlserver] : [sqlite])('a range of a table of $name', (kind) => {
  const placed = async (more: string) => {
    const place = await placeIn(kind, ({ keys }) => ({
      'in/1.csv': csv(rows),
      'c.yml': 'columns: { v: { type: int64, min: 0 } }\n',
      'flows/f/flow.yml': `home: { path: in/, format: csv }
store: { connection: c, table: e${keys} }
run_type: incremental
watermark: { column: day, key: [id]${more} }
validation: { contract: c.yml, mode: quarantine }
`,
    }));
    const e = kind.name === 'SQL Server' ? '[dbo].[e]' : 'e';
    const source = (all: readonly Row[]) => place.workspace.write({ 'in/1.csv': csv(all) });
    const settled = async () => (await place.database.sql(`select id, v from ${e} order by day, id`)).map((row) => row.trim());
    const ran = async (...args: readonly string[]) => {
      const { events, error } = await here(place.workspace, ...args);
      expect(error).toBeUndefined();
      return JSON.stringify(events);
    };
    const backfill = (from: number, to: number) => ran('backfill', 'f.f', '--from', day(from), '--to', day(to), '--again');
    return { place, source, settled, ran, backfill };
  };
  const all = numbers.map((n) => `k${n} ${n}`);

  test.skipIf(kind.missing !== '')('leaves last good versions where they are', async () => {
    const { place, source, settled, ran, backfill } = await placed('');
    await using _ = place;
    await ran('go');
    // A live run read the new version, and a later row beside it.
    const bad: Row = ['k5', 20, -1];
    const last: Row = ['k21', 21, 21];
    source([...without('k5'), bad, last]);
    await ran('go');
    expect(await backfill(3, 8)).toContain('last good versions: 1.');
    expect(await settled()).toEqual([...all, 'k21 21']);
    // The backfill itself reads another one.
    source([...without('k5', 'k7'), bad, ['k7', 7, -7], last]);
    expect(await backfill(6, 8)).toContain('last good versions: 1.');
    expect(await backfill(3, 8)).toContain('last good versions: 2.');
    expect(await settled()).toEqual([...all, 'k21 21']);
    // A row that the source lost goes, beside them.
    source([...without('k5', 'k6'), bad, last]);
    expect(await backfill(3, 8)).toContain('last good versions: 1.');
    expect(await settled()).toEqual([...all.filter((row) => row !== 'k6 6'), 'k21 21']);
    // A newer version has settled since, and goes with its range when the source has lost it. The older one is still in quarantine.
    source([...without('k5'), ['k5', 22, 55], ['k8', 24, 88]]);
    await ran('go');
    source([...without('k5', 'k8'), ['k8', 24, 88]]);
    expect(await backfill(21, 23)).not.toContain('last good');
    expect((await settled()).filter((row) => row.startsWith('k5'))).toEqual([]);
  });

  test.skipIf(kind.missing !== '')('leaves them also where an overlap reads it', async () => {
    const { place, source, settled, ran } = await placed(', overlap: 5d');
    await using _ = place;
    await ran('go');
    source([...without('k11'), ['k11', 13, -1]]);
    await ran('go');
    expect(await settled()).toEqual(all);
    source([...without('k11'), ['k11', 13, -1], ['k14', 14, 14]]);
    expect(await ran('go')).toContain('last good versions: 1.');
    expect(await settled()).toEqual([...all, 'k14 14']);
  });

  test.skipIf(kind.missing !== '' || kind !== sqlite)(
    'leaves those of rows without a watermark, and replaces rows without one',
    async () => {
      const { place, source, settled, ran, backfill } = await placed(', nulls: include');
      await using _ = place;
      const empty = (id: string, value: number) => `${id},,${value}\n`;
      place.workspace.write({ 'in/1.csv': csv(without('k4')) + empty('k4', 40) });
      await ran('go');
      // A null is older than any value.
      source(rows);
      await backfill(3, 8);
      expect(await settled()).toEqual(all);
      place.workspace.write({ 'in/1.csv': csv(without('k5')) + empty('k5', -1) });
      await ran('go');
      expect(await backfill(3, 8)).toContain('last good versions: 1.');
      expect(await settled()).toEqual(all);
    },
  );
});

describe('a row that can’t be read', () => {
  test.each([
    { format: 'ndjson', said: 'last good versions: 1.', k6: [] },
    // The text of a row of CSV does not show its key.
    { format: 'csv', said: 'possible last good versions: 2.', k6: ['k6 6'] },
  ])('keeps its last good version, in $format', async ({ format, said, k6 }) => {
    const text = (some: readonly (readonly [string, number, number | string])[]) =>
      format === 'csv'
        ? `id,day,v\n${some.map((row) => `${row.join(',')}\n`).join('')}`
        : some.map(([id, n, v]) => `${JSON.stringify({ id, day: n, v })}\n`).join('');
    await using place = await placeIn(sqlite, () => ({
      [`in/1.${format}`]: text(rows),
      'flows/f/flow.yml': `home: { path: in/, format: ${format}, bad_rows: quarantine }
store: { connection: c, table: e }
run_type: incremental
watermark: { column: day, key: [id] }
`,
    }));
    const { database, workspace } = place;
    expect((await here(workspace, 'go')).error).toBeUndefined();
    workspace.write({ [`in/1.${format}`]: text([...without('k5'), ['k5', 20, 'n/a'], ['k21', 21, 21]]) });
    expect((await here(workspace, 'go')).error).toBeUndefined();
    workspace.write({ [`in/1.${format}`]: text([...without('k5', 'k6'), ['k5', 20, 'n/a'], ['k21', 21, 21]]) });
    const { events, error } = await here(workspace, 'backfill', 'f.f', '--from', '3', '--to', '8');
    expect([error, JSON.stringify(events)]).toEqual([undefined, expect.stringContaining(said)]);
    expect(await database.sql('select id, v from e where day between 5 and 6 order by day')).toEqual(['k5 5', ...k6]);
    // Rows in quarantine that are older than the range are no newer versions.
    workspace.write({ [`in/1.${format}`]: text([...without('k5', 'k6'), ['k5', 20, 'n/a']]) });
    expect(JSON.stringify((await here(workspace, 'backfill', 'f.f', '--from', '21', '--to', '22')).events)).not.toContain('last good');
  });
});
