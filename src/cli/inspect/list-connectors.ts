import { ProcessNetwork } from '../../adapters/process-network.ts';
import { ProcessPools } from '../../adapters/process-pools.ts';
import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import type { Connector, Opening } from '../../engine/contracts/connector.ts';
import type { Home } from '../../engine/contracts/home.ts';
import { comparesByRewriting, type Store } from '../../engine/contracts/store.ts';
import type { ListedConnector, ListedSide } from '../../narrate/commands/list-lines.ts';
import type { WorkspaceFiles } from '../../ports/workspace-files.ts';
import { connectors, connectorTypes, findConnector } from '../../registry.ts';
import { keysOf } from '../../workspace/check/schema-keys.ts';
import type { Manifest } from '../../workspace/manifests/manifest.ts';
import { everySystem } from '../../workspace/manifests/systems.ts';

/** The connectors with their homes and stores, followed by the systems that manifests describe. @param workspace the workspace whose manifests are listed too. Absent: only manifests of hygge are listed. */
export async function listedConnectors(workspace?: {
  readonly files: WorkspaceFiles;
  readonly root: string;
}): Promise<readonly ListedConnector[]> {
  const listed: ListedConnector[] = [];
  for (const type of connectorTypes()) {
    const connector = await findConnector(type);
    if (connector === undefined) continue;
    const { home, store, state, summary, verifiedAgainst } = connector;
    listed.push({
      connector: type,
      summary,
      verified_against: verifiedAgainst,
      home: home ? await listedSide(home, connector) : null,
      store: store ? await listedSide(store, connector) : null,
      state: state ? { config: [...keysOf(state)].sort() } : null,
      manifest: null,
    });
  }
  const { manifests } = await everySystem(connectors, workspace);
  return [...listed, ...manifests.map(listedSystem)];
}

function listedSystem({ name, connector, system, summary, verifiedAgainst, entities }: Manifest): ListedConnector {
  return {
    connector: name,
    summary: summary === undefined ? system : `${system}: ${summary}`,
    verified_against: verifiedAgainst ?? 'nothing that its manifest names',
    ...{ home: null, store: null, state: null },
    manifest: { connector: connector.id, entities: [...entities.keys()] },
  };
}

/** The abilities of a home, named as in `hygge list connectors --json`. */
function homeAbilities({ reading, files }: Home): NonNullable<ListedSide['capabilities']> {
  const { order, upper, filter, epochs, repeatable, tellsDeletes, absence, byParents, readsAsPinned } = reading;
  return {
    ...{ order, upper, filter, repeatable, by_file: files !== undefined },
    ...(epochs === 'none' ? {} : { epochs }),
    ...(tellsDeletes ? { deletes: true } : {}),
    ...(absence === 'maybe hidden' ? { may_hide_rows: true } : {}),
    ...(absence === 'forgotten' ? { forgets: true } : {}),
    ...(byParents ? { parents: true } : {}),
    ...(readsAsPinned ? { reads_as_pinned: true } : {}),
  };
}

function storeAbilities(store: Store): NonNullable<ListedSide['capabilities']> {
  const { writes, removes } = store;
  return {
    append: writes.has('append'),
    replace: writes.has('swap'),
    merge: writes.has('merge'),
    delete_insert: writes.has('delete_insert'),
    distinguishes_own_rows: store.distinguishesOwnRows,
    replace_boundary: removes.has('boundary'),
    deletes: removes.has('keys'),
    replace_sources: removes.has('sources'),
    replace_range: removes.has('range by key') ? 'by key' : removes.has('range'),
    ...(removes.has('unmatched') ? { replaces_by_key: true } : {}),
    ...(store.slices === 'in turn' ? { one_by_one: true } : {}),
    ...(store.slices === 'one' ? { one_part: true } : {}),
    ...(comparesByRewriting(store) ? { compares_keys: 'by rewriting' } : {}),
    ...(store.nullDocuments === 'missing' ? { null_documents: 'missing' } : {}),
    guarantee: store.guarantee,
  };
}

type Side = NonNullable<Connector['home'] | Connector['store']>;

async function listedSide(side: Side, connector: Connector): Promise<ListedSide> {
  // `base` is left out: the value of `base` follows from the path, so no file contains this key.
  const config = [...keysOf(side.config)].filter((key) => key !== 'base').sort();
  return { config, capabilities: await capabilitiesOf(side, connector) };
}

/** The abilities of a home or store that can be opened with a path alone. Null: the home or store names a server or an account, so its abilities are known only after a connection. */
async function capabilitiesOf(side: Side, connector: Connector): Promise<ListedSide['capabilities']> {
  const config = configs(side, connector).find((one) => one !== undefined);
  if (config === undefined) return null;
  try {
    await using opened = await side.open(config, nowhere());
    return 'writes' in opened ? storeAbilities(opened) : homeAbilities(opened);
  } catch {
    return null;
  }
}

/** The configs that the schema accepts for a path alone, with each format of the connector. Undefined: the schema refuses the config. */
function configs(side: Side, { family, formats = [] }: Connector): readonly unknown[] {
  const place = { path: '/nowhere', ...(family === 'files' && 'at' in side ? { base: '/nowhere' } : {}) };
  return [{}, place, ...formats.map(({ id }) => ({ ...place, format: id }))].map((one) => {
    const parsed = side.config.safeParse(one);
    return parsed.success ? parsed.data : undefined;
  });
}

/** The surroundings for opening a home or store. Opening reads nothing, so the path need not exist. */
function nowhere(): Opening {
  const unused = async (): Promise<never> => {
    throw new Error('nothing is read or written while connectors are listed');
  };
  const scratch = { path: unused, free: unused, [Symbol.asyncDispose]: async () => {} };
  const clock = realClock();
  const pools = new ProcessPools(clock);
  return {
    flow: 'flow',
    entity: 'entity',
    root: '/',
    clock,
    random: realRandom(),
    scratch,
    pools,
    network: new ProcessNetwork(),
    steps: 'here',
    pinned: null,
  };
}
