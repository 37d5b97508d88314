import { realClock } from '../../adapters/real-clock.ts';
import { realHost } from '../../adapters/real-host.ts';
import { openStateAlone } from '../../assembly/open-state.ts';
import { stateLines } from '../../narrate/commands/state-lines.ts';
import type { Palette } from '../../narrate/text/palette.ts';
import { shownEntity } from '../../narrate/text/visible.ts';
import { splitName } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer, printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** `hygge state show`: shows the row of an entity in the state unchanged. The entity may be missing in the workspace. */
export async function stateShow(flags: CommonFlags & { readonly entity: string }, surroundings: Surroundings): Promise<number> {
  const workspace = await openWorkspace(flags, surroundings, { now: realClock().now(), looking: true, opens: 'state' });
  await using opened = await openStateAlone(workspace, surroundings);
  const { state } = opened;
  const key = splitName(flags.entity);
  const found = await state.read(key);
  const others = found === undefined ? await state.entities() : [];
  const owner = found?.row.owner ?? null;
  const about = {
    row: found?.row,
    location: state.location,
    others: others.map((one) => shownEntity(one.flow, one.entity)),
    holderIsGone: owner !== null && (await realHost().fate(owner.holder)) === 'dead',
  };
  const lines = (palette: Palette): readonly string[] => stateLines(shownEntity(key.flow, key.entity), about, palette);
  if (found === undefined) {
    printLines(surroundings, flags, lines);
    return exit.failed;
  }
  printAnswer(surroundings, flags, { rows: [{ ...key, location: state.location, ...found.row }], lines });
  return exit.ok;
}
