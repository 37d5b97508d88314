/** What stops the reading of a service of OData. No query, no header and no token is in any of these. */
import { asArgument } from '../../errors/as-argument.ts';
import { apiCodes } from '../../errors/codes/apis.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Watermark } from '../../frames/watermark.ts';

const anew = (entity: string) => `Load everything anew: hygge go -d -e ${asArgument(entity)}`;

/** @param said what the service says, a sentence; '': nothing. */
export function deltaLinkExpired(place: string, entity: string, said: string): HomeError {
  return new HomeError({
    code: 'HYG-3660',
    what: `The changes of ${place} since the last run are not told any more: its delta link has expired.`,
    why: [...(said === '' ? [] : [said]), 'Records that were changed or deleted meanwhile would stay as they were where they settled.'],
    tryThis: [anew(entity), 'Let runs come more often than the service forgets changes'],
  });
}

/** The same error, of a service whose count may be none. */
export function withoutCount(error: HomeError): HomeError {
  return error.advising([
    'If the service does not count, or not to the end, as Dataverse beyond 5,000: count: false',
    ...error.tryThis.slice(0, 1),
  ]);
}

export function changesNotFollowed(place: string, why: string, tryThis: readonly string[] = apiCodes['HYG-3661'].tryThis): HomeError {
  return new HomeError({ code: 'HYG-3661', what: `The changes of ${place} can not be followed.`, why: [why], tryThis });
}

export function noSettledLink(place: string, entity: string): HomeError {
  return changesNotFollowed(place, 'No delta link settled with the watermark: it was set by hand.', [anew(entity)]);
}

export function partOfRecord(page: string, missing: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3662',
    what: `${page}: of a changed record the service tells only a part.`,
    why: [`It leaves out ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}; what settled there would be lost.`],
    tryThis: apiCodes['HYG-3662'].tryThis,
  });
}

export function noEntitySet(place: string, endpoint: string, sets: readonly string[]): HomeError {
  const alike = sets.filter((set) => set.toLowerCase().includes(endpoint.toLowerCase().slice(0, 4)));
  return new HomeError({
    code: 'HYG-3663',
    what: `The metadata of ${place} has no entity set ${endpoint}.`,
    why: [named(alike.length > 0 ? alike : sets, sets.length)],
    tryThis: ['Set endpoint to the name of the entity set, capitals and all', 'Check base_url: $metadata lies directly below it'],
  });
}

export function noColumn(place: string, column: string, known: readonly string[]): HomeError {
  return new HomeError({
    code: 'HYG-3663',
    what: `${place} has no property ${column}.`,
    why: [named(known, known.length)],
    tryThis: ['Correct columns: names are written as in $metadata, capitals and all'],
  });
}

function named(names: readonly string[], all: number): string {
  const shown = names.slice(0, 8);
  if (all === 0) return 'It has none.';
  return shown.length === all ? `It has ${shown.join(', ')}.` : `It has ${all}, among them ${shown.join(', ')}.`;
}

/** Only a run waits so long. */
export function askedToWait(place: string, until: string): HomeError {
  return new HomeError({
    code: 'HYG-3664',
    what: `${place} does not give its metadata now.`,
    why: [`It asks to be left alone until ${until}.`],
    tryThis: ['Try again then'],
  });
}

export function noMetadata(place: string, why: string): HomeError {
  return new HomeError({
    code: 'HYG-3664',
    what: `${place} is no metadata of OData v4.`,
    why: [why],
    tryThis: apiCodes['HYG-3664'].tryThis,
  });
}

export function noKeyToOrderBy(place: string): HomeError {
  return new HomeError({
    code: 'HYG-3665',
    what: `${place} can not be read with pages: client: its metadata has no key, or columns leaves a part of it out.`,
    why: ['Pages that hygge asks for need an order in which each record has one place.'],
    tryThis: apiCodes['HYG-3665'].tryThis,
  });
}

export function noSlices(place: string, { column, type }: Pick<Watermark, 'column' | 'type'>, slice: string): HomeError {
  return new HomeError({
    code: 'HYG-3630',
    what: `${place} can't be read in slices of ${slice} by ${column}: it is ${describeType(type)}.`,
    why: ['Slices of times are such as 30d, and those of whole numbers a number. A service is not asked for a part of its texts.'],
    tryThis: [`Correct window.slice, or remove it`, 'Take a column of times as watermark'],
  });
}
