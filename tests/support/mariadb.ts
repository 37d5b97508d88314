import { hash, randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { expect, inject } from 'vitest';
import { mariadbClients } from './mariadb-client.ts';
import { recursion } from './mariadb-offer.ts';
import { type MariadbAddress, type OwnMariadb, ownMariadbProblem, ownMysqlProblem, startMariadb, startMysql } from './mariadb-process.ts';
import { SEED } from './samples.ts';

/** Files of tests run once more against MySQL's own server, where vitest's config says so. */
export const isMysql = process.env.HYGGE_MYSQL === 'mysql';

/** First of a sample on each of the two servers: what the one leaves out the other has. */
export const firstOfServer = isMysql ? SEED + 1 : SEED;

/** Of engines that a file of tests asks, or of cases that begin with one, those of this run: where MySQL's own server stands in MariaDB's place, it alone. */
export const asked = <T>(all: readonly T[]): readonly T[] => (isMysql ? all.filter((one) => /^(MariaDB|mysql)$/.test(engineOf(one))) : all);

function engineOf(one: unknown): string {
  if (typeof one === 'string') return one;
  if (Array.isArray(one)) return engineOf(one[0]);
  const { name, kind } = one as { readonly name?: string; readonly kind?: { readonly name: string } };
  return name ?? kind?.name ?? '';
}

/** Why tests with MariaDB, or with MySQL in its place, are skipped; '' when they are not. */
export const noMariadb = (): string => inject('mariadb')[isMysql ? 'mysql' : 'problem'];

/** Why no server can be started for one test. */
export const noOwnMariadb = (): string => (isMysql ? ownMysqlProblem() : ownMariadbProblem());

/** A server for one test. */
export const ownMariadb = (options: readonly string[] = []): Promise<OwnMariadb> =>
  isMysql ? startMysql([...keysRequired(), ...recursion, ...options]) : startMariadb(options);

/** Half of the files meet a MySQL that takes no table without a primary key, by their names: each of the two kinds of server is met in each run. */
export function needsKeys(): boolean {
  if (!isMysql) return false;
  const name = basename(expect.getState().testPath ?? '');
  return Number.parseInt(hash('sha256', name).slice(0, 6), 16) % 2 === 1;
}

const keysRequired = (): readonly string[] => (needsKeys() ? ['--sql-require-primary-key=ON'] : []);

/** The one MariaDB of this vitest run, or the MySQL in its place. */
export async function sharedMariadb(): Promise<MariadbAddress> {
  const path = !isMysql ? '' : keysRequired().length === 0 ? 'mysql' : 'mysql-with-keys';
  const answer = await fetch(`${inject('mariadb').url}${path}`);
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as MariadbAddress;
}

interface Who {
  readonly user: string;
  readonly password: string;
}

/** A database of its own, an account that may do there what docs/mysql.md asks for and nothing more, and the server's own client, which is not hygge's. */
export interface TestDatabase extends MariadbAddress, AsyncDisposable {
  readonly database: string;
  /** What the client prints of these statements, by the administrator: tabs between columns, a line a row, no heading. */
  sql(text: string, as?: Who): Promise<string>;
}

/** What docs/mysql.md asks for, to read and to write. */
const rights = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP, CREATE TEMPORARY TABLES, TRIGGER';
let made = 0;

/** A database in a server of the tests; without one, in the one that all share. */
export async function mariadbDatabase(of?: MariadbAddress): Promise<TestDatabase> {
  const server = of ?? (await sharedMariadb());
  const database = `test_${process.pid}_${++made}`;
  const admin: Who = { user: server.user, password: server.password };
  // With TLS the client reads all the authorities of the machine, each time: that takes six times as long as all the rest.
  const [program = '', ...way] = server.client ?? [
    'mysql',
    '--no-defaults',
    '--protocol=tcp',
    `--host=${server.host}`,
    `--port=${server.port}`,
  ];
  // A server of one test is stopped and killed, with the sessions of those who wait.
  const clients = mariadbClients(program, way, {
    stays: of === undefined && server.client !== undefined,
    more: isMysql ? ['--commands'] : [],
  });
  const ask = (text: string, at: string, { user, password } = admin): Promise<string> => {
    // Tables of people who had none before the server asked for a key.
    const free = isMysql && user === admin.user ? ['--init-command=SET SESSION sql_require_primary_key = OFF'] : [];
    const account = [`--user=${user}`, `--password=${password}`, '--default-character-set=utf8mb4', ...free];
    return clients.ask(isMysql ? asMysql(text) : text, { database: at, account });
  };
  const who: Who = { user: database, password: randomBytes(12).toString('hex') };
  const schemas = [database, `${database}_stg`, `${database}_own`, 'hygge_staging', 'hygge_metadata'];
  const given = [...schemas.map((name) => `GRANT ${rights} ON \`${name}\`.* TO ${who.user}`), `GRANT PROCESS ON *.* TO ${who.user}`];
  await ask(
    `CREATE DATABASE ${database} CHARACTER SET utf8mb4; CREATE USER ${who.user} IDENTIFIED BY '${who.password}'; ${given.join('; ')}`,
    'mysql',
  );
  return {
    ...{ ...server, ...who },
    ...{ database, keys: { ...server.keys, ...who, database } },
    sql: (text, as) => ask(text, database, as),
    [Symbol.asyncDispose]: async () => {
      await ask(`DROP DATABASE ${database}; DROP USER ${who.user}`, 'mysql').catch(() => '');
      await clients[Symbol.asyncDispose]();
    },
  };
}

/** The statement that lets an account have a role from its sign-in on. */
export const defaultRole = (role: string, account: string): string => `set default role ${role} ${isMysql ? 'to' : 'for'} ${account}`;

/** What MariaDB alone has: `seq_1_to_100` is an engine of it, where a letter behind is another name, a table or an account can be made in place of one that is there, and a setting be that of one statement. */
function asMysql(text: string): string {
  return text
    .replace(/\bcreate or replace (table|user) (\S+)/gi, 'drop $1 if exists $2; create $1 $2')
    .replace(/\bset statement (.*?) for (.*)/gi, 'set $1; $2')
    .replace('max_recursive_iterations', 'cte_max_recursion_depth')
    .replace(/\bseq_(\d+)_to_(\d+)\b(\s+[a-z]\b)?/gi, (name, from: string, to: string, alias?: string) => {
      const numbers = `(with recursive n (seq) as (select ${from} union all select seq + 1 from n where seq < ${to}) select seq from n)`;
      return `${numbers} as ${alias ?? name}`;
    });
}
