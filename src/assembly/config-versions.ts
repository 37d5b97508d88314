import { resolve } from 'node:path';
import { ConfigError } from '../errors/hygge-error.ts';
import { settingIn } from '../errors/unresolved-setting.ts';
import type { ConfigBlobs } from '../ports/config-blobs.ts';
import type { Network } from '../ports/network.ts';
import type { WorkspaceFiles } from '../ports/workspace-files.ts';
import { slashed } from '../workspace/read/find.ts';
import type { BlobPlace } from '../workspace/versions/place.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A version of the config, as input of the loader: `loadWorkspace({ ...opened, env, date, connectors })`. */
export interface OpenedVersion {
  /** SHA-256 of the version, in hex: a run is pinned to it, and the journal may record it. */
  readonly id: string;
  readonly files: WorkspaceFiles;
  /** The base of relative paths: `HYGGE_ROOT`, or a name that is not a folder. */
  readonly directory: string;
  readonly rootless: boolean;
  /** The workspace's target of the version; undefined: the workspace has no targets. */
  readonly target?: string;
}

/** A placeholder for the base of relative paths, if no folder is set. */
const noFolder = '/workspace-in-blob-storage';

/**
 * A version of the config in the storage of the function app. Throws HYG-5303 when no version has the id, or no version was pushed yet; the errors of
 * `configBlobs`; HYG-5301 and HYG-5302 when the stored version is invalid. @param env contains the storage (`HYGGE_CONFIG`, or the settings of
 * `AzureWebJobsStorage`), and `HYGGE_ROOT` @param id of the version that a run has pinned, or the current one @example const opened = await
 * openConfigVersion(env, network, 'current');
 */
export async function openConfigVersion(env: Environment, network: Network, id: string | 'current'): Promise<OpenedVersion> {
  const [{ readVersion }, { versionFiles }, blobs] = await Promise.all([
    import('../workspace/versions/versions.ts'),
    import('../adapters/version-files.ts'),
    configBlobs(env, network),
  ]);
  const version = await readVersion(blobs, id);
  const root = settingIn(env, 'HYGGE_ROOT') ?? '';
  const directory = root === '' ? noFolder : slashed(resolve(root));
  const target = version.target === null ? {} : { target: version.target };
  return { id: version.id, files: versionFiles(directory, version.files), directory, rootless: root === '', ...target };
}

/** The container with the versions. @param given the address from the command line, which overrides the environment */
export async function configBlobs(env: Environment, network: Network, given?: string): Promise<ConfigBlobs> {
  const [{ configPlace }, { azureConfigBlobs }] = await Promise.all([
    import('../workspace/versions/place.ts'),
    import('../adapters/azure-config-blobs.ts'),
  ]);
  const place = configPlace(env, given);
  if (place.kind === 'blob') return await azureConfigBlobs(place satisfies BlobPlace, network);
  throw new ConfigError({
    code: 'HYG-1932',
    what: `${JSON.stringify(place.path)} is a folder, but versions of the config are kept in a blob container.`,
    why: [given === undefined ? 'HYGGE_CONFIG names this folder.' : 'The command line names this folder.'],
    tryThis: ['Name the container: https://<account>.blob.core.windows.net/hygge-config'],
  });
}

/** Where the function app reads its config: the folder in `HYGGE_CONFIG`, else versions in blob storage. */
export async function configIsFolder(env: Environment): Promise<string | null> {
  const { configPlace } = await import('../workspace/versions/place.ts');
  const place = configPlace(env);
  return place.kind === 'folder' ? place.path : null;
}
