/** Rows of a table that can't be read, on their way into a database: `quarantine-model.test.ts` follows SQLite's by a model, this one asks the others for the same. */
import { describe, expect, test } from 'vitest';
import { asked } from '../support/mariadb.ts';
import { sampled, whole } from '../support/samples.ts';
import { SqliteTestFile } from '../support/sqlite-file.ts';
import { type Database, duckdb, firstOf, mariadb, placeIn, postgres } from './databases.ts';

function rejectedRows({ sql, keys }: Database): Promise<readonly string[]> {
  const schema = /metadata_schema: (\w+)/.exec(keys)?.[1] ?? 'hygge_metadata';
  return sql(`select row from ${schema}.rejected`).catch(() => sql(`select \`row\` from ${schema}.rejected`));
}

async function textsApart(database: Database): Promise<readonly string[]> {
  // Clients write the backslashes of a text differently.
  const found = (await rejectedRows(database)).map((row) => /\bn\W+(\d+).*?\bid\W+(\w+)/.exec(row) ?? [row, row, '?']);
  return found.map(([, n, id]) => `${n} ${id}`).sort();
}

const ways = [
  ['replaced by their range', ', overlap: 2d'],
  ['merged by a key', ', key: n'],
] as const;

// Statements of each are in quarantine-rows.test.ts.
describe.each(asked(whole ? [postgres, mariadb, duckdb] : [duckdb]))('rows that can not be read, on their way into $name', (kind) => {
  const title = 'lie in quarantine once, with the group at the watermark, a range and a backfill: %s';
  test.skipIf(kind.missing !== '').each(sampled(ways, 2, firstOf(kind)))(title, async (_, more) => {
    using source = new SqliteTestFile();
    await using place = await placeIn(kind, ({ keys }) => ({
      'flows/f/flow.yml': `home: { type: sqlite, path: ${source.path}, table: t, bad_rows: quarantine }
store: { connection: c, table: settled${keys} }
run_type: incremental
watermark: { column: at${more} }
`,
    }));
    const { database, workspace } = place;
    const hygge = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await workspace.run(args);
      expect(code, stdout + stderr).toBe(0);
    };
    const backfill = () => hygge('backfill', 'f.f', '--from', '2024-01-01', '--to', '2024-01-03', '--again');
    source.sql(
      'create table t (n integer primary key, at date, id integer)',
      "insert into t values (1, '2024-01-01', 1), (2, '2024-01-02', 'old'), (3, '2024-01-05', 3), (4, '2024-01-05', 'tie')",
    );
    await hygge('go');
    expect(await textsApart(database)).toEqual(['2 old', '4 tie']);
    source.sql("insert into t values (5, '2024-01-05', 5), (6, '2024-01-06', 'new')");
    await hygge('go');
    expect(await textsApart(database)).toEqual(['2 old', '4 tie', '6 new']);
    source.sql("update t set id = 'older' where n = 2", 'update t set id = 4 where n = 4', "insert into t values (7, '2024-01-07', 7)");
    await backfill();
    expect(await textsApart(database)).toEqual(['2 older', '4 tie', '6 new']);
    await hygge('go');
    // The group at the watermark is read again: the row in quarantine above it has not moved the watermark.
    expect(await textsApart(database)).toEqual(['2 older', '6 new']);
    source.sql('update t set id = 2 where n = 2');
    await backfill();
    expect(await textsApart(database)).toEqual(['6 new']);
  });

  test.skipIf(kind.missing !== '')('of a file lie in quarantine beside a full load, the first and the next', async () => {
    await using place = await placeIn(kind, ({ keys }) => ({
      'flows/f/flow.yml': `home: { path: in/*.csv, bad_rows: quarantine }\nstore: { connection: c, table: settled${keys} }\n`,
      'in/a.csv': `id,v\n${Array.from({ length: 30_000 }, (_, n) => `${n},v${n}\n`).join('')}bad,1,2,3\n`,
    }));
    const { database, workspace } = place;
    for (const args of [['go'], ['go', '-d']]) {
      const { code, stdout, stderr } = await workspace.run(args);
      expect(code, stdout + stderr).toBe(0);
      expect(await database.sql('select count(*) as n from settled')).toEqual(['30000']);
      expect(await rejectedRows(database)).toHaveLength(1);
    }
  });
});
