import { describe, expect, test } from 'vitest';
import { here } from '../../support/here.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

describe('a backfill from SQLite into SQLite', () => {
  test.each([
    ['timestamps, by what a range holds', 'w datetime', (day: number) => `2024-01-0${day} 10:00`, ''],
    ['timestamps, by key', 'w datetime', (day: number) => `2024-01-0${day}T10:00:00.5`, ', key: [id]'],
    ['dates, by what a range holds', 'w date', (day: number) => `2024-01-0${day}`, ''],
  ] as const)('gives days anew, and no others, in one file that is both: %s', async (_, declared, at, key) => {
    using file = new SqliteTestFile();
    file.sql('pragma journal_mode = delete', `create table s (id integer primary key, ${declared}, v text)`);
    const values = [1, 2, 3, 4].map((day) => `(${day}, '${at(day)}', 'old'), (${day + 10}, '${at(day)}', 'old')`);
    file.sql('pragma user_version = 1', `insert into s values ${values.join(', ')}`);
    using workspace = new TestWorkspace({
      'flows/f/flow.yml': `home: { type: sqlite, path: ${file.path}, table: s }
store: { type: sqlite, path: ${file.path}, table: t }
run_type: incremental
watermark: { column: w${key} }
`,
    });
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    file.sql(`update s set v = 'new'`);
    if (key === '') file.sql('select 1', 'delete from s where id = 12');
    expect(await here(workspace, 'backfill', 'f.f', '--from', '2024-01-02', '--to', '2024-01-04', '--chunk', '1d')).toMatchObject({
      code: 0,
    });
    const found = file.sql(`select id, v from t order by id`).map(({ id, v }) => `${id}${v}`);
    expect(found.join(' ')).toBe(`1old 2new 3new 4old 11old ${key === '' ? '' : '12new '}13new 14old`);
    // The live watermark stays where it was.
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(file.sql('select count(*) as n from t')).toEqual([{ n: key === '' ? 7n : 8n }]);
  });
});
