/** What connections to servers have in common: how a connection is lost, stopped early or fails, and how it delivers rows. */
import { hash } from 'node:crypto';
import { DatabaseError, type Row, type Session, type Transaction } from './engine.ts';
import type { SqlSyntax } from './sql/statements.ts';

/** A digest of a login: it differs for different passwords, but does not show the password. @param proof everything that a login depends on, in a fixed order. */
export const secretDigest = (proof: unknown): string => hash('sha256', JSON.stringify(proof)).slice(0, 16);

export const connectionLost = (): DatabaseError => new DatabaseError('the connection was lost', { code: '', isLost: true });

/** The client’s side of a connection, which emits `error` and `end`. */
interface Client {
  on(event: 'error' | 'end', listener: (error?: unknown) => void): unknown;
}

/** How a client delivers the rows of a SELECT. */
export interface RowStreamControl<R> {
  /** Sends the SELECT. @param ended the client calls this once, after the last row. */
  start(row: (row: R) => void, ended: (error?: unknown) => void): void;
  pause(): void;
  resume(): void;
  /** Ends the SELECT before its last row. The client still calls `ended`, now or later. */
  stop(): void;
}

export abstract class ServerSession implements Session {
  readonly #syntax: SqlSyntax;
  #broken = false;
  #answered = false;

  constructor(client: Client, syntax: SqlSyntax) {
    this.#syntax = syntax;
    // If an idle connection is lost, the next call fails.
    for (const event of ['error', 'end'] as const) client.on(event, () => this.markBroken());
  }

  get isBroken(): boolean {
    return this.#broken;
  }

  get hasAnswered(): boolean {
    return this.#answered;
  }

  abstract query(sql: string, values?: readonly (string | null)[]): Promise<readonly Row[]>;
  abstract execute(sql: string, values?: readonly (string | null)[]): Promise<number>;
  abstract run(sql: string | readonly string[]): Promise<void>;
  abstract begin(of: Transaction): Promise<void>;
  abstract commit(mode: Transaction['mode']): Promise<void>;
  abstract rollback(): Promise<void>;

  /** Converts an error of the client to an error of the database or of the network. */
  protected abstract toDatabaseError(error: unknown): DatabaseError;
  /** Closes the connection at once. Called when the session is already broken. */
  protected abstract closeAtOnce(): void;
  /** Requests that the server stops its statement, and then closes the connection. Called when the session is already broken. */
  protected abstract stopServerAndClose(): void;
  /** Logs out from the server, and closes the connection. */
  protected abstract closeGracefully(): Promise<void>;

  protected markBroken(): void {
    this.#broken = true;
  }

  destroy(): void {
    this.markBroken();
    this.closeAtOnce();
  }

  cancel(): void {
    this.markBroken();
    this.stopServerAndClose();
  }

  async close(): Promise<void> {
    if (this.#broken) this.destroy();
    else await this.closeGracefully();
  }

  /** Sets up the session and returns it. If the setup fails, the session is destroyed. */
  async afterSetup(work: () => Promise<unknown>): Promise<this> {
    try {
      await work();
      return this;
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  /** Runs one call of the client. @param nth the index of the failed statement in `sql`, counted from 0. Absent: any statement may have failed. */
  protected async runCall<T>(sql: string, call: () => Promise<T>, nth?: () => number): Promise<T> {
    if (this.#broken) throw connectionLost();
    try {
      const answer = await call();
      this.#answered = true;
      return answer;
    } catch (error) {
      throw this.failureOf(error, sql, nth?.());
    }
  }

  protected failureOf(error: unknown, sql: string, nth?: number): DatabaseError {
    const of = this.toDatabaseError(error);
    if (of.isLost) this.markBroken();
    return of.withStatement(sql, this.#syntax, nth);
  }

  /**
   * Delivers the rows of a SELECT as they arrive. Whenever `take` returns true, no row is delivered until the next step is requested. If `signal` or the reader
   * ends the reading early, the SELECT is stopped. Errors of `take` are thrown unchanged.
   */
  protected async *streamRows<R>(
    sql: string,
    take: (row: R) => boolean,
    signal: AbortSignal,
    events: RowStreamControl<R>,
  ): AsyncGenerator<void> {
    if (this.#broken) throw connectionLost();
    signal.throwIfAborted();
    let wake: () => void = () => undefined;
    let ended: { readonly error: unknown } | undefined;
    let failed: { readonly error: unknown } | undefined;
    let isFull = false;
    const row = (next: R): void => {
      if (failed || ended) return;
      try {
        isFull = take(next);
      } catch (error) {
        failed = { error };
        events.stop();
      }
      if (!isFull) return;
      events.pause();
      wake();
    };
    const woken = () =>
      new Promise<void>((done) => {
        wake = done;
      });
    const stop = () => events.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      events.start(row, (error) => {
        ended ??= { error };
        wake();
      });
      while (!ended) {
        if (isFull) {
          yield;
          isFull = false;
          events.resume();
        } else await woken();
      }
    } finally {
      signal.removeEventListener('abort', stop);
      if (!ended) {
        const over = woken();
        events.stop();
        if (!ended) await over;
      }
    }
    if (failed) throw failed.error;
    if (ended.error) throw this.failureOf(ended.error, sql);
  }
}
