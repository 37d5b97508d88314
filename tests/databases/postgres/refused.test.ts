import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asStagedRef } from '../../../src/databases/store/staging/staged-tables.ts';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Column, Schema } from '../../../src/frames/schema.ts';
import { everything, first, idAndName as schema } from '../../support/commits.ts';
import { committed, decided, type Load, loaded, onPostgres, ownDatabase, staged } from './support.ts';

const stagedName = ({ parts }: Intent): string => parts.map(asStagedRef)[0]?.name ?? '';

onPostgres('what PostgreSQL refuses', () => {
  const opened = ownDatabase();

  const more: Load = {
    epoch: 2,
    schema,
    rows: [
      [3n, 'three'],
      [4n, null],
    ],
  };
  const merge: Writing = { mode: 'merge', key: ['id'], why: 'key' };
  const rows = async () => (await opened.db.sql('select id, name from e order by id')).map(({ id, name }) => `${id} ${name}`);

  describe('a commit that the table refuses', () => {
    test.each([
      ['a unique index', `insert into e values (4, 'theirs'); create unique index only_one on e (id)`, 'only_one'],
      [
        'a trigger',
        `create function no() returns trigger language plpgsql as $$ begin raise exception 'not today'; end $$; create trigger no before insert on e for each row execute function no()`,
        'not today',
      ],
      [
        'a constraint that is looked at only at the end',
        `create table kinds (name text primary key); insert into kinds values ('one'), ('two'); alter table e add foreign key (name) references kinds deferrable initially deferred`,
        'foreign key',
      ],
    ] as const)('%s: nothing of it is visible, and it is given up', async (_, sql, said) => {
      const store = await opened.store();
      await loaded(store, first);
      const intent = await decided(store, more);
      await opened.db.sql(sql);
      const before = await opened.db.sql('select * from e order by id');
      expect(await committed(store, intent)).toMatchObject({
        outcome: 'refused',
        because: { code: 'HYG-4204', why: expect.arrayContaining([expect.stringContaining(said)]) },
      });
      expect(await opened.db.sql('select * from e order by id')).toEqual(before);
      expect(await store.giveUp(intent, { code: 'HYG-4204', reason: 'refused' }, 'unseen')).toEqual({ removed: [] });
      expect(await opened.db.sql(`select * from pg_tables where schemaname = 'hygge_staging'`)).toEqual([]);
      expect(await committed(store, intent)).toBe('given up');
    });

    test.each([
      ['inserting', `create trigger swallow before insert on e for each row when (new.id = 3) execute function nothing()`, more],
      ['inserting, by a rule', `create rule swallow as on insert to e where new.id = 3 do instead nothing`, more],
      [
        'updating',
        `create trigger swallow before update on e for each row when (old.id = 2) execute function nothing()`,
        {
          ...more,
          rows: [
            [2n, 'zwei'],
            [3n, 'drei'],
          ],
          writing: merge,
        },
      ],
    ] as const)('a trigger or rule that swallows rows without a word is told: %s', async (_, sql, load) => {
      const store = await opened.store();
      await loaded(store, first);
      await opened.db.sql(`create or replace function nothing() returns trigger language plpgsql as 'begin return null; end'; ${sql}`);
      expect(await loaded(store, load)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4202' } });
      expect(await rows()).toEqual(['1 one', '2 two']);
    });

    test('a trigger that leaves out only updates that change nothing is no matter', async () => {
      const store = await opened.store();
      await loaded(store, first);
      await opened.db.sql('create trigger same before update on e for each row execute function suppress_redundant_updates_trigger()');
      const again: Load['rows'] = [
        [1n, 'one'],
        [2n, 'zwei'],
      ];
      expect(await loaded(store, { ...more, rows: again, writing: merge })).toMatchObject({ outcome: 'committed', counts: { updated: 1 } });
      expect(await rows()).toEqual(['1 one', '2 zwei']);
    });

    test.each([
      ['replaced', { ...more, supersede: everything, writing: { mode: 'delete_insert', key: [], why: 'full_load' } }],
      ['told as deleted', { epoch: 2, schema, roles: { deleted: [[1n, null]] }, writing: merge }],
    ] as const)('a trigger that keeps rows which are %s is told', async (_, load) => {
      const store = await opened.store();
      await loaded(store, first);
      await opened.db.sql(
        `create or replace function nothing() returns trigger language plpgsql as 'begin return null; end';
        create trigger stay before delete on e for each row when (old.id = 1) execute function nothing()`,
      );
      expect(await loaded(store, load)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4230' } });
      expect(await rows()).toEqual(['1 one', '2 two']);
    });

    test.each([
      ['merges', { mode: 'merge', key: ['id'], why: 'key' }],
      ['adds', { mode: 'append', key: [], why: 'adds' }],
    ] as const)('a first load that %s into a table in which another entity has settled meanwhile', async (_, writing) => {
      await opened.db.sql('create table e (id bigint, name text)');
      const [mine, theirs] = [await opened.store(), await opened.store({ entity: 'other', table: 'e' })];
      const [intent, other] = [await decided(mine, { ...first, writing }), await decided(theirs, { ...first, writing })];
      const outcomes = await Promise.all([committed(mine, intent), committed(theirs, other)]);
      const because = expect.objectContaining({ code: 'HYG-4233', why: [expect.stringMatching(/^f\.(e|other) wrote to the table/)] });
      const refused = { outcome: 'refused', because };
      expect(outcomes).toEqual(
        expect.arrayContaining([expect.objectContaining({ outcome: 'committed' }), expect.objectContaining(refused)]),
      );
      expect(await rows()).toEqual(['1 one', '2 two']);
    });
  });

  describe('a role', () => {
    // One that is made anew under an old name is another one to the connections that are open.
    let made = 0;
    let writer = '';
    beforeEach(async () => {
      writer = `writer_${process.pid}_${++made}`;
      await opened.db.sql(`create role ${writer} login password '${opened.db.password}'`);
    });
    afterEach(() => opened.db.sql(`drop owned by ${writer} cascade; drop role ${writer}`));

    test('that may not make hygge’s own schemas is told what to have run, and that is all it takes', async () => {
      const { db } = opened;
      const store = await opened.store({ user: writer });
      const refused = await staged(store, first).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'HYG-4203' });
      const [, told = ''] = (refused as { readonly tryThis: readonly string[] }).tryThis;
      const statements = told.replace('What is missing: ', '');
      await db.sql(
        `${statements}; grant usage, create on schema hygge_staging, hygge_metadata to ${writer}; grant all on all tables in schema hygge_metadata to ${writer}`,
      );
      expect(await loaded(store, first)).toMatchObject({ outcome: 'committed' });
      expect(await rows()).toEqual(['1 one', '2 two']);
    });

    test.each([
      ['of another owner', ''],
      ['of its own, which it may not pass either', 'force'],
    ])('that policies keep from rows of a table %s is told what helps, and no row is kept back without a word', async (_, force) => {
      const { db } = opened;
      await db.sql(`create schema hygge_staging authorization ${writer}; create schema hygge_metadata authorization ${writer};
        create table e (id bigint, name text); grant all on e to ${writer}; insert into e values (9, 'theirs');
        alter table e enable row level security; create policy kept on e using (id < 2) with check (id < 5)`);
      if (force !== '') await db.sql(`alter table e owner to ${writer}; alter table e force row level security`);
      const store = await opened.store({ user: writer });
      const policies = { code: 'HYG-4205', tryThis: [expect.stringContaining(`alter role "${writer}" bypassrls`), expect.anything()] };
      await expect(store.inspect()).rejects.toMatchObject(policies);
      expect(await loaded(store, { ...first, writing: merge })).toMatchObject({ outcome: 'refused', because: policies });
      expect(await db.sql('select id from e')).toEqual([{ id: '9' }]);
      await db.sql(`alter role ${writer} bypassrls`);
      expect(await loaded(store, { ...more, writing: merge })).toMatchObject({ outcome: 'committed', counts: { inserted: 2, updated: 0 } });
      expect(await rows()).toEqual(['3 three', '4 null', '9 theirs']);
    });

    test('whose transactions are read only is told so, and nothing is lost', async () => {
      const { db } = opened;
      const store = await opened.store();
      const intent = await decided(store, first);
      // As a standby and a full Azure server say it.
      const staging = stagedName(intent);
      await db.sql(`create function stop() returns trigger language plpgsql as $$ begin raise exception sqlstate '25006' using message = 'cannot execute INSERT in a read-only transaction'; end $$;
      create table e (id bigint not null, name text); create trigger stop before insert on e for each row execute function stop()`);
      await expect(committed(store, intent)).rejects.toMatchObject({
        code: 'HYG-4206',
        transient: false,
        tryThis: [expect.stringContaining('primary'), expect.stringContaining('run again')],
      });
      expect(await db.sql(`select * from hygge_staging."${staging}"`)).toHaveLength(2);
      await db.sql('drop trigger stop on e');
      expect(await committed(store, intent)).toMatchObject({ outcome: 'committed' });
    });
  });

  test('a lock that does not become free is waited for again and again, not with readers behind it', async () => {
    const { db } = opened;
    const store = await opened.store();
    await loaded(store, first);
    const holder = await db.client();
    await holder.query('begin; lock table hygge_metadata.heads in access exclusive mode');
    const intent = decided(store, more).catch((error: unknown) => error);
    await holder.query('rollback; begin; lock table e in access exclusive mode');
    const decidedIntent = await intent;
    const step = store.commit(decidedIntent as never);
    // It waits for the table, as the server sees it.
    for (;;) {
      const [waiting] = await db.sql(`select count(*) as n from pg_locks where not granted and relation = 'e'::regclass`);
      if (waiting?.n !== '0') break;
    }
    await holder.query('commit');
    await holder.end();
    expect(await step).toMatchObject({ done: { outcome: 'committed' } });
  });

  describe('names', () => {
    const table = `"Sales ""x"".y"."select"`;
    const names = ['order', 'Order', 'ORDER', `q"uo'te`, 'a.b', '$1', 'ä'.repeat(31), 'x'.repeat(63), ' ', '-- c', 'user', 'hygge'];
    const odd: Schema = { columns: names.map((name): Column => ({ name, type: { kind: 'string' }, nullable: true })) };
    const value = names.map((name) => `value of ${name}`);

    test('of all kinds are taken as they are', async () => {
      const store = await opened.store({ table, entity: `it's "odd"; drop table x; -- ø` });
      await loaded(store, { epoch: 1, schema: odd, rows: [value], mark: 'order', writing: { ...merge, key: [`q"uo'te`, ' '] } });
      await loaded(store, { epoch: 2, schema: odd, rows: [value], mark: 'order', writing: { ...merge, key: [`q"uo'te`, ' '] } });
      const found = await opened.db.sql(`select * from ${table}`);
      expect(found.map((row) => names.map((name) => row[name]))).toEqual([value]);
      expect(await store.inspect()).toMatchObject({ done: { content: 'ours', rows: 1 } });
      await opened.db.sql('drop schema "Sales ""x"".y" cascade');
    });

    test('of columns longer than 63 bytes, or of PostgreSQL’s own, get others that keep them apart', async () => {
      const store = await opened.store();
      const long = (last: string) => `${'x'.repeat(63)}${last}`;
      const columns = [long('a'), long('b'), 'ctid'].map((name): Column => ({ name, type: { kind: 'string' }, nullable: true }));
      const fit = store.fit({ schema: { columns }, keepsTable: false, settled: [], watermark: null }, { content: 'empty' });
      const settled = fit.schema.columns.map(({ name }) => name);
      expect(new Set(settled).size).toBe(3);
      for (const name of settled) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      expect(fit.renamed.map(({ why }) => why)).toEqual(['too long', 'too long', 'reserved']);
    });

    test('of tables of which a partition is on another server are refused, and it can be taken out', async () => {
      const { db } = opened;
      await db.sql(`create table e (id bigint, name text) partition by range (id); create table near partition of e for values from (0) to (10);
        create extension if not exists postgres_fdw; drop server if exists far cascade; create server far foreign data wrapper postgres_fdw;
        create foreign table "F t" partition of e for values from (10) to (20) server far`);
      const store = await opened.store();
      const refused = await (async () => store.inspect())().catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'HYG-4281', what: expect.stringContaining('"F t", a part of public.e') });
      const [, told = ''] = (refused as { readonly tryThis: readonly string[] }).tryThis;
      await db.sql(told.replace('Or detach that part: ', ''));
      expect(await store.inspect()).toMatchObject({ done: { content: 'empty' } });
      await db.sql('drop extension postgres_fdw cascade');
    });

    test('of something else than a table are refused', async () => {
      await opened.db.sql('create view e as select 1 as id');
      await expect((await opened.store()).inspect()).rejects.toMatchObject({
        code: 'HYG-4209',
        what: expect.stringContaining('public.e is a view'),
      });
    });
  });
});
