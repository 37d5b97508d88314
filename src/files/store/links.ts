/** Links inside a destination lead to files that do not belong to hygge. Such files are read with the other files, but never removed. */

import { storeCodes } from '../../errors/codes/store.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { type FilePlace, filesAt, isData, partOwner } from './layout.ts';

/**
 * For each file of `doomed` that is behind a linked folder, the link. The link is removed instead of the file, because the target must stay. If this
 * destination’s own lineages published a part, the part is removed even behind a link, because only hygge uses its name. Throws StoreError HYG-4305 if
 * files that are kept are behind the same link.
 */
export async function linksToRemove(
  files: FileSystem,
  place: FilePlace,
  { doomed, lineages, where }: { readonly doomed: readonly string[]; readonly lineages: ReadonlySet<string>; readonly where: string },
): Promise<Readonly<Record<string, string>>> {
  // Only local disks have links.
  if (doomed.length === 0 || files.localPath === undefined) return {};
  const isOwn = (path: string) => lineages.has(partOwner(place, path)?.lineage ?? '');
  const going = new Set(doomed);
  const links = new Map<string, string>();
  const kept = new Map<string, string>();
  for await (const { path, behind } of filesAt(files, place)) {
    if (behind === undefined) continue;
    if (!going.has(path) && isData(place, path)) kept.set(behind, path);
    if (going.has(path) && !isOwn(path)) links.set(path, behind);
  }
  for (const [path, link] of links) {
    const other = kept.get(link);
    if (other !== undefined) throw sharedLink({ path, link, other, where });
  }
  return Object.fromEntries(links);
}

function sharedLink({ path, link, other, where }: { path: string; link: string; other: string; where: string }): StoreError {
  return new StoreError({
    code: 'HYG-4305',
    what: `${path} in ${where} must be deleted, but is behind the link ${link}, and other files stay there.`,
    why: [`${other} is one of these files. hygge never deletes the target of a link. Without the link, the other files would be lost too.`],
    tryThis: storeCodes['HYG-4305'].tryThis,
  });
}
