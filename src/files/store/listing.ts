/** Lists the files in an entity’s folder. */
import type { FileInfo, FileSystem } from '../../ports/filesystem.ts';
import type { FilesHead } from './head/head-log.ts';
import { type FilePlace, filesAt, isData, liesDirectly, partOwner } from './layout.ts';

/** Every file that a reader of the folder would treat as data, or that the head lists, as a listing shows it. The head may still be a promise. */
export async function presentFiles(
  files: FileSystem,
  place: FilePlace,
  head: FilesHead | undefined | Promise<FilesHead | undefined>,
): Promise<Map<string, FileInfo>> {
  const listed = Promise.resolve(head).then((found) => new Set(found?.files.map((file) => file.name)));
  // If the folder is empty, the head is not needed, so its failure is ignored here. The caller that requested the head still gets the error.
  listed.catch(() => undefined);
  const present = new Map<string, FileInfo>();
  for await (const info of filesAt(files, place))
    if ((await listed).has(info.path) || isData(place, info.path)) present.set(info.path, info);
  return present;
}

/** Data files of other programs in the folders where only this entity settles. Files with a name in hygge’s form are left out, because they may be just published or removed. */
export function straysIn(head: FilesHead, present: ReadonlyMap<string, unknown>, place: FilePlace): readonly string[] {
  const listed = new Set(head.files.map(({ name }) => name));
  const lineages = new Set<string | undefined>([head.lineage, ...(head.earlier ?? [])]);
  // A file with a name in hygge’s form may belong to another entity, or be a copy. An own file that is not listed is a leftover, which a commit removes.
  const isStray = (path: string): boolean =>
    !listed.has(path) && isData(place, path) && liesDirectly(place, path) && !lineages.has(partOwner(place, path)?.lineage);
  return [...present.keys()].filter(isStray);
}
