/** What stops the reading of an API. No address with a query, no header and no token is in any of these. */

import type { Window } from '../../engine/contracts/home.ts';
import { counted } from '../../errors/as-argument.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { apiCodes } from '../../errors/codes/apis.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Watermark } from '../../frames/watermark.ts';

type Code = keyof typeof apiCodes;

/** A list that the API does not give. */
export interface Absent {
  readonly status: number;
  /** The API's own words, without secrets. '': none. */
  readonly said: string;
}

/** For people: `404: Not Found`. */
export function absentText({ status, said }: Absent): string {
  return said === '' ? String(status) : `${status}: ${said}`;
}

interface Details {
  readonly why?: readonly string[];
  readonly tryThis?: readonly string[];
  readonly transient?: boolean;
}

export function apiError(
  code: Code,
  what: string,
  { why = [], tryThis = apiCodes[code].tryThis, transient = false }: Details = {},
): HomeError {
  return new HomeError({ code, what, why, tryThis, transient });
}

/** @param page for people: `https://api.example.com/v2/orders, page 3`. @param said the first words of the body; '': none. */
export function refused(page: string, status: number, said: string): HomeError {
  return new RequestRefused(page, status, said);
}

/** The API answered, and does not give what it was asked for. */
export class RequestRefused extends HomeError {
  readonly status: number;
  readonly said: string;
  /** For people: `https://host/items, page 1`. */
  readonly page: string;

  constructor(page: string, status: number, said: string) {
    const gone = status === 410 ? ['A cursor of an earlier page may have expired: run again.'] : [];
    super({
      code: 'HYG-3601',
      what: `${page}: the API answered ${status}.`,
      why: [...(said === '' ? [] : [said]), ...gone],
      tryThis: apiCodes['HYG-3601'].tryThis,
      // An expired cursor is recreated by another attempt.
      transient: status === 410,
    });
    this.status = status;
    this.said = said;
    this.page = page;
  }
}

/** @param lists where the answer has lists, for people. */
export function noPage(page: string, why: string, lists: readonly string[] = []): HomeError {
  const there = lists.length === 0 ? [] : [`It has lists at ${lists.slice(0, 5).join(', ')}.`];
  return apiError('HYG-3602', `${page}: the answer is not a page of records.`, { why: [why, ...there] });
}

/** @param of.isAbsent the key is not there. @param of.beside the members that the answer has instead, with those that the config ignores already. */
export function noRecords(
  page: string,
  why: string,
  { lists, isAbsent, beside }: { readonly lists: readonly string[]; readonly isAbsent: boolean; readonly beside: readonly string[] },
): HomeError {
  const error = noPage(page, why, lists);
  if (!isAbsent || lists.length > 0) return error;
  const tryThis = [
    ...error.tryThis,
    'If the API leaves the key out where its list is empty: absent_records: empty',
    ...(beside.length === 0
      ? []
      : [`If it says so by a message of its own there, add: ignore_members: [${beside.map(asYaml).join(', ')}]`]),
  ];
  return apiError('HYG-3602', error.what, { why: error.why, tryThis });
}

/** @param at the value of `records`; undefined: it is not set. */
export function noList(page: string, at: string | undefined): HomeError {
  return apiError('HYG-3602', `${page}: the answer is not a page of records.`, {
    why: [at === undefined ? 'It is an object, and no array of records.' : `At ${at} it has an object, and no array of records.`],
    tryThis: [
      'Look at the answer: `hygge debug`. It may be an error, or name what is wrong',
      at === undefined
        ? 'If the object is the one record that is wanted: records: "."'
        : 'If the object is the one record that is wanted: one_record: true',
    ],
  });
}

/** @param lists the likeliest first. `at`: the value of `records`. */
export function listInside(page: string, lists: readonly { readonly at: string; readonly shown: string }[]): HomeError {
  return apiError('HYG-3650', `${page}: the answer is an object with lists in it, and records is not set.`, {
    why: [
      `It has ${lists.length === 1 ? 'a list' : 'lists'} at ${lists
        .slice(0, 5)
        .map(({ shown }) => shown)
        .join(', ')}.`,
    ],
    tryThis: [
      ...lists.slice(0, 3).map(({ at }, nth) => `${nth === 0 ? 'Read' : 'Or'} the list at ${at}: records: ${asYaml(at)}`),
      'If the whole object is one record: records: "."',
      'See what else the answer suggests: hygge debug',
    ],
  });
}

