import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mariadbProblem, startMariadb } from '../../tests/support/mariadb-process.ts';
import { postgresToolsProblem, startPostgres } from '../../tests/support/postgres-process.ts';
import { query, quoted } from '../duck.ts';

/** A database to read from and write to, with the program that comes with it. */
export interface Client extends AsyncDisposable {
  readonly name: string;
  /** How hygge comes to a table. */
  keysOf(table: string): Readonly<Record<string, unknown>>;
  readonly program: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of the program for these statements. */
  ask(...statements: readonly string[]): readonly string[];
  /**
   * Makes the tables `rows`, with what a parquet file of the bench holds, and `other`, empty; and files of it for the program to load, which are called as `prefix`
   * says.
   */
  load(parquet: string, prefix: string): Promise<void>;
  /** Empties `other`, and forgets what hygge settled. */
  clear(): Promise<void>;
  /** Equal for equal multisets of rows. */
  sum(table: string): Promise<string>;
}

/** What a machine may have. */
export interface Program {
  /** Why it has not, and what to do; '': it has. */
  absent(): string;
  start(): Promise<Client>;
}

const columns = ['id', 'ts', 'amount', 'price', 'qty', 'flag', 'code', 'name', 'day', 'note'] as const;
const numberedFlag = columns.map((name) => (name === 'flag' ? 'flag::INTEGER' : name)).join(', ');
const run = promisify(execFile);

async function written(parquet: string, path: string, options: string, select: string = columns.join(', ')): Promise<void> {
  if (!existsSync(path))
    await query(`COPY (SELECT ${select} FROM ${quoted(parquet)}) TO ${quoted(path)} (FORMAT csv, HEADER false, ${options})`);
}

export const postgres: Program = { absent: postgresToolsProblem, start: startedPostgres };
export const mariadb: Program = { absent: mariadbProblem, start: startedMariadb };
export const sqlite: Program = {
  absent: () => (spawnSync('sqlite3', ['-version']).error ? 'without sqlite3: apt-get install sqlite3' : ''),
  start: newFiles,
};

async function startedPostgres(): Promise<Client> {
  const server = await startPostgres({ conf: ['shared_buffers = 512MB', 'max_wal_size = 16GB', 'checkpoint_timeout = 1h'] });
  const { host, port, user, password } = server;
  const [program, database] = [join(server.programs, 'psql'), 'postgres'];
  const env = { PGPASSWORD: password };
  const ask = (...statements: readonly string[]) => [
    ...['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-h', host, '-p', String(port), '-U', user, '-d', database],
    ...statements.flatMap((statement) => ['-c', statement]),
  ];
  const said = async (...statements: readonly string[]) =>
    (await run(program, [...ask(...statements)], { env: { ...process.env, ...env } })).stdout.trim();
  const types = `id bigint, ts timestamp, amount numeric(18, 4), price double precision, qty integer, flag boolean, code text, name text, day date, note text`;
  return {
    ...{ name: 'PostgreSQL', program, env, ask },
    keysOf: (table) => ({ type: 'postgres', host, port, user, password, database, tls: 'disable', table }),
    async load(parquet, prefix) {
      const [csv, binary] = [`${prefix}rows.csv`, `${prefix}rows.bin`];
      await written(parquet, csv, "NULLSTR ''");
      await said(
        `create table rows (${types})`,
        'create table other (like rows)',
        `\\copy rows from ${quoted(csv)} (format csv)`,
        'vacuum analyze rows',
      );
      await said(`\\copy rows to ${quoted(binary)} (format binary)`);
    },
    async clear() {
      await said(
        'truncate other',
        'drop table if exists settled',
        'drop schema if exists hygge_staging, hygge_metadata cascade',
        'checkpoint',
      );
    },
    sum: (table) => said(`select count(*), sum(hashtextextended(t::text, 0)) from (select ${columns.join(', ')} from ${table}) t`),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startedMariadb(): Promise<Client> {
  const server = await startMariadb(['--innodb-buffer-pool-size=1G', '--innodb-log-file-size=2G']);
  const { port, user, password } = server;
  const [program, database, host] = ['/usr/bin/mariadb', 'bench', '127.0.0.1'];
  const env = { MYSQL_PWD: password };
  const ask = (...statements: readonly string[]) => [
    ...['--no-defaults', '-q', '-N', '--local-infile=1', '-h', host, '-P', String(port), '-u', user],
    ...['-e', `use ${database}; ${statements.join('; ')}`],
  ];
  const outright = (sql: string) =>
    run(program, ['--no-defaults', '-N', '-h', host, '-P', String(port), '-u', user, '-e', sql], { env: { ...process.env, ...env } });
  const types = `id bigint, ts datetime(6), amount decimal(18, 4), price double, qty int, flag tinyint(1), code varchar(255), name varchar(255), day date, note varchar(255)`;
  return {
    ...{ name: 'MariaDB', program, env, ask },
    keysOf: (table) => ({ type: 'mysql', host, port, user, password, database, tls: 'disable', table }),
    async load(parquet, prefix) {
      await written(parquet, `${prefix}rows.tsv`, "DELIMITER '\t', QUOTE '', NULLSTR '\\N'", numberedFlag);
      await outright(
        `create database ${database}; use ${database}; create table \`rows\` (${types}) character set utf8mb4; create table other like \`rows\``,
      );
      await run(program, [...ask(`load data local infile ${quoted(`${prefix}rows.tsv`)} into table \`rows\``)], {
        env: { ...process.env, ...env },
      });
    },
    async clear() {
      await outright(
        `truncate ${database}.other; drop table if exists ${database}.settled; drop database if exists hygge_staging; drop database if exists hygge_metadata`,
      );
    },
    async sum(table) {
      const each = columns.map((name) => `coalesce(${name}, 'none')`).join(', ');
      return (await outright(`select count(*), sum(crc32(concat_ws('|', ${each}))) from ${database}.\`${table}\``)).stdout.trim();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function newFiles(): Promise<Client> {
  const [program, folder] = ['sqlite3', await mkdtemp(join(tmpdir(), 'hygge-bench-sqlite-'))];
  // A file for each table: what one side wrote, the other doesn't find.
  const fileOf = (table: string): string => join(folder, `${table}.db`);
  const ask = (...statements: readonly string[]) => [
    fileOf(statements.some((one) => one.endsWith(' other')) ? 'other' : 'rows'),
    ...statements,
  ];
  const said = async (table: string, ...statements: readonly string[]) =>
    (await run(program, [fileOf(table), ...statements])).stdout.trim();
  const types =
    'id integer, ts datetime, amount decimal(18, 4), price real, qty integer, flag boolean, code text, name text, day date, note text';
  return {
    ...{ name: 'SQLite', program, ask },
    keysOf: (table) => ({ type: 'sqlite', path: fileOf(table), table }),
    async load(parquet, prefix) {
      const csv = `${prefix}rows.csv`;
      await written(parquet, csv, "NULLSTR ''", numberedFlag);
      const loads = ['.mode csv', `.import ${quoted(csv)} rows`, "update rows set note = null where note = ''"];
      await said('rows', `create table rows (${types})`, ...loads);
    },
    async clear() {
      for (const table of ['other', 'settled']) for (const end of ['', '-wal', '-shm']) await rm(fileOf(table) + end, { force: true });
      await said('other', `create table other (${types})`);
    },
    sum: (table) =>
      said(table, `select count(*), total(id), total(qty), total(price), sum(length(name)), sum(length(note)), sum(flag) from ${table}`),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
