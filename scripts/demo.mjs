/**
 * `npm run demo`: a copy of examples/flights in demo/, moved by the real command line twice, then counted by DuckDB.
 * Exits with 1 when what settled is not what the source holds.
 */
import { spawn } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
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

  say();
  say('Every row has settled, once. What to try next, with bin/ of this clone on your path (export PATH="$PWD/bin:$PATH"):');
  say('  hygge status -C demo              what settled, and when');
  say('  hygge go -C demo --dry-run        what a run would do');
  say('  hygge go -C demo                  as often as you like: only what is new moves');
  say('  hygge init my-workspace           a workspace of your own');
  return 0;
}

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

function hygge(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'hygge.mjs'), ...args], { cwd: root, stdio: 'inherit' });
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
