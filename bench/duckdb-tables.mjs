/** The rival: DuckDB in a process of its own, between parquet and a table of a file. `node duckdb-tables.mjs <from> <to> ordered|unordered into|out`. */
import { DuckDBInstance } from '@duckdb/node-api';

const [from, to, order, way] = process.argv.slice(2);
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const instance = await DuckDBInstance.create(way === 'into' ? to : from);
const connection = await instance.connect();
if (order === 'unordered') await connection.run('SET preserve_insertion_order = false');
if (way === 'into') {
  await connection.run(`CREATE TABLE rows AS FROM ${quoted(from)} LIMIT 0`);
  await connection.run(`INSERT INTO rows FROM ${quoted(from)}`);
} else await connection.run(`COPY rows TO ${quoted(to)} (FORMAT parquet)`);
connection.closeSync();
instance.closeSync();