/** @param what that leads to the next page. @param length its characters, of which a checkpoint keeps `most`. */
export function tooLongToKeep(page: string, what: string, { length, most }: { readonly length: number; readonly most: number }): HomeError {
  return apiError('HYG-3602', `${page}: the ${what} of the next page is too long.`, {
    why: [
      `It has ${length.toLocaleString('en-US')} characters. A run continues from it after an interruption, and keeps at most ${most.toLocaleString('en-US')}.`,
    ],
    tryThis: [
      'Leave out what makes it long: the API may repeat parameters in it, such as a list of fields.',
      'Or choose another `pagination`, if the API has one: by number, by offset, or by the last record (`keyset`).',
    ],
  });
}

/** @param field the one that `window.filters` names. */
export function filterDoesNotFollow(
  place: string,
  { column, text, field }: { readonly column: string; readonly text: string; readonly field: string },
): HomeError {
  return apiError('HYG-3638', `${place}: a record has the ${column} ${text}, and its ${field} is older.`, {
    why: [`A change does not move its ${field}, so a filter by ${field} leaves out records that changed.`],
  });
}

/** @param says when the answer is of. Another attempt may get it of the API. */
export function keptSinceBefore(page: string, says: string): HomeError {
  return apiError('HYG-3636', `${page}: a cache gave an answer that is older than the rows that the run reads.`, {
    why: [`${says} Rows that came since are not in it, and the next run would not read them.`],
    transient: true,
  });
}

/** @param list a list inside a record. @param records how many of the page have one that is cut. */
export function listCut(page: string, { at, items }: { readonly at: string; readonly items: number }, records: number): HomeError {
  return apiError('HYG-3633', `${page}: ${counted(records, 'record')} ${records === 1 ? 'has' : 'have'} a part of a list alone.`, {
    why: [
      `The first has ${counted(items, 'item')} at ${at}, and has_more: true next to them: the API gives the others by requests of their own.`,
    ],
  });
}

/** @param instead what reads the list by other means. */
export function linkUnreadable(page: string, instead: readonly Instead[]): HomeError {
  return apiError('HYG-3613', `${page}: the header Link names a next page, and no address of it can be read.`, {
    tryThis: linesOf(instead),
  });
}

export function noTotal(page: string, where: string): HomeError {
  return apiError('HYG-3602', `${page}: the answer is not a page of records.`, {
    why: [`${where} has no number of records.`],
    tryThis: [
      'Set total_at or total_header to the place of the number, or leave both out if the API tells none.',
      'Look at the first page: `hygge debug`.',
    ],
  });
}

/** @param relation of the number to that of all records, as Elasticsearch has it: `gte`. */
export function totalIsBound(page: string, where: string, relation: string): HomeError {
  return apiError('HYG-3602', `${page}: the answer does not count all records.`, {
    why: [`${where} is a bound (${relation}): there may be more records than that.`],
    tryThis: [
      'Ask for the exact number. Elasticsearch and OpenSearch: params: { track_total_hits: "true" }',
      `Or leave ${where} out, and read the list by another pagination, such as keyset.`,
    ],
  });
}

/** A list by page number that does not begin with `start`. @param instead the likeliest first. */
export function notFirst(page: string, why: string, instead: readonly Instead[]): HomeError {
  return apiError('HYG-3611', `${page}: it is not the first page of the list.`, { why: [why], tryThis: linesOf(instead) });
}

/** @param instead the likeliest first. */
export function positionNotNumber(page: string, instead: readonly Instead[]): HomeError {
  return apiError('HYG-3611', `${page}: the API takes the number of the page for a position, and leaves out what comes before it.`, {
    why: ['Two pages in a row began with the second record of the page before.'],
    tryThis: linesOf(instead),
  });
}

export function errorInside(page: string, said: string): HomeError {
  return apiError('HYG-3603', `${page}: the API answered with an error.`, { why: [said] });
}

/** @param signs what the answer has, for people and as `ignore_members` has it. @param message its own words, without secrets. '': none. */
export function saysItFailed(page: string, signs: readonly { readonly at: string; readonly shown: string }[], message: string): HomeError {
  const names = signs.map(({ at }) => asYaml(at)).join(', ');
  return apiError('HYG-3624', `${page}: the answer says that it failed.`, {
    why: [`It has ${signs.map(({ shown }) => shown).join(', ')}.`, ...(message === '' ? [] : [`Its message: ${message}`])],
    tryThis: [
      'Read the message, and compare the request with the documentation of the API. If the API was in trouble, run again later',
      `If the API answers so where all is well: ignore_members: [${names}]`,
    ],
  });
}

