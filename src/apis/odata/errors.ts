/** Errors that stop the reading of a service of OData. Their texts contain addresses without queries, and no headers or tokens. */
import { asArgument } from '../../errors/as-argument.ts';
import { apiCodes } from '../../errors/codes/apis.ts';
import { fewNames } from '../../errors/few-names.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Watermark } from '../../frames/watermark.ts';

const anew = (entity: string) => `Load everything again: hygge go -d -e ${asArgument(entity)}`;

/** @param said the message of the service, a sentence. '': the service sent no message. */
export function deltaLinkExpired(place: string, entity: string, said: string): HomeError {
  return new HomeError({
    code: 'HYG-3660',
    what: `The changes of ${place} since the last run are no longer available: the delta link has expired.`,
    why: [...(said === '' ? [] : [said]), 'Records that were changed or deleted since then would stay unchanged in the store.'],
    tryThis: [anew(entity), 'Run more often than the service deletes old changes'],
  });
}

/** Keys of a REST API that do not exist in a home of OData. */
const restKeys = /\b(pagination|total_at|total_header|window\.(from|to|format)|records:|ignore_next)\b/;

/** The same error, with advice that names keys of a home of OData. @param counts whether the number of records was requested. */
export function inODataKeys(error: HomeError, { counts }: { readonly counts: boolean }): HomeError {
  const advice = [
    ...(counts && isAboutCount(error) ? ['If the service does not count all records, as Dataverse beyond 5,000: count: false'] : []),
    ...(error.code === 'HYG-3601'
      ? ['Compare endpoint, columns, expand, params and the watermark with the documentation of the service']
      : []),
    ...(error.code === 'HYG-3609' || error.code === 'HYG-3605'
      ? ['If the service links its pages in another way than OData v4, or ends too early: pages: client']
      : []),
    ...error.tryThis.filter((one) => !restKeys.test(one)),
  ];
  return error.advising([...new Set(advice)]);
}

/** Whether the error is about the number of records, which is missing or wrong, or whose request was refused. */
function isAboutCount({ code, why }: HomeError): boolean {
  if (code === 'HYG-3605') return true;
  return (code === 'HYG-3602' || code === 'HYG-3601') && why.some((sentence) => /@odata\.count|\$count/.test(sentence));
}

export function changesNotFollowed(place: string, why: string, tryThis: readonly string[] = apiCodes['HYG-3661'].tryThis): HomeError {
  return new HomeError({ code: 'HYG-3661', what: `The changes of ${place} can not be followed.`, why: [why], tryThis });
}

/** The answer has changes of another entity set. @param set the name of the other set. */
export function changesOfOtherSet(page: string, set: string): HomeError {
  return changesNotFollowed(page, `The answer also has changes of another entity set, ${set}.`, [
    `Remove the request for these changes, such as expand, or $expand in params`,
    `Read ${set} as a separate entity`,
  ]);
}

export function noSettledLink(place: string, entity: string): HomeError {
  return changesNotFollowed(place, 'No delta link was stored with the watermark, because the watermark was set by hand.', [anew(entity)]);
}

interface PartOfRecord {
  readonly page: string;
  /** The record for people: `record 2 (ID 3)`. */
  readonly record: string;
  /** The names of the properties that the record lacks. */
  readonly missing: readonly string[];
  /** Whether a missing property is never null, according to the metadata. */
  readonly isNever: boolean;
}

const orNull = (isNever: boolean) => (isNever ? [] : ['If the service omits empty properties: left_out: "null"']);

export function partOfRecord({ page, record, missing, isNever }: PartOfRecord): HomeError {
  return new HomeError({
    code: 'HYG-3662',
    what: `${page}: ${record} does not have all properties that the metadata names.`,
    why: [
      `The record leaves out ${fewNames(missing)}. hygge would write null. But OData shows an empty property as null, not as missing.`,
      'Some services return only a part of the properties, or only those that the account may see.',
    ],
    tryThis: ['Name only the properties that the service returns: columns', ...orNull(isNever)],
  });
}

interface PartOfChange extends PartOfRecord {
  /** Whether the delta link has a `$select` that lacks the missing properties. */
  readonly isNotAsked: boolean;
  /** Whether the service leaves out nulls, so that a missing property may be null or unchanged. */
  readonly isUnclear: boolean;
  /** The name of the entity for people: `erp.Customers`. */
  readonly entity: string;
}

