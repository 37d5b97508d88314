import { type StatementProxy, startStatementProxy } from './statement-proxy.ts';

/** `before`: what the client says never arrives. `after`: the server has answered it, and the answer is lost. Either way the connection is gone. */
export type Cut = 'before' | 'after';

/** What the client says until the server speaks again, which is all that can be told apart where TLS is in between. */
export interface Turn {
  /** Counted from 1 over all connections since the last rule. */
  readonly number: number;
}

type Rule = (turn: Turn) => Cut | undefined;

export type TurnProxy = StatementProxy<Turn, Rule>;

/** Between a client and a server whose protocol is question and answer, on loopback: it cuts connections at a turn, and understands nothing of it. */
export function startTurnProxy(target: { readonly host: string; readonly port: number }): Promise<TurnProxy> {
  const none: Rule = () => undefined;
  return startStatementProxy<Turn, Rule>(target, none, (client, upstream, judging) => {
    let [isClients, isLost] = [false, false];
    upstream.on('data', (piece) => {
      isClients = false;
      if (isLost) client.destroy();
      else client.write(piece);
    });
    client.on('data', (piece) => {
      if (!isClients) {
        isClients = true;
        const turn = { number: judging.seen.length + 1 };
        judging.seen.push(turn);
        const cut = judging.rule(turn);
        if (cut === 'before') {
          client.destroy();
          return;
        }
        isLost = cut === 'after';
      }
      upstream.write(piece);
    });
  });
}