/** @param differences from pages with records, for people and as `ignore_members` has them. @param read records of the list so far. */
export function emptyInAnotherForm(
  page: string,
  differences: readonly { readonly at: string; readonly shown: string }[],
  { read, isBefore = false }: { readonly read: number; readonly isBefore?: boolean },
): HomeError {
  const names = differences.map(({ at }) => asYaml(at)).join(', ');
  const what = isBefore ? 'the page before it has no records' : 'it has no records';
  return apiError('HYG-3625', `${page}: ${what}, and differs from the pages that have some.`, {
    why: [
      `It has ${differences.map(({ shown }) => shown).join('; ')}.`,
      isBefore
        ? 'It came twice so, and more records follow.'
        : `It came twice so. ${read > 0 ? `The list would end after ${counted(read, 'record')}.` : 'The rows of this list would be missing.'}`,
    ],
    tryThis: [
      'Look at the answer, and compare it with the documentation of the API. If the API was in trouble, run again later',
      `If the API answers so where a list is empty or ends: ignore_members: [${names}]`,
    ],
  });
}

/** @param sign of the answer: `incomplete_results: true`. */
export function notAll(page: string, sign: string): HomeError {
  return apiError('HYG-3603', `${page}: the API stopped before it had all records.`, {
    why: [`The answer says ${sign}.`],
    transient: true,
  });
}

/** Status 202 without a record. Another attempt asks again. */
export function notReady(page: string): HomeError {
  return apiError('HYG-3602', `${page}: the API accepted the request, and has no answer yet.`, {
    why: ['It answered 202, without a record: that is not an empty list.'],
    tryThis: ['Run again later', 'Look up in the documentation of the API which list has the records once they are made'],
    transient: true,
  });
}

/** A value of `pagination`, as YAML, and when it is right. */
export interface Instead {
  readonly when: string;
  readonly pagination: string;
}

export function linesOf(instead: readonly Instead[]): readonly string[] {
  return instead.map(({ when, pagination }) => `${when}: pagination: ${pagination}`);
}

export function noEnd(page: string, why: string, instead: readonly Instead[] = []): HomeError {
  const tryThis = [...linesOf(instead), ...apiCodes['HYG-3604'].tryThis];
  return apiError('HYG-3604', `${page}: the pages have no end.`, { why: [why], tryThis });
}

/** Another attempt reads all pages again. @param also what may help beside that. */
export function shifted(page: string, why: string, also: readonly string[] = []): HomeError {
  const tryThis = [...apiCodes['HYG-3605'].tryThis, ...also];
  return apiError('HYG-3605', `${page}: the pages shifted while they were read.`, { why: [why], tryThis, transient: true });
}

/** Another attempt reads all pages again. @param ignore the value of `pagination` without the number, as YAML. */
export function totalFell(
  page: string,
  { before, now, counts }: { readonly before: number; readonly now: number; readonly counts: string },
  ignore: string,
): HomeError {
  return shifted(
    page,
    `The API counted ${before} ${counts}, and now ${now}: where one was removed, later records move to a page that was read before.`,
    [`If the number says nothing of this list: pagination: ${ignore}`],
  );
}

/** @param records so many are taken for those of the page before. @param counts what the API says of their number. */
export function repeatsCounted(page: string, records: number, instead: readonly Instead[], counts?: string): HomeError {
  const they = records === 1 ? 'a record' : `${records} records`;
  return shifted(
    page,
    counts === undefined ? `It repeats ${they} of the page before.` : `${counts}, next to ${they} that a page has from the page before.`,
    linesOf(instead),
  );
}

/** The page repeats each record that a checkpoint has of the page before. */
export function overlapTooLong(page: string): HomeError {
  return shifted(page, 'It repeats records of the page before, and how many is not known after the interruption.', [
    'Ask the API for pages of up to 50 records: such a page is known in full after an interruption',
  ]);
}

/** @param records at the end of the page before, and at the beginning of this one. */
export function overlapUnclear(page: string, records: number, instead: readonly Instead[]): HomeError {
  const they = records === 1 ? 'Its first record equals the last one' : `Its first ${records} records equal the last ones`;
  return apiError('HYG-3644', `${page}: nothing says whether it repeats records of the page before.`, {
    why: [`${they} of the page before, and the records have neither a key that the config names nor an id of their own.`],
    tryThis: [...linesOf(instead), 'Or name the field that tells records apart, as `pagination.key` or `watermark.key`'],
  });
}

