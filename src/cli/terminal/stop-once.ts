import { Interrupted } from '../../errors/hygge-error.ts';
import { exit } from './exit-code.ts';
import type { StopSignal, Surroundings } from './surroundings.ts';

/** Listens for signals: the first signal ends the read, and the second signal ends the process. */
export function stopOnce(surroundings: Surroundings): Disposable & { readonly signal: AbortSignal; asked(): StopSignal | null } {
  const controller = new AbortController();
  let asked: StopSignal | null = null;
  const unlisten = surroundings.onStop((signal) => {
    if (asked !== null) surroundings.leave(exit[signal]);
    asked = signal;
    controller.abort(new Interrupted(signal));
  });
  return { signal: controller.signal, asked: () => asked, [Symbol.dispose]: unlisten };
}
