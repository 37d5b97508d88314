/** The rival: one statement in a DuckDB of a process of its own. `node duckdb-statement.mjs <statement>`. */
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run(process.argv[2]);
connection.closeSync();
instance.closeSync();
