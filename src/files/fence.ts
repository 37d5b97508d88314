/** `reset`: the head moves to a fence that lists what is really there; then everything staged before it goes. protocol.md 2.13, H14. */
import { StoreError } from '../errors/hygge-error.ts';
import type { FileSystem } from '../ports/filesystem.ts';
import { insist } from '../ports/outcome.ts';
import type { Json } from '../ports/values.ts';
import { epochOfFinal, type FilePlace, headPath, isHidden, ownerOfStaged, stagingFolder } from './layout.ts';
import { encodeManifest, type Manifest, type ManifestFile, readManifest, totals } from './manifest.ts';

export interface FenceRequest {
  readonly prev: string | null;
  readonly id: string;
  readonly lineage: string;
  readonly above: number;
  readonly state: string;
  readonly keep: boolean;
}

export async function fenceFiles(files: FileSystem, place: FilePlace, request: FenceRequest): Promise<Manifest | 'moved'> {
  const staged = await listStaged(files, place);
  const now = await insist(() => readManifest(files, place));
  if (now?.manifest.id === request.id) {
    // The answer was lost: what was left to do is done now.
    for (const file of staged) await insist(() => files.discard(file));
    return now.manifest;
  }
  if ((now?.manifest.id ?? null) !== request.prev) return 'moved';
  const present = await listPresent(files, place);
  const seen = [...staged.map((file) => file.epoch), ...[...present.keys()].map((path) => epochOfFinal(place, path) ?? 0)];
  const epoch = Math.max(request.above, now?.manifest.epoch ?? 0, ...seen) + 1;
  const fence = fenceManifest(request, { before: now?.manifest, present, place, epoch });
  if (request.keep && now && now.manifest.files.length > 0 && fence.files.length === 0) throw nothingLeft(files, place, now.manifest);
  const put = await files.put(headPath(place), encodeManifest(fence), now ? { ifMatch: now.etag } : { ifNoneMatch: '*' });
  if (put.outcome === 'refused') return 'moved';
  for (const file of staged) await insist(() => files.discard(file));
  return fence;
}

interface Facts {
  readonly before: Manifest | undefined;
  readonly present: ReadonlyMap<string, number>;
  readonly place: FilePlace;
  readonly epoch: number;
}

function fenceManifest(request: FenceRequest, facts: Facts): Manifest {
  const { before, place, epoch } = facts;
  const files = before ? stillThere(before, facts) : everythingThere(facts);
  return {
    version: 1,
    id: request.id,
    prev: request.prev,
    epoch,
    lineage: request.lineage,
    state: request.state,
    flow: place.flow,
    entity: place.entity,
    watermark: before?.watermark ?? null,
    boundary: before && before.files.length === files.length ? before.boundary : null,
    schema: before?.schema ?? null,
    ...totals(files),
    files,
  };
}

/** The head's files that are there, whole; one that was moved within the folder is known by its name, which was used only once. */
function stillThere(before: Manifest, { present, place }: Facts): ManifestFile[] {
  const byName = new Map<string, string>();
  for (const path of present.keys()) if (epochOfFinal(place, path) !== undefined) byName.set(lastSegment(path), path);
  return before.files.flatMap((file) => {
    const path = present.has(file.name) ? file.name : byName.get(lastSegment(file.name));
    return path !== undefined && present.get(path) === file.bytes ? [{ ...file, name: path }] : [];
  });
}

/** Without a head nobody knows which files were settled: all of them are taken over, and count as settled from now on. */
function everythingThere({ present, place }: Facts): ManifestFile[] {
  return [...present].map(([name, bytes]) => ({
    name,
    bytes,
    rows: null,
    role: 'data',
  }));
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function nothingLeft(files: FileSystem, place: FilePlace, head: Manifest): StoreError {
  return new StoreError({
    code: 'HYG-4103',
    what: `None of the ${head.files.length} settled files is in ${files.url}/${place.folder} any more.`,
    why: [`The first of them is ${head.files[0]?.name}. To go on from their watermark would leave their rows out for good.`],
    tryThis: ['Put the files back where they were', 'Or load everything again: hygge reset without --adopt, then hygge go'],
  });
}

interface StagedEntry {
  readonly staged: string;
  readonly epoch: number;
  readonly handle?: Json;
}

async function listStaged(files: FileSystem, place: FilePlace): Promise<StagedEntry[]> {
  const found: StagedEntry[] = [];
  for await (const file of files.staged(stagingFolder(place)))
    found.push({ ...file, epoch: ownerOfStaged(place, file.staged)?.epoch ?? 0 });
  return found;
}

async function listPresent(files: FileSystem, place: FilePlace): Promise<Map<string, number>> {
  const present = new Map<string, number>();
  for await (const file of files.list(place.folder)) if (!isHidden(place.folder, file.path)) present.set(file.path, file.bytes);
  return present;
}
