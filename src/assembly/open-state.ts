import type { Scratch } from '../ports/scratch.ts';
import type { StateStore } from '../ports/state.ts';
import type { JournalDamage } from '../state/journal-files.ts';
import type { Workspace } from '../workspace/load.ts';

/** The state of a workspace: files below its own folder. Its stores keep the folder and the machine, so that another workspace can tell where. */
export async function openState(workspace: Pick<Workspace, 'root'>, onDamage?: (damage: JournalDamage) => void): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }, { realHost }] = await Promise.all([
    import('../filesystems/local.ts'),
    import('../state/files.ts'),
    import('../adapters/real-host.ts'),
  ]);
  const location = `files ${workspace.root}/.hygge/state on ${realHost().self.host}`;
  return filesState({ files: localFileSystem(workspace.root), location, ...(onDamage === undefined ? {} : { onDamage }) });
}

/** A state that lives in scratch and goes with it. */
export async function passingState(scratch: Scratch): Promise<StateStore> {
  const [{ localFileSystem }, { filesState }] = await Promise.all([import('../filesystems/local.ts'), import('../state/files.ts')]);
  return filesState({ files: localFileSystem(await scratch.path('-state')), location: 'a try-out, nowhere' });
}
