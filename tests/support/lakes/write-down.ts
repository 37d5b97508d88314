import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes what lies below a folder of a lake to a folder of this machine. */
export async function writeDown(files: Iterable<readonly [path: string, content: Uint8Array]>, folder: string, to: string): Promise<void> {
  const prefix = folder === '' ? '' : `${folder}/`;
  for (const [path, content] of files) {
    if (!path.startsWith(prefix)) continue;
    const at = join(to, path.slice(prefix.length));
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, content);
  }
}
