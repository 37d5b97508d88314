/** Errors that stop the reading of an API. Their texts contain addresses without queries, and no headers or tokens. */

import type { Window } from '../../engine/contracts/home.ts';
import { counted } from '../../errors/as-argument.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { apiCodes } from '../../errors/codes/apis.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Watermark } from '../../frames/watermark.ts';

type Code = keyof typeof apiCodes;

/** A list that the API does not return. */
export interface Absent {
  readonly status: number;
  /** The API’s own words, without secrets. '': the API said nothing. */
  readonly said: string;
}

/** The status and the words of the API as text for people: `404: Not Found`. */
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

/** @param page the name of the page, for people: `https://api.example.com/v2/orders, page 3`. @param said the first words of the body. '': the body is empty. */
export function refused(page: string, status: number, said: string): HomeError {
  return new RequestRefused(page, status, said);
}

/** The API answered that it refuses the request. */
export class RequestRefused extends HomeError {
  readonly status: number;
  readonly said: string;
  /** The name of the page for people: `https://host/items, page 1`. */
  readonly page: string;

  constructor(page: string, status: number, said: string) {
    const gone = status === 410 ? ['A cursor of an earlier page may have expired: run again.'] : [];
    super({
      code: 'HYG-3601',
      what: `${page}: the API answered ${status}.`,
      why: [...(said === '' ? [] : [said]), ...gone],
      tryThis: apiCodes['HYG-3601'].tryThis,
      // After status 410, another attempt gets a new cursor, which replaces the expired cursor.
      transient: status === 410,
    });
    this.status = status;
    this.said = said;
    this.page = page;
  }
}

/** The answer is not a page of the list. @param lists the paths of lists in the answer, for people. */
export function noPage(page: string, why: string, lists: readonly string[] = []): HomeError {
  const there = lists.length === 0 ? [] : [`The answer has lists at ${lists.slice(0, 5).join(', ')}.`];
  return apiError('HYG-3602', `${page}: the answer is not a page of records.`, { why: [why, ...there] });
}

/** @param of.isAbsent the answer has no member at the path of the records. @param of.beside the members that the answer has instead, including members that are already ignored. */
export function noRecords(
  page: string,
  why: string,
  { lists, isAbsent, beside }: { readonly lists: readonly string[]; readonly isAbsent: boolean; readonly beside: readonly string[] },
): HomeError {
  const error = noPage(page, why, lists);
  if (!isAbsent || lists.length > 0) return error;
  const tryThis = [
    ...error.tryThis,
    'If the API omits the key for an empty list: absent_records: empty',
    ...(beside.length === 0
      ? []
      : [`If the API also adds a message for an empty list, add: ignore_members: [${beside.map(asYaml).join(', ')}]`]),
  ];
  return apiError('HYG-3602', error.what, { why: error.why, tryThis });
}

/** @param at the value of `records` in the config. Undefined: `records` is not set. */
export function noList(page: string, at: string | undefined): HomeError {
  return apiError('HYG-3602', `${page}: the answer is not a page of records.`, {
    why: [
      at === undefined
        ? 'The answer is an object, and not an array of records.'
        : `At ${at} the answer has an object, and not an array of records.`,
    ],
    tryThis: [
      'Look at the answer: `hygge debug`. The answer may be an error, or say what is wrong',
      at === undefined ? 'If the object itself is the record: records: "."' : 'If the object itself is the record: one_record: true',
    ],
  });
}

