/**
 * `npm run demo`: a copy of examples/flights in demo/, moved by the real command line twice, then counted by DuckDB; some of it under a contract; and
 * some of it into tables of DuckDB, SQLite and PostgreSQL.
 * Exits with 1 when what settled is not what the source holds.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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

/** What continues from the lake into tables. */
const entities = ['birdstrikes', 'zipcodes'];
const lakeOf = (entity) => `read_parquet(${quoted(join(demo, 'lake', 'tables', entity, '*.parquet'))})`;

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

  const judged = await underContract();
  if (judged !== 0) return stopped(judged);

  const tables = (await intoDuckdb()) || (await intoSqlite());
  if (tables !== 0) return tables;

  await using database = await postgresAtHand();
  if (database === undefined) {
    say();
    say(
      'There is no PostgreSQL at hand (apt-get install postgresql, or PGHOST and PGDATABASE of one on this machine): the part with a server is left out.',
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

/** Rows that break a rule lie apart, and settle once the rule is corrected. It stays, and so does its flow. */
async function underContract() {
  const contract = (fastest) => `columns:
  flight_date: { type: date, min: 1990-01-01 }
  wildlife_size: { type: string, in: [Small, Medium, Large] }
  speed_ias_in_knots: { type: int64, max: ${fastest} }
complete: false
`;
  const path = join(demo, 'contracts', 'birdstrikes.yml');
  mkdirSync(join(demo, 'contracts'));
  mkdirSync(join(demo, 'flows', 'checked'));
  writeFileSync(path, contract(250));
  const flow = `home: "\${FLIGHTS}/{entity}.csv"
store: lake/checked
entities: [birdstrikes]
polish: { columns: { case: snake, remove_special: true } }
validation: { contract: contracts/birdstrikes.yml, mode: quarantine }
`;
  writeFileSync(join(demo, 'flows', 'checked', 'flow.yml'), flow);
  title('Birdstrikes under a contract: rows that break a rule lie apart', 'cat demo/contracts/birdstrikes.yml');
  say(contract(250).trimEnd());
  const first =
    (await shown(['go', '-C', 'demo', '-f', 'checked'])) ||
    (await shown(['quarantine', 'list', '-C', 'demo'])) ||
    (await shown(['quarantine', 'show', '-C', 'demo', 'checked.birdstrikes', '-n', '3']));
  if (first !== 0) return first;
  say();
  say('Aircraft do meet birds at 300 knots. The rule is corrected, and the rows settle:');
  writeFileSync(path, contract(400));
  return (
    (await shown(['quarantine', 'replay', '-C', 'demo', 'checked.birdstrikes'])) ||
    (await shown(['verify', '-C', 'demo', 'checked.birdstrikes']))
  );
}

function shown(args) {
  say();
  say(`$ hygge ${args.join(' ')}`);
  return hygge(args);
}

/** From the lake into a file with tables: it stays, and so does its flow. */
async function intoFile(type, text) {
  const flow = `home: { type: parquet, path: lake/tables }\nstore: { type: ${type}, path: lake/tables.${type} }\nentities: [${entities.join(', ')}]\n`;
  mkdirSync(join(demo, 'flows', type));
  writeFileSync(join(demo, 'flows', type, 'flow.yml'), flow);
  title(text, `cat demo/flows/${type}/flow.yml`);
  say(flow.trimEnd());
  say();
  say(`$ hygge go -C demo -f ${type}`);
  return hygge(['go', '-C', 'demo', '-f', type]);
}

async function intoSqlite() {
  const code = await intoFile('sqlite', 'And a file of SQLite');
  if (code !== 0) return stopped(code);
  title('What settled, as SQLite has it and as DuckDB reads the lake');
  const database = new DatabaseSync(join(demo, 'lake', 'tables.sqlite'), { readOnly: true });
  const differences = await compareTables({
    shown: (entity) => `demo/lake/tables.sqlite, ${entity}`,
    write: (entity, file) => writeFileSync(file, csvOf(database, entity)),
  });
  database.close();
  return differences > 0 ? 1 : 0;
}

/** With quotes around what is a text: what has none is null. */
function csvOf(database, table) {
  const select = database.prepare(`select * from "${table}"`);
  select.setReturnArrays(true);
  select.setReadBigInts(true);
  const cell = (value) => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`);
  const names = select.columns().map(({ name }) => name);
  return [names, ...select.all()].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

async function intoDuckdb() {
  const code = await intoFile('duckdb', 'Into tables: a file of DuckDB');
  if (code !== 0) return stopped(code);
  title('What settled, as DuckDB has it in the file and reads it from the lake');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`ATTACH ${quoted(join(demo, 'lake', 'tables.duckdb'))} AS tables (READ_ONLY)`);
  let differences = 0;
  for (const entity of entities)
    differences += await sideBySide(connection, {
      before: lakeOf(entity),
      after: `tables.main.${entity}`,
      shown: `demo/lake/tables/${entity} → demo/lake/tables.duckdb, ${entity}`,
    });
  connection.closeSync();
  instance.closeSync();
  return differences > 0 ? 1 : 0;
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
  const differences = await compareTables({
    shown: (entity) => `${demoSchema}.${entity}`,
    write: (entity, file) => database.copy(`${demoSchema}.${entity}`, file),
  });
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
entities: [${entities.join(', ')}]
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
    differences += await sideBySide(connection, {
      before: source,
      after: `read_parquet(${quoted(join(demo, 'lake', place))})`,
      shown: `${from.padEnd(18)} → demo/lake/${place}`,
    });
  }
  connection.closeSync();
  instance.closeSync();
  return differences;
}

/** The same of tables: they are written as CSV, and DuckDB reads that with the types of the lake. */
async function compareTables({ shown, write }) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  let differences = 0;
  for (const entity of entities) {
    const lake = lakeOf(entity);
    const columns = (await connection.runAndReadAll(`DESCRIBE FROM ${lake}`)).getRowObjects();
    const file = join(demo, `${entity}.csv`);
    await write(entity, file);
    const types = columns.map((column) => `${quoted(column.column_name)}: ${quoted(column.column_type)}`).join(', ');
    differences += await sideBySide(connection, {
      before: lake,
      after: `read_csv(${quoted(file)}, header = true, auto_detect = false, quote = '"', escape = '"', columns = {${types}})`,
      shown: `demo/lake/tables/${entity} → ${shown(entity)}`,
    });
    rmSync(file);
  }
  connection.closeSync();
  instance.closeSync();
  return differences;
}

/** Prints how many rows settled, and whether they are those that were to; answers 1 where they are not. */
async function sideBySide(connection, of) {
  const [before, after] = [await measure(connection, of.before), await measure(connection, of.after)];
  const same = after.rows === before.rows && after.hash === before.hash;
  say(`  ${same ? '✓ same' : '✗ NOT the same'}  ${number(after.rows).padStart(9)} rows  ${of.shown}`);
  return same ? 0 : 1;
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
