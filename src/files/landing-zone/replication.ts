/** Whether Fabric has applied what settled. Its status tells of tables and not of files, so the taken files and the counted rows are looked at as well. */
import type { Replication } from '../../engine/contracts/store.ts';
import { count, counted } from '../../errors/as-argument.ts';
import type { Replication as DatabaseReplication, TableReplication } from '../../remote/fabric/fabric-api.ts';
import type { FilesHead } from '../store/head/head-log.ts';
import type { LandedNumbers } from './numbers.ts';

/** States in which the mirrored database goes on by itself. */
const coming: ReadonlySet<string> = new Set(['Initializing', 'Initialized', 'Starting']);
/** And a table. */
const working: ReadonlySet<string> = new Set(['Initialized', 'Snapshotting', 'Replicating', 'Reseeding']);

export interface TableName {
  readonly schema: string | null;
  readonly table: string;
}

/** @param database what Fabric tells of it. @param landed what lies in the table's folder, listed after that. @param head the one whose rows are asked for. */
export function replicationOf(
  database: DatabaseReplication,
  { name, landed, head }: { readonly name: TableName; readonly landed: LandedNumbers; readonly head: FilesHead },
): Omit<Replication, 'askedAt'> {
  if (head.rows === 0 && head.files.length === 0) return { state: 'replicated', said: null };
  const { status, error, tables } = database;
  const table = status === 'Running' ? tables.find((one) => isTable(one, name)) : undefined;
  const behind = { files: filesWaiting(landed, head), rows: rowsWaiting(table, head) };
  if (status !== 'Running')
    return { state: coming.has(status) ? 'waiting' : 'stopped', said: `the mirrored database is ${status}${reason(error)}`, behind };
  if (table === undefined) return { state: 'waiting', said: 'Fabric has not made the table yet', behind };
  if (!working.has(table.status) || table.error !== null)
    return { state: 'stopped', said: `the table is ${table.status}${reason(table.error)}`, behind };
  if (table.status === 'Replicating' && (lastIsTaken(landed, head) || behind.rows === 0)) return { state: 'replicated', said: null };
  return { state: 'waiting', said: `the table is ${table.status}, and ${progress(table, head)}`, behind };
}

/** Whether the mirrored database, in this state, goes on by itself to one in which it replicates. */
export const isComing = (status: string): boolean => coming.has(status);

/** Fabric takes files in order, so the last one stands for all. */
function lastIsTaken({ taken }: LandedNumbers, { nextNumber }: FilesHead): boolean {
  return nextNumber !== undefined && nextNumber > 1 && taken.has(nextNumber - 1);
}

/** Fabric moves a file away some time after it applied it, and the last one of a table not at all: at most so many wait. */
function filesWaiting({ numbers, taken }: LandedNumbers, { nextNumber }: FilesHead): number | null {
  return nextNumber === undefined ? null : numbers.filter((number) => number < nextNumber && !taken.has(number)).length;
}

/** Null: Fabric does not tell, or other publishers' rows are among those that it counts. */
function rowsWaiting(table: TableReplication | undefined, head: FilesHead): number | null {
  if (head.firstNumber !== 1 || table === undefined || table.processedRows === null) return null;
  return Math.max(0, publishedRows(head) - table.processedRows);
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
