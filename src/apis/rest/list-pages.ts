/** Reads the pages of a list: requests them one after another, finds their records, and compares each page with earlier pages. */
import type { Opening } from '../../engine/contracts/connector.ts';
import { everything, type Window } from '../../engine/contracts/home.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { watermarkKey } from '../../frames/watermark-text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Json } from '../../ports/values.ts';
import type { AnswerForm, Difference } from '../answers/answer-form.ts';
import { emptyInAnotherForm, keptSinceBefore, RequestRefused, saysItFailed, shifted } from '../answers/errors.ts';
import { upTo } from '../lists/anchors.ts';
import { hasUpper, isCounted, opensByTime } from '../lists/config.ts';
import { beginsWith0, isPage1, mayHavePage0, mustBeFirst } from '../lists/first-page.ts';
import { cutAt, endsByShortness, noPageStatuses, type Proving } from '../lists/list-end.ts';
import { newestFirst, newestOf, pathOf } from '../lists/newest-first.ts';
import { beginning, isOver, type Page, requestOf, type Turn, totalIn, turn, type Walk } from '../lists/pages.ts';
import { withKeys } from '../lists/pagination-yaml.ts';
import { isCapOfPages } from '../lists/repeats.ts';
import { hasSeams, Seams } from '../lists/seams.ts';
import { isFirstRequest } from '../lists/two-passes.ts';
import type { SentBounds } from '../lists/window-params.ts';
import type { Parent, ParentFields } from '../parents/parents.ts';
import {
  type AbsentAnswer,
  type Answer,
  type ApiRequest,
  type ApiRequests,
  absentStatuses,
  type LaterAnswer,
} from '../requests/requests.ts';
import { type ApiTime, ageMsOf, isBefore, skewOf, timeOf } from '../times/clock-bound.ts';
import { firstAddress, type RestConfig } from './config.ts';
import type { Dialect } from './dialect.ts';
import { halvedAt } from './errors.ts';
import { withoutSecretsInAddress } from './next-address.ts';
import { type AnsweredPage, pageOf } from './page-of-answer.ts';

/** The time for which an inspected first page is used without a second request. */
const freshMs = 60_000;
const mostKept = 4 * 1024 * 1024;
/** The header `Date` has a precision of one second. */
const dateStepMs = 1_000;
/** Statuses of some APIs for a position outside the list: below 0, or after the last record. */
const outsideStatuses: readonly number[] = [403, 405, 406, 500, 501];

export interface Got {
  readonly page: AnsweredPage;
  readonly answer: Answer;
}

/** The window of a run. `isPart`: the run reads other lists too. If another list has rows, the watermark advances, so the next run would skip the rows that this list lacks. */
export type RunWindow = Window & { readonly isPart?: boolean };

/** The column and the bounds by which a list is filtered. */
export type Bounds = Pick<Window, 'column' | 'lower' | 'upper'>;

interface Around {
  /** The address of the list, for people. */
  readonly place: string;
  readonly requests: ApiRequests;
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly fields: ParentFields;
  readonly form: AnswerForm;
  /** The form of answers of another list, if the dialect has a list that later runs read instead. This form is known only within one run. */
  readonly formOfFeed: AnswerForm;
  readonly rowKey: Opening['rowKey'];
  /** The paths of columns in a record, as the JSON format stored them so far. */
  readonly format: () => Json;
}

/** Whether the API refuses a request since the list is missing: by the status, or by words such as `resource_missing` of Stripe. */
function isMissing({ status, said }: RequestRefused): boolean {
  return status === 404 || (status === 400 && /resource_missing|no such|not found|(not|no longer) exist/i.test(said));
}

interface WhichList {
  /** The parent whose children are listed. Undefined: the list has no parent. */
  readonly parent: Parent | undefined;
  readonly mayBeAbsent: boolean;
}

