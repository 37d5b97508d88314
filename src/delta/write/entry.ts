/** A commit of hygge as the lines of an entry of the log. */
import { headMember } from '../log/actions.ts';
import type { DeltaField, DeltaFile, DeltaMetadata, DeltaProtocol, VectorDescriptor } from '../table.ts';
import { mappingProtocol } from './column-mapping.ts';
import { hasWallClock } from './types.ts';
import { withFeature } from './upgrade.ts';
import { uuidOf } from './uuids.ts';

/** A file that the commit adds. */
export interface AddedFile {
  /** The path of the file relative to the table’s folder, not encoded. */
  readonly name: string;
  readonly bytes: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** The statistics as JSON text. */
  readonly stats: string;
  /** The vector that marks rows of the file. Absent: no row is deleted. */
  readonly vector?: VectorDescriptor;
  readonly tags?: DeltaFile['tags'];
}

/** A file of the table's change feed: rows that the commit changes, with the kind of change of each. */
export interface ChangeFile extends Pick<AddedFile, 'name' | 'bytes'> {
  /** The partition values that the log has for the file with these rows. */
  readonly partitionValues: Readonly<Record<string, string | null>>;
}

/** A file of the table that gets another vector. The file with the earlier vector is among the removes. */
export interface MarkedFile {
  readonly file: DeltaFile;
  readonly vector: VectorDescriptor;
  readonly stats: string;
}

export interface Entry {
  /** The version that the entry makes. */
  readonly version: number;
  readonly head: string;
  readonly previous: string | null;
  /** Milliseconds since 1970, by the storage's clock. */
  readonly at: number;
  readonly transaction: { readonly appId: string; readonly version: number };
  /** The new protocol or metadata; null: the table exists, and the commit does not change this action. */
  readonly protocol: DeltaProtocol | null;
  readonly metadata: DeltaMetadata | null;
  readonly adds: readonly AddedFile[];
  readonly removes: readonly DeltaFile[];
  /** Files that get another vector. Absent: no file. */
  readonly marks?: readonly MarkedFile[];
  /** The files with all changes of the commit. Absent: the changes follow from the other files. */
  readonly changes?: readonly ChangeFile[];
  /** Whether rows are updated, inserted and deleted by a key. Absent: no. */
  readonly isMerge?: boolean;
  /** Whether rows change. False: the rows stay the same, for example when files are combined. */
  readonly dataChange: boolean;
  /** The in-commit time of the previous version; null: the table has no in-commit times. */
  readonly inCommit: { readonly previous: number | null } | null;
}

export function entryText(entry: Entry): string {
  const { at, metadata, protocol, adds, removes, marks = [], changes = [], dataChange } = entry;
  const lines: object[] = [{ commitInfo: infoOf(entry) }, { txn: { ...entry.transaction, lastUpdated: at } }];
  if (protocol !== null) lines.push({ protocol: protocolOf(protocol) });
  if (metadata !== null) lines.push({ metaData: metadataOf(metadata, at) });
  for (const { path, partitionValues, bytes: size, vector } of removes) {
    const gone = { path, deletionTimestamp: at, dataChange, extendedFileMetadata: true, partitionValues: { ...partitionValues }, size };
    lines.push({ remove: vector === null ? gone : { ...gone, deletionVector: vectorOf(vector) } });
  }
  for (const { file, vector, stats } of marks) {
    const { path, partitionValues, bytes: size, modificationTime, tags } = file;
    const add = { path, partitionValues: { ...partitionValues }, size, modificationTime, dataChange, stats, ...(tags && { tags }) };
    lines.push({ add: { ...add, deletionVector: vectorOf(vector) } });
  }
  for (const { name, partitionValues, bytes: size, stats, vector, tags } of adds) {
    const add = { path: pathOf(name), partitionValues, size, modificationTime: at, dataChange, stats, ...(tags && { tags }) };
    lines.push({ add: vector === undefined ? add : { ...add, deletionVector: vectorOf(vector) } });
  }
  for (const { name, partitionValues, bytes: size } of changes)
    lines.push({ cdc: { path: pathOf(name), partitionValues: { ...partitionValues }, size, dataChange: false } });
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

function infoOf({ head, previous, at, adds, removes, dataChange, version, inCommit, metadata, isMerge = false }: Entry): object {
  const removesAll = removes.length > 0;
  return {
    // By the protocol, the in-commit timestamp is the first member of the first action.
    ...(inCommit === null ? {} : { inCommitTimestamp: Math.max(at, (inCommit.previous ?? 0) + 1) }),
    timestamp: at,
    operation: isMerge ? 'MERGE' : dataChange ? 'WRITE' : 'OPTIMIZE',
    operationParameters: dataChange && !isMerge ? { mode: removesAll ? 'Overwrite' : 'Append' } : {},
    ...(version > 0 ? { readVersion: version - 1 } : {}),
    isolationLevel: 'Serializable',
    isBlindAppend: !removesAll && !isMerge && metadata === null && adds.length > 0 && dataChange,
    engineInfo: 'hygge',
    [headMember]: head,
    ...(previous === null ? {} : { 'hygge.previous': previous }),
  };
}

function protocolOf({ minReaderVersion, minWriterVersion, readerFeatures, writerFeatures }: DeltaProtocol): object {
  return {
    minReaderVersion,
    minWriterVersion,
    ...(readerFeatures === null ? {} : { readerFeatures }),
    ...(writerFeatures === null ? {} : { writerFeatures }),
  };
}

function metadataOf({ id, name, description, schema, partitionColumns, configuration }: DeltaMetadata, at: number): object {
  return {
    id,
    ...(name === null ? {} : { name }),
    ...(description === null ? {} : { description }),
    format: { provider: 'parquet', options: {} },
    schemaString: JSON.stringify(schema),
    partitionColumns,
    configuration: { ...configuration },
    createdTime: at,
  };
}

function vectorOf({ storageType, pathOrInlineDv, offset, sizeInBytes, cardinality }: NonNullable<DeltaFile['vector']>): object {
  return { storageType, pathOrInlineDv, ...(offset === null ? {} : { offset }), sizeInBytes, cardinality };
}

/** The file name as a URI. Names of partition folders already contain encoded characters, so their `%` becomes `%25`. */
export function pathOf(name: string): string {
  return name
    .split('/')
    .map((segment) => encodeURIComponent(segment).replaceAll('%3D', '='))
    .join('/');
}

/** The lowest protocol that a new table with these columns needs. */
export function protocolFor(fields: readonly DeltaField[], { isMapped = false } = {}): DeltaProtocol {
  const plain: DeltaProtocol = { minReaderVersion: 1, minWriterVersion: 2, readerFeatures: null, writerFeatures: null };
  const protocol = isMapped ? mappingProtocol : plain;
  return fields.some(({ type }) => hasWallClock(type)) ? withFeature(protocol, 'timestampNtz') : protocol;
}

/** The id of a new table. The id is computed from the first head, so that each try of the commit that creates the table uses the same id. */
export const tableId = (head: string): string => uuidOf(`table of ${head}`);
