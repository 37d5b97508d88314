/** The PostgreSQL that the demo ends in: yours, where PGHOST and PGDATABASE say which; else one of its own, for as long as it lasts. */
import { createWriteStream } from 'node:fs';
import { userInfo } from 'node:os';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { to } from 'pg-copy-streams';
import { postgresProblem, startPostgres } from '../tests/support/postgres-process.ts';

/** All that the demo makes in a database is in it. */
export const demoSchema = 'hygge_demo';

const isHere = /^(localhost|127\.0\.0\.1|::1|\/.*)$/;

/** Undefined: there is none. */
export async function postgresAtHand() {
  const { PGHOST = '', PGPORT = '5432', PGDATABASE, PGUSER = userInfo().username } = process.env;
  // Nobody's server elsewhere is written to unasked.
  if (isHere.test(PGHOST) && PGDATABASE) return reached({ host: PGHOST, port: PGPORT, database: PGDATABASE, user: PGUSER }, {});
  if (postgresProblem() !== '') return undefined;
  const server = await startPostgres();
  const { host, port, user, password } = server;
  return reached({ host, port, database: 'postgres', user }, { PGPASSWORD: password }, server);
}

/** Begins with nothing of an earlier demo. */
async function reached(at, env, server) {
  const client = new pg.Client({ ...at, ...(env.PGPASSWORD && { password: env.PGPASSWORD }) });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`drop schema if exists ${demoSchema} cascade; create schema ${demoSchema}`);
  const { rows } = await client.query('show server_version');
  const version = rows[0].server_version.split(' ')[0];
  return {
    ...at,
    env,
    isOurs: server !== undefined,
    what: server ? `PostgreSQL ${version}, started for this demo` : `your PostgreSQL ${version} on ${at.host}, in the schema ${demoSchema}`,
    async copy(table, file) {
      await pipeline(client.query(to(`copy ${table} to stdout (format csv, header)`)), createWriteStream(file));
    },
    async [Symbol.asyncDispose]() {
      await client.end();
      await server?.[Symbol.asyncDispose]();
    },
  };
}
