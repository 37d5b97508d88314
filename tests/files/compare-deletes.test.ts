/** `deletes: { compare }` of plain files: files that hold rows of gone keys are written anew without them. */
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, firstOf, postgres, sqlite } from '../databases/databases.ts';
import { duck } from '../support/duck.ts';
import { inProcess } from '../support/in-process.ts';
import { noteSaid } from '../support/raised-codes.ts';
import { SEED, sampled } from '../support/samples.ts';
import { dice } from '../support/sim/dice.ts';
import { TestWorkspace } from '../support/workspace.ts';

const readers = {
  parquet: (path: string) => `read_parquet('${path}/**/*.parquet', union_by_name = true)`,
  csv: (path: string) => `read_csv('${path}/**/*.csv', header = true, union_by_name = true)`,
  ndjson: (path: string) => `read_json('${path}/**/*.ndjson', format = 'newline_delimited', union_by_name = true)`,
} as const;
type FormatName = keyof typeof readers;

interface Changes {
  readonly format?: FormatName;
  readonly store?: string;
  readonly deletes?: string;
  readonly watermark?: string;
}

describe.each(sampled([sqlite, postgres], 2))('deletes: { compare } of files, from $name', (kind) => {
  describe.skipIf(kind.missing !== '')('', () => {
    let database: Database;
    beforeAll(async () => {
      database = await kind.open();
    });
    afterAll(() => database?.[Symbol.asyncDispose]());

    async function scene(columns: string, rows: readonly string[], changes: Changes = {}) {
      const { format = 'parquet', deletes = '{ compare: 1d, pause: 0s }', watermark = '{ column: n, key: [id] }' } = changes;
      const { store = `{ path: lake, format: ${format} }` } = changes;
      await database.cleared();
      await database.sql(`create table src (${columns})`);
      for (let at = 0; at < rows.length; at += 10_000)
        await database.sql(`insert into src values ${rows.slice(at, at + 10_000).join(', ')}`);
      const workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': `home: { connection: c, table: src }\nstore: ${store}\nrun_type: incremental\nwatermark: ${watermark}\ndeletes: ${deletes}\nentities: [e]\n`,
      });
      const hygge = async (...args: readonly string[]) => {
        const { code, stdout, stderr } = await inProcess([...args, '--output', 'json'], workspace.root, { SHOP_SECRET: database.password });
        noteSaid({ stdout, stderr });
        return { code, said: stdout + stderr };
      };
      const select = async (what: string) => duck(`select ${what} from ${readers[format](workspace.path('lake'))}`);
      return {
        hygge,
        select,
        path: (...parts: readonly string[]) => workspace.path(...parts),
        goes: async (...args: readonly string[]) => {
          const { code, said } = await hygge('go', ...args);
          expect(code, said).toBe(0);
          return said;
        },
        count: async () => Number((await select('count(*) as n'))[0]?.n),
        ids: async () => (await select('id')).map(({ id }) => Number(id)).sort((a, b) => a - b),
        [Symbol.dispose]: () => workspace[Symbol.dispose](),
      };
    }

    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `(${from + i}, 'r${from + i}', ${from + i})`);
    const table = 'id integer primary key, name varchar(20), n integer';
    const formats = sampled(Object.keys(readers) as FormatName[], 2, firstOf(kind));

    it.each(formats)('writes the files anew that hold a gone row, and no other one, in %s', async (format) => {
      using place = await scene(table, numbered(0, 50), { format });
      await place.goes();
      await database.sql(`insert into src values ${numbered(50, 100).join(', ')}`);
      await place.goes();
      await database.sql(`insert into src values ${numbered(100, 120).join(', ')}`);
      await place.goes();
      const files = async () => (await readdir(place.path('lake'), { recursive: true })).filter((name) => name.endsWith(format)).sort();
      const before = await files();
      await database.sql('delete from src where id in (3, 49, 119)');
      await place.goes();
      expect(await place.count()).toBe(120);
      const said = await place.goes('--compare-deletes');
      expect(said).toContain('keys_compared');
      expect(await place.count()).toBe(118);
      expect(await place.ids()).not.toContain(3);
      expect(await place.ids()).toContain(119);
      const after = await files();
      // One holds the gone row alone.
      expect(after.filter((name) => before.includes(name))).toHaveLength(before.length - 2);
      const [row] = await place.select('max(name) filter (where id = 7) as name, count(distinct id) as ids');
      expect(row).toMatchObject({ name: 'r7' });
      expect(Number(row?.ids)).toBe(118);
      // The watermark stays, the next increment goes on, and what is compared again is equal.
      await database.sql("insert into src values (200, 'new', 200)");
      await place.goes('--compare-deletes');
      expect(await place.ids()).not.toContain(119);
      expect(await place.count()).toBe(118);
      expect(await place.goes('--compare-deletes')).toContain('none was deleted there');
      expect((await place.hygge('verify')).said).toContain('"verdict":"same"');
      expect((await place.hygge('verify', '--settled')).code).toBe(0);
      const current = JSON.parse(await readFile(place.path('lake', '_hygge', 'f', 'e', 'current.json'), 'utf8'));
      expect(current.rows).toBe(118);
    });

    it('removes every version of a gone key, and leaves all versions of another one', async () => {
      using place = await scene(table, numbered(0, 60));
      await place.goes();
      await database.sql('update src set n = n + 100 where id in (5, 6)');
      await place.goes();
      await database.sql("insert into src values (90, 'z', 500)");
      await place.goes();
      expect(await place.count()).toBe(63);
      await database.sql('delete from src where id = 5');
      await place.goes('--compare-deletes');
      expect(await place.select('id, n')).not.toContainEqual(expect.objectContaining({ id: 5 }));
      expect(await place.count()).toBe(61);
    });

    it('keeps the folders of partitions, and files with earlier columns as they settled', async () => {
      using place = await scene(
        'id integer primary key, part varchar(5), n integer',
        ["(1, 'a', 1)", "(2, 'b', 2)", "(3, 'a', 3)", "(4, 'a', 4)", "(5, 'b', 5)"],
        {
          ...{
            store: '{ path: lake, format: parquet, partition_by: [part] }',
            watermark: '{ column: n, key: [part, id] }',
            deletes: '{ compare: 1d, max: 60%, pause: 0s }',
          },
        },
      );
      await place.goes();
      await database.sql('alter table src add column more integer', "insert into src values (6, 'b', 6, 60), (7, 'a', 7, 70)");
      await place.goes();
      await database.sql("insert into src values (9, 'c', 9, 90)");
      await place.goes();
      await database.sql('delete from src where id in (2, 3, 6)');
      await place.goes('--compare-deletes');
      const rows = await place.select("id || ' ' || part || ' ' || coalesce(more::text, '-') as row");
      expect(rows.map(({ row }) => row).sort()).toEqual(['1 a -', '4 a -', '5 b -', '7 a 70', '9 c 90']);
      expect(await place.count()).toBe(5);
      expect((await place.hygge('verify')).said).toContain('"verdict":"same"');
    });

    it('changes nothing where too many rows are gone, or the source is empty', async () => {
      using place = await scene(table, numbered(0, 400));
      await place.goes();
      await database.sql('delete from src where id between 100 and 199');
      const many = await place.hygge('go', '--compare-deletes');
      expect(many.said).toContain('HYG-2088');
      expect(many.code).toBe(1);
      expect(await place.count()).toBe(400);
      const planned = await place.hygge('go', '--compare-deletes', '--dry-run');
      expect(planned.said).toContain('HYG-2088');
      await database.sql('delete from src');
      expect((await place.hygge('go', '--compare-deletes')).said).toContain('HYG-2089');
      expect(await place.count()).toBe(400);
    });

    it('counts the candidates in a dry run, and writes nothing', async () => {
      using place = await scene(table, numbered(0, 100));
      await place.goes();
      await database.sql('delete from src where id in (1, 2)');
      expect(await place.goes('--compare-deletes', '--dry-run')).toContain('2 are gone there');
      expect(await place.count()).toBe(100);
    });

    it('equals a model after runs with inserts, updates, deletes and keys that come back', async () => {
      const roll = dice(SEED);
      const below = (n: number) => Math.floor(roll() * n);
      using place = await scene(table, numbered(0, 80), { deletes: '{ compare: 1d, max: 95%, complete: true, pause: 0s }' });
      const alive = new Map(Array.from({ length: 80 }, (_, i) => [i, i]));
      const gone: number[] = [];
      let [next, n] = [80, 1000];
      await place.goes();
      for (let round = 0; round < 6; round++) {
        for (let i = 0; i < 12; i++) {
          const keys = [...alive.keys()];
          const key = keys[below(keys.length)] as number;
          const what = below(4);
          if (what === 0 || alive.size < 30) {
            const back = below(2) === 0 ? gone.pop() : undefined;
            const id = back ?? next++;
            alive.set(id, ++n);
            await database.sql(`insert into src values (${id}, 'x', ${n})`);
          } else if (what === 1) {
            alive.set(key, ++n);
            await database.sql(`update src set n = ${n} where id = ${key}`);
          } else {
            alive.delete(key);
            gone.push(key);
            await database.sql(`delete from src where id = ${key}`);
          }
        }
        // A newer row lets go of what was deleted at the watermark.
        const id = next++;
        alive.set(id, ++n);
        await database.sql(`insert into src values (${id}, 'last', ${n})`);
        await place.goes(...(below(3) === 0 ? [] : ['--compare-deletes']));
      }
      await place.goes('--compare-deletes');
      const newest = await duck(`select id, max(n) as n from ${readers.parquet(place.path('lake'))} group by id order by id`);
      expect(newest.map((row) => [Number(row.id), Number(row.n)])).toEqual([...alive].sort(([a], [b]) => a - b));
    });
  });
});
