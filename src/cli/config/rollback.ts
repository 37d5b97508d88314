import { type RolledBackTold, rollbackLines } from '../../narrate/commands/config-lines.ts';
import { rollback } from '../../workspace/versions/versions.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { type ConfigFlags, openVersions } from './place.ts';

/** `hygge config rollback`: makes an earlier version current again. Active runs continue with their own version. */
export async function configRollback(
  flags: ConfigFlags & { readonly id?: string | undefined },
  surroundings: Surroundings,
): Promise<number> {
  const request = await openVersions(flags, surroundings);
  const { outcome, move, from } = await rollback(request, flags.id);
  const told: RolledBackTold = {
    version: move.id,
    outcome,
    prev: outcome === 'rolled back' ? from : move.prev,
    by: move.by,
    pushed_at: move.pushed_at,
    flows: move.flows,
  };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => rollbackLines(told, palette) });
  return exit.ok;
}
