import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ColumnKind, columnKinds, columnOf, type Mix, parquetRows } from '../data.ts';
import { query, quoted } from '../duck.ts';
import { measure } from '../measure.ts';
import { alternate, quantile, type Side, type SideResult } from '../pairs.ts';
import { megabyte, moduleHere } from '../race.ts';
import { hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type CaseResult, type Check, type Scale } from './case.ts';
import { type Client, postgres } from './servers.ts';

/** What takes so few of them is the start of the process. */
const fewRows = 1000;

/** A table in all the places that a road begins at. */
interface Rows {
  readonly count: number;
  readonly parquet: string;
  readonly csv: string;
  /** As `copy` of PostgreSQL writes it. */
  readonly binary: string;
  /** In PostgreSQL. */
  readonly table: string;
}

interface Road {
  readonly name: string;
  readonly into: 'PostgreSQL' | 'parquet' | 'DuckDB';
  /** Processor time of a million rows, the start of the process apart. */
  readonly seconds: number;
  readonly megabytes: number;
  home(client: Client, rows: Rows): Readonly<Record<string, unknown>>;
  /** Beside home and store. Absent: rows settle as they are. */
  readonly polish?: Readonly<Record<string, unknown>>;
  store(client: Client): Readonly<Record<string, unknown>>;
  /** Who does the same work: its name, and its command. */
  rival(client: Client, rows: Rows, file: (name: string) => string): readonly [string, readonly string[]];
}

const run = promisify(execFile);
const inParquet = { path: 'lake/rows', format: 'parquet', compression: 'snappy' } as const;
const word = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const psql = (client: Client, statement: string): string => [client.program, ...client.ask(statement)].map(word).join(' ');
const shell = (line: string): readonly string[] => [moduleHere('by-program.mjs'), '-', 'sh', '-c', line];

const intoPsql: Road['rival'] = (client, { table }) => [
  'psql into psql',
  shell(`${psql(client, `copy ${table} to stdout (format binary)`)} | ${psql(client, `copy other from stdin (format binary)`)}`),
];

const roads: readonly Road[] = [
  {
    ...{ name: 'PostgreSQL → PostgreSQL', into: 'PostgreSQL' },
    ...{ seconds: 0.6, megabytes: 200 },
    home: (client, { table }) => client.keysOf(table),
    store: (client) => client.keysOf('settled'),
    rival: intoPsql,
  },
  {
    ...{ name: 'PostgreSQL → PostgreSQL, masked', into: 'PostgreSQL' },
    ...{ seconds: 1.8, megabytes: 300 },
    home: (client, { table }) => client.keysOf(table),
    polish: { mask: { columns: { note: null } } },
    store: (client) => client.keysOf('settled'),
    rival: intoPsql,
  },
  {
    ...{ name: 'PostgreSQL → parquet', into: 'parquet' },
    ...{ seconds: 1.9, megabytes: 300 },
    home: (client, { table }) => client.keysOf(table),
    store: () => inParquet,
    rival: (client, { table }, file) => [
      'psql into a file',
      shell(`${psql(client, `copy ${table} to stdout (format binary)`)} > ${word(file('rows.bin'))}`),
    ],
  },
  {
    ...{ name: 'parquet → PostgreSQL', into: 'PostgreSQL' },
    ...{ seconds: 1.5, megabytes: 300 },
    home: (_, { parquet }) => ({ path: parquet }),
    store: (client) => client.keysOf('settled'),
    rival: (client, { binary }) => [
      'psql out of a file',
      shell(`${psql(client, `copy other from stdin (format binary)`)} < ${word(binary)}`),
    ],
  },
  {
    ...{ name: 'CSV → parquet', into: 'parquet' },
    ...{ seconds: 3, megabytes: 430 },
    home: (_, { csv }) => ({ path: csv }),
    store: () => inParquet,
    rival: (_, { csv }, file) => [
      'DuckDB',
      [moduleHere('duckdb-statement.mjs'), copyStatement(`read_csv(${quoted(csv)})`, file('copy.parquet'))],
    ],
  },
  {
    ...{ name: 'parquet → DuckDB', into: 'DuckDB' },
    ...{ seconds: 1.7, megabytes: 350 },
    home: (_, { parquet }) => ({ path: parquet }),
    store: () => ({ type: 'duckdb', path: 'lake/tables.duckdb', table: 'settled' }),
    rival: (_, { parquet }, file) => ['DuckDB', [moduleHere('duckdb-tables.mjs'), parquet, file('copy.duckdb'), 'ordered', 'into']],
  },
];

