/** Whether Fabric has applied the settled rows. Fabric’s status is about tables and not about files, so the applied files and the counted rows are also checked. */

import { count, counted } from '../../errors/as-argument.ts';
import type { EarlierReplication, Replication } from '../../ports/answers/replication.ts';
import { defined, type Instant, type Json } from '../../ports/values.ts';
import type { Replication as DatabaseReplication, TableReplication } from '../../remote/fabric/fabric-api.ts';
import type { FilesHead } from '../store/head/head-log.ts';
import type { LandedNumbers } from './numbers.ts';

/** States from which the mirrored database continues by itself. A database that is `Initialized` waits until a person starts it. */
const coming: ReadonlySet<string> = new Set(['Initializing', 'Starting']);
/** States from which a table continues by itself. */
const working: ReadonlySet<string> = new Set(['Initialized', 'Snapshotting', 'Replicating', 'Reseeding']);

export interface TableName {
  readonly schema: string | null;
  readonly table: string;
}

/** The mirrored database as Fabric reports it, and the files in the table’s folder, which were listed after the report. */
export interface FabricAnswer {
  readonly name: TableName;
  readonly database: DatabaseReplication;
  readonly landed: LandedNumbers;
  /** When the head moved, which is after its last file was published; undefined: unknown. */
  readonly publishedAt: Instant | undefined;
  /** See `missingBeforeWaiting`. */
  readonly missing?: number;
}

/** Fabric’s row count at a time when it had applied all published rows. Fabric does not document where the count starts, so only later increases are used. */
interface Baseline {
  /** The epoch of the commit. */
  readonly epoch: number;
  readonly counted: number;
  readonly published: number;
}

/** The figures of a head that show whether Fabric has applied its rows. */
export interface PublishedFigures
  extends Pick<FilesHead, 'epoch' | 'rows' | 'deletedRows' | 'firstNumber' | 'nextNumber' | 'anewEpoch' | 'publishedAt'> {
  readonly files: { readonly length: number };
}

/** See `Replica.figures`. */
export function figuresOf({ epoch, rows, files: { length }, ...head }: PublishedFigures): Json {
  const { deletedRows, firstNumber, nextNumber, anewEpoch, publishedAt } = head;
  return { epoch, rows, files: { length }, ...defined({ deletedRows, firstNumber, nextNumber, anewEpoch, publishedAt }) };
}

/** Whether Fabric has applied the rows of an earlier head, which another head has replaced. @param known see `Replica.of`. */
export function earlierReplication(
  answer: FabricAnswer,
  { earlier, head }: { readonly earlier: PublishedFigures; readonly head: PublishedFigures },
  known: Json,
): EarlierReplication {
  if (earlier.epoch < (head.anewEpoch ?? 0)) return 'recreated';
  const { state, said } = replicationOf({ ...answer, publishedAt: earlier.publishedAt }, earlier, known);
  return { state, said };
}

/** Whether Fabric has applied the rows of a head. @param head the head with these rows. @param known see `Replica.of`. */
export function replicationOf(
  { name, database, landed, publishedAt, missing }: FabricAnswer,
  head: PublishedFigures,
  known: Json,
): Omit<Replication, 'askedAt'> {
  const last = known as Baseline | null;
  // Fabric’s counts start when the table is created, so an older baseline is ignored.
  const baseline = last !== null && last.epoch >= (head.anewEpoch ?? 0) ? last : null;
  if (head.rows === 0 && head.files.length === 0) return { state: 'replicated', said: null, baseline: known };
  const { status, error, tables } = database;
  const table = status === 'Running' ? tables.find((one) => isTable(one, name)) : undefined;
  const behind = { files: filesWaiting(landed, head), rows: rowsWaiting(table, head) };
  const open = { behind, baseline: baseline as Json };
  if (status !== 'Running')
    return { state: coming.has(status) ? 'waiting' : 'stopped', said: `the mirrored database is ${status}${reason(error)}`, ...open };
  if (missing !== undefined)
    return { state: 'stopped', said: `Fabric waits for the file with number ${missing}, which is missing`, ...open };
  if (table === undefined) return { state: 'waiting', said: 'Fabric has not made the table yet', ...open };
  const stopped = stoppedTable(table);
  if (stopped !== null) return { state: 'stopped', said: stopped, ...open };
  const said = `the table is ${table.status}, and ${progress(table, head)}`;
  if (table.status !== 'Replicating') return { state: 'waiting', said, ...open };
  const from = baseline ?? beginning(head);
  const isLater = isSyncedSince(table, publishedAt) || from?.published === publishedRows(head);
  if (isLater && from !== null && hasRisen(table, from, head)) return { state: 'replicated', said: null, baseline: here(table, head) };
  const [isTaken, isCounted] = [lastIsTaken(landed, head), behind.rows === 0];
  if (!isTaken && !isCounted) return { state: 'waiting', said, ...open };
  const isApplied = isLater && (isTaken || table.processedRows === publishedRows(head));
  return { state: 'probably', said, behind, baseline: isApplied ? here(table, head) : (baseline as Json) };
}

