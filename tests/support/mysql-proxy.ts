import { type StatementProxy, startStatementProxy } from './statement-proxy.ts';

/** `before`: the statement never arrives. `after`: the server has carried it out, and its answer is lost. Either way the connection is gone. */
export type Cut = 'before' | 'after';

/** A statement of the client. */
export interface Statement {
  readonly text: string;
  /** Counted from 1 over all connections since the last rule. */
  readonly number: number;
}

type Rule = (statement: Statement) => Cut | undefined | Promise<Cut | undefined>;

/** Between a client and MariaDB, on loopback: it cuts connections at a statement, or has something happen before it. Without TLS. */
export type MysqlProxy = StatementProxy<Statement, Rule>;

const header = 4;
const query = 3;

export function startMysqlProxy(target: { readonly host: string; readonly port: number }): Promise<MysqlProxy> {
  const none: Rule = () => undefined;
  return startStatementProxy<Statement, Rule>(target, none, (client, upstream, judging) => {
    let isLost = false;
    upstream.on('data', (piece) => {
      // The server answers when it has done what was asked.
      if (isLost) client.destroy();
      else client.write(piece);
    });
    let rest = Buffer.alloc(0);
    let isFile = false;
    let passing: Promise<void> = Promise.resolve();
    const pass = async (packet: Buffer): Promise<void> => {
      const length = packet.length - header;
      // Rows of LOAD DATA go on until an empty packet; a statement is the first of its exchange.
      const isStatement = !isFile && packet[3] === 0 && packet[header] === query;
      if (isFile && length === 0) isFile = false;
      if (isStatement) {
        // MySQL takes attributes before the text: none, of one set of them.
        const begins = packet[header + 1] === 0 ? header + 3 : header + 1;
        const statement = { text: packet.toString('utf8', begins), number: judging.seen.length + 1 };
        judging.seen.push(statement);
        isFile = statement.text.startsWith('load data');
        const cut = await judging.rule(statement);
        if (cut === 'before') {
          client.destroy();
          return;
        }
        isLost = cut === 'after';
      }
      upstream.write(packet);
    };
    client.on('data', (piece) => {
      rest = Buffer.concat([rest, piece]);
      while (rest.length >= header && rest.length >= header + rest.readUIntLE(0, 3)) {
        const packet = rest.subarray(0, header + rest.readUIntLE(0, 3));
        rest = rest.subarray(packet.length);
        passing = passing.then(() => pass(packet));
        passing.catch(() => client.destroy());
      }
    });
  });
}
