/** Opens a home that is a Delta table, on any file system. */
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Home } from '../../engine/contracts/home.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { deltaHome } from '../delta/home.ts';
import type { DeltaHomeConfig } from './config.ts';
import { rowsPerFrame, withRowKeys } from './open.ts';

/** The folder of a table. */
export interface TableFolder {
  readonly files: FileSystem;
  /** The whole disk, container or bucket with the table. */
  readonly container: () => Promise<FileSystem>;
  /** The address of the table, for messages and for the state’s binding. */
  readonly where: string;
}

export function deltaHomeOf(config: DeltaHomeConfig, opening: Opening, folder: TableFolder): Home {
  const { where, columns = null, exclude = null, version, timestamp } = config;
  const home = deltaHome({
    ...folder,
    asked: version !== undefined ? { version } : timestamp !== undefined ? { timestamp } : null,
    pinned: opening.pinned,
    readsFeed: opening.changeFeed !== undefined,
    rowKey: opening.rowKey,
    entity: `${opening.flow}.${opening.entity}`,
    frameRows: Math.min(config.batch_size ?? rowsPerFrame, rowsPerFrame),
    ...(where === undefined ? { columns, exclude } : { columns: null, exclude: null }),
    clock: opening.clock,
    scratch: opening.scratch,
  });
  return withRowKeys(home, config);
}
