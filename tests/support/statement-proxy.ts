import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Between a client and a server, on loopback: what comes from the client is taken apart and judged before it goes on. */
export interface StatementProxy<Asked, Rule> extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Asked for whatever waits for an answer. Replaces the rule before, and counts anew. */
  rule(decide: Rule): void;
  /** What has been asked since the last rule. */
  readonly seen: readonly Asked[];
}

/** What the connections of a proxy share. */
export interface Judging<Asked, Rule> {
  rule: Rule;
  seen: Asked[];
}

/** @param connected what is done with a connection that is there, with that to the server. Where one of the two ends, so does the other. */
export async function startStatementProxy<Asked, Rule>(
  target: { readonly host: string; readonly port: number },
  rule: Rule,
  connected: (client: Socket, upstream: Socket, judging: Judging<Asked, Rule>) => void,
): Promise<StatementProxy<Asked, Rule>> {
  const judging: Judging<Asked, Rule> = { rule, seen: [] };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Messages are sent on one by one, and would wait for each other's acknowledgement.
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    connected(client, upstream, judging);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    rule(next) {
      judging.rule = next;
      judging.seen = [];
    },
    get seen() {
      return judging.seen;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
