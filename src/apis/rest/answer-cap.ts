/**
 * Checks lists that end at a number of records without a sign that more records exist. Further records are requested if an answer has a usual number of records, or at least as many
 * as the largest complete answer.
 */
import type { Opening } from '../../engine/contracts/connector.ts';
import { everything, type Window } from '../../engine/contracts/home.ts';
import { counted } from '../../errors/as-argument.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { compareWatermarkKeys, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { firstNumber, hasUpper, type Pagination, type WindowParams } from '../lists/config.ts';
import { beginning, type Page, type Walk } from '../lists/pages.ts';
import { isCapOfPages, isUsualCap } from '../lists/repeats.ts';
import { tickOf } from '../lists/window-params.ts';
import type { Parent } from '../parents/parents.ts';
import { type RestConfig, revealedParams } from './config.ts';
import { answerCapped, type Lacking, listCutOff } from './errors.ts';
import type { ListPages } from './list-pages.ts';
import { countedUnits, type Filtered, isOneValue, isTimed, type SeenPage, silent, type WindowRecords } from './window-records.ts';

/** Whether each list of the API has one answer, since the config has no setting for further pages. */
export function isOneAnswer(pagination: Pagination): boolean {
  return pagination.type === 'none' && !pagination.ignore_next;
}

const leastCap = 10;
const dayMs = 86_400_000;

/** A window, and how to request the records that its answer may lack. */
interface AskedWindow {
  readonly window: Window;
  readonly params: WindowParams;
  /** The smallest differences that the API distinguishes, in units of the type: one for an API that compares times, and one for an API that compares days. */
  readonly apart: readonly bigint[];
  /** The values of the records on a page in the column that the API filters by. */
  keysOn(page: Page): readonly WatermarkKey[];
  /** Requests the records of a window. Undefined: the API returns no answer now. */
  get(window: Window): Promise<Page | undefined>;
}

/** The largest answer that had all records of its window, as stored in the state. */
interface LargestWhole {
  readonly records: number;
  /** The newest value in the answer. */
  readonly newest: string;
  /** The oldest value in the answer. Absent: an older hygge stored this answer. */
  readonly oldest?: string;
  /** Whether it is unknown if the API has older records than this answer of the whole list. */
  readonly isUnproven?: true;
}

interface Around {
  readonly ledger: NonNullable<Opening['ledger']>;
  readonly list: ListPages;
  readonly records: WindowRecords;
}

export class AnswerCaps {
  readonly #config: RestConfig;
  readonly #around: Around;
  /** The largest complete answer in the state. Undefined: the state was not read. Null: the state has no complete answer. */
  #largest: LargestWhole | null | undefined;

  constructor(config: RestConfig, around: Around) {
    this.#config = config;
    this.#around = around;
  }

