import { realClock } from '../../adapters/real-clock.ts';
import type { RealPorts } from '../../assembly/ports.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { QuarantineLane } from '../../engine/plan/lane.ts';
import { shellWord } from '../../errors/as-argument.ts';
import { entityArgument, shownEntity } from '../../narrate/text/visible.ts';
import { defined } from '../../ports/values.ts';
import { driveOneEntity, type OneEntityFlags, openOneEntity } from '../run/one-entity.ts';
import { askToConfirm } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { MendedFile } from './mended-file.ts';
import { rowsFile } from './rows-file.ts';

export interface ReleaseFlags extends OneEntityFlags {
  /** The runs whose rows are selected. Undefined: the rows of all runs. */
  readonly run?: readonly string[] | undefined;
  /** The file with corrected rows. Undefined: the rows in quarantine are checked unchanged. */
  readonly file?: string | undefined;
  readonly yes?: true | undefined;
  /** The correction that is removed. Undefined: the command is about rows in quarantine. */
  readonly correction?: string | undefined;
}

/** `hygge quarantine replay` and `drop`. Returns the exit code. */
export async function release(what: 'replay' | 'drop', flags: ReleaseFlags, surroundings: Surroundings): Promise<number> {
  const { workspace, spec } = await openOneEntity(flags, surroundings, realClock());
  const { correction } = flags;
  const named = entityArgument(spec.flow, spec.entity);
  const typed =
    correction === undefined ? `hygge quarantine ${what} ${named}` : `hygge quarantine drop-correction ${named} ${shellWord(correction)}`;
  if (what === 'drop' && correction === undefined && !flags.dryRun) {
    const question = `Rows of ${shownEntity(spec.flow, spec.entity)} in quarantine will be deleted permanently. Drop them? [y/N] `;
    if (!(await askToConfirm(flags, surroundings, { question, name: 'quarantine drop', command: typed }))) {
      printLines(surroundings, flags, () => ['Left unchanged.']);
      return exit.failed;
    }
  }
  const { planRelease, releaseQuarantine } = await import('../../engine/drive/quarantine.ts');
  const file = flags.file === undefined ? null : rowsFile(flags.file, surroundings.directory);
  const lane: QuarantineLane = {
    quarantine: what,
    runs: flags.run ?? null,
    ...(file === null ? {} : { file: file.shown }),
    ...defined({ correction }),
  };
  const withRows = (ports: RealPorts): EnginePorts =>
    file === null ? ports : { ...ports, mended: new MendedFile({ file, spec, scratch: ports.opening(spec).scratch }) };
  const code = await driveOneEntity(
    {
      ...{ workspace, spec, typed: file === null ? typed : `${typed} --file ${shellWord(file.shown)}` },
      ports: withRows,
      plan: (request, ports) => planRelease({ ...request, lane }, ports),
      run: (request, ports) => releaseQuarantine({ ...request, lane }, ports),
    },
    flags,
    surroundings,
  );
  if (correction !== undefined && code === exit.ok && !flags.dryRun)
    printLines(surroundings, flags, () => [`To load the row as the source has it: hygge go -d ${named}`]);
  return code;
}
