/**
 * `npm run demo`: a copy of examples/flights in demo/, moved by the real command line twice, then counted by DuckDB.
 * Exits with 1 when what settled is not what the source holds.
 */
import { spawn } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { root } from './runtime.mjs';

const demo = join(root, 'demo');
const flights = join(root, 'node_modules', 'vega-datasets', 'data', 'flights-3m.parquet');
const flows = ['flights', 'archive'];

const say = (line = '') => process.stdout.write(`${line}\n`);
const number = (value) => value.toLocaleString('en-US');

async function main() {
  say('Welcome home. This is hygge: three million flights, two flows, and a lake of parquet files to settle into.');
  makeWorkspace();
  say(`Your workspace is demo/ (a copy of examples/flights).`);

  title('First run: everything moves', 'npx hygge go -C demo');
  const first = await hygge(['go', '-C', 'demo']);
  if (first !== 0) return stopped(first);

  title('Second run: nothing is new, so nothing moves', 'npx hygge go -C demo');
  const second = await hygge(['go', '-C', 'demo']);
  if (second !== 0) return stopped(second);

  title('What settled, counted by DuckDB');
  const differences = await compare();
  if (differences > 0) return 1;

  say();
  say('Every row is home, once. What to try next:');
  say('  npx hygge status -C demo              what settled, and when');
  say('  npx hygge go -C demo --dry-run        what a run would do');
  say('  npx hygge go -C demo                  as often as you like: only what is new moves');
  say('  npx hygge init my-workspace           a workspace of your own');
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

/** Prints rows of source and lake side by side; answers how many differ. */
async function compare() {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const source = await measure(connection, flights);
  line('source', relative(root, flights), source);
  let differences = 0;
  for (const flow of flows) {
    const settled = await measure(connection, join(demo, 'lake', flow, '*.parquet'));
    const same = settled.rows === source.rows && settled.hash === source.hash;
    if (!same) differences += 1;
    line(same ? '✓ same' : '✗ NOT the same', `demo/lake/${flow}`, settled);
  }
  connection.closeSync();
  instance.closeSync();
  return differences;
}

function line(verdict, place, { rows, files }) {
  const of = files === 1n ? '1 file' : `${number(files)} files`;
  say(`  ${verdict.padEnd(15)} ${number(rows).padStart(11)} rows in ${of.padEnd(8)} ${place}`);
}

/** Rows, files, and a sum of the hashes of all rows: equal for equal multisets of rows, in any order. */
async function measure(connection, glob) {
  const sql = `
    SELECT count(*) AS rows, count(DISTINCT filename) AS files, sum(hash(date, delay, distance, origin, destination)::HUGEINT)::VARCHAR AS hash
    FROM read_parquet('${glob.replaceAll("'", "''")}', filename = true)`;
  const [row] = (await connection.runAndReadAll(sql)).getRowObjects();
  return row;
}

process.exitCode = await main();
