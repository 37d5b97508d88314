import { FileNotFound } from '../../ports/filesystem.ts';
import type { Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { findConnector } from '../../registry.ts';

export type Listing = Pick<WorkspaceFiles, 'list'>;

/** A folder in a container, with how to sign in there. */
export interface RemoteFolder {
  readonly type: string;
  readonly config: unknown;
}

/**
 * What lies directly in a folder of a container, as a disk would list it. Object stores have no folders, so all files below are listed:
 * a request for every thousand or so.
 */
export async function listingOf(
  { type, config }: RemoteFolder,
  around: { readonly network: Network; readonly random: Random },
): Promise<Listing> {
  const remote = (await findConnector(type))?.remote;
  return {
    async list(dir) {
      const found = new Map<string, boolean>();
      for await (const { path } of remote?.list?.(config, around) ?? []) {
        const cut = path.indexOf('/');
        found.set(cut === -1 ? path : path.slice(0, cut), cut !== -1);
      }
      if (found.size === 0) throw new FileNotFound(dir);
      return [...found].map(([name, directory]) => ({ name, directory }));
    },
  };
}
