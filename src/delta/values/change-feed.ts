/** The change feed of a table, as the protocol has it. */
import type { DeltaMetadata } from '../table.ts';

/** The column of its files that says what happened to a row. */
export const changeTypeColumn = '_change_type';

/** The columns that readers of a feed add. */
export const columnsOfFeed: ReadonlySet<string> = new Set([changeTypeColumn, '_commit_version', '_commit_timestamp']);

/** Whether readers may ask which rows each version changes. */
export const hasFeed = ({ configuration }: Pick<DeltaMetadata, 'configuration'>): boolean =>
  configuration['delta.enableChangeDataFeed']?.toLowerCase() === 'true';
