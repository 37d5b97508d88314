/** Keeps the limits of one connection for all requests of this process. A ledger shares the limits with all other processes. */
import type { Clock } from '../../../ports/clock.ts';
import { stepWaiting } from '../../../ports/retry.ts';
import type { Ledger } from '../../../ports/state.ts';
import type { Instant, Json } from '../../../ports/values.ts';
import type { LimitsConfig } from './config.ts';
import type { ToldLimit } from './limit-headers.ts';
import { type Permits, permits, renewalMs, requestMs } from './permits.ts';
import { type Grant, grant, heard, longestWaitMs, mostAtOnce, type Usage } from './usage.ts';

/** The document that the ledger stores. */
interface Document {
  readonly usage?: Usage;
  readonly permits?: Permits;
}

/** The answer to a request that must wait so long that its step ends. */
export interface LaterTurn {
  readonly notBefore: Instant;
  /** The limit that the request waits for, as written in the config: `20000/day`. */
  readonly because: string;
}

/** The permission to send a request now. The permission ends when the answer was read. */
export interface Turn {
  over(): void;
}

interface Token {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface LimitsPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

interface Holding {
  /** The maximum number of requests that may be open at the same time. */
  readonly usable: number;
  readonly untilMs: number;
}

const mostLeadMs = 2_000;
/** The interval at which permits are requested again, while other processes have all permits. */
const askAgainMs = 1_000;
/** After this time without a request, a process returns its permits, since its next step may run in another process. */
const idleMs = 2_000;

export class Limits {
  readonly #config: LimitsConfig;
  readonly #ports: LimitsPorts;
  #tokens: Token[] = [];
  #taking: Promise<LaterTurn | undefined> | undefined;
  #waiting = 0;
  /** The number of requests that are reserved at a time. The number grows while all reserved requests are used. */
  #size = 1;
  /** The time that the last reservation in the ledger took, as an estimate for the next one. */
  #leadMs = 0;
  #held: Holding | undefined;
  /** The time until which no permit is requested, since other processes have all permits. */
  #noneUntilMs = 0;
  /** Stops the timer that returns the permits after a time without open requests. */
  #idle: AbortController | undefined;
  #underWay = 0;
  #asking: Promise<void> | undefined;
  #released: Array<() => void> = [];
  /** The limit that a budget is a share of, and the time until which this limit counts without reading another answer. */
  #told: { readonly limit: number; readonly untilMs: number } | undefined;

  constructor(config: LimitsConfig, ports: LimitsPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  /** Waits until a request may be sent, for about ten seconds at most. */
  async turn(): Promise<Turn | LaterTurn> {
    const refused = await this.#permit();
    if (refused !== undefined) return refused;
    let later: LaterTurn | undefined;
    try {
      later = await this.#token();
    } catch (error) {
      this.#over();
      throw error;
    }
    if (later === undefined) return { over: () => this.#over() };
    this.#over();
    await this.rest();
    return later;
  }

  /** Returns the permits of this process, if no request is open. */
  async rest(): Promise<void> {
    this.#idle?.abort();
    if (this.#underWay > 0 || this.#waiting > 0 || this.#held === undefined) return;
    await this.#ask(false);
  }

  /** Notes the limit that an answer reports. False: `budget` is a share of the limit, and no answer has reported a limit yet. */
  async hear(told: ToldLimit | undefined): Promise<boolean> {
    if (this.#config.percent === undefined) return true;
    const nowMs = this.#nowMs();
    if (this.#told !== undefined && (told === undefined || (told.limit === this.#told.limit && nowMs < this.#told.untilMs))) return true;
    const found = await this.#change((document) => {
      const { usage = {} } = document;
      const next = told && heard(usage, { limit: told.limit, toldUntilMs: told.untilMs, nowMs });
      const { limit = null, untilMs = null } = (next ?? usage).told ?? {};
      const answer = limit === null ? undefined : { limit, untilMs: untilMs ?? nowMs };
      return next === undefined ? { answer } : { to: { ...document, usage: next }, answer };
    });
    this.#told = found;
    return found !== undefined;
  }

  #change<T>(decide: (document: Document, nowMs: number) => { readonly to?: Document; readonly answer: T }): Promise<T> {
    return this.#ports.ledger.change((found, at) => {
      const { to, answer } = decide((found ?? {}) as Document, Date.parse(at));
      return to === undefined ? { answer } : { to: to as unknown as Json, answer };
    });
  }

  #nowMs(): number {
    return Date.parse(this.#ports.ledger.now());
  }

  async #token(): Promise<LaterTurn | undefined> {
    const { rates, percent } = this.#config;
    if (rates.length === 0 && percent === undefined) return undefined;
    this.#waiting++;
    try {
      for (const begunMs = this.#nowMs(); ; ) {
        stepWaiting()?.signal?.throwIfAborted();
        const token = this.#next();
        if (token !== undefined) {
          await this.#sleep(token.fromMs - this.#nowMs());
          // If this machine was busy until the reserved time was over, the request must not be sent late: another request may be due now.
          if (this.#nowMs() <= token.untilMs) return undefined;
          continue;
        }
        this.#taking ??= this.#take().finally(() => {
          this.#taking = undefined;
        });
        const later = await this.#taking;
        if (later !== undefined) {
          const ms = Date.parse(later.notBefore) - this.#nowMs();
          if (this.#nowMs() + ms - begunMs > longestWaitMs) return later;
          await this.#sleep(ms);
        }
      }
    } finally {
      this.#waiting--;
    }
  }

