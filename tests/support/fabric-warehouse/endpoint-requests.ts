import { ApiError } from '../fabric-replicator/fabric-api.ts';

/** The body of a refresh as hygge sends it. */
export interface RefreshRequest {
  readonly timeout?: { readonly value: number; readonly timeUnit: string };
}

/** In seconds. "Duration" in common/definitions.json of https://github.com/microsoft/fabric-rest-api-specs. */
const units: Readonly<Record<string, number>> = { Seconds: 1, Minutes: 60, Hours: 3600, Days: 86_400 };

const invalid = (message: string) => new ApiError(400, 'InvalidRequest', message);

/**
 * Of the request body of https://learn.microsoft.com/rest/api/fabric/sqlendpoint/items/refresh-sql-endpoint-metadata the `timeout`, which is not required. A day is the
 * longest, by https://github.com/microsoft/semantic-link-labs/issues/870.
 * @throws ApiError with 400.
 */
export function refreshRequest(text: string, needsTimeout: boolean): RefreshRequest {
  const { timeout, ...others } = (text === '' ? {} : JSON.parse(text)) as RefreshRequest;
  if (Object.keys(others).length > 0) throw invalid('hygge sends nothing else.');
  if (timeout === undefined) {
    if (needsTimeout) throw invalid('timeout is required.');
    return {};
  }
  const seconds = timeout.value * (units[timeout.timeUnit] ?? Number.NaN);
  if (!(seconds > 0 && seconds <= 86_400)) throw invalid('timeout is not between 0 and 24 hours.');
  return { timeout };
}
