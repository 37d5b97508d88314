import { mariadbDatabase } from '../support/mariadb.ts';
import { postgresDatabase } from '../support/postgres.ts';

type Keys = Readonly<Record<string, unknown>>;

/** A server with two accounts that have no right, whose names a script has to quote. */
export interface Place extends AsyncDisposable {
  readonly system: 'postgres' | 'mysql';
  /** Of a connection of each account, without its host. */
  readonly keys: Readonly<Record<'early' | 'late', Keys>>;
  readonly host: Keys;
  /** Begins the name of a table in a place that is not there. */
  readonly into: string;
  /** Of a store. */
  readonly schemas: string;
  /** Makes that place, and the table `from` with 100 rows. */
  readonly source: string;
  readonly from: string;
  /** As an administrator's client runs a file. */
  run(script: string): Promise<string>;
  rows(table: string): Promise<string>;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the config look like that
const secret = { password: '${LOADER_PASSWORD}' };
export const given = { LOADER_PASSWORD: 'p' };

/** What a script of rights for this place is called. */
export const scriptOf = ({ system, keys }: Place): string =>
  `out/by-hand/${system}-db-example-com-${String(keys.early.database).replaceAll('_', '-')}`;

export async function inPostgres(): Promise<Place> {
  const db = await postgresDatabase();
  const once = db.database.replaceAll('_', '');
  const users = { early: `early "${once}"`, late: `late'${once}` };
  const named = Object.values(users).map((user) => `"${user.replaceAll('"', '""')}"`);
  await db.sql('revoke all on schema public from public');
  for (const role of named) await db.sql(`create role ${role} login password 'p'`);
  const keys = (user: string) => ({ type: 'postgres', database: db.database, user, ...secret });
  return {
    system: 'postgres',
    keys: { early: keys(users.early), late: keys(users.late) },
    host: { host: db.host, port: db.port },
    ...{ from: 'erp.orders', into: '"the mart".', schemas: '' },
    source: `create schema erp; create schema "the mart";
    create table erp.orders (id bigint primary key, note text); insert into erp.orders select i, 'x' from generate_series(1, 100) i`,
    run: (script) => db.script(script),
    rows: async (table) => (await db.sql(`select count(*) as n from ${table}`))[0]?.n ?? '',
    async [Symbol.asyncDispose]() {
      for (const role of named) await db.sql(`drop owned by ${role} cascade; drop role ${role}`);
      await db[Symbol.asyncDispose]();
    },
  };
}

/** @param isOwn the connections are to the database that is not there. */
export async function inMariadb(isOwn = false): Promise<Place> {
  const db = await mariadbDatabase();
  const { database } = db;
  const once = database.slice(-8);
  const users = { early: `early '${once}`, late: `late \`${once}` };
  const accounts = Object.values(users).map((user) => `'${user.replaceAll("'", "''")}'@'%'`);
  for (const account of accounts) await db.sql(`create user ${account} identified by 'p'`);
  const { host, port, socket, ...others } = db.keys as Keys;
  const made = ['mart', 'stg', 'own'].map((end) => `${database}_${end}`);
  const [mart = '', staging, metadata] = made;
  const keys = (user: string) => ({ type: 'mysql', ...others, ...(isOwn && { database: mart }), user, ...secret });
  return {
    system: 'mysql',
    keys: { early: keys(users.early), late: keys(users.late) },
    host: socket === undefined ? { host, port } : { socket },
    ...{ from: 'orders', into: `${mart}.`, schemas: `, staging_schema: ${staging}, metadata_schema: ${metadata}` },
    source: `create database ${mart}; create table orders (id bigint primary key, note text); insert into orders select seq, 'x' from seq_1_to_100`,
    run: (script) => db.sql(script),
    rows: async (table) => (await db.sql(`select count(*) from ${table}`)).trim(),
    async [Symbol.asyncDispose]() {
      await db.sql([...accounts.map((one) => `drop user ${one}`), ...made.map((one) => `drop database if exists ${one}`)].join('; '));
      await db[Symbol.asyncDispose]();
    },
  };
}
