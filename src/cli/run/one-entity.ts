import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { Instant } from '../../ports/values.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { chooseEntity } from '../select/chosen-flows.ts';
import { justOne } from '../select/selection.ts';
import { mustConfirmTarget } from '../terminal/confirmation.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import type { MovingFlags } from './until-done.ts';

/** Flags of the commands that write one entity. */
export interface OneEntityFlags extends MovingFlags {
  readonly entity: string;
  readonly var?: readonly string[] | undefined;
  readonly confirm?: string | undefined;
}

/** The entity that the flags name, with its workspace. A protected target is confirmed first, unless it is a dry run. */
export async function openOneEntity(
  flags: OneEntityFlags,
  surroundings: Surroundings,
  now: Instant,
): Promise<{ readonly workspace: Workspace; readonly spec: EntitySpec }> {
  const opened = await openWorkspace(flags, surroundings, { now, vars: flags.var, tolerant: true, opens: justOne(flags.entity) });
  const chosen = chooseEntity(opened, flags.entity);
  if (!flags.dryRun) await mustConfirmTarget(flags, chosen.workspace, surroundings);
  return chosen;
}
