/** Files on a local disk: `type: local`, or `type: parquet`, the original’s name for the same connector. */
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import { type Connector, defineConnector, type HomeSide, type Opening, type StoreSide } from '../../engine/contracts/connector.ts';
import type { Home } from '../../engine/contracts/home.ts';
import type { Store } from '../../engine/contracts/store.ts';
import { absentPath } from '../../errors/absent-path.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { namesInFolder, statOrUndefined } from '../../filesystems/disk/walk.ts';
import type { Format } from '../../formats/contract/format.ts';
import { formatKinds } from '../../formats/formats.ts';
import type { Json } from '../../ports/values.ts';
import { prefixOf, selectFiles } from '../home/selection.ts';
import {
  type AnyHomeConfig,
  type AnyStoreConfig,
  deltaFeed,
  type FileHomeConfig,
  type FileStoreConfig,
  isDelta,
  isDeltaStore,
  localHome,
  localStore,
} from './config.ts';
import { fileHomeOf, probeHome, type SelectedFiles, type StorePlace, storeIn, storePlaceOf, tablePlaceOf } from './open.ts';
import { deltaHomeOf } from './open-delta.ts';
import { probeStore } from './probe.ts';

const slashes = (path: string) => (sep === '/' ? path : path.split(sep).join('/'));

/** A path for messages: relative inside the workspace, else absolute. If the workspace is the root of a file system, all paths are absolute. */
export function shown(root: string, path: string): string {
  if (root === parse(root).root) return slashes(path);
  const inside = relative(root, path);
  return inside !== '' && !inside.startsWith('..') && !isAbsolute(inside) ? slashes(inside) : slashes(path);
}

async function choose(config: FileHomeConfig, { root }: Opening, format: Format): Promise<SelectedFiles> {
  const written = shown(root, config.path);
  const { folder, glob } = await prefixOf(slashes(config.path), slashes(root), async (path) => (await statOrUndefined(path)) !== undefined);
  const parent = localFileSystem(dirname(folder));
  const single = glob === null && (await parent.stat(basename(folder))) !== undefined ? basename(folder) : null;
  const files = single === null ? localFileSystem(folder) : parent;
  const display = (path: string) => shown(root, join(single === null ? folder : dirname(folder), path));
  const above = async () => [parent, localFileSystem(dirname(dirname(folder)))];
  const absent = () => absentPath(folder, { namesIn: namesInFolder, shown: (path) => shown(root, path), isContainer: false });
  const { extensions } = format;
  return { files, selection: selectFiles({ files, glob, single, extensions, written, display, above, absent }), where: written };
}

const openHome = async (config: AnyHomeConfig, opening: Opening): Promise<Home> =>
  isDelta(config)
    ? deltaHomeOf(config, opening, {
        files: localFileSystem(config.path),
        container: async () => localFileSystem(parse(config.path).root),
        where: shown(opening.root, config.path),
      })
    : fileHomeOf(config, opening, (format) => choose(config, opening, format));

/** The root of a place. A root inside the workspace is relative, so that decided commits can be finished after the workspace was moved. */
function rootOf(base: string, root: string): string {
  if (root === parse(root).root) return base;
  const inside = relative(root, base);
  return isAbsolute(inside) || /^\.\.($|[\\/])/.test(inside) ? base : slashes(inside);
}

/** The folder that contains `_hygge`. */
function baseOf(config: AnyStoreConfig): string {
  if (isDeltaStore(config)) return config.path;
  const { base, path, layout } = config;
  return layout === 'file' && base === path ? dirname(path) : base;
}

async function openStore(config: AnyStoreConfig, opening: Opening): Promise<Store> {
  if (isDeltaStore(config)) {
    const place = await tablePlaceOf(config, opening, { type: 'local', root: rootOf(baseOf(config), opening.root) });
    return storeAt(place as unknown as Json, opening);
  }
  const isFile = config.layout === 'file';
  const path = isFile ? dirname(config.path) : config.path;
  const base = baseOf(config);
  const place = await storePlaceOf(config, opening, {
    type: 'local',
    root: rootOf(base, opening.root),
    folder: slashes(relative(base, path)),
    ...(isFile ? { file: basename(config.path) } : {}),
  });
  return storeAt(place as unknown as Json, opening);
}

async function storeAt(address: Json, opening: Opening): Promise<Store> {
  const place = address as unknown as StorePlace;
  const base = resolve(opening.root, place.root);
  const above = async () => [dirname(base), dirname(dirname(base))].map((folder) => localFileSystem(folder));
  return storeIn(place, { files: localFileSystem(base), above }, shown(opening.root, join(base, place.folder, place.file ?? '')), opening);
}

const home: HomeSide<AnyHomeConfig> = {
  config: localHome,
  open: openHome,
  feeds: deltaFeed,
  probe: (config, opening) => probeHome(() => openHome(config, opening)),
  requirements: () => [],
};

const store: StoreSide<AnyStoreConfig> = {
  config: localStore,
  open: openStore,
  at: storeAt,
  compacts: (config) => isDeltaStore(config) || config.layout !== 'file',
  probe: (config, { random }) => probeStore(localFileSystem(baseOf(config)), random.nonce()),
  requirements: () => [],
};

export const local: Connector = defineConnector({
  id: 'local',
  summary: 'Files on a local disk',
  family: 'files',
  addresses: { schemes: ['file'], forms: [] },
  formats: formatKinds,
  place: (config) => {
    const { path } = config as FileStoreConfig;
    return { root: '', path, shown: path };
  },
  verifiedAgainst: 'the local disk of the test machine (ext4), written and read by Polars, read again by DuckDB',
  home,
  store,
});

export const parquet: Connector = defineConnector({
  ...local,
  id: 'parquet',
  summary: 'Parquet files on a local disk',
  addresses: { schemes: [], forms: [], extensions: ['parquet'] },
  home,
  store,
});
