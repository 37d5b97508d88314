/** The part of mssql that hygge uses: one connection, as it makes them for its pools. The pools of databases are hygge's own. */
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