const copyStatement = (from: string, to: string): string => `COPY (FROM ${from}) TO ${quoted(to)} (FORMAT parquet)`;

const types: Readonly<Record<ColumnKind, string>> = {
  ...{ bigint: 'bigint', int: 'integer', numeric: 'numeric(12, 2)', text: 'text', 'quoted text': 'text' },
  ...{ timestamptz: 'timestamptz', date: 'date', bool: 'boolean', float8: 'double precision', uuid: 'uuid' },
};

/** Rows of these columns, where each road begins. */
export async function rowsOf(scale: Scale, client: Client, { mix, count }: { readonly mix: Mix; readonly count: number }): Promise<Rows> {
  const table = `${mix.replaceAll(' ', '_')}_${count}`;
  const [csv, binary] = [join(scale.folder, `${table}.csv`), join(scale.folder, `${table}.bin`)];
  const parquet = await parquetRows(join(scale.folder, `${table}.parquet`), 0, count, mix);
  if (!existsSync(csv)) {
    await query(`COPY (FROM ${quoted(parquet)}) TO ${quoted(`${csv}.tmp`)} (FORMAT csv, HEADER)`);
    await rename(`${csv}.tmp`, csv);
  }
  const columns = columnKinds.filter((kind) => mix === 'people' || kind === mix).map((kind) => `${columnOf(kind)} ${types[kind]}`);
  const ask = (...statements: readonly string[]) =>
    run(client.program, [...client.ask(...statements)], { env: { ...process.env, ...client.env } });
  await ask(
    `create table ${table} (${columns.join(', ')})`,
    'drop table if exists other',
    `create table other (like ${table})`,
    `\\copy ${table} from ${quoted(csv)} (format csv, header)`,
    `vacuum analyze ${table}`,
  );
  await ask(`\\copy ${table} to ${quoted(binary)} (format binary)`);
  return { count, parquet, csv, binary, table };
}

/** Equal for equal multisets of rows, whatever the types of their columns are. */
async function sumIn(from: string, before: readonly string[] = []): Promise<string> {
  const texts = columnKinds.map((kind) => `coalesce("${columnOf(kind)}"::VARCHAR, 'none')`);
  const [row] = await query(
    [
      ...before,
      `SELECT count(*)::VARCHAR || ' ' || sum(hash(concat_ws('|', ${texts.join(', ')}))::HUGEINT)::VARCHAR AS sum FROM ${from}`,
    ].join('; '),
  );
  return String(row?.sum);
}

async function mustBeAsInSource(
  client: Client,
  { into }: Pick<Road, 'into'>,
  { rows, lake }: { readonly rows: Rows; readonly lake: string },
) {
  const inTable = async (table: string): Promise<string> => {
    const statement = `select count(*), sum(hashtextextended(t::text, 0)) from ${table} t`;
    return (await run(client.program, [...client.ask(statement)], { env: { ...process.env, ...client.env } })).stdout;
  };
  const settled = { parquet: () => `read_parquet(${quoted(join(lake, 'rows', '*.parquet'))})`, DuckDB: () => 'there.settled' };
  const attach = `ATTACH ${quoted(join(lake, 'tables.duckdb'))} AS there (READ_ONLY)`;
  const [is, was] =
    into === 'PostgreSQL'
      ? [await inTable('settled'), await inTable(rows.table)]
      : [await sumIn(settled[into](), into === 'DuckDB' ? [attach] : []), await sumIn(`read_parquet(${quoted(rows.parquet)})`)];
  if (is !== was) throw new Error(`what hygge settled is not what the source holds: ${is} next to ${was}`);
}

interface Ride {
  readonly road: Road;
  readonly rows: Rows;
  readonly pairs: number;
  /** With its rival, and what settled is compared with the source, row by row. */
  readonly isCompared: boolean;
}

/** One road with these rows, in turn with its rival. */
async function taken(scale: Scale, client: Client, { road, rows, pairs, isCompared }: Ride) {
  const flow = JSON.stringify({ home: road.home(client, rows), store: road.store(client), ...(road.polish && { polish: road.polish }) });
  await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
  const empty = async () => {
    await client.clear();
    await space.empty();
  };
  const [name, args] = road.rival(client, rows, (file) => join(space.folder, file));
  const env = client.env && { env: client.env };
  const sides: readonly Side[] = [
    { name: 'hygge go', prepare: empty, run: () => measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder] }) },
    {
      name,
      async prepare() {
        await client.clear();
        for (const file of ['rows.bin', 'copy.parquet', 'copy.duckdb']) await rm(join(space.folder, file), { force: true });
      },
      run: () => measure({ name, args, ...env }),
    },
  ];
  const measured = await alternate(isCompared ? sides : sides.slice(0, 1), pairs, 0);
  if (!isCompared) return measured;
  await empty();
  await sides[0]?.run();
  if (road.polish === undefined) await mustBeAsInSource(client, road, { rows, lake: space.lake });
  return measured;
}

