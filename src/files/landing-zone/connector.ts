/** `type: open_mirroring`: tables of a mirrored database in Microsoft Fabric, whose landing zone is a folder of OneLake. */
import { type Connector, defineConnector, type Finding, type Opening } from '../../engine/contracts/connector.ts';
import type { Store } from '../../engine/contracts/store.ts';
import { ConnectionError, HyggeError } from '../../errors/hygge-error.ts';
import { formatOf } from '../../formats/formats.ts';
import { parquetKind } from '../../formats/parquet/kind.ts';
import type { Patience } from '../../ports/answers/replication.ts';
import { retry, stepWaiting, withWaiting } from '../../ports/retry.ts';
import type { Json } from '../../ports/values.ts';
import type { AzureKeys } from '../../remote/azure/keys.ts';
import { openFabricApi, type Replication } from '../../remote/fabric/fabric-api.ts';
import { fabricHost } from '../../remote/fabric/fabric-requests.ts';
import { monitoredReplication, monitoringFiles } from '../../remote/fabric/monitoring.ts';
import { remoteConnection } from '../connectors/config.ts';
import { type StorePlace, storePlaceOf } from '../connectors/open.ts';
import { probeSteps } from '../connectors/probe.ts';
import { placeIn } from '../connectors/remote-connector.ts';
import { sortedRuns } from '../store/staging/sorted-runs.ts';
import { onelake } from '../systems/onelake.ts';
import { asOneLake, type MirrorConfig, mirrorKeys, mirrorStore, retiredKeys, tableOf } from './config.ts';
import type { Partner } from './metadata.ts';
import { newestVersion } from './mirrored-home.ts';
import { newestAgain } from './newest-rows.ts';
import { recordsOfTable, tableHeads } from './records.ts';
import { isTable, stoppedTable } from './replication.ts';
import { landingStore } from './store.ts';
import { rebuild } from './types.ts';

/** The root of the files. hygge’s own records are in this folder next to the landing zone, because Fabric does not look for tables there. */
const root = 'Files';

type MirrorPlace = StorePlace & {
  /** The address of the mirrored database, without a secret. */
  readonly address: Json;
  readonly keyColumns: readonly string[] | null;
  readonly rowMarker: 0 | 4 | null;
  readonly partner: Partner | null;
};

async function openStore(config: MirrorConfig, opening: Opening): Promise<Store> {
  const folder = config.path.slice(root.length + 1);
  const settled = await storePlaceOf({ ...config, layout: 'plain' }, opening, { type: 'open_mirroring', root, folder });
  const keys = config.key_columns;
  const place: MirrorPlace = {
    ...settled,
    records: recordsOfTable(folder),
    address: onelake.address(asOneLake(config)),
    keyColumns: keys === undefined ? null : typeof keys === 'string' ? [keys] : keys,
    rowMarker: config.row_marker ?? null,
    partner: partnerOf(config),
  };
  return storeAt(place as unknown as Json, opening, config);
}

function partnerOf({ partner_name: name, source_type: sourceType, source_version: sourceVersion }: MirrorConfig): Partner | null {
  if (name === undefined) return null;
  return { name, ...(sourceType === undefined ? {} : { sourceType }), ...(sourceVersion === undefined ? {} : { sourceVersion }) };
}

async function storeAt(kept: Json, opening: Opening, today: MirrorConfig | null): Promise<Store> {
  const place = kept as unknown as MirrorPlace;
  const config = onelake.recall(place.address, today === null ? null : asOneLake(today));
  const { random, scratch, clock } = opening;
  return landingStore({
    files: await onelake.open(config, root, opening),
    ...{ place, random, scratch, clock },
    heads: tableHeads,
    where: onelake.url(config, `${root}/${place.folder}`),
    format: await formatOf(place.format, place.options),
    targetBytes: place.targetBytes,
    apart: sortedRuns(),
    newest: newestAgain,
    keyColumns: place.keyColumns,
    rowMarker: place.rowMarker,
    partner: place.partner,
    item: (path) => onelake.open(config, path, opening),
    replication: (patience) => replicationIn(config, opening, patience),
  });
}

const briefMs = 10_000;

type FabricPlace = AzureKeys & Pick<MirrorConfig, 'account_url' | 'workspace' | 'filesystem'> & { readonly item?: string };

async function replicationAsked(config: FabricPlace, { network }: Opening, patience: Patience): Promise<Replication> {
  const { workspace = config.filesystem ?? '', item = '' } = config;
  const ask = async () => {
    const api = await openFabricApi(config, { accountUrl: config.account_url, network });
    return await api.replication({ workspace, database: item.replace(/\.MirroredDatabase$/, '') });
  };
  const step = stepWaiting();
  if (patience === 'usual' || step === undefined) return await ask();
  return await withWaiting(
    { ...step, untilMs: Math.min(step.untilMs ?? Number.POSITIVE_INFINITY, step.clock.monotonicMs() + briefMs) },
    ask,
  );
}

/** The state of the replication, from the REST API or, if the API denies access, from the monitoring files of the replicator. */
async function replicationIn(config: FabricPlace, opening: Opening, patience: Patience): Promise<Replication> {
  try {
    return await replicationAsked(config, opening, patience);
  } catch (error) {
    if (!(error instanceof ConnectionError) || error.code !== deniedCode) throw error;
    const monitored = await monitoredIn(config, opening).catch(() => undefined);
    if (monitored === undefined) throw error;
    return monitored;
  }
}

