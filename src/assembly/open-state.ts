import { resolve } from 'node:path';
import { ProcessPools } from '../adapters/process-pools.ts';
import { realClock } from '../adapters/real-clock.ts';
import type { Pools } from '../engine/contracts/pools.ts';
import { DefectError } from '../errors/hygge-error.ts';
import type { Network } from '../ports/network.ts';
import type { Scratch } from '../ports/scratch.ts';
import { secretValuesOf } from '../ports/secrets/values.ts';
import type { StateStore } from '../ports/state.ts';
import { findDatabase, findFilesSystem } from '../registry.ts';
import type { JournalDamage } from '../state/journal.ts';
import type { Workspace } from '../workspace/load/load.ts';
import { locationForTarget, type ObjectStateSettings, ownFolder, type SqlStateSettings } from '../workspace/state/settings.ts';
import { stateWithoutSecrets } from './state-without-secrets.ts';

interface StateContext extends StateOptions {
  readonly network: Network;
  /** The environment of the process. */
  readonly pools: Pools;
}

interface StateOptions {
  /** The workspace's target. */
  readonly target?: Workspace['target'] | undefined;
  readonly onDamage?: (damage: JournalDamage) => void;
}

/** The settings that decide where a workspace's state is. */
export type StateLocation = Pick<Workspace, 'root' | 'state'> & Partial<Pick<Workspace, 'target'>>;

/** The state of a workspace, as `state:` sets it. The stores of the workspace record the place of the state, so that a run with another state can name it. */
export async function openState(place: StateLocation, around: Omit<StateContext, 'target'>): Promise<StateStore> {
  return stateWithoutSecrets(await openPlainState(place, around), secretValuesOf(around.network));
}

async function openPlainState(
  { root, state, target = null }: StateLocation,
  { network, pools, ...around }: Omit<StateContext, 'target'>,
): Promise<StateStore> {
  const told = { ...around, target };
  if (state.type === 'sql') return await stateInDatabase(root, state, { network, pools, ...told });
  if (state.type === 'files') return await stateInFiles(root, { ...told, folder: state.folder });
  if (state.type === 'object') return await stateInObjects(state, { network, ...told });
  const [{ openTableAccount }, { tableState }] = await Promise.all([
    import('./state-account.ts'),
    import('../state/table-storage/state.ts'),
  ]);
  const account = await openTableAccount(state, network);
  return tableState({ account, location: locationForTarget(account.place, target), ...around });
}

/** The state for a command that only reads or moves state. Connections are closed together with the state. */
export async function openStateAlone(
  workspace: StateLocation,
  around: Omit<StateContext, 'pools'>,
): Promise<{ readonly state: StateStore } & AsyncDisposable> {
  const pools = new ProcessPools(realClock());
  const state = await openState(workspace, { ...around, pools });
  return { state, [Symbol.asyncDispose]: () => pools[Symbol.asyncDispose]() };
}

/** The state in tables of a database. Does not connect yet. */
export async function stateInDatabase(
  root: string,
  { engine, connection, config, schema }: SqlStateSettings,
  { network, pools, target, ...told }: StateContext,
): Promise<StateStore> {
  const [database, { sqlState }, { realHost }] = await Promise.all([
    findDatabase(engine),
    import('../state/sql/state.ts'),
    import('../adapters/real-host.ts'),
  ]);
  if (database?.stateSide === undefined)
    throw new DefectError({ code: 'HYG-9001', what: `There is no database of type ${engine} for state.`, tryThis: ['Report this'] });
  const { server, database: name } = database.address(config);
  const place = server === '' ? `${resolve(root, name)} on ${realHost().self.host}` : `${server}/${name}`;
  const opening = { root, clock: realClock(), network, pools };
  return sqlState({
    database: { ...database, stateSide: database.stateSide },
    config,
    schema,
    connection,
    location: locationForTarget(`${schema} of ${engine} ${place}`, target),
    opening,
    ...told,
  });
}

/** The state in files below the workspace's own folder (`.hygge`, or another), independent of the current `state:`. */
export async function stateInFiles(
  root: string,
  { folder = ownFolder, target, ...told }: StateOptions & { readonly folder?: string } = {},
): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }, { realHost }] = await Promise.all([
    import('../filesystems/disk/local.ts'),
    import('../state/files.ts'),
    import('../adapters/real-host.ts'),
  ]);
  const location = locationForTarget(`files ${root}/${folder}/state on ${realHost().self.host}`, target);
  return filesState({ files: localFileSystem(root, { state: `${root}/${folder}` }), folder, location, ...told });
}

/** The state next to the data, in a folder of a data lake or bucket. Does not connect yet. */
export async function stateInObjects(
  { system: type, config, folder }: ObjectStateSettings,
  { network, target, ...told }: Omit<StateContext, 'pools'>,
): Promise<StateStore> {
  const [system, { objectsState }, { realRandom }] = await Promise.all([
    findFilesSystem(type),
    import('../state/objects/state.ts'),
    import('../adapters/real-random.ts'),
  ]);
  if (system === undefined)
    throw new DefectError({ code: 'HYG-9001', what: `There is no system of files of type ${type}.`, tryThis: ['Report this'] });
  const files = await system.open(config, folder, { random: realRandom(), network });
  return objectsState({ files, location: locationForTarget(system.url(config, folder), target), ...told });
}

/** A temporary state, which is deleted with the scratch folder. */
export async function passingState(scratch: Scratch): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }] = await Promise.all([import('../filesystems/disk/local.ts'), import('../state/files.ts')]);
  return filesState({ files: localFileSystem(await scratch.path('-state')), location: 'a try-out, nowhere' });
}
