import { DuckDBInstance } from '@duckdb/node-api';

/** For all single queries of a process: to make one takes ten times as long as most of them. It keeps nothing of the files that it read. */
let shared: Promise<DuckDBInstance> | undefined;

/** For tables of few rows. Of two threads one waits busily for the other, which takes a third of the processor time of such a test. */
export const threads = 1;

/** A DuckDB in memory, of one thread, that keeps nothing of the files that it reads. @param more other settings. */
export const duckInMemory = (more: Readonly<Record<string, string>> = {}): Promise<DuckDBInstance> =>
  DuckDBInstance.create(':memory:', { enable_external_file_cache: 'false', threads: String(threads), ...more });

function theShared(): Promise<DuckDBInstance> {
  shared ??= duckInMemory();
  return shared;
}

/**
 * Runs a query, or statements in a DuckDB of their own: the second reader (and the maker of files that hygge did not write). Rows of the last one.
 * A `set` before a query is for its connection alone.
 */
export async function duck(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const isAlone = statements.slice(0, -1).some((statement) => !statement.startsWith('set timezone'));
  const instance = await (isAlone ? duckInMemory() : theShared());
  const connection = await instance.connect();
  try {
    let rows: readonly Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowObjectsJson() as Record<string, unknown>[];
    return rows;
  } finally {
    connection.closeSync();
    if (isAlone) instance.closeSync();
  }
}

/** A whole number that a query answers under the name `n`. */
export async function count(query: string): Promise<number> {
  const [row] = await duck(query);
  return Number(row?.n);
}
