import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DatabaseHome } from '../../src/databases/home/home.ts';
import { inProcess } from '../support/in-process.ts';
import { noteSaid } from '../support/raised-codes.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, mariadb, postgres, sqlite } from './databases.ts';

/** How the flow differs from the usual one. */
interface Changes {
  readonly store?: string;
  readonly runType?: string;
  readonly watermark?: string;
  readonly deletes?: string;
}

describe.each([postgres, mariadb, sqlite])('deletes: { compare } in $name', (kind) => {
  describe.skipIf(kind.missing !== '')('', () => {
    let database: Database;
    beforeAll(async () => {
      database = await kind.open();
    });
    afterAll(() => database?.[Symbol.asyncDispose]());

    /** A table `src` of these columns, and what an entity `e` makes of it. */
    async function scene(columns: string, rows: readonly string[], changes: Changes = {}) {
      const { store = `{ connection: c, table: e${database.keys} }`, runType = 'incremental' } = changes;
      const { watermark = '{ column: n, key: [id] }', deletes = '{ compare: 1d }' } = changes;
      await database.cleared();
      await database.sql(`create table src (${columns})`, `insert into src values ${rows.join(', ')}`);
      const workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': `home: { connection: c, table: src }
store: ${store}\nrun_type: ${runType}\nwatermark: ${watermark}\ndeletes: ${deletes}\nentities: [e]\n`,
      });
      const hygge = async (...args: readonly string[]) => {
        const { code, stdout, stderr } = await inProcess([...args, '--output', 'json'], workspace.root, { SHOP_SECRET: database.password });
        noteSaid({ stdout, stderr });
        return { code, said: stdout + stderr };
      };
      return {
        hygge,
        goes: async (...args: readonly string[]) => {
          const { code, said } = await hygge('go', ...args);
          expect(code, said).toBe(0);
          return said;
        },
        stops: async (by: string, ...args: readonly string[]) => {
          const { code, said } = await hygge('go', ...args);
          expect(said).toContain(by);
          expect(code).toBe(1);
          return said;
        },
        count: async () => Number((await database.sql('select count(*) as n from e'))[0]),
        ids: () => database.sql('select id from e order by n'),
        [Symbol.dispose]: () => workspace[Symbol.dispose](),
      };
    }

    const numbered = (n: number, key = (i: number) => `${i}`) => Array.from({ length: n }, (_, i) => `(${key(i)}, 'r${i}', ${i})`);
    const table = 'id integer primary key, name varchar(20), n integer';

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

    it.runIf(kind !== sqlite)(
      'reads no key where both systems sum them and the sums are equal, and all of them where they are not',
      async () => {
        using place = await scene(table, numbered(100));
        await place.goes();
        const read = vi.spyOn(DatabaseHome.prototype, 'read');
        // Live runs read by the watermark.
        const comparisons = () => read.mock.calls.filter(([, window]) => window.column === null).length;
        expect(await place.goes('--compare-deletes')).toContain('100 settled rows compared with 100 rows of the source');
        // MySQL 9.6 and later have MD5 only as a component.
        const sumsKeys = await database.sql("select md5('')").then(
          () => true,
          () => false,
        );
        expect(comparisons() === 0).toBe(sumsKeys);
        await database.sql('update src set id = 500 where id = 5');
        await place.goes('--compare-deletes');
        expect(comparisons()).toBeGreaterThan(1);
        read.mockRestore();
        expect(await database.sql('select count(*) as n from e where id = 5')).toEqual(['0']);
      },
    );

    it('keeps the rows at and above the newest watermark of the source: one that is behind has them later, and no increment reads them again', async () => {
      using place = await scene(table, numbered(100));
      await place.goes();
      await database.sql('delete from src where id >= 97');
      await place.goes('--compare-deletes');
      expect(await place.count()).toBe(100);
      await database.sql(`insert into src values ${numbered(100).slice(97).join(', ')}`);
      await place.goes('--compare-deletes');
      expect(await place.count()).toBe(100);
      expect((await place.hygge('verify')).said).toContain('"verdict":"same"');
    });

    it('changes nothing where more than `max` are gone, where the source is empty, or where none of its keys settled', async () => {
      using place = await scene(table, numbered(40));
      await place.goes();
      await database.sql('delete from src where id < 3');
      await place.stops('HYG-2088', '--compare-deletes');
      expect(await place.count()).toBe(40);
      await database.sql('delete from src');
      await place.stops('HYG-2089', '--compare-deletes');
      expect(await place.count()).toBe(40);
    });

    it.runIf(kind === sqlite)('counts what would go in a dry run, which removes nothing, and says so where that is not asked', async () => {
      using place = await scene(table, numbered(40));
      await place.goes();
      await database.sql('delete from src where id = 3');
      expect(await place.goes('--dry-run')).toContain('keys_compared_next');
      const counted = await place.goes('--dry-run', '--compare-deletes');
      expect(counted).toContain('40 settled rows compared with 39 rows of the source: 1 is gone there');
      expect(await place.count()).toBe(40);
      await database.sql('delete from src where id < 10');
      await place.stops('HYG-2088', '--dry-run', '--compare-deletes');
    });

    it.runIf(kind === sqlite)(
      'compares by itself when the last comparison is as old as it may be, and after a full load not at once',
      async () => {
        using place = await scene(table, numbered(40), { deletes: '{ compare: 1s }' });
        await place.goes();
        await database.sql('delete from src where id = 3');
        await expect.poll(async () => [await place.goes(), await place.count()].at(-1), { interval: 300 }).toBe(39);
      },
    );

    it('takes a text for the same as the source does, and stays on the safe side where a collation might', async () => {
      const key = (i: number) => `'k${i}'`;
      using place = await scene('id varchar(20), name varchar(20), n integer', numbered(60, key), {
        deletes: '{ compare: 1d, max: 100% }',
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

    it('tells keys of several columns apart, decimals among them', async () => {
      const rows = Array.from({ length: 40 }, (_, i) => `(${i}.50, 't${i}', ${i})`);
      using place = await scene('id decimal(10,2), part varchar(20), n integer', rows, {
        ...{ deletes: '{ compare: 1d, max: 50% }', watermark: '{ column: n, key: [id, part] }' },
      });
      await place.goes();
      await database.sql('delete from src where n in (5, 7)', "update src set part = 'T9' where n = 9");
      await place.goes('--compare-deletes');
      expect(await place.count()).toBe(38);
    });

    it.runIf(kind === sqlite)('is refused where keys can not be compared, or where they need not be', async () => {
      for (const [which, changes] of [
        ['has no key', { watermark: '{ column: n }' }],
        ['loaded whole', { runType: 'full_drop' }],
        ['cannot remove', { store: '{ path: out, format: parquet }' }],
      ] as const) {
        using place = await scene(table, numbered(3), changes);
        expect(await place.stops('HYG-2087')).toContain(which);
      }
    });

    it.runIf(kind === sqlite)('is refused where the key settled in a type whose values differ from those of the source', async () => {
      using place = await scene(
        'id double precision, name varchar(20), n integer',
        numbered(30, (i) => `${i}.5`),
      );
      await place.goes();
      await place.stops('HYG-2087', '--compare-deletes');
      expect(await place.count()).toBe(30);
    });
  });
});
