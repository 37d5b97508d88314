/** `reset`: the head moves to a fence that lists what is really there; then everything staged before it goes. protocol.md 2.13, H14. */
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
  readonly flow: string;
  readonly entity: string;
}

export async function fenceFiles(files: FileSystem, place: FilePlace, request: FenceRequest): Promise<Manifest | 'moved'> {
  const staged = await listStaged(files, place);
  const now = await insist(() => readManifest(files, place));
  if (now?.manifest.id === request.id) return now.manifest;
  if ((now?.manifest.id ?? null) !== request.prev) return 'moved';
  const present = await listPresent(files, place);

  const seen = [...staged.map((file) => file.epoch), ...[...present.keys()].map((path) => epochOfFinal(place, path) ?? 0)];
  const epoch = Math.max(request.above, now?.manifest.epoch ?? 0, ...seen) + 1;
  const fence = fenceManifest(request, { before: now?.manifest, present, place, epoch });
  const put = await files.put(headPath(place), encodeManifest(fence), now ? { ifMatch: now.etag } : { ifNoneMatch: '*' });
  if (put.outcome === 'refused') return 'moved';

  for (const file of staged) await insist(() => files.discard(file));
  const listed = new Set(fence.files.map((file) => file.name));
  for (const path of present.keys()) {
    if (!listed.has(path) && epochOfFinal(place, path) !== undefined) await insist(() => files.remove(path));
  }
  return fence;
}

/** With a head: its files that are still there, whole. Without one: all that a reader would take for data, half commits of hygge excepted. */
function fenceManifest(
  request: FenceRequest,
  facts: { before: Manifest | undefined; present: ReadonlyMap<string, number>; place: FilePlace; epoch: number },
): Manifest {
  const { before, present, place, epoch } = facts;
  const files: ManifestFile[] = before
    ? before.files.filter((file) => present.get(file.name) === file.bytes)
    : [...present]
        .filter(([name]) => epochOfFinal(place, name) === undefined)
        .map(([name, bytes]) => ({ name, bytes, rows: null, role: 'foreign' }));
  return {
    version: 1,
    id: request.id,
    prev: request.prev,
    epoch,
    lineage: request.lineage,
    state: request.state,
    flow: request.flow,
    entity: request.entity,
    watermark: before?.watermark ?? null,
    boundary: before && before.files.length === files.length ? before.boundary : null,
    schema: before?.schema ?? null,
    ...totals(files),
    files,
  };
}

async function listStaged(files: FileSystem, place: FilePlace) {
  const found: Array<{ staged: string; epoch: number; handle?: Json }> = [];
  for await (const file of files.staged(stagingFolder(place)))
    found.push({ ...file, epoch: ownerOfStaged(place, file.staged)?.epoch ?? 0 });
  return found;
}

async function listPresent(files: FileSystem, place: FilePlace): Promise<Map<string, number>> {
  const present = new Map<string, number>();
  for await (const file of files.list(place.folder)) if (!isHidden(place.folder, file.path)) present.set(file.path, file.bytes);
  return present;
}
