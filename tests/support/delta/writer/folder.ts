/** Where a foreign committer keeps a table. Paths are relative to the table. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

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
