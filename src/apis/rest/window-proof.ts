/**
 * Whether the API gives the records of a window. What it makes of a bound is known by its documentation alone: a bound may be read in another zone, cut to its day, or compared
 * with another field than the watermark, and a list that lacks records looks like one that has none. So it is asked for records that it has just shown, by their own watermark.
 */
import type { Opening } from '../../engine/contracts/connector.ts';
import { type Edge, everything, type Window } from '../../engine/contracts/home.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { earliestZoneMs, hasNoZone, isTime, latestZoneMs } from '../../frames/future.ts';
import type { DataType } from '../../frames/schema.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { compareWatermarkKeys, parsedKey, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Json } from '../../ports/values.ts';
import { fieldOf } from '../answers/envelope.ts';
import { filtersByOther, type UnfoundRecord, windowBlind } from '../answers/errors.ts';
import { orIfBad } from '../answers/readable.ts';
import { hasUpper, type WindowParams } from '../lists/config.ts';
import { newestOf } from '../lists/newest-first.ts';
import { beginning, isOver, type Page, type Walk } from '../lists/pages.ts';
import { countedMs, isPlaceless } from '../lists/time-forms.ts';
import { tickOf } from '../lists/window-params.ts';
import { type RestConfig, revealedParams } from './config.ts';
import type { ListPages } from './list-pages.ts';

/** Of so many records, if the API shows them, each is asked for. */
const mostAsked = 3;
const dayMs = 86_400_000;
/** A time to come. */
const farMs = 30 * dayMs;

interface Around {
  /** Where a proof is remembered for all processes. */
  readonly ledger: NonNullable<Opening['ledger']>;
  /** For people. */
  readonly place: string;
  readonly list: ListPages;
  /** What the JSON format decided so far. */
  readonly format: () => Json;
}

type Column = NonNullable<Window['column']>;
type Bounds = Pick<Window, 'lower' | 'upper'>;

/** A list that was asked for, and how it is asked for again. */
interface Sample {
  readonly keys: readonly WatermarkKey[];
  again(): Promise<readonly WatermarkKey[]>;
}

type Found = 'found' | 'missing' | 'unknown';

/** A page that a run reads. */
export interface SeenPage {
  readonly page: Page;
  readonly walk: Walk;
}

interface Filtered {
  readonly window: Window;
  readonly column: Column;
  readonly params: WindowParams;
}

/** Nothing can be said: the API refuses the request, or answers later. The run itself meets what is wrong. */
const silent = 'silent';

export class WindowProof {
  readonly #config: RestConfig;
  readonly #around: Around;
  /** By this process. */
  readonly #proven = new Set<string>();

  constructor(config: RestConfig, around: Around) {
    this.#config = config;
    this.#around = around;
  }

