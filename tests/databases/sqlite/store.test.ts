import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoreUnderTest } from '../../support/connector-conformance/bench.ts';
import { polarsFrame } from '../../support/connector-conformance/frames.ts';
import { storeConformance } from '../../support/connector-conformance/store.ts';
import { day, sampled } from '../../support/day.ts';
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
    storeConformance(
      `a table in SQLite${of.markColumn === undefined ? '' : ' with a column that marks our rows'} (SEED=${day})`,
      inTable(of),
    );

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
