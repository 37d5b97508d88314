import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Watermark } from '../../../src/frames/watermark.ts';
import { committed, decided, type Load, loaded } from '../../support/commits.ts';
import { inProcess } from '../../support/in-process.ts';
import { boundOf, windowOf } from '../../support/late-rows.ts';
import { isMysql, mariadbDatabase, needsKeys, noMariadb, noOwnMariadb, ownMariadb } from '../../support/mariadb.ts';
import { openedOnce } from '../../support/opened-once.ts';
import { framesOf, rowsOf } from '../../support/postgres-home.ts';
import { TestWorkspace } from '../../support/workspace.ts';
import { alike, connectionTo, mysqlHomes, onMariadb, openDatabase } from './support.ts';

const load: Load = {
  epoch: 1,
  schema: {
    columns: [
      { name: 'id', type: { kind: 'int64' }, nullable: false },
      { name: 'name', type: { kind: 'string' }, nullable: true },
    ],
  },
  rows: [[1n, 'one']],
};
const swapping: Pick<Load, 'writing' | 'supersede'> = {
  writing: { mode: 'swap', key: [], why: 'full_load' },
  supersede: { what: 'all', foreign: 'keep' },
};

onMariadb('a store in a server', () => {
  const opened = openedOnce(() => openDatabase());
  beforeEach(() => opened.cleared());

  alike('forgets records of commits that are older than it is asked to keep, and not the newest', async () => {
    for (const epoch of [1, 2, 3]) await loaded(opened.store(), { ...load, epoch });
    await opened.db.sql(`update ${opened.metadata}.commits set at = '2024-01-01 00:00:00.5' where epoch < 3`);
    const store = await opened.store();
    expect(await store.prune('2024-01-01T00:00:00.000Z')).toBe(0);
    expect(await store.prune('2024-01-01T00:00:01.000Z')).toBe(2);
    expect(await opened.lines(`select epoch from ${opened.metadata}.commits`)).toEqual(['3']);
  });

  test('continues with tables that an earlier version made, which have no key of rows', async () => {
    await loaded(opened.store(), load);
    const invisible = `select concat('alter table ', TABLE_SCHEMA, '.', TABLE_NAME, ' drop column my_row_id;') from information_schema.COLUMNS
      where TABLE_SCHEMA in ('${opened.metadata}', '${opened.db.database}') and COLUMN_NAME = 'my_row_id'`;
    for (const statement of await opened.lines(invisible)) await opened.db.sql(statement);
    expect(await loaded(opened.store(), { ...load, epoch: 2, rows: [[2n, 'two']] })).toMatchObject({ counts: { inserted: 1 } });
    expect(await loaded(opened.store(), { ...load, ...swapping, epoch: 3, rows: [[3n, 'three']] })).toMatchObject({
      counts: { inserted: 1, deleted: 2 },
    });
    expect(await opened.lines('select id from e')).toEqual(['3']);
  });

  test('makes tables with a key where the server takes none without, and shows no column of it', async () => {
    await loaded(opened.store(), { ...load, ...swapping });
    const keys = await opened.lines(
      `select COLUMN_NAME from information_schema.STATISTICS where TABLE_SCHEMA = database() and TABLE_NAME = 'e' and INDEX_NAME = 'PRIMARY'`,
    );
    expect(keys).toEqual(needsKeys() ? ['my_row_id'] : []);
    const found = await (await opened.store()).inspect();
    const columns = 'done' in found && found.done.content === 'ours' ? found.done.catalog?.columns.map(({ name }) => name) : [];
    expect(columns).toEqual(['id', 'name']);
    await using homes = mysqlHomes(opened.db);
    expect(await rowsOf(framesOf(await homes.home({ table: 'e' })))).toEqual([{ id: 1n, name: 'one' }]);
  });

  test('swaps a table whose own primary key takes the place of the one that rows have', async () => {
    await opened.db.sql(
      `create table e (id bigint not null primary key, name longtext collate ${isMysql ? 'utf8mb4_0900_bin' : 'utf8mb4_nopad_bin'})`,
    );
    const intent = await decided(opened.store(), { ...load, ...swapping, supersede: { what: 'all', foreign: 'replace' } });
    expect(await committed(opened.store(), intent)).toMatchObject({ outcome: 'committed' });
    expect((await opened.lines('show create table e'))[0]).toContain('PRIMARY KEY (`id`)');
    expect(await opened.lines('select id from e')).toEqual(['1']);
  });

  alike('a database that the account may not make is refused before anything is staged, with the right that lets it', async () => {
    const store = await opened.store({ table: 'nowhere_to_be.e' });
    await expect(store.inspect()).rejects.toMatchObject({
      tryThis: expect.arrayContaining([expect.stringContaining('ON `nowhere\\_to\\_be`.* TO')]),
    });
  });

  test('a document that the server would change settles as a text by what is advised', async () => {
    const document = '{"a":[99999999999999999.99],"b":18446744073709551617}';
    const flow = (more: string) => ({
      'flows/f/flow.yml': `home: { path: in/*.csv, types: { doc: json } }\nstore: { connection: c, table: docs, staging_schema: ${opened.staging}, metadata_schema: ${opened.metadata} }\n${more}`,
    });
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${connectionTo(opened.db)} }\n`,
      'in/a.csv': `id,doc\n1,"${document.replaceAll('"', '""')}"\n`,
      ...flow(''),
    });
    const go = () => inProcess(['go'], workspace.root, { SHOP_SECRET: opened.db.password });
    const first = await go();
    expect(first.code, `${first.stdout}${first.stderr}`).toBe(isMysql ? 1 : 0);
    if (isMysql) {
      expect(first.stdout + first.stderr).toMatch(/HYG-4201[\s\S]*schema_overrides: longtext/);
      workspace.write(flow('schema_overrides: { doc: longtext }\n'));
      const again = await go();
      expect(again.code, `${again.stdout}${again.stderr}`).toBe(0);
    }
    expect(await opened.lines('select doc from docs')).toEqual([document]);
  });

  alike('an account without a right on the database is told of the right, and of no password', async () => {
    await using homes = mysqlHomes(opened.db, { database: 'nowhere_to_be' });
    const failed = await (await homes.home({ table: 't' })).describe().catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 'HYG-6504',
      tryThis: expect.arrayContaining([expect.stringContaining(`GRANT SELECT ON \`nowhere\\_to\\_be\`.* TO '${opened.db.user}'@'%'`)]),
    });
    expect(JSON.stringify(failed)).not.toMatch(/password/);
  });
});

