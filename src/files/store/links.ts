/** Links inside a destination lead to files that are not hygge's: these are read with the rest, and never removed. */

import { storeCodes } from '../../errors/codes/store.ts';
import { StoreError } from '../../errors/hygge-error.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { type FilePlace, filesAt, isData, partOwner } from './layout.ts';

/**
 * Which of `doomed` are behind a linked folder, with the link that is removed instead, because its target stays. Parts that this destination's own lineages published are removed wherever they were moved: only hygge uses their names.
 * Throws StoreError HYG-4305 if other files that are kept are behind the same link.
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
    what: `${path} in ${where} must be deleted, but it is behind the link ${link}, where other files stay.`,
    why: [`${other} is one of them. hygge never deletes the target of a link. Without the link, the other files would be lost too.`],
    tryThis: storeCodes['HYG-4305'].tryThis,
  });
}
