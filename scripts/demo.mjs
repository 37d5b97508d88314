/**
 * `npm run demo`: a copy of examples/flights in demo/, moved by the real command line twice, then counted by DuckDB; and some of it into PostgreSQL.
 * Exits with 1 when what settled is not what the source holds.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { demoSchema, postgresAtHand } from './demo-postgres.mjs';
import { root } from './runtime.mjs';

const demo = join(root, 'demo');
const data = join(root, 'node_modules', 'vega-datasets', 'data');
const quoted = (path) => `'${path.replaceAll("'", "''")}'`;
const flights = `read_parquet(${quoted(join(data, 'flights-3m.parquet'))})`;
const csv = (name) => `read_csv(${quoted(join(data, name))}, all_varchar = true)`;

/** What settled, and the same rows as DuckDB reads them from the source by itself. */
const settled = [
  { place: 'flights/*.parquet', source: flights, from: 'flights-3m.parquet' },
  { place: 'archive/*.parquet', source: flights, from: 'flights-3m.parquet' },
  { place: 'tables/birdstrikes/*.parquet', source: csv('birdstrikes.csv'), from: 'birdstrikes.csv' },
  { place: 'tables/zipcodes/*.parquet', source: csv('zipcodes.csv'), from: 'zipcodes.csv' },
  {
    place: 'documents/flights-200k/*.parquet',
    source: `read_json(${quoted(join(data, 'flights-200k.json'))})`,
    from: 'flights-200k.json',
  },
  { place: 'documents/movies/*.parquet', source: objects('movies.json'), from: 'movies.json' },
];

const say = (line = '') => process.stdout.write(`${line}\n`);
const number = (value) => value.toLocaleString('en-US');

async function main() {
  say('Welcome home. This is hygge: three million flights, some CSV and JSON, and a lake of parquet files to settle into.');
  makeWorkspace();
  say(`Your workspace is demo/ (a copy of examples/flights).`);

  title('First run: everything moves', 'hygge go -C demo');
  const first = await hygge(['go', '-C', 'demo']);
  if (first !== 0) return stopped(first);

  title('Second run: nothing is new, so nothing moves', 'hygge go -C demo -f flights,archive');
  const second = await hygge(['go', '-C', 'demo', '-f', 'flights,archive']);
  if (second !== 0) return stopped(second);

  title('What settled, counted by DuckDB');
  const differences = await compare();
  if (differences > 0) return 1;

  await using database = await postgresAtHand();
  if (database === undefined) {
    say();
    say(
      'There is no PostgreSQL at hand (apt-get install postgresql, or PGHOST and PGDATABASE of one on this machine): the part with a database is left out.',
    );
  } else {
    const last = await intoPostgres(database);
    if (last !== 0) return last;
  }

  say();
  say('Every row has settled, once. What to try next, with bin/ of this clone on your path (export PATH="$PWD/bin:$PATH"):');
  say('  hygge status -C demo              what settled, and when');
  say('  hygge go -C demo --dry-run        what a run would do');
  say('  hygge go -C demo                  as often as you like: only what is new moves');
  say('  hygge init my-workspace           a workspace of your own');
  return 0;
}

/** From the lake into tables, and a look at what the server has. The password is in PGPASSWORD. */
async function intoPostgres(database) {
  mkdirSync(join(demo, 'flows', 'warehouse'));
  writeFileSync(join(demo, 'flows', 'warehouse', 'flow.yml'), warehouse(database));
  title(`And a database: ${database.what}`, 'cat demo/flows/warehouse/flow.yml');
  say(warehouse(database).trimEnd());
  say();
  say('$ hygge go -C demo -f warehouse');
  const code = await hygge(['go', '-C', 'demo', '-f', 'warehouse'], database.env);
  if (code !== 0) return stopped(code);
  title('What settled, as PostgreSQL has it and as DuckDB reads the lake');
  const differences = await compareTables(database);
  // What is suggested next has to work when that server is gone.
  if (database.isOurs) rmSync(join(demo, 'flows', 'warehouse'), { recursive: true });
  say(
    database.isOurs
      ? 'That server ends now, and its flow with it.'
      : `It stays there: drop schema ${demoSchema} cascade, when you have seen it.`,
  );
  return differences > 0 ? 1 : 0;
}

