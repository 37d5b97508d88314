/** The files in an entity's folder. */
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
  // For an empty folder the head is not needed. The caller that requested the head gets its failure.
  listed.catch(() => undefined);
  const present = new Map<string, FileInfo>();
  for await (const info of filesAt(files, place))
    if ((await listed).has(info.path) || isData(place, info.path)) present.set(info.path, info);
  return present;
}

/** Data that this entity did not settle, in a place where only it settles. A file with a name of hygge's may be just being published or removed. */
export function straysIn(head: FilesHead, present: ReadonlyMap<string, unknown>, place: FilePlace): readonly string[] {
  const listed = new Set(head.files.map(({ name }) => name));
  const lineages = new Set<string | undefined>([head.lineage, ...(head.earlier ?? [])]);
  // A file with a name of hygge's form may be another entity's, or a copy. An own file that is not listed is debris, which a commit removes.
  const isStray = (path: string): boolean =>
    !listed.has(path) && isData(place, path) && liesDirectly(place, path) && !lineages.has(partOwner(place, path)?.lineage);
  return [...present.keys()].filter(isStray);
}
