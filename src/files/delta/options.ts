/** The options of a home that is a Delta table, and the facts that it pins. */

import type { DeltaMetadata, DeltaProtocol, DeltaSnapshot } from '../../delta/table.ts';
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { Json } from '../../ports/values.ts';

/** The version that a config names. */
export type AskedVersion = { readonly version: number } | { readonly timestamp: string };

export interface DeltaHomeOptions {
  /** The folder of the table, which contains `_delta_log`. */
  readonly files: FileSystem;
  /** The whole disk, container or bucket, for files that the log names by absolute paths. */
  readonly container: () => Promise<FileSystem>;
  /** The address of the table, for messages and for the state’s binding. */
  readonly where: string;
  /** The requested version; null: the newest version. */
  readonly asked: AskedVersion | null;
  readonly pinned: Json | null;
  /** Whether the change feed is read instead of the table. */
  readonly readsFeed: boolean;
  readonly rowKey: Opening['rowKey'];
  /** The name of the entity, for messages. */
  readonly entity: string;
  readonly frameRows: number;
  readonly columns: readonly string[] | null;
  readonly exclude: readonly string[] | null;
  readonly clock: Clock;
  readonly scratch: Scratch;
}

/** The pinned part of a plan: the version that all of its slices read, so that no slice has to read the log. */
export interface PinnedTable extends Pick<DeltaSnapshot, 'version' | 'timestamp'> {
  readonly protocol: DeltaProtocol;
  readonly metadata: DeltaMetadata;
}

/** The facts about a table that settle with a run, so that a later run can recognise the table. */
export interface SettledTable extends PinnedTable {
  /** The result of `DeltaTable.mark` for the version. */
  readonly mark: string | null;
}

export const pinnedTable = (pinned: Json | null): SettledTable | null => pinned as unknown as SettledTable | null;

export function toPin({ version, timestamp, protocol, metadata }: PinnedTable, mark: string | null): Json {
  return { version, timestamp, protocol, metadata, mark } as unknown as Json;
}
