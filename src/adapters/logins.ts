import type { PoolKey } from '../engine/contracts/pools.ts';
import type { Clock } from '../ports/clock.ts';
import { refusedLoginMs } from '../ports/retry.ts';

/** Opens the first connection of a login alone, so that a wrong password is sent once, whatever number of entities wait for it. */
export class Login {
  readonly #time: Pick<Clock, 'monotonicMs'>;
  #refused: { readonly error: unknown; readonly atMs: number } | undefined;
  /** Resolves when the try that goes first has ended. Undefined: no try has to go first. */
  #first: Promise<void> | undefined;
  #isTried = false;

  constructor(time: Pick<Clock, 'monotonicMs'>) {
    this.#time = time;
  }

  /** @param isRefused whether the error says that user or password are wrong; a time-out does not. Throws the error of the refusal as long as it counts. */
  async try<C>(open: () => Promise<C>, isRefused: (error: unknown) => boolean, signal: AbortSignal | undefined): Promise<C> {
    for (; this.#first !== undefined; signal?.throwIfAborted()) await this.#first;
    this.#throwRefusal();
    if (this.#isTried) return this.#opened(open, isRefused);
    const first = Promise.withResolvers<void>();
    this.#first = first.promise;
    try {
      const connection = await this.#opened(open, isRefused);
      this.#isTried = true;
      return connection;
    } catch (error) {
      // A caller that gives up proves nothing of the login, so the next try is alone again. An unreachable server counts no passwords.
      this.#isTried = !isRefused(error) && signal?.aborted !== true;
      throw error;
    } finally {
      this.#first = undefined;
      first.resolve();
    }
  }

  async #opened<C>(open: () => Promise<C>, isRefused: (error: unknown) => boolean): Promise<C> {
    try {
      return await open();
    } catch (error) {
      if (isRefused(error)) {
        this.#refused = { error, atMs: this.#time.monotonicMs() };
        this.#isTried = false;
      }
      throw error;
    }
  }

  #throwRefusal(): void {
    if (this.#refused === undefined) return;
    if (this.#time.monotonicMs() - this.#refused.atMs < refusedLoginMs) throw this.#refused.error;
    this.#refused = undefined;
  }
}

/** The logins of a process. Rows and state of one account share a login. */
export class Logins {
  readonly #time: Pick<Clock, 'monotonicMs'>;
  readonly #all = new Map<string, Login>();

  constructor(time: Pick<Clock, 'monotonicMs'>) {
    this.#time = time;
  }

  of({ connector, server, database, identity }: PoolKey): Login {
    const name = JSON.stringify([connector, server.toLowerCase(), database, identity]);
    const login = this.#all.get(name) ?? new Login(this.#time);
    this.#all.set(name, login);
    return login;
  }
}
