import { limitsOf } from '../../../src/apis/requests/limits/config.ts';
import { Limits } from '../../../src/apis/requests/limits/limits.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import type { StateStore } from '../../../src/ports/state.ts';
import { StateLedger } from '../../../src/state/ledger.ts';
import type { MemoryState } from '../sim/memory-state.ts';

interface Timer {
  readonly atMs: number;
  readonly go: () => void;
}

/** Time that passes only where all wait for it. */
export class VirtualTime {
  ms: number;
  readonly #timers: Timer[] = [];

  constructor(startMs: number) {
    this.ms = startMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = { atMs: this.ms + Math.max(0, ms), go: resolve };
      this.#timers.push(timer);
      signal?.addEventListener('abort', () => {
        const at = this.#timers.indexOf(timer);
        if (at >= 0) this.#timers.splice(at, 1);
        reject(signal.reason);
      });
    });
  }

  async runUntil(endMs: number): Promise<void> {
    for (;;) {
      await new Promise((go) => setImmediate(go));
      let next: Timer | undefined;
      for (const timer of this.#timers) if (next === undefined || timer.atMs < next.atMs) next = timer;
      if (next === undefined || next.atMs > endMs) return;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.ms = Math.max(this.ms, next.atMs);
      next.go();
    }
  }
}

export interface Scene {
  readonly time: VirtualTime;
  readonly fraction: () => number;
  readonly state: MemoryState;
  /** The share of writes to the state whose answer is lost. */
  readonly losses: number;
  readonly rate: NonNullable<Parameters<typeof limitsOf>[0]>;
}

let nonces = 0;

/** One process with a clock of its own, over a network to the state that is slow and loses answers. */
export function limitsOfProcess({ time, fraction, state, losses, rate }: Scene, isDead: () => boolean): Limits {
  const offsetMs = (fraction() - 0.5) * 240;
  const clock: Clock = {
    now: () => new Date(time.ms + offsetMs).toISOString(),
    monotonicMs: () => time.ms,
    sleep: (ms, signal) => time.sleep(ms, signal),
  };
  const random = { id: () => '', nonce: () => `process-${++nonces}`, fraction };
  const limits = limitsOf(rate);
  if (limits === undefined) throw new Error('no limit');
  return new Limits(limits, { ledger: new StateLedger({ state: overNetwork(), clock, random }, 'shop'), clock });

  function overNetwork(): StateStore {
    // What a dead process had in mind never happens.
    const way = () => (isDead() ? new Promise<never>(() => undefined) : time.sleep(3 + fraction() * 40));
    return {
      ...({ location: state.location } as StateStore),
      now: () => clock.now(),
      async putObject(key, ref, body) {
        await way();
        if (fraction() < losses / 2) throw new OutcomeUnknown('lost on the way there');
        const there = await state.putObject(key, ref, body);
        await way();
        if (fraction() < losses / 2) throw new OutcomeUnknown('lost on the way back');
        return there;
      },
      async getObject(key, ref) {
        await way();
        return await state.getObject(key, ref);
      },
      async listObjects(key, prefix) {
        await way();
        return await state.listObjects(key, prefix);
      },
      async removeObjects(key, refs) {
        await way();
        await state.removeObjects(key, refs);
      },
    };
  }
}

/** The server's own ledger: when each request came, and when it was answered. */
export class CountingServer {
  readonly came: number[] = [];
  underWay = 0;
  mostUnderWay = 0;

  /** The most requests in any time of that length. */
  mostWithin(perMs: number): number {
    const sorted = [...this.came].sort((a, b) => a - b);
    let most = 0;
    for (let first = 0, last = 0; last < sorted.length; last++) {
      while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= perMs) first++;
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  async answer({ time, fraction }: Pick<Scene, 'time' | 'fraction'>): Promise<void> {
    await time.sleep(fraction() * 40);
    this.came.push(time.ms);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    await time.sleep(20 + fraction() * 60);
    this.underWay--;
  }
}

/** Requests of one process, one after another, in so many rows at once, until it dies. */
export async function ask(
  scene: Scene,
  server: CountingServer,
  { rows, isDead, most = Number.POSITIVE_INFINITY }: { readonly rows: number; readonly isDead: () => boolean; readonly most?: number },
): Promise<void> {
  const limits = limitsOfProcess(scene, isDead);
  let sent = 0;
  const row = async () => {
    while (sent < most) {
      sent++;
      const turn = await limits.turn();
      if (isDead()) return;
      if ('notBefore' in turn) {
        sent--;
        await scene.time.sleep(Date.parse(turn.notBefore) - scene.time.ms);
        continue;
      }
      await server.answer(scene);
      turn.over();
    }
  };
  const death = async () => {
    while (!isDead()) await scene.time.sleep(20_000);
  };
  await Promise.race([Promise.all(Array.from({ length: rows }, row)), death()]);
  if (!isDead()) await limits.rest();
}
