/** The commit of file stores: publish, record, move the head, remove what it replaces. protocol.md 2.7 (flat and hierarchical alike). */
import type { Step } from '../../engine/contracts/frame.ts';
import { type CommitOutcome, fenceHeadId, type Intent } from '../../engine/contracts/intent.ts';
import type { Part } from '../../engine/contracts/store.ts';
import type { Counts } from '../../engine/contracts/writing.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { FileSystem, StagedFile } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import { defined, type Json } from '../../ports/values.ts';
import type { Destination } from './destination.ts';
import { type CommitRecord, type FilesHead, type HeadAt, lineagesOf, namesOf } from './head/head-log.ts';
import { type FileChanges, headAfter, moveHead } from './head/next-head.ts';
import { filesAt, isData, liesDirectly, partOwner, recordsFolder, stagingOf } from './layout.ts';
import { compareContent, looksOf } from './settled-content.ts';
import { discardStaged, stagedFile } from './staging/staged-parts.ts';

/** Parts published per step, so that a step stays short however many there are. */
const partsPerStep = 64;

export async function commitFiles(at: Destination, intent: Intent, cursor: Json | undefined): Promise<Step<CommitOutcome>> {
  const from = typeof cursor === 'number' ? cursor : 0;
  const [before, found] = await Promise.all([
    retry(() => at.log.read()),
    from > 0 ? ({ isThere: true, isAll: false } as const) : everythingIsThere(at, intent),
  ]);
  const ended = endedIn(before, intent) ?? (found.isThere ? undefined : await settleLoss(at, intent));
  const step = ended
    ? { done: ended }
    : await publish(at, intent, { before, from }).catch((error: unknown) => notCommitted(at, intent, error));
  if ('again' in step || typeof step.done === 'string' || 'outcome' in step.done) return step as Step<CommitOutcome>;
  await cleanUp(at, { intent, head: step.done, isAll: found.isAll && !ended });
  const outcome = ended ? 'already' : 'committed';
  const counts = await countsOf(at, intent, step.done);
  return { done: counts === undefined ? outcome : { outcome, counts } };
}

/** A merge knows its counts only when it moves the head, which keeps them. Undefined: the planned counts are right, or another commit has followed. */
async function countsOf({ log }: Destination, { id, target }: Intent, head: FilesHead): Promise<Counts | undefined> {
  if ((target as unknown as FileChanges).merge === undefined) return undefined;
  if (head.counts !== undefined) return head.counts;
  const now = (await retry(() => log.read()))?.head;
  return now?.id === id ? now.counts : undefined;
}

/** The token: the part that is published first and alone. If its staged file is removed before that, the whole commit stops. A data part is preferred. */
export function tokenOf({ parts }: Intent): StagedFile | undefined {
  const part = parts.find(({ role }) => role !== 'quarantine') ?? parts[0];
  return part && stagedFile(part);
}

/** The outcome of the intent by the current head: the intent itself, its fence, or something else. Undefined: the head is still `prev`. */
function endedIn(now: HeadAt | undefined, intent: Intent): FilesHead | 'given up' | 'fenced' | undefined {
  if (now?.head.id === intent.id) return now.head;
  if (now?.head.id === fenceHeadId(intent)) return 'given up';
  return (now?.head.id ?? null) === intent.prev ? undefined : 'fenced';
}

