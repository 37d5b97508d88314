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

/** Flags of the commands that move rows. */
export interface MovingFlags extends CommonFlags {
  readonly dryRun?: true | undefined;
  readonly wait?: true | undefined;
  readonly takeOver?: true | undefined;
  /** Milliseconds. */
  readonly retryFor?: number | undefined;
}

interface DriveContext {
  /** Flows that never began, because their config is wrong. */
  readonly broken?: readonly unknown[];
  readonly flags: Pick<CommonFlags, 'verbose'>;
  readonly output: Output;
  readonly surroundings: Surroundings;
}

/** Runs entities until they are done or a person stops them, and reports why a run ended early. Returns the exit code. */
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

/** With `--verbose`, errors from outside of hygge are shown with their stacks. */
export function withDefectStacks(ports: EnginePorts, { flags, output }: Pick<DriveContext, 'flags' | 'output'>): EnginePorts {
  return flags.verbose ? { ...ports, onDefect: (error) => output.note(stackLines(error)) } : ports;
}

function stackLines(error: unknown): readonly string[] {
  return stackText(error).split('\n').map(visible);
}
