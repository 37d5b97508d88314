import type { EnginePorts } from '../../engine/contracts/ports.ts';
import { Interrupted } from '../../errors/hygge-error.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { EventBody } from '../../ports/events.ts';
import { exit, exitCodeOf } from '../terminal/exit-code.ts';
import { errorsIn } from '../terminal/failure.ts';
import type { Output } from '../terminal/output.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { stackText } from '../terminal/usage.ts';
import { listenForStops } from './stop-signals.ts';

export type InvocationSummaryEvent = Extract<EventBody, { readonly event: 'summary' }>;

/** The flags of commands that move rows. */
export interface MovingFlags extends CommonFlags {
  readonly dryRun?: true | undefined;
  readonly wait?: true | undefined;
  readonly takeOver?: true | undefined;
  /** The time in which a failed run is repeated, in milliseconds. */
  readonly retryFor?: number | undefined;
}

interface DriveContext {
  /** Flows that did not begin, since their config has errors. */
  readonly broken?: readonly unknown[];
  readonly flags: Pick<CommonFlags, 'verbose'>;
  readonly output: Output;
  readonly surroundings: Surroundings;
}

/** Runs entities until they are done or a person stops them. If a run ends early, the reason is reported. Returns the exit code. */
export async function driveUntilDone(
  { flags, output, surroundings, broken = [] }: DriveContext,
  drive: (signal: AbortSignal) => Promise<InvocationSummaryEvent>,
): Promise<number> {
  using stopping = listenForStops(surroundings, output);
  try {
    const summary = await drive(stopping.signal);
    const code = exitCodeOf(summary.entities, stopping.asked());
    return stopping.asked() === null && broken.length > 0 ? exit.failed : code;
  } catch (error) {
    const stopped = stopping.asked();
    if (stopped === null || !(error instanceof Interrupted)) {
      for (const one of errorsIn(error)) output.say({ event: 'error', ...one.toDetails() });
      if (flags.verbose) output.note(stackLines(error));
    }
    output.say(output.soFar());
    return stopped === null ? exit.failed : exit[stopped];
  }
}

/** The ports, changed so that `--verbose` shows unexpected errors with their stacks. */
export function withDefectStacks(ports: EnginePorts, { flags, output }: Pick<DriveContext, 'flags' | 'output'>): EnginePorts {
  return flags.verbose ? { ...ports, onDefect: (error) => output.note(stackLines(error)) } : ports;
}

function stackLines(error: unknown): readonly string[] {
  return stackText(error).split('\n').map(visible);
}
