import { isInside } from '../sides/paths.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import type { SettledEntity } from './flow.ts';

/** A workspace that is no folder, such as a version in blob storage: nothing can be relative to it. `root` is a name, not a place. */
export function checkRootless(settled: readonly SettledEntity[], root: string, problems: Problems): void {
  for (const one of settled) {
    for (const side of ['home', 'store'] as const) {
      const { disk, spot } = one[side];
      if (disk === undefined || !isInside(root, disk)) continue;
      problems.add({
        code: 'HYG-1080',
        what: `The ${side} of ${quoted(`${one.spec.flow}.${one.spec.entity}`)} is a path relative to the folder of hygge.yml, and the cloud has no workspace folder.`,
        why: ['The config comes from blob storage, and HYGGE_ROOT is not set.'],
        tryThis: [
          side === 'home' ? 'Read from a home in the cloud instead.' : 'Settle in a store in the cloud instead.',
          'Or set HYGGE_ROOT to a folder of the machine that runs the app: relative paths begin there.',
        ],
        spot,
      });
    }
  }
}