export function partOfChange(part: PartOfChange): HomeError {
  const { page, record, missing, isNever, isNotAsked, isUnclear, entity } = part;
  const [what, why] = [
    `${page}: the service reports only a part of ${record}, which changed.`,
    `The change leaves out ${fewNames(missing)}`,
  ];
  if (isNotAsked)
    return new HomeError({
      code: 'HYG-3662',
      what,
      why: [
        `${why}: the $select of the delta link is older than ${missing.length === 1 ? 'this property' : 'these properties'}, and the link can not be changed.`,
      ],
      tryThis: [anew(entity)],
    });
  if (isUnclear)
    return new HomeError({
      code: 'HYG-3662',
      what,
      why: [
        `${why}. The service leaves nulls out (omit-values=nulls), so it is not known whether the missing values have become null or have not changed.`,
      ],
      tryThis: [
        'If the service reports each change to null, as the standard requires: left_out: unchanged',
        ...orNull(isNever),
        'Or remove omit-values=nulls from headers, and load everything again: hygge go -d',
      ],
    });
  return new HomeError({
    code: 'HYG-3662',
    what,
    why: [
      `${why}, so the values in the store would be lost.`,
      'A property that is newer than the delta link is missing too: the link does not request it.',
    ],
    tryThis: [
      `If ${missing.length === 1 ? 'the property is' : 'the properties are'} new, load everything again: hygge go -d -e ${asArgument(entity)}`,
      ...apiCodes['HYG-3662'].tryThis.slice(0, 2),
      ...orNull(isNever),
    ],
  });
}

export function noEntitySet(place: string, endpoint: string, sets: readonly string[]): HomeError {
  const alike = sets.filter((set) => set.toLowerCase().includes(endpoint.toLowerCase().slice(0, 4)));
  return new HomeError({
    code: 'HYG-3663',
    what: `The metadata of ${place} has no entity set ${endpoint}.`,
    why: [named(alike.length > 0 ? alike : sets, sets.length)],
    tryThis: [
      'Set endpoint to the exact name of the entity set. Upper and lower case must match',
      'Check base_url: $metadata is directly below it',
    ],
  });
}

export function noColumn(place: string, column: string, known: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3663',
    what: `${place} has no property ${column}.`,
    why: [named(known, known.length)],
    tryThis: ['Correct columns, exclude or expand: names must match $metadata, also in upper and lower case'],
  });
}

function named(names: readonly string[], all: number): string {
  const shown = names.slice(0, 8);
  if (all === 0) return 'It has none.';
  return shown.length === all ? `Known names: ${shown.join(', ')}.` : `There are ${all} names, among them ${shown.join(', ')}.`;
}

/** The API requests a long pause, and only a run waits so long. */
export function askedToWait(place: string, until: string): HomeError {
  return new HomeError({
    code: 'HYG-3664',
    what: `${place} does not return its metadata now.`,
    why: [`The service requests a pause until ${until}.`],
    tryThis: ['Try again then'],
  });
}

export function noMetadata(place: string, why: string): HomeError {
  return new HomeError({
    code: 'HYG-3664',
    what: `${place} is not metadata of OData v4.`,
    why: [why],
    tryThis: apiCodes['HYG-3664'].tryThis,
  });
}

export function noKeyToOrderBy(place: string): HomeError {
  return new HomeError({
    code: 'HYG-3665',
    what: `${place} can not be read with pages: client: its metadata has no key, or columns leaves out a part of the key.`,
    why: ['hygge requests these pages in the order of the key. In this order, each record has one place.'],
    tryThis: apiCodes['HYG-3665'].tryThis,
  });
}

export function noSlices(place: string, { column, type }: Pick<Watermark, 'column' | 'type'>, slice: string): HomeError {
  return new HomeError({
    code: 'HYG-3630',
    what: `${place} can't be read in slices of ${slice} by ${column}: it is ${describeType(type)}.`,
    why: ['A slice of times is a duration such as 30d, and a slice of whole numbers is a number. Texts can’t be read in slices.'],
    tryThis: [`Correct window.slice, or remove it`, 'Use a column of times as the watermark'],
  });
}
