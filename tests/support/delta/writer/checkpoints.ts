/** Checkpoints of every kind: what a table is at one version, in one file or in several. */
import { type Action, lastCheckpointText, names, type Reconciled } from './log.ts';
import type { FileColumn, ParquetWriter } from './parquet.ts';
import { type Column, type DeltaType, quoted, sqlType } from './schema.ts';

/**
 * `classic`: one file. `multipart`: several, by a hash of the path. `v2-…`: the v2 spec under a name with a UUID, in parquet or JSON, or under the classic name. Only
 * tables with the feature `v2Checkpoint` have v2 ones, and these no multi-part ones.
 */
export type CheckpointKind = 'classic' | 'multipart' | 'v2-parquet' | 'v2-json' | 'v2-classic';

export interface CheckpointOptions {
  /** Of a multi-part one; or of sidecars of a v2 one: 0 keeps the files in the checkpoint itself. Default 2. */
  readonly parts?: number;
  /** `stats`, `stats_parsed` with `partitionValues_parsed`, or both. Default `json`. */
  readonly statistics?: 'json' | 'struct' | 'both' | 'none';
  /** Whether `_last_checkpoint` names it. Default true. */
  readonly named?: boolean;
}

export interface CheckpointScene {
  readonly version: number;
  readonly state: Reconciled;
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly Column[];
  readonly time: number;
  readonly parquet: ParquetWriter;
  readonly uuid: () => string;
}

export interface CheckpointFiles {
  /** In the order in which they are written: the file that readers find is the last. */
  readonly files: readonly { readonly path: string; readonly body: Uint8Array }[];
  /** The text of `_last_checkpoint`. */
  readonly last: string;
}

const vector =
  'deletionVector STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, "offset" INTEGER, sizeInBytes INTEGER, cardinality BIGINT)';
const textMap = 'MAP(VARCHAR, VARCHAR)';

const otherColumns: Readonly<Record<string, string>> = {
  txn: 'STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)',
  metaData: `STRUCT(id VARCHAR, "name" VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options ${textMap}), schemaString VARCHAR, partitionColumns VARCHAR[], configuration ${textMap}, createdTime BIGINT)`,
  protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',
  domainMetadata: 'STRUCT("domain" VARCHAR, configuration VARCHAR, removed BOOLEAN)',
};
const v2Columns: Readonly<Record<string, string>> = {
  sidecar: `STRUCT(path VARCHAR, sizeInBytes BIGINT, modificationTime BIGINT, tags ${textMap})`,
  checkpointMetadata: `STRUCT(version BIGINT, tags ${textMap})`,
};

export async function checkpointFiles(
  kind: CheckpointKind,
  scene: CheckpointScene,
  { parts = 2, statistics = 'json' }: CheckpointOptions = {},
): Promise<CheckpointFiles> {
  const { version, state, parquet, time } = scene;
  const ofFiles = fileColumns(scene, statistics);
  const everything = { ...otherColumns, ...ofFiles };
  const [others, files] = [state.others('present'), state.files().map((action) => forStatistics(action, scene, statistics))];
  const tell = (size: number, bytes: number, more: object = {}): string =>
    lastCheckpointText({ version, size, sizeInBytes: bytes, numOfAddFiles: state.adds.size, ...more });

  if (kind === 'classic') {
    const body = await parquet.file(asColumns(everything), [...others, ...files]);
    return { files: [{ path: names.classic(version), body }], last: tell(others.length + files.length, body.length) };
  }
  if (kind === 'multipart') {
    const of = Math.max(2, parts);
    const groups: object[][] = Array.from({ length: of }, (_, i) => (i === 0 ? [...others] : []));
    for (const file of files) groups[hashOf(pathOf(file)) % of]?.push(file);
    const bodies = [];
    for (const group of groups) bodies.push(await parquet.file(asColumns(everything), group));
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
    return {
      files: bodies.map((body, i) => ({ path: names.part(version, i + 1, of), body })),
      last: tell(others.length + files.length, bytes, { parts: of }),
    };
  }
  const sidecars = [];
  for (let i = 0; i < parts; i++) {
    const some = files.filter((_, at) => at % parts === i);
    const name = `${scene.uuid()}.parquet`;
    if (some.length > 0) sidecars.push({ name, body: await parquet.file(asColumns(ofFiles), some) });
  }
  const top = [
    { checkpointMetadata: { version, tags: {} } },
    ...others,
    ...sidecars.map(({ name, body }) => ({ sidecar: { path: name, sizeInBytes: body.length, modificationTime: time, tags: {} } })),
    ...(parts === 0 ? files : []),
  ];
  const body =
    kind === 'v2-json'
      ? Buffer.from(top.map((action) => `${JSON.stringify(action)}\n`).join(''))
      : await parquet.file(asColumns({ ...otherColumns, ...v2Columns, ...(parts === 0 ? ofFiles : {}) }), top);
  const path = kind === 'v2-classic' ? names.classic(version) : names.named(version, scene.uuid(), kind === 'v2-json' ? 'json' : 'parquet');
  return {
    files: [...sidecars.map((one) => ({ path: names.sidecar(one.name), body: one.body })), { path, body }],
    last: tell(top.length + (parts === 0 ? 0 : files.length), body.length),
  };
}

