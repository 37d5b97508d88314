/** What lies in an entity's folder. */
import type { FileSystem } from '../ports/filesystem.ts';
import { type FilePlace, isData } from './layout.ts';
import type { Manifest } from './manifest.ts';

/** Every file that a reader of the folder would take for data, or that the head lists, with its size. */
export async function presentFiles(files: FileSystem, place: FilePlace, head: Manifest | undefined): Promise<Map<string, number>> {
  const listed = new Set(head?.files.map((file) => file.name));
  const present = new Map<string, number>();
  for await (const { path, bytes } of files.list(place.folder)) if (listed.has(path) || isData(place, path)) present.set(path, bytes);
  return present;
}
