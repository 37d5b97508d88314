/** What stops signing in to an API, beside the answers that each service has (remote/refusals.ts). */
import { apiCodes } from '../../errors/codes/apis.ts';
import { ConnectionError } from '../../errors/hygge-error.ts';

/** @param key why, and what to try, without anything of the key. */
export function unusableKey({ what, tryThis }: { readonly what: string; readonly tryThis: string }): ConnectionError {
  return new ConnectionError({
    code: 'HYG-3620',
    what: 'The private key to sign in with can not be used.',
    why: [`auth.private_key ${what}`],
    tryThis: [tryThis],
  });
}

/** @param origin of the server that gives out tokens. */
export function rotated(origin: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-3621',
    what: `${origin} gave a new refresh token, which hygge has no place to keep.`,
    why: ['With each token the server gives a new refresh token, and the one in the config ends: the next run could not sign in any more.'],
    tryThis: apiCodes['HYG-3621'].tryThis,
  });
}
