/**
 * Lists that end at a number of records without a word. If an answer has a usual number of records, or at least as many as the largest complete answer, the records
 * beyond it are requested.
 */
import type { Opening } from '../../engine/contracts/connector.ts';
import { everything, type Window } from '../../engine/contracts/home.ts';
import { counted } from '../../errors/as-argument.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { compareWatermarkKeys, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { answerCapped } from '../answers/errors.ts';
import { hasUpper, type Pagination, type WindowParams } from '../lists/config.ts';
import { beginning, type Page } from '../lists/pages.ts';
import { tickOf } from '../lists/window-params.ts';
import type { Parent } from '../parents/parents.ts';
import { type RestConfig, revealedParams } from './config.ts';
import type { ListPages } from './list-pages.ts';
import { countedUnits, isOneValue, isTimed, type SeenPage, silent, type WindowRecords } from './window-records.ts';

/** The config says nothing of further pages. */
export function isOneAnswer(pagination: Pagination): boolean {
  return pagination.type === 'none' && !pagination.ignore_next;
}

const leastCap = 10;
const dayMs = 86_400_000;
const roundNumbers = /^(1|15|2|25|3|4|5|75)0*$/;

/** Whether APIs often list so many records at most. */
export function isUsualCap(records: number): boolean {
  return records >= leastCap && (roundNumbers.test(String(records)) || (records >= 32 && Number.isInteger(Math.log2(records))));
}

/** A window, and how records beyond its answer are requested. */
interface AskedWindow {
  readonly window: Window;
  readonly params: WindowParams;
  /** So far from a record lies what the API tells apart from it: by its times, and by its days. In units of the type. */
  readonly apart: readonly bigint[];
  /** What the API filters records by. */
  keysOn(page: Page): readonly WatermarkKey[];
  /** Undefined: the API gives no answer now. */
  get(window: Window): Promise<Page | undefined>;
}

/** The largest answer that had all records of its window, as the state remembers it. */
interface LargestWhole {
  readonly records: number;
  /** The newest value in it. */
  readonly newest: string;
}

interface Around {
  readonly ledger: NonNullable<Opening['ledger']>;
  readonly list: ListPages;
  readonly records: WindowRecords;
}

export class AnswerCaps {
  readonly #config: RestConfig;
  readonly #around: Around;
  /** Undefined: the state was not asked. Null: it remembers none. */
  #largest: LargestWhole | null | undefined;

  constructor(config: RestConfig, around: Around) {
    this.#config = config;
    this.#around = around;
  }

  /** Throws HomeError HYG-3647 where an API without further pages has records of the window that its answer has not. */
  async mustHaveAll({ page, walk }: SeenPage, window: Window, parent?: Parent): Promise<void> {
    const { window: params, pagination } = this.#config;
    const { column } = window;
    if (params === undefined || params.cap !== undefined || !isOneAnswer(pagination) || column === null) return;
    if (walk.pages > 0 || isOneValue(window) || page.records.length < leastCap) return;
    const { list, records } = this.#around;
    const found = records.filteredOn(page, window).toSorted(compareWatermarkKeys).at(-1);
    if (found === undefined) return;
    const answer = { records: page.records.length, newest: watermarkText(column.type, found) };
    const largest = await this.#largestWhole();
    if (isUsualCap(answer.records) || (!this.tellsNoCut(page, window) && mayBeCap(answer, largest, window))) {
      list.forget();
      const get = async (part: Window) => {
        const got = await records.get(beginning, part, parent);
        return got === silent ? undefined : got;
      };
      const keysOn = (one: Page) => records.filteredOn(one, window);
      const ofDays = isTimed(column.type, params) ? [countedUnits(2 * dayMs, column, params)] : [];
      await mustHaveAll(page, { window, params, apart: [3n * tickOf(column.type, params.format), ...ofDays], keysOn, get });
    }
    if (largest !== null && answer.records < largest.records) return;
    if (answer.records !== largest?.records || (window.lower === null && answer.newest !== largest.newest)) await this.#remember(answer);
  }

  /** Whether nothing tells if the one answer of a window was cut: its records have one watermark, or the filter has no effect on them. */
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

