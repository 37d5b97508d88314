/**
 * The commit of a landing zone: `_metadata.json`, then the parts under consecutive numbers, then the head. Only the intent assigns numbers, so a run that
 * dies before its intent leaves no gap. A file is published by a rename that consumes its source, so no content is published twice. protocol.md 2.7.
 */
import type { Step } from '../../engine/contracts/frame.ts';
import { headOfRefusal } from '../../engine/contracts/heads.ts';
import { type CommitOutcome, fenceHeadId, type GiveUpOutcome, type Intent } from '../../engine/contracts/intent.ts';
import { isData, type Part } from '../../engine/contracts/store.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { StagedFile } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import { filled, type Instant, type Json } from '../../ports/values.ts';
import type { Destination } from '../store/destination.ts';
import { type FilesHead, type HeadAt, noFiles } from '../store/head/head-log.ts';
import { moveHead, quarantinedFile, quarantineLeft, totals } from '../store/head/next-head.ts';
import { keysFolder, partOwner, stagingOf } from '../store/layout.ts';
import { discardStaged, stagedFile } from '../store/staging/staged-parts.ts';
import { clearTable, giveUpClearing, isCleared, type Mirror, removeRecords } from './anew.ts';
import { checkMetadata, type Partner, writeMetadata, writePartner } from './metadata.ts';
import { isMaybeRemoved, NumberRecorder, readNumberRecord, removeNumberRecord } from './number-record.ts';
import {
  commitNotFinished,
  findNumber,
  type LandingTable,
  listNumbers,
  mustBeOwn,
  mustGoOn,
  mustHaveComeFirst,
  numberedPath,
  publishNumber,
} from './numbers.ts';
import type { KeyChanges } from './settled-keys.ts';

/** The change to rows that settled apart before. */
interface ChangesApart {
  /** The removed files of rows that settled apart. */
  readonly removes: readonly string[];
  /** Whether rows of the open boundary group stay in that group. */
  readonly keepsGroup?: true;
}

const noneApart: ChangesApart = { removes: [] };

/** The effect of a commit, fixed when it was prepared. */
export interface Numbering {
  /** The number of the first data part. The other data parts follow without a gap. Rows that settle apart have no number. */
  readonly first: number;
  readonly keyColumns: readonly string[];
  readonly partner: Partner | null;
  /** The newest rows of keys that occur several times. Fabric applies these rows after all others. */
  readonly again?: readonly Part[];
  /** The table has no row before the commit. So a deleted row is published only in `again`, if it is the newest of several rows with its key. */
  readonly withoutDeleted?: true;
  /** Whether all uuids are published in lower case. Absent: an earlier version may have published uuids in upper case. */
  readonly smallUuids?: true;
  /** The change to the published keys. Absent: the head keeps its list of keys, or drops it if the commit publishes rows. */
  readonly keys?: KeyChanges;
  /** The change to rows that settled apart before. Absent: an earlier version prepared the commit, so these rows stay. */
  readonly apart?: ChangesApart;
  /** The commit is a full load that replaces a table. The folder of the table is deleted first, so no row that settled before remains. */
  readonly isAnew?: true;
  /** Whether each rename to a number has a record. Absent: an earlier version prepared the commit, and may have renamed without a record. */
  readonly isRecorded?: true;
  /** With `isAnew`: the etag of the folder that is deleted. Absent: the folder did not exist. */
  readonly folder?: string;
  /** With `isAnew`: a person deleted the folder, and Fabric can't be asked whether the table is gone. */
  readonly isUnwatched?: true;
}

export interface LandingDestination extends Destination {
  readonly table: LandingTable;
  /** The address of the table, for messages: `abfss://Sales@onelake…/LandingZone/orders`. */
  readonly where: string;
  readonly mirror: Mirror;
}

/** The number of parts that are published per step, so that a step stays short for any number of parts. */
const partsPerStep = 64;

