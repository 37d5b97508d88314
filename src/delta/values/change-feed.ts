/** The change feed of a table, by the protocol. */
import type { DeltaMetadata } from '../table.ts';

/** The column for the kind of change of a row. */
export const changeTypeColumn = '_change_type';

/** The columns that readers of a feed add. */
export const columnsOfFeed: ReadonlySet<string> = new Set([changeTypeColumn, '_commit_version', '_commit_timestamp']);

/** Whether readers may query the rows that each version changes. */
export const hasFeed = ({ configuration }: Pick<DeltaMetadata, 'configuration'>): boolean =>
  configuration['delta.enableChangeDataFeed']?.toLowerCase() === 'true';
