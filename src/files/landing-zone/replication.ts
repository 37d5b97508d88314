/** Whether Fabric has applied what settled. Its status tells of tables and not of files, so the taken files and the counted rows are looked at as well. */
import type { Replication } from '../../engine/contracts/store.ts';
import { count, counted } from '../../errors/as-argument.ts';
import { retry } from '../../ports/retry.ts';
import type { Replication as DatabaseReplication, TableReplication } from '../../remote/fabric/fabric-api.ts';
import type { FilesHead } from '../store/head/head-log.ts';
import { isTaken, type LandingTable } from './numbers.ts';

/** States in which the mirrored database goes on by itself. */
const coming: ReadonlySet<string> = new Set(['Initializing', 'Initialized', 'Starting']);
/** And a table. */
const working: ReadonlySet<string> = new Set(['Initialized', 'Snapshotting', 'Replicating', 'Reseeding']);

export interface TableName {
  readonly schema: string | null;
  readonly table: string;
}

/** @param database what Fabric tells of it. @param head the one whose rows are asked for. */
export async function replicationOf(
  database: DatabaseReplication,
  { name, folder, head }: { readonly name: TableName; readonly folder: LandingTable; readonly head: FilesHead },
): Promise<Replication> {
  if (head.rows === 0 && head.files.length === 0) return { state: 'replicated', said: null };
  const { status, error, tables } = database;
  if (status !== 'Running')
    return { state: coming.has(status) ? 'waiting' : 'stopped', said: `the mirrored database is ${status}${reason(error)}` };
  const table = tables.find((one) => isTable(one, name));
  if (table === undefined) return { state: 'waiting', said: 'Fabric has not made the table yet' };
  if (!working.has(table.status) || table.error !== null)
    return { state: 'stopped', said: `the table is ${table.status}${reason(table.error)}` };
  if (table.status === 'Replicating' && ((await lastIsTaken(folder, head)) || hasAllRows(table, head)))
    return { state: 'replicated', said: null };
  return { state: 'waiting', said: `the table is ${table.status}, and ${progress(table, head)}` };
}

/** Whether the mirrored database, in this state, goes on by itself to one in which it replicates. */
export const isComing = (status: string): boolean => coming.has(status);

/** Fabric takes files in order, so the last one stands for all. */
async function lastIsTaken(folder: LandingTable, { nextNumber }: FilesHead): Promise<boolean> {
  return nextNumber !== undefined && nextNumber > 1 && (await retry(() => isTaken(folder, nextNumber - 1)));
}

/** The last file of a table stays where it is after it was taken. The rows tell, if hygge has published all of the table's files. */
function hasAllRows({ processedRows }: TableReplication, head: FilesHead): boolean {
  return head.firstNumber === 1 && processedRows !== null && processedRows >= publishedRows(head);
}

/** Fabric counts each row that it applied, deletions as well. */
const publishedRows = ({ rows, deletedRows = 0 }: FilesHead): number => rows + deletedRows;

function progress({ processedRows }: TableReplication, head: FilesHead): string {
  if (processedRows === null || head.firstNumber !== 1) return 'the last file is not taken yet';
  return `${count(processedRows)} of ${counted(publishedRows(head), 'row')} are applied`;
}

const reason = (error: string | null) => (error === null ? '' : `: ${error.replace(/\.$/, '')}`);

/** No page says whether Fabric names the default schema of a table whose folder has none: either is taken for the table. */
const defaultSchema = 'dbo';

export function isTable(one: TableReplication, { schema, table }: TableName): boolean {
  const theirs = (one.schema ?? '').toLowerCase();
  const isIn = schema === null ? theirs === '' || theirs === defaultSchema : theirs === schema.toLowerCase();
  return isIn && one.table.toLowerCase() === table.toLowerCase();
}
