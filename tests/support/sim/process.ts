import type { Call, Request } from './call.ts';

export type Life = 'new' | 'live' | 'done' | 'dead';

/** One run, cancel, reset or change of the source, in a process of its own. Dead means: killed, and never to go on. */
export class Process {
  readonly name: string;
  /** One call without faults and without interruption: a change that the world makes. */
  readonly atomic: boolean;
  life: Life = 'new';
  outcome = '';
  /** What the last transition tried on the state row was; labels the write that follows it. */
  event = '';
  /** The entity run whose steps it delivers, when more than one process may. */
  delivers: string | undefined;
  /** Calls that failed so far: what the process was told before, it may not know any more. */
  stumbles = 0;
  readonly calls: Call[] = [];
  readonly abort = new AbortController();
  readonly #run: (process: Process) => Promise<string>;

  constructor(name: string, atomic: boolean, run: (process: Process) => Promise<string>) {
    this.name = name;
    this.atomic = atomic;
    this.#run = run;
  }

  start(): void {
    this.life = 'live';
    this.#run(this).then(
      (outcome) => this.#end(outcome),
      (error: unknown) => this.#end(`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
  }

  call<T>(request: Request): Promise<T> {
    // A dead process waits for ever: nothing it would do next happens.
    if (this.life === 'dead') return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      const { label, kind, apply, step, tear } = request;
      const stumble = (error: unknown) => {
        this.stumbles++;
        reject(error);
      };
      this.calls.push({ process: this, label, kind, apply, step, tear, resolve: resolve as (value: unknown) => void, reject: stumble });
    });
  }

  die(): void {
    this.life = 'dead';
    this.calls.length = 0;
  }

  #end(outcome: string): void {
    if (this.life === 'dead') return;
    this.life = 'done';
    this.outcome = outcome;
  }
}
