import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { enginePorts, type RealPorts } from '../../assembly/ports.ts';
import type { EnginePorts } from '../../engine/contracts/ports.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { warningText } from '../../narrate/commands/finding-lines.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { openOne } from '../select/open-entities.ts';
import { mustConfirmTarget } from '../terminal/confirmation.ts';
import { openOutput } from '../terminal/output.ts';
import type { Surroundings } from '../terminal/surroundings.ts';
import { driveUntilDone, type InvocationSummaryEvent, type MovingFlags, withDefectStacks } from './until-done.ts';

/** The flags of commands that write one entity. */
export interface OneEntityFlags extends MovingFlags {
  readonly entity: string;
  readonly var?: readonly string[] | undefined;
  readonly confirm?: string | undefined;
}

/** The entity that the flags name, with its workspace. For a protected target, the person is asked for confirmation first, except in a dry run. */
export async function openOneEntity(flags: OneEntityFlags, surroundings: Surroundings, clock: Clock): ReturnType<typeof openOne> {
  const chosen = await openOne(flags, surroundings, clock);
  if (!flags.dryRun) await mustConfirmTarget(flags, chosen.workspace, surroundings);
  return chosen;
}

interface DriveRequest {
  readonly spec: EntitySpec;
  readonly workspace: string;
  readonly invocationId: string;
  readonly signal: AbortSignal;
}

interface OneEntityWork {
  readonly workspace: Workspace;
  readonly spec: EntitySpec;
  /** The command in the form that people type. */
  readonly typed: string;
  /** Changes the ports before the run. Absent: the ports stay unchanged. */
  ports?(ports: RealPorts): EnginePorts;
  /** Plans the entity, for `--dry-run`. */
  plan(request: DriveRequest, ports: EnginePorts): Promise<InvocationSummaryEvent>;
  run(
    request: DriveRequest & { readonly wait: boolean; readonly takeOver: boolean; readonly retryForMs: number | undefined },
    ports: EnginePorts,
  ): Promise<InvocationSummaryEvent>;
}

/** Runs or plans one entity in a lane of its own, and shows the result. Returns the exit code. */
export async function driveOneEntity(
  { workspace, spec, typed, plan, run, ports: withMore = (ports) => ports }: OneEntityWork,
  flags: OneEntityFlags,
  surroundings: Surroundings,
): Promise<number> {
  const [clock, random] = [realClock(), realRandom()];
  const output = openOutput(surroundings, flags, {
    clock,
    invocationId: random.id(),
    dryRun: flags.dryRun === true,
    entities: 1,
    typed: { again: typed, same: typed },
    ...(flags.dryRun ? {} : { logged: workspace }),
  });
  try {
    await using opened = await enginePorts(workspace, { clock, random, emit: output.emit, network: surroundings.network });
    const ports = withMore(opened);
    for (const warning of workspace.warnings) output.say({ event: 'warning', message: warningText(warning) });
    return await driveUntilDone({ flags, output, surroundings }, (signal) => {
      const request = { spec, invocationId: output.invocationId, workspace: workspace.name, signal };
      if (flags.dryRun) return plan(request, ports);
      const how = { wait: flags.wait === true, takeOver: flags.takeOver === true, retryForMs: flags.retryFor };
      return run({ ...request, ...how }, withDefectStacks(ports, { flags, output }));
    });
  } finally {
    output.close();
  }
}
