import { realClock } from '../../adapters/real-clock.ts';
import { realHost } from '../../adapters/real-host.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { openStateAlone, stateInFiles } from '../../assembly/open-state.ts';
import { type CarryPorts, carryState } from '../../engine/repair/carry-state.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { importedLines } from '../../narrate/commands/state-lines.ts';
import { entityArgument, shownEntity } from '../../narrate/text/visible.ts';
import type { StateStore } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import { mustConfirmTarget } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** `hygge state import`: copies the settled state from another location to the present location of the state. The command may be repeated. */
export async function stateImport(
  flags: CommonFlags & { readonly from?: string | undefined; readonly confirm?: string | undefined },
  surroundings: Surroundings,
): Promise<number> {
  const now = realClock().now();
  const workspace = await openWorkspace(flags, surroundings, { now, otherState: flags.from, looking: true, opens: 'state' });
  const { root, otherState } = workspace;
  await mustConfirmTarget(flags, workspace, surroundings);
  await using here = await openStateAlone(workspace, surroundings);
  await using there = otherState && (await openStateAlone({ root, state: otherState }, surroundings));
  const [from, to] = [there?.state ?? (await stateInFiles(root)), here.state];
  if (from.location === to.location) throw nowhere(to);
  const around = { host: realHost(), random: realRandom(), now };
  const brought: Brought[] = [];
  for (const key of await from.entities()) {
    const outcome = await bring({ from, to, key }, around);
    if (outcome !== 'nothing') brought.push({ key, outcome });
  }
  printAnswer(surroundings, flags, {
    rows: brought.map(({ key, outcome }) => ({ ...key, outcome, location: to.location })),
    lines: (palette) => importedLines(brought, { from: from.location, to: to.location }, palette),
  });
  return exit.ok;
}

interface Brought {
  readonly key: EntityKey;
  readonly outcome: 'brought' | 'there already';
}

interface ImportContext {
  readonly from: StateStore;
  readonly to: StateStore;
  readonly key: EntityKey;
}

/** Imports the state of one entity. Throws ConfigError HYG-1906 if that is impossible. A repeated import finishes an interrupted import. */
export async function bring(bringing: ImportContext, around: CarryPorts): Promise<Brought['outcome'] | 'nothing'> {
  const { from, to, key } = bringing;
  const carried = await carryState({ from: { state: from, key }, to: { state: to, key } }, around);
  switch (carried.outcome) {
    case 'carried':
      return 'brought';
    case 'there already':
    case 'nothing':
      return carried.outcome;
    case 'same':
      throw cannot(bringing, `The state in ${from.location} is the same.`, [
        'Check whether both are one place with two names. Then no import is needed',
        'If the state was copied by hand, remove the old state by hand as well',
      ]);
    case 'decided':
      throw cannot(bringing, 'A decided commit waits to be finished.', [
        'Set `state:` back to the earlier place, and let a run finish the commit first: hygge go',
      ]);
    case 'held': {
      const { program, host, pid } = carried.by;
      throw cannot(bringing, `The entity is held by ${program} on ${host}, process ${pid}.`, ['Wait until that run has ended']);
    }
    case 'occupied':
      throw cannot(bringing, 'The entity has another state there.', [
        `Look at it: hygge state show ${entityArgument(key.flow, key.entity)}`,
        'Choose one of the two states; hygge reset --adopt continues from the destination',
      ]);
    case 'moved':
      throw cannot(bringing, 'The state changed just now.', ['Another process is active. Try again when no run is active']);
  }
}

function cannot({ key, to }: ImportContext, why: string, tryThis: readonly string[]): ConfigError {
  return new ConfigError({
    code: 'HYG-1906',
    what: `The state of ${shownEntity(key.flow, key.entity)} cannot be copied to ${to.location}.`,
    why: [why],
    tryThis,
  });
}

function nowhere({ location }: StateStore): ConfigError {
  return new ConfigError({
    code: 'HYG-1906',
    what: `The state is in ${location} already, so it can't be moved there.`,
    why: ['`state:` of hygge.yml names the place from which the state would be copied.'],
    tryThis: [
      'From files to another place: name the new place, state: { type: table_storage, … }, then hygge state import',
      "From another place: name the earlier place, hygge state import --from '{ type: table_storage, … }'",
    ],
  });
}
