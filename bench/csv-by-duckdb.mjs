/** The rival: DuckDB's COPY in a process of its own. `node csv-by-duckdb.mjs <from> <to> ordered|unordered [columns]`; one of the two files is a CSV. */
import { DuckDBInstance } from '@duckdb/node-api';

const [from, to, order, columns] = process.argv.slice(2);
const text = (path) => `'${path.replaceAll("'", "''")}'`;
const source = from.endsWith('.csv') ? `read_csv(${text(from)}, columns = ${columns}, header = true)` : text(from);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
if (order === 'unordered') await connection.run('SET preserve_insertion_order = false');
await connection.run(`COPY (FROM ${source}) TO ${text(to)} (FORMAT ${to.endsWith('.csv') ? 'csv, HEADER' : 'parquet'})`);
connection.closeSync();
instance.closeSync();
