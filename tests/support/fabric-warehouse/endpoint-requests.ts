import { ApiError } from '../fabric-replicator/fabric-api.ts';

/** The body of a refresh as clients sent it. */
export interface RefreshRequest {
  readonly timeout?: { readonly value: number; readonly timeUnit: string };
  readonly recreateTables?: boolean;
  readonly tables?: readonly { readonly schema: string; readonly tableNames: readonly string[] }[];
}

/** In seconds. "Duration" in common/definitions.json of https://github.com/microsoft/fabric-rest-api-specs. */
const units: Readonly<Record<string, number>> = { Seconds: 1, Minutes: 60, Hours: 3600, Days: 86_400 };

const invalid = (message: string) => new ApiError(400, 'InvalidRequest', message);

/**
 * The request body of https://learn.microsoft.com/rest/api/fabric/sqlendpoint/items/refresh-sql-endpoint-metadata has `timeout`, `recreateTables` and,
 * since August 2026, `tables`; no member is required. That other members are refused is the strictest reading: no page says so.
 * @throws ApiError with 400.
 */
export function refreshRequest(text: string, needsTimeout: boolean): RefreshRequest {
  const body = text === '' ? {} : parsed(text);
  const unknown = Object.keys(body).find((name) => !['timeout', 'recreateTables', 'tables'].includes(name));
  if (unknown !== undefined) throw invalid(`${unknown} is not a member of the request.`);
  const { timeout, recreateTables, tables } = body;
  if (timeout === undefined && needsTimeout) throw invalid('timeout is required.');
  if (timeout !== undefined) checkTimeout(timeout);
  if (recreateTables !== undefined && typeof recreateTables !== 'boolean') throw invalid('recreateTables is not a boolean.');
  if (tables !== undefined) checkTables(tables);
  return body;
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {}
  throw invalid('The body is not a JSON object.');
}

/** A day is the longest, by https://github.com/microsoft/semantic-link-labs/issues/870. */
function checkTimeout(timeout: unknown): void {
  const { value, timeUnit, ...others } = isObject(timeout) ? timeout : {};
  const seconds = units[String(timeUnit)];
  if (typeof value !== 'number' || seconds === undefined || Object.keys(others).length > 0) throw invalid('timeout is not a Duration.');
  if (value <= 0 || value * seconds > 86_400) throw invalid('timeout is not between 0 and 24 hours.');
}

/** The limits are those of the specification of August 2026 as https://github.com/iemejia/fabio/pull/99 lists them. */
function checkTables(tables: unknown): void {
  if (!Array.isArray(tables)) throw invalid('tables is not an array.');
  let count = 0;
  for (const one of tables as readonly unknown[]) {
    const { schema, tableNames, ...others } = isObject(one) ? one : {};
    if (!isName(schema) || /^(sys|information_schema)$/i.test(schema) || Object.keys(others).length > 0)
      throw invalid('tables has an invalid schema.');
    if (!Array.isArray(tableNames) || tableNames.length === 0 || !tableNames.every(isName)) throw invalid('tables has invalid tableNames.');
    count += tableNames.length;
  }
  if (count > 25) throw invalid('tables names more than 25 tables.');
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isName = (value: unknown): value is string => typeof value === 'string' && value.length >= 1 && value.length <= 128;
