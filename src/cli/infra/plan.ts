import { relative, resolve } from 'node:path';
import { type PlannedTold, plannedLines } from '../../narrate/infra-lines.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { renderedBefore } from './folder.ts';
import { checkTargetName } from './init.ts';
import { renderedFor, targetAndWorkspace } from './render.ts';

export interface PlanFlags extends CommonFlags {
  readonly target: string;
  /** What was rendered last. Absent: `out/<target>`. */
  readonly out?: string | undefined;
  /** Something that changed is a failure. */
  readonly check?: true | undefined;
}

/** `hygge infra plan`: what the next render would change in a target, in words. Writes nothing and reaches nothing. */
export async function infraPlan(flags: PlanFlags, surroundings: Surroundings): Promise<number> {
  checkTargetName(flags.target);
  const { target, whole } = await targetAndWorkspace(flags, surroundings);
  const [{ files, inventory = { apps: {} } }, { changesBetween }] = await Promise.all([
    renderedFor('azure', whole, target),
    import('../../../infra/inventory.ts'),
  ]);
  const out = resolve(surroundings.directory, flags.out ?? `out/${target.name}`);
  const before = await renderedBefore(out, files);
  const told: PlannedTold = {
    target: target.name,
    directory: relative(surroundings.directory, out) || '.',
    first: before.inventory === undefined,
    changes: changesBetween(before.inventory ?? { apps: {} }, inventory),
    files: before.files,
  };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => plannedLines(told, palette) });
  return flags.check && told.files.length > 0 ? exit.failed : exit.ok;
}
