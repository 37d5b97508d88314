import type { Clock } from '../../ports/clock.ts';
import { lineFitter } from './line-fitter.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

const everyMs = 5_000;

/** Prints the progress of a long read as one line on stderr, at most every five seconds. @param line makes a sentence of the progress. */
export function progressLines<P>(
  clock: Pick<Clock, 'monotonicMs'>,
  { surroundings, flags }: { readonly surroundings: Surroundings; readonly flags: CommonFlags },
  line: (progress: P) => string,
): (progress: P) => void {
  const fitted = lineFitter(surroundings.err, flags);
  let told = clock.monotonicMs();
  return (progress) => {
    if (clock.monotonicMs() - told < everyMs) return;
    told = clock.monotonicMs();
    surroundings.err.write(`${fitted([line(progress)]).join('\n')}\n`);
  };
}
