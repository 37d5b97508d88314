import { realRandom } from '../../adapters/real-random.ts';
import { FileNotFound } from '../../ports/filesystem.ts';
import type { Network } from '../../ports/network.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { findConnector } from '../../registry.ts';
import type { RemoteFolder } from './flow-as-written.ts';

type Listing = Pick<WorkspaceFiles, 'list'>;

/**
 * What lies directly in a folder of a container, as a disk would list it. Object stores have no folders, so all files below are listed:
 * a request for every thousand or so.
 */
export async function listingOf({ type, config }: RemoteFolder, network: Network): Promise<Listing> {
  const remote = (await findConnector(type))?.remote;
  return {
    async list(dir) {
      const found = new Map<string, boolean>();
      for await (const { path } of remote?.list?.(config, { random: realRandom(), network }) ?? []) {
        const cut = path.indexOf('/');
        found.set(cut === -1 ? path : path.slice(0, cut), cut !== -1);
      }
      if (found.size === 0) throw new FileNotFound(dir);
      return [...found].map(([name, directory]) => ({ name, directory }));
    },
  };
}
