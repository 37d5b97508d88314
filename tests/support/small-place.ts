import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';

/** A file system of so many megabytes, until the tests of a `describe` are over; undefined: nobody may make one here. */
export function smallPlace(megabytes: number): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'hygge-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  afterAll(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** A file that another test has just written may keep the mount busy for a moment. */
export async function remount(place: string | undefined, how: 'ro' | 'rw'): Promise<void> {
  await vi.waitFor(() => execFileSync('mount', ['-o', `remount,${how}`, place ?? '']), { timeout: 60_000, interval: 200 });
}
