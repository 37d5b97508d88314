/** What a Delta table is at one version, as its log says. The words are those of the published Delta transaction log protocol (PROTOCOL.md). */

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
  /** `delta.columnMapping.id`, `delta.columnMapping.physicalName`, `delta.typeChanges`, `comment` and others, as the log has them. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The action `protocol`. A list is null where the log has none, as before table features. */
export interface DeltaProtocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures: readonly string[] | null;
  readonly writerFeatures: readonly string[] | null;
}

/** The action `metaData`. */
export interface DeltaMetadata {
  /** It is another one once the table was dropped and made again. */
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly schema: { readonly type: 'struct'; readonly fields: readonly DeltaField[] };
  /** Logical names, in the log's order. */
  readonly partitionColumns: readonly string[];
  /** Table properties: `delta.columnMapping.mode`, `delta.enableChangeDataFeed` and others. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** `deletionVector` of an `add` or `remove`. */
export interface VectorDescriptor {
  /** `i`: inline; `u`: a file of the table, by its UUID; `p`: a file by its absolute path. */
  readonly storageType: 'i' | 'p' | 'u';
  readonly pathOrInlineDv: string;
  /** Where the vector begins in its file; null for an inline one. */
  readonly offset: number | null;
  readonly sizeInBytes: number;
  /** The number of deleted rows. */
  readonly cardinality: number;
}

/** A file that holds rows of the table at a version. */
export interface DeltaFile {
  /** `add.path` as written: a URI, relative to the table's folder or absolute, with percent-encoding. */
  readonly path: string;
  /** By physical names. A value is null where the log has null, `""` or no value. */
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly bytes: number;
  /** Milliseconds since 1970, by the writer's clock. */
  readonly modificationTime: number;
  readonly vector: VectorDescriptor | null;
  /** The JSON text of `stats`; null: the log has none. Where a checkpoint has only `stats_parsed`, it is made of that. */
  readonly stats: string | null;
  /** What its writer noted of the file. Absent: nothing. */
  readonly tags?: Readonly<Record<string, string | null>>;
}

/** The protocol's key of a file: its path and its vector's id. An update of a vector removes and adds the same path in one commit. */
export type FileKey = string;

/** The action `txn`: how far an application is, which writes to the table again and again. Checkpoints keep it. */
export interface DeltaTransaction {
  readonly version: number;
  /** Milliseconds since 1970; null: the writer left it out. */
  readonly lastUpdated: number | null;
}

/** The table at one version. */
export interface DeltaSnapshot {
  readonly version: number;
  /** Milliseconds since 1970: the in-commit timestamp of the version, or else the modification time of its commit file; null: that file is not there. */
  readonly timestamp: number | null;
  readonly protocol: DeltaProtocol;
  readonly metadata: DeltaMetadata;
  readonly files: readonly DeltaFile[];
  /** The newest `txn` of each application, by its `appId`. */
  readonly transactions: ReadonlyMap<string, DeltaTransaction>;
}
