/** Other entities whose heads list files of this place. Looked for only where an entity without a head finds files. */
import { retry } from '../../ports/retry.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { Destination } from './destination.ts';
import type { FilesHead, HeadKind } from './head/head-log.ts';
import { headKinds } from './head/kinds.ts';
import { recordsFolder } from './layout.ts';

/** By entity, the files of `present` that its head lists; entities that list none of them are left out. */
export async function listedByOthers(
  at: Destination,
  present: ReadonlyMap<string, unknown>,
): Promise<readonly { readonly key: EntityKey; readonly names: readonly string[] }[]> {
  const found: { key: EntityKey; names: string[] }[] = [];
  for await (const { folder, kind } of headsAround(at)) {
    const head = await retry(() => kind.readIn(at.files, folder));
    const root = folder.slice(0, folder.lastIndexOf('_hygge/'));
    const names = head?.files.map(({ name }) => `${root}${name}`).filter((name) => present.has(name)) ?? [];
    if (head && names.length > 0) found.push({ key: keyOf(head), names });
  }
  return found;
}

/** Folders of records with a head: those of the store's root, and of stores further in. */
async function* headsAround({ files, place, heads }: Destination): AsyncGenerator<{ readonly folder: string; readonly kind: HeadKind }> {
  const kinds = new Set([heads, ...headKinds]);
  const seen = new Set([recordsFolder(place)]);
  const inside = place.file === undefined ? [place.folder] : [];
  for (const around of ['_hygge', ...inside]) {
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
