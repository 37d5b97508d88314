/** The connection pools of a process. All homes and stores that use one database with one identity share a pool, which is closed with the process. */

/** The key of a pool. Connections with different keys are never mixed. */
export interface PoolKey {
  /** The `type:` of the connector. */
  readonly connector: string;
  readonly server: string;
  readonly database: string;
  /** The identity at the server: a name, and a digest of its credential. It is never a secret. */
  readonly identity: string;
  /** Rows and state have separate connections: a slice may hold a connection for minutes, and the state can’t wait so long. */
  readonly serves: 'rows' | 'state';
}

/** How a connector opens and closes its connections. */
export interface Pooling<C> {
  /** The most connections that are open at once. */
  readonly most: number;
  /** Milliseconds that `acquire` waits for a connection. */
  readonly acquireMs: number;
  /** Milliseconds after which an unused connection is closed instead of used again. */
  readonly idleMs: number;
  /** Opens a connection. Called when none is idle and fewer than `most` are open, several times at once. Its errors are thrown by `acquire`. */
  open(signal: AbortSignal | undefined): Promise<C>;
  /**
   * Whether an error of `open` says that the server refused the account or its password. The pool then throws that error for ten minutes instead of trying
   * again, for all pools of the account, since servers lock accounts after a few wrong passwords. Absent: there are no accounts.
   */
  isLoginRefused?(error: unknown): boolean;
  /** Closes a connection. Called once for each. Its errors are ignored, since the connection is gone anyway. */
  close(connection: C): Promise<void>;
  /** Prepares a connection each time it is lent, for connections that hold a resource only while they are used. Its errors are thrown by `acquire`. */
  lend?(connection: C, signal: AbortSignal | undefined): Promise<void>;
  /** Called each time a connection comes back, before it is idle or closed. */
  back?(connection: C): void;
  /** Called by each `forWriting`, before the first connection is lent for writing. */
  writing?(): void;
}

/** A connection that one user has for itself until it disposes of it. */
export interface LeasedConnection<C> extends AsyncDisposable {
  readonly connection: C;
  /** Marks the connection as unusable, so that the pool closes it when it comes back. */
  spoil(): void;
}

export interface Pool<C> {
  /** The type, server and database for people; null: the database is a file, which no network can make unreachable. */
  readonly system: string | null;
  /**
   * Lends a connection, in the order of the requests. Throws ConnectionError HYG-6054, which names all users of a connection, if none became free in time;
   * StoreError HYG-4243 if the user that reads over the only connection asks for one to write; and the signal's reason when it aborts.
   * @param by the user's name for people: `hygge flow.entity`.
   */
  acquire(by: string, signal?: AbortSignal): Promise<LeasedConnection<C>>;
  /** Lends an idle or a new connection without waiting for other users. Undefined: there is none now. */
  acquireIdle(by: string, signal?: AbortSignal): Promise<LeasedConnection<C> | undefined>;
  /**
   * Returns the same pool for writing. From the first call on, one of its connections is reserved for writing: a run that reads from and writes to one
   * database holds connections of both kinds, and readers that held all of them would wait for a writer that can't begin. Called when a store is opened.
   */
  forWriting(): Pool<C>;
}

/** `await using leased = await opening.pools.of(key, pooling).acquire(label, signal)`. */
export interface Pools {
  /** Returns the process's pool of that key. The `pooling` of the first call counts. */
  of<C>(key: PoolKey, pooling: Pooling<C>): Pool<C>;
}
