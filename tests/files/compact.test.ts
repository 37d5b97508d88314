/** `hygge compact`: small settled files become full ones, with the same rows. */
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../support/commands.ts';
import { duck } from '../support/duck.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const readers = {
  parquet: (path: string) => `read_parquet('${path}/**/*.parquet', union_by_name = true)`,
  csv: (path: string) => `read_csv('${path}/**/*.csv', header = true, union_by_name = true)`,
  ndjson: (path: string) => `read_json('${path}/**/*.ndjson', format = 'newline_delimited', union_by_name = true)`,
} as const;
type FormatName = keyof typeof readers;

interface Scene {
  readonly format?: FormatName;
  readonly store?: string;
  readonly flow?: string;
  readonly watermark?: string;
}

async function scene({ format = 'parquet', store = '', flow = '', watermark = '{ column: n }' }: Scene = {}) {
  const workspace = new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'flows/f/flow.yml': `home: "in/{entity}.parquet"\nstore: { path: lake, format: ${format}${store} }\nrun_type: incremental\nwatermark: ${watermark}\n${flow}entities: [e]\n`,
  });
  const { told: hygge, well } = commandsIn(workspace);
  const head = async () => JSON.parse(await readFile(workspace.path('lake', '_hygge', 'f', 'e', 'current.json'), 'utf8'));
  const state = async () => JSON.parse((await hygge('state', 'show', 'f.e')).stdout);
  return {
    hygge,
    well,
    head,
    state,
    workspace,
    source: (query: string) => workspace.parquet('in/e.parquet', query),
    files: async () =>
      (await readdir(workspace.path('lake'), { recursive: true }))
        .filter((name) => name.endsWith(`.${format}`) && !name.startsWith('_'))
        .sort(),
    rows: async (what = '*') =>
      (await duck(`select ${what} from ${readers[format](workspace.path('lake'))} order by all`)).map((row) =>
        JSON.stringify(row, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
      ),
    [Symbol.dispose]: () => workspace[Symbol.dispose](),
  };
}

const upTo = (n: number) => `select i as id, 'r' || i as name, i as n, i * 0.5 as half from range(1, ${n + 1}) t(i)`;

/** Increments of two rows each. */
async function increments(place: Awaited<ReturnType<typeof scene>>, count: number) {
  for (let i = 1; i <= count; i++) {
    await place.source(upTo(i * 2));
    await place.well('go');
  }
}