  /** By the list and its config. Values of parameters are hashed. */
  #ledger() {
    const { base_url, endpoint, window, records, pagination } = this.#config;
    const asked = [base_url, endpoint, window, records, pagination, revealedParams(this.#config)];
    return this.#around.ledger(`answers ${shortHash(JSON.stringify(asked))}`);
  }
}

/** A full load may grow with each run: it is suspect if it has as many records as before, and newer ones. */
function mayBeCap({ records, newest }: LargestWhole, largest: LargestWhole | null, { lower }: Window): boolean {
  if (largest === null) return true;
  return lower === null ? records === largest.records && newest !== largest.newest : records >= largest.records;
}

/** Throws HomeError HYG-3647 where the API has records of the window that its one answer has not. */
async function mustHaveAll(page: Page, { window, params, apart, keysOn, get }: AskedWindow): Promise<void> {
  const { column, lower, upper } = window;
  const keys = keysOn(page).toSorted(compareWatermarkKeys);
  const [least, middle, most] = [keys[0], keys[Math.floor(keys.length / 2)], keys.at(-1)];
  if (column === null || least === undefined || middle === undefined || most === undefined) return;
  const at = (key: WatermarkKey) => ({ text: watermarkText(column.type, key), inclusive: true });
  const from = (key: WatermarkKey): Window => ({ ...everything, column, lower: at(key), upper });
  const upTo = (key: WatermarkKey): Window => ({ ...everything, column, lower, upper: at(key) });
  const isWithin = (key: WatermarkKey) =>
    (lower === null || compareWatermarkKeys(key, watermarkKey(column.type, lower.text)) >= 0) &&
    (upper === null || compareWatermarkKeys(key, watermarkKey(column.type, upper.text)) <= 0);
  const further = (key: WatermarkKey, part: typeof from, sign: bigint) =>
    typeof key !== 'bigint' ? [] : apart.flatMap((by) => (isWithin(key + sign * by) ? [part(key + sign * by)] : []));
  const beyond: readonly { readonly part: Window; readonly further: readonly Window[] }[] = [
    { part: from(most), further: further(most, from, 1n) },
    ...(hasUpper(params) ? [{ part: upTo(least), further: further(least, upTo, -1n) }] : []),
    // A list in no order lacks records between those that it has.
    { part: from(middle), further: [] },
  ];
  const lackedBy = (other: Page, shown: readonly WatermarkKey[]) => {
    const [there, here] = [countsOf(keysOn(other)), countsOf(shown)];
    return shown.find((key) => isWithin(key) && (here.get(key) ?? 0) > (there.get(key) ?? 0));
  };
  /** Whether the answer may be cut too. */
  const isCut = async (part: Window) => {
    const got = await get(part);
    const shown = got === undefined ? [] : keysOn(got);
    if (lackedBy(page, shown) === undefined) return got !== undefined && got.records.length >= page.records.length;
    // A record may have come since.
    const again = await get(window);
    const missing = again === undefined || again.records.length !== page.records.length ? undefined : lackedBy(again, shown);
    if (missing === undefined) return false;
    throw answerCapped(page.name, {
      records: page.records.length,
      column: column.column,
      text: watermarkText(column.type, missing),
      hasUpper: hasUpper(params),
    });
  };
  // Where as many records as the cap have one watermark, or one day that the API compares alone, the others lie further out.
  for (const { part, further } of beyond) if (await isCut(part)) for (const one of further) await isCut(one);
}

/** Several records may have one watermark. */
function countsOf(keys: readonly WatermarkKey[]): ReadonlyMap<WatermarkKey, number> {
  const counts = new Map<WatermarkKey, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** A note where nothing tells whether the one answer of a list has all records. */
export function roundAnswerNotes(page: Page | undefined): readonly OwnNote[] {
  if (page === undefined || !isUsualCap(page.records.length)) return [];
  const records = page.records.length;
  return [
    {
      code: 'api.round_answer',
      text: `${page.name} has exactly ${counted(records, 'record')}, and no pagination is set. If the API lists so many at most, name how its list goes on, such as pagination: { type: page }`,
      params: { page: page.name, records },
    },
  ];
}
