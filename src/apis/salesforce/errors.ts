/** Errors that stop the reading of an org. */

import { salesforceCodes } from '../../errors/codes/salesforce.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { refused, shifted } from '../answers/errors.ts';
import type { OwnRefusal } from '../requests/requests.ts';

type Code = keyof typeof salesforceCodes;

function orgError(
  code: Code,
  what: string,
  more: { why?: readonly string[]; tryThis?: readonly string[]; transient?: true } = {},
): HomeError {
  const { why = [], tryThis = salesforceCodes[code].tryThis, transient = false } = more;
  return new HomeError({ code, what, why, tryThis, transient });
}

export function noObject(place: string, object: string): HomeError {
  return orgError('HYG-3690', `${place} has no object ${object} that the user may read.`);
}

export function notQueryable(place: string, object: string): HomeError {
  return orgError('HYG-3690', `${object} of ${place} can't be queried.`, { why: ['The org says that it is not queryable.'] });
}

export function noField(object: string, field: string, all: readonly string[]): HomeError {
  const meant = didYouMean(field, all);
  return orgError('HYG-3690', `${object} has no field ${field} that the user may read.`, {
    tryThis: [...(meant === undefined ? [] : [`Did you mean ${meant}?`]), ...salesforceCodes['HYG-3690'].tryThis],
  });
}

export function unreadField(object: string, field: string, type: string): HomeError {
  return orgError('HYG-3690', `${object}.${field} is of type ${type}, which a query does not return.`, {
    tryThis: ['Leave it out of `columns`', 'Name the parts of an address or a place: BillingCity, Location__Latitude__s'],
  });
}

export function noDeletedMark(object: string): HomeError {
  return orgError('HYG-3690', `${object} has no IsDeleted, so the org does not show which of its records were deleted.`, {
    tryThis: [`Set deleted: false for ${object}`, 'Regular full loads remove the rows of deleted records: full_every: 7d'],
  });
}

export function queryTooLong(object: string, bytes: number): HomeError {
  return orgError(
    'HYG-3691',
    `The query of ${object} has ${bytes.toLocaleString('en-US')} bytes, but an address of the org may have at most 16,000.`,
  );
}

/** A query that hygge can not use. @param why a sentence. */
export function badSoql(why: string, tryThis: readonly string[] = []): HomeError {
  return orgError('HYG-3694', 'The query in soql can not be read.', {
    why: [why],
    tryThis: tryThis.length > 0 ? tryThis : salesforceCodes['HYG-3694'].tryThis,
  });
}

/** @param job the state of the job, and the message of the org. */
export function jobFailed(place: string, { state, why }: { readonly state: string; readonly why: string }): HomeError {
  const what = state === 'gone' ? 'the org no longer has the job of its query' : `the job of its query ended as ${state}`;
  return orgError('HYG-3693', `${place}: ${what}.`, { why: why === '' ? [] : [`The org says: ${why}`] });
}

/** A page of results lacks records. @param why a sentence. A retry requests the page again. */
export function pageNotWhole(page: string, why: string): HomeError {
  return orgError('HYG-3697', `${page}: the answer does not have as many records as it reports.`, { why: [why], transient: true });
}

/** The org requests a long pause, and only a run waits so long. */
export function askedToWait(place: string, until: string): HomeError {
  return orgError('HYG-3692', `${place} accepts no more requests now.`, {
    why: [`The org requests a pause until ${until}.`],
    tryThis: ['Try again then'],
  });
}

interface Said {
  readonly errorCode?: unknown;
  readonly message?: unknown;
}

/** The code and the message of an error, which the org returns as an object in an array: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
export function codeIn(body: string): { readonly code: string; readonly message: string } | undefined {
  try {
    const [first] = JSON.parse(body) as readonly Said[];
    return typeof first?.errorCode === 'string' ? { code: first.errorCode, message: String(first.message ?? '') } : undefined;
  } catch {
    return undefined;
  }
}

export function refusalOf({
  page,
  status,
  body,
}: {
  readonly page: string;
  readonly status: number;
  readonly body: string;
}): OwnRefusal | undefined {
  const found = codeIn(body);
  if (found === undefined) return undefined;
  const { code, message } = found;
  const says = `It says: ${code}: ${message.slice(0, 300)}`;
  if (code === 'REQUEST_LIMIT_EXCEEDED' || code === 'SERVER_UNAVAILABLE')
    return {
      isThrottled: true,
      error: orgError('HYG-3692', `${page}: the org accepts no more requests now.`, { why: [says], transient: true }),
    };
  if (code === 'INVALID_QUERY_LOCATOR')
    return { error: Object.assign(shifted(page, `The org no longer has the cursor of the next page. ${says}`), { isLocator: true }) };
  return status === 400 || status === 404 ? { error: refused(page, status, says) } : undefined;
}

export function isLocatorGone(error: unknown): boolean {
  return error instanceof HomeError && 'isLocator' in error;
}
