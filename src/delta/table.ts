/** A Delta table at one version, by its log. The terms are those of the published Delta transaction log protocol (PROTOCOL.md). */

/** A type of the log's `schemaString`: the name of a primitive (`long`, `decimal(10,2)`), or a nested type. */
export type DeltaType =
  | string
  | { readonly type: 'struct'; readonly fields: readonly DeltaField[] }
  | { readonly type: 'array'; readonly elementType: DeltaType; readonly containsNull: boolean }
  | { readonly type: 'map'; readonly keyType: DeltaType; readonly valueType: DeltaType; readonly valueContainsNull: boolean };

export interface DeltaField {
  readonly name: string;
  readonly type: DeltaType;
  readonly nullable: boolean;
  /** `delta.columnMapping.id`, `delta.columnMapping.physicalName`, `delta.typeChanges`, `comment` and others, as in the log. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The action `protocol`. A list is null if the log has none, as before table features. */
export interface DeltaProtocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures: readonly string[] | null;
  readonly writerFeatures: readonly string[] | null;
}

/** The action `metaData`. */
export interface DeltaMetadata {
  /** The id of the table. A recreated table has another id. */
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly schema: { readonly type: 'struct'; readonly fields: readonly DeltaField[] };
  /** The logical names of the partition columns, in the log’s order. */
  readonly partitionColumns: readonly string[];
  /** Table properties: `delta.columnMapping.mode`, `delta.enableChangeDataFeed` and others. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** `deletionVector` of an `add` or `remove`. */
export interface VectorDescriptor {
  /** `i`: inline; `u`: a file of the table, by its UUID; `p`: a file by its absolute path. */
  readonly storageType: 'i' | 'p' | 'u';
  readonly pathOrInlineDv: string;
  /** Offset of the vector in its file; null for an inline vector. */
  readonly offset: number | null;
  readonly sizeInBytes: number;
  /** The number of deleted rows. */
  readonly cardinality: number;
}

/** A file with rows of the table at a version. */
export interface DeltaFile {
  /** `add.path` as written: a URI, relative to the table's folder or absolute, with percent-encoding. */
  readonly path: string;
  /** The partition values by physical names of columns. A value is null if the log has null, `""` or no value. */
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly bytes: number;
  /** Milliseconds since 1970, by the writer's clock. */
  readonly modificationTime: number;
  readonly vector: VectorDescriptor | null;
  /** The JSON text of `stats`; null: the log has no statistics. If a checkpoint has only `stats_parsed`, the text is made from `stats_parsed`. */
  readonly stats: string | null;
  /** Tags of the file by its writer. Absent: none. */
  readonly tags?: Readonly<Record<string, string | null>>;
}

/** The protocol's key of a file: its path and its vector's id. An update of a vector removes and adds the same path in one commit. */
export type FileKey = string;

/** The action `txn`: the progress of an application that writes to the table repeatedly. Checkpoints keep it. */
export interface DeltaTransaction {
  readonly version: number;
  /** Milliseconds since 1970; null: unknown. */
  readonly lastUpdated: number | null;
}

/** The table at one version. */
export interface DeltaSnapshot {
  readonly version: number;
  /** Milliseconds since 1970: the in-commit timestamp of the version, or else the modification time of its commit file. Null: the commit file does not exist. */
  readonly timestamp: number | null;
  readonly protocol: DeltaProtocol;
  readonly metadata: DeltaMetadata;
  readonly files: readonly DeltaFile[];
  /** The newest `txn` of each application, by its `appId`. */
  readonly transactions: ReadonlyMap<string, DeltaTransaction>;
}
