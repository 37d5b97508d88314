import type { ConfigBlob, ConfigBlobs } from '../../ports/config-blobs.ts';
import type { Instant } from '../../ports/values.ts';
import { held } from './flip.ts';
import { moves, versionName, versionsFolder } from './version-blobs.ts';

/** The shortest time that a version is kept, even if `keep` is shorter. A run keeps the version with which it began, and may wait and retry for days. */
const leastMs = 7 * 86_400_000;

/**
 * Removes versions that have not been current for `keepMs` (at least a week), and equally old moves. A run keeps the version that was current when it
 * began. So a version's age counts from the time when it ceased to be current, on the clock of the storage. Every removal is conditional on the listed
 * etag. If a command makes an old version current, it first writes the version again, so that a removal at the same time fails. Returns the number of
 * removed versions.
 */
export async function prune(blobs: ConfigBlobs, keepMs: number): Promise<number> {
  // Versions are listed before the pointer is read. So if a version becomes current after the listing, it has a newer etag, and the removal fails.
  const versions: ConfigBlob[] = [];
  for await (const blob of blobs.list(versionsFolder)) versions.push(blob);
  const history = await moves(blobs);
  const current = await held(blobs);
  if (current === undefined) return 0;
  const cutoff = new Date(Date.parse(blobs.now()) - Math.max(keepMs, leastMs)).toISOString();
  const lastCurrent = new Map<string, Instant>();
  let followedAt = current.move.pushed_at;
  for (const { move, blob } of history) {
    if (move.move === current.move.move) continue;
    if (!lastCurrent.has(move.id)) lastCurrent.set(move.id, followedAt);
    if (followedAt < cutoff) await blobs.remove(blob.name, blob.etag);
    followedAt = move.pushed_at;
  }
  let removed = 0;
  for (const { name, etag, modifiedAt } of versions) {
    const id = name.slice(versionsFolder.length).replace(/\.json$/, '');
    const since = lastCurrent.get(id) ?? modifiedAt;
    if (name === versionName(current.move.id) || since >= cutoff || modifiedAt >= cutoff) continue;
    await blobs.remove(name, etag);
    removed += 1;
  }
  return removed;
}
