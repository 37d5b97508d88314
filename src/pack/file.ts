import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file for a package. */
export interface PackFile {
  /** The path in the package, with `/` between segments. */
  readonly path: string;
  readonly bytes: number;
  read(): Promise<Uint8Array>;
}

export function textFile(path: string, text: string): PackFile {
  const body = new TextEncoder().encode(text);
  return { path, bytes: body.byteLength, read: async () => body };
}

export function bytesFile(path: string, body: Uint8Array): PackFile {
  return { path, bytes: body.byteLength, read: async () => body };
}

/** Every file below a folder. Links are left out, because a package contains only its own files. */
export async function filesBelow(folder: string): Promise<readonly PackFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const at = join(entry.parentPath, entry.name);
        const path = at.slice(folder.length + 1).replaceAll('\\', '/');
        return { path, bytes: (await stat(at)).size, read: () => readFile(at) };
      }),
  );
}
