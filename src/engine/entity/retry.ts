/** Retries only transient failures, with full jitter. If all tries fail, the person sees the original error. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import { OutcomeUnknown, usualGiveUpMs, type Waiting, withWaiting } from '../../ports/retry.ts';
import type { Instant } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { msUntil, notBeforeOf, sleepUntil } from '../contracts/steps.ts';
import { detailsOf } from '../errors/details.ts';
import { type OutageEvent, type OutageNews, type OutagePatience, type Outages, outageOf } from './outages.ts';

export const attemptsPerStep = 4;
const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** The longest pause within a step, even if a system asks for a longer one. A person is waiting, and the lease must outlast all tries. */
const longestAskedMs = 120_000;
/** The longest wait by a timer. It takes minutes because a timer costs nothing, and a service that is being moved or is too busy needs time. */
const longestUsualTimerMs = 240_000;
const timersMs = [15_000, 60_000, longestUsualTimerMs];
/** The most timers of one wait. So a wait of a day needs only as many timers, and events in a history, as a wait of an hour. */
const mostTimers = 20;
const longestTimerMs = 86_400_000;

export interface RetriedStep {
  readonly step: string;
  readonly signal: AbortSignal;
  /** When waiting for a network ends, by the monotonic clock. */
  readonly untilMs?: number | undefined;
  /** How long the step waits for systems that do not answer. Absent: the step is only tried four times. */
  readonly outages?: { readonly shared: Outages; readonly patience: OutagePatience } | undefined;
  readonly onRetry: (retry: Retry) => void;
}

export interface Retry {
  readonly step: string;
  readonly attempt: number;
  readonly wait_ms: number;
  readonly error: ErrorDetails;
  /** The outage of the system. Present if the pause is because of an outage, which concerns all entities that use the system. */
  readonly outage?: OutageNews;
}

export async function withRetries<T>(ports: EnginePorts, attempt: RetriedStep, work: (attempt: number) => Promise<T>): Promise<T> {
  const { signal, untilMs, outages } = attempt;
  const met = new Set<string>();
  let failures = 0;
  for (let n = 1; ; n++) {
    const report = ({ error, ...event }: OutageEvent) =>
      attempt.onRetry({ step: attempt.step, attempt: n, ...event, error: detailsOf(error) });
    const answered = (but?: string) => {
      for (const system of met) if (system !== but) outages?.shared.reportOver(system, report);
    };
    try {
      const done = await withWaiting(waitingOf(ports, attempt, { n, met }), () => work(n));
      answered();
      return done;
    } catch (error) {
      const system = outageOf(error)?.system;
      if (system !== undefined || !isTransient(error)) answered(system);
      if (!isTransient(error) || signal.aborted) throw error;
      const isNews = outages?.shared.noteOutage(error) ?? true;
      if (system !== undefined) met.add(system);
      const notBefore = notBeforeOf(error);
      if (!(await outages?.shared.wait(error, outages.patience, { signal, untilMs, report }))) {
        if (++failures >= attemptsPerStep || hasNoRetriesLeft(error)) throw error;
        const asked = Math.min(longestAskedMs, askedMs(error));
        const wait = Math.max(asked, pauseMs(error, ports.clock.now()), waitAfterMs(failures, ports.random.fraction()));
        if (isNews) attempt.onRetry({ step: attempt.step, attempt: n, wait_ms: wait, error: detailsOf(error) });
        await ports.clock.sleep(wait, signal);
      }
      if (notBefore !== undefined) await sleepUntil(ports.clock, notBefore, signal);
    }
  }
}

const shortMs = 10_000;
/** Only pauses of at least this length are reported, in milliseconds. */
const toldFromMs = 5_000;

