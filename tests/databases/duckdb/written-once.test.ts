import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asStagedRef } from '../../../src/databases/store/staging/staged-tables.ts';
import type { Store } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { committed } from '../../support/commits.ts';
import { attempt, creates, decidedOver, many, swap, twoSlices } from '../../support/full-loads.ts';
import { type OpenedStore, openStore } from './support.ts';

describe('a full load into DuckDB', () => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await openStore();
  });
  beforeEach(() => opened.cleared());
  afterAll(() => opened[Symbol.asyncDispose]());

  const slices = (store: Store, epoch: number, writing: Writing) => twoSlices(store, { epoch, writing, rows: 10_000 });
  const found = () => opened.sql('select count(*)::int as n, count(distinct id)::int as d, count(name)::int as names from e');
  const whole = [{ n: 10_000, d: 10_000, names: 6_666 }];
  /** Where the file has the values of a table. */
  const blocks = (table: string) =>
    opened.sql(`select distinct block_id, block_offset from pragma_storage_info('${table}') where column_name = 'id' order by all`);
  const left = async () => {
    await (await opened.store()).sweep({ lineage: 'l1', before: 99 });
    return opened.sql(`select table_name from duckdb_tables() where schema_name <> 'hygge_metadata' and table_name <> 'e'`);
  };

  test.each([
    ['of a new table', creates],
    ['that takes the place of another', swap],
  ])('writes its rows once, whatever slices they come in: %s', async (_, writing) => {
    if (writing === swap) {
      const store = await opened.store();
      await committed(store, await decidedOver(store, { epoch: 1, writing: creates, parts: await slices(store, 1, creates) }));
    }
    const parts = await slices(await opened.store(), 2, writing);
    const before = await blocks(parts.map(asStagedRef)[0]?.name ?? '');
    expect(before).not.toContainEqual({ block_id: '-1' });
    const store = await opened.store();
    expect(await committed(store, await decidedOver(store, { epoch: 2, writing, parts }))).toMatchObject({ counts: { inserted: 10_000 } });
    expect(await blocks('e')).toEqual(before);
    expect(await found()).toEqual(whole);
    expect(await opened.sql(`select column_name as c from duckdb_columns() where table_name = 'e'`)).toEqual([{ c: 'id' }, { c: 'name' }]);
    expect(await left()).toEqual([]);
  });

  test('is not changed by an attempt that still writes, which is refused at its end, or by one that comes after it', async () => {
    const store = await opened.store();
    const [held, begun] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const parts = await slices(store, 1, creates);
    const intent = await decidedOver(store, { epoch: 1, writing: creates, parts });
    const late = attempt(await opened.store(), {
      ...{ epoch: 1, slice: 1, writing: creates, rows: many(50_000, 54_000), held: held.promise },
      begun: () => begun.resolve(undefined),
    });
    await begun.promise;
    expect(await committed(store, intent)).toMatchObject({ counts: { inserted: 10_000 } });
    held.resolve(undefined);
    await expect(late).rejects.toMatchObject({ code: 'HYG-4208', transient: true });
    await attempt(await opened.store(), { epoch: 1, slice: 1, writing: swap, rows: many(50_000, 54_000) });
    expect(await found()).toEqual(whole);
    expect(await committed(await opened.store(), intent)).toMatchObject({ outcome: 'already' });
    expect(await left()).toEqual([]);
  });
});
