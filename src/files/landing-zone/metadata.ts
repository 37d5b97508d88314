/** The files next to the data of open mirroring: `_metadata.json` of a table and `_partnerEvents.json` of a landing zone. Each of these files is written once, and later only compared. */
import { StoreError } from '../../errors/hygge-error.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { retry } from '../../ports/retry.ts';
import type { LandingTable } from './numbers.ts';
import { rebuild } from './types.ts';

/** The publisher, as Fabric shows it. */
export interface Partner {
  readonly name: string;
  readonly sourceType?: string;
  readonly sourceVersion?: string;
}

interface Metadata {
  readonly keyColumns: readonly string[];
  readonly fileDetectionStrategy?: string;
  readonly isUpsertDefaultRowMarker?: boolean;
}

/**
 * Whether the table has a `_metadata.json` with these keys, numbers as file names, and upserts for rows without a marker. False: the file does not exist yet.
 * Throws StoreError HYG-4113 if the file has other content, because declared keys can’t be changed.
 */
export async function checkMetadata(table: LandingTable, keyColumns: readonly string[], where: string): Promise<boolean> {
  const found = await retry(() => table.files.get(pathOf(table)));
  if (found === undefined) return false;
  const metadata = parsed(found.body);
  if (metadata === undefined) throw otherMetadata(where, 'The file is not a JSON object with `keyColumns`.');
  const { keyColumns: theirs, fileDetectionStrategy = sequential, isUpsertDefaultRowMarker = false } = metadata;
  if (theirs.length !== keyColumns.length || !keyColumns.every((name) => theirs.includes(name)))
    throw otherMetadata(where, `Its keys are ${listed(theirs)}, but this entity has ${listed(keyColumns)}. Fabric can't change the keys.`);
  if (fileDetectionStrategy !== sequential)
    throw otherMetadata(where, `The file has \`fileDetectionStrategy: ${fileDetectionStrategy}\`, but this entity publishes numbers.`);
  if (keyColumns.length > 0 && !isUpsertDefaultRowMarker)
    throw otherMetadata(where, 'The file does not contain `isUpsertDefaultRowMarker: true`, so Fabric would insert existing rows again.');
  return true;
}

/** The key columns of the table in Fabric; empty: no key. */
export async function keyColumnsOf(table: LandingTable): Promise<readonly string[]> {
  const found = await retry(() => table.files.get(pathOf(table)));
  return (found && parsed(found.body)?.keyColumns) ?? [];
}

/** Writes the metadata before the first data file. If Fabric once reads a table without keys, it can never update a row of the table. Repeatable: an existing file is compared. */
export async function writeMetadata(table: LandingTable, keyColumns: readonly string[], where: string): Promise<void> {
  if (await checkMetadata(table, keyColumns, where)) return;
  const metadata: Metadata = { keyColumns, ...(keyColumns.length === 0 ? {} : { isUpsertDefaultRowMarker: true }) };
  const put = await retry(() => table.files.put(pathOf(table), encoded(metadata), { ifNoneMatch: '*' }));
  if (put.outcome === 'refused') await checkMetadata(table, keyColumns, where);
}

/** Writes `_partnerEvents.json` for the whole landing zone. Several entities share the landing zone, so only the first entity writes the file. */
export async function writePartner(files: FileSystem, zone: string, { name, sourceType, sourceVersion }: Partner): Promise<void> {
  const sourceInfo = {
    ...(sourceType === undefined ? {} : { sourceType }),
    ...(sourceVersion === undefined ? {} : { sourceVersion }),
  };
  await retry(() => files.put(`${zone}/_partnerEvents.json`, encoded({ partnerName: name, sourceInfo }), { ifNoneMatch: '*' }));
}

const sequential = 'SequentialFileName';

const pathOf = ({ folder }: LandingTable) => `${folder}/_metadata.json`;

function parsed(body: Uint8Array): Metadata | undefined {
  let found: unknown;
  try {
    found = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { keyColumns = [] } = found as Partial<Metadata>;
  return Array.isArray(keyColumns) ? { ...found, keyColumns } : undefined;
}

const listed = (columns: readonly string[]) => (columns.length === 0 ? 'none' : columns.join(', '));

const encoded = (record: object) => new TextEncoder().encode(`${JSON.stringify(record)}\n`);

function otherMetadata(where: string, why: string): StoreError {
  return new StoreError({
    code: 'HYG-4113',
    what: `${where}/_metadata.json does not describe the files of this entity.`,
    why: [why],
    tryThis: ['Set the keys of the entity to the keys in the file', `Or load the table again: ${rebuild}`],
  });
}
