import { type BulkLoad, Connection, type ConnectionConfiguration, Request } from 'tedious';

export interface Answered {
  /** Statements that said a count: together. */
  readonly count: number | undefined;
  readonly rows: readonly (readonly unknown[])[];
  /** Of the columns, where there is a row. */
  readonly names: readonly string[];
}

/** Who and where. */
export interface Signing {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** PEM of the authority that signed its certificate, where that is none that everybody knows. */
  readonly authority?: string | undefined;
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

type Cells = readonly { readonly value: unknown; readonly metadata: { readonly colName: string } }[];

/** A connection of it. */
export async function tediousTo(server: Signing, { password, authentication, options }: How = {}): Promise<Client> {
  const connection = new Connection({
    server: server.host,
    authentication: authentication ?? { type: 'default', options: { userName: server.user, password: password ?? server.password } },
    options: {
      port: server.port,
      encrypt: true,
      ...(server.authority === undefined ? {} : { cryptoCredentialsDetails: { ca: server.authority } }),
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
      const request = new Request(text, (error, count, rows: readonly Cells[]) => {
        if (error) reject(error);
        else
          resolve({
            count,
            rows: rows.map((row) => row.map(({ value }) => value)),
            names: (rows[0] ?? []).map(({ metadata }) => metadata.colName),
          });
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
