import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { enginePorts } from '../../assembly/ports.ts';
import type { QuarantineLane } from '../../engine/plan/lane.ts';
import { warningText } from '../../narrate/commands/finding-lines.ts';
import { entityArgument, shownEntity } from '../../narrate/text/visible.ts';
import { type OneEntityFlags, openOneEntity } from '../run/one-entity.ts';
import { driveUntilDone, withDefectStacks } from '../run/until-done.ts';
import { askToConfirm } from '../terminal/confirmation.ts';
import { exit } from '../terminal/exit-code.ts';
import { openOutput } from '../terminal/output.ts';
import { printLines } from '../terminal/print.ts';
import type { Surroundings } from '../terminal/surroundings.ts';

export interface ReleaseFlags extends OneEntityFlags {
  /** The ids of entity runs whose rows are meant; undefined: all. */
  readonly run?: readonly string[] | undefined;
  readonly yes?: true | undefined;
}

/** `hygge quarantine replay` and `drop`: answers the exit code. */
export async function release(what: 'replay' | 'drop', flags: ReleaseFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, spec } = await openOneEntity(flags, surroundings, clock.now());
  const random = realRandom();
  const typed = `hygge quarantine ${what} ${entityArgument(spec.flow, spec.entity)}`;
  if (what === 'drop' && !flags.dryRun) {
    const question = `Rows of ${shownEntity(spec.flow, spec.entity)} in quarantine go for good. Drop them? [y/N] `;
    if (!(await askToConfirm(flags, surroundings, { question, name: 'quarantine drop', command: typed }))) {
      printLines(surroundings, flags, () => ['Left as it is.']);
      return exit.failed;
    }
  }
  const lane: QuarantineLane = { quarantine: what, runs: flags.run ?? null };
  const output = openOutput(surroundings, flags, {
    clock,
    invocationId: random.id(),
    dryRun: flags.dryRun === true,
    entities: 1,
    typed: { again: typed, same: typed },
    ...(flags.dryRun ? {} : { logged: workspace }),
  });
  try {
    await using ports = await enginePorts(workspace, { clock, random, emit: output.emit, network: surroundings.network });
    for (const warning of workspace.warnings) output.say({ event: 'warning', message: warningText(warning) });
    const { planRelease, releaseQuarantine } = await import('../../engine/drive/quarantine.ts');
    return await driveUntilDone({ flags, output, surroundings }, (signal) => {
      const request = { spec, lane, invocationId: output.invocationId, workspace: workspace.name, signal };
      if (flags.dryRun) return planRelease(request, ports);
      const how = { wait: flags.wait === true, takeOver: flags.takeOver === true, retryForMs: flags.retryFor };
      return releaseQuarantine({ ...request, ...how }, withDefectStacks(ports, { flags, output }));
    });
  } finally {
    output.close();
  }
}
