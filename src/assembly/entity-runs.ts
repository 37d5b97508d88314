/** Resources that entity runs keep open in this process of a function app: each step of a run can use resources that an earlier step opened. */
import { OpenSides } from '../engine/entity/open-sides.ts';
import type { Clock } from '../ports/clock.ts';

/** How long resources stay open without a step: longer than the pauses between the steps of a normal run. */
const idleMs = 5 * 60_000;
/** How many runs without an active step stay open. The platform limits runs with an active step. */
const mostIdle = 16;

interface EntityRunOpen {
  readonly sides: OpenSides;
  users: number;
  ended: boolean;
  /** Aborts the timer when a step begins. The timer closes resources that no step has used again. */
  waiting: AbortController | undefined;
}

export interface BorrowedSides extends AsyncDisposable {
  readonly sides: OpenSides;
  /** The run is over, and no step will need its resources. */
  end(): void;
}

/** Resources that are kept between steps. They are closed when the run ends here, when no step has come for some time, or when too many are open. */
export class EntityRuns implements AsyncDisposable {
  readonly #clock: Pick<Clock, 'sleep'>;
  /** The open runs, in the order of last use. */
  readonly #runs = new Map<string, EntityRunOpen>();

  constructor(clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock;
  }

  borrow(entityRunId: string): BorrowedSides {
    const run = this.#runs.get(entityRunId) ?? { sides: new OpenSides(), users: 0, ended: false, waiting: undefined };
    this.#runs.delete(entityRunId);
    this.#runs.set(entityRunId, run);
    run.users++;
    run.waiting?.abort();
    return {
      sides: run.sides,
      end: () => {
        run.ended = true;
      },
      [Symbol.asyncDispose]: () => this.#giveBack(entityRunId, run),
    };
  }

  async #giveBack(entityRunId: string, run: EntityRunOpen): Promise<void> {
    if (--run.users > 0) return;
    if (run.ended) return this.#close(entityRunId, run);
    const waiting = new AbortController();
    run.waiting = waiting;
    void this.#clock.sleep(idleMs, waiting.signal).then(
      // A step may have begun during the notification.
      () => (run.users === 0 ? this.#close(entityRunId, run) : undefined),
      () => undefined,
    );
    const idle = [...this.#runs].filter(([, { users }]) => users === 0);
    await Promise.all(idle.slice(0, Math.max(0, idle.length - mostIdle)).map(([id, one]) => this.#close(id, one)));
  }

  async #close(entityRunId: string, run: EntityRunOpen): Promise<void> {
    run.waiting?.abort();
    if (this.#runs.get(entityRunId) === run) this.#runs.delete(entityRunId);
    await run.sides[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#runs].map(([id, run]) => this.#close(id, run)));
  }
}
