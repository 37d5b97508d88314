/** The snapshot under which all slices of a home are read, and the connections that use the snapshot. */

import type { Pool } from '../../engine/contracts/pools.ts';
import type { Engine, Session } from '../engine.ts';
import { snapshotLost } from '../errors.ts';
import type { OpenSession, Sessions } from '../sessions.ts';

const reading = { mode: 'read', isolation: 'snapshot' } as const;

type Sharing<S extends Session> = Pick<Engine<never, S>, 'snapshots'>;

/** The latest snapshot of each flow and entity, over one pool. */
const latest = new WeakMap<Pool<never>, Map<string, { endIfIdle(): Promise<void> }>>();

function heldIn(pool: Pool<never>): Map<string, { endIfIdle(): Promise<void> }> {
  const held = latest.get(pool) ?? new Map<string, { endIfIdle(): Promise<void> }>();
  latest.set(pool, held);
  return held;
}

/**
 * One connection keeps the snapshot until the last slice is read. This connection also reads slices, so that a home without a second connection continues with
 * one. Further connections are taken only where no other user of the pool has to wait for them.
 */
export class SharedSnapshot<S extends Session> implements AsyncDisposable {
  readonly id: string;
  readonly #sessions: Sessions<S>;
  readonly #lead: OpenSession<S>;
  readonly #place: string;
  readonly #engine: Sharing<S>;
  #leadIsFree = true;
  #ended = false;
  readonly #waiting: (() => void)[] = [];

  private constructor(of: {
    readonly id: string;
    readonly sessions: Sessions<S>;
    readonly lead: OpenSession<S>;
    readonly place: string;
    readonly engine: Sharing<S>;
  }) {
    this.id = of.id;
    this.#engine = of.engine;
    this.#sessions = of.sessions;
    this.#lead = of.lead;
    this.#place = of.place;
  }

  /** Takes a snapshot. Undefined: the engine, or a proxy between hygge and the database, can’t share a snapshot. */
  static async take<S extends Session>(
    engine: Sharing<S>,
    sessions: Sessions<S>,
    place: string,
    signal: AbortSignal | undefined,
  ): Promise<SharedSnapshot<S> | undefined> {
    if (engine.snapshots === undefined) return undefined;
    const held = heldIn(sessions.pool as Pool<never>);
    await held.get(sessions.label)?.endIfIdle();
    const lead = await sessions.open(reading, signal);
    try {
      const id = await engine.snapshots.export(lead.session);
      if (id !== undefined) {
        const taken = new SharedSnapshot({ id, sessions, lead, place, engine });
        held.set(sessions.label, taken);
        return taken;
      }
    } catch (error) {
      await lead[Symbol.asyncDispose]();
      throw sessions.explained(error);
    }
    await lead[Symbol.asyncDispose]();
    return undefined;
  }

  /** Ends the snapshot if no slice is read under it. A new plan takes another snapshot, and meanwhile other users of the pool may need the connection. */
  async endIfIdle(): Promise<void> {
    if (this.#leadIsFree) await this[Symbol.asyncDispose]();
  }

  /** Runs queries under the snapshot before slices are read. */
  async query<T>(work: (session: S) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { session } = this.#lead;
    try {
      return await this.#sessions.stoppable(session, () => work(session), signal);
    } catch (error) {
      throw this.#sessions.explained(error);
    }
  }

  /** A connection that uses the snapshot. Disposing returns the connection. */
  async lease(signal: AbortSignal): Promise<OpenSession<S>> {
    for (;;) {
      signal.throwIfAborted();
      // The snapshot ends, and its connection returns to the pool for the next plan.
      if (this.#lead.session.isBroken) await this[Symbol.asyncDispose]();
      if (this.#ended || this.#lead.session.isBroken) throw snapshotLost(this.#place);
      if (this.#leadIsFree) return this.#leadLeased();
      const other = await this.#another(signal);
      if (other !== undefined) return other;
      await this.#leadBack(signal);
    }
  }

  /** Opens one more connection. A failure does not matter, because the home already has a connection. */
  async #another(signal: AbortSignal): Promise<OpenSession<S> | undefined> {
    if (this.#engine.snapshots?.isUnshareable) return undefined;
    try {
      return await this.#sessions.openIdle({ ...reading, snapshotId: this.id }, signal);
    } catch {
      return undefined;
    }
  }

  async #leadLeased(): Promise<OpenSession<S>> {
    this.#leadIsFree = false;
    const { session } = this.#lead;
    const { savepoint } = session;
    // An error in a slice must not end the transaction that holds the snapshot. So if the database has savepoints, the slice is read after a savepoint.
    if (savepoint !== undefined)
      await savepoint.set().catch((error: unknown) => {
        this.#free();
        throw this.#sessions.explained(error);
      });
    let isBack = false;
    const back = (how: 'release' | 'rollBack') => async () => {
      if (isBack) return;
      isBack = true;
      if (!session.isBroken) await (savepoint?.[how]() ?? session.run('SELECT 1')).catch(() => session.destroy());
      this.#free();
    };
    return { session, commit: back('release'), [Symbol.asyncDispose]: back('rollBack') };
  }

  #free(): void {
    this.#leadIsFree = true;
    for (const go of this.#waiting.splice(0)) go();
  }

  #leadBack(signal: AbortSignal): Promise<void> {
    if (this.#leadIsFree) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.push(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await this.#lead[Symbol.asyncDispose]();
  }
}