  /** Throws HomeError HYG-3647 if the window has records that its only answer lacks. */
  async mustHaveAll({ page, walk }: SeenPage, window: Window, parent?: Parent): Promise<void> {
    const { window: params, pagination } = this.#config;
    const { column } = window;
    if (params === undefined || params.cap !== undefined || !isOneAnswer(pagination) || column === null) return;
    if (walk.pages > 0 || isOneValue(window)) return;
    const { list, records } = this.#around;
    const found = records.filteredOn(page, window);
    const sorted = found.toSorted(compareWatermarkKeys);
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) return;
    const largest = await this.#largestWhole();
    const [oldest, newest] = [watermarkText(column.type, first), watermarkText(column.type, last)];
    // The records that an answer lacks can be requested if the window can have an upper bound, or if the list is ascending.
    const isFirst = window.lower === null && parent === undefined;
    const isUnproven = isFirst && !hasUpper(params) && !ascends(found);
    const answer = { records: page.records.length, newest, oldest, ...(isUnproven ? { isUnproven } : {}) };
    if (largest?.isUnproven && parent === undefined && window.lower !== null && newest !== largest.newest) {
      const grown = await this.#mustGrow(page, { largest, last }, { window, column, params });
      if (grown !== undefined) return;
    }
    if (page.records.length < leastCap) {
      if (largest === null && parent === undefined) await this.#remember(answer);
      return;
    }
    if (isUsualCap(answer.records) || (!this.tellsNoCut(page, window) && mayBeCap(answer, largest, window))) {
      list.forget();
      let hasNoEffect = false;
      const get = async (part: Window) => {
        const got = await records.get(beginning, part, parent);
        if (got === silent) return undefined;
        const lowest = part.lower && watermarkKey(column.type, part.lower.text);
        const isBelow = (key: WatermarkKey) => lowest !== null && records.isOutside(key, lowest, { column, params });
        hasNoEffect ||= records.filteredOn(got, window).some(isBelow);
        return got;
      };
      const keysOn = (one: Page) => records.filteredOn(one, window);
      const ofDays = isTimed(column.type, params) ? [countedUnits(2 * dayMs, column, params)] : [];
      await mustHaveAll(page, { window, params, apart: [3n * tickOf(column.type, params.format), ...ofDays], keysOn, get });
      if (parent === undefined) await this.#mustBeLess(page, { largest, first }, { window, column, params });
      if (isFirst && isUsualCap(answer.records)) {
        const unshown = whyUnshown({ isUnproven, isOneValue: oldest === newest, hasNoEffect });
        if (unshown !== undefined) throw this.#cut(page, { window, column, params }, { unshown });
      }
    }
    if (largest !== null && answer.records < largest.records) return;
    if (answer.records !== largest?.records || (window.lower === null && answer.newest !== largest.newest)) await this.#remember(answer);
  }

  /** The values in the list without a filter. Undefined: the API does not return the list now. */
  async #listed({ window, column }: Filtered): Promise<readonly WatermarkKey[] | undefined> {
    const { list, records } = this.#around;
    list.forget();
    const got = await records.get(beginning, { ...everything, column });
    return got === silent ? undefined : records.filteredOn(got, window);
  }

  /**
   * The list without a filter also has records from before the window. Throws HomeError HYG-3647 if the list nevertheless has exactly as many records as the window.
   * @param first the oldest value of the answer.
   */
  async #mustBeLess(page: Page, { largest, first }: { readonly largest: LargestWhole | null; readonly first: WatermarkKey }, of: Filtered) {
    const { oldest } = largest ?? {};
    const { type } = of.column;
    if (oldest === undefined || of.window.lower === null) return;
    const earlier = watermarkKey(type, oldest);
    if (compareWatermarkKeys(earlier, first) >= 0 || compareWatermarkKeys(earlier, watermarkKey(type, of.window.lower.text)) >= 0) return;
    const listed = await this.#listed(of);
    if (listed?.length !== page.records.length) return;
    throw this.#cut(
      page,
      of,
      listed.includes(earlier) ? { unshown: 'The list without a filter has the same number of records.' } : { text: oldest },
    );
  }

  /**
   * If the first answer had all records of the list, the list grows when newer records are added. Throws HomeError HYG-3647 if the list has as many records as in the first
   * answer, but lacks the oldest record of that answer. Undefined: it is not known yet whether the list grows.
   * @param last the newest value of the answer.
   */
  async #mustGrow(
    page: Page,
    { largest, last }: { readonly largest: LargestWhole; readonly last: WatermarkKey },
    of: Filtered,
  ): Promise<'grown' | undefined> {
    const { oldest = '', records, newest } = largest;
    const { type } = of.column;
    if (compareWatermarkKeys(last, watermarkKey(type, newest)) <= 0) return undefined;
    const listed = await this.#listed(of);
    if (listed === undefined || listed.length < records) return undefined;
    if (listed.length > records) {
      await this.#remember({ records: listed.length, newest: watermarkText(type, last), oldest });
      return listed.length > page.records.length ? 'grown' : undefined;
    }
    if (listed.includes(watermarkKey(type, oldest))) return undefined;
    throw this.#cut(page, of, { text: oldest });
  }

  #cut(page: Page, { column, params }: Filtered, lacking: Lacking): Error {
    return answerCapped(page.name, { records: page.records.length, column: column.column, lacking, params });
  }

  /** Whether it is unknown if the only answer of a window was cut off. This is unknown if all records of the answer have one watermark, or if the filter has no effect on the records. */
  tellsNoCut(page: Page, window: Window): boolean {
    const { window: params } = this.#config;
    const { records } = this.#around;
    const { column, lower } = window;
    if (params === undefined || params.cap !== undefined || column === null) return false;
    const keys = records.keysOn(page, window);
    const lowest = lower && watermarkKey(column.type, lower.text);
    return new Set(keys).size === 1 || (lowest !== null && keys.some((key) => records.isOutside(key, lowest, { column, params })));
  }

  async #largestWhole(): Promise<LargestWhole | null> {
    if (this.#largest === undefined)
      this.#largest = await this.#ledger().change((document) => ({ answer: document as unknown as LargestWhole | null }));
    return this.#largest;
  }

  async #remember(largest: LargestWhole): Promise<void> {
    this.#largest = largest;
    await this.#ledger().change(() => ({ to: { version: 1, ...largest }, answer: undefined }));
  }

  /** The ledger of the list, named by the list and its config. Values of parameters are hashed. */
  #ledger() {
    const { base_url, endpoint, window, records, pagination } = this.#config;
    const asked = [base_url, endpoint, window, records, pagination, revealedParams(this.#config)];
    return this.#around.ledger(`answers ${shortHash(JSON.stringify(asked))}`);
  }
}

