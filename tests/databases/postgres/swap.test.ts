import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Store, Target } from '../../../src/engine/contracts/store.ts';
import type { Writing } from '../../../src/engine/contracts/writing.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import { type Load, loaded, onPostgres, ownDatabase } from './support.ts';

onPostgres('a table in PostgreSQL that others depend on', () => {
  const opened = ownDatabase();

  const schema: Schema = {
    columns: [
      { name: 'id', type: { kind: 'int64' }, nullable: false },
      { name: 'Name "x"', type: { kind: 'string' }, nullable: true },
    ],
  };
  const writing = (mode: Writing['mode']): Writing => ({ mode, key: [], why: 'full_load' });
  const all = { what: 'all', foreign: 'keep' } as const;
  const first: Load = {
    epoch: 1,
    schema,
    rows: [
      [1n, 'one'],
      [2n, null],
    ],
  };
  const anew: Load = { epoch: 2, schema, rows: [[3n, 'three']], supersede: all, writing: writing('swap') };

  /** All that the catalogue says of the tables, by pg_dump: a reader that is not ours. It reads no newer version than its own. */
  async function dump(): Promise<string> {
    const { host, port, user, password, database, programs } = opened.db;
    const [{ newer } = {}] = await opened.db.sql(`select current_setting('server_version_num')::int >= 160000 as newer`);
    if (newer === 't') return catalogued();
    const to = ['-s', '-n', 'public', '-h', host, '-p', String(port), '-U', user, database];
    const { stdout } = await promisify(execFile)(join(programs, 'pg_dump'), to, { env: { ...process.env, PGPASSWORD: password } });
    return stdout.replace(/^\\(un)?restrict .*$/gm, '');
  }

  /** The same by queries, for versions that no pg_dump is here for. */
  async function catalogued(): Promise<string> {
    const lines = await opened.db.sql(
      `with t as (select c.* from pg_class c where c.relnamespace = 'public'::regnamespace)
      select format('%s %s OWNER TO %s %s %s', relkind, relname, relowner::regrole, coalesce(relacl, acldefault('r', relowner)), reloptions) as line from t
      union all select format('%s.%s %s %s %s %s %s %s', t.relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attacl, attoptions, pg_get_expr(adbin, adrelid))
        from pg_attribute a join t on a.attrelid = t.oid left join pg_attrdef d on d.adrelid = t.oid and d.adnum = attnum where attnum > 0 and not attisdropped
      union all select format('%s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(o.oid), obj_description(o.oid, 'pg_constraint')) from pg_constraint o join t on conrelid = t.oid
      union all select format('%s %s', indexdef, obj_description(indexname::regclass, 'pg_class')) from (select indexdef, quote_ident(indexname) as indexname from pg_indexes where schemaname = 'public') i
      union all select format('comment %s %s %s', t.relname, objsubid, description) from pg_description d join t on d.objoid = t.oid
      union all select definition from pg_views where schemaname = 'public' order by line`,
    );
    return lines.map(({ line }) => line).join('\n');
  }

  async function rows(): Promise<readonly unknown[]> {
    return (await opened.db.sql('select id from e order by id')).map(({ id }) => id);
  }

  async function inspected(store: Store): Promise<Target> {
    const step = await store.inspect();
    if ('done' in step) return step.done;
    throw new Error('a look takes more than one step');
  }

  const bound = async (store: Store) =>
    ((await inspected(store)).catalog?.dependents ?? []).map(
      ({ kind, name, holdsRows }) => `${kind} ${name}${holdsRows ? ', pointed at' : ''}`,
    );

  describe('a table that another one takes the place of', () => {
    test('has its owner, grants, comments, defaults, indexes, constraints and settings as before', async () => {
      const { db } = opened;
      await db.sql('drop role if exists reader_of_e; drop role if exists owner_of_e; create role reader_of_e; create role owner_of_e');
      await db.sql('grant create on schema public to owner_of_e');
      await loaded(opened.store(), first);
      await db.sql(`
      create table kinds (name text primary key);
      insert into kinds values ('one'), ('three');
      alter table e add constraint "pk of e" primary key (id), add constraint positive check (id > 0),
        add constraint only_kinds foreign key ("Name ""x""") references kinds deferrable initially deferred, add unique ("Name ""x""", id);
      alter table e alter "Name ""x""" set default 'none', alter id set default 7;
      create index "by Name" on e (lower("Name ""x"""), id desc) where id > 1;
      comment on table e is 'it''s ours'; comment on column e.id is 'a number'; comment on index "by Name" is 'quick'; comment on constraint positive on e is 'no debts'; alter table e alter id set not null;
      alter table e set (fillfactor = 70, autovacuum_enabled = false);
      grant select on e to reader_of_e with grant option; grant update (id) on e to reader_of_e; grant insert on e to public;
      alter table e owner to owner_of_e`);
      const before = await dump();
      expect(before).toContain('OWNER TO owner_of_e');
      const store = await opened.store();
      expect(await bound(store)).toEqual([]);
      expect(await loaded(store, anew)).toMatchObject({ counts: { inserted: 1, deleted: 2 } });
      expect(await rows()).toEqual(['3']);
      expect(await dump()).toBe(before);
      await db.sql('drop owned by reader_of_e, owner_of_e cascade; drop role reader_of_e; drop role owner_of_e');
    });

    test.each([
      [
        'an identity',
        `alter table e alter id add generated by default as identity (sequence name "ids of e" start 100 increment 5 maxvalue 1000 cache 3 cycle);
        comment on sequence "ids of e" is 'it''s counted'; grant usage on sequence "ids of e" to counting; alter default privileges grant select on sequences to counting`,
        '"ids of e"',
      ],
      ['a sequence that nothing counts on by', `create sequence ids owned by e.id`, 'ids'],
      [
        'a serial of another owner',
        `create sequence ids; alter table e alter id set default nextval('ids'); alter sequence ids owned by e.id; alter table e owner to counting`,
        'ids',
      ],
    ])('has %s that goes on where it was', async (_, sql, sequence) => {
      const { db } = opened;
      await db.sql('drop role if exists counting; create role counting; grant create on schema public to counting');
      await loaded(opened.store(), first);
      await db.sql(sql);
      const numbers = async () => (await db.sql(`select last_value, is_called from ${sequence}`))[0];
      const untouched = [await dump(), await numbers()];
      expect(await bound(await opened.store())).toEqual([]);
      expect(await loaded(opened.store(), anew)).toMatchObject({ outcome: 'committed' });
      expect([await dump(), await numbers()]).toEqual(untouched);
      const next = await db.sql(`select nextval('${sequence}') as n, nextval('${sequence}')`);
      const before = [await dump(), await numbers()];
      expect(await loaded(opened.store(), { ...anew, epoch: 3 })).toMatchObject({ outcome: 'committed' });
      expect([await dump(), await numbers()]).toEqual(before);
      expect(Number((await db.sql(`select nextval('${sequence}') as n`))[0]?.n)).toBeGreaterThan(Number(next[0]?.n));
      await db.sql('drop owned by counting cascade; drop role counting');
    });

    test('has not what default privileges would give to a new one', async () => {
      const { db } = opened;
      await db.sql('drop role if exists default_reader; create role default_reader');
      await loaded(opened.store(), first);
      await db.sql('alter default privileges in schema public grant select on tables to default_reader');
      const before = await dump();
      await loaded(opened.store(), anew);
      expect(await dump()).toBe(before);
      await db.sql('drop owned by default_reader; drop role default_reader');
    });

    test('is as it was where its constraint refuses the new rows', async () => {
      const { db } = opened;
      await loaded(opened.store(), first);
      await db.sql(`alter table e add constraint small check (id < 3)`);
      const before = await dump();
      expect(await loaded(opened.store(), anew)).toMatchObject({ outcome: 'refused', because: { code: 'HYG-4204' } });
      expect(await rows()).toEqual(['1', '2']);
      expect(await dump()).toBe(before);
    });

    test('shows the old rows or the new, to who reads all the while', async () => {
      const store = await opened.store();
      const many = (from: number) => Array.from({ length: 500 }, (_, at) => [BigInt(from + at), 'x']);
      await loaded(store, { ...first, rows: many(0) });
      const client = await opened.db.client();
      const seen = new Set<string>();
      let isOver = false;
      const reading = (async () => {
        while (!isOver) seen.add((await client.query('select count(*) || $1 || min(id) as of from e', ['@'])).rows[0].of);
      })();
      for (let epoch = 2; epoch <= 6; epoch++) await loaded(store, { ...anew, epoch, rows: many(epoch * 1000) });
      isOver = true;
      await reading;
      await client.end();
      for (const of of seen) expect(of).toMatch(/^500@/);
    });
  });

  describe('what would stay with the table that a swap takes away', () => {
    type Dependents = readonly (readonly [told: string, sql: string])[];
    const together: Dependents = [
      ['column extra, which hygge did not make', `alter table e add extra int`],
      ['column Name "x", which is not null now', `update e set "Name ""x""" = ''; alter table e alter "Name ""x""" set not null`],
      ['column settings id', `alter table e alter id set statistics 500`],
      ['foreign key lines_id_fkey of lines, pointed at', `alter table e add unique (id); create table lines (id bigint references e (id))`],
      ['view v', `create view v as select id from e`],
      ['materialized view m', `create materialized view m as select * from e`],
      [
        'trigger t',
        `create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger t before insert on e for each row execute function f()`,
      ],
      ['policy p', `create policy p on e`],
      ['row security e', `alter table e enable row level security`],
      ['publication pub_of_e', `create publication pub_of_e for table e`],
      ['rule r', `create rule r as on update to e do also nothing`],
      ['partition or child c', `create table c () inherits (e)`],
      ['statistics s', `create statistics s on id, "Name ""x""" from e`],
      ['use of its row type', `create table other (one e)`],
      ['replica identity e', `alter table e replica identity full`],
      ['clustered index i', `create index i on e (id); alter table e cluster on i`],
      ['use function g()', `create function g() returns bigint language sql begin atomic select max(id) from e; end`],
    ];
    // These change what others of them need.
    const alone: Dependents = [
      ['column id, which is integer now', `alter table e alter id type int`],
      ['unlogged table e', `alter table e set unlogged`],
      ['column settings Name "x"', `alter table e alter "Name ""x""" type text collate "C"`],
    ];
    const looks: readonly (readonly [string, Dependents])[] = [
      ['of many kinds', together],
      ...alone.map((one) => [one[0], [one]] as const),
    ];

    test.each(looks)('is told: %s', async (_, all) => {
      const store = await opened.store();
      await loaded(store, first);
      expect(await bound(store)).toEqual([]);
      for (const [, sql] of all) await opened.db.sql(sql);
      const found = await bound(store);
      expect(all.filter(([dependent]) => !found.some((one) => one.includes(dependent)))).toEqual([]);
      await opened.db.sql('drop publication if exists pub_of_e');
    });

    test('stays where rows are deleted and inserted: a view shows the new ones', async () => {
      await loaded(opened.store(), first);
      await opened.db.sql('create view v as select id from e; create index i on e (id)');
      const before = await dump();
      await loaded(opened.store(), { ...anew, writing: writing('delete_insert') });
      expect(await opened.db.sql('select id from v')).toEqual([{ id: '3' }]);
      expect(await dump()).toBe(before);
    });
  });
});
