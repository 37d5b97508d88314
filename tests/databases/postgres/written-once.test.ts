import { expect, test } from 'vitest';
import { asStagedRef } from '../../../src/databases/store/staging/staged-tables.ts';
import type { Part, Store } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { attempt, creates, decidedOver, many, swap, twoSlices } from '../../support/full-loads.ts';
import { noPostgresTools } from '../../support/postgres.ts';
import { committed, onPostgres, ownDatabase } from './support.ts';

onPostgres('a full load into PostgreSQL', () => {
  const opened = ownDatabase();

  const merge: Writing = { mode: 'merge', key: ['id'], why: 'key' };
  const slices = (store: Store, epoch: number, writing: Writing) => twoSlices(store, { epoch, writing, rows: 1000 });

  const file = async (name: string) => (await opened.db.sql(`select pg_relation_filenode('${name}') as file`))[0]?.file;
  const stagedName = (parts: readonly Part[]) => `hygge_staging."${parts.map(asStagedRef)[0]?.name}"`;
  const found = async () => (await opened.db.sql('select count(*) as n, count(distinct id) as d, count(name) as names from e'))[0];
  const left = async (store: Store) => {
    await store.sweep({ lineage: 'l1', before: 99 });
    return opened.db.sql(`select tablename from pg_tables where schemaname = 'hygge_staging'`);
  };

  const whole = { n: '1000', d: '1000', names: '666' };

  test.each([
    ['of a new table', creates],
    ['that takes the place of another', swap],
  ])('writes its rows once, whatever slices they come in: %s', async (_, writing) => {
    const store = await opened.store();
    if (writing === swap)
      await committed(store, await decidedOver(store, { epoch: 1, writing: creates, parts: await slices(store, 1, creates) }));
    const parts = await slices(store, 2, writing);
    const intent = await decidedOver(store, { epoch: 2, writing, parts });
    const before = await file(stagedName(parts));
    expect(await committed(store, intent)).toMatchObject({ counts: { inserted: 1000 } });
    expect(await file('e')).toBe(before);
    expect(await found()).toEqual(whole);
    const [columns] = await opened.db.sql(
      `select count(*) as n, max(attnum) as last from pg_attribute where attrelid = 'e'::regclass and attnum > 0`,
    );
    expect(columns).toEqual({ n: '2', last: '2' });
    expect(await left(store)).toEqual([]);
  });

  test('leaves out rows of attempts that were not recorded, and what was frozen or moved meanwhile stays theirs', async () => {
    const store = await opened.store();
    await attempt(store, { epoch: 1, slice: 0, writing: creates, rows: many(0, 600) });
    const parts = await slices(store, 1, creates);
    await opened.db.sql(`vacuum (freeze) ${stagedName(parts)}`);
    await opened.db.sql(`vacuum (full, freeze) ${stagedName(parts)}`);
    const intent = await decidedOver(store, { epoch: 1, writing: creates, parts });
    expect(await committed(store, intent)).toMatchObject({ counts: { inserted: 1000 } });
    expect(await found()).toEqual(whole);
    expect(await committed(opened.store(), intent)).toMatchObject({ outcome: 'already', counts: { inserted: 1000 } });
  });

  test('copies its rows where an attempt that is none of it still writes, and that one changes nothing', async () => {
    const store = await opened.store();
    const { promise: held, resolve: goOn } = Promise.withResolvers<undefined>();
    const parts = await slices(store, 1, creates);
    const late = attempt(await opened.store(), { epoch: 1, slice: 1, writing: creates, rows: many(5000, 5400), held });
    // It has sent its first row, as the server sees it.
    const writers = `select count(*) as n from pg_locks where relation = '${stagedName(parts)}'::regclass and mode = 'RowExclusiveLock' and granted`;
    while ((await opened.db.sql(writers))[0]?.n === '0');
    const before = await file(stagedName(parts));
    expect(await committed(store, await decidedOver(store, { epoch: 1, writing: creates, parts }))).toMatchObject({
      counts: { inserted: 1000 },
    });
    expect(await file('e')).not.toBe(before);
    expect(await found()).toEqual(whole);
    goOn(undefined);
    expect(await late).toHaveLength(1);
    expect(await found()).toEqual(whole);
    expect(await left(store)).toEqual([]);
  });

  test.each<[string, Writing]>([
    ['in a new table', merge],
    ['in one that takes the place of another', { ...swap, key: ['id'] }],
  ])('settles the newest of rows with one key, which takes a copy: %s', async (_, writing) => {
    const store = await opened.store();
    if (writing !== merge)
      await committed(store, await decidedOver(store, { epoch: 1, writing: creates, parts: await slices(store, 1, creates) }));
    const parts = await attempt(store, { epoch: 2, writing, rows: [...many(0, 10), ...many(0, 10)] });
    expect(await committed(store, await decidedOver(store, { epoch: 2, writing, parts }))).toMatchObject({ counts: { inserted: 10 } });
    expect(await found()).toMatchObject({ n: '10', d: '10' });
  });

  test.skipIf(noPostgresTools() !== '')(
    'makes a table that is like any that its role makes there: with the grants of default privileges',
    async () => {
      const { db } = opened;
      await db.sql(
        'drop role if exists sees_new; create role sees_new; alter default privileges in schema public grant select on tables to sees_new',
      );
      const store = await opened.store();
      await db.sql('create table like_it (id bigint not null, name text)');
      await committed(store, await decidedOver(store, { epoch: 1, writing: creates, parts: await slices(store, 1, creates) }));
      const like = (name: string) =>
        db.psql(`\\d ${name}`, `select relacl, relowner, reloptions, relpersistence from pg_class where relname = '${name}'`);
      expect(await like('e')).toBe(await like('like_it'));
      await db.sql('drop owned by sees_new; drop role sees_new');
    },
  );
});
