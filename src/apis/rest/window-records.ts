/** Requests the records of a window, finds the values that the API filters by, and finds whether a list has further records. */
import type { Window } from '../../engine/contracts/home.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import type { DataType } from '../../frames/schema.ts';
import { earliestZoneMs, hasNoZone, isTime, latestZoneMs } from '../../frames/times/future.ts';
import { parsedKey, type WatermarkKey } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import type { Span } from '../answers/envelope.ts';
import type { WindowParams } from '../lists/config.ts';
import { newestOf } from '../lists/newest-first.ts';
import { beginning, isOver, type Page, type Walk } from '../lists/pages.ts';
import { tickOf } from '../lists/window-params.ts';
import type { Parent } from '../parents/parents.ts';
import { countedMs, isPlaceless } from '../times/time-forms.ts';
import type { RestConfig } from './config.ts';
import type { ListPages } from './list-pages.ts';
import { textAt } from './window-sample.ts';

const dayMs = 86_400_000;

export type Column = NonNullable<Window['column']>;

export interface SeenPage {
  readonly page: Page;
  readonly walk: Walk;
}

export interface Filtered {
  readonly window: Window;
  readonly column: Column;
  readonly params: WindowParams;
}

/** The result of a request is unknown, since the API refuses the request, or requests a pause. The run itself will report the error. */
export const silent = 'silent';

export class WindowRecords {
  readonly #config: RestConfig;
  readonly #list: ListPages;
  readonly #format: () => Json;

  /** @param format returns the decisions of the JSON format so far. */
  constructor(config: RestConfig, list: ListPages, format: () => Json) {
    this.#config = config;
    this.#list = list;
    this.#format = format;
  }

  /** The path of the watermark in a record. Undefined: the path is unknown. */
  at(window: Pick<Window, 'column' | 'lower'>): string | undefined {
    const { each, parent = {} } = this.#config;
    if (each !== undefined) return parent[window.column?.column ?? ''];
    return newestOf(window, this.#format()).at;
  }

  /** The path in a record of the field that the API filters by. */
  filteredAt(window: Pick<Window, 'column' | 'lower'>): string | undefined {
    return this.#config.window?.filters ?? this.at(window);
  }

  /** The value of a record in the field that the API filters by. */
  filteredBy(page: Page, record: Span, window: Pick<Window, 'column' | 'lower'>): WatermarkKey | undefined {
    const field = this.#config.window?.filters;
    if (field === undefined) return this.keyIn(page, record, window);
    return window.column === null ? undefined : instantKey(textAt(page, record, field), window.column.type);
  }

  keyIn(page: Page, record: Span, window: Pick<Window, 'column' | 'lower'>): WatermarkKey | undefined {
    const at = this.at(window);
    const type = window.column?.type;
    const text = at === undefined ? undefined : textAt(page, record, at);
    return text === undefined || type === undefined ? undefined : parsedKey(type, text);
  }

  keysOn(page: Page, window: Pick<Window, 'column' | 'lower'>): readonly WatermarkKey[] {
    return page.records.flatMap((record) => this.keyIn(page, record, window) ?? []);
  }

  /** The values of the records on a page in the field that the API filters by. */
  filteredOn(page: Page, window: Pick<Window, 'column' | 'lower'>): readonly WatermarkKey[] {
    return page.records.flatMap((record) => this.filteredBy(page, record, window) ?? []);
  }

  async get(walk: Walk, window: Window, parent?: Parent): Promise<Page | typeof silent> {
    try {
      const got = await this.#list.look(walk, window, parent);
      return 'page' in got ? got.page : silent;
    } catch (error) {
      if (error instanceof HomeError) return silent;
      throw error;
    }
  }

  /** Whether the list has only this page. */
  isWhole(page: Page): boolean {
    const next = this.after(beginning, page);
    return next !== 'unknown' && isOver(next);
  }

  /** The position after a page. Null: the list is over. `unknown`: the page does not show the next page. */
  after(walk: Walk, page: Page): Walk | null | 'unknown' {
    try {
      return this.#list.turn(walk, page).next;
    } catch {
      return 'unknown';
    }
  }

  /** Whether a value is so far below the lower bound that no reading of the sent bound includes it. */
  isOutside(key: WatermarkKey, lowest: WatermarkKey, { column, params }: Pick<Filtered, 'column' | 'params'>): boolean {
    if (typeof key !== 'bigint' || typeof lowest !== 'bigint') return false;
    const { type } = column;
    const { zone } = this.#config;
    const isAnywhere = hasNoZone(type) && zone === undefined && !isPlaceless(params.format);
    const apart = isAnywhere ? unitsOf(type, latestZoneMs + earliestZoneMs) : 0n;
    return key < lowest - 2n * tickOf(type, params.format) - apart;
  }
}

/** Whether the window is a single watermark, whose rows are read again. */
export function isOneValue({ lower, upper }: Pick<Window, 'lower' | 'upper'>): boolean {
  return lower?.inclusive === true && upper?.inclusive === true && lower.text === upper.text;
}

export function isTimed(type: DataType, { format }: WindowParams): boolean {
  return isTime(type) || countedMs(type, format) !== undefined;
}

export function unitsOf(type: DataType, ms: number): bigint {
  return BigInt(Math.ceil(ms * unitsPerMsOf(type)));
}

/** A duration as the column counts time: in units of its type, or in seconds if the window counts seconds. */
export function countedUnits(ms: number, { type }: Column, { format }: WindowParams): bigint {
  return unitsOf(type, ms) / (countedMs(type, format) ?? 1n);
}

export function unitsPerMsOf(type: DataType): number {
  if (type.kind === 'date') return 1 / dayMs;
  return type.kind === 'timestamp' ? { s: 0.001, ms: 1, us: 1_000, ns: 1_000_000 }[type.unit] : 1;
}

/** The value of a field as a watermark. Next to a column of times, another field may count seconds or milliseconds, such as `generated_timestamp` of Zendesk. */
export function instantKey(text: string | undefined, type: DataType): bigint | undefined {
  if (text === undefined) return undefined;
  const isCount = isTime(type) && /^\d{10}(\d{3})?$/.test(text);
  const key = isCount ? unitsOf(type, Number(text) * (text.length === 10 ? 1_000 : 1)) : parsedKey(type, text);
  return typeof key === 'bigint' ? key : undefined;
}
