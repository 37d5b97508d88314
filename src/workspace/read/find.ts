import { posix, sep } from 'node:path';
import { ConfigError } from '../../errors/hygge-error.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';

export interface FoundWorkspace {
  /** The absolute folder of hygge.yml. */
  readonly root: string;
  /** The name of the file: `hygge.yml` or `hygge.yaml`. */
  readonly file: string;
  /** Files of targets next to hygge.yml (`hygge.prod.yml`), by the target’s name. A target has two files if a `.yaml` file exists too. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
}

/**
 * Looks for hygge.yml in `directory` (absolute) and every folder above it. Throws a ConfigError that names the searched folders. A missing `directory` is a
 * separate error, so that a mistyped folder never finds the workspace above.
 */
export async function findWorkspace(files: WorkspaceFiles, directory: string): Promise<FoundWorkspace> {
  const start = slashed(directory);
  const searched: string[] = [];
  for (let folder = start; ; folder = posix.dirname(folder)) {
    searched.push(folder);
    const names = await namesIn(files, folder, folder === start);
    const [file, another] = ['hygge.yml', 'hygge.yaml'].filter((name) => names.has(name));
    if (another !== undefined) throw new ConfigError({ code: 'HYG-1008', ...duplicateFile(folder, 'hygge') });
    if (file !== undefined) return { root: folder, file, targets: targetsAmong(names) };
    if (posix.dirname(folder) === folder) break;
  }
  throw new ConfigError({
    code: 'HYG-1001',
    what: 'There is no hygge.yml in this folder, nor in any folder above.',
    why: [`Searched: ${searched.join(', ')}`],
    tryThis: ['Run `hygge init` to start a workspace in this folder.', 'Or go to a workspace, or point to one with `-C DIR`.'],
  });
}

/** @param name the file’s name without its ending. */
export const duplicateFile = (folder: string, name: string) => ({
  what: `There are ${name}.yml and ${name}.yaml in ${folder}.`,
  why: ['hygge would read only one of the two.'],
  tryThis: ['Keep one of the two files.'] as const,
});

function targetsAmong(names: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const targetOf = (name: string) => /^hygge\.([^.]+)\.ya?ml$/.exec(name)?.[1] ?? '';
  return Map.groupBy([...names].filter((name) => targetOf(name) !== '').sort(), targetOf);
}

async function namesIn(files: WorkspaceFiles, folder: string, mustBeThere: boolean): Promise<ReadonlySet<string>> {
  try {
    return new Set((await files.list(folder)).filter((entry) => !entry.directory).map((entry) => entry.name));
  } catch (error) {
    // Folders above may be unreadable; the requested folder must exist and be readable.
    if (!mustBeThere) return new Set();
    throw new ConfigError({
      code: error instanceof FileNotFound ? 'HYG-1001' : 'HYG-1002',
      what: error instanceof FileNotFound ? `There is no folder ${folder}.` : `The folder ${folder} cannot be read.`,
      tryThis: ['Check the path given with `-C`, or the folder you are in, and its permissions.'],
      cause: error,
    });
  }
}

/** A path with `/` between its segments and no `/` at the end. */
export function slashed(path: string): string {
  const one = sep === '/' ? path : path.replaceAll(sep, '/');
  return one.length > 1 ? one.replace(/\/+$/, '') || '/' : one;
}
