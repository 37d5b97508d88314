import { FileNotFound } from '../ports/filesystem.ts';
import type { WorkspaceFiles } from '../ports/workspace-files.ts';

/**
 * The files of a version as a workspace at `root`, an absolute path with `/` between segments: in memory, independent of the files on the disk. @param
 * files text by path, relative to the root
 */
export function versionFiles(root: string, files: ReadonlyMap<string, string>): WorkspaceFiles {
  const top = root === '/' ? '' : root;
  const folders = new Map<string, Map<string, boolean>>([[root, new Map()]]);
  for (const path of files.keys()) {
    const segments = path.split('/');
    for (const [at, name] of segments.entries()) {
      const folder = [top, ...segments.slice(0, at)].join('/') || '/';
      const inside = folders.get(folder) ?? new Map<string, boolean>();
      inside.set(name, at < segments.length - 1);
      folders.set(folder, inside);
    }
  }
  return {
    async list(dir) {
      const inside = folders.get(dir);
      if (inside === undefined) throw new FileNotFound(dir);
      return [...inside].map(([name, directory]) => ({ name, directory }));
    },
    async read(path) {
      const text = path.startsWith(`${top}/`) ? files.get(path.slice(top.length + 1)) : undefined;
      if (text === undefined) throw new FileNotFound(path);
      return text;
    },
  };
}
