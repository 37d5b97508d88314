/**
 * The files in which Fabric's replicator reports its state in OneLake, next to the landing zone of a mirrored database. These files are not documented: Microsoft's
 * own client of landing zones (github.com/microsoft/fabric-toolbox, OpenMirroringPythonSDK) reads their names, the list `tables`, and the names of schema and table
 * in it. The other fields are assumed to be the same as in the REST API. A file without these fields is ignored.
 */
import { textIn } from '../json/json-requests.ts';
import { type Replication, tableIn } from './fabric-api.ts';

/** Paths below `Files`. */
export const monitoringFiles = { database: 'Monitoring/replicator.json', tables: 'Monitoring/tables.json' } as const;

/** The state of the replication according to the files; undefined: the files do not show the state. */
export function monitoredReplication(database: Uint8Array, tables: Uint8Array): Replication | undefined {
  const told = parsed(database);
  const listed = (parsed(tables) as { readonly tables?: unknown } | undefined)?.tables;
  const status = textIn(told, 'status');
  if (status === undefined || !Array.isArray(listed)) return undefined;
  const found = listed.map(tableIn);
  if (found.some((one) => one.table === '' || one.status === 'unknown')) return undefined;
  return { status, error: textIn(told, 'error', 'message') ?? null, tables: found };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
