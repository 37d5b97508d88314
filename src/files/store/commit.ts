/** The commit of file stores: it publishes the parts, writes the record, moves the head, and removes replaced files. protocol.md 2.7, for flat and hierarchical storage. */
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

/** The number of parts that are published per step, so that a step stays short for any number of parts. */
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

/** The counts of a merge, which are known only when the head moves; the head keeps them. Undefined: the planned counts are right, or another commit has followed. */
async function countsOf({ log }: Destination, { id, target }: Intent, head: FilesHead): Promise<Counts | undefined> {
  if ((target as unknown as FileChanges).merge === undefined) return undefined;
  if (head.counts !== undefined) return head.counts;
  const now = (await retry(() => log.read()))?.head;
  return now?.id === id ? now.counts : undefined;
}

/** The token: the part that is published first and alone. If the staged file of the token is removed before it is published, the whole commit stops. A data part is preferred. */
export function tokenOf({ parts }: Intent): StagedFile | undefined {
  const part = parts.find(({ role }) => role !== 'quarantine') ?? parts[0];
  return part && stagedFile(part);
}

/** The outcome of the intent according to the current head: committed, refused by its fence, or overtaken. Undefined: the head is still `prev`. */
function endedIn(now: HeadAt | undefined, intent: Intent): FilesHead | 'given up' | 'fenced' | undefined {
  if (now?.head.id === intent.id) return now.head;
  if (now?.head.id === fenceHeadId(intent)) return 'given up';
  return (now?.head.id ?? null) === intent.prev ? undefined : 'fenced';
}

/** Runs until the head has moved, and returns the new head. */
async function publish(
  at: Destination,
  intent: Intent,
  { before, from }: { readonly before: HeadAt | undefined; readonly from: number },
): Promise<Step<FilesHead | CommitOutcome>> {
  const { files, log } = at;
  const token = tokenOf(intent);
  // H32: no other part is published before the token was seen published. A step that continues has already seen the token published.
  if (token && from === 0 && (await retry(() => files.publish(token))) === 'gone') return { done: await settleLoss(at, intent) };
  const batch = intent.parts.slice(from, from + partsPerStep);
  // Publishing consumes the staged file, so a late process does not find the staged file and can’t publish it again (H21).
  const others = batch.map(stagedFile).filter(({ staged }) => staged !== token?.staged);
  const published = await allOf(others.map((file) => retry(() => files.publish(file))));
  if (published.includes('gone')) return { done: await settleLoss(at, intent) };
  const looks = new Map<string, string>();
  if (!(await arePublishedWhole(files, batch, looks))) return { done: await settleLoss(at, intent) };
  if (from + partsPerStep < intent.parts.length) return { again: from + partsPerStep };

  // Earlier steps have published the earlier parts. The looks of their files are read now, so that the head has the looks of all parts.
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

/** Waits for all promises, so that after a failure no other publish is still running. */
async function allOf<T>(all: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(all);
  return Promise.all(all);
}

/** The outcome after an error. If the system refuses permanently and no part is visible: `refused`. If the system refuses permanently and a part is visible: `stuck`. Any other error is thrown, because a repeat may succeed. */
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
 * Whether all parts exist (H15), so that a commit never publishes only some of its parts. Sizes show whether a file was cut or emptied
 * since it was staged, so they are checked before and after publishing. The content was checksummed and made durable at staging. `isAll`:
 * no other file is staged in this epoch.
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

/** Whether a file is published completely. A reused name may still have earlier content, so the content is compared. */
export async function isPublishedWhole(files: FileSystem, file: StagedFile): Promise<boolean> {
  if ((await retry(() => files.stat(file.final)))?.bytes !== file.bytes) return false;
  const { final: name, bytes, checksum } = file;
  return !file.over || (await compareContent(files, { name, bytes, checksum, rows: null, role: 'data' })).found === 'same';
}

/** Whether all parts are published completely. @param looks receives the looks of the files. If a file looks different later, its content may have changed since it settled. */
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

/** The outcome if a part is incomplete both in staging and under its final name. The part is lost, unless the head has moved in the meantime. */
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
  /** Whether all files that were staged in this epoch were published. If an attempt stages a file later, the next claim removes it. */
  readonly isAll: boolean;
}

/** Cleans up after the new rows are visible: removes replaced files, files that a crash left (2.10), and files of other attempts in this epoch. */
async function cleanUp(at: Destination, { intent, head, isAll }: CommittedIntent): Promise<void> {
  const { files, place, heads } = at;
  const { removes, links = {} } = intent.target as unknown as FileChanges;
  const own = recordsFolder(place);
  // Parts that only name keys to delete are not needed after the commit.
  const deleted = intent.parts.filter(({ role }) => role === 'deleted').map((part) => stagedFile(part).final);
  const goes = heads.shows === 'files' ? removes : [...removes, ...deleted].filter((name) => name.startsWith(`${own}/`));
  const names = [...new Set(goes.map((name) => links[name] ?? name))];
  // Each epoch decides only once. So in the first epoch of a lineage, no crash can have left a file of an earlier commit.
  const isFirst = intent.prev === null && intent.epoch === 1 && names.length === 0;
  await Promise.all([
    isFirst ? undefined : removeStrays(at, head, names),
    isAll ? undefined : discardStaged(files, stagingOf(place, intent.epoch, intent.lineage)),
  ]);
}

/**
 * Removes every file that the head does not list, if it is in `names` or if this destination’s lineages have published it. No later
 * head will list them. Files of other workspaces or entities in the same folder have another lineage, so they stay.
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