/** Whether an empty page has another form than pages with records. Stores the form if the page has records. */
function isOdd(got: Got | LaterAnswer | AbsentAnswer, form: AnswerForm, hasList: boolean): got is Got {
  if (!('page' in got) || got.page.body.length === 0) return false;
  const { records, around } = got.page;
  if (records.length === 0) return differencesOf(got.page, form, hasList).length > 0;
  form.learn(around);
  return false;
}

/** The members in which an empty page differs from pages with records. @param hasList whether an empty list is expected, so that null is a difference. */
function differencesOf({ around, noList }: AnsweredPage, form: AnswerForm, hasList: boolean): readonly Difference[] {
  return form.differences(around, noList?.isNull && !hasList ? undefined : noList);
}

interface TurnOptions {
  readonly window?: Bounds;
  /** The object that finds repeated records. Absent: only the page itself is inspected. */
  readonly seams?: Seams | undefined;
}

interface TurnRules {
  readonly window: Bounds;
  readonly repeated: number;
}

export class ListPages {
  readonly #config: RestConfig;
  readonly #around: Around;
  /** The time of the first answer. */
  #time: ApiTime | undefined;
  /** The time by which the clock of the API was ahead when `#time` was read. */
  #skewMs = 0;
  /** The first page of a run, with its request and the time of the request. */
  #first: { readonly from: string; readonly got: Got; readonly askedMs: number; readonly window: Window } | undefined;

  readonly #oddPages: string[] = [];
  /** The number of records on the largest page, over all lists of the run. */
  #largest = 0;
  /** Whether the end of a child’s list was proved, so that other lists need no proof. */
  #isProved = false;
  #isUnreliable = false;
  /** Whether a page with few records was requested again, and had no more records. If so, later pages with few records are trusted. */
  #areShortWhole = false;
  /** Whether the API uses the page number, since the second page of a list had other records than its first page. */
  #heedsNumber = false;

  constructor(config: RestConfig, around: Around) {
    this.#config = config;
    this.#around = around;
  }

  /** The time in the first answer. Undefined: no page was requested, or the first answer has no time. */
  get time(): ApiTime | undefined {
    return this.#time;
  }

  /** Notes the time of an answer, from which a run gets its upper bound. */
  hear(answer: Pick<Answer, 'date' | 'header'>): void {
    const now = this.#around.clock.now();
    const time = timeOf(answer, now);
    if (time === undefined) return;
    this.#time = time;
    this.#skewMs = skewOf(answer, now);
  }

  /** The first page that is kept for the run. Undefined: no page is kept. */
  get first(): Page | undefined {
    return this.#first?.got.page;
  }

  /** Names of empty pages that were accepted, although their form differs from pages with records. */
  get oddPages(): readonly string[] {
    return this.#oddPages;
  }

  /** The window for which the kept first page was requested. */
  get firstWindow(): Window | undefined {
    return this.#first?.window;
  }

