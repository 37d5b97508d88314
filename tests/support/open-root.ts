import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The checkout under a path that any user may walk to. A clone often lies in a folder of its owner's alone (`mktemp -d`), where a test that
 * becomes nobody could not even start its program; then it is mounted once more, elsewhere.
 */
export function openRoot(root: string): { readonly path: string; readonly close: () => void } {
  const asIs = { path: root, close: () => {} };
  if (process.getuid?.() !== 0 || isOpen(root)) return asIs;
  const path = mkdtempSync(join(tmpdir(), 'hygge-open-'));
  if (spawnSync('mount', ['--bind', root, path]).status !== 0) {
    rmdirSync(path);
    return asIs;
  }
  return {
    path,
    close: () => {
      spawnSync('umount', ['-l', path]);
      rmdirSync(path);
    },
  };
}

function isOpen(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
