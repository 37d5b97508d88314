import { readFileSync } from 'node:fs';
import { OtherCommitter } from './delta/other-committer.ts';
import { count } from './duck.ts';
import type { DuckdbTestFile } from './duckdb-file.ts';
import type { TestLake } from './lakes/lake.ts';
import type { TestDatabase as MariadbTestDatabase } from './mariadb.ts';
import type { TestDatabase } from './postgres.ts';
import type { SqliteTestFile } from './sqlite-file.ts';
import type { TestWorkspace } from './workspace.ts';

/** A source that grows between rounds, with ties at its newest value, and a flow that follows it. */
export const growingFlow = { 'flows/f/flow.yml': 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n' };

export function growingRows(from: number, to: number): string {
  return `select range as id, timestamp '2024-01-01' + interval (range // 7) second as "at", md5(range::varchar) as noise from range(${from}, ${to})`;
}

/** A source that grows, and how a second reader sees it and the destination. */
export interface Growing {
  /** Rows that come at once. */
  readonly step: number;
  write(workspace: TestWorkspace, from: number, to: number): Promise<void>;
  /** What SQL reads of all files of the source. */
  source(workspace: TestWorkspace): string;
  /** The same of the destination, as a listing shows it. */
  listed(workspace: TestWorkspace): string;
  /** The same of the destination, as its manifest says; absent: as listed. */
  settled?(workspace: TestWorkspace): string;
  /** After each run that ended well: brings a destination here that has to equal the source by then already, not only at the end. */
  passed?(workspace: TestWorkspace): Promise<void>;
  /** Brings a destination that is elsewhere here, to be looked at. Answers what was begun there and not ended. */
  fetch?(workspace: TestWorkspace): Promise<readonly string[]>;
  /** Each run moves all of it: none finds nothing new. */
  readonly isFull?: boolean;
  /** What is killed; absent: `go`. */
  readonly command?: readonly string[];
  /** What hygge must find in its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A source with the flow that follows it. */
export interface Grown {
  readonly flow: Readonly<Record<string, string>>;
  readonly growing: Growing;
}

export const growingParquet: Growing = {
  step: 40_000,
  write: (workspace, from, to) => workspace.parquet(`in/${from}.parquet`, growingRows(from, to), ', row_group_size 10000'),
  source: (workspace) => `'${workspace.path('in')}/*.parquet'`,
  listed: (workspace) => `'${workspace.path('lake')}/*.parquet'`,
  settled: (workspace) => {
    const manifest = readFileSync(workspace.path('lake', '_hygge', 'f', 'f', 'current.json'), 'utf8');
    const { files } = JSON.parse(manifest) as { files: { name: string }[] };
    return `read_parquet([${files.map((file) => `'${workspace.path('lake', file.name)}'`).join(', ')}], hive_partitioning = false)`;
  },
};

/** The same, copied to a folder. */
export const growingCopy: Growing = {
  ...growingParquet,
  command: ['copy', 'in', 'lake'],
  settled: (workspace) => growingParquet.listed(workspace),
};

/** The same, copied to one file, whole each time. */
export const growingCopyToFile: Growing = {
  ...growingCopy,
  command: ['copy', 'in', 'all.parquet'],
  listed: (workspace) => `'${workspace.path('all.parquet')}'`,
  settled: (workspace) => `'${workspace.path('all.parquet')}'`,
  isFull: true,
};

/** The same, settling in a lake. */
export function growingIn(lake: TestLake): Grown {
  const store = lake.side('lake');
  const flow = { 'flows/f/flow.yml': growingFlow['flows/f/flow.yml'].replace('store: lake', () => `store: ${store}`) };
  const fetch = async (workspace: TestWorkspace): Promise<readonly string[]> => {
    await lake.download('lake', workspace.path('lake'));
    return await lake.unfinished();
  };
  return { flow, growing: { ...growingParquet, fetch, env: lake.env } };
}

/** The same, settling in a Delta table of a lake, read by the files that its log names. */
export function growingTableIn(lake: TestLake): Grown {
  const store = lake.side('lake', 'format: delta, wall_clock: timestamp_ntz');
  const flow = { 'flows/f/flow.yml': growingFlow['flows/f/flow.yml'].replace('store: lake', () => `store: ${store}`) };
  const named = (workspace: TestWorkspace) => {
    const { files } = new OtherCommitter(workspace.path('lake')).state();
    return `read_parquet([${files.map(({ path }) => `'${workspace.path('lake', decodeURIComponent(path))}'`).join(', ')}], hive_partitioning = false)`;
  };
  return { flow, growing: { ...growingIn(lake).growing, listed: named, settled: named } };
}

interface Destination {
  /** The store of the flow. */
  readonly store: string;
  /** Loads all of it each time. */
  readonly full?: boolean;
  readonly step?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Rows as `id,at,noise`. */
  rows(workspace: TestWorkspace): Promise<readonly string[]>;
  /** What lies in staging. */
  staged(): Promise<readonly unknown[]>;
}

/** The same, settling in a table. */
function growingInto({ store, full = false, rows, staged, ...more }: Destination): Grown {
  const how = growingFlow['flows/f/flow.yml'].replace('store: lake', () => `store: ${store}`);
  const flow = { 'flows/f/flow.yml': full ? how.replace(/run_type[\s\S]*/, 'run_type: full_drop\n') : how };
  const fetch = async (workspace: TestWorkspace): Promise<readonly string[]> => {
    workspace.write({ 'settled.csv': `id,at,noise\n${(await rows(workspace)).map((row) => `${row}\n`).join('')}` });
    const columns = `types = {id: 'BIGINT', "at": 'TIMESTAMP'}`;
    await workspace.parquet('lake/settled.parquet', `from read_csv('${workspace.path('settled.csv')}', ${columns})`);
    return (await staged()).map(String);
  };
  const { settled: _, ...parquet } = growingParquet;
  return { flow, growing: { ...parquet, ...more, fetch, isFull: full } };
}

export function growingIntoPostgres(db: TestDatabase): Grown {
  const { host, port, database, user, password } = db;
  return growingInto({
    store: `{ type: postgres, host: ${host}, port: ${port}, database: ${database}, user: ${user}, password: "\${PG_SECRET}", table: settled }`,
    env: { PG_SECRET: password },
    rows: async () => (await db.sql('select id, at, noise from settled')).map(({ id, at, noise }) => `${id},${at},${noise}`),
    staged: async () =>
      (
        await db.sql(
          `select tablename as name from pg_tables where schemaname = 'hygge_staging' union select name from hygge_metadata.staged`,
        )
      ).map(({ name }) => name),
  });
}

/** Staging and metadata are databases of these names. */
export function growingIntoMariadb(
  db: MariadbTestDatabase,
  { staging, metadata, full }: { readonly staging: string; readonly metadata: string; readonly full: boolean },
): Grown {
  const own = { staging_schema: staging, metadata_schema: metadata };
  const lines = async (sql: string) => (await db.sql(sql)).split('\n').filter((line) => line !== '');
  return growingInto({
    store: JSON.stringify({ type: 'mysql', ...db.keys, password: `\${MY_SECRET}`, table: 'settled', ...own }),
    ...{ full, step: 10_000, env: { MY_SECRET: db.password } },
    rows: () => lines(`select concat_ws(',', id, at, noise) from settled`),
    // The record of a table that was about to be made when its run was killed stays for a while: it may come yet.
    staged: () => lines(`select TABLE_NAME from information_schema.TABLES where TABLE_SCHEMA = '${staging}'`),
  });
}

export function growingIntoDuckdb(file: DuckdbTestFile, full = false): Grown {
  return growingInto({
    store: `{ type: duckdb, path: ${file.path}, table: settled }`,
    full,
    rows: async () => (await file.sql(`select id || ',' || "at" || ',' || noise as line from settled`)).map(({ line }) => String(line)),
    staged: async () =>
      (
        await file.sql(
          `select table_name as name from duckdb_tables() where schema_name <> 'hygge_metadata' and table_name <> 'settled' union select name from hygge_metadata.staged`,
        )
      ).map(({ name }) => name),
  });
}

export function growingIntoSqlite(file: SqliteTestFile): Grown {
  return growingInto({
    store: `{ type: sqlite, path: ${file.path}, table: settled }`,
    rows: async () => file.sql('select id, at, noise from settled').map(({ id, at, noise }) => `${id},${at},${noise}`),
    staged: async () =>
      file
        .sql(`select name from sqlite_schema where name like 'hygge_staging%' union select name from hygge_metadata_staged`)
        .map(({ name }) => name),
  });
}

/** The destination and the source, as multisets of whole rows: how many rows are on one side only. */
async function difference(one: string, other: string): Promise<number> {
  return count(`select count(*) as n from ((from ${one} except all from ${other}) union all (from ${other} except all from ${one}))`);
}

export interface Rounds {
  readonly kills: number;
  /** How many of the runs were really hit while they worked. */
  readonly hit: number;
  readonly rows: number;
}

/** As many kills as only a soak has. */
const soaked = 20;

/** Of a first run, in milliseconds. */
async function timeOf(workspace: TestWorkspace, growing: Growing): Promise<number> {
  const { command = ['go'], env } = growing;
  const startedAt = performance.now();
  const ended = await workspace.start([...command, '--output', 'json'], env === undefined ? {} : { env }).done;
  if (ended.code !== 0) throw new Error(`the first run ended ${ended.code}:\n${ended.stdout}${ended.stderr}`);
  return performance.now() - startedAt;
}

/**
 * `kill -9` at a random moment of run after run, each followed by more rows in the source; then one clean run. Throws when the destination is not
 * the source, or anything is left behind.
 */
export async function killRounds(
  workspace: TestWorkspace,
  kills: number,
  fraction: () => number,
  growing: Growing = growingParquet,
): Promise<Rounds> {
  const { step, env } = growing;
  const how = env === undefined ? {} : { env };
  let rows = step;
  await growing.write(workspace, 0, rows);
  let hit = 0;
  // Follows how long a run takes, so that kills fall on all of it. A soak learns it from a run that is left alone: a busy machine takes ten times as long.
  let usualMs = 600;
  if (kills >= soaked) {
    usualMs = await timeOf(workspace, growing);
    await growing.write(workspace, rows, rows + step);
    rows += step;
  }
  for (let round = 1; round <= kills; round++) {
    const startedAt = performance.now();
    const running = workspace.start([...(growing.command ?? ['go']), '--output', 'json'], how);
    const timer = setTimeout(() => running.kill('SIGKILL'), fraction() * usualMs * 1.1);
    const ended = await running.done;
    clearTimeout(timer);
    if (ended.signal === 'SIGKILL') {
      hit++;
      usualMs *= 1.04;
    } else {
      usualMs = (usualMs + performance.now() - startedAt) / 2;
      if (ended.code !== 0) throw new Error(`round ${round} ended ${ended.code}:\n${ended.stdout}${ended.stderr}`);
      await lookAfter(workspace, growing, `round ${round}`);
    }
    if (round % 3 !== 0) continue;
    await growing.write(workspace, rows, rows + step);
    rows += step;
  }
  await settleAndCheck(workspace, growing);
  return { kills, hit, rows };
}

async function lookAfter(workspace: TestWorkspace, growing: Growing, what: string): Promise<void> {
  if (growing.passed === undefined) return;
  await growing.passed(workspace);
  const differing = await difference(growing.listed(workspace), growing.source(workspace));
  if (differing > 0) throw new Error(`${differing} rows differ between source and destination after ${what}`);
}

export async function settleAndCheck(workspace: TestWorkspace, growing: Growing = growingParquet): Promise<void> {
  const how = growing.env === undefined ? {} : { env: growing.env };
  const clean = await workspace.run([...(growing.command ?? ['go']), '--output', 'json'], how);
  if (clean.code !== 0) throw new Error(`the clean run ended ${clean.code}:\n${clean.stdout}${clean.stderr}`);
  const again = await workspace.run([...(growing.command ?? ['go']), '--output', 'json'], how);
  const last = again.events.at(-1);
  if (last?.event !== 'summary' || (growing.isFull ? last.pass : last.skip) !== 1)
    throw new Error(`the run after it was not a skip:\n${again.stdout}`);
  const unfinished = (await growing.fetch?.(workspace)) ?? [];
  if (unfinished.length > 0) throw new Error(`begun and never ended: ${unfinished.join(', ')}`);
  const [source, listed] = [growing.source(workspace), growing.listed(workspace)];
  const differing = await difference(growing.settled?.(workspace) ?? listed, source);
  if (differing > 0) throw new Error(`${differing} rows differ between source and destination`);
  const [shown, held] = [await count(`select count(*) as n from ${listed}`), await count(`select count(*) as n from ${source}`)];
  if (shown !== held) throw new Error(`a listing of the folder shows ${shown} rows, the source has ${held}: strays`);
  const left = [...workspace.tree('.').keys()].filter((path) =>
    /staging|\/plans\/|\/receipts\/|\/intents\/|\.hygge-(tmp|staged)-/.test(path),
  );
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
}

/** Two processes at once, again and again: one of them works, the other is told who holds it or finds nothing new. */
export async function raceRounds(
  workspace: TestWorkspace,
  races: number,
  growing: Growing = growingParquet,
): Promise<{ readonly held: number }> {
  const how = growing.env === undefined ? {} : { env: growing.env };
  let held = 0;
  let rows = 2_000;
  await growing.write(workspace, 0, rows);
  for (let round = 1; round <= races; round++) {
    const both = [1, 2].map(() => workspace.start(['go', '--output', 'json'], how));
    const ended = await Promise.all(both.map((running) => running.done));
    const codes = ended.map((run) => run.code).sort();
    held += codes.filter((code) => code === 3).length;
    if (codes.some((code) => code !== 0 && code !== 3) || !codes.includes(0)) {
      throw new Error(`race ${round} ended ${codes.join(' and ')}:\n${ended.map((run) => run.stdout + run.stderr).join('\n---\n')}`);
    }
    await lookAfter(workspace, growing, `race ${round}`);
    await growing.write(workspace, rows, rows + 1_000);
    rows += 1_000;
  }
  await settleAndCheck(workspace, growing);
  return { held };
}

/** The same numbers for the same seed: what failed can be run again. */
export { dice as seeded } from './sim/dice.ts';
