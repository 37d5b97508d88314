import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, duckdb, sqlite } from '../databases/databases.ts';
import { commandsIn } from '../support/commands.ts';
import { duck } from '../support/duck.ts';
import { SEED, sampled, whole } from '../support/samples.ts';
import { dice } from '../support/sim/dice.ts';
import { TestWorkspace } from '../support/workspace.ts';

type Format = 'parquet' | 'csv' | 'ndjson';

interface Changes {
  readonly deletes?: string;
  readonly home?: string;
  readonly store?: string;
  readonly key?: string;
  readonly more?: string;
}

const readers: Readonly<Record<Format, (glob: string) => string>> = {
  parquet: (glob) => `read_parquet('${glob}.parquet', union_by_name = true, hive_partitioning = true)`,
  csv: (glob) => `read_csv('${glob}.csv', union_by_name = true, all_varchar = true)`,
  ndjson: (glob) => `read_json('${glob}.ndjson', format = 'newline_delimited', union_by_name = true)`,
};

const table = 'id integer, name varchar(20), n integer';
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `(${i}, 'r${i}', ${i})`);

/** A table `src` of the database, and what an entity `e` makes of it in a folder of files. */
async function scene(database: Database, format: Format, rows: readonly string[], changes: Changes = {}, columns = table) {
  await database.cleared();
  await database.sql(`create table src (${columns})`, `insert into src values ${rows.join(', ')}`);
  const flow = (of: Changes) => {
    const { deletes = '{ compare: 1d, pause: 0s }', home = '{ connection: c, table: src }', store = '', key = '[id]', more = '' } = of;
    return {
      'flows/f/flow.yml': `home: ${home}\nstore: { path: lake, format: ${format}${store} }
run_type: incremental\nwatermark: { column: n, key: ${key} }\ndeletes: ${deletes}\n${more}entities: [e]\n`,
    };
  };
  const workspace = new TestWorkspace({ 'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`, ...flow(changes) });
  const { told: hygge, well, stops } = commandsIn(workspace, { SHOP_SECRET: database.password });
  const manifest = () =>
    JSON.parse(readFileSync(workspace.path('lake/_hygge/f/e/current.json'), 'utf8')) as {
      watermark: { text: string };
      rows: number;
      files: { name: string; rows: number; role: string }[];
    };
  const glob = workspace.path('lake', 'e', '**', '*');
  return {
    hygge,
    edit: (of: Changes) => workspace.write(flow({ ...changes, ...of })),
    goes: (...args: readonly string[]) => well('go', ...args),
    stops,
    /** What a reader of the folder finds, in the order of the first columns. */
    rows: async (select: string, where = 'true') =>
      (await duck(`select ${select} from ${readers[format](glob)} where ${where} order by all`)).map((row) => Object.values(row).join(' ')),
    columns: () => duck(`describe select * from ${readers[format](glob)}`),
    manifest,
    files: () => manifest().files.map(({ name }) => name),
    tree: () => workspace.tree('lake'),
    remains: (name: string) => existsSync(workspace.path('lake', name)),
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

describe('deletes: { compare } of all rows of a key in files', () => {
  let database: Database;
  beforeAll(async () => {
    database = await sqlite.open();
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  it('writes the files anew that hold rows that the source no longer has, leaves the others and the watermark alone, and tells how much beforehand', async () => {
    using place = await scene(database, 'parquet', numbered(100));
    await place.goes();
    await database.sql("insert into src values (200, 'new', 200), (201, 'new', 201)");
    await place.goes();
    await database.sql("insert into src values (300, 'new', 300)", 'delete from src where id in (3, 7)');
    await place.goes();
    const [before, at] = [place.files(), place.manifest().watermark.text];
    const dry = await place.goes('--dry-run', '--compare-deletes');
    expect(dry).toMatch(/103 settled rows compared with 101 rows of the source: 2 are gone there; .*writes 1 file again \(\d/);
    expect(place.files()).toEqual(before);
    const said = await place.goes('--compare-deletes');
    expect(said).toContain('2 are gone there');
    expect(said).toMatch(/"rows":-2,"rows_read":2/);
    expect(await place.rows('id::int', 'id::int in (3, 7)')).toEqual([]);
    expect(await place.rows('id::int as id, name, n::int as n')).toEqual(
      [...numbered(100).filter((_, i) => i !== 3 && i !== 7), "(200, 'new', 200)", "(201, 'new', 201)", "(300, 'new', 300)"].map((row) =>
        row.replaceAll(/[(),']/g, ''),
      ),
    );
    expect(place.manifest().watermark.text).toBe(at);
    expect(place.manifest().rows).toBe(101);
    expect(before.filter((name) => !place.files().includes(name))).toHaveLength(1);
    expect(before.filter((name) => !place.remains(name))).toHaveLength(1);
    expect(place.manifest().files.filter(({ role }) => role === 'boundary')).toHaveLength(1);
    expect(await place.goes('--compare-deletes')).toContain(
      '101 settled rows compared with 101 rows of the source: none was deleted there',
    );
    expect((await place.hygge('verify')).said).toContain('"verdict":"same"');
    expect((await place.hygge('verify', '--settled')).code).toBe(0);
    await database.sql("insert into src values (301, 'new', 301)");
    await place.goes();
    expect(await place.rows('count(*)')).toEqual(['102']);
  });

  it('takes every row of a key along that was appended more than once', async () => {
    using place = await scene(database, 'csv', numbered(30));
    await place.goes();
    for (const n of [100, 200]) {
      await database.sql(`update src set n = ${n} where id = 5`, `insert into src values (${n}, 'new', ${n + 1})`);
      await place.goes();
    }
    expect(await place.rows('n::int', 'id::int = 5')).toEqual(['5', '100', '200']);
    // The oldest row of the source is newer than the first row of the key.
    await database.sql('delete from src where id in (5, 6)', 'delete from src where n < 7');
    place.edit({ deletes: '{ compare: 1d, max: 20%, pause: 0s }' });
    const dry = await place.goes('--dry-run', '--compare-deletes');
    expect(dry).toMatch(/: 3 are gone there; .*writes \d files again/);
    await place.goes('--compare-deletes');
    expect(await place.rows('n::int', 'id::int = 5')).toEqual([]);
    // These may be archived: the source has nothing as old.
    expect(await place.rows('id::int', 'id::int < 7')).toEqual(['0', '1', '2', '3', '4', '6']);
    expect(await place.rows('count(*)')).toEqual(['31']);
    expect(place.manifest().rows).toBe(31);
  });

  it('keeps all rows of a key whose newest row is in the open group, until a newer one is there', async () => {
    using place = await scene(database, 'parquet', numbered(30));
    await place.goes();
    await database.sql('update src set n = 100 where id in (5, 6)');
    await place.goes();
    await database.sql('delete from src where id = 5');
    await place.goes('--compare-deletes');
    // The group at the watermark was read anew; what settled of the key before stays with the next comparison in mind.
    expect(await place.rows('n::int', 'id::int = 6')).toEqual(['6', '100']);
    await database.sql("insert into src values (300, 'new', 300)");
    await place.goes('--compare-deletes');
    expect(await place.rows('n::int', 'id::int = 5')).toEqual([]);
    expect(await place.rows('n::int', 'id::int = 6')).toEqual(['6', '100']);
    expect((await place.hygge('verify')).said).toContain('"verdict":"same"');
  });

  it('keeps all rows of a key that has one above the newest watermark of the source, which may be behind', async () => {
    using place = await scene(database, 'parquet', numbered(30));
    await place.goes();
    await database.sql('update src set n = 100 where id in (5, 6)');
    await place.goes();
    await database.sql('delete from src where id in (5, 6, 7)');
    await place.goes('--compare-deletes');
    expect(await place.rows('id::int, n::int', 'id::int in (5, 6, 7)')).toEqual(['5 5', '5 100', '6 6', '6 100']);
    expect(place.manifest().rows).toBe(31);
  });

  it('marks the rows of a key that is gone, once, and a key that comes back is there unmarked', async () => {
    using place = await scene(database, 'parquet', numbered(100), { deletes: '{ compare: 1d, then: mark, pause: 0s }' });
    const marked = () => place.rows('id, n', '_deleted');
    await place.goes();
    await database.sql('update src set n = 150 where id = 3', "insert into src values (200, 'new', 200)");
    await place.goes();
    await database.sql('delete from src where id in (3, 7)', "insert into src values (201, 'new', 201)");
    await place.goes();
    expect(await place.goes('--dry-run', '--compare-deletes')).toContain('3 are gone there');
    expect(await marked()).toEqual([]);
    const at = place.manifest().watermark.text;
    expect(await place.goes('--compare-deletes')).toContain('3 are gone there');
    expect(await marked()).toEqual(['3 3', '3 150', '7 7']);
    expect(await place.rows('count(*)')).toEqual(['103']);
    expect(place.manifest().watermark.text).toBe(at);
    expect(await place.rows('id', '_deleted_at is null = _deleted')).toEqual([]);
    const times = await place.rows('distinct _deleted_at', '_deleted');
    expect(times).toHaveLength(1);
    expect(await place.goes('--compare-deletes')).toContain(
      '100 settled rows compared with 100 rows of the source: none was deleted there',
    );
    await database.sql("insert into src values (3, 'back', 300), (301, 'new', 301)", 'delete from src where id = 9');
    await place.goes('--compare-deletes');
    expect(await marked()).toEqual(['3 3', '3 150', '7 7', '9 9']);
    expect(await place.rows('n', 'id = 3 and not _deleted')).toEqual(['300']);
    expect(await place.rows('_deleted_at', 'id in (3, 7) and _deleted')).toEqual([times[0], times[0], times[0]]);
    expect(await place.rows('count(*)')).toEqual(['105']);
    expect((await place.hygge('verify')).said).toContain('"verdict":"same"');
  });

  it('leaves the other rows of a file as they settled, of whatever type', async () => {
    const types = `id integer, a uuid, b decimal(20, 6), c timestamptz, d timestamp, e date, f boolean, g blob, h json, i double, j text, k bigint, l real, m integer[], n integer`;
    const values = (i: number) =>
      i % 5 === 1
        ? `(${i}, ${Array.from({ length: 13 }, () => 'null').join(', ')}, ${i})`
        : `(${i}, gen_random_uuid(), ${i}.000100, '2024-01-01 10:00:00.12345${i % 10}+02', '1965-01-01 00:00:00.000001', '0001-01-0${(i % 9) + 1}', ${i % 2 === 0}, '\\x00\\xFF\\x0A', '{"a": [1, null, "x\\"y"], "b": 1.10}', ${i === 4 ? `'NaN'` : `0.1 * ${i}`}, E' line\n"q", ü ${i} ', 9007199254740993, 1.1, [1, null, 3], ${i})`;
    await using typed = await duckdb.open();
    using place = await scene(
      typed,
      'parquet',
      Array.from({ length: 30 }, (_, i) => values(i)),
      {},
      types,
    );
    await place.goes();
    const [before, columns] = [await place.rows('*', 'id::int <> 7'), await place.columns()];
    await typed.sql('delete from src where id = 7');
    expect(await place.goes('--compare-deletes')).toContain('1 is gone there');
    expect(await place.rows('*')).toEqual(before);
    expect(await place.columns()).toEqual(columns);
    expect(before).toHaveLength(29);
  });

  it('changes nothing where more than `max` are gone, where the source is empty, or where a `where` leaves rows out', async () => {
    using place = await scene(database, 'parquet', numbered(40), { deletes: '{ compare: 1d, max: 5%, pause: 0s }' });
    await place.goes();
    const before = place.tree();
    await database.sql('delete from src where id in (11, 12, 13)');
    expect(await place.stops('HYG-2088', '--compare-deletes')).toContain('3 rows of 40 (7.5%), but deletes.max allows 2 (5%)');
    place.edit({ home: "{ connection: c, table: src, where: 'id > 5' }" });
    expect(await place.stops('HYG-2087')).toContain('where');
    place.edit({});
    await database.sql('delete from src');
    await place.stops('HYG-2089', '--compare-deletes');
    expect(place.files().map((name) => before.get(`lake/${name}`))).not.toContain(undefined);
    expect(await place.rows('count(*)')).toEqual(['40']);
  });

  it('counts rows of a key that was appended before, and those of keys that go, against `max`', async () => {
    using place = await scene(database, 'parquet', numbered(30));
    await place.goes();
    for (const n of [100, 200, 300]) {
      await database.sql(`update src set n = ${n} where id < 4`, `insert into src values (${n}, 'new', ${n + 1})`);
      await place.goes();
    }
    await database.sql('delete from src where id < 4');
    await place.stops('HYG-2088', '--compare-deletes');
    expect(await place.rows('count(*)')).toEqual(['45']);
  });

  it('writes the files of partitions anew where they lie, those with earlier columns too, also where the key is in the names of their folders', async () => {
    using place = await scene(
      database,
      'parquet',
      Array.from({ length: 60 }, (_, i) => `(${Math.floor(i / 3)}, 'p${i % 3}', ${i})`),
      { store: ', partition_by: [part]', key: '[id, part]' },
      'id integer, part varchar(20), n integer',
    );
    await place.goes();
    await database.sql('alter table src add column more integer', "insert into src values (20, 'p0', 60, 7), (20, 'p1', 61, 8)");
    await place.goes();
    await database.sql("delete from src where (id = 4 and part = 'p1') or (id = 5 and part = 'p2') or more = 7");
    const before = place.files();
    await place.goes('--compare-deletes');
    const left = await database.sql('select id, part, n, more from src order by id, part, n');
    expect(await place.rows('id, part, n, more')).toEqual(left);
    expect(before.filter((name) => place.files().includes(name) && name.includes('p0'))).not.toEqual([]);
    expect(place.files().every((name) => /part=p[012]\//.test(name))).toBe(true);
  });

  it('writes columns that polish names anew, and masks keys alike', async () => {
    using place = await scene(database, 'parquet', numbered(30), { more: 'polish: { columns: { case: pascal } }\n' });
    await place.goes();
    await database.sql('delete from src where id = 3');
    await place.goes('--compare-deletes');
    expect(await place.rows('"Id", "Name"', '"Id" < 5')).toEqual(['0 r0', '1 r1', '2 r2', '4 r4']);
  });

  it('keeps a text key that differs in case or blanks alone from one of the source', async () => {
    using place = await scene(
      database,
      'csv',
      [...Array.from({ length: 30 }, (_, i) => `('k${i}', 'x', ${i})`), "('Äpfel', 'x', 40)", "('zero ', 'x', 41)", "('end', 'x', 50)"],
      {},
      'id varchar(20), name varchar(20), n integer',
    );
    await place.goes();
    await database.sql("update src set id = 'äPFEL' where n = 40", "delete from src where id in ('k3')", 'delete from src where n = 41');
    await place.goes('--compare-deletes');
    expect(await place.rows('id', "id in ('k3', 'Äpfel', 'zero ')")).toEqual(['Äpfel']);
  });

  const seeds = Array.from({ length: whole ? 20 : 1 }, (_, i) => SEED + i);
  /** One of them; `npm run soak` has all. */
  const trials = [
    ['parquet', 'apply'],
    ['csv', 'apply'],
    ['csv', 'mark'],
    ['parquet', 'mark'],
  ] as const;
  it.each(seeds.flatMap((seed) => sampled(trials, 4).map(([format, then]) => [seed, format, then] as const)))(
    'loses what is gone, and nothing else (SEED=%i, %s, %s)',
    async (seed, format, then) => {
      const roll = dice(seed);
      const below = (n: number) => Math.floor(roll() * n);
      using place = await scene(database, format, numbered(60), {
        deletes: `{ compare: 1d, max: 90%, complete: true, pause: 0s, then: ${then} }`,
      });
      const source = new Map(Array.from({ length: 60 }, (_, i) => [i, i]));
      let [next, n, settledTo] = [1000, 1000, -1];
      const settled: { id: number; n: number; marked: boolean }[] = [];
      const put = async (id: number) => {
        n += 1;
        await database.sql(`delete from src where id = ${id}`, `insert into src values (${id}, 'v', ${n})`);
        source.set(id, n);
      };
      for (let round = 0; round < (whole ? 5 : 3); round++) {
        for (let i = 0; i < 12; i++) {
          const keys = [...source.keys()];
          const key = keys[below(keys.length)] as number;
          const what = below(4);
          if (what === 0) await put(next++);
          else if (what === 1) await put(key);
          else if (what === 2) {
            await database.sql(`delete from src where id = ${key}`);
            source.delete(key);
          } else {
            const away = settled.find(({ id }) => !source.has(id));
            if (away) await put(away.id);
          }
        }
        await put(next++);
        await place.goes('--compare-deletes');
        for (const [id, at] of source) if (at > settledTo) settled.push({ id, n: at, marked: false });
        settledTo = n;
        const gone = ({ id }: { readonly id: number }) => !source.has(id);
        if (then === 'mark') for (const row of settled) row.marked ||= gone(row);
        else settled.splice(0, settled.length, ...settled.filter((row) => !gone(row)));
        const wanted = settled.map((row) => `${row.id} ${row.n}${then === 'mark' ? ` ${row.marked}` : ''}`);
        const marks = then === 'mark' ? ', coalesce(_deleted::boolean, false)' : '';
        const found = await place.rows(`id::int, n::int${marks}`);
        expect(found.toSorted()).toEqual(wanted.toSorted());
        expect(place.manifest().rows).toBe(settled.length);
      }
    },
  );
});
