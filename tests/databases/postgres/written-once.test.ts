import { expect, test } from 'vitest';
import { asStagedRef } from '../../../src/databases/store/staging/staged-tables.ts';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import type { Part, Store } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import { frameBuilder } from '../../../src/frames/values/builders.ts';
import { everything, idAndName as schema } from '../../support/commits.ts';
import { run } from '../../support/connector-conformance/bench.ts';
import { decisionOver } from '../../support/connector-conformance/decision.ts';
import { noPostgresTools } from '../../support/postgres.ts';
import { committed, onPostgres, ownDatabase, type Rows } from './support.ts';

onPostgres('a full load into PostgreSQL', () => {
  const opened = ownDatabase();

  const swap: Writing = { mode: 'swap', key: [], why: 'full_load' };
  const creates: Writing = { mode: 'append', key: [], why: 'creates' };
  const merge: Writing = { mode: 'merge', key: ['id'], why: 'key' };
  const nothing = { what: 'nothing' } as const;
  const many = (from: number, to: number): Rows => Array.from({ length: to - from }, (_, at) => [BigInt(from + at), at % 3 ? 'x' : null]);

  /** One attempt at a slice. @param held is waited for before the last rows go. */
  async function attempt(
    store: Store,
    of: {
      readonly epoch: number;
      readonly slice?: number;
      readonly writing: Writing;
      readonly rows: Rows;
      readonly held?: Promise<unknown>;
    },
  ): Promise<readonly Part[]> {
    const frames = (async function* () {
      for (const rows of [of.rows.slice(0, 1), of.rows.slice(1)]) {
        const builder = await frameBuilder(schema);
        for (const row of rows) builder.append(row);
        yield { role: 'data' as const, frame: await builder.take() };
        await of.held;
      }
    })();
    const request = { run: run(of.epoch), writing: of.writing, slice: of.slice ?? 0, schema, watermark: null, emptyPart: false };
    return store.stage(request, frames, new AbortController().signal);
  }

  const decided = (
    store: Store,
    of: { readonly epoch: number; readonly writing: Writing; readonly parts: readonly Part[] },
  ): Promise<Intent> =>
    decisionOver(store, {
      run: run(of.epoch),
      writing: of.writing,
      parts: of.parts,
      schema,
      supersede: of.writing.mode === 'swap' ? everything : nothing,
    });

  const file = async (name: string) => (await opened.db.sql(`select pg_relation_filenode('${name}') as file`))[0]?.file;
  const stagedName = (parts: readonly Part[]) => `hygge_staging."${parts.map(asStagedRef)[0]?.name}"`;
  const found = async () => (await opened.db.sql('select count(*) as n, count(distinct id) as d, count(name) as names from e'))[0];
  const left = async (store: Store) => {
    await store.sweep({ lineage: 'l1', before: 99 });
    return opened.db.sql(`select tablename from pg_tables where schemaname = 'hygge_staging'`);
  };

  /** Two slices side by side, and what they came to. */
  async function twoSlices(store: Store, epoch: number, writing: Writing) {
    const parts = await Promise.all([
      attempt(store, { epoch, slice: 0, writing, rows: many(0, 600) }),
      attempt(store, { epoch, slice: 1, writing, rows: many(600, 1000) }),
    ]);
    return parts.flat();
  }
  const whole = { n: '1000', d: '1000', names: '666' };

  test.each([
    ['of a new table', creates],
    ['of a new table whose rows have a key', merge],
    ['that takes the place of another', swap],
  ])('writes its rows once, whatever slices they come in: %s', async (_, writing) => {
    const store = await opened.store();
    if (writing === swap)
      await committed(store, await decided(store, { epoch: 1, writing: creates, parts: await twoSlices(store, 1, creates) }));
    const parts = await twoSlices(store, 2, writing);
    const intent = await decided(store, { epoch: 2, writing, parts });
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
    const parts = await twoSlices(store, 1, creates);
    await opened.db.sql(`vacuum (freeze) ${stagedName(parts)}`);
    await opened.db.sql(`vacuum (full, freeze) ${stagedName(parts)}`);
    const intent = await decided(store, { epoch: 1, writing: creates, parts });
    expect(await committed(store, intent)).toMatchObject({ counts: { inserted: 1000 } });
    expect(await found()).toEqual(whole);
    expect(await committed(opened.store(), intent)).toMatchObject({ outcome: 'already', counts: { inserted: 1000 } });
  });

  test('copies its rows where an attempt that is none of it still writes, and that one changes nothing', async () => {
    const store = await opened.store();
    const { promise: held, resolve: goOn } = Promise.withResolvers<undefined>();
    const parts = await twoSlices(store, 1, creates);
    const late = attempt(await opened.store(), { epoch: 1, slice: 1, writing: creates, rows: many(5000, 5400), held });
    // It has sent its first row, as the server sees it.
    const writers = `select count(*) as n from pg_locks where relation = '${stagedName(parts)}'::regclass and mode = 'RowExclusiveLock' and granted`;
    while ((await opened.db.sql(writers))[0]?.n === '0');
    const before = await file(stagedName(parts));
    expect(await committed(store, await decided(store, { epoch: 1, writing: creates, parts }))).toMatchObject({
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
      await committed(store, await decided(store, { epoch: 1, writing: creates, parts: await twoSlices(store, 1, creates) }));
    const parts = await attempt(store, { epoch: 2, writing, rows: [...many(0, 10), ...many(0, 10)] });
    expect(await committed(store, await decided(store, { epoch: 2, writing, parts }))).toMatchObject({ counts: { inserted: 10 } });
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
      await committed(store, await decided(store, { epoch: 1, writing: creates, parts: await twoSlices(store, 1, creates) }));
      const like = (name: string) =>
        db.psql(`\\d ${name}`, `select relacl, relowner, reloptions, relpersistence from pg_class where relname = '${name}'`);
      expect(await like('e')).toBe(await like('like_it'));
      await db.sql('drop owned by sees_new; drop role sees_new');
    },
  );
});