interface Unshown {
  readonly isUnproven: boolean;
  readonly isOneValue: boolean;
  readonly hasNoEffect: boolean;
}

/** Why no request can show records that a first answer lacks. Undefined: the requests so far would have shown such records. */
function whyUnshown({ isUnproven, isOneValue, hasNoEffect }: Unshown): string | undefined {
  if (isUnproven)
    return 'The list is not ascending, and the window has no upper bound. So no request shows records before the oldest record of an answer.';
  if (isOneValue) return 'All records of the answer have the same watermark, so no request shows more records with this watermark.';
  return hasNoEffect ? 'The filter has no effect: a request for the newest records returns older ones too.' : undefined;
}

/** Whether the number of records may be a cap. A full load may grow with each run. If it has as many records as before, although newer records exist, the number may be a cap. */
function mayBeCap({ records, newest }: LargestWhole, largest: LargestWhole | null, { lower }: Window): boolean {
  if (largest === null) return true;
  return lower === null ? records === largest.records && newest !== largest.newest : records >= largest.records;
}

/** Throws HomeError HYG-3647 if the window has records that its only answer lacks. */
async function mustHaveAll(page: Page, { window, params, apart, keysOn, get }: AskedWindow): Promise<void> {
  const { column, lower, upper } = window;
  const keys = keysOn(page).toSorted(compareWatermarkKeys);
  const [least, middle, most] = [keys[0], keys[Math.floor(keys.length / 2)], keys.at(-1)];
  if (column === null || least === undefined || middle === undefined || most === undefined) return;
  const at = (key: WatermarkKey) => ({ text: watermarkText(column.type, key), inclusive: true });
  const from = (key: WatermarkKey): Window => ({ ...everything, column, lower: at(key), upper });
  const upTo = (key: WatermarkKey): Window => ({ ...everything, column, lower, upper: at(key) });
  const further = (key: WatermarkKey, part: typeof from, sign: bigint) =>
    typeof key !== 'bigint' ? [] : apart.flatMap((by) => (isWithin(key + sign * by, window) ? [part(key + sign * by)] : []));
  const beyond: readonly { readonly part: Window; readonly further: readonly Window[] }[] = [
    { part: from(most), further: further(most, from, 1n) },
    ...(hasUpper(params) ? [{ part: upTo(least), further: further(least, upTo, -1n) }] : []),
    // A list without an order may lack records between the records of the answer.
    { part: from(middle), further: [] },
    ...(hasUpper(params) ? [{ part: upTo(middle), further: [] }] : []),
  ];
  const lackedBy = (other: Page, shown: readonly WatermarkKey[]) => {
    const [there, here] = [countsOf(keysOn(other)), countsOf(shown)];
    return shown.find((key) => isWithin(key, window) && (here.get(key) ?? 0) > (there.get(key) ?? 0));
  };
  /** Whether the answer to a request for a part of the window may be cut off too. */
  const isCut = async (part: Window) => {
    const got = await get(part);
    const shown = got === undefined ? [] : keysOn(got);
    if (lackedBy(page, shown) === undefined) return got !== undefined && got.records.length >= page.records.length;
    // The record may be newer than the answer, so the window is requested again.
    const again = await get(window);
    const missing = again === undefined || again.records.length !== page.records.length ? undefined : lackedBy(again, shown);
    if (missing === undefined) return false;
    throw answerCapped(page.name, {
      records: page.records.length,
      column: column.column,
      lacking: { text: watermarkText(column.type, missing) },
      params,
    });
  };
  // If as many records as the cap have the same watermark, they fill the answer, so requests further away are needed. If an API compares only days, the same is true of records of one day.
  for (const { part, further } of beyond) if (await isCut(part)) for (const one of further) await isCut(one);
}

