/**
 * A process with ClickHouse in it (npm's `chdb`): a native library may take its process down, and this one is not that of the tests. One line of JSON on stdin is a
 * query, one line on stdout is its answer: `{ id, sql, settings, to }` → `{ id }` once the rows are in the file `to` (parquet), or `{ id, problem }`.
 */
import { createInterface } from 'node:readline';
import { query } from 'chdb';

// It reads local files below its working folder only.
process.chdir('/');

const settings = [
  // A string is text in the parquet file, and a time has a zone.
  'output_format_parquet_string_as_string = 1',
  'output_format_parquet_datetime_as_uint32 = 0',
  "session_timezone = 'UTC'",
  // Files of a few rows: threads only cost.
  'max_threads = 1',
];

const answer = (given) => process.stdout.write(`${JSON.stringify(given)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { id, sql, settings: more = [], to } = JSON.parse(line);
  try {
    const how = `SETTINGS ${[...settings, ...more].join(', ')}`;
    if (to === undefined) answer({ id, text: query(`${sql} ${how}`, 'JSONEachRow') });
    else {
      // Not the bytes that a query answers: they lie in memory that the library may have given back by then.
      query(`INSERT INTO FUNCTION file('${to}', 'Parquet') ${sql} ${how}`);
      answer({ id });
    }
  } catch (error) {
    answer({ id, problem: error instanceof Error ? error.message : String(error) });
  }
}