/** Another attempt reads all pages again, of a list that may be quiet by then. @param field the id that both records have. */
export function versionUnclear(page: string, field: string, instead: readonly Instead[]): HomeError {
  return apiError('HYG-3646', `${page}: a record has the ${field} of one on the page before, and other values.`, {
    why: ['It is the same record, which changed while the list was read, or another version of it that is a row of its own.'],
    tryThis: linesOf(instead),
    transient: true,
  });
}

/** @param key fields of a record. */
export function versionStaged(page: string, key: readonly string[], instead: readonly Instead[]): HomeError {
  return apiError('HYG-3645', `${page}: it repeats a record of the page before with other values.`, {
    why: [`It is the same record by ${key.join(', ')}. The earlier version was written already, and another attempt reads both.`],
    tryThis: [...apiCodes['HYG-3645'].tryThis, ...linesOf(instead)],
    transient: true,
  });
}

export function tooLarge(page: string, why: string): HomeError {
  return apiError('HYG-3606', `${page}: the answer is too large.`, { why: [why] });
}

export function otherOrigin(page: string, origin: string): HomeError {
  return apiError('HYG-3607', `${page}: the API leads to ${origin}.`, {
    tryThis: ['Set base_url to the address that the API has now', `If it belongs to the API: origins: [${origin}]. It gets no token`],
  });
}

/** A record of the parent lacks what the requests of its children need. */
export function noField(page: string, field: string): HomeError {
  return apiError('HYG-3641', `${page}: a record has no ${field} that a request could name.`, {
    why: ['endpoint or params name the field in braces, and each parent needs a text or a number there.'],
  });
}

/** `deleted` without `is`. @param value 0 or 1. */
export function deletedUnclear(at: string, value: string): HomeError {
  return apiError('HYG-3642', `A record has the number ${value} at ${at}, and deleted does not say what it means.`, {
    tryThis: [`If 1 marks deleted records: deleted: { at: ${at}, is: 1 }`, ...apiCodes['HYG-3642'].tryThis.slice(1)],
  });
}

/** Two parents, told apart by nothing but their columns. @param id the values in braces. */
export function sameRequest(page: string, id: string): HomeError {
  return apiError('HYG-3643', `${page}: two records give the same request (${id}), and other columns to its rows.`);
}

/** `missing: fail`. @param why the status. */
export function parentNotRead(id: string, why: string): HomeError {
  return apiError('HYG-3640', `The rows of the parent ${id} can't be read.`, { why: [`The API answered ${why}.`] });
}

/** The rows have a field by the name of a column of `parent`. */
export function nameTaken(page: string, column: string): HomeError {
  return apiError('HYG-3641', `${page}: a record has a field ${column} of its own, and parent names a column so.`);
}

export function noTime(page: string): HomeError {
  return apiError('HYG-3608', `${page}: the answer has no header Date that is a time.`);
}

/**
 * @param sign a sentence that shows that more records follow. @param pagination the value of `pagination` that reads them, as YAML.
 * @param set what the config has; undefined: nothing. `ignore`: the same without the sign, as YAML.
 */
export function partOfList(
  page: string,
  { sign, pagination }: { readonly sign: string; readonly pagination: string },
  set: { readonly type: string; readonly ignore: string } | undefined = undefined,
): HomeError {
  const readAll = `Read all pages, with the parameters as the documentation of the API has them: pagination: ${pagination}`;
  if (set !== undefined)
    return apiError('HYG-3609', `${page}: the answer shows that more follows, and pagination of the type ${set.type} leads no further.`, {
      why: [sign],
      tryThis: [readAll, `If that leads to no further records: pagination: ${set.ignore}`],
    });
  return apiError('HYG-3609', `${page}: the answer is not the whole list, and no pagination is set.`, {
    why: [sign],
    tryThis: [readAll, 'If this answer is all that is wanted: pagination: { type: none, ignore_next: true }'],
  });
}