  /** Proves the window of an increment once for each config. Throws HomeError HYG-3634 where the API leaves out records that it shows. */
  async prove(window: Window): Promise<void> {
    const { window: params } = this.#config;
    const { column, lower } = window;
    if (params === undefined || column === null || lower === null || isOneValue(window) || !this.#isPlain(window)) return;
    const name = this.#nameOf(window, column);
    if (await this.#isProven(name)) return;
    const of = { window, column, params };
    if (await this.#asks(await this.#sample(of), of)) await this.#remember(name);
  }

  /** Throws HomeError HYG-3635 where the API gave records below the window by another field than the watermark. */
  async mustBeWithin(pages: readonly SeenPage[], window: Window): Promise<void> {
    const { window: params } = this.#config;
    const { column, lower } = window;
    if (params === undefined || column === null || lower === null || !this.#isPlain(window)) return;
    const lowest = watermarkKey(column.type, lower.text);
    const name = `wide ${this.#nameOf(window, column)}`;
    for (const seen of pages) {
      const outside = this.#keysOn(seen.page, window).filter((key) => this.#isOutside(key, lowest, { column, params }));
      if (outside.length === 0) continue;
      if (await this.#isProven(name)) return;
      const of = { window, column, params };
      const isBetween = isSentBetween(of);
      // Without an upper bound, the lowest one tells of all.
      for (const key of isBetween ? chosen(outside) : sorted(outside).slice(0, 1)) {
        // A filter by the watermark that lets more through than it should gives a record by its own watermark as well.
        const isByWatermark = isBetween
          ? (await this.#askFor(key, of)) !== 'missing'
          : await this.#isByLower(key, { ...of, lowest, pages });
        if (isByWatermark) continue;
        const again = await this.#get(seen.walk, window);
        if (again !== silent && this.#keysOn(again, window).includes(key)) throw filtersByOther(this.#unfound(key, of));
      }
      await this.#remember(name);
    }
  }

  /** Without an upper bound: a filter that has no effect gives records from a time to come on, too; one that cuts its bound gives all that lies between. */
  async #isByLower(
    key: WatermarkKey,
    { window, column, params, lowest, pages }: Filtered & { readonly lowest: WatermarkKey; readonly pages: readonly SeenPage[] },
  ): Promise<boolean> {
    const all = pages.flatMap(({ page }) => this.#keysOn(page, window));
    const last = sorted(all).at(-1);
    if (typeof key !== 'bigint' || typeof last !== 'bigint') return true;
    const isTimed = isTime(column.type) || countedMs(column.type, params.format) !== undefined;
    const counted = countedMs(column.type, params.format);
    const unitsPer = (ms: number) => unitsOf(column.type, ms) / (counted ?? 1n);
    const behind = last + (isTimed ? unitsPer(farMs) : BigInt(farMs));
    const edge: Edge = { text: watermarkText(column.type, behind), inclusive: true };
    const later = await this.#get(beginning, { ...everything, column, lower: edge });
    if (later === silent || this.#keysOn(later, window).some((one) => compareWatermarkKeys(one, last) <= 0)) return true;
    const listed = await this.#get(beginning, { ...everything, column });
    if (listed === silent) return true;
    const isBetween = (one: WatermarkKey) => typeof one === 'bigint' && one > key && this.#isOutside(one, lowest, { column, params });
    const between = this.#keysOn(listed, window).filter(isBetween);
    if (between.length > 0) return between.every((one) => all.includes(one));
    // One record alone may lie behind a bound that was cut.
    return !this.#isWhole(listed) || (typeof lowest === 'bigint' && isTimed && lowest - key < unitsPer(dayMs));
  }

  /** Undefined: nothing tells where a record has the watermark. */
  #at(window: Pick<Window, 'column' | 'lower'>): string | undefined {
    const { each, parent = {} } = this.#config;
    if (each !== undefined) return parent[window.column?.column ?? ''];
    return newestOf(window, this.#around.format()).at;
  }

  #keysOn(page: Page, window: Pick<Window, 'column' | 'lower'>): readonly WatermarkKey[] {
    const at = this.#at(window);
    const type = window.column?.type;
    if (at === undefined || type === undefined) return [];
    return page.records.flatMap((record) => {
      const found = orIfBad(
        () => fieldOf(page.body, record, at),
        () => undefined,
      );
      const key = found === undefined || found.kind === 'null' ? undefined : parsedKey(type, found.text);
      return key === undefined ? [] : [key];
    });
  }

  /** A filter whose answer tells of one record: lists of children, and those that are read part by part or twice, are read as they come. */
  #isPlain(window: Window): boolean {
    const { of, window: params, whole, pagination, changed_by: changedBy } = this.#config;
    if (params === undefined || params.filters !== undefined || params.cap !== undefined || params.slice !== undefined) return false;
    if (of !== undefined || changedBy !== undefined || whole === 'two_passes' || pagination.type === 'anchored') return false;
    return window.column !== null && window.column.type.kind !== 'null' && this.#at(window) !== undefined;
  }

  async #get(walk: Walk, window: Window): Promise<Page | typeof silent> {
    try {
      const got = await this.#around.list.look(walk, window);
      return 'page' in got ? got.page : silent;
    } catch (error) {
      if (error instanceof HomeError) return silent;
      throw error;
    }
  }

  /** Records that the API shows now: of the page that the run begins with, or else of the list without a filter. */
  async #sample({ window, column }: Filtered): Promise<Sample> {
    const { list } = this.#around;
    const ask = async (one: Window) => {
      const page = await this.#get(beginning, one);
      return page === silent ? [] : this.#keysOn(page, window);
    };
    const { first, firstWindow } = list;
    const shown = first === undefined ? [] : this.#keysOn(first, window);
    const asked = firstWindow !== undefined && shown.length > 0 ? firstWindow : { ...everything, column };
    return {
      keys: asked === firstWindow ? shown : await ask(asked),
      again: async () => {
        list.forget();
        return await ask(asked);
      },
    };
  }

  /** False: there is no record to ask for, or nothing could be told. */
  async #asks(sample: Sample, of: Filtered): Promise<boolean> {
    const { window, column } = of;
    const upper = window.upper === null ? undefined : watermarkKey(column.type, window.upper.text);
    const due = sample.keys.filter((key) => upper === undefined || compareWatermarkKeys(key, upper) <= 0);
    const missing: WatermarkKey[] = [];
    for (const key of isSentBetween(of) ? chosen(due, column.type) : newest(due)) {
      const found = await this.#askFor(key, of);
      if (found === 'found') return true;
      if (found === 'missing') missing.push(key);
    }
    if (missing.length === 0) return false;
    const there = await sample.again();
    const hidden = missing.find((key) => there.includes(key));
    if (hidden === undefined) return false;
    throw windowBlind(this.#unfound(hidden, of));
  }

  /** The bounds around a record, as the run sends them, and a unit apart from it: an API may leave out what lies at a bound. */
  #boundsOf(key: WatermarkKey, of: Filtered): Bounds {
    const { type } = of.column;
    const edge = (units: bigint): Edge => ({
      text: watermarkText(type, typeof key === 'bigint' ? key + units * tickOf(type, of.params.format) : key),
      inclusive: true,
    });
    return { lower: edge(-1n), upper: isSentBetween(of) ? edge(1n) : null };
  }

  async #askFor(key: WatermarkKey, of: Filtered): Promise<Found> {
    const around: Window = { ...everything, column: of.column, ...this.#boundsOf(key, of) };
    const page = await this.#get(beginning, around);
    if (page === silent) return 'unknown';
    const keys = this.#keysOn(page, around);
    if (keys.includes(key)) return 'found';
    return this.#isWhole(page) || isBehind(keys, key) ? 'missing' : 'unknown';
  }

  #isWhole(page: Page): boolean {
    try {
      return isOver(this.#around.list.turn(beginning, page).next);
    } catch {
      return false;
    }
  }

  /** Below the lower bound as it was sent. */
  #isOutside(
    key: WatermarkKey,
    lowest: WatermarkKey,
    { column, params }: { readonly column: Column; readonly params: WindowParams },
  ): boolean {
    if (typeof key !== 'bigint' || typeof lowest !== 'bigint') return false;
    const { type } = column;
    const { zone } = this.#config;
    const isAnywhere = hasNoZone(type) && zone === undefined && !isPlaceless(params.format);
    const apart = isAnywhere ? unitsOf(type, latestZoneMs + earliestZoneMs) : 0n;
    return key < lowest - 2n * tickOf(type, params.format) - apart;
  }

  #unfound(key: WatermarkKey, { column, params }: { readonly column: Column; readonly params: WindowParams }): UnfoundRecord {
    const { zone } = this.#config;
    const isTimed = isTime(column.type) || countedMs(column.type, params.format) !== undefined;
    return {
      place: this.#around.place,
      column: column.column,
      text: watermarkText(column.type, key),
      isTimed,
      isPlaceless: isPlaceless(params.format) && zone === undefined,
      zone: params.zone,
      hasUpper: hasUpper(params),
      hasBoth: params.param !== undefined && params.from.includes('{to}'),
    };
  }

  /** By everything that a request depends on. Values of parameters are hashed. */
  #nameOf({ lower, upper }: Bounds, { column, type }: Column): string {
    const { base_url, endpoint, window, zone, pagination, records, types } = this.#config as RestConfig & { readonly types?: unknown };
    const shape = `${lower === null ? '' : 'l'}${upper === null ? '' : 'u'}`;
    const asked = [base_url, endpoint, window, zone, pagination, records, types, revealedParams(this.#config), column, type, shape];
    return shortHash(JSON.stringify(asked));
  }

  async #isProven(name: string): Promise<boolean> {
    if (this.#proven.has(name)) return true;
    const isKnown = await this.#around.ledger(`window ${name}`).change((document) => ({ answer: document !== null }));
    if (isKnown) this.#proven.add(name);
    return isKnown;
  }

  async #remember(name: string): Promise<void> {
    this.#proven.add(name);
    await this.#around.ledger(`window ${name}`).change((document) => ({
      ...(document === null ? { to: { version: 1 } } : {}),
      answer: undefined,
    }));
  }
}

