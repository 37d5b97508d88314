/** Finds other entities whose heads list files in the folder of an entity. Such entities are searched only if an entity without a head finds files. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { Destination } from './destination.ts';
import type { FilesHead, HeadKind } from './head/head-log.ts';
import { headKinds } from './head/kinds.ts';
import { lastSegment, lineageOf, recordsFolder } from './layout.ts';

/**
 * For each other entity, the files of `present` that its head lists. Entities without such files are left out. @param above the folders above the store’s
 * root, from the inside out. These folders are searched if a file has a name in hygge’s form but no head in the root lists the file.
 */
export async function listedByOthers(
  at: Destination,
  present: ReadonlyMap<string, unknown>,
  above: () => Promise<readonly FileSystem[]> = async () => [],
): Promise<readonly { readonly key: EntityKey; readonly names: readonly string[] }[]> {
  const found: { key: EntityKey; names: string[] }[] = [];
  for await (const { folder, kind } of headsAround(at)) {
    const head = await retry(() => kind.readIn(at.files, folder));
    const root = folder.slice(0, folder.lastIndexOf('_hygge/'));
    const names = head?.files.map(({ name }) => `${root}${name}`).filter((name) => present.has(name)) ?? [];
    if (head && names.length > 0) found.push({ key: keyOf(head), names });
  }
  const told = new Set(found.flatMap(({ names }) => names));
  const settled = [...present.keys()].filter((path) => !told.has(path) && lineageOf(path) !== undefined);
  return settled.length === 0 ? found : [...found, ...(await listedAbove(settled, await above()))];
}

/** The entities with heads in folders above. File names are used only once, so a name identifies a file in any root. If hygge has no right to read a folder above, the folder is skipped: the right to a folder often does not include the folders above. */
async function listedAbove(settled: readonly string[], above: readonly FileSystem[]) {
  const byName = new Map(settled.map((path) => [lastSegment(path), path]));
  const found: { key: EntityKey; names: string[] }[] = [];
  for (const files of above) {
    try {
      for await (const { folder, kind } of headsBelow(files, headKinds, ['_hygge'])) {
        const head = await retry(() => kind.readIn(files, folder));
        const names = head?.files.flatMap(({ name }) => byName.get(lastSegment(name)) ?? []) ?? [];
        if (head && names.length > 0) found.push({ key: keyOf(head), names });
      }
    } catch (error) {
      if (!(error instanceof HyggeError) || error.transient) throw error;
    }
    if (found.length > 0) break;
  }
  return found;
}

/** Folders of records that have a head, in the store’s root and in nested stores. */
async function* headsAround({ files, place, heads }: Destination): AsyncGenerator<FolderOfRecords> {
  const own = recordsFolder(place);
  const inside = place.file === undefined ? [place.folder] : [];
  for await (const found of headsBelow(files, new Set([heads, ...headKinds]), ['_hygge', ...inside])) if (found.folder !== own) yield found;
}

interface FolderOfRecords {
  readonly folder: string;
  readonly kind: HeadKind;
}

async function* headsBelow(files: FileSystem, kinds: Iterable<HeadKind>, folders: readonly string[]): AsyncGenerator<FolderOfRecords> {
  const seen = new Set<string>();
  for (const around of folders) {
    for await (const { path } of files.list(around)) {
      for (const kind of kinds) {
        const folder = kind.folderOf(path);
        if (folder === undefined || seen.has(folder)) continue;
        seen.add(folder);
        yield { folder, kind };
      }
    }
  }
}

function keyOf({ flow, entity }: FilesHead): EntityKey {
  return { flow, entity };
}
