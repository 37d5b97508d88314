/** The systems that do not answer, over all entities of an invocation: how long runs wait for each system, and the one event that reports it. */
import { HyggeError, type Outage } from '../../errors/hygge-error.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { outOfPatience } from '../errors/interruption.ts';

/** How long a run waits for a system that does not answer, in milliseconds, if neither the connection nor the command line sets a time. */
export const defaultRetryForMs = 60_000;
const firstWaitMs = 500;
const longestWaitMs = 5_000;

/** How long an entity waits for its systems. */
export interface OutagePatience {
  /** Milliseconds from the beginning of the outage, even if another entity met the outage first. */
  readonly retryForMs: number;
  /** Whether a person set this time. */
  readonly isConfigured: boolean;
  /** Whether the addresses are known to be right. If not, the entity has never settled and has no plan yet, so a failure most likely means a wrong address. Called when a step fails. */
  readonly hasEverWorked: () => Promise<boolean>;
}

/** What is reported about an outage, once when it begins and once, with `over_after_ms`, when it is over. */
export interface OutageNews {
  readonly system: string;
  readonly retry_for_ms?: number;
  readonly over_after_ms?: number;
}

export interface OutageEvent {
  readonly wait_ms: number;
  readonly error: HyggeError;
  readonly outage: OutageNews;
}

interface OpenOutage {
  readonly error: HyggeError;
  readonly sinceMs: number;
  /** Aborted when the system answers again, so that sleeping entities wake up. */
  readonly over: AbortController;
  /** Whether the event was sent that runs wait for the system. */
  isReported: boolean;
  waits: number;
}

/** One object for all entities of an invocation. */
export class Outages {
  readonly #ports: Pick<EnginePorts, 'clock' | 'random'>;
  readonly #open = new Map<string, OpenOutage>();

  constructor(ports: Pick<EnginePorts, 'clock' | 'random'>) {
    this.#ports = ports;
  }

  /**
   * Notes what `error` says about a system. Returns true for the first sign of an outage. Returns false for later signs, which need no report.
   */
  noteOutage(error: unknown): boolean {
    const outage = outageOf(error);
    if (outage === undefined || this.#open.has(outage.system)) return outage === undefined;
    this.#note(outage, error as HyggeError);
    return true;
  }

  /**
   * If the system behind `error` can’t be reached and the run waits for it, sleeps before the next try. Returns false if `error` shows no outage, or
   * the run does not wait. Throws `error`, marked as spent, if the time to wait is over or would end after `untilMs`.
   */
  async wait(
    error: unknown,
    patience: OutagePatience,
    {
      signal,
      untilMs,
      report,
    }: { readonly signal: AbortSignal; readonly untilMs?: number | undefined; readonly report: (event: OutageEvent) => void },
  ): Promise<boolean> {
    const outage = outageOf(error);
    if (outage === undefined || !(error instanceof HyggeError)) return false;
    const isUnreachable = outage.sinceMs !== null || (error.spent && patience.isConfigured);
    if (!isUnreachable || !(patience.isConfigured || (await patience.hasEverWorked()))) return false;
    const open = this.#note(outage, error);
    const { clock, random } = this.#ports;
    const leftMs = open.sinceMs + patience.retryForMs - clock.monotonicMs();
    const backoffMs = Math.min(longestWaitMs, firstWaitMs * 2 ** open.waits) * (0.5 + random.fraction() / 2);
    const waitMs = Math.round(Math.max(1, Math.min(leftMs, backoffMs)));
    if (leftMs <= 0 || (untilMs !== undefined && clock.monotonicMs() + waitMs > untilMs))
      throw outOfPatience(error, clock.monotonicMs() - open.sinceMs);
    open.waits++;
    if (!open.isReported) {
      open.isReported = true;
      report({ wait_ms: waitMs, error, outage: { system: outage.system, retry_for_ms: patience.retryForMs } });
    }
    await clock.sleep(waitMs, AbortSignal.any([signal, open.over.signal])).catch((reason) => {
      if (!open.over.signal.aborted || signal.aborted) throw reason;
    });
    return true;
  }

  /** Called when the system has answered: entities that wait for the system wake up. */
  reportOver(system: string, report: (event: OutageEvent) => void): void {
    const open = this.#open.get(system);
    if (open === undefined) return;
    this.#open.delete(system);
    open.over.abort();
    if (!open.isReported) return;
    const over_after_ms = Math.round(this.#ports.clock.monotonicMs() - open.sinceMs);
    report({ wait_ms: 0, error: open.error, outage: { system, over_after_ms } });
  }

  /** An outage that began later than the noted one is a new outage, because the system must have answered in between. */
  #note({ system, sinceMs }: Outage, error: HyggeError): OpenOutage {
    const known = this.#open.get(system);
    if (known !== undefined && (sinceMs === null || sinceMs <= known.sinceMs)) return known;
    const fresh: OpenOutage = {
      error,
      sinceMs: sinceMs ?? this.#ports.clock.monotonicMs(),
      over: known?.over ?? new AbortController(),
      isReported: known?.isReported ?? false,
      waits: 0,
    };
    this.#open.set(system, fresh);
    return fresh;
  }
}

/** The system that does not answer, as `error` names it. Undefined: `error` names no system. */
export function outageOf(error: unknown): Outage | undefined {
  return error instanceof HyggeError ? error.outage : undefined;
}

/** How long a run waits for an entity’s systems: the longer of the times that its connections set. Undefined: no connection sets a time. */
export function configuredRetryForMs({ home, store }: Pick<EntitySpec, 'home' | 'store'>): number | undefined {
  const given = [home.connection?.retryForMs, store.connection?.retryForMs].filter((ms) => ms !== undefined);
  return given.length === 0 ? undefined : Math.max(...given);
}
