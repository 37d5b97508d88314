/**
 * To load a table of a mirrored database again, its folder is recreated. hygge deletes the folder, waits until Fabric has dropped the table, and publishes the rows
 * from number 1. Later commits wait until Fabric has recreated the table. If the folder returned too early, Fabric would treat it as the old table.
 * https://learn.microsoft.com/fabric/mirroring/open-mirroring-best-practices, "Plan for recovery"; docs/building/protocol.md, H27.
 */
import type { Step } from '../../engine/contracts/frame.ts';
import type { Intent } from '../../engine/contracts/intent.ts';
import { HyggeError, StoreError } from '../../errors/hygge-error.ts';
import type { Patience } from '../../ports/answers/replication.ts';
import type { Clock } from '../../ports/clock.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant, Json } from '../../ports/values.ts';
import type { Replication as DatabaseReplication, TableReplication } from '../../remote/fabric/fabric-api.ts';
import { recordsFolder } from '../store/layout.ts';
import type { LandingDestination } from './commit.ts';
import type { LandedNumbers } from './numbers.ts';
import { isComing, isTable, type TableName } from './replication.ts';

/** Queries Fabric about the mirrored database of a table. */
export interface Mirror {
  readonly name: TableName;
  readonly clock: Pick<Clock, 'now'>;
  readonly ask: (patience: Patience) => Promise<DatabaseReplication>;
}

/** `folder`: the etag of the folder that a full load replaces; undefined: the folder did not exist. `hasEnded`: whether the commit has ended, according to the head. */
interface Clearing {
  readonly intent: Intent;
  readonly folder: string | undefined;
  readonly mirror: Mirror;
  readonly hasEnded: () => Promise<boolean>;
}

/** The cursor of a step that waits for Fabric: the time since when it waits. */
interface Waiting {
  readonly since: Instant;
}

/** The bounds of a pause. Within these bounds, a pause is a quarter of the waiting time so far, because most tables are removed within minutes. */
const shortestPauseMs = 5_000;
const longestPauseMs = 15 * 60_000;
/** After this time the wait ends with an error, and a person has to check. The decided commit continues with the next run. */
const longestWaitMs = 6 * 3_600_000;

/** What happens to the table that a full load replaces. */
type Fate = 'deleted' | 'kept';

/**
 * Decides, once for all finishers, whether the full load deletes the table or is abandoned. The first finisher writes a record with the decision, and all others
 * follow the record. Without it, a paused finisher could delete the folder after the full load was abandoned (I8). @returns the decision.
 */
async function decideFate(at: LandingDestination, { id }: Pick<Intent, 'id'>, wanted: Fate): Promise<Fate> {
  const path = fateRecord(at, { id });
  const { outcome } = await retry(() => at.files.put(path, new TextEncoder().encode(wanted), { ifNoneMatch: '*' }));
  if (outcome === 'written') return wanted;
  const found = await retry(() => at.files.get(path));
  // If the record is missing, the commit has ended and removed it, so the table must not be deleted.
  return found !== undefined && new TextDecoder().decode(found.body) === 'deleted' ? 'deleted' : 'kept';
}

/**
 * Cancels the deletion of the table before a full load is abandoned. If a finisher has decided to delete the folder, the folder is deleted now, so that no finisher
 * deletes it later. Throws StoreError HYG-4119 while Fabric reads from the folder. @param folder the etag of the folder that the full load replaces; undefined: the
 * folder did not exist.
 */
export async function giveUpClearing(at: LandingDestination, intent: Intent, folder: string | undefined): Promise<void> {
  if (folder === undefined || (await isCleared(at, intent)) || (await decideFate(at, intent, 'kept')) === 'kept') return;
  if ((await removeFolder(at, folder)) === 'busy') throw unfinished(at.where, readsFolder, ['Run it again in some minutes']);
}

/**
 * Deletes the table's folder if it is unchanged since the commit was prepared, and waits until the mirrored database has no such table. A separate record shows that the
 * table was removed, because a later finisher may already find the new table. May be called by several finishers at once, and repeatedly. `kept`: the commit has ended, so
 * the table stays. Throws StoreError HYG-4119 if the folder has another etag, if nothing is replicated, and after six hours.
 */
