/** Retries for transient failures only, with full jitter; the original error is what the person sees in the end. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import { OutcomeUnknown, type Waiting, within } from '../../ports/retry.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { quoted } from '../errors/run.ts';
import { defect, unanswered } from '../errors/unexpected.ts';

export const attemptsPerStep = 4;
const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** However long a system asks to be left alone, somebody sits and waits, and the lease must outlast all attempts. */
const longestAskedMs = 120_000;
/** What a timer costs is nothing, so a service that is being moved or is too busy gets minutes. */
const timersMs = [15_000, 60_000, 240_000];
const longestTimerMs = 86_400_000;

export interface Attempt {
  readonly step: string;
  readonly signal: AbortSignal;
  /** By the clock that only rises: nothing over a network is waited for any longer. */
  readonly untilMs?: number | undefined;
  readonly onRetry: (retry: { step: string; attempt: number; wait_ms: number; error: ErrorDetails }) => void;
}

export async function withRetries<T>(ports: EnginePorts, attempt: Attempt, work: (attempt: number) => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await within(waitingOf(ports, attempt, n), () => work(n));
    } catch (error) {
      if (n >= attemptsPerStep || !isTransient(error) || isSpent(error) || attempt.signal.aborted) throw error;
      const asked = Math.min(longestAskedMs, askedMs(error));
      const wait = Math.max(asked, waitAfterMs(n, ports.random.fraction()));
      attempt.onRetry({ step: attempt.step, attempt: n, wait_ms: wait, error: detailsOf(error) });
      await ports.clock.sleep(wait, attempt.signal);
    }
  }
}

/** Pauses that nobody would wonder at are not told. */
const toldFromMs = 5_000;

/** How what is asked over a network waits in this attempt. */
function waitingOf(ports: EnginePorts, { step, signal, untilMs, onRetry }: Attempt, n: number): Waiting {
  return {
    clock: ports.clock,
    fraction: () => ports.random.fraction(),
    signal,
    untilMs,
    onPause: ({ ms, error }) => {
      if (ms >= toldFromMs) onRetry({ step, attempt: n, wait_ms: Math.round(ms), error: detailsOf(error) });
    },
  };
}

/** What it asked for was sent as often as the policy allows. */
export function isSpent(error: unknown): boolean {
  return (error instanceof HyggeError || error instanceof OutcomeUnknown) && error.spent;
}

/** How long to wait after attempt `n` (from 1) failed; `fraction` is uniform in [0, 1). */
function waitAfterMs(n: number, fraction: number): number {
  return Math.round(fraction * Math.min(longestWaitMs, firstWaitMs * 2 ** n));
}

/** The same where nobody waits: about 15 s, a minute, four minutes, and never less than what the system asked for in `error`. */
export function timerAfterMs(n: number, fraction: number, error: unknown): number {
  const usual = (timersMs[n - 1] ?? timersMs.at(-1) ?? longestWaitMs) * (0.75 + fraction / 2);
  const asked = askedMs(error);
  // Everybody was asked the same: they come back one after the other.
  return Math.min(longestTimerMs, Math.round(Math.max(usual, asked * (1 + fraction / 10))));
}

function askedMs(error: unknown): number {
  return error instanceof HyggeError || error instanceof OutcomeUnknown ? (error.retryAfterMs ?? 0) : 0;
}

export function isTransient(error: unknown): boolean {
  return error instanceof OutcomeUnknown || (error instanceof HyggeError && error.transient);
}

/** The home told its columns from a part of the records, and has met others since; or the table is not any more what was planned. */
export function asksToLookAgain({ code }: { readonly code: string }): boolean {
  return code === 'HYG-3210' || code === 'HYG-3504';
}

/** Any error as a person sees it; what is not ours is a defect and says so. @param key what homes and stores call FLOW.ENTITY, who know no names. */
export function detailsOf(error: unknown, key?: EntityKey): ErrorDetails {
  if (error instanceof HyggeError) {
    const { tryThis, ...details } = error.toDetails();
    return { ...details, tryThis: key ? tryThis.map((line) => line.replaceAll('FLOW.ENTITY', quoted(key))) : tryThis };
  }
  if (error instanceof OutcomeUnknown) return unanswered(error.message);
  return defect(error instanceof Error ? error.message : String(error));
}