describe('hygge compact', () => {
  it('puts the files of many increments together', async () => {
    using place = await scene();
    await increments(place, 4);
    const before = { rows: await place.rows(), head: await place.head(), state: await place.state() };
    expect(await place.files()).toHaveLength(8);
    expect(before.head.files).toHaveLength(8);
    const plan = await place.well('compact', 'f.e', '--dry-run');
    expect(plan).toContain('would_compact');
    expect(await place.head()).toEqual(before.head);
    const said = await place.well('compact', 'f.e');
    expect(said).toContain('"compacted"');
    const head = await place.head();
    expect(await place.rows()).toEqual(before.rows);
    expect(head.files.map(({ role }: { role: string }) => role).sort()).toEqual(['boundary', 'data']);
    expect(await place.files()).toHaveLength(2);
    const { id, prev, epoch, files, bytes, ...same } = head;
    expect(same).toEqual({ ...before.head, id: undefined, prev: undefined, epoch: undefined, files: undefined, bytes: undefined });
    const settled = (await place.state()).settled;
    expect(settled.watermark).toEqual(before.state.settled.watermark);
    expect(await place.well('compact', 'f.e')).toContain('nothing_to_compact');
    expect((await place.head()).id).toBe(id);
    await place.source(upTo(20));
    await place.well('go');
    expect(await place.rows('id')).toHaveLength(20);
    expect(await place.well('verify')).toContain('"verdict":"same"');
    expect((await place.hygge('verify', '--settled')).code).toBe(0);
  });

  it('keeps the folders of partitions, where each has its own few files', async () => {
    using place = await scene({ store: ', partition_by: [part]' });
    const rows = (n: number) =>
      `select i as id, i as n, case when i % 3 = 0 then null else 'p' || (i % 3) end as part from range(1, ${n + 1}) t(i)`;
    for (let i = 1; i <= 2; i++) {
      await place.source(rows(i * 9));
      await place.well('go');
    }
    const before = await place.rows();
    await place.well('compact', 'f.e');
    expect(await place.rows()).toEqual(before);
    const { files } = await place.head();
    const data = files.filter(({ role }: { role: string }) => role === 'data');
    expect(data).toHaveLength(3);
    expect(new Set(data.map(({ partition }: { partition: unknown }) => JSON.stringify(partition))).size).toBe(3);
    for (const { name, partition } of data)
      expect(name).toContain(partition.part === null ? 'part=__HIVE_DEFAULT_PARTITION__/' : `part=${partition.part}/`);
    expect(await place.well('compact', 'f.e')).toContain('nothing_to_compact');
    expect(await place.well('verify')).toContain('"verdict":"same"');
  });

  it('gives older files the columns that came later, and wider types', async () => {
    using place = await scene({ flow: 'schema_evolution: { type_changes: widen }\n' });
    await place.source('select i::integer as id, i as n from range(1, 5) t(i)');
    await place.well('go');
    await place.source("select i::integer as id, i as n, 'x' || i as more from range(1, 9) t(i)");
    await place.well('go');
    await place.source("select i::bigint * 1000000000000 as id, i as n, 'x' || i as more from range(1, 13) t(i)");
    await place.well('go');
    const before = await place.rows();
    await place.well('compact', 'f.e');
    expect(await place.rows()).toEqual(before);
    expect((await place.head()).files).toHaveLength(2);
  });

  const csv = { delimiter: ',', header: true, null_value: '' };
  it('reads each CSV file with the settings that it was written with, where they changed', async () => {
    const [before, now] = [csv, { delimiter: ';', header: false, null_value: 'NULL' }];
    const flow = ({ delimiter, header, null_value }: typeof csv) =>
      `home: "in/{entity}.parquet"\nstore: { path: lake, format: csv, delimiter: "${delimiter}", header: ${header}, null_value: "${null_value}" }\nrun_type: incremental\nwatermark: { column: n }\nentities: [e]\n`;
    using place = await scene({ format: 'csv' });
    const text = `case i % 4 when 0 then null when 1 then '' when 2 then 'null' else 'a,;"' || i end as s`;
    const rows = (n: number, more = '') => `select i as n, ${text}${more} from range(1, ${n + 1}) t(i)`;
    // Later files have a column more.
    const later = ", 'x' || i as x";
    place.workspace.write({ 'flows/f/flow.yml': flow(before) });
    await place.source(rows(4));
    await place.well('go');
    await place.source(rows(8, later));
    await place.well('go');
    place.workspace.write({ 'flows/f/flow.yml': flow(now) });
    await place.source(rows(12, later));
    await place.well('go');
    const expected = await duck(`select n::int as n, s, case when n > 3 then x end as x from (${rows(12, later)}) order by n`);
    const settled = async () => {
      const said = await place.well('query', 'select n::int as n, s, x from f.e order by n');
      return said
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    expect(await settled()).toEqual(expected);
    await place.well('compact', 'f.e');
    expect((await place.head()).files).toHaveLength(2);
    expect(await settled()).toEqual(expected);
    // By another reader, which has the settings of now alone.
    const options = `header = ${now.header}, delim = '${now.delimiter}', nullstr = '${now.null_value}', allow_quoted_nulls = false, quote = '"', escape = '"', auto_detect = false`;
    const columns = "columns = { n: 'int', s: 'varchar', x: 'varchar' }";
    const read = `read_csv('${place.workspace.path('lake')}/**/*.csv', ${options}, ${columns})`;
    expect(await duck(`select * from ${read} order by n`)).toEqual(expected);
    expect((await place.hygge('verify', '--settled')).code).toBe(0);
  });

  it('makes files of the configured size of a year of three files a night, and the next one goes on', async () => {
    // Fewer files with more rows; the year itself in a soak.
    const [nights, rowsOfFile] = whole ? [365, 12] : [8, 900];
    using workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n' });
    const flow = (more: string) =>
      workspace.write({
        'flows/f/flow.yml': `home: { path: in, format: csv }\nstore: { path: lake, target_file_size: 64kB }\nrun_type: incremental\n${more}entities: [e]\n`,
      });
    const night = (n: number, file: string) =>
      [
        'id,night,name',
        ...Array.from(
          { length: rowsOfFile },
          (_, i) => `${n * 1000 + i},${n},row ${((n * 1000 + i) * 2_654_435_761) % 2 ** 32} of ${file}`,
        ),
      ].join('\n');
    const names = Array.from({ length: nights }, (_, n) =>
      ['a', 'b', 'c'].map((file) => `in/e/${String(n).padStart(3, '0')}${file}.csv`),
    ).flat();
    workspace.write(Object.fromEntries(names.map((name, i) => [name, night(Math.floor(i / 3), name.slice(-5, -4))])));
    // Each source file settles in a file of its own.
    flow('changed_files: replace\n');
    const { well: hygge } = commandsIn(workspace);
    await hygge('go');
    const head = async () => JSON.parse(await readFile(workspace.path('lake', '_hygge', 'f', 'e', 'current.json'), 'utf8'));
    const sum = async () =>
      (
        await duck(
          `select count(*)::int as rows, sum(hash(id, night, name))::varchar as sum from read_parquet('${workspace.path('lake')}/e/*.parquet')`,
        )
      )[0];
    const before = { head: await head(), sum: await sum() };
    expect(before.head.files).toHaveLength(nights * 3);
    expect(await hygge('compact', 'f.e')).toContain('nothing_to_compact');
    flow('');
    expect(await hygge('compact', 'f.e')).toContain(`"rows_read":${nights * 3 * rowsOfFile}`);
    const { files, rows } = await head();
    expect(rows).toBe(nights * 3 * rowsOfFile);
    expect(await sum()).toEqual(before.sum);
    const sizes = files.map(({ bytes }: { bytes: number }) => bytes);
    expect(sizes.length).toBeLessThan(12);
    expect(sizes.length).toBeGreaterThan(1);
    // All but the last are full.
    expect(sizes.filter((bytes: number) => bytes < 64_000).length).toBeLessThanOrEqual(1);
    expect(Math.max(...sizes)).toBeLessThan(128_000);
    expect(new Set(files.flatMap(({ sources }: { sources: readonly string[] }) => sources)).size).toBe(nights * 3);
    workspace.write({ 'in/e/365a.csv': night(365, 'a') });
    await hygge('go');
    expect((await head()).rows).toBe((nights * 3 + 1) * rowsOfFile);
    expect((await head()).files).toHaveLength(files.length + 1);
    expect(await hygge('verify', '--settled')).toContain('"ok":true');
  });

  it.each([
    ['with a watermark', ', watermark: { column: at }', ', watermark: { column: at }'],
    ['of files that were replaced when they changed', ', changed_files: replace', ''],
  ])('keeps the rows in quarantine, %s', async (_, before, now) => {
    const flow = (more: string) => ({
      'hygge.yml': `name: q\nflows:\n  f: { home: { path: in, format: csv, types: { id: int64, at: date }, bad_rows: quarantine }, store: lake, run_type: incremental${more} }\n`,
    });
    using workspace = new TestWorkspace(flow(before));
    const { well } = commandsIn(workspace);
    const head = async () => JSON.parse(await readFile(workspace.path('lake', '_hygge', 'f', 'f', 'current.json'), 'utf8'));
    const quarantine = async () => {
      const rows = await duck(`select source, line, text from '${workspace.path('lake/_hygge/f/f/quarantine')}/*.parquet' order by all`);
      return rows.map(({ source, line, text }) => `${source}:${line} ${text}`);
    };
    const ids = async () => (await workspace.settled('lake', 'f', 'f')).map(({ id }) => Number(id)).sort((a, b) => a - b);
    const write = (file: string, ...rows: readonly string[]) => workspace.write({ [`in/${file}.csv`]: ['id,at', ...rows, ''].join('\n') });
    for (const file of ['a', 'b']) {
      const id = file === 'a' ? 1 : 3;
      const [first, second] = [`2024-01-0${id}`, `2024-01-0${id + 1}`];
      write(file, `${id},${first}`, `bad,${first}`, `worse,${second}`, `worst,${second}`, `${id + 1},${second}`);
      await well('go');
    }
    write('c', '5,2024-01-05', '6,2024-01-06');
    await well('go');
    const settled = { ids: await ids(), rows: await quarantine(), files: (await head()).quarantine };
    expect(settled.ids).toEqual([1, 2, 3, 4, 5, 6]);
    expect(settled.rows).toHaveLength(6);
    workspace.write(flow(now));
    expect(await well('compact', 'f.f')).toContain('"compacted"');
    expect({ ids: await ids(), rows: await quarantine(), files: (await head()).quarantine }).toEqual(settled);
    write('d', '7,2024-01-07', 'no,2024-01-07');
    await well('go');
    expect(await ids()).toEqual([...settled.ids, 7]);
    expect(await quarantine()).toEqual([...settled.rows, 'in/d.csv:3 no,2024-01-07']);
    expect(await well('verify', '--settled')).toContain('"ok":true');
  });

  it('is refused of a database, and of an entity that has not settled', async () => {
    using place = await scene();
    await place.source(upTo(4));
    const unsettled = await place.hygge('compact', 'f.e');
    expect(unsettled).toMatchObject({ code: 1 });
    expect(unsettled.said).toContain('HYG-2103');
    await place.well('go');
    place.workspace.write({
      'flows/g/flow.yml': 'home: "in/{entity}.parquet"\nstore: { type: duckdb, path: base.duckdb }\nentities: [e]\n',
    });
    await place.well('go', 'g');
    for (const more of [[], ['--dry-run']]) {
      const refused = await place.hygge('compact', 'g.e', ...more);
      expect(refused.code, refused.said).toBe(1);
      expect(refused.said).toContain('it is a duckdb store');
    }
  });

  it('goes with backfills, deletes, resets and adoption afterwards', async () => {
    using place = await scene({
      watermark: '{ column: n, key: [id] }',
      flow: 'deletes: { compare: 1d, max: 90%, complete: true, pause: 0s }\n',
    });
    await increments(place, 5);
    await place.well('compact', 'f.e');
    // A range of the full file is replaced, a row in it goes by comparison, and the rest stays.
    await place.source(`select id, name || '!' as name, n, half from (${upTo(10)}) where id <> 3`);
    await place.well('backfill', 'f.e', '--from', '5', '--to', '7');
    await place.well('go', '--compare-deletes');
    expect(await place.rows('id, name')).toEqual(
      [1, 2, 4, 5, 6, 7, 8, 9, 10].map((id) => JSON.stringify({ id: `${id}`, name: `r${id}${[5, 6, 10].includes(id) ? '!' : ''}` })),
    );
    await place.well('compact', 'f.e');
    expect(await place.rows('id')).toHaveLength(9);
    await place.well('reset', 'f.e', '--adopt', '--yes');
    expect(await place.well('compact', 'f.e')).toMatch(/"compacted"|nothing_to_compact/);
    await place.well('go');
    expect(await place.rows('id')).toHaveLength(9);
    await place.well('reset', 'f.e', '--yes');
    const unsettled = await place.hygge('compact', 'f.e');
    expect(unsettled.said).toContain('HYG-2103');
    await place.well('go');
    expect(await place.rows('id')).toHaveLength(9);
  });
});
