/** A commit of hygge as the lines of an entry of the log. */
import { hash } from 'node:crypto';
import { headMember } from '../log/actions.ts';
import type { DeltaField, DeltaFile, DeltaMetadata, DeltaProtocol } from '../table.ts';
import { hasWallClock } from './types.ts';

/** A file that the commit adds. */
export interface AddedFile {
  /** Relative to the table's folder, not encoded. */
  readonly name: string;
  readonly bytes: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** The JSON text of its statistics. */
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
  /** Null: the table exists, and the commit does not change it. */
  readonly protocol: DeltaProtocol | null;
  readonly metadata: DeltaMetadata | null;
  readonly adds: readonly AddedFile[];
  readonly removes: readonly DeltaFile[];
  /** False: the rows of the table stay the same, as when files are put together. */
  readonly dataChange: boolean;
  /** The in-commit time of the version before; null: the table has no such times. */
  readonly inCommit: { readonly previous: number | null } | null;
}

export function entryText(entry: Entry): string {
  const { at, metadata, protocol, adds, removes, dataChange } = entry;
  const lines: object[] = [{ commitInfo: infoOf(entry) }, { txn: { ...entry.transaction, lastUpdated: at } }];
  if (protocol !== null) lines.push({ protocol: protocolOf(protocol) });
  if (metadata !== null) lines.push({ metaData: metadataOf(metadata, at) });
  for (const { path, partitionValues, bytes: size, vector } of removes) {
    const gone = { path, deletionTimestamp: at, dataChange, extendedFileMetadata: true, partitionValues: { ...partitionValues }, size };
    lines.push({ remove: vector === null ? gone : { ...gone, deletionVector: vectorOf(vector) } });
  }
  for (const { name, partitionValues, bytes: size, stats } of adds)
    lines.push({ add: { path: pathOf(name), partitionValues, size, modificationTime: at, dataChange, stats } });
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

function infoOf({ head, previous, at, adds, removes, dataChange, version, inCommit, metadata }: Entry): object {
  const removesAll = removes.length > 0;
  return {
    // The first member of the first action, by the protocol.
    ...(inCommit === null ? {} : { inCommitTimestamp: Math.max(at, (inCommit.previous ?? 0) + 1) }),
    timestamp: at,
    operation: dataChange ? 'WRITE' : 'OPTIMIZE',
    operationParameters: dataChange ? { mode: removesAll ? 'Overwrite' : 'Append' } : {},
    ...(version > 0 ? { readVersion: version - 1 } : {}),
    isolationLevel: 'Serializable',
    isBlindAppend: !removesAll && metadata === null && adds.length > 0 && dataChange,
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

/** A URI over the name. The name of a partition's folder is encoded itself, so a `%` in it becomes `%25`. */
export function pathOf(name: string): string {
  return name
    .split('/')
    .map((segment) => encodeURIComponent(segment).replaceAll('%3D', '='))
    .join('/');
}

/** The lowest protocol that a new table with these columns needs. */
export function protocolFor(fields: readonly DeltaField[]): DeltaProtocol {
  if (!fields.some(({ type }) => hasWallClock(type)))
    return { minReaderVersion: 1, minWriterVersion: 2, readerFeatures: null, writerFeatures: null };
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ['timestampNtz'],
    writerFeatures: ['appendOnly', 'invariants', 'timestampNtz'],
  };
}

/** The id of a table. It follows from the first head, so that each try of the commit that makes the table makes the same. */
export function tableId(head: string): string {
  const digits = hash('sha256', `table of ${head}`, 'hex');
  const variant = ((Number.parseInt(digits[16] as string, 16) & 3) | 8).toString(16);
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ];
  return parts.join('-');
}
