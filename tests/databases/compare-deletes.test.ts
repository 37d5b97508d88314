import { expect, it, vi } from 'vitest';
import { DatabaseHome } from '../../src/databases/home/home.ts';
import { commandsIn } from '../support/commands.ts';
import { inProcess } from '../support/in-process.ts';
import { asked, isMysql } from '../support/mariadb.ts';
import { noteSaid } from '../support/raised-codes.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { duckdb, mariadb, onEach, postgres, sqlite } from './databases.ts';

/** How the flow differs from the usual one. */
interface Changes {
  readonly home?: string;
  readonly store?: string;
  readonly runType?: string;
  readonly watermark?: string;
  readonly deletes?: string;
  readonly verify?: string;
}

onEach(asked([postgres, mariadb, duckdb, sqlite]), 'deletes: { compare } in $name', (database, kind) => {
  /** A table `src` of these columns, and what an entity `e` makes of it. */
  async function scene(columns: string, rows: readonly string[], changes: Changes = {}) {
    const flow = (more: Changes) => {
      const { home = '{ connection: c, table: src }', store = `{ connection: c, table: e${database.keys} }` } = more;
      const { runType = 'incremental', watermark = '{ column: n, key: [id] }', deletes = '{ compare: 1d, pause: 0s }', verify = '' } = more;
      return {
        'flows/f/flow.yml': `home: ${home}\nstore: ${store}\nrun_type: ${runType}\nwatermark: ${watermark}\ndeletes: ${deletes}\n${verify}entities: [e]\n`,
      };
    };
    await database.cleared();
    await database.sql(`create table src (${columns})`, `insert into src values ${rows.join(', ')}`);
    const workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      ...flow(changes),
    });
    const { told: hygge, well, stops } = commandsIn(workspace, { SHOP_SECRET: database.password });
    return {
      hygge,
      write: (files: Readonly<Record<string, string>>) => workspace.write(files),
      edit: (more: Changes) => workspace.write(flow({ ...changes, ...more })),
      goes: (...args: readonly string[]) => well('go', ...args),
      stops,
      count: async () => Number((await database.sql('select count(*) as n from e'))[0]),
      ids: () => database.sql('select id from e order by n'),
      [Symbol.dispose]: () => workspace[Symbol.dispose](),
    };
  }

  const numbered = (n: number, key = (i: number) => `${i}`) => Array.from({ length: n }, (_, i) => `(${key(i)}, 'r${i}', ${i})`);
  const table = 'id integer primary key, name varchar(20), n integer';

  if (whole || kind === sqlite)
    it('removes rows that the source no longer has, those at the watermark once a newer one is there, and leaves the watermark where it is', async () => {
      using place = await scene(table, numbered(100));
      await place.goes();
      await database.sql('delete from src where id in (3, 7, 99)');
      await place.goes();
      expect(await place.count()).toBe(100);
      expect(await place.goes('--compare-deletes')).toContain('keys_compared');
      expect(await database.sql('select id from e where id in (3, 7, 99)')).toEqual(['99']);
      expect(await place.count()).toBe(98);
      await database.sql("insert into src values (200, 'new', 200)");
      await place.goes('--compare-deletes');
      expect(await database.sql('select count(*) as n from e where id in (3, 7, 99)')).toEqual(['0']);
      expect(await place.count()).toBe(98);
      expect(await place.goes('--compare-deletes')).toContain('none was deleted there');
      expect((await place.hygge('verify')).said).toContain('"verdict":"same"');
    });

  if (kind === duckdb || (whole && kind !== sqlite))
    it('reads no key where both systems sum them and the sums are equal, and all of them where they are not', async () => {
      using place = await scene(table, numbered(100));
      await place.goes();
      const read = vi.spyOn(DatabaseHome.prototype, 'read');
      // Live runs read by the watermark.
      const comparisons = () => read.mock.calls.filter(([, window]) => window.column === null).length;
      expect(await place.goes('--compare-deletes')).toContain('100 settled rows compared with 100 rows of the source');
      // MySQL 9.6 and later have MD5 only as a component, which another file may install at any moment.
      if (!isMysql) expect(comparisons()).toBe(0);
      await database.sql('update src set id = 500 where id = 5');
      await place.goes('--compare-deletes');
      expect(comparisons()).toBeGreaterThan(1);
      read.mockRestore();
      expect(await database.sql('select count(*) as n from e where id = 5')).toEqual(['0']);
    });

  // Of MariaDB the model marks them, in compare-deletes-model.test.ts.
  if (whole || kind === sqlite)
    it('marks rows that the source no longer has, once, unmarks a key that comes back, and stops where the source has a column of that name', async () => {
      using place = await scene(table, numbered(100), { deletes: '{ compare: 1d, then: mark, pause: 0s }' });
      const marked = () => database.sql('select id from e where _deleted order by id');
      await place.goes();
      expect(await marked()).toEqual([]);
      await database.sql('delete from src where id in (3, 7)');
      expect(await place.goes('--dry-run', '--compare-deletes')).toContain('2 are gone there');
      expect(await marked()).toEqual([]);
      await place.goes('--compare-deletes');
      expect(await marked()).toEqual(['3', '7']);
      const times = () => database.sql('select _deleted_at from e where _deleted_at is not null order by id');
      const first = await times();
      expect(first).toHaveLength(2);
      expect(await database.sql('select id from e where name is null or _deleted is null')).toEqual([]);
      expect(await place.goes('--compare-deletes')).toContain(
        '98 settled rows compared with 98 rows of the source: none was deleted there',
      );
      const verified = (await place.hygge('verify')).said;
      expect(verified).toContain('"verdict":"same"');
      expect(verified).toContain('"marked_deleted":2');

      await database.sql("insert into src values (3, 'back', 300)", 'delete from src where id = 9');
      await place.goes('--compare-deletes');
      expect(await marked()).toEqual(['7', '9']);
      expect(await database.sql("select id from e where name = 'back' and n = 300 and _deleted_at is null")).toEqual(['3']);
      expect((await times())[0]).toBe(first[1]);
      expect(await place.count()).toBe(100);
      await database.sql('alter table src add column _deleted integer');
      expect(await place.stops('HYG-2087')).toContain('has a column _deleted, and');
    });

  if (whole || kind === sqlite)
    it('verifies rows behind the comparison of keys; until then rows that the source deleted are not differences', async () => {
      using place = await scene(table, numbered(100), { verify: 'verify: { checksums, on_difference: fail }\n' });
      await place.goes();
      await database.sql('delete from src where id in (3, 7)', "insert into src values (200, 'new', 200)");
      // Keys are not due to be compared.
      const early = await place.goes();
      expect(early).toContain('"verdict":"same"');
      expect((await place.hygge('verify')).said).toMatch(/"source":99,"destination":99,.*"deletes_due":2/);
      await database.sql("insert into src values (201, 'new', 201)");
      const late = await place.goes('--compare-deletes');
      expect(late.match(/"event":"verified"/g)).toHaveLength(1);
      expect(late.indexOf('keys_compared')).toBeLessThan(late.indexOf('"event":"verified"'));
      expect(await place.count()).toBe(100);
      expect((await place.hygge('verify')).said).toContain('"deletes_due":0');
      // What differs beside a row of the source is a difference as before.
      await database.sql("update e set name = 'edited' where id = 50", "insert into src values (202, 'new', 202)");
      expect((await place.hygge('go')).said).toContain('HYG-2095');
    });

  if (whole || kind === sqlite)
    it('reports rows that others wrote as a difference, since no comparison of keys takes them away', async () => {
      using place = await scene(table, numbered(100));
      await place.goes();
      await database.sql("insert into e (id, name, n) values (501, 'foreign', 1), (502, 'foreign', 2)");
      const { code, said } = await place.hygge('verify');
      expect(said).toMatch(/"verdict":"differs".*"foreign":2.*"only_in_destination":2/);
      expect(code).toBe(1);
      await database.sql('delete from e where id > 500', 'delete from src where id = 3');
      expect((await place.hygge('verify')).said).toMatch(/"verdict":"same".*"because":"so far".*"deletes_due":1.*"foreign":0/);
    });

  if (whole || kind === sqlite)
    it('is not told to be the same where more rows are gone than a comparison of keys may remove', async () => {
      using place = await scene(table, numbered(100));
      await place.goes();
      await database.sql('delete from src where id between 10 and 59');
      const { code, said } = await place.hygge('verify');
      expect(said).toMatch(/"verdict":"not told".*"because":"many deletes".*"deletes_due":50/);
      expect(code).toBe(1);
      await place.stops('HYG-2088', '--compare-deletes');
      // As many as it may remove are not differences.
      await database.sql(`insert into src select id, name, n from e where id between 20 and 59`);
      expect((await place.hygge('verify')).said).toMatch(/"verdict":"same".*"deletes_due":10/);
    });

  if (kind === sqlite)
    it('compares by itself if the last comparison is as old as it may be, and after a full load not at once', async () => {
      using place = await scene(table, numbered(40), { deletes: '{ compare: 1s, pause: 0s }' });
      await place.goes();
      await database.sql('delete from src where id = 3');
      await expect.poll(async () => [await place.goes(), await place.count()].at(-1), { interval: 300 }).toBe(39);
    });

  if (whole || kind === mariadb)
    it('takes a text for the same as the source does, and stays on the safe side where a collation might', async () => {
      const key = (i: number) => `'k${i}'`;
      using place = await scene('id varchar(20), name varchar(20), n integer', numbered(60, key), {
        deletes: '{ compare: 1d, max: 100%, pause: 0s }',
      });
      await place.goes();
      await database.sql(
        "update src set id = 'K1' where id = 'k1'",
        "update src set id = 'k2 ' where id = 'k2'",
        "delete from src where id in ('k3', 'k4')",
      );
      await place.goes('--compare-deletes');
      const left = await place.ids();
      expect(left).toContain('k1');
      expect(left).toContain('k2');
      expect(left).not.toContain('k3');
      expect(left).not.toContain('k4');
      expect(left).toHaveLength(58);
    });

  if (kind === sqlite)
    it('is refused where keys can not be compared, or where they need not be', async () => {
      for (const [which, changes] of [
        ['has no key', { watermark: '{ column: n }' }],
        ['each run loads completely', { runType: 'full_drop' }],
        ['leaves rows out by `where`', { home: "{ connection: c, table: src, where: 'n < 2' }" }],
      ] as const) {
        using place = await scene(table, numbered(3), changes);
        expect(await place.stops('HYG-2087')).toContain(which);
      }
    });

  if (kind === sqlite)
    it('takes rows for deleted that the condition of the home leaves out, where the config says so', async () => {
      using place = await scene(table, numbered(30), {
        ...{ home: "{ connection: c, table: src, where: 'n >= 0' }", deletes: '{ compare: 1d, complete: true, pause: 0s }' },
      });
      await place.goes();
      await database.sql('update src set n = -1 where id in (4, 5)');
      await place.goes('--compare-deletes');
      expect(await place.count()).toBe(28);
    });

  if (kind === sqlite)
    it('is refused for a folder of files, from which files leave, and for the journal, which drops rows', async () => {
      using workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': `store: { connection: c, table: "{entity}" }
run_type: incremental
watermark: { column: n, key: [id] }
deletes: { compare: 1d, pause: 0s }
entities: [{ name: a, home: in }, { name: b, home: in/all.csv }]\n`,
        'flows/j/flow.yml': `home: { type: journal }\nstore: { connection: c, table: j }
run_type: incremental
watermark: { column: finished_at, key: [entity_run_id] }
deletes: { compare: 1d, complete: true }
entities: [c]\n`,
        'in/all.csv': `id,n\n${Array.from({ length: 20 }, (_, i) => `${i},${i}\n`).join('')}`,
      });
      const hygge = async (...args: readonly string[]) => {
        const { stdout, stderr } = await inProcess(['go', ...args, '--output', 'json'], workspace.root, {});
        noteSaid({ stdout, stderr });
        return stdout + stderr;
      };
      expect(await hygge('-e', 'f.a')).toContain('HYG-2087');
      expect(await hygge('-e', 'j.c')).toContain('which drops old rows');
      expect(await hygge('-e', 'f.b')).toContain('"pass":1');
      workspace.write({ 'in/all.csv': `id,n\n${Array.from({ length: 20 }, (_, i) => (i === 7 ? '' : `${i},${i}\n`)).join('')}` });
      expect(await hygge('-e', 'f.b', '--compare-deletes')).toContain(
        '20 settled rows compared with 19 rows of the source: 1 is gone there',
      );
    });

  if (kind === postgres)
    it('stops where a policy hides rows of the source, and removes none', async () => {
      using place = await scene(table, numbered(40), { home: '{ connection: reader, table: src }' });
      const role = `reader_${process.pid}`;
      await database.sql(`create role ${role} login password 'r'`, `grant select on src to ${role}`);
      const reader = { ...(JSON.parse(database.connection) as object), user: role, password: 'r' };
      place.write({ 'hygge.yml': `name: w\nconnections: { c: ${database.connection}, reader: ${JSON.stringify(reader)} }\n` });
      await place.goes();
      await database.sql('alter table src enable row level security', `create policy few on src using (id <> 5)`);
      await place.stops('HYG-3509', '--compare-deletes');
      expect(await place.count()).toBe(40);
      await database.sql(`drop owned by ${role}`, `drop role ${role}`);
    });

  if (whole || kind === sqlite)
    it('treats rows that settled before there was a mark column as ours, and stops where others have put rows beside them', async () => {
      using place = await scene(table, numbered(40));
      await place.goes();
      place.edit({ store: `{ connection: c, table: e${database.keys}, mark_column: who }` });
      await database.sql("insert into src values (40, 'r40', 40)");
      await place.goes();
      await database.sql('delete from src where id in (3, 7)');
      expect(await place.goes('--compare-deletes')).toContain('2 are gone there');
      expect(await place.count()).toBe(39);
      await database.sql("insert into e (id, name, n) values (99, 'theirs', 5)", 'delete from src where id = 4');
      await place.stops('HYG-2076', '--compare-deletes');
      expect(await place.count()).toBe(40);
    });
});