export async function clearTable(
  at: LandingDestination,
  { intent, folder, mirror, hasEnded }: Clearing,
  cursor: Json | undefined,
): Promise<Step<'clear' | 'kept'>> {
  const { files, table } = at;
  if (await isCleared(at, intent)) return { done: 'clear' };
  const waiting = waitingSince(cursor, mirror);
  if (folder !== undefined && (await decideFate(at, intent, 'deleted')) === 'kept') return { done: 'kept' };
  const removed = await removeFolder(at, folder);
  if (removed === 'busy') return again(at, mirror, waiting, readsFolder);
  // Another finisher may have recreated the folder in the meantime.
  if (removed === 'refused') {
    if (await isCleared(at, intent)) return { done: 'clear' };
    // If another finisher has ended the commit in the meantime, it has removed the record.
    if (await hasEnded()) return { done: 'kept' };
    throw unfinished(at.where, 'Another writer has recreated the folder that the full load replaces.', [
      `Delete the folder ${table.folder}, then run it again`,
    ]);
  }
  const found = await askFor(at, mirror);
  if (found !== 'not listed')
    return again(at, mirror, waiting, found === 'not told' ? starts : 'Fabric has to remove the table from the mirrored database first');
  await retry(() => files.put(clearedRecord(at, intent), new Uint8Array(), { ifNoneMatch: '*' }));
  return { done: 'clear' };
}

/** The folder of the records of full loads. */
export const anewFolder = ({ place }: Pick<LandingDestination, 'place'>): string => `${recordsFolder(place)}/anew`;

/** The path of the record that the table was removed. The record is deleted when the commit ends. */
const clearedRecord = (at: Pick<LandingDestination, 'place'>, { id }: Pick<Intent, 'id'>): string => `${anewFolder(at)}/${id}`;

const fateRecord = (at: Pick<LandingDestination, 'place'>, intent: Pick<Intent, 'id'>): string => `${clearedRecord(at, intent)}.table`;

/** Removes the records of a full load that has ended. If the record says that the table is kept, the record stays, for finishers that are still paused. */
export async function removeRecords(at: LandingDestination, intent: Intent, ended: 'committed' | 'given up'): Promise<void> {
  await retry(() => at.files.remove(clearedRecord(at, intent)));
  if (ended === 'committed') await retry(() => at.files.remove(fateRecord(at, intent)));
}

export async function isCleared(at: Pick<LandingDestination, 'files' | 'place'>, intent: Pick<Intent, 'id'>): Promise<boolean> {
  return (await retry(() => at.files.stat(clearedRecord(at, intent)))) !== undefined;
}

async function removeFolder(
  { files, table: { folder } }: LandingDestination,
  etag: string | undefined,
): Promise<'removed' | 'absent' | 'refused' | 'busy'> {
  if (etag !== undefined) return (await retry(async () => files.removeFolder?.(folder, { ifMatch: etag }))) ?? 'refused';
  return (await retry(async () => files.folderEtag?.(folder))) === undefined ? 'absent' : 'refused';
}

/** `landed`: the files in the folder. `isMadeAnew`: whether the last commit recreated the table. */
export interface TurnOf {
  readonly what: 'full load' | 'increment';
  readonly landed: LandedNumbers | undefined;
  readonly isMadeAnew: boolean;
  /** When the last commit was published; undefined: unknown. */
  readonly publishedAt: Instant | undefined;
}

/**
 * Whether a commit may be decided. Increments follow a full load only after the table exists again. A full load deletes a folder only after Fabric has made
 * a table from it. Without a table, nothing would show when Fabric has noticed the deletion. Throws StoreError HYG-4119 as `clearTable` does, HYG-4114 for
 * a full load if Fabric can't be queried.
 */
