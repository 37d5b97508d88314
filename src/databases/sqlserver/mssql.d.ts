/** The part of mssql that hygge uses: opening one connection, as mssql does for its pools. Hygge has its own pools. */
declare module 'mssql' {
  import type { Connection, ConnectionConfiguration } from 'tedious';

  interface Config extends ConnectionConfiguration {
    /** Called with each connection before it opens. */
    readonly beforeConnect: (connection: Connection) => void;
  }

  class ConnectionPool {
    constructor(config: Config);
    on(event: 'error', listener: (error: Error) => void): this;
    /** @throws an error of mssql, whose `originalError` is the error that the client threw. */
    _poolCreate(): Promise<Connection>;
  }

  const mssql: { readonly ConnectionPool: typeof ConnectionPool };
  export default mssql;
}
