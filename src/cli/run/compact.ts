import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { enginePorts } from '../../assembly/ports.ts';
import { warningText } from '../../narrate/commands/finding-lines.ts';
import { entityArgument } from '../../narrate/text/visible.ts';
import { openOutput } from '../terminal/output.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { type OneEntityFlags, openOneEntity } from './one-entity.ts';
import { driveUntilDone, withDefectStacks } from './until-done.ts';

/** `hygge compact`: answers the exit code. */
export async function compact(flags: OneEntityFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, spec } = await openOneEntity(flags, surroundings, clock.now());
  const random = realRandom();
  const typed = `hygge compact ${entityArgument(spec.flow, spec.entity)}`;
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
    const { compact: run, planCompaction } = await import('../../engine/drive/compaction.ts');
    return await driveUntilDone({ flags, output, surroundings }, (signal) => {
      const request = { spec, invocationId: output.invocationId, workspace: workspace.name, signal };
      if (flags.dryRun) return planCompaction(request, ports);
      const how = { wait: flags.wait === true, takeOver: flags.takeOver === true, retryForMs: flags.retryFor };
      return run({ ...request, ...how }, withDefectStacks(ports, { flags, output }));
    });
  } finally {
    output.close();
  }
}
