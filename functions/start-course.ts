import type { AppWorker } from '../src/ports/host.ts';

/** The starts of workers under one host. A host lists the functions of its first worker for its whole life. */
interface StartNote {
  readonly version: 1;
  readonly host: string;
  /** Whether the first worker of the host registered the functions. */
  readonly listed: boolean;
  /** How many workers ended themselves under this host. */
  readonly ended: number;
  /** How many hosts in a row had a failed first start, including the current host. */
  readonly failedHosts: number;
}

/** Longer than the time between a worker's start and the platform's request for the functions. */
const soonMs = 3_000;
const longestMs = 600_000;
/** A host that has lost three workers within half an hour stops, and the platform starts another host. */
const enough = 3;

/**
 * Ends a useless worker, so that the platform starts another worker. If the start of an app failed, the platform treats it as an app without functions, and
 * does not ask the app again. Call this function once: with the reason of a failed start, or with undefined after a successful start.
 */
export function afterStart(worker: AppWorker, failure: string | undefined): void {
  const before = noteIn(worker.note());
  const under = before?.host === worker.host ? before : undefined;
  const listed = under?.listed ?? failure === undefined;
  const isOfUse = listed && failure === undefined;
  const failedHosts = isOfUse ? 0 : (under?.failedHosts ?? (before?.failedHosts ?? 0) + 1);
  const ended = isOfUse ? 0 : (under?.ended ?? 0) + 1;
  worker.leave({ version: 1, host: worker.host, listed, ended, failedHosts } satisfies StartNote);
  if (failure === undefined) {
    if (!listed && ended <= enough)
      worker.end('hygge ends this worker: an earlier start failed, so its host has listed no functions and must be started again.', soonMs);
    return;
  }
  const firstMs = Math.min(longestMs, soonMs * 3 ** (failedHosts - 1));
  // If an earlier worker has registered functions, the host also sends steps to a worker whose start failed. Each of these steps would fail.
  const waitMs = listed ? 0 : under === undefined ? firstMs : soonMs;
  worker.end(`hygge ends this worker, so that the platform starts it again: ${failure}`, waitMs);
}

function noteIn(value: unknown): StartNote | undefined {
  const note = value as Partial<StartNote> | null | undefined;
  return typeof note === 'object' && note?.version === 1 ? (note as StartNote) : undefined;
}
