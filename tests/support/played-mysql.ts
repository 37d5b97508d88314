import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import mysql, { type Connection } from 'mysql2';

/** Of a SELECT its rows, which all have the same names; of all else what the server says of it. Undefined: done, and nothing to say. */
export type MysqlAnswer =
  | readonly Readonly<Record<string, string | null>>[]
  | { readonly affectedRows: number; readonly warningCount?: number }
  | { readonly code: number; readonly message: string }
  | undefined;

export interface PlayedMysql extends AsyncDisposable {
  /** Keys of a connection to it. */
  readonly keys: Readonly<Record<string, unknown>>;
  readonly seen: readonly string[];
}

/** What the client's package has on the side of a server, and no types for. */
interface ServerSide {
  readonly stream: Socket;
  /** Of the next packet: the package counts on where each statement begins anew. */
  sequenceId: number;
  writeColumns(columns: readonly object[]): void;
  writeTextRow(values: readonly (string | null)[]): void;
  writeEof(): void;
}

const utf8mb4 = 45;
/** Of the protocol: 4.1, and sign-in by a plug-in. */
const capabilities = 0x0200 | 0x8000 | 0x8_0000 | 0x0001 | 0x0008;
const text = 253;

/** MySQL's protocol on loopback, by the packets of the client's own package, for what a test without a server needs: it lets everybody in, and answers as the test says. */
export async function playMysql(answer: (sql: string) => MysqlAnswer): Promise<PlayedMysql> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const played = mysql.createServer(() => undefined);
  played.on('connection', (connection: Connection) => {
    const own = connection as unknown as ServerSide;
    sockets.add(own.stream);
    connection.on('error', () => undefined);
    const answered = (sql: string) => {
      seen.push(sql);
      const said = answer(sql);
      if (said === undefined) connection.writeOk();
      else if ('code' in said) connection.writeError(said);
      else if ('affectedRows' in said) connection.writeOk(said);
      else {
        const names = Object.keys(said[0] ?? { none: null });
        const of = { catalog: 'def', schema: '', table: '', orgTable: '', orgName: '', characterSet: utf8mb4 };
        own.writeColumns(names.map((name) => ({ ...of, name, columnLength: 1024, columnType: text, flags: 0, decimals: 0 })));
        for (const row of said) own.writeTextRow(names.map((name) => row[name] ?? null));
        own.writeEof();
      }
      own.sequenceId = 0;
    };
    const letIn = (_: unknown, done: () => void) => {
      done();
      own.sequenceId = 0;
    };
    // The package takes SET for a part of a prepared statement.
    connection.on('query', answered).on('stmt_prepare', answered);
    connection.serverHandshake({
      ...{ protocolVersion: 10, serverVersion: '11.4.2-MariaDB', connectionId: 1, statusFlags: 2, characterSet: utf8mb4 },
      ...{ capabilityFlags: capabilities, authCallback: letIn },
    });
  });
  const server = (played as unknown as { readonly _server: Server })._server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    keys: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: 'disable', user: 'u', database: 'shop' },
    seen,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
