import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CommitOutcome } from '../../../src/engine/contracts/intent.ts';
import type { Counts, Writing } from '../../../src/engine/contracts/writing.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { seeded } from '../../support/kill-rounds.ts';
import { cleared, type Load, loaded, type Opened, onPostgres, openDatabase } from './support.ts';

onPostgres('merging into PostgreSQL', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openDatabase();
  });
  beforeEach(() => cleared(opened.db));
  afterAll(() => opened[Symbol.asyncDispose]());

  const schema: Schema = {
    columns: [
      { name: 'Region', type: { kind: 'string' }, nullable: false },
      { name: 'id', type: { kind: 'int64' }, nullable: false },
      { name: 'at', type: { kind: 'timestamp', unit: 'us' }, nullable: true },
      { name: 'note', type: { kind: 'json' }, nullable: true },
    ],
  };
  const merge: Writing = { mode: 'merge', key: ['Region', 'id'], why: 'key' };
  const row = (region: string, id: number, at: number | null, note: string | null = null): readonly Cell[] => [
    region,
    BigInt(id),
    at === null ? null : BigInt(at) * 1_000_000n,
    note,
  ];
  const load = (epoch: number, rows: readonly (readonly Cell[])[], more: Partial<Load> = {}): Load => ({
    ...{ epoch, schema, rows, writing: merge, mark: 'at' },
    ...more,
  });
  const countsOf = (outcome: CommitOutcome): Counts | undefined =>
    typeof outcome === 'object' && 'counts' in outcome ? outcome.counts : undefined;
  const there = async () =>
    (
      await opened.db.sql(
        `select "Region" || id || '@' || coalesce(extract(epoch from at)::int::text, 'null') || coalesce(note::text, '') as one from e order by 1`,
      )
    ).map(({ one }) => one);

  test('of staged rows with one key the newest settles; equal ones are one, and a null is older than anything', async () => {
    const rows = [
      row('n', 1, 1),
      row('n', 1, 3, '{"a":1,"b":2}'),
      row('n', 1, 3, '{"b":2, "a":1}'),
      row('n', 1, 2),
      row('n', 2, null),
      row('n', 2, 1),
    ];
    expect(countsOf(await loaded(opened.store(), load(1, rows)))).toEqual({ inserted: 2, updated: 0, deleted: 0 });
    expect(await there()).toEqual(['n1@3{"a": 1, "b": 2}', 'n2@1']);
  });

  test('never deletes a row to insert it again: what points at it stays', async () => {
    const store = await opened.store();
    await loaded(store, load(1, [row('n', 1, 1)]));
    await opened.db.sql(
      `alter table e add primary key ("Region", id);
    create table lines (region text, id bigint, foreign key (region, id) references e ("Region", id) on delete cascade); insert into lines values ('n', 1)`,
    );
    expect(countsOf(await loaded(store, load(2, [row('n', 1, 2)])))).toEqual({ inserted: 0, updated: 1, deleted: 0 });
    expect(await opened.db.sql('select * from lines')).toHaveLength(1);
  });

  test('many rows, compared with what PostgreSQL makes of the same in one statement', async () => {
    const store = await opened.store();
    const next = seeded(20_261_122);
    const rows = (epoch: number) =>
      Array.from({ length: 5_000 }, (_, at) =>
        row('abc'[Math.floor(next() * 3)] ?? 'a', Math.floor(next() * 3_000), epoch * 10_000 + at, `"${epoch}"`),
      );
    await opened.db.sql(`create table wanted ("Region" text, id bigint, at timestamp, note jsonb, primary key ("Region", id))`);
    let sums = { inserted: 0, updated: 0 };
    for (const epoch of [1, 2, 3]) {
      const staged = rows(epoch);
      const values = JSON.stringify(staged.map(([region, id, at, note]) => ({ region, id: `${id}`, at: `${at}`, note })));
      await opened.db.sql(
        `insert into wanted select distinct on (region, id) region, id, timestamp 'epoch' + at * interval '1 microsecond', note::jsonb
      from jsonb_to_recordset($1::jsonb) as r(region text, id bigint, at bigint, note text) order by region, id, at desc
      on conflict ("Region", id) do update set at = excluded.at, note = excluded.note`,
        [values],
      );
      const counts = countsOf(await loaded(store, load(epoch, staged)));
      if (counts) sums = { inserted: sums.inserted + counts.inserted, updated: sums.updated + counts.updated };
    }
    const [differ] = await opened.db.sql(
      'select count(*) as n from ((table e except all table wanted) union all (table wanted except all table e)) d',
    );
    expect(differ).toEqual({ n: '0' });
    const [count] = await opened.db.sql('select count(*) as n from wanted');
    expect(`${sums.inserted}`).toBe(count?.n);
    expect(sums.updated).toBeGreaterThan(1_000);
  });

  test('with a column that marks our rows, a deleted row takes only ours away', async () => {
    const store = await opened.store({ markColumn: 'who' });
    await loaded(store, load(1, [row('n', 1, 1)]));
    await opened.db.sql(`insert into e ("Region", id, at) values ('n', 2, '1970-01-01 00:00:01')`);
    const counts = countsOf(await loaded(store, load(2, [], { roles: { deleted: [row('n', 1, 5), row('n', 2, 5)] } })));
    expect(counts).toEqual({ inserted: 0, updated: 0, deleted: 1 });
    expect(await there()).toEqual(['n2@1']);
  });
});
