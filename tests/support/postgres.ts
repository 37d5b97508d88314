import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { inject } from 'vitest';
import { isMysql } from './mariadb.ts';
import type { PostgresAddress } from './postgres-process.ts';

/** Files of tests run once more against the other version, where vitest's config says so. */
const isEmbedded = process.env.HYGGE_POSTGRES === 'embedded';

/** Why tests with PostgreSQL are skipped; '' when they are not. */
export const noPostgres = (): string => (isMysql ? 'asked before' : inject('postgres')[isEmbedded ? 'embedded' : 'problem']);

/** Why those that ask psql or pg_dump are skipped. */
export const noPostgresTools = (): string => inject('postgres').tools;

/** The one PostgreSQL of this vitest run. */
export async function sharedPostgres(): Promise<PostgresAddress> {
  const answer = await fetch(`${inject('postgres').url}${isEmbedded ? 'embedded' : ''}`);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as PostgresAddress;
}

/** A database of its own, and a client of its superuser that is not hygge's. */
export interface TestDatabase extends PostgresAddress, AsyncDisposable {
  readonly database: string;
  /** Several statements, or one with values; rows of the last as texts. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Record<string, string | null>[]>;
  /** Another connection, to be ended by whoever asked; a role of it instead of the superuser. */
  client(of?: { readonly user: string; readonly password?: string }): Promise<pg.Client>;
  /** What psql says, as it prints it, without a heading: a second reader. */
  psql(...commands: readonly string[]): Promise<string>;
  /** Has psql read a file, with its defaults; what it prints to both of its streams. Rejects when psql ends with an error. */
  script(text: string): Promise<string>;
}

const asText = { getTypeParser: () => (value: string) => value };
let made = 0;

/** A database in a server of the tests; without one, in the one that all share. One that is there already stays as it is. */
export async function postgresDatabase(of?: PostgresAddress, existing?: string): Promise<TestDatabase> {
  const server = of ?? (await sharedPostgres());
  const { host, port, user, password } = server;
  const connect = async (more: pg.ClientConfig) => {
    const client = new pg.Client({ host, port, user, password, types: asText as unknown as pg.CustomTypesConfig, ...more });
    // Servers of tests end while clients are there.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const admin = await connect({ database: 'postgres' });
  const database = existing ?? `test_${process.pid}_${++made}`;
  if (existing === undefined) await admin.query(`create database "${database}"`);
  let connected: Promise<pg.Client> | undefined;
  // Servers of tests crash, and are there again.
  const connection = () => {
    const gone = () => {
      connected = undefined;
    };
    connected ??= connect({ database }).then((client) => client.on('end', gone));
    connected.catch(gone);
    return connected;
  };
  const sql: TestDatabase['sql'] = async (text, values) => {
    const client = await connection();
    const result = values === undefined ? await client.query(text) : await client.query(text, [...values]);
    const last = Array.isArray(result) ? result.at(-1) : result;
    return last?.rows ?? [];
  };
  const psqlTo = ['-X', '-q', '-h', host, '-p', String(port), '-U', user, '-d', database];
  const env = { ...process.env, PGPASSWORD: password };
  return {
    ...server,
    database,
    sql,
    client: (who) => connect({ database, ...who }),
    async psql(...commands) {
      const psql = promisify(execFile);
      const to = [...psqlTo, '-A', '-t', ...commands.flatMap((command) => ['-c', command])];
      return (await psql(join(server.programs, 'psql'), to, { env, maxBuffer: 1 << 30 })).stdout;
    },
    async script(text) {
      const file = join(mkdtempSync(join(tmpdir(), 'hygge-psql-')), 'script.sql');
      writeFileSync(file, text);
      try {
        const { stdout, stderr } = await promisify(execFile)(join(server.programs, 'psql'), [...psqlTo, '-f', file], { env });
        return `${stdout}${stderr}`;
      } finally {
        rmSync(dirname(file), { recursive: true, force: true });
      }
    },
    async [Symbol.asyncDispose]() {
      await (await connected?.catch(() => undefined))?.end().catch(() => undefined);
      if (existing === undefined) await admin.query(`drop database if exists "${database}" with (force)`).catch(() => undefined);
      await admin.end().catch(() => undefined);
    },
  };
}

export const pgLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Looks all the while how many connections the server has of a role. */
export async function countConnections(db: TestDatabase, role: string) {
  const client = await db.client();
  let [most, looks, isOver] = [0, 0, false];
  const counting = (async () => {
    for (; !isOver; looks++) {
      const { rows } = await client.query(
        `select count(*) as n from pg_stat_activity where usename = $1 and backend_type = 'client backend'`,
        [role],
      );
      most = Math.max(most, Number(rows[0]?.n));
      await wait(15);
    }
    await client.end();
  })();
  const end = async () => {
    isOver = true;
    await counting;
    return { most, looks };
  };
  return { end, [Symbol.asyncDispose]: async () => void (await end()) };
}

/** How often somebody has signed in to the database, as the server counts those that are over. */
export async function signIns({ sql, database }: Pick<TestDatabase, 'sql' | 'database'>): Promise<number> {
  const [row] = await sql(`select sessions from pg_stat_database where datname = $1`, [database]);
  return Number(row?.sessions);
}
