import { expect, test } from 'vitest';
import { onPostgres, ownDatabase, ownWorkspace } from './support.ts';

onPostgres('a dry run from and into PostgreSQL', () => {
  const opened = ownDatabase();
  const own = ownWorkspace(opened);

  const plan = async (...args: readonly string[]) => {
    const run = await own.hygge('go', '--dry-run', '--output', 'json', ...args);
    const found = run.events.find((one) => one.event === 'plan');
    if (found?.event !== 'plan') throw new Error(run.stderr);
    return found;
  };
  /** Every statement that altered the catalogue, as the server was sent it. */
  const ran = async () => (await opened.db.sql('select query from ran')).map(({ query }) => query).join('\n');

  test('prints the DDL that the run then does, of a first load, of drift and of a swap', async () => {
    own.workspace.write({
      'flows/f/flow.yml':
        'home: { type: postgres, connection: pg, table: src }\nstore: { type: postgres, connection: pg, table: t }\nrun_type: incremental\nwatermark: { column: at, key: [id] }\nschema_overrides: { code: varchar(10) }\n',
    });
    await opened.db.sql(`create table src (id bigint primary key, code text, at timestamptz not null);
      insert into src select i, i::text, now() - i * interval '1 minute' from generate_series(1, 4000) i; analyze src; delete from src where id > 3990;
      create table ran (query text);
      create function log_ddl() returns event_trigger language plpgsql as 'begin insert into public.ran values (current_query()); end';
      create event trigger log_ddl on ddl_command_end execute function log_ddl()`);
    const columns = '"id" bigint not null, "code" character varying(10), "at" timestamp with time zone not null';
    const first = await plan();
    expect(first.ddl).toContain(`create table "public"."t" (${columns})`);
    expect(first.ddl).toContain('create schema if not exists "hygge_metadata"');
    expect(await ran()).toBe('');
    const shown = await own.hygge('go', '--dry-run');
    for (const statement of first.ddl ?? []) expect(shown.text.replaceAll(/^( {14}| {4}ddl {7})/gm, '')).toContain(`${statement};`);
    expect(await own.hygge('go')).toMatchObject({ code: 0 });
    const log = await ran();
    for (const statement of first.ddl ?? []) expect(log).toContain(statement);
    expect((await plan()).ddl).toEqual([]);
    await opened.db.sql('alter table src add column extra int; update src set at = now() where id = 7; truncate ran');
    const drifted = await plan();
    expect(drifted.ddl).toEqual(['alter table "public"."t" add column "extra" integer']);
    expect(await own.hygge('go')).toMatchObject({ code: 0 });
    expect(await ran()).toContain('alter table "public"."t" add column "extra" integer');
    const swap = await plan('-d');
    expect(swap).toMatchObject({
      write: { mode: 'swap', why: 'full_load' },
      ddl: [`create table "public"."t" (${columns}, "extra" integer)`],
    });
    await opened.db.sql('create view v as select * from t; truncate ran');
    expect(await plan('-d')).toMatchObject({ write: { mode: 'delete_insert', why: 'bound', because: ['view v'] }, ddl: [] });
    await opened.db.sql('drop event trigger log_ddl');
  });
});
