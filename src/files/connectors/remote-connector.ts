/** Makes the connector of a file system in a cloud, as home and store, for every format. */
import { basename, dirname, posix } from 'node:path/posix';
import { type Connector, type DataLocation, defineConnector, type Opening } from '../../engine/contracts/connector.ts';
import type { Home } from '../../engine/contracts/home.ts';
import type { Store } from '../../engine/contracts/store.ts';
import { absentPath, namesAmong } from '../../errors/absent-path.ts';
import { prefetched } from '../../formats/bytes/prefetch-first.ts';
import type { Format } from '../../formats/contract/format.ts';
import { formatKinds } from '../../formats/formats.ts';
import type { FileInfo } from '../../ports/filesystem.ts';
import type { Json } from '../../ports/values.ts';
import { prefixOf, selectFiles } from '../home/selection.ts';
import {
  type AnyHomeConfig,
  type AnyStoreConfig,
  deltaFeed,
  type FileHomeConfig,
  isDelta,
  isDeltaStore,
  remoteConnection,
  remoteHome,
  remotePlace,
  remoteStore,
} from './config.ts';
import { fileHomeOf, probeHome, type SelectedFiles, type StorePlace, storeIn, storePlaceOf, tablePlaceOf } from './open.ts';
import { deltaHomeOf } from './open-delta.ts';
import { probeSteps } from './probe.ts';
import type { RemoteSystem } from './remote-system.ts';

type RemotePlace = StorePlace & { readonly address: Json };

/** The place of a config. If two configs spell the same container differently, or reach its files by two services, their roots are equal. The sign-in is not part of the root. */
export function placeIn<K extends object>(system: RemoteSystem<K>, config: K & { readonly path: string }): DataLocation {
  const shown = system.url(config, config.path);
  // A server with its own host name is not recognised as a server of the system, so the address of its container identifies the place.
  const located = system.locate(shown) ?? { keys: { url: system.url(config, '') }, path: config.path };
  const { endpoint } = config as { readonly endpoint?: unknown };
  const names = [...Object.values(located.keys), ...(typeof endpoint === 'string' ? [endpoint] : [])].map(plain).sort();
  const isWhole = names.some((name) => /^https?:/.test(name));
  return { root: JSON.stringify([isWhole ? '' : system.id, ...names]), path: `/${located.path}`, shown };
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/^(https?:\/\/[^/]+)\.blob\./, '$1.dfs.');
}

/** The folders above a path, from the inside out; '' is the root. */
function foldersAbove(path: string): readonly string[] {
  if (path === '') return [];
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  return [folder, ...foldersAbove(folder)];
}

/** The folder that contains `_hygge`. */
const baseOf = (config: AnyStoreConfig): string => (isDeltaStore(config) ? config.path : config.base);

