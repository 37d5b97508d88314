import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { query, quoted } from '../duck.ts';
import { measure } from '../measure.ts';
import { alternate, type Side } from '../pairs.ts';
import { megabyte, moduleHere } from '../race.ts';
import { hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type CaseResult, type Scale } from './case.ts';
import { type Client, mariadb, type Program, postgres, sqlite } from './servers.ts';

/** A program that comes with a database: what it is called with, and where its output goes. */
interface Rival {
  readonly name: string;
  /** hygge may take so many times its time. */
  readonly limit: number;
  readonly program: string;
  readonly args: readonly string[];
  /** A file for what it prints; default: nowhere. */
  readonly to?: string;
}

interface Way {
  readonly name: string;
  readonly of: Program;
  /** Of a run that claims something. */
  readonly rows: number;
  readonly peakMegabytes: number;
  readonly rivals: (client: Client, file: (name: string) => string) => readonly Rival[];
}

/** A table into parquet, against the program that hands over all rows of a query. */
function reading(way: Way): BenchCase {
  return {
    name: way.name,
    absent: way.of.absent,
    async run(scale) {
      await using client = await way.of.start();
      const { count, source } = await loaded(scale, way, client);
      const home = JSON.stringify(client.keysOf('rows'));
      const flow = `home: ${home}\nstore: { path: lake, format: parquet, compression: snappy }\n`;
      await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
      const go: Side = { ...goIn(space.folder), prepare: () => space.empty() };
      const same = async () => {
        const ids = 'count(*)::VARCHAR || sum(hash(id, qty, code, name, note))::VARCHAR AS same';
        const sumOf = async (path: string) => (await query(`SELECT ${ids} FROM read_parquet(${quoted(path)})`))[0]?.same;
        return (await sumOf(join(space.lake, '*.parquet'))) === (await sumOf(source));
      };
      return await inTurn(scale, way, {
        client,
        count,
        go,
        same,
        what: `a table of ${client.name} → parquet`,
        file: (name) => join(space.folder, name),
      });
    },
  };
}

/** Parquet into a new table, against the program's own way of loading a file. */
function writing(way: Way): BenchCase {
  return {
    name: way.name,
    absent: way.of.absent,
    async run(scale) {
      await using client = await way.of.start();
      const { count, source } = await loaded(scale, way, client);
      const store = JSON.stringify(client.keysOf('settled'));
      const flow = `home: { path: ${JSON.stringify(source)} }\nstore: ${store}\n`;
      await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
      const go: Side = {
        ...goIn(space.folder),
        async prepare() {
          await client.clear();
          await space.empty();
        },
      };
      const same = async () => (await client.sum('settled')) === (await client.sum('rows'));
      const file = (name: string) => join(scale.folder, `${client.name}-${count}-${name}`);
      return await inTurn(scale, way, { client, count, go, same, what: `parquet → a table of ${client.name}`, file });
    },
  };
}

/** The table `rows`, as the database's own program loads it, of the rows of a parquet file. */
async function loaded(scale: Scale, way: Way, client: Client) {
  const count = scale.quick ? 100_000 : way.rows;
  const source = await parquetRows(join(scale.folder, `rows-${count}.parquet`), 0, count);
  await client.load(source, join(scale.folder, `${client.name}-${count}-`));
  return { count, source };
}

function goIn(folder: string): Side {
  return { name: 'hygge go', run: () => measure({ name: 'hygge go', args: [hygge, 'go', '-C', folder] }) };
}

async function inTurn(
  scale: Scale,
  way: Way,
  {
    client,
    count,
    go,
    same,
    what,
    file,
  }: {
    readonly client: Client;
    readonly count: number;
    readonly go: Side;
    readonly what: string;
    same(): Promise<boolean>;
    file(name: string): string;
  },
): Promise<CaseResult> {
  const rivals = way.rivals(client, file);
  const sides = rivals.map(({ name, program, args, to = '-' }): Side => {
    const command = { name, args: [moduleHere('by-program.mjs'), to, program, ...args], ...(client.env && { env: client.env }) };
    return {
      name,
      prepare: () => client.clear(),
      run: () => measure(command),
      settle: () => (to === '-' ? Promise.resolve() : rm(to, { force: true })),
    };
  });
  scale.say(`hygge, ${rivals.map(({ name }) => name).join(', ')}, in turn…`);
  const pairs = await alternate([go, ...sides], scale.pairs ?? (scale.quick ? 1 : 3), scale.quick ? 0 : 1);
  await go.prepare?.();
  await go.run();
  if (!(await same())) throw new Error('what hygge settled is not what the source holds');
  const peak = (pairs.sides[0]?.quartilePeakBytes ?? Number.NaN) / megabyte;
  return {
    name: way.name,
    what: `${count.toLocaleString('en')} rows × 10 columns, ${what}`,
    pairs,
    checks: [
      // Of few rows, most of it is the start of the process.
      ...(scale.quick
        ? []
        : rivals.map(({ name, limit }) => atMost(`time of ${name}, median`, pairs.ratios[name]?.median ?? Number.NaN, limit, '×'))),
      atMost('peak memory, lower quartile', peak, way.peakMegabytes, 'MB'),
    ],
    notes: ['what settled is equal to the source by a sum of hashes'],
  };
}

const servers = { rows: 5_000_000, peakMegabytes: 450 } as const;
const embedded = { rows: 2_000_000, peakMegabytes: 500 } as const;

export const databases: readonly BenchCase[] = [
  reading({
    ...servers,
    name: 'postgres-to-parquet',
    of: postgres,
    rivals: ({ program, ask }, file) => [
      {
        name: 'psql \\copy, binary',
        limit: 1.6,
        program,
        args: ask(`\\copy rows to ${quoted(file('rows.bin'))} (format binary)`),
        to: file('rows.bin'),
      },
    ],
  }),
  writing({
    ...servers,
    name: 'parquet-to-postgres',
    of: postgres,
    rivals: ({ program, ask }, file) => [
      { name: 'psql \\copy, binary', limit: 1.35, program, args: ask(`\\copy other from ${quoted(file('rows.bin'))} (format binary)`) },
      { name: 'psql \\copy, csv', limit: 0.5, program, args: ask(`\\copy other from ${quoted(file('rows.csv'))} (format csv)`) },
    ],
  }),
  reading({
    ...servers,
    name: 'mysql-to-parquet',
    of: mariadb,
    rivals: ({ program, ask }) => [{ name: 'mariadb -q', limit: 1.6, program, args: ask('select * from `rows`') }],
  }),
  writing({
    ...servers,
    name: 'parquet-to-mysql',
    of: mariadb,
    rivals: ({ program, ask }, file) => [
      {
        name: 'LOAD DATA of mariadb',
        limit: 1.2,
        program,
        args: ask(`load data local infile ${quoted(file('rows.tsv'))} into table other`),
      },
    ],
  }),
  reading({
    ...embedded,
    name: 'sqlite-to-parquet',
    of: sqlite,
    rivals: ({ program, ask }, file) => [
      { name: 'select of sqlite3', limit: 2, program, args: ask('select * from rows'), to: file('rows.txt') },
    ],
  }),
  writing({
    ...embedded,
    name: 'parquet-to-sqlite',
    of: sqlite,
    rivals: ({ program, ask }, file) => [
      { name: '.import of sqlite3', limit: 1.45, program, args: ask('.mode csv', `.import ${quoted(file('rows.csv'))} other`) },
    ],
  }),
];
