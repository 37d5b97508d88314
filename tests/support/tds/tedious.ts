import { type BulkLoad, Connection, type ConnectionConfiguration, Request } from 'tedious';
import type { TdsServer } from './server.ts';

export interface Answered {
  /** Statements that said a count: together. */
  readonly count: number | undefined;
  readonly rows: readonly (readonly unknown[])[];
}

/** Microsoft's client, which is not hygge's code. */
export interface Client extends AsyncDisposable {
  readonly connection: Connection;
  sql(text: string, prepare?: (request: Request) => void): Promise<Answered>;
  batch(text: string, prepare?: (request: Request) => void): Promise<Answered>;
  load(table: string, columns: (load: BulkLoad) => void, rows: readonly (readonly unknown[])[]): Promise<number | undefined>;
}

interface How {
  readonly password?: string;
  readonly authentication?: ConnectionConfiguration['authentication'];
  readonly options?: ConnectionConfiguration['options'];
}

/** A connection of it to a server of the tests. */
export async function tediousTo(server: TdsServer, { password, authentication, options }: How = {}): Promise<Client> {
  const connection = new Connection({
    server: server.host,
    authentication: authentication ?? { type: 'default', options: { userName: server.user, password: password ?? server.password } },
    options: {
      port: server.port,
      encrypt: true,
      cryptoCredentialsDetails: { ca: server.authority },
      rowCollectionOnRequestCompletion: true,
      ...options,
    },
  });
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  const ask = (how: 'execSql' | 'execSqlBatch') => (text: string, prepare?: (request: Request) => void) =>
    new Promise<Answered>((resolve, reject) => {
      const request = new Request(text, (error, count, rows: readonly (readonly { readonly value: unknown }[])[]) => {
        if (error) reject(error);
        else resolve({ count, rows: rows.map((row) => row.map(({ value }) => value)) });
      });
      prepare?.(request);
      connection[how](request);
    });
  return {
    connection,
    sql: ask('execSql'),
    batch: ask('execSqlBatch'),
    load: (table, columns, rows) =>
      new Promise((resolve, reject) => {
        const load = connection.newBulkLoad(table, { lockTable: true }, (error, count) => (error ? reject(error) : resolve(count)));
        columns(load);
        connection.execBulkLoad(load, rows as unknown[][]);
      }),
    async [Symbol.asyncDispose]() {
      connection.close();
    },
  };
}
