import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Set: the bundle is built when a test first starts hygge. In a run of few files, most of which start none, that saves the most. */
export const buildsLate = process.env.HYGGE_BUNDLE === 'late';

/** Builds dist/hygge.js unless it is fresh. Why it could not be built; '' when it was. */
export function buildBundle(root: string): string {
  const result = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--if-stale'], { encoding: 'utf8' });
  return result.status === 0 ? '' : `hygge could not be built:\n${result.stderr}`;
}