const warehouse = ({ host, port, database, user }) =>
  `home: { type: parquet, path: lake/tables }
store:
  type: postgres
  host: ${host}
  port: ${port}
  database: ${database}
  user: ${user}
  table: "${demoSchema}.{entity}"
  staging_schema: ${demoSchema}
  metadata_schema: ${demoSchema}
entities: [birdstrikes, zipcodes]
`;

/** From scratch every time, so that the first run has everything to do. */
function makeWorkspace() {
  rmSync(demo, { recursive: true, force: true });
  cpSync(join(root, 'examples', 'flights'), demo, { recursive: true, filter: (path) => !/[\\/](\.hygge|lake|README\.md)$/.test(path) });
  writeFileSync(join(demo, '.env'), 'FLIGHTS=../node_modules/vega-datasets/data\n');
}

function title(text, command) {
  say();
  say(text);
  say('─'.repeat(text.length));
  if (command !== undefined) say(`$ ${command}`);
}

function hygge(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'hygge.mjs'), ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function stopped(code) {
  say();
  say(`hygge ended with exit code ${code}; the lines above say why.`);
  return code;
}

/** A JSON array of objects with every value as text, as it is written there; but 7 and 7.0 are one rating. */
function objects(name) {
  const texts = ['Title', 'US Gross', 'Worldwide Gross', 'US DVD Sales', 'Production Budget', 'Release Date', 'MPAA Rating'];
  const more = ['Running Time min', 'Distributor', 'Source', 'Major Genre', 'Creative Type', 'Director', 'Rotten Tomatoes Rating'];
  const columns = [...texts, ...more].map((key) => `${quoted(key)}: 'VARCHAR'`);
  return `read_json(${quoted(join(data, name))}, columns = {${columns.join(', ')}, 'IMDB Rating': 'DOUBLE', 'IMDB Votes': 'VARCHAR'})`;
}

/** Prints rows of source and lake side by side; answers how many differ. */
async function compare() {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  let differences = 0;
  for (const { place, source, from } of settled) {
    const [before, after] = [
      await measure(connection, source),
      await measure(connection, `read_parquet(${quoted(join(demo, 'lake', place))})`),
    ];
    const same = after.rows === before.rows && after.hash === before.hash;
    if (!same) differences += 1;
    say(`  ${same ? '✓ same' : '✗ NOT the same'}  ${number(after.rows).padStart(9)} rows  ${from.padEnd(18)} → demo/lake/${place}`);
  }
  connection.closeSync();
  instance.closeSync();
  return differences;
}

/** The same of the tables: PostgreSQL writes them as CSV, and DuckDB reads that with the types of the lake. */
async function compareTables(database) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  let differences = 0;
  for (const entity of ['birdstrikes', 'zipcodes']) {
    const lake = `read_parquet(${quoted(join(demo, 'lake', 'tables', entity, '*.parquet'))})`;
    const columns = (await connection.runAndReadAll(`DESCRIBE FROM ${lake}`)).getRowObjects();
    const file = join(demo, `${entity}.csv`);
    await database.copy(`${demoSchema}.${entity}`, file);
    const types = columns.map((column) => `${quoted(column.column_name)}: ${quoted(column.column_type)}`).join(', ');
    const [before, after] = [
      await measure(connection, lake),
      await measure(
        connection,
        `read_csv(${quoted(file)}, header = true, auto_detect = false, quote = '"', escape = '"', columns = {${types}})`,
      ),
    ];
    rmSync(file);
    const same = after.rows === before.rows && after.hash === before.hash;
    if (!same) differences += 1;
    say(
      `  ${same ? '✓ same' : '✗ NOT the same'}  ${number(after.rows).padStart(9)} rows  demo/lake/tables/${entity} → ${demoSchema}.${entity}`,
    );
  }
  connection.closeSync();
  instance.closeSync();
  return differences;
}

/** Rows, and a sum of the hashes of all rows as text: equal for equal multisets of rows, in any order. Columns go by place: names are polished. */
async function measure(connection, relation) {
  const columns = (await connection.runAndReadAll(`DESCRIBE FROM ${relation}`))
    .getRowObjects()
    .map((row) => `"${row.column_name.replaceAll('"', '""')}"`);
  const row = columns.map((name) => `coalesce(${name}::VARCHAR, chr(0))`).join(` || chr(31) || `);
  const sql = `SELECT count(*) AS rows, sum(hash(${row})::HUGEINT)::VARCHAR AS hash FROM ${relation}`;
  return (await connection.runAndReadAll(sql)).getRowObjects()[0];
}

process.exitCode = await main();
