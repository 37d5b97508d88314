import { describe, expect, test } from 'vitest';
import { asStagedRef } from '../../../src/databases/store/staging/staged-tables.ts';
import type { Part, Store } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { HyggeError } from '../../../src/errors/hygge-error.ts';
import { run } from '../../support/connector-conformance/bench.ts';
import { decisionOver } from '../../support/connector-conformance/decision.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { here } from '../../support/here.ts';
import { baseSchema, row } from '../../support/sim/rows.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { openStore } from './support.ts';

const rows = (from: number, to: number) => `select range as id, md5(range::varchar) as noise from range(${from}, ${to})`;
const intoTable = (file: SqliteTestFile, more = '') => ({
  'flows/f/flow.yml': `home: in\nstore: { type: sqlite, path: ${file.path}, table: t }\n${more}`,
});
const pages = (file: SqliteTestFile) => file.sql('pragma page_count')[0]?.page_count as bigint;
const free = (file: SqliteTestFile) => file.sql('pragma freelist_count')[0]?.freelist_count as bigint;
const all = [{ n: 30_000n, ids: 30_000n, declared: 'CREATE TABLE "t" ("id" INTEGER, "noise" TEXT)' }];
const found = (file: SqliteTestFile) =>
  file.sql(`select count(*) as n, count(distinct id) as ids, (select sql from sqlite_schema where name = 't') as declared from t`);

describe('the first load of a table of SQLite', () => {
  test('writes its rows once, whatever slices they come in: the table of all attempts becomes the destination', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace(intoTable(file));
    for (const n of [0, 1, 2]) await workspace.parquet(`in/${n}.parquet`, rows(n * 10_000, n * 10_000 + 10_000));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(found(file)).toEqual(all);
    // What was staged and copied would leave as many pages free as it has.
    expect(Number(free(file)) / Number(pages(file))).toBeLessThan(0.1);
    expect(
      file.sql(`select name from sqlite_schema where name like 'hygge_staging%' union all select name from hygge_metadata_staged`),
    ).toEqual([]);
    // What comes later is deleted and inserted as ever.
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(found(file)).toEqual(all);
  });

  test('is shown by a view that waited for it, and is not hindered by one that shows nothing any more', async () => {
    using file = new SqliteTestFile();
    file.sql('select 1', 'create view v as select id from t', 'create view broken as select * from gone', 'create table other (id)');
    file.sql('select 1', `create trigger g after insert on other begin insert into t (id) values (new.id); end`);
    using workspace = new TestWorkspace(intoTable(file));
    await workspace.parquet('in/0.parquet', rows(0, 30_000));
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(found(file)).toEqual(all);
    expect(file.sql('select count(*) as n from v')).toEqual([{ n: 30_000n }]);
    file.sql('select 1', 'insert into other values (-1)');
    expect(file.sql('select count(*) as n from v')).toEqual([{ n: 30_001n }]);
  });

  test('has the columns of the source that SQLite itself tells rows by', async () => {
    using file = new SqliteTestFile();
    using workspace = new TestWorkspace(intoTable(file));
    for (const n of [0, 1])
      await workspace.parquet(
        `in/${n}.parquet`,
        `select range % 3 as rowid, 7 as "_ROWID_", range as id from range(${n * 1000}, ${n * 1000 + 1000})`,
      );
    expect(await here(workspace, 'go')).toMatchObject({ code: 0 });
    expect(file.sql('select count(*) as n, count(distinct id) as ids, sum("_ROWID_") as sevens from t')).toEqual([
      { n: 2000n, ids: 2000n, sevens: 14_000n },
    ]);
  });
});

describe('attempts that share a table of SQLite', () => {
  const writing: Writing = { mode: 'append', key: [], why: 'creates' };
  const attempt = (store: Store, slice: number, ids: readonly number[], of = { run: run(1), writing }): Promise<readonly Part[]> =>
    store.stage(
      { ...of, slice, schema: baseSchema, watermark: null, emptyPart: true },
      (async function* () {
        for (const id of ids) yield { role: 'data' as const, frame: await polarsFrame(baseSchema, [row(id, id)]) };
      })(),
      new AbortController().signal,
    );
  const outcomeOf = async (store: Store, parts: readonly Part[], of = { run: run(1), writing }) => {
    const step = await store.commit(await decisionOver(store, { ...of, parts, supersede: { what: 'nothing' } }));
    return 'done' in step ? step.done : step;
  };

  test('bring their own rows and no others, wherever one was not recorded, or was empty', async () => {
    await using opened = await openStore();
    const store = await opened.store();
    await attempt(store, 0, [90]);
    const parts = await attempt(store, 0, [1, 2]);
    await attempt(store, 1, [91, 92, 93]);
    const more = await Promise.all([attempt(store, 1, []), attempt(await opened.store(), 2, [3])]);
    await attempt(store, 3, [94]);
    expect(await outcomeOf(store, [...parts, ...more.flat()])).toMatchObject({ outcome: 'committed', counts: { inserted: 3 } });
    expect(opened.file.sql('select group_concat(id) as ids from (select id from e order by id)')).toEqual([{ ids: '1,2,3' }]);
    await store.sweep({ lineage: 'l1', before: 99 });
    expect(opened.file.sql(`select name from sqlite_schema where name like 'hygge_staging%'`)).toEqual([]);
  });

  test.each([
    ['rows that are gone', 'delete from TABLE where id = 2', 'parts lost'],
    ['values that are others', 'update TABLE set mark = null where id = 1', 'HYG-4292'],
    ['a table that is gone', 'drop table TABLE', 'parts lost'],
  ])('are looked at before they settle: %s', async (_, sql, outcome) => {
    await using opened = await openStore();
    const store = await opened.store();
    const parts = [...(await attempt(store, 0, [1, 2])), ...(await attempt(store, 1, [3]))];
    opened.file.sql('select 1', sql.replace('TABLE', `"hygge_staging_${parts.map(asStagedRef)[0]?.name}"`));
    expect(await outcomeOf(store, parts).catch((error: HyggeError) => error.code)).toBe(outcome);
    expect(opened.file.sql(`select count(*) as n from sqlite_schema where name = 'e'`)).toEqual([{ n: 0n }]);
  });

  test.each<Writing>([
    { mode: 'merge', key: ['id'], why: 'key' },
    { mode: 'append', key: [], why: 'new_rows' },
  ])('are looked at before they settle beside other rows, in $mode', async (how) => {
    await using opened = await openStore();
    const store = await opened.store();
    await outcomeOf(store, await attempt(store, 0, [1]));
    const of = { run: run(2), writing: how };
    const parts = await attempt(store, 0, [2, 3], of);
    opened.file.sql('select 1', `delete from "hygge_staging_${parts.map(asStagedRef)[0]?.name}" where id = 2`);
    expect(await outcomeOf(store, parts, of)).toBe('parts lost');
    expect(opened.file.sql('select id from e')).toEqual([{ id: 1n }]);
  });
});
