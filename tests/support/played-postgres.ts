import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** Rows, which all have the same names, or what the server says of a statement that it refuses. Undefined: done, and no rows. */
export type PostgresAnswer =
  | readonly Readonly<Record<string, string | null>>[]
  | { readonly code: string; readonly message: string }
  | undefined;

export interface PlayedPostgres extends AsyncDisposable {
  /** Keys of a connection to it. */
  readonly keys: Readonly<Record<string, unknown>>;
  readonly seen: readonly string[];
}

const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number): Buffer => Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
const ended = (value: string): Buffer => Buffer.from(`${value}\0`);
const message = (letter: string, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(letter), int32(content.length + 4), content]);
};
const ready = message('Z', Buffer.from('I'));
const textType = 25;

function resultOf(answer: Exclude<PostgresAnswer, { readonly code: string }>): Buffer {
  const rows = answer ?? [];
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) =>
    Buffer.concat([ended(name), int32(0), int16(0), int32(textType), int16(65_535), int32(-1), int16(0)]),
  );
  const cell = (value: string | null | undefined) =>
    value == null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]);
  return Buffer.concat([
    ...(names.length === 0 ? [] : [message('T', int16(names.length), ...columns)]),
    ...rows.map((row) => message('D', int16(names.length), ...names.map((name) => cell(row[name])))),
    message('C', ended(`SELECT ${rows.length}`)),
  ]);
}

/** PostgreSQL's protocol on loopback, for what a test without a server needs: it lets everybody in, and answers each message with statements as the test says. */
export async function playPostgres(answer: (sql: string) => PostgresAnswer): Promise<PlayedPostgres> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const answerTo = (sql: string): { readonly bytes: Buffer; readonly isRefused: boolean } => {
    seen.push(sql);
    const said = answer(sql);
    if (said === undefined || !('code' in said)) return { bytes: resultOf(said), isRefused: false };
    const fields = ['SERROR', 'VERROR', `C${said.code}`, `M${said.message}`].map(ended);
    return { bytes: message('E', ...fields, Buffer.from([0])), isRefused: true };
  };
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined).on('close', () => sockets.delete(client));
    let rest: Buffer = Buffer.alloc(0);
    let isBegun = false;
    let parsed = '';
    client.on('data', (piece: Buffer) => {
      rest = Buffer.concat([rest, piece]);
      for (;;) {
        const head = isBegun ? 1 : 0;
        if (rest.length < head + 4 || rest.length < head + rest.readInt32BE(head)) return;
        const length = head + rest.readInt32BE(head);
        const one = rest.subarray(0, length);
        rest = rest.subarray(length);
        if (!isBegun) {
          isBegun = true;
          client.write(Buffer.concat([message('R', int32(0)), message('K', int32(1), int32(1)), ready]));
          continue;
        }
        const letter = String.fromCharCode(one[0] ?? 0);
        if (letter === 'X') client.end();
        if (letter === 'Q') client.write(Buffer.concat([answerTo(one.toString('utf8', 5, length - 1)).bytes, ready]));
        // An extended one: what is parsed is answered as a whole where the client waits for it.
        if (letter === 'P') parsed = one.toString('utf8', 6, one.indexOf(0, 6));
        if (letter === 'S') {
          const { bytes, isRefused } = answerTo(parsed);
          client.write(Buffer.concat([...(isRefused ? [] : [message('1'), message('2')]), bytes, ready]));
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    keys: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: 'disable', user: 'u', password: 'p', database: 'shop' },
    seen,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
