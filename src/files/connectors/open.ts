/** The common parts of homes and stores of files, on any file system. */
import type { Finding, Opening } from '../../engine/contracts/connector.ts';
import type { Home } from '../../engine/contracts/home.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Format } from '../../formats/contract/format.ts';
import { formatOf, formatOptions } from '../../formats/formats.ts';
import { typesGiven } from '../../frames/type-text.ts';
import type { FileSystem } from '../../ports/filesystem.ts';
import { defined, type Json } from '../../ports/values.ts';
import { deltaStore } from '../delta-store/store.ts';
import { withoutEmptyFiles } from '../home/empty-files.ts';
import type { HiveMode } from '../home/hive-columns.ts';
import { fileHome } from '../home/home.ts';
import { withoutNulls } from '../home/not-null.ts';
import type { Selection } from '../home/selection.ts';
import { filtered } from '../home/where.ts';
import type { FilePlace } from '../store/layout.ts';
import { sortedRuns } from '../store/staging/sorted-runs.ts';
import { fileStore } from '../store/store.ts';
import { type DeltaStoreConfig, type FileHomeConfig, type FileStoreConfig, parseSize, type RowConfig } from './config.ts';

/** The number of rows per frame. Most writers put half as many rows into a row group. */
export const rowsPerFrame = 245_760;

/** The files that a home reads. */
export interface SelectedFiles {
  readonly files: FileSystem;
  readonly selection: Selection;
  /** The address of the files, for messages and for the state’s binding. */
  readonly where: string;
}

/** @param choose selects the files; the extensions of the given format select the files of a folder. */
export async function fileHomeOf(
  config: FileHomeConfig,
  opening: Opening,
  choose: (format: Format) => Promise<SelectedFiles>,
): Promise<Home> {
  const { where, columns = null, exclude = null } = config;
  const leavesOut = (name: string) => where === undefined && (columns?.includes(name) === false || exclude?.includes(name) === true);
  const format = await formatOf(config.format, { ...formatOptions(config, 'home'), leavesOut });
  const chosen = await choose(format);
  const hasHeader = config.format === 'csv' && config.header !== false;
  const content = { isValid: config.format === 'ndjson', reads: hasHeader || config.format === 'json' ? chosen.files : null };
  const selection = config.empty_files === 'fail' ? chosen.selection : withoutEmptyFiles(chosen.selection, content);
  const home = fileHome({
    ...chosen,
    selection,
    format,
    pinned: opening.pinned,
    frameRows: Math.min(config.batch_size ?? rowsPerFrame, rowsPerFrame),
    ...(where === undefined ? { columns, exclude } : { columns: null, exclude: null }),
    hivePartitions: hive(config.hive_partitions),
    differingFiles: config.differing_files,
    config: config as unknown as Json,
    clock: opening.clock,
    scratch: opening.scratch,
  });
  return withRowKeys(home, config);
}

/** A home that returns the rows that meet `where`, and fails at a null in a column of `not_null`. With `where`, the inner home must return all columns. */
export function withRowKeys(home: Home, config: RowConfig): Home {
  const { where, columns = null, exclude = null, not_null: full } = config;
  const read = where === undefined ? home : filtered(home, { where, columns, exclude });
  return full === undefined ? read : withoutNulls(read, full);
}

function hive(written: FileHomeConfig['hive_partitions']): HiveMode {
  return typeof written === 'object' ? Object.fromEntries(typesGiven(written)) : written;
}

/** The facts about a place that an intent keeps. With these facts, its commit can be finished after any change of the config. */
export type StorePlace = FilePlace & {
  readonly targetBytes: number;
  readonly format: string;
  readonly options: Readonly<Record<string, Json>>;
  /** See `DeltaStoreOptions.compactDeleted`. */
  readonly compactDeleted?: number;
  /** `delta`: the place is a Delta table. Absent: the place is a folder of files. */
  readonly table?: 'delta';
};

/** @param root the root of the filesystem, in the connector's notation. @param folder of the data, relative to the root. */
export async function storePlaceOf(
  config: FileStoreConfig,
  { flow, entity }: Pick<Opening, 'flow' | 'entity'>,
  { type, root, folder, file }: Pick<FilePlace, 'type' | 'root' | 'folder' | 'file'>,
): Promise<StorePlace> {
  const given = formatOptions(config, 'store');
  // A file with the extension `.tsv` is separated by tabs, unless the config names another delimiter.
  const options = file !== undefined && /\.tsv$/i.test(file) && config.format === 'csv' ? { delimiter: '\t', ...given } : given;
  const { extension } = await formatOf(config.format, options);
  return {
    type,
    root,
    folder,
    flow,
    entity,
    layout: config.layout,
    extension,
    format: config.format,
    options,
    targetBytes: file === undefined ? parseSize(config.target_file_size) : Number.MAX_SAFE_INTEGER,
    ...(file === undefined ? {} : { file }),
    ...(config.partition_by ? { partitionBy: config.partition_by } : {}),
  };
}

/** The place of a store that is a Delta table: the root of its files is the table's folder. */
export async function tablePlaceOf(
  config: DeltaStoreConfig,
  opening: Opening,
  { type, root }: Pick<FilePlace, 'type' | 'root'>,
): Promise<StorePlace> {
  const asParquet = { ...config, format: 'parquet', layout: 'plain' } as const;
  const { column_mapping, timestamps, merge, compact_deleted: share, wall_clock = type === 'onelake' ? 'utc' : 'timestamp_ntz' } = config;
  return {
    ...(await storePlaceOf(asParquet, opening, { type, root, folder: '' })),
    ...(column_mapping === 'name' ? { columnMapping: 'name' } : {}),
    ...(timestamps === 'truncate' ? { timestamps } : {}),
    ...(merge === 'copy_on_write' ? { merge } : {}),
    ...(share === undefined ? {} : { compactDeleted: Number(share.slice(0, -1)) / 100 }),
    ...(wall_clock === 'utc' ? { wallClock: 'utc' } : {}),
    table: 'delta',
  };
}

interface StoreTree {
  readonly files: FileSystem;
  /** See `FileStoreOptions.above`. */
  readonly above: () => Promise<readonly FileSystem[]>;
}

/** The store at a place. @param where the address of the place, for messages. */
export async function storeIn(place: StorePlace, { files, above }: StoreTree, where: string, { random, scratch, clock }: Opening) {
  const open = place.table === 'delta' ? deltaStore : fileStore;
  return open({
    clock,
    files,
    above,
    place,
    where,
    format: await formatOf(place.format, place.options),
    targetBytes: place.targetBytes,
    ...defined({ compactDeleted: place.compactDeleted }),
    apart: sortedRuns(),
    random,
    scratch,
  });
}

/** For `debug`: whether the source can be reached and read. */
export async function probeHome(open: () => Promise<Home>): Promise<readonly Finding[]> {
  try {
    const home = await open();
    const described = await home.describe(undefined, 'briefly', 'a few');
    return [{ ok: true, what: `reads ${'done' in described ? described.done.summary : home.place}` }];
  } catch (error) {
    if (error instanceof HyggeError) return [{ ok: false, what: error.what, why: error.why, tryThis: error.tryThis }];
    throw error;
  }
}