  /** The number of all records, as the kept first page reports it. */
  get total(): string | undefined {
    return this.first && totalIn(this.#config.pagination, this.first);
  }

  /**
   * Requests page 0, if page 0 may be the first page. Its records are not written. If page 0 is empty, it is requested twice. If page 0 has other records than page 1,
   * page 1 is requested again. Throws HomeError HYG-3611 if page 0 still has other records than page 1.
   * @param first page 1 of the list. Undefined: the list begins with page 1.
   */
  async mustBegin(first: Page, window: Window, parent?: Parent): Promise<LaterAnswer | undefined> {
    const { pagination: pages } = this.#config;
    if (!mayHavePage0(pages, first)) return undefined;
    const page0 = await this.#page0(first.name, window, parent);
    if (page0 === undefined) return undefined;
    if ('notBefore' in page0) return page0;
    if (isPage1(pages, first, page0)) return undefined;
    // A record may have been added between the two requests, so page 1 is requested again.
    const again = await this.look(beginning, window, parent);
    if ('notBefore' in again) return again;
    if ('page' in again && isPage1(pages, again.page, page0)) return undefined;
    throw beginsWith0(pages, first.name, 'Page 0 has records that page 1 does not have.');
  }

  /** Page 0 of a list. Undefined: two requests show that page 0 does not exist, or has no records. @param name the name of page 1, for people. */
  async #page0(name: string, window: Window, parent?: Parent): Promise<Page | LaterAnswer | undefined> {
    const { requests } = this.#around;
    const url = requestOf(this.#config.pagination, { ...beginning, at: 0 }, this.addressOf(window, parent));
    const own = name.replace(/page 1$/, 'page 0');
    for (let n = 0; n < 2; n++) {
      const answer = await requests.getIfThere(url, own, [...absentStatuses, ...noPageStatuses, ...outsideStatuses]);
      if ('notBefore' in answer) return answer;
      const page = 'absent' in answer ? undefined : this.#pageOrNothing(answer, own);
      if (page !== undefined && page.records.length > 0) return page;
    }
    return undefined;
  }

  /** Handles a first page that the API refuses. An API that counts from 0 refuses page 1 if the list has only one page. Throws HomeError HYG-3611 if page 0 has records. */
  async #orPage0<T>(walk: Walk, window: Window, parent: Parent | undefined, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const { pagination: pages } = this.#config;
      const isPage = isFirstRequest(walk) && pages.type === 'page' && pages.start === undefined;
      if (!isPage || !(error instanceof RequestRefused) || !noPageStatuses.includes(error.status)) throw error;
      const name = `${this.#around.place}, page 1`;
      const page0 = await this.#page0(name, window, parent).catch(() => undefined);
      if (page0 === undefined || 'notBefore' in page0) throw error;
      throw beginsWith0(pages, name, `The API answers ${error.status} for page 1, but page 0 has records.`);
    }
  }

  /** The answer for page 0 as a page. Undefined: the body is not a page, since some APIs report a missing page 0 in a special body. */
  #pageOrNothing(answer: Answer, name: string): Page | undefined {
    try {
      return this.pageOf(answer, name);
    } catch (error) {
      if (error instanceof HomeError) return undefined;
      throw error;
    }
  }

  /** Keeps the first page of a window for the next reading of the window in this run. */
  keep(window: Window, got: Got): void {
    const askedMs = this.#around.clock.monotonicMs();
    this.#first = got.page.body.length > mostKept ? undefined : { from: this.#fromOf(window), got, askedMs, window };
    this.hear(got.answer);
  }

  /** Drops the kept first page, so that it is requested again when it is needed. */
  forget(): void {
    this.#first = undefined;
  }

  /** Requests a page. Throws HomeError; the comment of `pageOf` lists the errors of an answer. */
  async get(walk: Walk, window: RunWindow, parent?: Parent): Promise<Got | LaterAnswer> {
    const got = await this.#inForm(walk, window, { parent, mayBeAbsent: false });
    if ('absent' in got) throw new Error('a list that has to be there');
    return got;
  }

  /** As `get`. The first page of a child’s list may be missing, since the rows of its parent may not be available for this account. */
  async getIfThere(walk: Walk, window: RunWindow, parent: Parent | undefined): Promise<Got | LaterAnswer | AbsentAnswer> {
    return await this.#inForm(walk, window, { parent, mayBeAbsent: parent !== undefined && walk.pages === 0 });
  }

  /** As `get`, for a page whose rows are not written. The form of the page is ignored. */
  async look(walk: Walk, window: Window, parent?: Parent): Promise<Got | LaterAnswer | AbsentAnswer> {
    return await this.#asked(walk, window, { parent, mayBeAbsent: parent !== undefined });
  }

  /**
   * An empty page whose form differs from pages with records is requested once more. If the page is the same again, it ends the list. Throws HomeError HYG-3625 if
   * rows might be missing after that.
   */
  async #inForm(walk: Walk, window: RunWindow, which: WhichList): Promise<Got | LaterAnswer | AbsentAnswer> {
    const got = await this.#whole(walk, window, which).catch((error) => this.#refuse(error, walk.read, window));
    const form = this.#formOf(window);
    const { type } = this.#config.pagination;
    const isLed = type === 'cursor' || type === 'next_url' || type === 'link_header';
    // With pages by number or position, the next page shows whether the list ends with this page. So this page may be without a list.
    const hasList = walk.read > 0 ? isLed : window.lower === null && which.parent === undefined;
    if (!isOdd(got, form, hasList)) return got;
    this.forget();
    const again = await this.#asked(walk, window, which);
    if (!isOdd(again, form, hasList)) return again;
    const { page } = again;
    const differences = differencesOf(page, form, hasList);
    // With a token, the next run would continue after the records that the answer left out.
    const goesOn = this.#around.dialect.token !== undefined;
    if (walk.read > 0 || window.lower === null || window.isPart || which.parent !== undefined || goesOn) {
      const shown = differences.map(({ at, shown: text }) => ({ at, shown: this.#around.requests.hidden(text) }));
      throw emptyInAnotherForm(page.name, shown, { read: walk.read });
    }
    form.accept(page.around);
    this.#oddPages.push(page.name);
    return again;
  }

  /**
   * If a page counts as the last one only because it has few records, the page is requested once more. This happens for one page of a run. If that page then has more
   * records, later pages are requested twice too. A page that says that it is cut off is also requested again. Throws HomeError HYG-3624 if the page is still cut off.
   */
  async #whole(walk: Walk, window: RunWindow, which: WhichList): Promise<Got | LaterAnswer | AbsentAnswer> {
    const got = await this.#asked(walk, window, which);
    const { pagination: pages, whole, ignore_members: ignored = [] } = this.#config;
    const isProof = walk.proof !== undefined && walk.proof !== 'told';
    if (!('page' in got) || whole === 'two_passes' || isProof) return got;
    const isCut = ({ page }: Got) => {
      const at = cutAt(pages, page, this.#largest);
      return at !== undefined && !ignored.includes(at) ? at : undefined;
    };
    const wasCut = isCut(got) !== undefined;
    if (!wasCut && (this.#areShortWhole || !endsByShortness(pages, got.page, this.#largest))) return got;
    this.forget();
    const again = await this.#asked(walk, window, which);
    if ('absent' in again) return got;
    if (!('page' in again)) return again;
    const at = isCut(again);
    if (at !== undefined) throw saysItFailed(again.page.name, [{ at, shown: `${at}: true, and fewer records than another page` }], '');
    const hasMore = again.page.records.length > got.page.records.length;
    // If no larger page was seen, this page proves nothing, because the API may ignore the page size in the config.
    if (!wasCut) this.#areShortWhole = !hasMore && this.#largest > 0;
    return hasMore ? again : got;
  }

  #formOf(window: RunWindow): AnswerForm {
    const { dialect, form, formOfFeed } = this.#around;
    if (dialect.first === undefined || window.lower === null) return form;
    const isFeed = this.addressOf(window).pathname !== this.addressOf({ ...window, lower: null }).pathname;
    return isFeed ? formOfFeed : form;
  }

  async #asked(walk: Walk, window: Window, { parent, mayBeAbsent }: WhichList): Promise<Got | LaterAnswer | AbsentAnswer> {
    const known = isFirstRequest(walk) && parent === undefined ? this.#known(window) : undefined;
    if (known) return known;
    const { place, requests, dialect } = this.#around;
    const first = this.addressOf(window, parent);
    const name = `${parent === undefined && dialect.first === undefined ? place : `${first.origin}${first.pathname}`}, page ${walk.pages + 1}`;
    const url = requestOf(this.#config.pagination, walk, first);
    const { no_rows: noRows = [] } = this.#config;
    const { pagination: pages } = this.#config;
    const isProof = walk.proof !== undefined && walk.proof !== 'more';
    const endsSo = walk.pages > 0 && 'end' in pages && pages.end === 'refused';
    const isBehindTotal = walk.proof === 'beyond' && 'end' in pages && pages.end === 'total';
    const none = [
      ...(walk.pages === 0 || isProof ? noRows : []),
      ...(isProof || endsSo ? noPageStatuses : []),
      ...(isBehindTotal ? outsideStatuses : []),
    ];
    const statuses = [...(mayBeAbsent ? absentStatuses : []), ...none];
    const ask = (headers?: ApiRequest['headers']) => this.#fromRecord(walk, name, () => requests.getIfThere(url, name, statuses, headers));
    const kept = await this.#orPage0(walk, window, parent, ask);
    // By this header, a cache must forward the request to the API (RFC 9111, 5.2.1.4).
    const answer = this.#isKeptSinceBefore(kept, window) ? await ask({ 'cache-control': 'no-cache' }) : kept;
    if ('absent' in answer && none.includes(answer.absent.status)) return this.#nothing(url, name);
    if ('notBefore' in answer || 'absent' in answer) return answer;
    if (this.#time === undefined) this.hear(answer);
    if (this.#isKeptSinceBefore(answer, window)) throw keptSinceBefore(name, this.#ageOf(answer));
    return { page: this.pageOf(answer, name), answer };
  }

  /** Whether an answer comes from a cache and is so old that it may lack rows up to the bound. Some caches show the age of an answer only by an old `Date`. */
  #isKeptSinceBefore(answer: Answer | LaterAnswer | AbsentAnswer, window: Window): boolean {
    const { column, upper } = window;
    if (!('header' in answer) || column === null || upper === null || this.#time === undefined) return false;
    const ageMs = ageMsOf(answer.header);
    const byAge = Date.parse(this.#around.clock.now()) - ageMs + Math.min(0, this.#skewMs);
    const ats = [
      ...(ageMs === 0 ? [] : [byAge]),
      ...(this.#behindMs(answer) > dateStepMs ? [Date.parse(answer.date ?? '') + dateStepMs] : []),
    ];
    const { format } = this.windowParams(window) ?? {};
    return ats.some((at) => isBefore(at, { type: column.type, text: upper.text }, { format, zone: this.#config.zone }));
  }

  /** The time by which an answer is older than the first answer, by its `Date`. */
  #behindMs({ date }: Pick<Answer, 'date'>): number {
    return date === undefined || this.#time === undefined ? 0 : Date.parse(this.#time.date) - Date.parse(date);
  }

  #ageOf(answer: Answer): string {
    const ageMs = ageMsOf(answer.header);
    if (ageMs > 0) return `The header Age says that the answer was in a cache for ${ageMs / 1_000} s.`;
    return `The header Date is ${this.#behindMs(answer) / 1_000} s older than the header Date of the first page.`;
  }

  /** Handles a later page that the API refuses. If the page begins after a record, that record may be gone, so a retry reads all pages again. */
  async #fromRecord<T>({ at }: Walk, name: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const { pagination: pages } = this.#config;
      if (at === null || !(error instanceof RequestRefused)) throw error;
      if (isCounted(pages) && noPageStatuses.includes(error.status))
        throw error.advising([
          `If the API answers like this after its last page: pagination: ${withKeys(pages, { end: 'refused' })}`,
          ...error.tryThis,
        ]);
      if (pages.type !== 'keyset' || !isMissing(error)) throw error;
      throw shifted(
        name,
        `This page begins after the record with ${pages.field} ${at}. The API no longer has this record: it was removed. ${error.said}`.trimEnd(),
      );
    }
  }

  /** An empty page. The API reported by its status that the page does not exist. */
  #nothing(url: URL, name: string): Got {
    const answer: Answer = { bytes: Buffer.alloc(1), length: 0, status: 204, url, date: undefined, header: () => undefined };
    return { page: { ...this.pageOf(answer, name), isNothing: true }, answer };
  }

  /** As `turn`, for a list that is read, not only inspected. If the end of this list is proved, the ends of other children’s lists need no proof. */
  turnOfRead(walk: Walk, page: Page, of: TurnOptions): Turn {
    const turned = this.turn(walk, page, of);
    if (turned.next?.proof === 'again') this.#isProved = true;
    return turned;
  }

  /** The object that finds records that the previous page has too. Undefined: the pages of this list are compared in another way. */
  seams({ column, upper }: Bounds, { isLook = false }: { readonly isLook?: boolean } = {}): Seams | undefined {
    const { dialect, format, rowKey } = this.#around;
    const { pagination: pages, order, each } = this.#config;
    if (!hasSeams(pages) || order !== undefined || dialect.settling !== undefined) return undefined;
    const own = 'key' in pages && pages.key !== undefined && typeof pages.key === 'string' ? [pages.key] : [];
    const given = (rowKey?.columns ?? []).filter((name) => !this.#isOfParent(name));
    // The configured key of rows inside a record is not a field of the record.
    const key = given.length === 0 ? own : each === undefined ? given.map((name) => pathOf(name, format())) : ['id'];
    const watermark = column === null ? undefined : newestOf({ column, lower: null }, format());
    const isOpen = column === null || upper === null || this.#config.window?.filters !== undefined;
    return new Seams({
      key,
      watermark,
      upper: isOpen ? undefined : watermarkKey(column.type, upper.text),
      endsAtSameKeys: own.length > 0 && pages.type === 'page',
      isMerged: rowKey?.isMerged ?? false,
      isLook,
      pages,
    });
  }

  /** Whether the value of a column is from the parent, so that each record of a list has the same value. */
  #isOfParent(column: string): boolean {
    const { of, parent = {} } = this.#config;
    return of !== undefined && Object.hasOwn(parent, column);
  }

  /** The first new record of the page, and the position where the list continues. */
  turn(walk: Walk, page: Page, { window = everything, seams }: TurnOptions = {}): Turn {
    const turned = this.#turn(walk, page, { window, repeated: seams?.repeatedIn(walk, page) ?? 0 });
    return seams?.behind(turned) ?? turned;
  }

  #turn(walk: Walk, page: Page, { window, repeated }: TurnRules): Turn {
    if (isFirstRequest(walk)) mustBeFirst(this.#config.pagination, page);
    const plain = this.#plainOrRefused(walk, page, { window, repeated });
    this.#largest = Math.max(this.#largest, page.records.length);
    if ((walk.proof === 'again' || walk.proof === 'more') && page.records.length > 0) this.#isUnreliable = true;
    const turned =
      this.#config.order === undefined || window.column === null
        ? plain
        : newestFirst(plain, walk, page, newestOf(window, this.#around.format()));
    // If more records follow, the run itself ended the list, because the run needs no more of its records.
    const told = turned.next === null ? { ...turned, ended: plain.next === null ? plain.ended : ('window' as const) } : turned;
    return withoutSecretsInAddress(told, this.#config, this.#around.requests.tokens);
  }

  #plainOrRefused(walk: Walk, page: Page, rules: TurnRules): Turn {
    try {
      return this.#plainTurn(walk, page, rules);
    } catch (error) {
      return this.#refuse(error, walk.read, rules.window);
    }
  }

  /** Throws the error. If the number of records so far may be the maximum of the API, the error proposes a window that is halved. @param read the number of records so far. */
  #refuse(error: unknown, read: number, { column, upper }: Bounds): never {
    const { window: params } = this.#config;
    const isEnd = error instanceof HomeError && (error.code === 'HYG-3601' || error.code === 'HYG-3612');
    if (!isEnd || params === undefined || params.cap !== undefined || column === null || upper === null || !isCapOfPages(read)) throw error;
    throw error.advising([halvedAt(read, column.column, params), ...error.tryThis]);
  }

  #plainTurn(walk: Walk, page: Page, { window, repeated }: TurnRules): Turn {
    const { pagination: pages } = this.#config;
    const { column, lower, upper } = window;
    const doubtsNumber = lower === null && !this.#heedsNumber;
    const turned = turn(pages, walk, page, { ...this.#proving(walk, page), doubtsNumber }, repeated);
    this.#heedsNumber ||= walk.pages > 0 && (walk.proof === 'half' || turned.from < page.records.length);
    if (pages.type !== 'anchored' || column === null || upper === null || newestOf(window, this.#around.format()).at !== pages.field)
      return turned;
    return upTo(turned, page, pages, { type: column.type, upper });
  }

  /** How much proof of its end a list needs. If the end of one child’s list was proved, the other lists of this kind need no proof. A list that is read twice needs no other proof. */
  #proving(walk: Walk, page: Page): Omit<Proving, 'doubtsNumber'> {
    const { of, window, whole } = this.#config;
    const isCapped = window?.cap !== undefined && walk.read + page.records.length >= window.cap;
    return {
      largest: this.#largest,
      proves: (of === undefined || walk.proof !== undefined || !this.#isProved || this.#isUnreliable) && whole !== 'two_passes',
      heedsSigns: !isCapped,
    };
  }

  /** The address of the first page of a list. */
  addressOf(window: Bounds & Pick<Window, 'columns'>, parent?: Parent): URL {
    const { place, fields, dialect } = this.#around;
    const url = firstAddress(this.#config, { window, parent, fields, bounds: this.windowParams(window), place });
    return dialect.first?.(url, window) ?? url;
  }

  /** How the bounds of a window are sent. Undefined: the API has no filter for this window. */
  windowParams(window: Bounds): SentBounds | undefined {
    const { windowParams: own } = this.#around.dialect;
    const { window: params, zone } = this.#config;
    if (own === undefined) return params && { ...params, zone, sentZone: params.zone };
    const given = own(window);
    return given && { ...given, zone: undefined };
  }

  /** Whether the API excludes records above the window. */
  isBounded(window: Bounds): boolean {
    const params = this.windowParams(window);
    return params !== undefined && hasUpper(params);
  }

  /** The request for the first page without the upper bound, by which kept pages are compared. */
  #fromOf({ upper: _, ...window }: Window): string {
    return this.addressOf({ ...window, upper: null }).href;
  }

  /** The kept first page, if it is the answer to the same request, or has all records from the same lower bound on. */
  #known(window: Window): Got | undefined {
    const first = this.#first;
    if (first === undefined || first.from !== this.#fromOf(window) || this.#around.clock.monotonicMs() - first.askedMs > freshMs)
      return undefined;
    const isSame = this.addressOf(window).href === first.from;
    // An expression with both bounds may be unable to express an open upper bound, so the kept page may lack records.
    const { window: params } = this.#config;
    if (!isSame && params !== undefined && opensByTime(params)) return undefined;
    // A page with as many records as the cap may lack records of the window.
    if (!isSame && first.got.page.records.length >= (params?.cap ?? Number.POSITIVE_INFINITY)) return undefined;
    return isSame || isOver(this.turn(beginning, first.got.page).next) ? first.got : undefined;
  }

  /** The page that an answer contains. @param name the name of the page, for people. */
  pageOf(answer: Answer, name: string): AnsweredPage {
    const { dialect, requests } = this.#around;
    const selectors = dialect.selectors ?? [];
    const page = pageOf(answer, name, { config: this.#config, selectors, hidden: (text) => requests.hidden(text) });
    return { ...page, ...dialect.absolute?.(page) };
  }

  /** The page with the records to write, beginning with record number `from`. */
  settling(
    page: Page,
    of: { readonly from: number; readonly read: number; readonly window: Window },
  ): Pick<Turn, 'from'> & { readonly page: Page } {
    const { settling } = this.#around.dialect;
    return settling === undefined ? { page, from: of.from } : { page: settling(page, of), from: 0 };
  }
}