  #next(): Token | undefined {
    const nowMs = this.#nowMs();
    const usable = this.#tokens.filter(({ untilMs }) => untilMs >= nowMs);
    if (usable.length < this.#tokens.length) this.#size = 1;
    this.#tokens = usable;
    return this.#tokens.shift();
  }

  async #take(): Promise<LaterTurn | undefined> {
    const { by, skewMs } = this.#ports.ledger;
    const most = mostAtOnce(this.#config);
    const want = Math.min(most, Math.max(this.#waiting, this.#size));
    this.#size = Math.min(most, 2 * this.#size);
    const begunMs = this.#ports.clock.monotonicMs();
    const leadMs = this.#leadMs;
    const answer = await this.#change<LaterTurn | Grant>((document, nowMs) => {
      const granted = grant(document.usage ?? {}, { limits: this.#config, nowMs, by, want, skewMs, leadMs });
      if ('laterMs' in granted)
        return { answer: { notBefore: new Date(Math.ceil(granted.laterMs)).toISOString(), because: granted.because } };
      return { to: { ...document, usage: granted.usage }, answer: granted.grant };
    });
    this.#leadMs = Math.min(mostLeadMs, 1.5 * (this.#ports.clock.monotonicMs() - begunMs));
    if ('notBefore' in answer) return answer;
    this.#tokens.push(...tokensOf(answer));
    return undefined;
  }

  /** Waits until one more request may be open. */
  async #permit(): Promise<LaterTurn | undefined> {
    const { concurrency } = this.#config;
    if (concurrency === undefined) return undefined;
    this.#waiting++;
    try {
      for (const begunMs = this.#nowMs(); ; ) {
        stepWaiting()?.signal?.throwIfAborted();
        const leftMs = (this.#held?.untilMs ?? 0) - requestMs - this.#nowMs();
        const { usable = 0 } = this.#held ?? {};
        if (leftMs > 0 && this.#underWay < usable) {
          this.#underWay++;
          this.#idle?.abort();
          if (leftMs < renewalMs) void this.#ask(true).catch(() => undefined);
          return undefined;
        }
        const isShort = leftMs <= 0 || (usable === 0 && this.#underWay === 0);
        if (isShort && this.#nowMs() >= this.#noneUntilMs) {
          await this.#ask(true);
          if (this.#held !== undefined && this.#held.usable > this.#underWay) continue;
        }
        const nowMs = this.#nowMs();
        if (this.#held === undefined && nowMs - begunMs > longestWaitMs)
          return { notBefore: new Date(nowMs + longestWaitMs).toISOString(), because: `concurrency: ${concurrency}` };
        await this.#untilReleased(this.#held === undefined ? askAgainMs : renewalMs);
      }
    } finally {
      this.#waiting--;
    }
  }

  /** Requests permits from the ledger, or returns unused permits. */
  #ask(wantsMore: boolean): Promise<void> {
    const { concurrency: most = 1 } = this.#config;
    this.#asking ??= this.#change((document, nowMs) => {
      const before = document.permits ?? {};
      const asked = permits(before, { most, nowMs, by: this.#ports.ledger.by, underWay: this.#underWay, wantsMore });
      const answer = asked.held && { usable: asked.usable, untilMs: asked.held.untilMs };
      return asked.permits === before ? { answer } : { to: { ...document, permits: asked.permits }, answer };
    })
      .then((held) => {
        this.#held = held;
        if (held !== undefined && held.usable > this.#underWay) this.#wake();
        // Without this pause, all waiting requests would query the ledger at the same time, again and again.
        else if (wantsMore) this.#noneUntilMs = this.#nowMs() + askAgainMs;
      })
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  #over(): void {
    if (this.#config.concurrency === undefined) return;
    this.#underWay--;
    this.#wake();
    this.#restWhenIdle();
  }

  /** Returns the permits after a time without requests. Each request starts the time again, so a pause causes at most one write. */
  #restWhenIdle(): void {
    this.#idle?.abort();
    const idle = new AbortController();
    this.#idle = idle;
    void this.#ports.clock.sleep(idleMs, idle.signal).then(
      () => this.rest().catch(() => undefined),
      () => undefined,
    );
  }

  #wake(): void {
    const waiting = this.#released;
    this.#released = [];
    for (const go of waiting) go();
  }

  async #untilReleased(mostMs: number): Promise<void> {
    const released = new Promise<void>((go) => this.#released.push(go));
    const stop = new AbortController();
    const time = this.#ports.clock.sleep(mostMs, stop.signal).catch(() => undefined);
    await Promise.race([released, time]);
    stop.abort();
  }

  async #sleep(ms: number): Promise<void> {
    if (ms > 0) await this.#ports.clock.sleep(Math.ceil(ms), stepWaiting()?.signal);
  }
}

function tokensOf({ count, firstMs, everyMs, lateMs, untilMs }: Grant): readonly Token[] {
  return Array.from({ length: count }, (_, i) => {
    const fromMs = firstMs + i * everyMs;
    return { fromMs, untilMs: Math.min(untilMs, fromMs + lateMs) };
  });
}
