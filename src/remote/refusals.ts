import { ConnectionError, DefectError, type Outage } from '../errors/hygge-error.ts';
import { answerOfProxy, isRefusedByProxy, isThrottled, pauseText, shown } from './sent-request.ts';

export { isOpen } from './sent-request.ts';

/** The answer of a service, or the error of the network. Contains no secret, so the request and the query of an address are left out. */
export interface ServiceAnswer {
  /** The URL for messages, without a secret: `s3://bucket/folder`. */
  readonly url: string;
  readonly doing: 'list' | 'read' | 'write' | 'publish' | 'remove';
  /** HTTP status; undefined: no answer. */
  readonly status: number | undefined;
  /** The code from the service or the network: `AuthorizationPermissionMismatch`, `ECONNRESET`. */
  readonly code: string;
}

const deed = { list: 'list files', read: 'read', write: 'write', publish: 'publish files', remove: 'remove files' } as const;

/** The codes of errors that a retry can’t solve. For example, after `notAllowed` the service refuses every request until the right is restored. */
export const permanentRefusals: ReadonlySet<string> = new Set(['HYG-6401']);

/** The service knows the identity, but the identity lacks the right for the request. @param right the missing right, by the service's name for it. */
export function notAllowed(said: ServiceAnswer, right: string, more: readonly string[] = []): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6401',
    what: `${said.url} denies permission to ${deed[said.doing]}.`,
    why: [`The service answered ${shown(said)}: it knows the identity of this run, but the identity lacks the right.`],
    tryThis: [`Grant the identity of this run ${right}. This may take some minutes to have effect.`, ...more],
  });
}

/** No account is signed in, or the credential is wrong or expired. @param ways how to sign in. */
export function notSignedIn(said: ServiceAnswer, ways: readonly string[]): ConnectionError {
  return new ConnectionError(strangerTo(said, ways));
}

/** The token service read the credential and refused it. A retry with the same credential fails in the same way. */
export class CredentialRefused extends ConnectionError {
  constructor(said: ServiceAnswer, ways: readonly string[]) {
    super(strangerTo(said, ways));
  }
}

const strangerTo = (said: ServiceAnswer, ways: readonly string[]) => ({
  code: 'HYG-6402',
  what: `${said.url} does not recognise the identity of this run.`,
  why: [`${shown(said)}.`],
  tryThis: [...ways],
});

/** The account, container or bucket does not exist. @param place `container raw`, `bucket lake`. */
export function noContainer(said: ServiceAnswer, place: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6403',
    what: `There is no ${place}: ${said.url}.`,
    why: [`The service answered ${shown(said)}.`],
    tryThis: place.startsWith('bucket ')
      ? [
          'Check the name of the bucket, and where hygge looked for it: the account, the region, the endpoint.',
          'hygge makes no buckets: create the bucket once, by hand or as code.',
        ]
      : ['Check this name, and the name of the account.', 'hygge makes no containers: create the container once, by hand or as code.'],
  });
}

/** The error for a file in an archive storage class, which must be restored before a read. */
export function archived(said: ServiceAnswer): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6404',
    what: `A file in ${said.url} cannot be read.`,
    why: [`The service answered ${shown(said)}: the file is in an archive.`],
    tryThis: ['Restore the file first, and remove the lifecycle rule that archives files in this folder.'],
  });
}

interface UnreachedOptions {
  readonly transient: boolean;
  readonly spent?: boolean;
  readonly retryAfterMs?: number;
  /** What the user should check; absent: the name of an account. */
  readonly check?: readonly string[];
}

const accountName = ['Check the name of the account, and whether this machine may reach it: hygge debug.'];

/**
 * The error if the service did not answer, or answered something that is not about the request. `transient`: a retry may help. `spent` as in
 * ports/retry.ts; false: a repeat of the request does not help, but a new start of the operation may help.
 */
export function notReached(
  said: ServiceAnswer,
  { transient, spent = transient, retryAfterMs, check = accountName }: UnreachedOptions,
): ConnectionError {
  const proxy = answerOfProxy(said);
  if (proxy !== undefined && isRefusedByProxy(said)) return notLetThrough(said, proxy);
  if (isThrottled(said)) return throttled(said, retryAfterMs);
  // A permanent refusal shows that the service was reached.
  const refuses = said.status !== undefined && !transient;
  return new ConnectionError({
    code: 'HYG-6404',
    what: refuses ? `${said.url} refuses to ${deed[said.doing]}.` : `${said.url} cannot be reached.`,
    why: [said.status === undefined ? `${shown(said)}.` : `The service answered ${shown(said)}.`],
    tryThis: refuses
      ? ['Look up that answer in the service’s list of error codes: a policy, a lease or a setting of the account may be the cause.']
      : [...check, 'Then try again: nothing is done twice.'],
    transient,
    spent,
    ...(transient ? { outage: outageOf(said) } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The error if the service works but gets too many requests. */
function throttled(said: ServiceAnswer, retryAfterMs: number | undefined): ConnectionError {
  const asked = retryAfterMs === undefined ? '' : `, and requests a pause of ${pauseText(retryAfterMs)}`;
  return new ConnectionError({
    code: 'HYG-6053',
    what: `${said.url} refuses to ${deed[said.doing]} for now: too many requests.`,
    why: [`The service answered ${shown(said)} to each attempt${asked}.`],
    tryThis: [
      'Run it again later: decided commits are finished first, and nothing is done twice.',
      'Run fewer entities at once: concurrency in hygge.yml. And check what else uses the account.',
    ],
    transient: true,
    spent: true,
    outage: outageOf(said),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The part of a service that fails as a whole: one bucket or one account. `s3://bucket`, `https://account.dfs.core.windows.net`. */
function outageOf({ url }: ServiceAnswer): Outage {
  return { system: /^[\w+.-]+:\/\/[^/]+/.exec(url)?.[0] ?? url, sinceMs: null };
}

/** The error if a proxy between this machine and the service blocks the request. */
function notLetThrough(said: ServiceAnswer, answer: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6404',
    what: `${said.url} cannot be reached: the proxy of this machine blocks the request.`,
    why: [`The proxy answered ${answer}${answer === '407' ? ': it requires a user and a password' : ''}. The service received no request.`],
    tryThis: [
      answer === '407'
        ? 'Write the user and the password into the address of the proxy: HTTPS_PROXY=http://user:password@proxy:8080'
        : 'Ask the owner of the proxy to allow this host. hygge debug lists the hosts.',
      'Or bypass the proxy, if the network allows that: NO_PROXY=<the host>',
    ],
  });
}

/** The error if a name that hygge uses only once already exists, with the content of another program. */
export function pathUsedTwice(url: string, path: string): DefectError {
  return new DefectError({
    code: 'HYG-9401',
    what: `${url}/${path} already exists with other content.`,
    why: ['hygge uses every name once. A second use would overwrite data that a commit needs.'],
    tryThis: ['Report it with the output of `-v`. Nothing was overwritten.'],
  });
}
