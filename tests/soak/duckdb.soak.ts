import { describe, expect, it } from 'vitest';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { here } from '../support/here.ts';
import { TestWorkspace } from '../support/workspace.ts';

describe('memory that is not enough', () => {
  it.each(['parquet', 'csv'])('by default is more for 1,600 columns, from %s into DuckDB and on into another file', async (format) => {
    using file = new DuckdbTestFile();
    using other = new DuckdbTestFile();
    using workspace = new TestWorkspace({
      'flows/a/flow.yml': `home: in/t.${format}\nstore: { type: duckdb, path: ${file.path}, table: t }\n`,
      'flows/b/flow.yml': `home: { type: duckdb, path: ${file.path}, table: t }\nstore: { type: duckdb, path: ${other.path}, table: t }\n`,
    });
    const columns = Array.from({ length: 1_600 }, (_, n) => `'text ' || i || ' of ${n}' as c${n + 1}`);
    await workspace.parquet('in/t.parquet', `select ${columns.join(', ')} from range(3000) r(i)`);
    await file.sql(`copy (from read_parquet('${workspace.root}/in/t.parquet')) to '${workspace.root}/in/t.csv' (header)`);
    for (const flow of ['a', 'b']) expect(await here(workspace, 'go', '-f', flow)).toMatchObject({ code: 0 });
    const [sent, there] = [`read_parquet('${workspace.root}/in/t.parquet')`, 't'];
    const rows = (from: string) => `select count(*)::int as n, sum(hash(t::varchar))::varchar as all_of_it from ${from} t`;
    expect(await other.sql(rows(there))).toEqual(await other.sql(rows(sent)));
  });

  it('for a merge ends the run with the key that gives more, and with that the next run finishes it', async () => {
    using file = new DuckdbTestFile();
    const merging = (limit: string) => ({
      'flows/f/flow.yml': `home: in\nstore: { type: duckdb, path: ${file.path}, table: t, memory_limit: ${limit} }\nrun_type: incremental\nwatermark: { column: at, key: [id] }\n`,
    });
    using workspace = new TestWorkspace(merging('200MB'));
    const rows = (at: number) => `select range as id, ${at} as "at", repeat(md5((range * ${at})::varchar), 4) as noise from range(120000)`;
    await workspace.parquet('in/1.parquet', rows(1));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    // With an index rows are changed where they lie, and that is kept in memory.
    await file.sql('create unique index ix on t (id)');
    await workspace.parquet('in/2.parquet', rows(2));
    workspace.write(merging('20MB'));
    const small = await here(workspace, 'go');
    const error = small.events.find((event) => event.event === 'error');
    expect([small.error, error?.event === 'error' ? error.tryThis.join(' ') : '']).toEqual([
      'HYG-4206',
      expect.stringContaining('memory_limit of the connection'),
    ]);
    expect(await file.sql('select count(*)::int as n, max("at")::int as m from t')).toEqual([{ n: 120_000, m: 1 }]);
    workspace.write(merging('400MB'));
    // The run that failed holds the entity for a while: what it decided has to be finished.
    expect(await here(workspace, 'go', '--take-over')).toMatchObject({ code: 0 });
    expect(await file.sql('select count(*)::int as n, min("at")::int as m from t')).toEqual([{ n: 120_000, m: 2 }]);
  });
});
