/** Passes whole row groups to a database that reads parquet itself. Their pages are put into a scratch file as they are in the source. */
import { type SpoolFile, scratchColumn, spoolFile } from '../../frames/values/scratch-parquet.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { FileColumn } from './footer-schema.ts';
import { physical } from './leaf-type.ts';
import { writePages } from './look.ts';
import { renamedLeaf } from './plain.ts';
import { nullsIn } from './statistics.ts';
import { hasCommonPages, type StoredRows } from './stored-rows.ts';

/** Whether all readers of parquet decode pages of the column to the same values. For instants, this is true only if they need no other unit. */
function isPlain({ type, flat, reading, physical: lies, plain }: FileColumn): boolean {
  if (!flat || plain.length !== 1 || (reading !== 'as is' && reading !== 'uuid from bytes')) return false;
  switch (type.kind) {
    case 'timestamp':
      return type.unit === 'us' && (type.zone === undefined || type.zone === 'UTC');
    case 'decimal':
      return lies === physical.int32 || lies === physical.int64 || lies === physical.fixed;
    default:
      return plainKinds.has(type.kind);
  }
}

const plainKinds: ReadonlySet<string> = new Set([
  ...['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'],
  ...['float32', 'float64', 'string', 'binary', 'uuid', 'date'],
]);

/** Whether another reader than Polars may read the pages. The types must be plain, all readers must support the form of the pages, and the footer must count nulls. */
function canBeSpooled(stored: StoredRows): boolean {
  const { columns } = stored.opened.schema;
  return (
    columns.every(isPlain) &&
    hasCommonPages(stored) &&
    stored.groups.every((group) => columns.every((one) => nullsIn(group, one) !== undefined))
  );
}

/** See `ParquetPages.spooled`. */
export async function spooledPages(stored: StoredRows, scratch: Scratch): Promise<SpoolFile | undefined> {
  if (!canBeSpooled(stored)) return undefined;
  const { opened } = stored;
  const columns = opened.schema.columns.map((column, place) => {
    const called = scratchColumn(place);
    return { ...column, name: called, plain: renamedLeaf(column.plain, called, column.type) };
  });
  const path = await scratch.path('.parquet');
  const file = spoolFile(path, scratch);
  try {
    await writePages(path, stored, columns);
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
  return file;
}
