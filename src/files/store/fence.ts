/**
 * Moves the head to a fence, so that no older run can commit any more. For `reset`, the fence lists the existing files (H14). After a commit that is
 * refused permanently, the fence changes nothing for readers. docs/building/protocol.md.
 */
import { type FenceRequest, headOfRefusal } from '../../engine/contracts/heads.ts';
import { fenceHeadId, type GiveUpOutcome, type Intent } from '../../engine/contracts/intent.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import type { CommitRefusalReason } from '../../ports/state.ts';
import { hivePairs } from '../paths/hive.ts';
import { isPublishedWhole, removeStrays, tokenOf } from './commit.ts';
import type { Destination } from './destination.ts';
import { listedByOthers } from './foreign-names.ts';
import { type FilesHead, type HeadAt, type ListedFile, noFiles } from './head/head-log.ts';
import { moveHead, totals } from './head/next-head.ts';
import { type FilePlace, lastSegment, liesDirectly, partitionOf, partOwner, stagingOf } from './layout.ts';
import { compareContent, looksChanged, withLooks } from './settled-content.ts';
import { discardOwn, discardStaged, listStaged, type StagedEntry, stagedFile } from './staging/staged-parts.ts';

export async function fenceFiles(at: Destination, request: FenceRequest): Promise<FilesHead | 'moved'> {
  const { files, place, log } = at;
  const staged = await listStaged(files, place);
  const now = await retry(() => log.read());
  // The head has already moved but the answer was lost, so only the remaining work is done.
  if (now?.head.id === request.id) return cleanUp(at, now.head, staged);
  if ((now?.head.id ?? null) !== request.prev) return 'moved';
  const present = await log.present(now?.head);
  const seen = [...staged.map(({ owner }) => owner?.epoch ?? 0), ...[...present.keys()].map((path) => partOwner(place, path)?.epoch ?? 0)];
  const epoch = Math.max(request.above, now?.head.epoch ?? 0, ...seen) + 1;
  // Files in the heads of other entities are left out, because two heads must not list the same file.
  if (!now) for (const { names } of await listedByOthers(at, present)) for (const name of names) present.delete(name);
  const fence = await headOfReset(files, request, { before: now?.head, present, place, epoch });
  if (request.keep && now && now.head.files.length > 0 && fence.files.length === 0) throw nothingLeft(at, now.head);
  if ((await log.move(now, fence, noFiles)) === 'overtaken') return 'moved';
  return cleanUp(at, fence, staged);
}

/** Removes staged files first, so that no file can be published any more. Then removes published files that are not listed. */
async function cleanUp(at: Destination, fence: FilesHead, staged: readonly StagedEntry[]): Promise<FilesHead> {
  await discardOwn(at.files, staged);
  await removeStrays(at, fence, []);
  return fence;
}

interface Facts {
  readonly before: FilesHead | undefined;
  readonly present: ReadonlyMap<string, FileInfo>;
  readonly place: FilePlace;
  readonly epoch: number;
}

async function headOfReset(files: FileSystem, request: FenceRequest, facts: Facts): Promise<FilesHead> {
  const { before, place, epoch, present } = facts;
  // If nothing has ever settled, other writers have written all files. With `keep`, these files are adopted.
  const nothing = before?.nothing === true && !request.keep;
  const kept =
    before && (!before.nothing || nothing)
      ? await asTheyAre(files, filesStillThere(before, present, place), present)
      : everythingThere(facts, request.own);
  const { goesOn = { watermark: before?.watermark ?? null, withBoundary: true } } = request;
  return {
    id: request.id,
    prev: request.prev,
    epoch,
    lineage: request.lineage,
    state: request.state,
    flow: place.flow,
    entity: place.entity,
    watermark: goesOn.watermark,
    boundary: goesOn.withBoundary && before && sameFiles(before.files, kept) ? before.boundary : null,
    schema: before?.schema ?? null,
    ...totals(kept),
    files: kept,
    ...(before?.quarantine ? { quarantine: before.quarantine } : {}),
    ...(nothing ? { nothing } : {}),
    ...(before?.madeTable === undefined ? {} : { madeTable: before.madeTable }),
    ...(before ? { earlier: [...new Set([...(before.earlier ?? []), before.lineage])] } : {}),
  };
}

/**
 * The head’s files that exist completely. A file that was moved within the folder is recognised by its name, because names are used only once.
 * A file that was moved to another partition does not count, because its folder defines values of its rows.
 */
export function filesStillThere(before: FilesHead, present: ReadonlyMap<string, FileInfo>, place: FilePlace): ListedFile[] {
  const byName = new Map<string, string>();
  for (const path of present.keys()) if (partOwner(place, path) !== undefined) byName.set(lastSegment(path), path);
  return before.files.flatMap((file) => {
    const path = present.has(file.name) ? file.name : byName.get(lastSegment(file.name));
    const whole = path !== undefined && present.get(path)?.bytes === file.bytes;
    return whole && (path === file.name || inSamePartition(file, path)) ? [{ ...file, name: path }] : [];
  });
}

/** The listed files with their current looks. For an edited file, the current content counts, so the number and the range of its rows are unknown. */
async function asTheyAre(files: FileSystem, kept: readonly ListedFile[], present: ReadonlyMap<string, FileInfo>): Promise<ListedFile[]> {
  const now: ListedFile[] = [];
  for (const file of kept) {
    const compared = looksChanged(file, present.get(file.name)) ? await compareContent(files, file) : undefined;
    if (compared?.found === 'changed') {
      const { min: _min, max: _max, unmarked: _unmarked, ...rest } = file;
      now.push(withLooks({ ...rest, rows: null, role: 'data', checksum: compared.checksum ?? '' }, compared.looks));
    } else now.push(withLooks(file, compared?.looks));
  }
  return now;
}

