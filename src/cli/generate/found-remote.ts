import { realRandom } from '../../adapters/real-random.ts';
import { FileNotFound } from '../../ports/outcome.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { findFilesSystem } from '../../registry.ts';
import type { RemoteFolder } from './flow-as-written.ts';

type Listing = Pick<WorkspaceFiles, 'list'>;

/**
 * What lies directly in a folder of a container, as a disk would list it. Object stores have no folders, so all files below are listed:
 * a request for every thousand or so.
 */
export async function listingOf({ type, config }: RemoteFolder): Promise<Listing> {
  const system = await findFilesSystem(type);
  if (system === undefined) throw new Error(`${type} is no system of files`);
  const files = await system.open(config, config.path, { random: realRandom() });
  return {
    async list(dir) {
      const found = new Map<string, boolean>();
      for await (const { path } of files.list('')) {
        const cut = path.indexOf('/');
        found.set(cut === -1 ? path : path.slice(0, cut), cut !== -1);
      }
      if (found.size === 0) throw new FileNotFound(dir);
      return [...found].map(([name, directory]) => ({ name, directory }));
    },
  };
}