/** @param lists the paths of lists in the answer, the likeliest first. `at`: the value of `records` for the list. */
export function listInside(page: string, lists: readonly { readonly at: string; readonly shown: string }[]): HomeError {
  return apiError('HYG-3650', `${page}: the answer is an object with lists in it, and records is not set.`, {
    why: [
      `The answer has ${lists.length === 1 ? 'a list' : 'lists'} at ${lists
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

/** @param what the kind of reference to the next page. @param length the number of characters in the reference. @param most the maximum number that fits into a checkpoint. */
export function tooLongToKeep(page: string, what: string, { length, most }: { readonly length: number; readonly most: number }): HomeError {
  return apiError('HYG-3602', `${page}: the ${what} of the next page is too long.`, {
    why: [
      `The length is ${length.toLocaleString('en-US')} characters. To continue after an interruption, hygge stores at most ${most.toLocaleString('en-US')} characters.`,
    ],
    tryThis: [
      'Remove long parameters, such as a list of fields: the API may repeat them in the reference to the next page.',
      'Or choose another `pagination`, if the API has one: by number, by offset, or by the last record (`keyset`).',
    ],
  });
}

/** A record changed, but not the field by which the API filters. @param field the field that `window.filters` names. */
export function filterDoesNotFollow(
  place: string,
  { column, text, field }: { readonly column: string; readonly text: string; readonly field: string },
): HomeError {
  return apiError('HYG-3638', `${place}: a record has the ${column} ${text}, and its ${field} is older.`, {
    why: [`A change does not update its ${field}, so a filter by ${field} leaves out changed records.`],
  });
}

/** The API returned an answer from a cache. @param says the time of the answer. A retry may get a newer answer from the API itself. */
export function keptSinceBefore(page: string, says: string): HomeError {
  return apiError('HYG-3636', `${page}: the answer is from a cache, and is older than the rows that the run reads.`, {
    why: [`${says} Newer rows are missing from the answer, and the next run would not read them.`],
    transient: true,
  });
}

/** @param list the list inside a record of which the API returned only the first items. @param records the number of records on the page with such a list. */
export function listCut(page: string, { at, items }: { readonly at: string; readonly items: number }, records: number): HomeError {
  return apiError('HYG-3633', `${page}: ${counted(records, 'record')} ${records === 1 ? 'has' : 'have'} only a part of a list.`, {
    why: [
      `The first partial list has ${counted(items, 'item')} at ${at}, and has_more: true next to them. The API returns the other items only by separate requests.`,
    ],
  });
}

/** @param instead other ways to read the list. */
export function linkUnreadable(page: string, instead: readonly Instead[]): HomeError {
  return apiError('HYG-3613', `${page}: the header Link names a next page, but hygge cannot read its address.`, {
    tryThis: linesOf(instead),
  });
}

export function noTotal(page: string, where: string): HomeError {
  return apiError('HYG-3602', `${page}: the answer is not a page of records.`, {
    why: [`${where} has no number of records.`],
    tryThis: [
      'Set total_at or total_header to the place of the number. If the API reports no number, leave both out.',
      'Look at the first page: `hygge debug`.',
    ],
  });
}

/** @param relation how the reported number relates to the number of all records, as in Elasticsearch: `gte`. */
export function totalIsBound(page: string, where: string, relation: string): HomeError {
  return apiError('HYG-3602', `${page}: the answer does not count all records.`, {
    why: [`${where} is a bound (${relation}): there may be more records than that.`],
    tryThis: [
      'Request the exact number. Elasticsearch and OpenSearch: params: { track_total_hits: "true" }',
      `Or leave ${where} out, and read the list by another pagination, such as keyset.`,
    ],
  });
}

/** In a list by page number, `start` is not the first page. @param instead the settings to use instead, the likeliest first. */
export function notFirst(page: string, why: string, instead: readonly Instead[]): HomeError {
  return apiError('HYG-3611', `${page}: this is not the first page of the list.`, { why: [why], tryThis: linesOf(instead) });
}

/** @param instead the settings to use instead, the likeliest first. */
export function positionNotNumber(page: string, instead: readonly Instead[]): HomeError {
  return apiError('HYG-3611', `${page}: the API treats the page number as a position, and leaves out the records before this position.`, {
    why: ['Two pages in a row began with the second record of the page before.'],
    tryThis: linesOf(instead),
  });
}

export function errorInside(page: string, said: string): HomeError {
  return apiError('HYG-3603', `${page}: the API answered with an error.`, { why: [said] });
}

/** @param signs the signs of failure in the answer, for people and as in `ignore_members`. @param message the words of the answer, without secrets. '': the answer has no message. */
export function saysItFailed(page: string, signs: readonly { readonly at: string; readonly shown: string }[], message: string): HomeError {
  const names = signs.map(({ at }) => asYaml(at)).join(', ');
  return apiError('HYG-3624', `${page}: the answer says that the request failed.`, {
    why: [`The answer has ${signs.map(({ shown }) => shown).join(', ')}.`, ...(message === '' ? [] : [`Its message: ${message}`])],
    tryThis: [
      'Read the message, and compare the request with the documentation of the API. If the API had a problem, run again later',
      `If a successful answer looks the same: ignore_members: [${names}]`,
    ],
  });
}

/** @param differences the members in which the empty page differs from pages with records, for people and as in `ignore_members`. @param read the number of records read so far. */
export function emptyInAnotherForm(
  page: string,
  differences: readonly { readonly at: string; readonly shown: string }[],
  { read, isBefore = false }: { readonly read: number; readonly isBefore?: boolean },
): HomeError {
  const names = differences.map(({ at }) => asYaml(at)).join(', ');
  const what = isBefore ? 'the previous page has no records' : 'this page has no records';
  return apiError('HYG-3625', `${page}: ${what}, and differs from the pages with records.`, {
    why: [
      `The empty page has ${differences.map(({ shown }) => shown).join('; ')}.`,
      isBefore
        ? 'hygge received the same empty page twice, and more records follow.'
        : `hygge received the same empty page twice. ${read > 0 ? `The list would end after ${counted(read, 'record')}.` : 'The rows of this list would be missing.'}`,
    ],
    tryThis: [
      'Look at the answer, and compare it with the documentation of the API. If the API had a problem, run again later',
      `If the API answers like this for an empty list or at the end of a list: ignore_members: [${names}]`,
    ],
  });
}

/** @param sign the member of the answer that reports a partial result: `incomplete_results: true`. */
export function notAll(page: string, sign: string): HomeError {
  return apiError('HYG-3603', `${page}: the API stopped before it had all records.`, {
    why: [`The answer says ${sign}.`],
    transient: true,
  });
}

/** The API answered with status 202 and without records. A retry requests the page again. */
export function notReady(page: string): HomeError {
  return apiError('HYG-3602', `${page}: the API accepted the request, and has no answer yet.`, {
    why: ['The API answered 202 without a record. This is not an empty list.'],
    tryThis: ['Run again later', 'Look up in the documentation of the API where the records are when they are ready'],
    transient: true,
  });
}

/** A value of `pagination`, as YAML, and the condition under which it is right. */
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

/** Records moved to other pages during the read. A retry reads all pages again. @param also further advice. */
export function shifted(page: string, why: string, also: readonly string[] = []): HomeError {
  const tryThis = [...apiCodes['HYG-3605'].tryThis, ...also];
  return apiError('HYG-3605', `${page}: the pages shifted while they were read.`, { why: [why], tryThis, transient: true });
}

/** The reported number of records or pages became smaller during the read. A retry reads all pages again. @param ignore the value of `pagination` that ignores the number, as YAML. */
export function totalFell(
  page: string,
  { before, now, counts }: { readonly before: number; readonly now: number; readonly counts: string },
  ignore: string,
): HomeError {
  return shifted(
    page,
    `The API first counted ${before} ${counts}, and now ${now}. If a record was removed, later records move to a page that was already read.`,
    [`If the number is not about this list: pagination: ${ignore}`],
  );
}

/** @param records the number of records that seem to be from the previous page. @param counts the total that the API reports. */
export function repeatsCounted(page: string, records: number, instead: readonly Instead[], counts?: string): HomeError {
  const they = records === 1 ? 'a record' : `${records} records`;
  return shifted(
    page,
    counts === undefined
      ? `This page repeats ${they} of the previous page.`
      : `${counts}, and a page repeats ${they} of the previous page.`,
    linesOf(instead),
  );
}

/** The page repeats all records of the previous page that the checkpoint contains, so further records may be repeated. */
export function overlapTooLong(page: string): HomeError {
  return shifted(page, 'This page repeats records of the previous page. After the interruption, hygge does not know how many.', [
    'Request pages of up to 50 records: after an interruption, hygge knows all records of a page of this size',
  ]);
}

/** Records without a key are equal at the end of the previous page and at the beginning of this page. @param records the number of equal records. */
export function overlapUnclear(page: string, records: number, instead: readonly Instead[]): HomeError {
  const they = records === 1 ? 'The first record equals the last record' : `The first ${records} records equal the last records`;
  return apiError('HYG-3644', `${page}: hygge can’t know whether this page repeats records of the previous page.`, {
    why: [`${they} of the previous page. The config names no key of the records, and the records have no id.`],
    tryThis: [...linesOf(instead), 'Or name the field that identifies a record, as `pagination.key` or `watermark.key`'],
  });
}

/** A record changed while the list was read. A retry reads all pages again, and succeeds only if the list does not change meanwhile. @param field the id that both versions of the record have. */
export function versionUnclear(page: string, field: string, instead: readonly Instead[]): HomeError {
  return apiError('HYG-3646', `${page}: a record has the ${field} of a record on the previous page, but other values.`, {
    why: ['Either the record changed during the read, or this is another version of the record, which is a separate row.'],
    tryThis: linesOf(instead),
    transient: true,
  });
}

/** @param key the fields of a record that identify it. */
export function versionStaged(page: string, key: readonly string[], instead: readonly Instead[]): HomeError {
  return apiError('HYG-3645', `${page}: this page repeats a record of the previous page with other values.`, {
    why: [
      `Both are the same record by ${key.join(', ')}. The earlier version was written already, and another attempt reads both versions.`,
    ],
    tryThis: [...apiCodes['HYG-3645'].tryThis, ...linesOf(instead)],
    transient: true,
  });
}

export function tooLarge(page: string, why: string): HomeError {
  return apiError('HYG-3606', `${page}: the answer is too large.`, { why: [why] });
}

export function otherOrigin(page: string, origin: string): HomeError {
  return apiError('HYG-3607', `${page}: the API leads to ${origin}.`, {
    tryThis: [
      'Set base_url to the address that the API has now',
      `If this origin belongs to the API: origins: [${origin}]. hygge sends no token there`,
    ],
  });
}

/** A record of the parent lacks a field that the requests for the rows of this parent need. */
export function noField(page: string, field: string): HomeError {
  return apiError('HYG-3641', `${page}: a record has no ${field} that a request could name.`, {
    why: ['endpoint or params name this field in braces, so each parent needs a text or a number in the field.'],
  });
}

/** The config has `deleted` without `is`. @param value 0 or 1. */
export function deletedUnclear(at: string, value: string): HomeError {
  return apiError('HYG-3642', `A record has the number ${value} at ${at}, and deleted does not say what this number means.`, {
    tryThis: [`If 1 marks deleted records: deleted: { at: ${at}, is: 1 }`, ...apiCodes['HYG-3642'].tryThis.slice(1)],
  });
}

/** Two parents lead to the same request, and differ only in their columns. @param id the values in braces. */
export function sameRequest(page: string, id: string): HomeError {
  return apiError('HYG-3643', `${page}: two records lead to the same request (${id}), but their columns for the rows differ.`);
}

/** A parent’s list is missing, and the config has `missing: fail`. @param why the status of the answer. */
export function parentNotRead(id: string, why: string): HomeError {
  return apiError('HYG-3640', `The rows of the parent ${id} can't be read.`, { why: [`The API answered ${why}.`] });
}

/** The rows have a field with the name of a column of `parent`. */
export function nameTaken(page: string, column: string): HomeError {
  return apiError('HYG-3641', `${page}: a record has a field ${column} of its own, and parent uses the same name for a column.`);
}

export function noTime(page: string): HomeError {
  return apiError('HYG-3608', `${page}: the answer has no header Date with a time.`);
}

/**
 * @param sign a sentence that shows that more records follow.
 * @param pagination the value of `pagination` that reads them, as YAML.
 * @param set the `pagination` of the config. Undefined: the config has no `pagination`. `ignore`: the `pagination` that ignores the sign, as YAML.
 */
export function partOfList(
  page: string,
  { sign, pagination }: { readonly sign: string; readonly pagination: string },
  set: { readonly type: string; readonly ignore: string } | undefined = undefined,
): HomeError {
  const readAll = `Read all pages, with the parameters from the documentation of the API: pagination: ${pagination}`;
  if (set !== undefined)
    return apiError(
      'HYG-3609',
      `${page}: the answer shows that more records follow, but pagination of the type ${set.type} does not reach them.`,
      {
        why: [sign],
        tryThis: [readAll, `If there are no further records: pagination: ${set.ignore}`],
      },
    );
  return apiError('HYG-3609', `${page}: the answer is not the whole list, and no pagination is set.`, {
    why: [sign],
    tryThis: [readAll, 'If this answer is enough: pagination: { type: none, ignore_next: true }'],
  });
}

/** @param says sentences: the signs that more records follow. @param instead the settings to use instead, the likeliest first. @param isPassing in a retry, the signs may agree. */
export function endsEarly(
  page: string,
  { says, instead, isPassing }: { readonly says: readonly string[]; readonly instead: readonly Instead[]; readonly isPassing: boolean },
): HomeError {
  return apiError('HYG-3612', `${page}: the list ends, but the answers say that more records follow.`, {
    why: says,
    tryThis: [...linesOf(instead), ...apiCodes['HYG-3612'].tryThis.slice(1)],
    transient: isPassing,
  });
}

/** @param pages the number of pages in a row that had no new record. */
export function nothingNew(page: string, pages: number, instead: readonly Instead[] = []): HomeError {
  return apiError('HYG-3605', `${page}: ${pages} pages in a row have no new record.`, {
    why: ['The API returns records again, such as those of its last page, or it rounds the requested position.'],
    tryThis: [
      ...linesOf(instead),
      'Compare `pagination` with the documentation of the API: the type, the parameter, what ends the list.',
      ...apiCodes['HYG-3605'].tryThis.slice(1, 2),
    ],
  });
}

/** The form of the window does not fit the column. @param window `window.format` and `window.slice` of the config. */
export function misfit(
  place: string,
  { column, type }: Pick<Watermark, 'column' | 'type'>,
  { format, slice }: { readonly format: string; readonly slice?: string | undefined },
): HomeError {
  const form = `window.format: ${format}${slice === undefined ? '' : `, slice: ${slice}`}`;
  const isText = type.kind === 'string';
  return apiError('HYG-3630', `${place} can't select records by ${column}: it is ${describeType(type)}, and the window has ${form}.`, {
    why: ['The API would get no bound, and return all records.'],
    tryThis: [
      ...(isText ? [`If its texts are times: types: { ${column}: timestamptz }`] : []),
      'For an integer: window.format: number, or epoch_s or epoch_ms if it counts seconds or milliseconds since 1970',
      ...(slice === undefined ? [] : ['A slice of times is a duration such as 30d, and a slice of ids is a number']),
    ],
  });
}

/** The column counts time in another unit than the window. @param shown a value of the column. @param isFiner whether the column counts a smaller unit. */
export function otherUnit(
  place: string,
  { column }: Pick<Watermark, 'column'>,
  { format, shown, isFiner }: { readonly format: string; readonly shown: string; readonly isFiner: boolean },
): HomeError {
  const [unit, other] = format === 'epoch_s' ? ['seconds', 'epoch_ms'] : ['milliseconds', 'epoch_s'];
  const isKnown = isFiner === (format === 'epoch_s');
  return apiError('HYG-3630', `${place} can't select records by ${column}: it has ${shown}, and the window counts ${unit} since 1970.`, {
    why: [
      isFiner
        ? 'All records would be in the future, and none would be written.'
        : 'All records would seem to be from long ago, and count as old.',
    ],
    tryThis: [
      ...(isKnown ? [`Use the unit of the column: window: { …, format: ${other} }`] : []),
      `Or load ${column} without a window: leave out home.window, and set watermark.key for a store that merges`,
    ],
  });
}

export function noLimitTold(page: string): HomeError {
  return apiError('HYG-3610', `${page}: the API does not report its limit, so budget can’t be a share of it.`, {
    why: ['No header of its answer is X-RateLimit-Limit, RateLimit-Limit or X-Rate-Limit-Limit with a number.'],
  });
}

/** @param column the path of the watermark in a record. */
export function notNewestFirst(page: string, column: string): HomeError {
  return apiError('HYG-3631', `${page}: the records are not sorted from the newest ${column} to the oldest.`, {
    why: ['A run would stop after the first page that is older than the watermark, and miss the records after it.'],
  });
}

/** A part of a window has as many records as the API lists at most, and is too short to be halved. */
export function cappedBelowATick(
  place: string,
  cap: number,
  { column, lower, upper }: Pick<Window, 'column' | 'lower' | 'upper'>,
): HomeError {
  const end = (edge: Window['lower'], other: string) => edge?.text ?? other;
  const what =
    column === null ? 'has no window' : `can't be halved: ${column.column} from ${end(lower, 'the beginning')} to ${end(upper, 'the end')}`;
  return apiError('HYG-3632', `${place} lists at most ${cap} records, and returned that many for a list that ${what}.`);
}

/** More records than fit on a page have the same value, so the next page would begin at that value again. */
export function tooManyOfOne(
  page: string,
  field: string,
  { value, records }: { readonly value: string; readonly records: number },
): HomeError {
  return apiError('HYG-3670', `${page}: one page can’t contain all records with ${field} ${value}.`, {
    why: [
      `Each page begins at the last value of the previous page. A page of ${counted(records, 'record')} began and ended at the same value, and no header Link has the next address.`,
    ],
  });
}