/** The run sends both bounds. */
function isSentBetween({ window, params }: Pick<Filtered, 'window' | 'params'>): boolean {
  return hasUpper(params) && window.upper !== null;
}

/** Some that differ as much as can be: the first, the last and one in the middle. Midnight says little, since an API may cut a bound to its day. */
function chosen(keys: readonly WatermarkKey[], type?: DataType): readonly WatermarkKey[] {
  const all = sorted(keys);
  const daily = type?.kind === 'timestamp' ? all.filter((key) => typeof key !== 'bigint' || key % unitsOf(type, dayMs) !== 0n) : all;
  const from = daily.length === 0 ? all : daily;
  return [...new Set([from[0], from[Math.floor(from.length / 2)], from.at(-1)])].flatMap((key) => key ?? []).slice(0, mostAsked);
}

function newest(keys: readonly WatermarkKey[]): readonly WatermarkKey[] {
  return sorted(keys).slice(-mostAsked).reverse();
}

function sorted(keys: readonly WatermarkKey[]): readonly WatermarkKey[] {
  return [...new Set(keys)].sort(compareWatermarkKeys);
}

function unitsOf(type: DataType, ms: number): bigint {
  if (type.kind === 'date') return BigInt(Math.ceil(ms / dayMs));
  const perMs = type.kind === 'timestamp' ? { s: 0.001, ms: 1, us: 1_000, ns: 1_000_000 }[type.unit] : 1;
  return BigInt(Math.ceil(ms * perMs));
}

/** A list that ascends, and begins behind the record: it is on no later page. */
function isBehind(keys: readonly WatermarkKey[], key: WatermarkKey): boolean {
  const [first] = keys;
  const ascends = keys.every((one, i) => i === 0 || compareWatermarkKeys(keys[i - 1] ?? one, one) <= 0);
  return first !== undefined && keys.length > 1 && ascends && compareWatermarkKeys(first, key) > 0;
}

/** Where the rows with one watermark are read again. */
export function isOneValue({ lower, upper }: Pick<Window, 'lower' | 'upper'>): boolean {
  return lower?.inclusive === true && upper?.inclusive === true && lower.text === upper.text;
}