export async function commitNumbers(at: LandingDestination, intent: Intent, cursor: Json | undefined): Promise<Step<CommitOutcome>> {
  const from = typeof cursor === 'number' ? cursor : 0;
  const before = await retry(() => at.log.read());
  const ended = endedIn(before, intent);
  if (ended === 'committed') return { done: await cleanUp(at, intent, 'already') };
  if (ended !== undefined) return { done: ended };
  if (from === 0 && !(await isEverythingThere(at, intent))) return { done: await lossOf(at, intent) };

  const { first, keyColumns, partner, isAnew, folder, isUnwatched } = numberingOf(intent);
  if (from === 0) {
    const hasEnded = async () => endedIn(await retry(() => at.log.read()), intent) !== undefined;
    const cleared = isAnew && !isUnwatched ? await clearTable(at, { intent, folder, mirror: at.mirror, hasEnded }, cursor) : undefined;
    if (cleared && 'again' in cleared) return cleared;
    if (cleared?.done === 'kept') return { done: await lossOf(at, intent) };
    if (partner) await writePartner(at.files, zoneOf(at), partner);
  }
  const landed = await retry(() => listNumbers(at.table));
  const hasBegun = !landed.hasMetadata && ((await readNumberRecord(at, intent))?.number ?? first) > first;
  mustGoOn(landed, { first, isOurs: isSettled(before), isDecided: true, hasBegun }, at.where);
  if (isAnew) mustBeOwn(landed, numberedParts(intent).length, at.where);
  // Metadata that existed before are only checked and not written again: if the folder is deleted after this point, it must not look complete.
  if (from === 0) await (landed.hasMetadata ? checkMetadata : writeMetadata)(at.table, keyColumns, at.where);
  const used = new Set(landed.numbers);
  const record = new NumberRecorder(at, intent);
  // The parts are published one after another, because Fabric waits at a gap. The first file is the token.
  for (const [i, part] of numberedParts(intent).entries()) {
    if (i < from) continue;
    if (i >= from + partsPerStep) return { again: i };
    const number = first + i;
    await record.mayBe(number);
    const outcome = await publishNumber(at.table, stagedFile(part), { number, isUsed: used.has(number), where: at.where });
    if (outcome === 'lost' && !(await isPassed(at, intent, i))) return { done: await lossOf(at, intent) };
  }
  if (numberedParts(intent).length > 0) await record.mayBe(first + numberedParts(intent).length);
  await mustHaveComeFirst(at.table, new Map(numberedParts(intent).map((part, i) => [first + i, stagedFile(part)])), at.where);
  for (const file of filesApart(intent))
    if ((await retry(() => at.files.publish(file))) === 'gone') return { done: await lossOf(at, intent) };
  const moved = await moveHead(at.log, before, noFiles, (now) => {
    const outcome = endedIn(now, intent);
    return outcome ? { ended: outcome } : { to: headAfter(at, now?.head, intent) };
  });
  if (typeof moved === 'string' && moved !== 'committed') return { done: moved };
  return { done: await cleanUp(at, intent, 'committed') };
}

/**
 * Gives up a commit. A published number can’t be undone, because Fabric may have applied its rows. If a number was published, or may have been, the head
 * only records the last such number, and only a full load that recreates the table can continue. If the full load has deleted the folder, the deletion
 * can’t be undone either (2.6a, H27).
 */
export async function giveUpNumbers(
  at: LandingDestination,
  intent: Intent,
  { reason, how }: { readonly reason: CommitRefusalReason; readonly how: 'unseen' | 'by force' },
): Promise<GiveUpOutcome> {
  const ended = endedIn(await retry(() => at.log.read()), intent);
  if (ended === 'committed' || ended === 'fenced') return ended;
  const { isAnew, isUnwatched, folder } = numberingOf(intent);
  if (ended === undefined) {
    if (isAnew && !isUnwatched) await giveUpClearing(at, intent, folder);
    const [token] = numberedParts(intent);
    if (token === undefined) return 'visible';
    // After this, either no part of the intent can be published any more, or its first number is already published.
    await retry(() => at.files.discard(stagedFile(token)));
    const published = await publishedOf(at, intent);
    if (published !== null && how === 'unseen') return 'visible';
    const moved = await moveHead(at.log, await retry(() => at.log.read()), noFiles, (now) => {
      const outcome = endedIn(now, intent);
      return outcome ? { ended: outcome } : { to: fenceAfter(at, now?.head, intent, { reason, isUnclear: published !== null }) };
    });
    if (moved === 'committed' || moved === 'fenced') return moved;
  }
  const isUnclear = (await retry(() => at.log.read()))?.head.unclearUntil !== undefined;
  const fullNext = isUnclear ? 'unclear' : (await hasDeletedTable(at, intent)) ? 'target gone' : undefined;
  if (isAnew) await removeRecords(at, intent, 'given up');
  await discardStaged(at.files, stagingOf(at.place, intent.epoch, intent.lineage));
  await removeNumberRecord(at, intent);
  return { removed: [], ...(fullNext && { fullNext }) };
}