// On a server of its own: while a statement has an emoji no transaction of the server can be listed, and other tests would wait for that, too.
describe.skipIf(noMariadb() !== '' || noOwnMariadb() !== '' || !isMysql)('a MySQL that makes keys by itself and keeps no warnings', () => {
  const server = openedOnce(() =>
    ownMariadb(['--sql-generate-invisible-primary-key=ON', '--max-error-count=0', '--information-schema-stats-expiry=86400']),
  );

  test('is loaded in full twice without a warning, and refuses what it would change', async () => {
    await using db = await mariadbDatabase(server);
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${connectionTo(db)} }\n`,
      'in/a.csv': 'id,v\n1,a\n2,b\n',
      'flows/f/flow.yml': 'home: in/*.csv\nstore: { connection: c, table: e }\n',
    });
    const go = () => inProcess(['go', '-d'], workspace.root, { SHOP_SECRET: db.password });
    for (const run of [1, 2]) {
      const { code, stdout, stderr } = await go();
      expect(code, `run ${run}: ${stdout}${stderr}`).toBe(0);
      expect(stdout + stderr, `run ${run}`).not.toMatch(/WARN=[1-9]|leave behind/);
      expect(await db.sql('select id, v from e order by id')).toBe('1\ta\n2\tb\n');
    }
    await using opened = await openDatabase(server);
    const column = { name: 'note', type: { kind: 'string' }, nullable: true, override: { declared: 'varchar(5)', most: 5 } } as const;
    const failing = loaded(opened.store(), { epoch: 1, schema: { columns: [column] }, rows: [['short'], ['far too long']] });
    await expect(failing).rejects.toMatchObject({ code: 'HYG-4251' });
  });

  async function openedTable(name: string) {
    const db = await mariadbDatabase(server);
    await db.sql(`CREATE TABLE ${name} (id int AUTO_INCREMENT PRIMARY KEY, who varchar(40)) CHARACTER SET utf8mb4`);
    const own = mysqlHomes(db, { safe_wait: '10m' });
    const { port, user, password, database } = db;
    const writer = await createConnection({ host: '127.0.0.1', port, user, password, database });
    const end = async () => {
      writer.destroy();
      await own[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    };
    return { db, writer, home: await own.home({ table: name }), [Symbol.asyncDispose]: end };
  }

  test('waits for the transaction of a statement that has an emoji, though MySQL lists none', async () => {
    await using of = await openedTable('emojis');
    await boundOf(of.home, 'id');
    await of.writer.beginTransaction();
    await of.writer.query("INSERT INTO emojis (who) VALUES ('first 🏡')");
    await of.db.sql("INSERT INTO emojis (who) VALUES ('second')");
    const statement = of.writer.query("INSERT INTO emojis (who) SELECT '𝔘𝔫𝔦 🏡' WHERE SLEEP(1) = 0").then(() => of.writer.commit());
    await wait(100);

    const { upper, warnings } = await boundOf(of.home, 'id');

    const rows = await rowsOf(framesOf(of.home, windowOf(upper as Watermark)));
    await statement;
    expect(warnings).toEqual([]);
    // The newest value is read once the lists can be read, before or after the transaction ends.
    const all = ['first 🏡', 'second', '𝔘𝔫𝔦 🏡'];
    expect(rows.map(({ who }) => who)).toEqual(all.slice(0, Number(upper?.text)));
    expect(Number(upper?.text)).toBeGreaterThan(1);
  });

  test('says why no transaction is listed for as long as such a statement lasts', async () => {
    await using of = await openedTable('t');
    await boundOf(of.home, 'id');
    const statement = of.writer.query("SELECT SLEEP(60), '🏡'").catch(() => undefined);
    await wait(100);

    await expect(boundOf(of.home, 'id')).rejects.toMatchObject({
      code: 'HYG-3506',
      transient: true,
      why: expect.arrayContaining([expect.stringContaining('while a statement of another session has an emoji')]),
    });

    of.writer.destroy();
    await statement;
  });
});
