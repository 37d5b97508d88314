import { resolve } from 'node:path';
import { realHost } from '../../adapters/real-host.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { configBlobs } from '../../assembly/config-versions.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { readWorkspace } from '../../workspace/read/read.ts';
import type { VersionsRequest } from '../../workspace/versions/versions.ts';
import { collectProblems } from '../../workspace/yaml/problems.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

export interface ConfigFlags extends CommonFlags {
  /** The value of `--container`. */
  readonly container?: string | undefined;
}

/** The versions that a command works on, and the user who runs the command. If the current folder is in a workspace, its `.env` is read. */
export async function openVersions(flags: ConfigFlags, surroundings: Surroundings): Promise<VersionsRequest> {
  const env = await environmentOf(flags, surroundings);
  const { USER, USERNAME, LOGNAME } = surroundings.environment;
  const by = `${USER ?? USERNAME ?? LOGNAME ?? 'somebody'}@${realHost().self.host}`;
  return { blobs: await configBlobs(env, surroundings.network, flags.container), random: realRandom(), by };
}

/** The variables of the process. If a variable is not set, the `.env` of the workspace around the current folder may set it. */
export async function environmentOf(flags: CommonFlags, surroundings: Surroundings): Promise<Surroundings['environment']> {
  const set = Object.entries(surroundings.environment).filter(([, value]) => value !== undefined);
  return { ...(await dotEnv(flags, surroundings)), ...Object.fromEntries(set) };
}

async function dotEnv(flags: CommonFlags, surroundings: Surroundings): Promise<Surroundings['environment']> {
  const directory = resolve(surroundings.directory, flags.directory ?? '.');
  const { HYGGE_TARGET } = surroundings.environment;
  try {
    const found = await findWorkspace(workspaceFiles, directory);
    const wanted = { looking: true, wanted: () => false, target: flags.target };
    return (await readWorkspace(workspaceFiles, found, { HYGGE_TARGET }, collectProblems(), wanted)).env;
  } catch {
    // Unset variables are no error here, since a missing variable is reported when it is used.
    return {};
  }
}