/** What a compacted log of a range of commits says. */
export const compactedText = (state: Reconciled, actionsOf: readonly Action[]): string =>
  [...state.others('all'), ...actionsOf].map((action) => `${JSON.stringify(action)}\n`).join('');

const asColumns = (columns: Readonly<Record<string, string>>): FileColumn[] =>
  Object.entries(columns).map(([name, type]) => ({ name, type }));

function pathOf(action: object): string {
  const { add, remove } = action as { readonly add?: { readonly path: string }; readonly remove?: { readonly path: string } };
  return (add ?? remove)?.path ?? '';
}

/** The protocol wants Spark's hash. Readers don't look, and this one is shorter. */
const hashOf = (text: string): number => [...text].reduce((hash, c) => (Math.imul(hash, 31) + (c.codePointAt(0) ?? 0)) >>> 0, 7);

function fileColumns(scene: CheckpointScene, statistics: CheckpointOptions['statistics']): Readonly<Record<string, string>> {
  const struct = statistics === 'struct' || statistics === 'both';
  const partitions = scene.partitionColumns.map((column) => `${quoted(column.physicalName)} ${sqlType(column.type, 'physicalName')}`);
  const add = [
    `path VARCHAR, partitionValues ${textMap}, size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, tags ${textMap}`,
    vector,
    'baseRowId BIGINT, defaultRowCommitVersion BIGINT, clusteringProvider VARCHAR',
    ...(statistics === 'json' || statistics === 'both' ? ['stats VARCHAR'] : []),
    ...(struct && partitions.length > 0 ? [`partitionValues_parsed STRUCT(${partitions.join(', ')})`] : []),
    ...(struct ? [`stats_parsed ${statsType(scene)}`] : []),
  ];
  const remove = `STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN, partitionValues ${textMap}, size BIGINT, ${vector})`;
  return { add: `STRUCT(${add.join(', ')})`, remove };
}

function statsType({ columns, partitionColumns }: CheckpointScene): string {
  const inFiles = columns.filter((column) => !partitionColumns.includes(column));
  const bounds = structOf(inFiles, (type) => (type === 'boolean' ? undefined : sqlType(type, 'physicalName')));
  const nulls = structOf(inFiles, () => 'BIGINT');
  const both = bounds === undefined ? '' : `minValues ${bounds}, maxValues ${bounds}, `;
  return `STRUCT(numRecords BIGINT, ${both}${nulls === undefined ? '' : `nullCount ${nulls}, `}tightBounds BOOLEAN)`;
}

function structOf(
  columns: readonly { readonly physicalName: string; readonly type: DeltaType }[],
  of: (type: DeltaType & string) => string | undefined,
): string | undefined {
  const fields = columns.flatMap(({ physicalName, type }) => {
    const inner = typeof type === 'string' ? of(type) : type.type === 'struct' ? structOf(type.fields, of) : of('boolean');
    return inner === undefined ? [] : [`${quoted(physicalName)} ${inner}`];
  });
  return fields.length === 0 ? undefined : `STRUCT(${fields.join(', ')})`;
}

function forStatistics(action: object, { partitionColumns }: CheckpointScene, statistics: CheckpointOptions['statistics']): object {
  const { add } = action as {
    readonly add?: { readonly stats?: string; readonly partitionValues: Readonly<Record<string, string | null>> };
  };
  if (add === undefined) return action;
  const { stats, ...others } = add;
  const struct = statistics === 'struct' || statistics === 'both';
  const parsed = Object.fromEntries(partitionColumns.map(({ physicalName }) => [physicalName, add.partitionValues[physicalName] ?? null]));
  return {
    add: {
      ...others,
      ...(statistics === 'json' || statistics === 'both' ? { stats } : {}),
      ...(struct ? { partitionValues_parsed: parsed } : {}),
      ...(struct && stats !== undefined ? { stats_parsed: JSON.parse(stats) as object } : {}),
    },
  };
}