/** Runs until the head has moved, and returns that head. */
async function publish(
  at: Destination,
  intent: Intent,
  { before, from }: { readonly before: HeadAt | undefined; readonly from: number },
): Promise<Step<FilesHead | CommitOutcome>> {
  const { files, log } = at;
  const token = tokenOf(intent);
  // H32: nothing else before the token was seen published. A step that continues has seen it.
  if (token && from === 0 && (await retry(() => files.publish(token))) === 'gone') return { done: await settleLoss(at, intent) };
  const batch = intent.parts.slice(from, from + partsPerStep);
  // Publishing consumes the staged file: a late zombie process does not find it and can't publish it again (H21).
  const others = batch.map(stagedFile).filter(({ staged }) => staged !== token?.staged);
  const published = await allOf(others.map((file) => retry(() => files.publish(file))));
  if (published.includes('gone')) return { done: await settleLoss(at, intent) };
  const looks = new Map<string, string>();
  if (!(await arePublishedWhole(files, batch, looks))) return { done: await settleLoss(at, intent) };
  if (from + partsPerStep < intent.parts.length) return { again: from + partsPerStep };

  // Earlier steps have seen the earlier parts; their looks are added to the head with the others.
  for (let i = 0; i < from; i += partsPerStep)
    if (!(await arePublishedWhole(files, intent.parts.slice(i, Math.min(from, i + partsPerStep)), looks)))
      return { done: await settleLoss(at, intent) };
  await log.record(recordOf(intent));
  const { removes, sameRows = false, anew = false, merge, carried, rewritten, bounds } = intent.target as unknown as FileChanges;
  const moved = await moveHead<FilesHead | 'given up' | 'fenced' | 'unfinished'>(
    log,
    before,
    { removes, parts: intent.parts, sameRows, anew, ...defined({ merge, carried, rewritten, bounds }) },
    (now) => {
      const ended = endedIn(now, intent);
      return ended ? { ended } : { to: headAfter(now?.head, intent, looks) };
    },
    'unfinished',
  );
  return moved === 'unfinished' ? { again: intent.parts.length } : { done: moved };
}

/** After a failure, no other publish is still running. */
async function allOf<T>(all: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(all);
  return Promise.all(all);
}

/** Errors that the system refuses permanently: `refused` as long as nothing is visible, then `stuck`. Any other error may pass, and is thrown. */
async function notCommitted(
  { files, log, heads }: Destination,
  intent: Intent,
  error: unknown,
): Promise<{ readonly done: FilesHead | CommitOutcome }> {
  if (!(error instanceof HyggeError && (files.permanent?.has(error.code) || heads.refuses.has(error.code)))) throw error;
  const ended = endedIn(await retry(() => log.read()), intent);
  if (ended) return { done: ended };
  const token = tokenOf(intent);
  const isVisible = heads.shows === 'files' && (token === undefined || (await isPublishedWhole(files, token)));
  return { done: { outcome: isVisible ? 'stuck' : 'refused', because: error.toDetails() } };
}

/**
 * H15: never publish less than was intended. Sizes show whether a file was cut or emptied since it was staged; they are checked before and
 * after publishing. Content was checksummed and made durable at staging. `isAll`: nothing else is staged in this epoch.
 */
async function everythingIsThere(
  { files, place }: Destination,
  intent: Intent,
): Promise<{ readonly isThere: boolean; readonly isAll: boolean }> {
  const waiting = new Map<string, number | undefined>();
  for await (const { staged, bytes } of files.staged(stagingOf(place, intent.epoch, intent.lineage))) waiting.set(staged, bytes);
  // If the system does not show the size of a staged file, the check after publishing decides.
  const isStagedWhole = ({ staged, bytes }: StagedFile) => (waiting.get(staged) ?? bytes) === bytes;
  for (let i = 0; i < intent.parts.length; i += partsPerStep) {
    const some = intent.parts.slice(i, i + partsPerStep).map(stagedFile);
    const whole = await Promise.all(some.map((file) => (waiting.has(file.staged) ? isStagedWhole(file) : isPublishedWhole(files, file))));
    if (whole.includes(false)) return { isThere: false, isAll: false };
  }
  const intended = new Set(intent.parts.map((part) => stagedFile(part).staged));
  return { isThere: true, isAll: [...waiting.keys()].every((staged) => intended.has(staged)) };
}

