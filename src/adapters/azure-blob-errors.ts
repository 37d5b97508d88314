import { ConfigError, ConnectionError, type HyggeError } from '../errors/hygge-error.ts';
import { OutcomeUnknown } from '../ports/outcome.ts';
import { answerIn, isOpenWrite, isPassing } from '../remote/azure/answer.ts';

/** What the storage SDK throws, as our errors. The originals are left behind: they hold the request, and its address may hold a signature. */

interface Refused {
  readonly url: string;
  readonly doing: 'read' | 'write';
  /** A conditional write, which may have happened. */
  readonly once: boolean;
  /** It was sent as often as may be. */
  readonly spent: boolean;
}

/** A request that failed: what is known of it, or `OutcomeUnknown`. */
export function refusal(error: unknown, { url, doing, once, spent }: Refused): Error {
  const answer = answerIn(error);
  const { status, code, retryAfterMs } = answer;
  if (!once || !isOpenWrite(answer)) return asConnectionError(error, { url, doing, spent });
  return new OutcomeUnknown(`no clear answer to a write in ${url}: ${code || (status ?? 'no answer')}`, { spent, retryAfterMs });
}

function asConnectionError(error: unknown, { url, doing, spent }: Omit<Refused, 'once'>): HyggeError {
  const answer = answerIn(error);
  const { status } = answer;
  const code = answer.code || (error instanceof Error ? error.name : String(error));
  if (answer.denied) return refused({ url, doing, code, status: answer.unsigned ? undefined : status });
  if (status === 400 && /InvalidResourceName|InvalidUri|OutOfRangeInput/.test(code)) {
    return new ConfigError({
      code: 'HYG-1932',
      what: `${JSON.stringify(url)} is no address of a blob container.`,
      why: [`The storage says ${code}.`],
      tryThis: ['A container is named with 3 to 63 lower-case letters, digits and single dashes: hygge-config'],
    });
  }
  return new ConnectionError({
    code: 'HYG-6303',
    what: `${url} cannot be reached.`,
    why: [status === undefined ? code : `It answered ${status} ${code}.`],
    tryThis: ['Check the name of the account, and whether this machine may reach it.', 'Then try again.'],
    transient: status === undefined || isPassing(answer),
    spent,
    retryAfterMs: answer.retryAfterMs,
  });
}

function refused(about: {
  readonly url: string;
  readonly doing: 'read' | 'write';
  readonly code: string;
  readonly status: number | undefined;
}): ConnectionError {
  const { url, doing, code, status } = about;
  const role = doing === 'read' ? 'Storage Blob Data Reader' : 'Storage Blob Data Contributor';
  const { why, tryThis } =
    status === undefined ? nobody : code === 'AuthenticationFailed' || code === 'InvalidAuthenticationInfo' ? stranger : noRight(role);
  return new ConnectionError({ code: 'HYG-6302', what: `${url} does not let us ${doing}.`, why: [`${why}: ${code}.`], tryThis });
}

const nobody = {
  why: 'Nobody is signed in here, and there is no managed identity',
  tryThis: [
    'On your machine: az login',
    'In the cloud: give the app a managed identity',
    'Or use a connection string: AzureWebJobsStorage',
  ],
};
const stranger = {
  why: 'It does not believe who we say we are',
  tryThis: [
    'With a connection string or SAS: check that it is whole and not expired',
    'Without: az login, with the account of the right tenant',
  ],
};
const noRight = (role: string) => ({
  why: 'It knows who we are, and that identity has no right to',
  tryThis: [
    `Give whoever runs this the role ${role} on the container or its account; it takes some minutes to arrive.`,
    'Check that the firewall of the account lets this machine in.',
  ],
});
