/** A SELECT over settled rows: each entity is a view, `"flow"."entity"`, in a separate DuckDB in memory. */
import type { DuckDBConnection, Json as DuckDBJson, DuckDBValueConverter } from '@duckdb/node-api';
import { ConfigError } from '../../errors/hygge-error.ts';
import type { EntityQuery, EntityView, QueryAnswer } from '../../ports/answers/entity-query.ts';
import type { Json } from '../../ports/values.ts';
import { quoteName } from './dialect.ts';
import { databaseError, notInstalled, sentences } from './errors.ts';

/** Throws ConnectionError HYG-6570 if DuckDB is not installed, and ConfigError HYG-1946 if DuckDB refuses the query. */
export async function queryEntities(query: EntityQuery): Promise<QueryAnswer> {
  const { views, scratch } = query;
  const api = await import('@duckdb/node-api').catch((cause: unknown) => {
    throw notInstalled(cause);
  });
  const instance = await api.DuckDBInstance.create(':memory:', { temp_directory: scratch });
  const connection = await instance.connect();
  try {
    for (const statement of ["SET TimeZone = 'UTC'", ...views.flatMap(statementsOf)]) await connection.run(statement);
    return await answered(connection, query, api);
  } catch (error) {
    throw error instanceof ConfigError ? error : refused(error, views);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const nameOf = ({ flow, entity }: EntityView, more = ''): string => `${quoteName(flow)}.${quoteName(`${entity}${more}`)}`;

function statementsOf(view: EntityView): readonly string[] {
  const { flow, rows, latest } = view;
  const newest = latest && [
    `CREATE VIEW ${nameOf(view, '_latest')} AS SELECT * FROM ${nameOf(view)}`,
    `QUALIFY row_number() OVER (PARTITION BY ${latest.key.map(quoteName).join(', ')}`,
    `ORDER BY ${quoteName(latest.watermark)} DESC NULLS LAST) = 1`,
  ];
  return [
    `CREATE SCHEMA IF NOT EXISTS ${quoteName(flow)}`,
    `CREATE VIEW ${nameOf(view)} AS ${rows}`,
    ...(newest === null ? [] : [newest.join(' ')]),
  ];
}

/** Requests one row more than the user. If that row arrives, more rows follow. If a statement fails halfway, a streamed result ends without an error. So the result is not streamed. */
async function answered(
  connection: DuckDBConnection,
  { sql, most }: EntityQuery,
  api: typeof import('@duckdb/node-api'),
): Promise<QueryAnswer> {
  const statement = await connection.prepare(sql);
  const kinds = api.StatementType;
  if (statement.statementType !== kinds.SELECT && statement.statementType !== kinds.EXPLAIN) throw noSelect(kinds[statement.statementType]);
  const reader = most === null ? await statement.runAndReadAll() : await statement.runAndReadUntil(most + 1);
  const types = reader.columnTypes().map(String);
  // Converts a whole number to a JSON number if JSON can store it exactly, inside of lists and structs as well.
  const asJson: DuckDBValueConverter<DuckDBJson> = (value, type, within) =>
    typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : api.JsonDuckDBValueConverter(value, type, within);
  const rows = reader.convertRows(asJson) as readonly (readonly Json[])[];
  return {
    columns: reader.columnNames().map((name, at) => ({ name, type: types[at] ?? '' })),
    rows: most === null ? rows : rows.slice(0, most),
    hasMore: most !== null && rows.length > most,
  };
}

function noSelect(kind: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1946',
    what: `hygge query runs a SELECT, but this is another kind of statement: ${kind.replaceAll('_', ' ')}.`,
    why: ['hygge query reads settled rows, and writes nothing.'],
    tryThis: ['To write the answer to a file, add to hygge query: --output json > rows.ndjson'],
  });
}

function refused(error: unknown, views: readonly EntityView[]): ConfigError {
  const { message } = databaseError(error);
  return new ConfigError({
    code: 'HYG-1946',
    what: 'DuckDB refused the query.',
    why: sentences(message),
    tryThis: [
      `Tables of this query: ${views.map((view) => nameOf(view)).join(', ')}`,
      'See the columns of a table: hygge query with DESCRIBE and the name of the table',
    ],
    cause: error,
  });
}
