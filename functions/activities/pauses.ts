import type { App } from '../../src/assembly/app.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import { msUntil } from '../../src/engine/contracts/steps.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Waiting } from '../../src/ports/retry.ts';
import type { Instant, Json } from '../../src/ports/values.ts';

/** A shorter pause is not logged. */
const shownPauseMs = 60_000;

/** The end of the pause that the source or the store asks for, if the pause is long enough to report. */
export function longPauseOf(step: Step<Json>, clock: Clock): Instant | undefined {
  const until = 'again' in step ? asked(step) : ((step.done as { readonly notBefore?: Instant | null } | null)?.notBefore ?? undefined);
  return until !== undefined && msUntil(clock, until) > shownPauseMs ? until : undefined;
}

/** A wait for another system is reported by the wait itself. */
function asked({ notBefore, waitsFor }: Extract<Step<Json>, { readonly again: Json }>): Instant | undefined {
  return waitsFor === undefined ? notBefore : undefined;
}

/** A pause occupies an activity, and the host ends activities that take too long. So a long pause becomes a timer of the orchestration. */
const giveUpAfterMs = 15_000;
const longestMs = 4 * 60_000;

export function waitingOf({ clock, random }: App): Waiting {
  return { clock, fraction: () => random.fraction(), giveUpAfterMs, untilMs: clock.monotonicMs() + longestMs };
}
