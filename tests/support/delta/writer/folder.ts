/**
 * Where a foreign committer keeps a table: a folder of this machine (`diskFolder`), or of any filesystem of hygge's (`folderIn`), such as one on Azurite or radosgw.
 * Paths are relative to the table.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { FileSystem } from '../../../../src/ports/filesystem.ts';

export interface TableFolder {
  /** Makes a file; false: there is one of that name, and it stays. */
  create(path: string, body: Uint8Array): Promise<boolean>;
  /** Makes a file, or another content of it. */
  replace(path: string, body: Uint8Array): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  remove(path: string): Promise<void>;
  /** Every file below a folder; '' is the table. */
  list(folder: string): Promise<readonly string[]>;
}

export function diskFolder(root: string): TableFolder {
  const write = (path: string, body: Uint8Array, flag: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), body, { flag });
  };
  return {
    async create(path, body) {
      if (existsSync(join(root, path))) return false;
      write(path, body, 'wx');
      return true;
    },
    replace: async (path, body) => write(path, body, 'w'),
    read: async (path) => readFileSync(join(root, path)),
    remove: async (path) => rmSync(join(root, path), { force: true }),
    async list(folder) {
      const below = join(root, folder);
      if (!existsSync(below)) return [];
      return readdirSync(below, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .sort();
    },
  };
}

/** @param folder of the table in the filesystem; '' is its root. */
export function folderIn(files: FileSystem, folder: string): TableFolder {
  const whole = (path: string): string => [folder, path].filter((part) => part !== '').join('/');
  return {
    create: async (path, body) => (await files.put(whole(path), body, { ifNoneMatch: '*' })).outcome === 'written',
    async replace(path, body) {
      const there = await files.get(whole(path));
      const condition = there ? { ifMatch: there.etag } : ({ ifNoneMatch: '*' } as const);
      const { outcome } = await files.put(whole(path), body, condition);
      if (outcome === 'refused') throw new Error(`${path} was written by another at the same time`);
    },
    read: (path) => files.read(whole(path)),
    remove: (path) => files.remove(whole(path)),
    async list(below) {
      const found: string[] = [];
      const skipped = folder === '' ? 0 : folder.length + 1;
      for await (const { path } of files.list(whole(below))) found.push(path.slice(skipped));
      return found.sort();
    },
  };
}