/** Whether the full load has deleted the table that settled before it. If so, the folder has another etag or does not exist. */
async function hasDeletedTable(at: LandingDestination, intent: Intent): Promise<boolean> {
  const { isAnew, folder } = numberingOf(intent);
  if (isAnew !== true || !isSettled(await retry(() => at.log.read()))) return false;
  return folder === undefined || (await retry(async () => at.files.folderEtag?.(at.table.folder))) !== folder;
}

export function notTakenBack(where: string, why: string): StoreError {
  return new StoreError({
    code: 'HYG-4114',
    what: `The rows in ${where} can't be replaced.`,
    why: [why, 'A published file of a landing zone is final.'],
    tryThis: [
      'Give hygge access to the status of Fabric, which shows when the table is deleted. hygge debug names the missing right',
      'Or delete the folder of the table, and wait until Fabric has removed the table. Then hygge reset FLOW.ENTITY and hygge go',
    ],
  });
}

function endedIn(now: HeadAt | undefined, { id, prev }: Intent): 'committed' | 'given up' | 'fenced' | undefined {
  if (now?.head.id === id) return 'committed';
  if (now?.head.id === fenceHeadId({ id })) return 'given up';
  return (now?.head.id ?? null) === prev ? undefined : 'fenced';
}

/** Whether hygge has published files of the table. Files are published only after the metadata. */
export const isSettled = (now: HeadAt | undefined): boolean => now !== undefined && !now.head.nothing && (now.head.nextNumber ?? 1) > 1;

const numberingOf = ({ target }: Intent) => target as unknown as Numbering;

/** Whether Fabric gets the part: rows to update or insert, or keys to delete. All other parts settle apart. */
export const isNumbered = (part: Part): boolean => isData(part) || part.role === 'deleted';

/** The parts that get a number. The first of these parts is the token. */
function numberedParts(intent: Intent): readonly Part[] {
  const { again = [], withoutDeleted } = numberingOf(intent);
  return [...intent.parts.filter(withoutDeleted ? isData : isNumbered), ...again];
}

const partsApart = ({ parts }: Intent) => parts.filter((part) => !isNumbered(part));

/** Files published next to the landing zone: rows that settle apart, and keys. */
const filesApart = (intent: Intent): readonly StagedFile[] => [
  ...partsApart(intent).map(stagedFile),
  ...(numberingOf(intent).keys?.staged ?? []),
];

/** The path of `LandingZone`, which contains the folders of tables and schemas. */
const zoneOf = ({ table: { folder } }: LandingDestination) => folder.split('/')[0] ?? '';

/** Whether all parts of the intent exist (H15), so that a commit never publishes only some of its parts. */
async function isEverythingThere(at: LandingDestination, intent: Intent): Promise<boolean> {
  const waiting = new Set<string>();
  for await (const { staged } of at.files.staged(stagingOf(at.place, intent.epoch, intent.lineage))) waiting.add(staged);
  const { first } = numberingOf(intent);
  const isUnpublished = await isBefore(at, intent);
  const record =
    isUnpublished || numberedParts(intent).every((part) => waiting.has(stagedFile(part).staged))
      ? undefined
      : await readNumberRecord(at, intent);
  for (const [i, part] of numberedParts(intent).entries()) {
    const file = stagedFile(part);
    if (waiting.has(file.staged)) continue;
    if (isUnpublished) return false;
    if (first + i < (record?.number ?? first)) continue;
    if ((await findNumber(at.table, first + i, file)) === 'same') continue;
    if (!(await isPassed(at, intent, i))) return false;
  }
  for (const file of filesApart(intent))
    if (!waiting.has(file.staged) && (await retry(() => at.files.stat(file.final)))?.bytes !== file.bytes) return false;
  return true;
}

