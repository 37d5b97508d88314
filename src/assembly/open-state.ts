import { DefectError } from '../errors/hygge-error.ts';
import type { Network } from '../ports/network.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { StateStore } from '../ports/state.ts';
import { findFilesSystem } from '../registry.ts';
import type { JournalDamage } from '../state/journal.ts';
import type { Workspace } from '../workspace/load/load.ts';
import { type ObjectStateSettings, ownFolder } from '../workspace/state/settings.ts';

interface Around extends Told {
  readonly network: Network;
}

interface Told {
  readonly onDamage?: (damage: JournalDamage) => void;
}

/** The state of a workspace, where `state:` says. Its stores keep the place, so that whoever has another state can tell where this one is. */
export async function openState(workspace: Pick<Workspace, 'root' | 'state'>, { network, ...told }: Around): Promise<StateStore> {
  const { root, state } = workspace;
  if (state.type === 'files') return await stateInFiles(root, { ...told, folder: state.folder });
  if (state.type === 'object') return await stateInObjects(state, { network, ...told });
  const [{ openTableAccount }, { tableState }] = await Promise.all([
    import('./state-account.ts'),
    import('../state/table-storage/state.ts'),
  ]);
  return tableState({ account: await openTableAccount(state, network), ...told });
}

/** The state in files below the workspace's own folder (`.hygge`, or another), wherever `state:` says that it is now. */
export async function stateInFiles(
  root: string,
  { folder = ownFolder, ...told }: Told & { readonly folder?: string } = {},
): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }, { realHost }] = await Promise.all([
    import('../filesystems/disk/local.ts'),
    import('../state/files.ts'),
    import('../adapters/real-host.ts'),
  ]);
  const location = `files ${root}/${folder}/state on ${realHost().self.host}`;
  return filesState({ files: localFileSystem(root, { state: `${root}/${folder}` }), folder, location, ...told });
}

/** The state beside the data, in a folder of a data lake or bucket. Asks nothing of the service yet. */
export async function stateInObjects(
  { system: type, config, folder }: ObjectStateSettings,
  { network, ...told }: Around,
): Promise<StateStore> {
  const [system, { objectsState }, { realRandom }] = await Promise.all([
    findFilesSystem(type),
    import('../state/objects/state.ts'),
    import('../adapters/real-random.ts'),
  ]);
  if (system === undefined)
    throw new DefectError({ code: 'HYG-9001', what: `There is no system of files of type ${type}.`, tryThis: ['Report this'] });
  const files = await system.open(config, folder, { random: realRandom(), network });
  return objectsState({ files, location: system.url(config, folder), ...told });
}

/** A state that lives in scratch and goes with it. */
export async function passingState(scratch: Scratch): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }] = await Promise.all([import('../filesystems/disk/local.ts'), import('../state/files.ts')]);
  return filesState({ files: localFileSystem(await scratch.path('-state')), location: 'a try-out, nowhere' });
}
