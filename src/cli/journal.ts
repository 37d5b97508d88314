import { realClock } from '../adapters/real-clock.ts';
import { damageLine, journalLines } from '../narrate/status-lines.ts';
import type { JournalFilter } from '../ports/state.ts';
import { exit } from './exit-code.ts';
import { openState } from './open-state.ts';
import { openWorkspace } from './open-workspace.ts';
import { printAnswer } from './print.ts';
import { splitName } from './selection.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

export interface JournalFlags extends CommonFlags {
  readonly flow?: string | undefined;
  readonly entity?: string | undefined;
  readonly limit: number;
}

/** `hygge journal`: the latest entity runs, newest first. Entities that are gone from the workspace are still in it. */
export async function journal(flags: JournalFlags, surroundings: Surroundings): Promise<number> {
  const now = realClock().now();
  const workspace = await openWorkspace(flags, surroundings, { now });
  const state = await openState(workspace, (damage) => surroundings.err.write(`${damageLine(damage)}\n`));
  const about = flags.entity === undefined ? (flags.flow === undefined ? {} : { flow: flags.flow }) : splitName(flags.entity);
  const filter: JournalFilter = { ...about, limit: flags.limit };
  const rows = await state.journal(filter);
  printAnswer(surroundings, flags, { rows, lines: (palette) => journalLines(rows, Date.parse(now), palette) });
  return exit.ok;
}
