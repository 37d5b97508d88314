/** Errors that stop the reading of events. */
import { asArgument } from '../../errors/as-argument.ts';
import { apiCodes } from '../../errors/codes/apis.ts';
import { fewNames } from '../../errors/few-names.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import type { Instant } from '../../ports/values.ts';

/** @param since the time at which the last run ended. @param kept the time of the oldest events that the API keeps. */
export function eventsGone(place: string, entity: string, { since, kept }: { readonly since: Instant; readonly kept: Instant }): HomeError {
  return new HomeError({
    code: 'HYG-3680',
    what: `The last run of ${entity} ended at ${since}, but ${place} keeps only events since ${kept}.`,
    why: ['Records that were changed or deleted in between would stay unchanged in the store.'],
    tryThis: [`Load everything again: hygge go -d -e ${asArgument(entity)}`, 'Run more often than the API deletes old events'],
  });
}

export function eventsOutOfOrder(page: string, order: 'newest_first' | 'oldest_first'): HomeError {
  const [one, other] = order === 'newest_first' ? ['newer', 'newest'] : ['older', 'oldest'];
  return new HomeError({
    code: 'HYG-3681',
    what: `${page}: the events are not in the order that events.order says.`,
    why: [`An event is ${one} than the previous event, and the ${other} should come first.`],
    tryThis: apiCodes['HYG-3681'].tryThis,
  });
}

/** @param event the version of the event. Undefined: the event has no version. @param list the version of the list’s records. @param entity for people: `pay.customers`. @param asksForVersion whether a header of the config requests a version. */
export function eventOfOtherVersion(
  page: string,
  { event, list }: { readonly event: string | undefined; readonly list: string | undefined },
  { entity, asksForVersion }: { readonly entity: string; readonly asksForVersion: boolean },
): HomeError {
  return new HomeError({
    code: 'HYG-3682',
    what: `${page}: an event shows its record in another version of the API than the list does.`,
    why: [`The event has ${event ?? 'no version'}, and the answer has ${list ?? 'none'}. Fields may have different names and meanings.`],
    tryThis: [
      ...(asksForVersion ? ['Remove the header that requests another version'] : []),
      `After the account has changed to another version, load everything again: hygge go -d -e ${asArgument(entity)}`,
    ],
  });
}

/** @param isListSeen whether the records of the list are known, so that they have a value in each missing member. */
export function partOfEvent(
  page: string,
  entity: string,
  { number, missing, isListSeen }: { readonly number: number; readonly missing: readonly string[]; readonly isListSeen: boolean },
): HomeError {
  return new HomeError({
    code: 'HYG-3662',
    what: `${page}: event ${number} leaves out ${fewNames(missing)}, and it is not known whether ${missing.length === 1 ? 'that is' : 'these are'} empty or just not shown.`,
    why: [
      isListSeen
        ? 'Each record of the list has a value there, so the list does not show how the API writes an empty field.'
        : 'No run has seen yet how the list writes an empty field.',
      'A null would replace the value in the store.',
    ],
    tryThis: [
      'If an event may show only a part of its record: events: { left_out: unchanged }',
      'If the API omits empty fields: events: { left_out: "null" }',
      ...(isListSeen ? [] : [`To see how empty fields are written, load everything again: hygge go -d -e ${asArgument(entity)}`]),
    ],
  });
}