/** @param says sentences: what says that more records follow. @param instead the likeliest first. @param isPassing another attempt may find that they agree. */
export function endsEarly(
  page: string,
  { says, instead, isPassing }: { readonly says: readonly string[]; readonly instead: readonly Instead[]; readonly isPassing: boolean },
): HomeError {
  return apiError('HYG-3612', `${page}: the list ends, and the answers say that more records follow.`, {
    why: says,
    tryThis: [...linesOf(instead), ...apiCodes['HYG-3612'].tryThis.slice(1)],
    transient: isPassing,
  });
}

/** @param pages so many in a row. */
export function nothingNew(page: string, pages: number, instead: readonly Instead[] = []): HomeError {
  return apiError('HYG-3605', `${page}: ${pages} pages in a row have no new record.`, {
    why: ['The API gives records again that were read, such as those of its last page, or it rounds the requested position.'],
    tryThis: [
      ...linesOf(instead),
      'Compare `pagination` with the documentation of the API: the type, the parameter, what ends the list.',
      ...apiCodes['HYG-3605'].tryThis.slice(1, 2),
    ],
  });
}

/** @param window `window.format` and `window.slice` of the config. */
export function misfit(
  place: string,
  { column, type }: Pick<Watermark, 'column' | 'type'>,
  { format, slice }: { readonly format: string; readonly slice?: string | undefined },
): HomeError {
  const form = `window.format: ${format}${slice === undefined ? '' : `, slice: ${slice}`}`;
  const isText = type.kind === 'string';
  return apiError('HYG-3630', `${place} can't select records by ${column}: it is ${describeType(type)}, and the window has ${form}.`, {
    why: ['The API would get no bound, and give all records.'],
    tryThis: [
      ...(isText ? [`If its texts are times: types: { ${column}: timestamptz }`] : []),
      'For an integer: window.format: number, or epoch_s or epoch_ms where it counts seconds or milliseconds since 1970',
      ...(slice === undefined ? [] : ['Slices of times are such as 30d, and those of ids a number']),
    ],
  });
}

/** @param shown a value of the column. @param isFiner the column counts a smaller unit. */
export function otherUnit(
  place: string,
  { column }: Pick<Watermark, 'column'>,
  { format, shown, isFiner }: { readonly format: string; readonly shown: string; readonly isFiner: boolean },
): HomeError {
  const [unit, other] = format === 'epoch_s' ? ['seconds', 'epoch_ms'] : ['milliseconds', 'epoch_s'];
  const isKnown = isFiner === (format === 'epoch_s');
  return apiError('HYG-3630', `${place} can't select records by ${column}: it has ${shown}, and the window counts ${unit} since 1970.`, {
    why: [
      isFiner ? 'All records would be in the future, and none would settle.' : 'All records would lie long ago, and be taken for old ones.',
    ],
    tryThis: [
      ...(isKnown ? [`Count as the column does: window: { …, format: ${other} }`] : []),
      `Or load ${column} without a window: leave out home.window, and set watermark.key for a store that merges`,
    ],
  });
}

export function noLimitTold(page: string): HomeError {
  return apiError('HYG-3610', `${page}: the API does not report the limit that budget is a share of.`, {
    why: ['No header of its answer is X-RateLimit-Limit, RateLimit-Limit or X-Rate-Limit-Limit with a number.'],
  });
}

/** @param column where a record has the watermark. */
export function notNewestFirst(page: string, column: string): HomeError {
  return apiError('HYG-3631', `${page}: the records do not go from the newest ${column} to the oldest.`, {
    why: ['A run would stop behind the first page that is older than the watermark, and miss what comes behind it.'],
  });
}

/** A part of a window that has as many records as the API lists, and can not be halved. */
export function cappedBelowATick(
  place: string,
  cap: number,
  { column, lower, upper }: Pick<Window, 'column' | 'lower' | 'upper'>,
): HomeError {
  const end = (edge: Window['lower'], other: string) => edge?.text ?? other;
  const what =
    column === null ? 'has no window' : `can't be halved: ${column.column} from ${end(lower, 'the beginning')} to ${end(upper, 'the end')}`;
  return apiError('HYG-3632', `${place} lists at most ${cap} records, and there are as many in a list that ${what}.`);
}

/** The next page would begin at the same value again. */
export function tooManyOfOne(
  page: string,
  field: string,
  { value, records }: { readonly value: string; readonly records: number },
): HomeError {
  return apiError('HYG-3670', `${page}: more records than a page has have ${field} ${value}.`, {
    why: [
      `Each page begins at the last value of the page before. A page of ${counted(records, 'record')} ended at the value that it began at, and no header Link leads on.`,
    ],
  });
}