/** Whether a value is between the bounds of the window. */
function isWithin(key: WatermarkKey, { column, lower, upper }: Window): boolean {
  if (column === null) return true;
  const { type } = column;
  return (
    (lower === null || compareWatermarkKeys(key, watermarkKey(type, lower.text)) >= 0) &&
    (upper === null || compareWatermarkKeys(key, watermarkKey(type, upper.text)) <= 0)
  );
}

function ascends(keys: readonly WatermarkKey[]): boolean {
  return keys.every((key, at) => compareWatermarkKeys(keys[at - 1] ?? key, key) <= 0);
}

/** The number of records with each watermark. Several records may have the same watermark. */
function countsOf(keys: readonly WatermarkKey[]): ReadonlyMap<WatermarkKey, number> {
  const counts = new Map<WatermarkKey, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** A note if it is unknown whether the only answer of a list has all records. */
export function roundAnswerNotes(page: Page | undefined): readonly OwnNote[] {
  if (page === undefined || !isUsualCap(page.records.length)) return [];
  const records = page.records.length;
  return [
    {
      code: 'api.round_answer',
      text: `${page.name} has exactly ${counted(records, 'record')}, and no pagination is set. If the API lists no more in one answer, set how to request the next page, such as pagination: { type: page }`,
      params: { page: page.name, records },
    },
  ];
}

/** The facts about the records so far, which checkpoints store. */
export interface ReachSoFar {
  readonly read: number;
  readonly filled: number;
  readonly ascends: boolean;
  /** The oldest and the newest watermark of the records, as texts. Empty: the records have no watermark. */
  readonly ends: readonly string[];
}

/**
 * Checks lists in pages that may end before the window ends, without a sign. A list may end at the maximum number of records of the API. If a request has no lower bound,
 * an API may also list only a recent range. So records before the oldest record and after the newest record are requested.
 */
export class ListReach {
  readonly #config: RestConfig;
  readonly #records: WindowRecords;
  readonly #window: Window;
  readonly #parent: Parent | undefined;
  #least: WatermarkKey | undefined;
  #most: WatermarkKey | undefined;
  #read = 0;
  /** The number of pages with new records. */
  #filled = 0;
  #ascends = true;

  /** @param of.earlier the facts from an earlier step of the same walk. */
  constructor(
    config: RestConfig,
    records: WindowRecords,
    { window, parent, earlier }: { readonly window: Window; readonly parent: Parent | undefined; readonly earlier: ReachSoFar | undefined },
  ) {
    this.#config = config;
    this.#records = records;
    this.#window = window;
    this.#parent = parent;
    const { column } = window;
    if (earlier === undefined || column === null) return;
    this.#read = earlier.read;
    this.#filled = earlier.filled;
    this.#ascends = earlier.ascends;
    [this.#least, this.#most] = earlier.ends.map((text) => watermarkKey(column.type, text));
  }

  /** The facts for the next step. */
  toJson(): ReachSoFar {
    const { column } = this.#window;
    const ends = column === null || this.#least === undefined || this.#most === undefined ? [] : [this.#least, this.#most];
    const texts = column === null ? [] : ends.map((key) => watermarkText(column.type, key));
    return { read: this.#read, filled: this.#filled, ascends: this.#ascends, ends: texts };
  }

  see(page: Page, from: number): void {
    this.#read += page.records.length - from;
    this.#filled += page.records.length > from ? 1 : 0;
    for (const key of this.#records.filteredOn(page, this.#window)) {
      this.#ascends &&= this.#most === undefined || compareWatermarkKeys(this.#most, key) <= 0;
      if (this.#least === undefined || compareWatermarkKeys(key, this.#least) < 0) this.#least = key;
      if (this.#most === undefined || compareWatermarkKeys(key, this.#most) > 0) this.#most = key;
    }
  }

  /** @param page the last page. Throws HomeError HYG-3648 if the window has a record before the oldest record or after the newest record. */
  async mustBeAll(page: Page): Promise<void> {
    const { window: params, pagination } = this.#config;
    const { column, lower, upper } = this.#window;
    const [least, most] = [this.#least, this.#most];
    if (params === undefined || params.cap !== undefined || (pagination.type === 'none' && pagination.ignore_next)) return;
    if (column === null || least === undefined || most === undefined) return;
    const of = { window: this.#window, column, params };
    // For a list of one answer, `AnswerCaps` has checked the number of records.
    const mayBeCut = pagination.type !== 'none' && isCapOfPages(this.#read);
    const at = (key: WatermarkKey) => ({ text: watermarkText(column.type, key), inclusive: true });
    // The request begins in 1970, since APIs may refuse an earlier time.
    const early = isTimed(column.type, params) ? countedUnits(dayMs, column, params) : 0n;
    const isOpen = lower === null && isTimed(column.type, params) && typeof least === 'bigint' && least > early;
    const shows = this.#ascends || hasUpper(params);
    const walks = shows ? [beginning] : isOpen ? this.#walksToOldest() : [];
    for (const walk of isOpen || mayBeCut ? walks : []) {
      const from = isOpen ? at(early) : lower;
      const before = await this.#keysOf({ ...everything, column, lower: from, upper: at(least) }, of, walk);
      const lacks = before.find((key) => compareWatermarkKeys(key, least) < 0 && isWithin(key, this.#window));
      if (lacks !== undefined) throw this.#cut(page, lacks, { of, isOpen, mayBeCut });
    }
    if (!mayBeCut) return;
    const behind = await this.#keysOf({ ...everything, column, lower: at(most), upper }, of);
    const lacks = behind.find((key) => compareWatermarkKeys(key, most) > 0 && isWithin(key, this.#window));
    if (lacks !== undefined) throw this.#cut(page, lacks, { of, isOpen: false, mayBeCut });
  }

  /** The pages on which older records would be, if the newest record is first and no upper bound can be sent. If the last page is not full, older records follow on this page, and otherwise on the next page. */
  #walksToOldest(): readonly Walk[] {
    const { pagination } = this.#config;
    if (pagination.type === 'offset') return [{ ...beginning, at: this.#read, pages: this.#filled }];
    if (pagination.type !== 'page') return this.#filled === 1 ? [beginning] : [];
    return [this.#filled - 1, this.#filled].map((pages) => ({ ...beginning, at: firstNumber(pagination) + pages, pages }));
  }

  async #keysOf(window: Window, { window: own }: Filtered, walk: Walk = beginning): Promise<readonly WatermarkKey[]> {
    const page = await this.#records.get(walk, window, this.#parent);
    return page === silent ? [] : this.#records.filteredOn(page, own);
  }

  #cut(
    page: Page,
    key: WatermarkKey,
    { of: { column, params }, ...cut }: { readonly of: Filtered; readonly isOpen: boolean; readonly mayBeCut: boolean },
  ): Error {
    return listCutOff(page.name, { records: this.#read, column: column.column, text: watermarkText(column.type, key), params, ...cut });
  }
}

/** The maximum number of children’s lists that are checked. A few lists are enough, because an API cuts off all these lists in the same way. */
const mostLooked = 5;

/** Checks the lists that a slice reads. A list is left out if its earlier records are unknown. */
export class ListReaches {
  readonly #make: (parent: number) => ListReach;
  readonly #looked: { lists: number };
  readonly #open = new Map<number, ListReach>();

  /** @param looked the number of lists that are checked in this step, over all slices. */
  constructor(looked: { lists: number }, make: (parent: number) => ListReach) {
    this.#looked = looked;
    this.#make = make;
  }

  /** @param from the index of the first record on the page that was not read before. */
  see(page: Page, { from, parent, isFirst }: { readonly from: number; readonly parent: number; readonly isFirst: boolean }): void {
    if (isFirst && !this.#open.has(parent) && this.#looked.lists < mostLooked) this.begin(parent);
    this.#open.get(parent)?.see(page, from);
  }

  begin(parent: number): void {
    this.#looked.lists++;
    this.#open.set(parent, this.#make(parent));
  }

  /** Checks a list that ends with this page. Throws HomeError HYG-3648. */
  async end(page: Page, parent: number): Promise<void> {
    await this.#open.get(parent)?.mustBeAll(page);
    this.#open.delete(parent);
  }

  /** The facts about the unfinished list, for the next step. */
  toJson(parent: number): ReachSoFar | undefined {
    return this.#open.get(parent)?.toJson();
  }
}