export async function awaitTable(
  at: LandingDestination,
  { what, landed, isMadeAnew, publishedAt }: TurnOf,
  { mirror, cursor }: { readonly mirror: Mirror; readonly cursor: Json | undefined },
): Promise<Step<'ready'>> {
  const isNeeded = what === 'full load' ? landed !== undefined && hasFiles(landed) : isMadeAnew;
  if (!isNeeded) return { done: 'ready' };
  const waiting = waitingSince(cursor, mirror);
  const found = await askFor(at, mirror).catch((error: unknown) => {
    // For increments, the right to publish is enough. The plan has already warned that Fabric can’t be asked.
    if (what === 'increment' && error instanceof HyggeError && !error.transient && error.code !== unfinishedCode) return 'unknown' as const;
    throw error;
  });
  if (found === 'unknown') return { done: 'ready' };
  if (found === 'not told') return again(at, mirror, waiting, starts);
  if (found === 'not listed') {
    // The wait counts from the last publish. If the wait began with each run, each run would wait for the whole time again.
    const since = publishedAt !== undefined && publishedAt < waiting.since ? publishedAt : waiting.since;
    if (what === 'full load' && waitedMs(mirror, since) >= longestWaitMs) return { done: 'ready' };
    return again(at, mirror, { since }, 'Fabric has to make the table first', mend);
  }
  if (what === 'full load' || found.status === 'Replicating') return { done: 'ready' };
  if (found.status === 'Failed') throw unfinished(at.where, `The table is Failed${found.error === null ? '' : `: ${found.error}`}`, mend);
  return again(at, mirror, waiting, `Fabric has to make the table first, which is ${found.status}`);
}

const readsFolder = 'The folder of the table must be deleted first, and Fabric still reads from it';
const starts = 'The mirrored database is starting';

export const isEmpty = (landed: LandedNumbers) => !hasFiles(landed) && !landed.hasMetadata;

/** Whether the folder has data files, because Fabric makes no table from the metadata alone. */
const hasFiles = ({ numbers, others }: LandedNumbers) => numbers.length + others.length > 0;

/** The table as Fabric reports it. Fabric reports tables only while the mirrored database runs. Throws StoreError HYG-4119 if nothing is replicated. */
export async function askFor({ where }: LandingDestination, { ask, name }: Mirror): Promise<TableReplication | 'not listed' | 'not told'> {
  const { status, error, tables } = await ask('usual');
  if (status === 'Running') return tables.find((one) => isTable(one, name)) ?? 'not listed';
  if (isComing(status)) return 'not told';
  const tryThis = ['Start or resume the replication in Fabric, then run it again'];
  throw unfinished(where, `The mirrored database is ${status}${error === null ? '' : `: ${error}`}`, tryThis);
}

function waitingSince(cursor: Json | undefined, { clock }: Mirror): Waiting {
  return typeof cursor === 'object' && cursor !== null && 'since' in cursor ? (cursor as unknown as Waiting) : { since: clock.now() };
}

const waitedMs = ({ clock }: Mirror, since: Instant) => Math.max(0, Date.parse(clock.now()) - Date.parse(since));

/** A pause, and then a new check of the table. @param onwards the step that follows the check. */
function again<T>(
  { where }: LandingDestination,
  mirror: Mirror,
  { since }: Waiting,
  waitsFor: string,
  onwards: readonly string[] = ['Then run it again. The run continues from here'],
): Step<T> {
  const ms = waitedMs(mirror, since);
  if (ms >= longestWaitMs)
    throw unfinished(where, `${waitsFor}. hygge has waited since ${since}.`, ['Look at the table in Fabric', ...onwards]);
  const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, ms / 4));
  return { again: { since }, notBefore: new Date(Date.parse(mirror.clock.now()) + pauseMs).toISOString(), waitsFor };
}

export const unfinishedCode = 'HYG-4119';
const mend = ['Load the table again: hygge reset FLOW.ENTITY, then hygge go'];

function unfinished(where: string, why: string, tryThis: readonly string[]): StoreError {
  return new StoreError({
    code: unfinishedCode,
    what: `Fabric is not ready for new rows of ${where}.`,
    why: [why.endsWith('.') ? why : `${why}.`],
    tryThis,
  });
}
