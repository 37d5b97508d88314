import { FileNotFound } from '../../ports/filesystem.ts';
import type { Network } from '../../ports/network.ts';
import type { Random } from '../../ports/random.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { findConnector } from '../../registry.ts';
import { tableOfLog } from '../../workspace/sides/delta-folders.ts';
import { tablesOnDisk } from './delta-tables.ts';

export type Listing = Pick<WorkspaceFiles, 'list'>;

/** A folder in a container, with its sign-in. */
export interface RemoteFolder {
  readonly type: string;
  readonly config: unknown;
}

/** A folder, with its Delta tables. */
export interface FolderListing extends Listing {
  /** The folders of the tables, relative to `dir`; '' is the folder itself. */
  tables(dir: string): Promise<readonly string[]>;
}

/** A folder of this machine's disks. */
export function listingOnDisk(files: Listing): FolderListing {
  return { list: (dir) => files.list(dir), tables: (dir) => tablesOnDisk(dir, files) };
}

/**
 * The direct content of a folder in a container, as a disk would list it. Object stores have no folders, so all files below the folder are listed. A
 * request lists about a thousand files. `tables` returns the tables that `list` found.
 */
export async function listingOf(
  { type, config }: RemoteFolder,
  around: { readonly network: Network; readonly random: Random },
): Promise<FolderListing> {
  const remote = (await findConnector(type))?.remote;
  const tables = new Set<string>();
  return {
    async list(dir) {
      const found = new Map<string, boolean>();
      for await (const { path } of remote?.list?.(config, around) ?? []) {
        const cut = path.indexOf('/');
        found.set(cut === -1 ? path : path.slice(0, cut), cut !== -1);
        const table = tableOfLog(path);
        if (table !== undefined) tables.add(table);
      }
      if (found.size === 0) throw new FileNotFound(dir);
      return [...found].map(([name, directory]) => ({ name, directory }));
    },
    tables: async () => [...tables].sort(),
  };
}