/** Whether the folder is still the folder that a full load will replace. If so, all of its files belong to earlier commits, even files with the same bytes as files of this commit. */
async function isBefore(at: LandingDestination, intent: Intent): Promise<boolean> {
  const { isAnew, isUnwatched } = numberingOf(intent);
  return isAnew === true && !isUnwatched && !(await isCleared(at, intent));
}

/**
 * Fabric removes a file some days after it applied it. Whether Fabric has removed the published file of a part. The record of the commit shows that the file
 * existed. So does any file with a later number, because files are published in order.
 */
async function isPassed(at: LandingDestination, intent: Intent, index: number): Promise<boolean> {
  const { first } = numberingOf(intent);
  for (const [i, part] of numberedParts(intent).entries())
    if (i > index && (await findNumber(at.table, first + i, stagedFile(part))) === 'same') return true;
  return ((await readNumberRecord(at, intent))?.number ?? first) > first + index;
}

/**
 * The published part of a commit whose first number is not staged any more; null: nothing is published. `until`: the last number that is known to exist;
 * null: it is unknown whether the first number ever existed. The age of the record is checked after the folder is listed, because the process may have been
 * paused before the listing.
 */
async function publishedOf(
  at: LandingDestination,
  intent: Intent,
): Promise<{ readonly until: number | null; readonly since: Instant } | null> {
  if (await isBefore(at, intent)) return null;
  const { first, isRecorded } = numberingOf(intent);
  const there: number[] = [];
  for (const [i, part] of numberedParts(intent).entries())
    if ((await findNumber(at.table, first + i, stagedFile(part))) === 'same') there.push(first + i);
  const record = await readNumberRecord(at, intent);
  const since = isRecorded ? record?.since : intent.journal.started_at;
  const until = Math.max((record?.number ?? first) - 1, ...there);
  if (until >= first) return { until, since: since ?? intent.journal.started_at };
  return since !== undefined && isMaybeRemoved(at.mirror.clock.now(), since) ? { until: null, since } : null;
}

/** The error for a lost part. If the head has moved in the meantime, no part is lost. Throws StoreError HYG-4121 if Fabric has some of the numbers, or may have them. */
async function lossOf(at: LandingDestination, intent: Intent): Promise<CommitOutcome> {
  const ended = endedIn(await retry(() => at.log.read()), intent);
  if (ended !== undefined) return ended === 'committed' ? 'already' : ended;
  const [token] = numberedParts(intent);
  const isWaiting = token !== undefined && (await isStaged(at, intent, stagedFile(token)));
  const published = isWaiting ? null : await publishedOf(at, intent);
  const { first } = numberingOf(intent);
  if (published !== null) throw commitNotFinished(at.where, { first, last: first + numberedParts(intent).length - 1, ...published });
  return 'parts lost';
}

async function isStaged(at: LandingDestination, { epoch, lineage }: Intent, file: StagedFile): Promise<boolean> {
  for await (const { staged } of at.files.staged(stagingOf(at.place, epoch, lineage))) if (staged === file.staged) return true;
  return false;
}

async function cleanUp(at: LandingDestination, intent: Intent, outcome: 'committed' | 'already'): Promise<CommitOutcome> {
  const { isAnew, keys, apart = noneApart } = numberingOf(intent);
  if (isAnew) await removeRecords(at, intent, 'committed');
  await mapConcurrent(apart.removes, (path) => retry(() => at.files.remove(path)));
  if (keys) await removeKeys(at, intent, keys);
  await discardStaged(at.files, stagingOf(at.place, intent.epoch, intent.lineage));
  if (numberedParts(intent).length > 0) await removeNumberRecord(at, intent);
  return outcome;
}

/** Removes key files that the head does not list any more, and key files of abandoned commits. No later head lists any of these files (2.10). */
async function removeKeys({ files, place }: LandingDestination, { epoch, lineage }: Intent, { keys, removes }: KeyChanges): Promise<void> {
  const kept = new Set(keys?.files.map(({ name }) => name));
  const gone = new Set(removes);
  for await (const { path } of files.list(keysFolder(place))) {
    const owner = partOwner(place, path);
    // Only files of this lineage are removed, because an earlier entity with the same name may have a head that lists its files.
    if (owner?.lineage === lineage && owner.epoch <= epoch && !kept.has(path)) gone.add(path);
  }
  await mapConcurrent([...gone], (path) => retry(() => files.remove(path)));
}

