import type { Scratch } from '../ports/scratch.ts';
import type { StateStore } from '../ports/state.ts';
import type { JournalDamage } from '../state/journal-files.ts';
import type { Workspace } from '../workspace/load.ts';

/** The state of a workspace, where `state:` says. Its stores keep the place, so that whoever has another state can tell where this one is. */
export async function openState(
  workspace: Pick<Workspace, 'root' | 'state'>,
  onDamage?: (damage: JournalDamage) => void,
): Promise<StateStore> {
  const told = onDamage === undefined ? {} : { onDamage };
  if (workspace.state.type === 'files') return await stateInFiles(workspace.root, told);
  const [{ openTableAccount }, { tableState }] = await Promise.all([
    import('./state-account.ts'),
    import('../state/table-storage/state.ts'),
  ]);
  return tableState({ account: await openTableAccount(workspace.state), ...told });
}

/** The state in files below the workspace's own folder, wherever `state:` says that it is now. */
export async function stateInFiles(root: string, told: { readonly onDamage?: (damage: JournalDamage) => void } = {}): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }, { realHost }] = await Promise.all([
    import('../filesystems/local.ts'),
    import('../state/files.ts'),
    import('../adapters/real-host.ts'),
  ]);
  return filesState({ files: localFileSystem(root), location: `files ${root}/.hygge/state on ${realHost().self.host}`, ...told });
}

/** A state that lives in scratch and goes with it. */
export async function passingState(scratch: Scratch): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }] = await Promise.all([import('../filesystems/local.ts'), import('../state/files.ts')]);
  return filesState({ files: localFileSystem(await scratch.path('-state')), location: 'a try-out, nowhere' });
}
