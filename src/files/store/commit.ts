/** The commit of file stores: publish, record, move the head, remove what it replaces. protocol.md 2.7 (flat and hierarchical alike). */
import type { Part, Step } from '../../engine/contracts/contracts.ts';
import type { CommitOutcome, Intent } from '../../engine/contracts/intent.ts';
import { DefectError } from '../../errors/hygge-error.ts';
import type { FileSystem, FoundStaged, StagedFile } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { mustBeOpen, retry } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import { commitPath, type FilePlace, headPath, isData, liesDirectly, ownerOfFinal, stagingOf } from './layout.ts';
import { encodeManifest, type FileTarget, type Manifest, manifestAfter, type ReadManifest, readManifest, stagedFile } from './manifest.ts';
import { looksOf } from './settled-content.ts';

/** Parts published per step, so that a step stays short however many there are. */
const partsPerStep = 64;

export async function commitFiles(
  files: FileSystem,
  place: FilePlace,
  intent: Intent,
  cursor: Json | undefined,
): Promise<Step<CommitOutcome>> {
  const from = typeof cursor === 'number' ? cursor : 0;
  const [before, isThere] = await Promise.all([
    retry(() => readManifest(files, place)),
    from > 0 || everythingIsThere(files, place, intent),
  ]);
  if (before?.manifest.id === intent.id) {
    await cleanUp(files, place, intent, before.manifest);
    return { done: 'already' };
  }
  if ((before?.manifest.id ?? null) !== intent.prev) return { done: 'fenced' };

  if (!isThere) return { done: await settleLoss(files, place, intent) };
  const batch = intent.parts.slice(from, from + partsPerStep);
  // The source is used up by publishing: a late zombie finds it gone and can bring nothing back (H21).
  const published = await Promise.all(batch.map((part) => retry(() => files.publish(stagedFile(part)))));
  if (published.includes('gone')) return { done: await settleLoss(files, place, intent) };
  const looks = new Map<string, string>();
  if (!(await arePublishedWhole(files, batch, looks))) return { done: await settleLoss(files, place, intent) };
  if (from + partsPerStep < intent.parts.length) return { again: from + partsPerStep };

  // Steps before this one have seen the earlier parts; how they look goes into the head with the others.
  for (let i = 0; i < from; i += partsPerStep)
    if (!(await arePublishedWhole(files, intent.parts.slice(i, Math.min(from, i + partsPerStep)), looks)))
      return { done: await settleLoss(files, place, intent) };
  await putRecord(files, place, intent);
  const moved = await moveHead(files, place, intent, { before, looks });
  if (moved === 'fenced') return { done: 'fenced' };
  await cleanUp(files, place, intent, moved);
  return { done: 'committed' };
}

/**
 * H15: never publish less than was intended. Sizes tell what was cut or emptied since it was staged, before publishing and again after it;
 * content was checksummed and made durable when it was staged.
 */
async function everythingIsThere(files: FileSystem, place: FilePlace, intent: Intent): Promise<boolean> {
  const waiting = new Map<string, number | undefined>();
  for await (const { staged, bytes } of files.staged(stagingOf(place, intent.epoch, intent.lineage))) waiting.set(staged, bytes);
  // Where the system can't tell how large a staged file is, the look after publishing decides.
  const isStagedWhole = ({ staged, bytes }: StagedFile) => (waiting.get(staged) ?? bytes) === bytes;
  for (let i = 0; i < intent.parts.length; i += partsPerStep) {
    const some = intent.parts.slice(i, i + partsPerStep).map(stagedFile);
    const whole = await Promise.all(some.map((file) => (waiting.has(file.staged) ? isStagedWhole(file) : isPublishedWhole(files, file))));
    if (whole.includes(false)) return false;
  }
  return true;
}

async function isPublishedWhole(files: FileSystem, file: StagedFile): Promise<boolean> {
  return (await retry(() => files.stat(file.final)))?.bytes === file.bytes;
}

/** @param looks takes down how they look: what looks otherwise later is no longer known to be what settled. */
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

/** A part that is not there whole, neither staged nor published: lost, unless the head has moved on meanwhile, which is no loss at all. */
async function settleLoss(files: FileSystem, place: FilePlace, intent: Intent): Promise<CommitOutcome> {
  const now = await retry(() => readManifest(files, place));
  if (now?.manifest.id === intent.id) return 'already';
  return (now?.manifest.id ?? null) === intent.prev ? 'parts lost' : 'fenced';
}

