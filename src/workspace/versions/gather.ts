import { posix } from 'node:path';
import { ConfigError } from '../../errors/hygge-error.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import type { Workspace } from '../load/load.ts';
import { isDotEnv } from '../read/dot-env.ts';
import { quoted } from '../yaml/problems.ts';
import { staysInside, type VersionFiles } from './content.ts';

/** The files of a workspace, as written: exactly the files that were read when the workspace was loaded. A hidden file is not included. If the config needs a hidden file, throws a ConfigError. */
export async function gatherVersion(workspace: Pick<Workspace, 'root' | 'files'>, files: WorkspaceFiles): Promise<VersionFiles> {
  // `.env` files are left out, because the app’s settings have the values of variables.
  const paths = workspace.files.filter((path) => !isDotEnv(path));
  for (const path of paths) if (!staysInside(path)) throw cannotGo(path);
  const texts = await Promise.all(paths.map(async (path) => [path, await files.read(posix.join(workspace.root, path))] as const));
  return new Map(texts);
}

function cannotGo(path: string): ConfigError {
  const isHidden = path.split('/').some((segment) => segment.startsWith('.') && segment !== '..');
  return new ConfigError({
    code: 'HYG-1934',
    what: `The config uses ${isHidden ? 'the hidden file' : 'the file'} ${quoted(path)}, and ${isHidden ? 'hidden files are not pushed' : 'its name cannot be pushed'}.`,
    tryThis: [
      isHidden ? 'Rename the file and its folder, without a leading dot.' : 'Use a plain name, in the folder of hygge.yml or below.',
    ],
  });
}
