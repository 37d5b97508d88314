import { ConnectionError } from '../errors/hygge-error.ts';
import type { Network } from '../ports/network.ts';
import { type Failure, stepWaiting, type Waiting, withWaiting } from '../ports/retry.ts';
import { Sender } from './sender.ts';
import { type RequestOutcome, shown } from './sent-request.ts';

/** Why signing in failed: the token service could not be reached, or refused. */
export interface TokenFailure extends RequestOutcome, Pick<Failure, 'ending' | 'retryAfterMs'> {
  /** The token service, for messages: `login.microsoftonline.com`, `the managed identity of this machine`. */
  readonly service: string;
}

/**
 * Requests a token with retries. A lost answer of the token service does not mean that the identity is wrong. @param ask
 * requests a token. @param judge reads an error. Undefined: the service answered and refused, so its error is thrown
 * unchanged. Throws ConnectionError HYG-6052.
 */
export function signingIn<T>(
  service: string,
  ask: () => Promise<T>,
  {
    network,
    judge,
    waiting,
  }: {
    readonly network: Network;
    readonly judge: (error: unknown) => TokenFailure | undefined;
    readonly waiting?: Partial<Waiting> | undefined;
  },
): Promise<T> {
  const sender = new Sender(network, `sign-in ${service}`, waiting);
  const step = stepWaiting();
  const send = () =>
    sender.send({}, ask, (error) => {
      const noToken = judge(error);
      if (noToken === undefined) throw error;
      const { ending, status, retryAfterMs } = noToken;
      return { ending, status, retryAfterMs, error: () => notSignedInYet(noToken) };
    });
  // The token is shared: if one caller stops waiting, other callers may still need the token.
  return withWaiting(step && { ...step, signal: undefined, untilMs: undefined }, send);
}

function notSignedInYet(noToken: TokenFailure): ConnectionError {
  const { service, status, retryAfterMs } = noToken;
  const said = shown(noToken);
  return new ConnectionError({
    code: 'HYG-6052',
    what: `Signing in failed: ${service} issued no token.`,
    why: [status === undefined ? `${said}.` : `The service answered ${said}.`],
    tryThis: [
      'Check whether this machine may reach this service: hygge debug lists the hosts.',
      'Then run it again: nothing is done twice.',
    ],
    transient: true,
    spent: true,
    retryAfterMs,
  });
}
