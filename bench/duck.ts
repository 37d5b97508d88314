import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

/** One statement in a DuckDB of its own; rows as records. */
export async function query(sql: string): Promise<readonly Readonly<Record<string, DuckDBValue>>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjects();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A text literal. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * What a set of parquet files holds, whatever the order of its rows: per column its type, nulls and a sum of hashes.
 * Equal fingerprints mean equal multisets of values per column.
 */
export async function fingerprint(glob: string): Promise<Readonly<Record<string, string>>> {
  const files = `read_parquet(${quoted(glob)})`;
  const columns = await query(`DESCRIBE SELECT * FROM ${files}`);
  const parts = columns.flatMap(({ column_name: name }, index) => {
    const column = `"${String(name).replaceAll('"', '""')}"`;
    return [`sum(hash(${column})::HUGEINT)::VARCHAR AS h${index}`, `(count(*) - count(${column}))::VARCHAR AS n${index}`];
  });
  const [row] = await query(`SELECT count(*)::VARCHAR AS total, ${parts.join(', ')} FROM ${files}`);
  const perColumn = columns.map(({ column_name: name, column_type: type }, index) => [
    String(name),
    `${type}, ${row?.[`n${index}`]} nulls, ${row?.[`h${index}`]}`,
  ]);
  return { rows: String(row?.total), ...Object.fromEntries(perColumn) };
}
