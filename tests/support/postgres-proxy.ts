import { type StatementProxy, startStatementProxy } from './statement-proxy.ts';

/**
 * `before`: the message never arrives. `after`: the server has carried it out, and its answer is lost, all of it or what comes after so many bytes.
 * Either way the connection is gone.
 */
export interface Cut {
  readonly when: 'before' | 'after';
  /** Of the answer, that still come through. Default none. */
  readonly bytes?: number;
}

/** A message of the client: its letter, and the statement of a Query or Parse. */
export interface Message {
  readonly letter: string;
  readonly text: string;
  /** What an extended one is bound to. */
  readonly values: readonly (string | null)[];
  /** Counted from 1 over all connections since the last rule. */
  readonly number: number;
}

type Rule = (message: Message) => Cut | undefined;

/** Between a client and PostgreSQL, on loopback: it cuts connections at a message of the protocol. Without TLS. */
export type PostgresProxy = StatementProxy<Message, Rule>;

/** Q: a statement; S: the end of an extended one; c, f: of a COPY. The server answers to these. */
const asking = 'QScf';

/** The values of a Bind, as texts. */
function boundIn(message: Buffer): Message['values'] {
  const names = message.indexOf(0, message.indexOf(0, 5) + 1) + 1;
  let at = names + 2 + 2 * message.readUInt16BE(names);
  const values = Array.from({ length: message.readUInt16BE(at) }, () => 0);
  at += 2;
  return values.map(() => {
    const length = message.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return message.toString('utf8', at - length, at);
  });
}

export function startPostgresProxy(target: { readonly host: string; readonly port: number }): Promise<PostgresProxy> {
  const none: Rule = () => undefined;
  return startStatementProxy<Message, Rule>(target, none, (client, upstream, judging) => {
    const judged = (letter: string, text: string, values: Message['values']): Cut | undefined => {
      const message = { letter, text, values, number: judging.seen.length + 1 };
      judging.seen.push(message);
      return judging.rule(message);
    };
    let left = Number.POSITIVE_INFINITY;
    // The server answers when it has done what was asked, or wants the data of a COPY.
    upstream.on('data', (piece) => {
      if (piece.length <= left) {
        left -= piece.length;
        client.write(piece);
        return;
      }
      if (left === 0) client.destroy();
      else client.write(piece.subarray(0, left), () => client.destroy());
      left = 0;
    });
    let rest = Buffer.alloc(0);
    let isBegun = false;
    let parsed = '';
    let bound: Message['values'] = [];
    client.on('data', (piece) => {
      rest = Buffer.concat([rest, piece]);
      for (;;) {
        const head = isBegun ? 1 : 0;
        if (rest.length < head + 4) return;
        const length = head + rest.readInt32BE(head);
        if (rest.length < length) return;
        const message = rest.subarray(0, length);
        rest = rest.subarray(length);
        const letter = isBegun ? String.fromCharCode(message[0] ?? 0) : '';
        isBegun = true;
        if (letter === 'Q') parsed = message.toString('utf8', 5, message.length - 1);
        // The name of the statement comes first: none.
        if (letter === 'P') parsed = message.toString('utf8', 6, message.indexOf(0, 6));
        if (letter === 'B') bound = boundIn(message);
        const cut = letter !== '' && asking.includes(letter) ? judged(letter, parsed, letter === 'S' ? bound : []) : undefined;
        if (letter === 'S') bound = [];
        if (cut?.when === 'before') {
          client.destroy();
          return;
        }
        if (cut?.when === 'after') left = cut.bytes ?? 0;
        upstream.write(message);
      }
    });
  });
}
