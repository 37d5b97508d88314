/**
 * Lists in pages that end before their window does, without a word: at the number of records that an API lists at most, or at the begin of a range that it lists where a
 * request has no lower bound. What lies beyond the oldest and the newest record is requested.
 */
import { everything, type Window } from '../../engine/contracts/home.ts';
import { compareWatermarkKeys, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import { hasUpper } from '../lists/config.ts';
import { beginning, type Page } from '../lists/pages.ts';
import { isUsualCap } from '../lists/repeats.ts';
import type { RestConfig } from './config.ts';
import { listCutOff } from './errors.ts';
import { type Filtered, isTimed, silent, type WindowRecords } from './window-records.ts';

/** No API lists fewer records in pages at most. */
const leastCap = 100;

/** What one reading of a list has seen of it. */
export class ListReach {
  readonly #config: RestConfig;
  readonly #records: WindowRecords;
  readonly #window: Window;
  #least: WatermarkKey | undefined;
  #most: WatermarkKey | undefined;
  #read = 0;
  #ascends = true;

  constructor(config: RestConfig, records: WindowRecords, window: Window) {
    this.#config = config;
    this.#records = records;
    this.#window = window;
  }

  see(page: Page, from: number): void {
    this.#read += page.records.length - from;
    for (const key of this.#records.filteredOn(page, this.#window)) {
      this.#ascends &&= this.#most === undefined || compareWatermarkKeys(this.#most, key) <= 0;
      if (this.#least === undefined || compareWatermarkKeys(key, this.#least) < 0) this.#least = key;
      if (this.#most === undefined || compareWatermarkKeys(key, this.#most) > 0) this.#most = key;
    }
  }

  /** @param page the last one. Throws HomeError HYG-3648 where the API has a record of the window before the oldest one or behind the newest one. */
  async mustBeAll(page: Page): Promise<void> {
    const { window: params, pagination } = this.#config;
    const { column, lower, upper } = this.#window;
    const [least, most] = [this.#least, this.#most];
    if (params === undefined || params.cap !== undefined || params.filters !== undefined || pagination.type === 'none') return;
    if (column === null || least === undefined || most === undefined) return;
    const of = { window: this.#window, column, params };
    const mayBeCut = this.#read >= leastCap && isUsualCap(this.#read);
    const at = (key: WatermarkKey) => ({ text: watermarkText(column.type, key), inclusive: true });
    const isOpen = lower === null && isTimed(column.type, params) && typeof least === 'bigint' && least > 0n;
    if ((isOpen || mayBeCut) && (this.#ascends || hasUpper(params))) {
      const from = isOpen ? at(0n) : lower;
      const before = await this.#keysOf({ ...everything, column, lower: from, upper: at(least) }, of);
      const lacks = before.find((key) => compareWatermarkKeys(key, least) < 0 && this.#isDue(key, of));
      if (lacks !== undefined) throw this.#cut(page, lacks, { of, isOpen, mayBeCut });
    }
    if (!mayBeCut) return;
    const behind = await this.#keysOf({ ...everything, column, lower: at(most), upper }, of);
    const lacks = behind.find((key) => compareWatermarkKeys(key, most) > 0 && this.#isDue(key, of));
    if (lacks !== undefined) throw this.#cut(page, lacks, { of, isOpen: false, mayBeCut });
  }

  async #keysOf(window: Window, { window: own }: Filtered): Promise<readonly WatermarkKey[]> {
    const page = await this.#records.get(beginning, window);
    return page === silent ? [] : this.#records.filteredOn(page, own);
  }

  #isDue(key: WatermarkKey, { column, window: { lower, upper } }: Filtered): boolean {
    return (
      (lower === null || compareWatermarkKeys(key, watermarkKey(column.type, lower.text)) >= 0) &&
      (upper === null || compareWatermarkKeys(key, watermarkKey(column.type, upper.text)) <= 0)
    );
  }

  #cut(
    page: Page,
    key: WatermarkKey,
    { of: { column, params }, ...cut }: { readonly of: Filtered; readonly isOpen: boolean; readonly mayBeCut: boolean },
  ): Error {
    return listCutOff(page.name, { records: this.#read, column: column.column, text: watermarkText(column.type, key), params, ...cut });
  }
}
