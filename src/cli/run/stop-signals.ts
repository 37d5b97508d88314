import { Interrupted } from '../../errors/hygge-error.ts';
import { leftAtOnce } from '../../narrate/run/interruption.ts';
import { exit } from '../terminal/exit-code.ts';
import type { Output } from '../terminal/output.ts';
import type { StopSignal, Surroundings } from '../terminal/surroundings.ts';

export interface Stopping extends Disposable {
  /** Aborts with an `Interrupted` at the first signal. */
  readonly signal: AbortSignal;
  /** The first signal. Null: the process has received no signal. */
  asked(): StopSignal | null;
}

/** Listens for signals. At the first signal, the engine is asked to stop, and a message says what that means. At the second signal, the process ends immediately. */
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