/** The row count at the start of a commit. For the first commit of a table it is zero; for any other commit it is unknown. */
function beginning({ firstNumber, nextNumber, files }: PublishedFigures): Baseline | null {
  return firstNumber === 1 && nextNumber === files.length + 1 ? { epoch: 0, counted: 0, published: 0 } : null;
}

function hasRisen({ processedRows }: TableReplication, { counted: before, published }: Baseline, head: PublishedFigures): boolean {
  return processedRows !== null && processedRows - before >= publishedRows(head) - published;
}

/** Whether a sync ended after the last file was published. An earlier sync shows nothing about that file. */
function isSyncedSince({ lastSync }: TableReplication, publishedAt: Instant | undefined): boolean {
  return lastSync !== null && publishedAt !== undefined && Date.parse(lastSync) > Date.parse(publishedAt);
}

function here({ processedRows }: TableReplication, head: PublishedFigures): Json {
  return processedRows === null ? null : { epoch: head.epoch, counted: processedRows, published: publishedRows(head) };
}

/** Fabric’s words about a table that stopped and will not apply more files by itself; null: the table applies files. */
export function stoppedTable({ status, error }: TableReplication): string | null {
  return working.has(status) && error === null ? null : `the table is ${status}${reason(error)}`;
}

/** Whether the mirrored database will go from this state to a replicating state by itself. */
export const isComing = (status: string): boolean => coming.has(status);

/** Whether Fabric has moved the last file away. If so, all files are applied, because Fabric applies files in order. */
function lastIsTaken({ taken }: LandedNumbers, { nextNumber }: PublishedFigures): boolean {
  return nextNumber !== undefined && nextNumber > 1 && taken.has(nextNumber - 1);
}

/** The maximum number of files that Fabric has not applied. Some of them may be applied: Fabric moves a file away only some time after it applied the file, and never moves the last file of a table. */
function filesWaiting({ numbers, taken }: LandedNumbers, { nextNumber }: PublishedFigures): number | null {
  return nextNumber === undefined ? null : numbers.filter((number) => number < nextNumber && !taken.has(number)).length;
}

/** The number of rows that Fabric has not applied. Null: unknown, or the count includes rows of other publishers. */
function rowsWaiting(table: TableReplication | undefined, head: PublishedFigures): number | null {
  if (head.firstNumber !== 1 || table === undefined || table.processedRows === null) return null;
  return Math.max(0, publishedRows(head) - table.processedRows);
}

/** The number of published rows as Fabric counts them: each applied row, including deletions. */
const publishedRows = ({ rows, deletedRows = 0 }: PublishedFigures): number => rows + deletedRows;

function progress({ processedRows }: TableReplication, head: PublishedFigures): string {
  if (processedRows === null || head.firstNumber !== 1) return 'the last file is not applied yet';
  return `Fabric counts ${counted(processedRows, 'row')} of the ${count(publishedRows(head))} published rows`;
}

const reason = (error: string | null) => (error === null ? '' : `: ${error.replace(/\.$/, '')}`);

/** The default schema. Fabric does not document whether it reports this name if the table’s folder has no schema, so names with and without it are accepted. */
export const defaultSchema = 'dbo';

export function isTable(one: TableReplication, { schema, table }: TableName): boolean {
  const theirs = (one.schema ?? '').toLowerCase();
  const isIn = schema === null ? theirs === '' || theirs === defaultSchema : theirs === schema.toLowerCase();
  return isIn && one.table.toLowerCase() === table.toLowerCase();
}