/** Tables as people have them, on every road: amounts beyond a million, texts with quotes, floats of 17 digits, uuids. */
export const people: BenchCase = {
  name: 'people',
  absent: postgres.absent,
  async run(scale) {
    await using client = await postgres.start();
    const count = scale.quick ? 100_000 : 1_000_000;
    const [few, rows] = [
      await rowsOf(scale, client, { mix: 'people', count: fewRows }),
      await rowsOf(scale, client, { mix: 'people', count }),
    ];
    const pairs = scale.pairs ?? (scale.quick ? 1 : 3);
    const checks: Check[] = [];
    const notes: string[] = ['| road | hygge | peak | rival | |', '|---|---|---|---|---|'];
    for (const road of roads) {
      scale.say(`${road.name}…`);
      const [own, rival] = (await taken(scale, client, { road, rows, pairs, isCompared: true })).sides;
      const [start, theirStart] = (await taken(scale, client, { road, rows: few, pairs, isCompared: true })).sides;
      const perMillion = (side: SideResult | undefined, begun: SideResult | undefined): number =>
        ((side?.cpuMs ?? Number.NaN) - (begun?.cpuMs ?? Number.NaN)) / 1000 / ((count - fewRows) / 1e6);
      const [seconds, theirs] = [perMillion(own, start), perMillion(rival, theirStart)];
      const peak = (own?.quartilePeakBytes ?? Number.NaN) / megabyte;
      notes.push(`| ${road.name} | ${seconds.toFixed(2)} s | ${peak.toFixed(0)} MB | ${theirs.toFixed(2)} s | ${rival?.name} |`);
      if (!scale.quick) checks.push(atMost(`${road.name}, processor time of a million rows`, seconds, road.seconds, 's'));
      checks.push(atMost(`${road.name}, peak memory`, peak, road.megabytes, 'MB'));
    }
    const what = `${count.toLocaleString('en')} rows × 10 columns as people have them: processor time of a million rows, all threads, without the start of the process (the time of ${fewRows.toLocaleString('en')} rows). What settled is equal to the source by a sum of hashes`;
    return { name: this.name, what, checks, notes } satisfies CaseResult;
  },
};

/** One type of column at a time on every road: what a value costs, so that no type hides behind the others. */
export const columnCosts: BenchCase = {
  name: 'column-costs',
  absent: postgres.absent,
  async run(scale) {
    await using client = await postgres.start();
    const count = scale.quick ? 50_000 : 1_000_000;
    const costs = new Map<string, readonly number[]>();
    for (const kind of columnKinds) {
      const [few, many] = [await rowsOf(scale, client, { mix: kind, count: fewRows }), await rowsOf(scale, client, { mix: kind, count })];
      const own = async (road: Road, rows: Rows): Promise<number> =>
        (await taken(scale, client, { road, rows, pairs: scale.pairs ?? 1, isCompared: false })).sides[0]?.cpuMs ?? Number.NaN;
      const nanoseconds: number[] = [];
      for (const road of roads) nanoseconds.push((((await own(road, many)) - (await own(road, few))) / count) * 1e6);
      costs.set(kind, nanoseconds);
      scale.say(`${kind}: ${nanoseconds.map((one) => one.toFixed(0)).join(', ')}`);
    }
    const lines = [...costs].map(([kind, all]) => `| ${kind} | ${all.map((one) => one.toFixed(0)).join(' | ')} |`);
    const checks = roads.flatMap(({ name }, at): Check[] => {
      const all = [...costs.values()].map((of) => of[at] ?? Number.NaN);
      const dearest = Math.max(...all) / quantile(all, 0.5);
      return scale.quick ? [] : [atMost(`${name}, the dearest type over the median one`, dearest, 5, '×')];
    });
    return {
      name: this.name,
      what: `${count.toLocaleString('en')} values of one type at a time: nanoseconds of processor time a value, without the start of the process`,
      checks,
      notes: [`| type | ${roads.map(({ name }) => name).join(' | ')} |`, `|---${'|---'.repeat(roads.length)}|`, ...lines],
    };
  },
};
