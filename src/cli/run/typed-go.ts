import { shellWord } from '../../errors/as-argument.ts';
import type { RepeatCommands } from '../../narrate/run/summary-lines.ts';
import type { GoFlags } from './go.ts';

/** The command `hygge go` with the entities and the load options of the flags. The folder and the target are added when the command is printed. */
export function typedGo(flags: GoFlags): RepeatCommands {
  const { names = [], flow = [], entity = [], exclude = [], var: vars = [], concurrency } = flags;
  const each = (option: string, values: readonly string[]) => values.map((value) => `${option} ${shellWord(value)}`);
  const chosen = [...names.map(shellWord), ...each('-f', flow), ...each('-e', entity), ...each('--exclude', exclude)];
  const how = [...each('--var', vars), ...(concurrency === undefined ? [] : [`-c ${concurrency}`])];
  const loaded = [
    ...(flags.failed ? ['--failed'] : []),
    ...(flags.incremental ? ['-i'] : []),
    ...(flags.fullDrop ? ['-d'] : []),
    ...(flags.compareDeletes ? ['--compare-deletes'] : []),
  ];
  return { again: ['hygge go', ...chosen, ...how].join(' '), same: ['hygge go', ...chosen, ...loaded, ...how].join(' ') };
}
