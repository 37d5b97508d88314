/** Errors that stop signing in to an API. remote/refusals.ts has the errors for answers of each service. */
import { apiCodes } from '../../errors/codes/apis.ts';
import { ConnectionError, HomeError } from '../../errors/hygge-error.ts';

/** @param key the reason and the advice, which must not contain a part of the key. */
export function unusableKey({ what, tryThis }: { readonly what: string; readonly tryThis: string }): ConnectionError {
  return new ConnectionError({
    code: 'HYG-3620',
    what: 'The private key to sign in with can not be used.',
    why: [`auth.private_key ${what}`],
    tryThis: [tryThis],
  });
}

/** @param origin the origin of the server that issues tokens. */
export function rotated(origin: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-3621',
    what: `${origin} returned a new refresh token, and hygge has no place to store it.`,
    why: [
      'With each token, the server returns a new refresh token, and the old refresh token in the config becomes invalid. So the next run could not sign in.',
    ],
    tryThis: apiCodes['HYG-3621'].tryThis,
  });
}

const dayMs = 86_400_000;
/** The longest pause that an API may request, in days. Some quotas are monthly. A longer pause is most likely a wrong date. */
const mostDays = 31;
/** The latest time that is accepted. In a later time, the year has more than four digits. */
const lastMs = Date.UTC(9999, 11, 31);

/** @param page the name of the page, for people. @param maxWait the value as in the config. */
export function pauseTooLong(
  page: string,
  { nowMs, ms, maxWait }: { readonly nowMs: number; readonly ms: number; readonly maxWait: string },
): HomeError {
  const until = nowMs + ms < lastMs ? new Date(nowMs + ms).toISOString().replace(/\.\d+Z$/, 'Z') : 'a year after 9999';
  const days = Math.ceil(ms / dayMs);
  const line = days > mostDays ? [] : [`Wait as long as the API requests: max_wait: ${days}d`];
  return new HomeError({
    code: 'HYG-3614',
    what: `${page}: the API requests a pause until ${until}.`,
    why: [`A run waits for ${maxWait} at most (max_wait).`],
    tryThis: [...line, ...apiCodes['HYG-3614'].tryThis],
    transient: false,
  });
}
