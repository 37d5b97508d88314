/** Other entities whose heads list files of this place. Looked for only where an entity without a head finds files. */
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { EntityKey } from '../../ports/values.ts';
import { type FilePlace, headPath } from './layout.ts';
import { type Manifest, parseManifest } from './manifest.ts';

/** By entity, the files of `present` that its head lists; entities that list none of them are left out. */
export async function listedByOthers(
  files: FileSystem,
  place: FilePlace,
  present: ReadonlyMap<string, unknown>,
): Promise<readonly { readonly key: EntityKey; readonly names: readonly string[] }[]> {
  const found: { key: EntityKey; names: string[] }[] = [];
  for await (const path of headsAround(files, place)) {
    const body = await retry(() => files.get(path));
    const head = body && parseManifest(new TextDecoder().decode(body.body), `${files.url}/${path}`);
    const root = path.slice(0, path.lastIndexOf('_hygge/'));
    const names = head?.files.map(({ name }) => `${root}${name}`).filter((name) => present.has(name)) ?? [];
    if (head && names.length > 0) found.push({ key: keyOf(head), names });
  }
  return found;
}

/** Those of the store's root, and of stores further in. */
async function* headsAround(files: FileSystem, place: FilePlace): AsyncGenerator<string> {
  const seen = new Set([headPath(place)]);
  const inside = place.file === undefined ? [place.folder] : [];
  for (const folder of ['_hygge', ...inside]) {
    for await (const { path } of files.list(folder)) {
      if (seen.has(path) || !/(^|\/)_hygge\/[^/]+\/[^/]+\/current\.json$/.test(path)) continue;
      seen.add(path);
      yield path;
    }
  }
}

function keyOf({ flow, entity }: Manifest): EntityKey {
  return { flow, entity };
}
