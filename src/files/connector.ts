/** Files on a local disk: `type: local`, and `type: parquet` for the same with the original's name. */
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type Connector, defineConnector, type Finding, type HomeSide, type Opening, type StoreSide } from '../engine/connector.ts';
import type { Home, Store } from '../engine/contracts.ts';
import { HyggeError } from '../errors/hygge-error.ts';
import { localFileSystem } from '../filesystems/local.ts';
import { typesGiven } from '../frames/type-text.ts';
import type { Json } from '../ports/values.ts';
import { type FileHomeConfig, type FileStoreConfig, localHome, localStore, sizeInBytes } from './config.ts';
import type { Format } from './format.ts';
import { formatOf, formatOptions } from './formats/formats.ts';
import type { HiveMode } from './hive-columns.ts';
import { fileHome } from './home.ts';
import type { FilePlace } from './layout.ts';
import { probeStore } from './probe.ts';
import { type Selection, selection, staticPrefix } from './selection.ts';
import { sortedRuns } from './sorted-runs.ts';
import { fileStore } from './store.ts';

/** Two row groups as most writers cut them. */
const rowsPerFrame = 245_760;
const slashes = (path: string) => (sep === '/' ? path : path.split(sep).join('/'));

/** A path as people know it: inside the workspace relative to it, elsewhere whole. */
export function shown(root: string, path: string): string {
  const inside = relative(root, path);
  return inside !== '' && !inside.startsWith('..') && !isAbsolute(inside) ? slashes(inside) : slashes(path);
}

async function select(
  config: FileHomeConfig,
  { root }: Opening,
  format: Format,
): Promise<{ files: ReturnType<typeof localFileSystem>; chosen: Selection }> {
  const written = shown(root, config.path);
  const { folder, glob } = staticPrefix(slashes(config.path), slashes(root));
  const parent = localFileSystem(dirname(folder));
  const single = glob === null && (await parent.stat(basename(folder))) !== undefined ? basename(folder) : null;
  const files = single === null ? localFileSystem(folder) : parent;
  const display = (path: string) => shown(root, join(single === null ? folder : dirname(folder), path));
  return { files, chosen: selection({ files, glob, single, extensions: format.extensions, written, display }) };
}

async function openHome(config: FileHomeConfig, opening: Opening): Promise<Home> {
  const format = await formatOf(config.format, formatOptions(config, 'home'));
  const { files, chosen } = await select(config, opening, format);
  return fileHome({
    files,
    selection: chosen,
    where: shown(opening.root, config.path),
    format,
    pinned: opening.pinned,
    frameRows: Math.min(config.batch_size ?? rowsPerFrame, rowsPerFrame),
    columns: config.columns ?? null,
    exclude: config.exclude ?? null,
    hivePartitions: hive(config.hive_partitions),
    differingFiles: config.differing_files,
    config: config as unknown as Json,
    clock: opening.clock,
    scratch: opening.scratch,
  });
}

function hive(written: FileHomeConfig['hive_partitions']): HiveMode {
  return typeof written === 'object' ? Object.fromEntries(typesGiven(written)) : written;
}

/** What an intent keeps of the place: enough to finish its commit whatever the config says by then. */
type LocalPlace = FilePlace & { readonly targetBytes: number; readonly format: string; readonly options: Readonly<Record<string, Json>> };

/** Inside the workspace relative to it, so that a workspace that was moved can finish what it had decided. */
function rootOf(base: string, root: string): string {
  const inside = relative(root, base);
  return isAbsolute(inside) || /^\.\.($|[\\/])/.test(inside) ? base : slashes(inside);
}

function placeOf(config: FileStoreConfig, { root, flow, entity }: Opening, extension: string): LocalPlace {
  const folder = slashes(relative(config.base, config.path));
  return {
    type: 'local',
    root: rootOf(config.base, root),
    folder,
    flow,
    entity,
    layout: config.layout,
    extension,
    format: config.format,
    options: formatOptions(config, 'store'),
    targetBytes: sizeInBytes(config.target_file_size),
    ...(config.partition_by ? { partitionBy: config.partition_by } : {}),
  };
}

async function openStore(config: FileStoreConfig, opening: Opening): Promise<Store> {
  const format = await formatOf(config.format, formatOptions(config, 'store'));
  return storeAt(placeOf(config, opening, format.extension) as unknown as Json, opening);
}

async function storeAt(address: Json, { root, random, scratch }: Opening): Promise<Store> {
  const place = address as unknown as LocalPlace;
  const base = resolve(root, place.root);
  return fileStore({
    files: localFileSystem(base),
    place,
    where: shown(root, join(base, place.folder)),
    format: await formatOf(place.format, place.options),
    targetBytes: place.targetBytes,
    apart: sortedRuns(),
    random,
    scratch,
  });
}

async function probeHome(config: FileHomeConfig, opening: Opening): Promise<readonly Finding[]> {
  try {
    const home = await openHome(config, opening);
    const described = await home.describe();
    return [{ ok: true, what: `reads ${'done' in described ? described.done.summary : home.place}` }];
  } catch (error) {
    if (error instanceof HyggeError) return [{ ok: false, what: error.what, tryThis: error.tryThis }];
    throw error;
  }
}

const home: HomeSide<FileHomeConfig> = { config: localHome, open: openHome, probe: probeHome, requirements: () => [] };

const store: StoreSide<FileStoreConfig> = {
  config: localStore,
  open: openStore,
  at: storeAt,
  probe: (config, { random }) => probeStore(localFileSystem(config.base), random.nonce()),
  requirements: () => [],
};

export const local: Connector = defineConnector({
  id: 'local',
  summary: 'Files on a local disk',
  verifiedAgainst: 'the local disk of the test machine (ext4), written and read by Polars, read again by DuckDB',
  home,
  store,
});

export const parquet: Connector = defineConnector({ ...local, id: 'parquet', summary: 'Parquet files on a local disk', home, store });
