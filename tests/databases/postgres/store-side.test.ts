import { expect, test } from 'vitest';
import { storeSide } from '../../../src/databases/connector/store-side.ts';
import { postgres } from '../../../src/databases/postgres/postgres.ts';
import { writes } from '../../../src/databases/postgres/write.ts';
import type { Finding } from '../../../src/engine/contracts/connector.ts';
import { findConnector } from '../../../src/registry.ts';
import { onPostgres, ownDatabase } from './support.ts';

const side = storeSide({ ...postgres, writes });
const told = (findings: readonly Finding[]) =>
  findings.map(({ ok, what, why, tryThis }) => [ok, what, ...(why ?? []), ...(tryThis ?? [])].join(' '));

onPostgres('what debug finds of PostgreSQL as a store', () => {
  const opened = ownDatabase();
  const everything = () =>
    opened.db.sql(
      `select nspname from pg_namespace where nspname like 'hygge%' union all select relname from pg_class where relname = 'e'`,
    );

  test('that all can be made, filled, locked, renamed and dropped, and it leaves nothing behind', async () => {
    const findings = await side.probe(opened.config() as never, opened.opening);
    expect(told(findings)).toEqual([
      expect.stringMatching(/^true .*the connection works$/),
      'true hygge_metadata can be made with the first run',
      'true in hygge_staging tables can be made, filled by a bulk load, merged, locked, renamed and dropped',
      'true public.e is made with the first run',
    ]);
    expect(await everything()).toEqual([]);
  });

  test('which right is missing on the table, with the GRANT that gives it', async () => {
    const { db } = opened;
    await db.sql(`create role only_reader login password '${db.password}'; create table e (id int); grant select on e to only_reader`);
    await db.sql('create schema hygge_staging authorization only_reader; create schema hygge_metadata authorization only_reader');
    const findings = await side.probe(opened.config({ user: 'only_reader' }) as never, opened.opening);
    expect(told(findings).at(-1)).toBe(
      'false The role may not insert, update, delete in public.e Have an administrator run these statements unchanged: grant insert, update, delete on "public"."e" to "only_reader";',
    );
    await db.sql('drop owned by only_reader cascade; drop role only_reader');
  });

  test.each([
    ['a bulk load', 'CREATE TABLE', `if exists (select from pg_event_trigger_ddl_commands() where object_identity like '%probe_%')`],
    ['a merge', 'CREATE TABLE AS', 'if true'],
  ])('that what %s takes is refused, and it leaves nothing behind', async (_, tag, condition) => {
    const { db } = opened;
    await db.sql(`create function nothing_made() returns event_trigger language plpgsql as $$ begin ${condition} then raise exception 'not here'; end if; end $$;
      create event trigger refuses on ddl_command_end when tag in ('${tag}') execute function nothing_made()`);
    try {
      const findings = await side.probe(opened.config() as never, opened.opening);
      expect(told(findings).at(-1)).toMatch(/^false .*refuses what would be written.* not here/);
    } finally {
      await db.sql('drop event trigger refuses; drop function nothing_made()');
    }
    expect(await everything()).toEqual([]);
  });

  test('that a home may not share its snapshot, with the GRANT that lets it', async () => {
    const { db } = opened;
    const role = `snapless_${db.database}`;
    await db.sql(`create role ${role} login password '${db.password}'; create table h (id int); grant select on h to ${role}`);
    await db.sql('revoke execute on function pg_catalog.pg_export_snapshot() from public');
    const home = (await findConnector('postgres'))?.home;
    const { host, port, database, password } = db;
    const config = { host, port, database, password, user: role, table: 'h' };
    const probe = async () => told((await home?.probe?.(home.config.parse(config) as never, opened.opening)) ?? []);
    expect((await probe()).join()).toMatch(
      /^false .*permission denied for function pg_export_snapshot.* GRANT EXECUTE ON FUNCTION pg_catalog\.pg_export_snapshot\(\)/,
    );
    await db.sql(`grant execute on function pg_catalog.pg_export_snapshot() to ${role}`);
    expect((await probe()).join()).not.toMatch(/false/);
    await db.sql(
      `grant execute on function pg_catalog.pg_export_snapshot() to public; drop owned by ${role}; drop table h; drop role ${role}`,
    );
  });

  test.each([
    ['merges more than a step lasts for', { mode: 'merge', createsTable: false, bytes: 9 * 1024 ** 3, replacedBytes: 0 }, 'HYG-4237'],
    ['merges less', { mode: 'merge', createsTable: false, bytes: 1024 ** 3, replacedBytes: 0 }, undefined],
    ['swaps a table', { mode: 'swap', createsTable: false, bytes: 9 * 1024 ** 3, replacedBytes: 0 }, undefined],
  ] as const)('whether a commit ends within a step of the app: one that %s', async (_, commit, code) => {
    await using store = await side.open(opened.config() as never, { ...opened.opening, steps: 'anywhere' });
    expect(store.table?.tooLarge(commit)?.code).toBe(code);
    await using here = await side.open(opened.config() as never, { ...opened.opening, steps: 'here' });
    expect(here.table?.tooLarge(commit)).toBeNull();
  });

  test('a commit that waits in another database is not looked for in this one', async () => {
    await using store = await side.open(opened.config() as never, opened.opening);
    const kept = { ...(store.place as Readonly<Record<string, string>>), database: 'elsewhere' };
    await expect(side.at(kept, opened.opening, opened.config() as never)).rejects.toMatchObject({ code: 'HYG-4211' });
    await expect(side.at(store.place, opened.opening, null)).rejects.toMatchObject({ code: 'HYG-4211' });
    expect(JSON.stringify(store.place)).not.toContain(opened.db.password);
    await using again = await side.at(store.place, opened.opening, opened.config() as never);
    expect(again.place).toEqual(store.place);
  });
});
