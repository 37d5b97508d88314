/** The connection pools of a process. All homes and stores that use one database with one identity share a pool. The pools are closed when the process ends. */

/** The key of a pool. A pool never lends a connection that was opened for another key. */
export interface PoolKey {
  /** The `type:` of the connector that uses the pool. */
  readonly connector: string;
  readonly server: string;
  readonly database: string;
  /** The identity at the server: a name, and a digest of its credential. It never contains a secret. */
  readonly identity: string;
  /** What the connections are for. Rows and state have separate connections, because a slice may hold a connection for minutes, and the state can’t wait so long. */
  readonly serves: 'rows' | 'state';
}

/** How a connector opens and closes its connections. */
export interface Pooling<C> {
  /** The most connections that are open at the same time. */
  readonly most: number;
  /** How long `acquire` waits for a connection, in milliseconds. */
  readonly acquireMs: number;
  /** After how many milliseconds an unused connection is closed instead of used again. */
  readonly idleMs: number;
  /** Opens a connection. Called if no connection is idle and fewer than `most` are open, maybe several times at once. `acquire` throws its errors. */
  open(signal: AbortSignal | undefined): Promise<C>;
  /**
   * Whether an error of `open` says that the server refused the account or its password. Then all pools of the account throw that error for ten
   * minutes instead of trying again, because servers lock accounts after a few wrong passwords. Absent: the system has no accounts.
   */
  isLoginRefused?(error: unknown): boolean;
  /** Closes a connection. Called once for each connection. Errors are ignored, since the connection is gone in any case. */
  close(connection: C): Promise<void>;
  /** Prepares a connection each time it is lent. Needed for connections that hold a resource only while they are used. `acquire` throws its errors. */
  lend?(connection: C, signal: AbortSignal | undefined): Promise<void>;
  /** Called each time a user returns a connection, before the connection becomes idle or is closed. */
  back?(connection: C): void;
  /** Called each time `forWriting` is called, before a connection is lent for writing. */
  writing?(): void;
}

/** A connection that only one user has, until the user disposes of it. */
export interface LeasedConnection<C> extends AsyncDisposable {
  readonly connection: C;
  /** Marks the connection as unusable, so that the pool closes it when it is returned. */
  spoil(): void;
}

export interface Pool<C> {
  /** The type, server and database, for people. Null: the database is a file, so no network can make it unreachable. */
  readonly system: string | null;
  /**
   * Lends a connection, in the order of the requests. Throws ConnectionError HYG-6054 if no connection became free in time; the error names all users
   * of a connection. Throws StoreError HYG-4243 if the user that reads over the only connection requests a connection to write. Throws the signal’s
   * reason when it aborts.
   * @param by the user's name for people: `hygge flow.entity`.
   */
  acquire(by: string, signal?: AbortSignal): Promise<LeasedConnection<C>>;
  /** Lends an idle or a new connection at once. Undefined: other users have all connections now. */
  acquireIdle(by: string, signal?: AbortSignal): Promise<LeasedConnection<C> | undefined>;
  /**
   * Returns the same pool for writing. From the first call on, one connection of the pool is reserved for writing. A run that reads from and writes
   * to one database holds both kinds of connections. If readers held all of them, they would wait for a writer that can’t begin. Called when a store
   * is opened.
   */
  forWriting(): Pool<C>;
}

/** The process’s pools, used as in `await using leased = await opening.pools.of(key, pooling).acquire(label, signal)`. */
export interface Pools {
  /** Returns the process’s pool of that key. If the pool exists already, the `pooling` of its first call is used. */
  of<C>(key: PoolKey, pooling: Pooling<C>): Pool<C>;
}
