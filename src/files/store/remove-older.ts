import type { FileSystem } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';

/** Removes files of a folder that were last modified before a moment; answers how many. What lies behind a link stays, and so do files of these names. */
export async function removeOlder(
  files: FileSystem,
  folder: string,
  before: Instant,
  kept: ReadonlySet<string> = new Set(),
): Promise<number> {
  const over: string[] = [];
  for await (const { path, modifiedAt, behind } of files.list(folder))
    if (modifiedAt < before && behind === undefined && !kept.has(path)) over.push(path);
  await mapConcurrent(over, (path) => retry(() => files.remove(path)));
  return over.length;
}
