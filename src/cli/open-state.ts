import type { StateStore } from '../ports/state.ts';
import type { JournalDamage } from '../state/journal-files.ts';
import type { Workspace } from '../workspace/load.ts';

/** The state of a workspace: files below its own folder. */
export async function openState(workspace: Pick<Workspace, 'root'>, onDamage?: (damage: JournalDamage) => void): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }] = await Promise.all([import('../filesystems/local.ts'), import('../state/files.ts')]);
  return filesState({ files: localFileSystem(workspace.root), ...(onDamage === undefined ? {} : { onDamage }) });
}
