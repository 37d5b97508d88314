import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CommitOutcome } from '../../../src/engine/contracts/intent.ts';
import type { Counts, Writing } from '../../../src/engine/contracts/writing.ts';
import type { Cell } from '../../../src/frames/cell.ts';
import type { Schema } from '../../../src/frames/schema.ts';
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

  test('with a column that marks our rows, a deleted row takes only ours away', async () => {
    const store = await opened.store({ markColumn: 'who' });
    await loaded(store, load(1, [row('n', 1, 1)]));
    await opened.db.sql(`insert into e ("Region", id, at) values ('n', 2, '1970-01-01 00:00:01')`);
    const counts = countsOf(await loaded(store, load(2, [], { roles: { deleted: [row('n', 1, 5), row('n', 2, 5)] } })));
    expect(counts).toEqual({ inserted: 0, updated: 0, deleted: 1 });
    expect(await there()).toEqual(['n2@1']);
  });
});
