/** Opens the entities for a command that reads, and the ports by which they are read. */
import { realRandom } from '../../adapters/real-random.ts';
import { type RealPorts, sharedSidePorts } from '../../assembly/ports.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { type ChosenEntities, choose, chooseEntity } from './chosen-flows.ts';
import { type Filter, justOne, selectionBy } from './selection.ts';

interface OpenFlags extends Pick<CommonFlags, 'directory' | 'target'> {
  /** The values of `--var`, for commands with this option. */
  readonly var?: readonly string[] | undefined;
}

/** The entity that the argument names. Other entities of the workspace may have errors. */
export async function openOne(
  flags: OpenFlags & { readonly entity: string },
  surroundings: Surroundings,
  clock: Clock,
): Promise<ReturnType<typeof chooseEntity>> {
  const opened = await openWorkspace(flags, surroundings, {
    now: clock.now(),
    vars: flags.var,
    tolerant: true,
    opens: justOne(flags.entity),
  });
  return chooseEntity(opened, flags.entity);
}

/** The entities that the filters name. Without a filter, all entities. Other entities of the workspace may have errors. */
export async function openChosen(flags: OpenFlags & Filter, surroundings: Surroundings, clock: Clock): Promise<ChosenEntities> {
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), vars: flags.var, tolerant: true, opens: selectionBy(flags) });
  return choose(opened, flags);
}

/** The ports of a command that prints its own answer, so events are ignored. */
export function lookingPorts(workspace: Workspace, { network }: Pick<Surroundings, 'network'>, clock: Clock): Promise<RealPorts> {
  return sharedSidePorts(workspace, { clock, random: realRandom(), emit: () => {}, network });
}