/** History: what each commit added and removed. An "exists" is compared by id, never taken for mine. */
async function putRecord(files: FileSystem, place: FilePlace, intent: Intent): Promise<void> {
  const path = commitPath(place, intent.epoch, intent.id);
  const { removes } = intent.target as unknown as FileTarget;
  const record = {
    version: 1,
    id: intent.id,
    prev: intent.prev,
    epoch: intent.epoch,
    lineage: intent.lineage,
    entity_run_id: intent.entityRunId,
    mode: intent.mode,
    watermark: intent.settles.watermark,
    rows: intent.settles.rows,
    adds: intent.parts.map((part) => stagedFile(part).final),
    removes,
  };
  const body = new TextEncoder().encode(`${JSON.stringify(record, null, 1)}\n`);
  const put = await retry(() => files.put(path, body, { ifNoneMatch: '*' }));
  if (put.outcome === 'written') return;
  const found = await retry(() => files.get(path));
  const id = found ? (JSON.parse(new TextDecoder().decode(found.body)) as { id?: unknown }).id : undefined;
  if (id !== intent.id)
    throw new DefectError({
      code: 'HYG-9002',
      what: `${path} is the record of another commit (${String(id)}).`,
      tryThis: ['Report this: two commits must never share a name'],
    });
}

/** The one write that decides what is visible: prev → id, conditional on the head as read, which is `before` or whatever it became. */
async function moveHead(
  files: FileSystem,
  place: FilePlace,
  intent: Intent,
  { before, looks }: { readonly before: ReadManifest | undefined; readonly looks: ReadonlyMap<string, string> },
): Promise<Manifest | 'fenced'> {
  let unknown = 0;
  for (let now = before; ; now = await retry(() => readManifest(files, place))) {
    if (now?.manifest.id === intent.id) return now.manifest;
    if ((now?.manifest.id ?? null) !== intent.prev) return 'fenced';
    const next = manifestAfter(now?.manifest, intent, looks);
    try {
      const put = await files.put(headPath(place), encodeManifest(next), now ? { ifMatch: now.etag } : { ifNoneMatch: '*' });
      if (put.outcome === 'written') return next;
    } catch (error) {
      // Unknown: the head itself tells, and while it still reads prev the same conditional write is sent again.
      mustBeOpen(error, ++unknown);
    }
  }
}

/** New data is visible; what it replaces goes, and whatever a crash left (2.10), and what other attempts staged in this epoch. */
async function cleanUp(files: FileSystem, place: FilePlace, intent: Intent, head: Manifest): Promise<void> {
  const { removes, links = {} } = intent.target as unknown as FileTarget;
  const names = [...new Set(removes.map((name) => links[name] ?? name))];
  await Promise.all([removeStrays(files, place, head, names), discardStaged(files, stagingOf(place, intent.epoch, intent.lineage))]);
}

async function discardStaged(files: FileSystem, folder: string): Promise<void> {
  const left: FoundStaged[] = [];
  for await (const file of files.staged(folder)) left.push(file);
  await mapConcurrent(left, (file) => retry(() => files.discard(file)));
}

/**
 * Removes what the head does not list of `names` and of the files that this destination's own lineages published: dead for ever. What another
 * workspace or entity published in the same folder carries another lineage.
 */
export async function removeStrays(files: FileSystem, place: FilePlace, head: Manifest, names: readonly string[]): Promise<void> {
  const listed = new Set(head.files.map((file) => file.name));
  const lineages = new Set([head.lineage, ...(head.earlier ?? [])]);
  const doomed = new Set(names.filter((name) => !listed.has(name)));
  for await (const { path, behind } of files.list(place.folder)) {
    if (behind !== undefined || listed.has(path) || !isData(place, path) || !liesDirectly(place, path)) continue;
    const { epoch, lineage = '' } = ownerOfFinal(place, path) ?? {};
    if (!lineages.has(lineage)) continue;
    if (epoch !== undefined && epoch <= head.epoch) doomed.add(path);
  }
  await mapConcurrent([...doomed], (path) => retry(() => files.remove(path)));
}