function sameFiles(before: readonly ListedFile[], now: readonly ListedFile[]): boolean {
  return before.length === now.length && now.every(({ checksum }, i) => checksum === before[i]?.checksum);
}

/**
 * All existing files. Without a head it is unknown which files had settled, so all files are adopted and count as settled. But files that
 * hygge published in deeper folders belong to another entity, so a full load of this entity must not remove them.
 */
function everythingThere({ present, place }: Facts, own: string | undefined): ListedFile[] {
  // If `partition_by` has changed, own files may be in other folders than new files.
  const isOthers = (name: string) => {
    const owner = partOwner(place, name);
    return owner !== undefined && owner.lineage !== own && !liesDirectly(place, name);
  };
  return [...present].map(([name, { bytes }]) => {
    const partition = partitionOf(place, name);
    return { name, bytes, rows: null, role: isOthers(name) ? 'foreign' : 'data', ...(partition ? { partition } : {}) };
  });
}

function inSamePartition({ name, partition }: ListedFile, path: string): boolean {
  return partition === undefined || JSON.stringify(hivePairs(name)) === JSON.stringify(hivePairs(path));
}

function nothingLeft({ files, place }: Destination, head: FilesHead): StoreError {
  return new StoreError({
    code: 'HYG-4103',
    what: `None of the ${head.files.length} settled files is in ${files.url}/${place.folder} any more.`,
    why: [`The first file is ${head.files[0]?.name}. A run that continued from their watermark would never load their rows again.`],
    tryThis: ['Put the files back where they were', 'Or load everything again: hygge reset without --adopt, then hygge go'],
  });
}

// ---- a decided commit that is refused permanently, or that a person gave up

export async function giveUpFiles(
  at: Destination,
  intent: Intent,
  { reason, how }: { readonly reason: CommitRefusalReason; readonly how: 'unseen' | 'by force' },
): Promise<GiveUpOutcome> {
  const standing = positionOf(await retry(() => at.log.read()), intent);
  const isSeen = at.heads.shows === 'files';
  if (standing === 'prev' && how === 'unseen' && isSeen && !(await isTokenTaken(at.files, intent))) return 'visible';
  const moved = standing === 'prev' ? await moveToFence(at, intent, reason) : standing;
  return moved === 'fence' ? { removed: await removeAll(at, intent) } : moved;
}

/**
 * Whether the token was published. Discarding consumes the token’s staged file, and publishing consumes it too. So the token can only be discarded or
 * published, never both. After the discard, the final name shows permanently whether the token was published (H30).
 */
async function isTokenTaken(files: FileSystem, intent: Intent): Promise<boolean> {
  const token = tokenOf(intent);
  if (token === undefined) return false;
  await retry(() => files.discard(token));
  return !(await isPublishedWhole(files, token));
}

type HeadPosition = 'prev' | 'fence' | 'committed' | 'fenced';

function positionOf(now: HeadAt | undefined, intent: Intent): HeadPosition {
  const id = now?.head.id ?? null;
  if (id === intent.id) return 'committed';
  if (id === fenceHeadId(intent)) return 'fence';
  return id === intent.prev ? 'prev' : 'fenced';
}

/** Moves the head from `prev` to the fence by a conditional move. Only one of the two moves can happen: this move, or the move from `prev` to the intent. */
async function moveToFence(at: Destination, intent: Intent, reason: CommitRefusalReason): Promise<Exclude<HeadPosition, 'prev'>> {
  const { place, log } = at;
  const moved = await moveHead(log, await retry(() => log.read()), noFiles, (now) => {
    const standing = positionOf(now, intent);
    if (standing !== 'prev') return { ended: standing };
    return { to: fenceAfter(now?.head, intent, { place, reason }) };
  });
  return typeof moved === 'string' ? moved : 'fence';
}

/** The fence: a head with the same files for readers, and the same position from which runs continue. */
function fenceAfter(
  before: FilesHead | undefined,
  intent: Intent,
  { place: { flow, entity }, reason }: { readonly place: FilePlace; readonly reason: CommitRefusalReason },
): FilesHead {
  const nothing = { flow, entity, ...totals([]), files: [] };
  return { ...(before ?? nothing), ...headOfRefusal(before ?? null, intent, reason) };
}

/** Removes all files of an intent: staged files first, so that no late publish can restore a file (H33). Returns the names of published files that the head does not list. */
async function removeAll({ files, place, log }: Destination, intent: Intent): Promise<readonly string[]> {
  await discardStaged(files, stagingOf(place, intent.epoch, intent.lineage));
  const listed = new Set((await retry(() => log.read()))?.head.files.map(({ name }) => name));
  const own = intent.parts.map(stagedFile).filter(({ final }) => !listed.has(final));
  const there = await mapConcurrent(own, async (file) => {
    const isThere = file.over ? await isPublishedWhole(files, file) : (await retry(() => files.stat(file.final))) !== undefined;
    return isThere ? file.final : undefined;
  });
  const published = there.filter((final) => final !== undefined);
  await mapConcurrent(published, (final) => retry(() => files.remove(final)));
  return published;
}
