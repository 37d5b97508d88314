/** Reports work that is stuck, while it is stuck. Work is stuck if no row and no answer arrived for as long as `stall` says. */
import type { Clock } from '../../ports/clock.ts';
import type { Note } from '../../ports/notes.ts';
import type { EntitySpec } from '../contracts/spec.ts';

export interface StandstillRequest {
  /** After how long without a sign of life the work counts as stuck, in milliseconds. */
  readonly stallMs: number;
  /** Called once for each standstill. @param stoodMs milliseconds since the last sign of life. */
  readonly tell: (stoodMs: number) => void;
}

/** Watches some work. Disposing of the object ends the watch. */
export class StandstillWatch implements Disposable {
  readonly #clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly #request: StandstillRequest;
  readonly #done = new AbortController();
  #heardMs: number;

  constructor(clock: Pick<Clock, 'monotonicMs' | 'sleep'>, request: StandstillRequest) {
    this.#clock = clock;
    this.#request = request;
    this.#heardMs = clock.monotonicMs();
    void this.#watch().catch(() => undefined);
  }

  /** Notes a sign of life. */
  hear(): void {
    this.#heardMs = this.#clock.monotonicMs();
  }

  async #watch(): Promise<void> {
    const { stallMs, tell } = this.#request;
    for (let toldOf: number | null = null; ; ) {
      const stoodMs = this.#clock.monotonicMs() - this.#heardMs;
      if (stoodMs >= stallMs && toldOf !== this.#heardMs) {
        toldOf = this.#heardMs;
        tell(stoodMs);
      }
      await this.#clock.sleep(stoodMs >= stallMs ? stallMs : stallMs - stoodMs, this.#done.signal);
    }
  }

  [Symbol.dispose](): void {
    this.#done.abort(new Error('ended'));
  }
}

/** Calls `work`, and reports if it is stuck. Each call of `hear` is a sign of life. */
export async function watched<T>(
  spec: EntitySpec,
  step: StandstillStep,
  { clock, tell }: { readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>; readonly tell: (note: Note) => void },
  work: (hear: () => void) => Promise<T>,
): Promise<T> {
  const { stallMs } = spec;
  if (stallMs === Number.POSITIVE_INFINITY) return work(() => undefined);
  const named = ({ type, connection }: EntitySpec['home']) => (connection === undefined ? type : `${type} ${connection.name}`);
  const [home, store] = [named(spec.home), named(spec.store)];
  using watch = new StandstillWatch(clock, {
    stallMs,
    tell: (stoodMs) => tell({ code: 'stands_still', seconds: Math.round(stoodMs / 1000), step, home, store }),
  });
  return await work(() => watch.hear());
}

export type StandstillStep = Extract<Note, { readonly code: 'stands_still' }>['step'];
