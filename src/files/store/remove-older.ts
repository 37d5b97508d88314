import type { FileSystem } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import { retry } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';

/**
 * Removes files of a folder that were last modified before a moment; returns the number of removed
 * files. Files behind a link stay. @param kept returns the names of other files that stay; called
 * only if a file is old enough.
 */
export async function removeOlder(
  files: FileSystem,
  folder: string,
  before: Instant,
  kept: () => Promise<ReadonlySet<string>> = async () => new Set(),
): Promise<number> {
  const old: string[] = [];
  for await (const { path, modifiedAt, behind } of files.list(folder)) if (modifiedAt < before && behind === undefined) old.push(path);
  if (old.length === 0) return 0;
  const names = await kept();
  const over = old.filter((path) => !names.has(path));
  await mapConcurrent(over, (path) => retry(() => files.remove(path)));
  return over.length;
}