const deniedCode = 'HYG-6401';

async function monitoredIn(config: FabricPlace, opening: Opening): Promise<Replication | undefined> {
  const files = await onelake.open(config, root, opening);
  // The tables are read after the database, so that their state is not older than the state of the database.
  const database = await retry(() => files.get(monitoringFiles.database));
  const tables = await retry(() => files.get(monitoringFiles.tables));
  return database && tables && monitoredReplication(database.body, tables.body);
}

/** Tests the rights to files, and whether Fabric replicates the database, if its REST API can be queried. */
async function probeMirror(config: MirrorConfig, opening: Opening): Promise<readonly Finding[]> {
  const at = asOneLake(config);
  const files = await probeSteps(await onelake.open(at, root, opening), opening.random.nonce());
  if (!files.every(({ ok }) => ok)) return files;
  const there = { ...at, path: config.path };
  return [...files, ...(await probeReplication(there, opening)), ...(await probeTable(there, opening))];
}

/** Tests whether `verify` can read the table that Fabric has made. */
async function probeTable(at: FabricPlace & Pick<MirrorConfig, 'path'>, opening: Opening): Promise<readonly Finding[]> {
  const name = tableOf(at.path);
  if (name === undefined) return [];
  const { clock, scratch } = opening;
  try {
    const version = await newestVersion({ item: (path) => onelake.open(at, path, opening), name, clock, scratch });
    return version === null ? [] : [{ ok: true, what: `the mirrored table is at version ${version}, which hygge verify can read` }];
  } catch (error) {
    if (!(error instanceof HyggeError)) throw error;
    return [
      {
        ok: true,
        what: `publishes, but can't read the mirrored table for hygge verify: ${error.code} ${error.what}`,
        why: [...error.why, ...error.tryThis],
      },
    ];
  }
}

async function probeReplication(at: FabricPlace & Pick<MirrorConfig, 'path'>, opening: Opening): Promise<readonly Finding[]> {
  try {
    const { status, error, tables } = await replicationIn(at, opening, 'usual');
    const what = `the mirrored database is ${status}${error === null ? '' : `: ${error}`}`;
    const tryThis = [
      'Start or resume the replication on the page of the mirrored database in Fabric: published files wait there until then',
    ];
    if (status !== 'Running') return [{ ok: false, what, tryThis }];
    const name = tableOf(at.path);
    const table = name && tables.find((one) => isTable(one, name));
    const stopped = table === undefined ? null : stoppedTable(table);
    return [{ ok: true, what }, ...(stopped === null ? [] : [{ ok: false, what: stopped, tryThis: mendTable }])];
  } catch (error) {
    // A role without access to the REST API, or a signature, is enough to publish. HYG-6403 is an error, because files in a database that Fabric does not know are never read.
    if (error instanceof ConnectionError && error.code === 'HYG-6403')
      return [{ ok: false, what: `${error.code} ${error.what}`, why: error.why, tryThis: error.tryThis }];
    if (error instanceof HyggeError)
      return [
        {
          ok: true,
          what: `publishes, but can't read the status of Fabric: ${error.code} ${error.what}`,
          why: [...error.why, ...error.tryThis],
        },
      ];
    throw error;
  }
}

const mendTable = [
  'Look at the table under Monitor replication in Fabric, and fix the reported problem',
  `Or load the table again: ${rebuild}`,
];

export const openMirroring: Connector = defineConnector<never, MirrorConfig>({
  id: 'open_mirroring',
  summary: 'Tables of a mirrored database in Microsoft Fabric',
  verifiedAgainst:
    'a model of Fabric’s replicator that follows Microsoft’s pages, over our own server of the Data Lake REST API, with the unmodified SDK on real host names',
  family: 'files',
  addresses: {
    schemes: onelake.addresses.schemes,
    ...(onelake.addresses.hosts === undefined ? {} : { hosts: onelake.addresses.hosts }),
    paths: [/\/Files\/LandingZone(\/|$)/],
    forms: ['abfss://workspace@onelake.dfs.fabric.microsoft.com/mirror.MirroredDatabase/Files/LandingZone/table'],
  },
  formats: [parquetKind],
  place: (config) => ({ ...placeIn(onelake, asOneLake(config as MirrorConfig)), isForOne: true }),
  connection: remoteConnection({ summary: 'A mirrored database in Microsoft Fabric', keys: mirrorKeys }),
  remote: {
    locate(url) {
      const found = onelake.locate(url);
      if (found === undefined) return undefined;
      const { item = '', ...keys } = found.keys;
      return { keys: { ...keys, mirror_name: item }, path: found.path };
    },
    url: (config) => onelake.url(asOneLake(config as MirrorConfig), (config as MirrorConfig).path),
    defaultPath({ schema, schema_name }) {
      const named = schema ?? schema_name;
      return named === undefined ? `${root}/LandingZone/{entity}` : `${root}/LandingZone/${named}.schema/{entity}`;
    },
  },
  store: {
    config: mirrorStore,
    retired: retiredKeys,
    open: openStore,
    at: storeAt,
    probe: probeMirror,
    requirements: (config) => [...onelake.requirements(asOneLake(config), 'write'), { need: 'host', name: fabricHost }],
  },
});