/** A reused name has had other content before, so only the content decides. */
export async function isPublishedWhole(files: FileSystem, file: StagedFile): Promise<boolean> {
  if ((await retry(() => files.stat(file.final)))?.bytes !== file.bytes) return false;
  const { final: name, bytes, checksum } = file;
  return !file.over || (await compareContent(files, { name, bytes, checksum, rows: null, role: 'data' })).found === 'same';
}

/** @param looks records the looks of the files: a file that looks different later may have other content than what settled. */
async function arePublishedWhole(files: FileSystem, parts: readonly Part[], looks: Map<string, string>): Promise<boolean> {
  const whole = await Promise.all(
    parts.map(stagedFile).map(async ({ final, bytes }) => {
      const info = await retry(() => files.stat(final));
      if (info) looks.set(final, looksOf(info));
      return info?.bytes === bytes;
    }),
  );
  return !whole.includes(false);
}

/** A part that is complete neither in staging nor published: lost, unless the head has moved in the meantime. Then nothing is lost. */
async function settleLoss({ log }: Destination, intent: Intent): Promise<FilesHead | 'given up' | 'fenced' | 'parts lost'> {
  return endedIn(await retry(() => log.read()), intent) ?? 'parts lost';
}

/** The files and rows that the commit added and removed. */
function recordOf({ id, prev, epoch, lineage, entityRunId, mode, settles, parts, target }: Intent): CommitRecord {
  const { watermark, rows } = settles;
  const { removes } = target as unknown as FileChanges;
  const adds = parts.map((part) => stagedFile(part).final);
  return { id, prev, epoch, lineage, entityRunId, mode, watermark: watermark as unknown as Json, rows, adds, removes };
}

interface CommittedIntent {
  readonly intent: Intent;
  readonly head: FilesHead;
  /** Everything staged in this epoch was published. The next claim removes files that an attempt stages later. */
  readonly isAll: boolean;
}

/** New data is visible. Replaced files are removed, and so are files of a crash (2.10) and of other attempts in this epoch. */
async function cleanUp(at: Destination, { intent, head, isAll }: CommittedIntent): Promise<void> {
  const { files, place, heads } = at;
  const { removes, links = {} } = intent.target as unknown as FileChanges;
  const own = recordsFolder(place);
  // Rows that only name keys to delete have no use afterwards.
  const deleted = intent.parts.filter(({ role }) => role === 'deleted').map((part) => stagedFile(part).final);
  const goes = heads.shows === 'files' ? removes : [...removes, ...deleted].filter((name) => name.startsWith(`${own}/`));
  const names = [...new Set(goes.map((name) => links[name] ?? name))];
  // An epoch decides once, and this lineage had no epoch before the first: no crash can have left a file of it.
  const isFirst = intent.prev === null && intent.epoch === 1 && names.length === 0;
  await Promise.all([
    isFirst ? undefined : removeStrays(at, head, names),
    isAll ? undefined : discardStaged(files, stagingOf(place, intent.epoch, intent.lineage)),
  ]);
}

/**
 * Of `names` and of the files published by this destination's lineages, removes those that the head does not list: no head will. Files
 * of other workspaces or entities in the same folder have another lineage.
 */
export async function removeStrays({ files, place, heads }: Destination, head: FilesHead, names: readonly string[]): Promise<void> {
  const listed = namesOf(head.files);
  const lineages = lineagesOf(head);
  const doomed = new Set(names.filter((name) => !listed.has(name)));
  for await (const { path, behind } of heads.shows === 'files' ? filesAt(files, place) : []) {
    if (behind !== undefined || listed.has(path) || !isData(place, path) || !liesDirectly(place, path)) continue;
    const { epoch, lineage = '' } = partOwner(place, path) ?? {};
    if (!lineages.has(lineage)) continue;
    if (epoch !== undefined && epoch <= head.epoch) doomed.add(path);
  }
  await mapConcurrent([...doomed], (path) => retry(() => files.remove(path)));
}
