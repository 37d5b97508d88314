import { DuckDBInstance } from '@duckdb/node-api';

/** Runs statements in a DuckDB of their own: the second reader (and the maker of files that hygge did not write). Rows of the last one. */
export async function duck(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    let rows: readonly Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowObjectsJson() as Record<string, unknown>[];
    return rows;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A whole number that a query answers under the name `n`. */
export async function count(query: string): Promise<number> {
  const [row] = await duck(query);
  return Number(row?.n);
}
