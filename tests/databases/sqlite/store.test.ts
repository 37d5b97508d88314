import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench, run, type StoreUnderTest, text } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { sampled } from '../../support/samples.ts';
import { row } from '../../support/sim/rows.ts';
import { type OpenedStore, openStore } from './support.ts';

describe('the store of SQLite', () => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await openStore();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  const inTable = (of: { readonly markColumn?: string }) => async (): Promise<StoreUnderTest> => {
    await opened.cleared();
    const make = () => opened.store(of);
    return {
      open: make,
      at: make,
      frame: polarsFrame,
      async settled() {
        const [there] = opened.file.sql(`select count(*) as n from sqlite_schema where name = 'e'`);
        if (there?.n !== 1n) return [];
        const rows = opened.file.sql(`select id || '@' || coalesce(mark, 'null') as line from e`);
        return rows.map(({ line }) => String(line)).sort();
      },
      async plantForeign(rows) {
        const marked = of.markColumn === undefined ? '' : `, "${of.markColumn}" text`;
        const values = rows.map(({ id, mark }) => `insert into e (id, mark) values (${id}, ${mark ?? 'null'})`);
        opened.file.sql(`create table if not exists e (id integer, mark integer${marked})`, ...values);
      },
      async [Symbol.asyncDispose]() {},
    };
  };

  for (const of of sampled<{ readonly markColumn?: string }>([{}, { markColumn: 'Loaded By' }], 2))
    storeConformance(`a table in SQLite${of.markColumn === undefined ? '' : ' with a column that marks our rows'}`, inTable(of));

  test('lets neither a full load nor a range take rows of others that came since it was planned', async () => {
    const bench = new Bench(await inTable({})());
    await bench.settle(1, [{ rows: [row(1, 1)] }]);
    const parts = await bench.stage(run(2), [{ rows: [row(2, 2)] }]);
    await bench.under.plantForeign?.([row(90, 90)]);
    const from = { text: '2', inclusive: true };
    const range = { what: 'range', column: 'mark', type: { kind: 'int64' }, ranges: [{ from, to: null }], group: 'rows' } as const;
    for (const supersede of [{ what: 'all', foreign: 'keep' } as const, range])
      await expect(bench.decide(run(2), parts, supersede)).rejects.toMatchObject({ code: 'HYG-2075' });
    expect(await bench.under.settled()).toEqual(text([row(1, 1), row(90, 90)]));
  });

  test('puts a full load and a range in the place of what settled, though someone has deleted rows of it', async () => {
    const from = { text: '2', inclusive: true };
    const range = { what: 'range', column: 'mark', type: { kind: 'int64' }, ranges: [{ from, to: null }], group: 'rows' } as const;
    for (const supersede of [{ what: 'all', foreign: 'keep' } as const, range]) {
      const bench = new Bench(await inTable({})());
      await bench.settle(1, [{ rows: [row(1, 1), row(2, 2), row(3, 3)] }]);
      opened.file.sql('select 1', 'delete from e where id = 3');
      await bench.settle(2, [{ rows: [row(2, 2), row(3, 3)] }], supersede);
      expect(await bench.under.settled()).toEqual(text([...(supersede === range ? [row(1, 1)] : []), row(2, 2), row(3, 3)]));
    }
  });

  test('finds out that a trigger takes others with the rows that a merge is told are deleted, and nothing of it stays', async () => {
    const bench = new Bench(await inTable({})());
    await bench.settle(1, [{ rows: [row(1, 1), row(2, 2), row(3, 3)] }]);
    opened.file.sql('select 1', 'create trigger tr after delete on e begin delete from e where id = 3; end');
    const parts = await bench.stage(run(2), [{ role: 'deleted', rows: [row(1, 9)] }]);
    const intent = await bench.decide(run(2), parts, { what: 'nothing' }, { mode: 'merge', key: ['id'], why: 'key' });
    expect(await bench.outcome(intent)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4202' } });
    expect(await bench.under.settled()).toEqual(text([row(1, 1), row(2, 2), row(3, 3)]));
  });

  test('leaves rows of others without a watermark alone where a range or the open group goes with ours that have none', async () => {
    const bench = new Bench(await inTable({ markColumn: 'Loaded By' })());
    await bench.under.plantForeign?.([row(90, null), row(91, 5)]);
    await bench.settle(1, [{ rows: [row(1, 1), row(2, 2)] }, { role: 'boundary', rows: [row(3, 3), row(4, null)] }]);
    const parts = await bench.stage(run(2), [{ role: 'boundary', rows: [row(5, 3), row(6, null)] }]);
    const from = { text: '2', inclusive: true };
    const range = { what: 'range', column: 'mark', type: { kind: 'int64' }, ranges: [{ from, to: null }], group: 'whole' } as const;
    expect(await bench.commit(await bench.decide(run(2), parts, range))).toBe('committed');
    expect(await bench.under.settled()).toEqual(text([row(90, null), row(91, 5), row(1, 1), row(5, 3), row(6, null)]));
    const later = await bench.stage(run(3), [{ role: 'boundary', rows: [row(7, 3), row(8, null)] }]);
    const group = {
      what: 'boundary',
      column: 'mark',
      type: { kind: 'int64' },
      text: '3',
      precision: 'exact',
      nulls: true,
      rows: 2,
    } as const;
    expect(await bench.commit(await bench.decide(run(3), later, group))).toBe('committed');
    expect(await bench.under.settled()).toEqual(text([row(90, null), row(91, 5), row(1, 1), row(7, 3), row(8, null)]));
  });

  test('with a column that marks our rows, takes only ours away where the source has deleted rows', async () => {
    const bench = new Bench(await inTable({ markColumn: 'Loaded By' })());
    await bench.under.plantForeign?.([row(90, 1)]);
    await bench.settle(1, [{ rows: [row(1, 1)] }]);
    const parts = await bench.stage(run(2), [{ role: 'deleted', rows: [row(1, 5), row(90, 5)] }]);
    const intent = await bench.decide(run(2), parts, { what: 'nothing' }, { mode: 'merge', key: ['id'], why: 'key' });
    expect(await bench.outcome(intent)).toMatchObject({ counts: { inserted: 0, updated: 0, deleted: 1 } });
    expect(await bench.under.settled()).toEqual(text([row(90, 1)]));
  });

  test('tells of the views and triggers that name its table, and of none in whose words its name lies', async () => {
    await using own = await openStore();
    own.file.sql(
      'select 1',
      'create table a (id integer)',
      'create table orders (amount integer)',
      'create view far as select amount from orders -- not of a',
      'create view near as select id from "A"',
      'create view nearer as select id from[a]',
      'create trigger beside after insert on orders begin insert into a values (new.amount); end',
      'create trigger elsewhere after insert on orders begin delete from orders where amount is null; end',
    );
    const step = await (await own.store({ table: 'a' })).inspect();
    const bound = 'done' in step ? step.done.catalog?.dependents.map(({ kind, name }) => `${kind} ${name}`) : [];
    expect(bound?.slice(0, -1)).toEqual(['trigger beside', 'view near', 'view nearer']);
  });
});