/** The head after a commit. It lists only the files of the last commit, because Fabric removes applied files after seven days. */
function headAfter(at: LandingDestination, before: FilesHead | undefined, intent: Intent): FilesHead {
  const { first, isAnew, smallUuids, apart = noneApart } = numberingOf(intent);
  const { id, prev, epoch, lineage, state, flow, entity, settles, schema } = intent;
  const { watermark, boundary } = settles;
  const numbered = numberedParts(intent);
  const files = numbered.map((part, i) => listed(part, numberedPath(at.table, first + i)));
  // Rows that are published once more are also counted, because Fabric counts all rows that it applied.
  const { rows, bytes } = totals(files.filter(({ role }) => role === 'data'));
  const { rows: deleted } = totals(files.filter(({ role }) => role === 'deleted'));
  const deletedRows = (isAnew ? 0 : (before?.deletedRows ?? 0)) + deleted;
  const quarantine = [
    ...quarantineLeft(before, { removed: new Set(apart.removes), keepsGroup: apart.keepsGroup === true }),
    ...partsApart(intent).map((part) => quarantinedFile(part, intent)),
  ];
  return {
    ...{ id, prev, epoch, lineage, state, flow, entity, watermark, boundary, schema, files },
    rows: (isAnew ? 0 : (before?.rows ?? 0)) + rows,
    bytes: (isAnew ? 0 : (before?.bytes ?? 0)) + bytes,
    nextNumber: first + numbered.length,
    ...(numbered.length > 0 ? { publishedAt: at.mirror.clock.now() } : filled({ publishedAt: before?.publishedAt })),
    ...(deletedRows === 0 ? {} : { deletedRows }),
    ...firstOf(isAnew || before?.nothing ? undefined : before, numbered.length === 0 ? null : first),
    ...(isAnew ? { isAnew, anewEpoch: epoch } : before?.anewEpoch === undefined ? {} : { anewEpoch: before.anewEpoch }),
    ...(smallUuids ? { smallUuids } : {}),
    ...keysOf(intent, before),
    ...(quarantine.length === 0 ? {} : { quarantine }),
    ...(before?.earlier === undefined ? {} : { earlier: before.earlier }),
  };
}

/** The keys in the next head. If rows are published without their keys, no keys are kept, because a comparison would be wrong. */
function keysOf(intent: Intent, before: FilesHead | undefined): Pick<FilesHead, 'keys'> {
  const { keys: changed } = numberingOf(intent);
  const keys = changed === undefined && numberedParts(intent).length === 0 ? before?.keys : changed?.keys;
  return keys == null ? {} : { keys };
}

function firstOf(before: FilesHead | undefined, first: number | null): Pick<FilesHead, 'firstNumber'> {
  const known = before?.nextNumber === undefined ? first : before.firstNumber;
  return known === undefined || known === null ? {} : { firstNumber: known };
}

function listed({ bytes, rows, checksum, role }: Part, name: string) {
  return { name, bytes, rows, checksum, role: role === 'deleted' ? role : 'data' } as const;
}

function fenceAfter(
  { place }: LandingDestination,
  before: FilesHead | undefined,
  intent: Intent,
  { reason, isUnclear }: { readonly reason: CommitRefusalReason; readonly isUnclear: boolean },
): FilesHead {
  const none = { flow: place.flow, entity: place.entity, ...totals([]), files: [] };
  const fence: FilesHead = { ...(before ?? none), ...headOfRefusal(before ?? null, intent, reason) };
  if (!isUnclear) return fence;
  // The mark `nothing` is removed from the head: hygge has now published files, although perhaps no commit has ended yet.
  const { nothing: _, ...settled } = fence;
  const { first } = numberingOf(intent);
  const unclearUntil = Math.max(fence.unclearUntil ?? 0, first + numberedParts(intent).length);
  return { ...settled, nextNumber: fence.nextNumber ?? first, unclearUntil };
}
