import { Interrupted } from '../../errors/hygge-error.ts';
import { leftAtOnce } from '../../narrate/run/interruption.ts';
import { exit } from '../terminal/exit-code.ts';
import type { Output } from '../terminal/output.ts';
import type { StopSignal, Surroundings } from '../terminal/surroundings.ts';

export interface Stopping extends Disposable {
  /** Aborted with an `Interrupted` at the first signal. */
  readonly signal: AbortSignal;
  /** The first signal; null: there was none. */
  asked(): StopSignal | null;
}

/** The first signal requests the engine to stop, and prints what that means. The second one exits at once. */
export function listenForStops(
  surroundings: Pick<Surroundings, 'onStop' | 'leave'>,
  output: Pick<Output, 'say' | 'note' | 'soFar' | 'record' | 'close' | 'narrator'>,
): Stopping {
  const controller = new AbortController();
  let asked: StopSignal | null = null;
  const unlisten = surroundings.onStop((signal) => {
    if (asked === null) {
      asked = signal;
      output.say({ event: 'interrupted', signal, message: output.narrator.interruption(signal) });
      controller.abort(new Interrupted(signal));
      return;
    }
    output.note([leftAtOnce]);
    output.record(output.soFar());
    output.close();
    surroundings.leave(exit[signal]);
  });
  return { signal: controller.signal, asked: () => asked, [Symbol.dispose]: unlisten };
}
