/** What we take of it: one connection, as it makes them for its pools. The pools of databases are the family's. */
declare module 'mssql' {
  import type { Connection, ConnectionConfiguration } from 'tedious';

  interface Config extends ConnectionConfiguration {
    /** Called with a connection before it opens. */
    readonly beforeConnect: (connection: Connection) => void;
  }

  class ConnectionPool {
    constructor(config: Config);
    on(event: 'error', listener: (error: Error) => void): this;
    /** @throws what the client threw, as `originalError` of its own. */
    _poolCreate(): Promise<Connection>;
  }

  const mssql: { readonly ConnectionPool: typeof ConnectionPool };
  export default mssql;
}
