import { readdir, readFile, stat } from 'node:fs/promises';
import { FileNotFound } from '../ports/filesystem.ts';
import { NotUtf8, type WorkspaceFiles } from '../ports/workspace-files.ts';

/** The workspace's files on this machine's disks. */
export const workspaceFiles: WorkspaceFiles = {
  async list(dir) {
    const entries = await found(dir, readdir(dir, { withFileTypes: true }));
    return Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        directory: entry.isSymbolicLink() ? await leadsToFolder(`${dir}/${entry.name}`) : entry.isDirectory(),
      })),
    );
  },

  async read(path) {
    const bytes = await found(path, readFile(path));
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new NotUtf8(path);
    }
  },
};

async function found<T>(path: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new FileNotFound(path);
    throw error;
  }
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