/** How requests over a network wait in this try of the step. */
function waitingOf(
  ports: EnginePorts,
  { step, signal, untilMs, outages, onRetry }: RetriedStep,
  { n, met }: { readonly n: number; readonly met: Set<string> },
): Waiting {
  return {
    clock: ports.clock,
    fraction: () => ports.random.fraction(),
    signal,
    untilMs,
    giveUpAfterMs: giveUpAfterMs(outages?.patience),
    onPause: ({ ms, error }) => {
      if (ms < toldFromMs) return;
      const isNews = outages?.shared.noteOutage(error) ?? true;
      const system = outageOf(error)?.system;
      if (system !== undefined) met.add(system);
      if (isNews) onRetry({ step, attempt: n, wait_ms: Math.round(ms), error: detailsOf(error) });
    },
  };
}

/** How long a request waits for a system that does not answer. Without patience it still waits for a moment, because a system that is too busy answers again soon. Undefined: the usual time. */
function giveUpAfterMs(patience: OutagePatience | undefined): number | undefined {
  return patience?.isConfigured ? Math.min(usualGiveUpMs, Math.max(shortMs, patience.retryForMs)) : undefined;
}

/** Whether the request was already sent as often as the policy allows. */
export function hasNoRetriesLeft(error: unknown): boolean {
  return (error instanceof HyggeError || error instanceof OutcomeUnknown) && error.spent;
}

/** How long to wait after try number `n` (from 1) failed. `fraction` is a random number, uniform in [0, 1). */
export function waitAfterMs(n: number, fraction: number): number {
  return Math.round(fraction * Math.min(longestWaitMs, firstWaitMs * 2 ** n));
}

/**
 * How often a step is tried, with timers between the tries. Usually it is tried four times. If a system does not answer, it is tried until the timers
 * together have taken `retryForMs`.
 */
export function timerAttempts(error: unknown, retryForMs: number | undefined): number {
  if (retryForMs === undefined || outageOf(error) === undefined) return attemptsPerStep;
  let attempts = 1;
  for (let ms = 0; ms < retryForMs; attempts++) ms += usualTimerMs(attempts, retryForMs);
  return attempts;
}

function usualTimerMs(n: number, retryForMs: number | undefined): number {
  return timersMs[n - 1] ?? Math.max(longestUsualTimerMs, (retryForMs ?? 0) / mostTimers);
}

/** How long a timer waits: the first one about 15 seconds, the second one a minute, and later ones usually four minutes. It is never less than the pause that the system asked for in `error`. */
export function timerAfterMs(
  n: number,
  { fraction, error, now, retryForMs }: { fraction: number; error: unknown; now: Instant; retryForMs?: number | undefined },
): number {
  const usual = usualTimerMs(n, retryForMs) * (0.75 + fraction / 2);
  const asked = Math.max(askedMs(error), pauseMs(error, now));
  // All callers were asked to wait for the same time, so a random share is added to spread their retries.
  return Math.min(longestTimerMs, Math.round(Math.max(usual, asked * (1 + fraction / 10))));
}

/** How long the step’s source still wants a pause, in milliseconds. */
function pauseMs(error: unknown, now: Instant): number {
  const notBefore = notBeforeOf(error);
  return notBefore === undefined ? 0 : Math.max(0, msUntil({ now: () => now }, notBefore));
}

function askedMs(error: unknown): number {
  return error instanceof HyggeError || error instanceof OutcomeUnknown ? (error.retryAfterMs ?? 0) : 0;
}

export function isTransient(error: unknown): boolean {
  return error instanceof OutcomeUnknown || (error instanceof HyggeError && error.transient);
}

/** Whether the plan has to be made from a new survey. Either the home reported its columns from some of the records and has found others since, or the table has changed since the plan. */
export function needsNewSurvey({ code }: { readonly code: string }): boolean {
  return code === 'HYG-3210' || code === 'HYG-3504' || lostItsSnapshot({ code });
}

/** Whether the source lost its snapshot. The plan and the source are fine in this case, so a plan is made again as often as a lost connection is tried again. */
export function lostItsSnapshot({ code }: { readonly code: string }): boolean {
  return code === 'HYG-3595';
}
