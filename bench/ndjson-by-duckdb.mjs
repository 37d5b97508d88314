/** The rival: DuckDB's COPY between NDJSON and parquet, in a process of its own. `node ndjson-by-duckdb.mjs <from> <to> ordered|unordered`. */
import { DuckDBInstance } from '@duckdb/node-api';

const [from, to, order] = process.argv.slice(2);
const format = to.endsWith('.parquet') ? 'parquet' : 'json';
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
if (order === 'unordered') await connection.run('SET preserve_insertion_order = false');
await connection.run(`COPY (FROM '${from.replaceAll("'", "''")}') TO '${to.replaceAll("'", "''")}' (FORMAT ${format})`);
connection.closeSync();
instance.closeSync();
