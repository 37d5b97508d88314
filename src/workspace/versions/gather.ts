import { posix } from 'node:path';
import { ConfigError } from '../../errors/hygge-error.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import type { Workspace } from '../load/load.ts';
import { isDotEnv } from '../read/dot-env.ts';
import { quoted } from '../yaml/problems.ts';
import { staysInside, type VersionFiles } from './content.ts';

/** The files of a workspace, as written: exactly those that were read to load it. Hidden files are not included: if the config needs one, that is a ConfigError. */
export async function gatherVersion(workspace: Pick<Workspace, 'root' | 'files'>, files: WorkspaceFiles): Promise<VersionFiles> {
  // Values of variables come from the app's settings instead.
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
      isHidden ? 'Rename it, and the folder it is in, without a leading dot.' : 'Use a plain name, in the folder of hygge.yml or below.',
    ],
  });
}