export function remoteFiles<K extends object>(system: RemoteSystem<K>): Connector {
  type HomeConfig = FileHomeConfig & K;
  type StoreConfig = AnyStoreConfig & K;

  async function isThere(config: HomeConfig, path: string, opening: Opening): Promise<boolean> {
    const parent = await system.open(config, dirname(path) === '.' ? '' : dirname(path), opening);
    if ((await parent.stat(basename(path))) !== undefined) return true;
    for await (const _ of (await system.open(config, path, opening)).list('')) return true;
    return false;
  }

  const absentBelow = (config: K, path: string, around: Pick<Opening, 'random' | 'network'>) =>
    absentPath(path.replace(/\/+$/, ''), {
      namesIn: async (folder) => namesAmong((await system.open(config, folder, around)).list('')),
      shown: (inside) => system.url(config, inside),
      isContainer: true,
    });

  async function choose(config: HomeConfig, opening: Opening, format: Format): Promise<SelectedFiles> {
    const where = system.url(config, config.path);
    const { folder, glob } = await prefixOf(config.path, '', (path) => isThere(config, path, opening));
    const inside = folder === '/' ? '' : folder;
    const outer = foldersAbove(inside).slice(0, 2);
    const above = () => Promise.all(outer.map((path) => system.open(config, path, opening)));
    const absent = () => absentBelow(config, inside, opening);
    const within = { extensions: format.extensions, written: where, above, absent };
    const files = await system.open(config, inside, opening);
    const ofFolder = (listing?: AsyncIterable<FileInfo>): SelectedFiles => {
      // The texts are not joined like paths: in keys, empty segments and dots are parts of the name, so `a//b` and `a/b` are different keys.
      const display = (path: string) => system.url(config, inside === '' ? path : `${inside}/${path}`);
      return { files, selection: selectFiles({ ...within, files, glob, single: null, display, listing }), where };
    };
    if (glob !== null || inside === '') return ofFolder();
    // Most paths are folders, so the folder is listed first. A path without a file extension, and with files below it, is a folder.
    const listing = prefetched(files.list(''));
    const single = basename(inside);
    const isNamedAsFile = format.extensions.some((extension) => single.toLowerCase().endsWith(extension));
    // A failed listing is ignored here, because the later read reports the error.
    const isFilled = async () => !(await listing.isEmpty().catch(() => true));
    if (!isNamedAsFile && (await isFilled())) return ofFolder(listing);
    const parent = await system.open(config, dirname(inside) === '.' ? '' : dirname(inside), opening);
    if ((await parent.stat(single)) === undefined) return ofFolder(listing);
    const display = () => system.url(config, inside);
    return { files: parent, selection: selectFiles({ ...within, files: parent, glob, single, display }), where };
  }

  const openHome = async (config: AnyHomeConfig & K, opening: Opening): Promise<Home> => {
    if (!isDelta(config)) return fileHomeOf(config as HomeConfig, opening, (format) => choose(config as HomeConfig, opening, format));
    return deltaHomeOf(config, opening, {
      files: await system.open(config, config.path, opening),
      container: () => system.open(config, '', opening),
      where: system.url(config, config.path),
    });
  };

  async function openStore(config: StoreConfig, opening: Opening): Promise<Store> {
    if (isDeltaStore(config)) {
      const table = await tablePlaceOf(config, opening, { type: system.id, root: baseOf(config) });
      return storeAt({ ...table, address: system.address(config) } as unknown as Json, opening, config);
    }
    const folder = config.base === '' ? config.path : config.path.slice(config.base.length + 1);
    const place = await storePlaceOf(config, opening, { type: system.id, root: config.base, folder });
    return storeAt({ ...place, address: system.address(config) } as unknown as Json, opening, config);
  }

  async function storeAt(kept: Json, opening: Opening, today: StoreConfig | null): Promise<Store> {
    const place = kept as unknown as RemotePlace;
    const config = system.recall(place.address, today);
    const files = await system.open(config, place.root, opening);
    const above = () =>
      Promise.all(
        foldersAbove(place.root)
          .slice(0, 2)
          .map((path) => system.open(config, path, opening)),
      );
    return storeIn(place, { files, above }, system.url(config, posix.join(place.root, place.folder)), opening);
  }

  return defineConnector<AnyHomeConfig & K, StoreConfig>({
    id: system.id,
    summary: system.summary,
    verifiedAgainst: system.verifiedAgainst,
    family: 'files',
    addresses: system.addresses,
    formats: formatKinds,
    place: (config) => placeIn(system, config as StoreConfig),
    connection: remoteConnection(system),
    remote: {
      locate: (url) => system.locate(url),
      url: (config) => system.url(config as K, (config as StoreConfig).path),
      async *list(config, around) {
        yield* (await system.open(config as K, (config as HomeConfig).path, around)).list('');
      },
      absent: (config, around) => absentBelow(config as K, (config as HomeConfig).path, around),
      place: remotePlace(system),
      ...(system.defaultPath === undefined ? {} : { defaultPath: (written) => system.defaultPath?.(written) }),
    },
    home: {
      config: remoteHome<AnyHomeConfig & K>(system),
      open: openHome,
      feeds: deltaFeed,
      probe: (config, opening) => probeHome(() => openHome(config, opening)),
      requirements: (config) => system.requirements(config, 'read'),
    },
    store: {
      config: remoteStore<StoreConfig>(system),
      open: openStore,
      at: storeAt,
      compacts: () => true,
      probe: async (config, opening) => probeSteps(await system.open(config, baseOf(config), opening), opening.random.nonce()),
      requirements: (config) => system.requirements(config, 'write'),
    },
  });
}
