/**
 * Proves that the API returns the records of a window. An API may read a bound in another zone, cut it to its day, or compare it with another field than the watermark.
 * Its answers do not show this: a list that lacks records looks like a list without new records. So hygge takes records that the API has just returned, and requests them
 * by their own watermark.
 */
import type { Opening } from '../../engine/contracts/connector.ts';
import { type Edge, everything, type Window } from '../../engine/contracts/home.ts';
import { counted } from '../../errors/as-argument.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { hasNoZone, isTime } from '../../frames/times/future.ts';
import { compareWatermarkKeys, type WatermarkKey, watermarkKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OwnNote } from '../../ports/notes.ts';
import { filterDoesNotFollow, otherUnit } from '../answers/errors.ts';
import { hasUpper, type WindowParams } from '../lists/config.ts';
import { beginning, isOver, type Page, type Walk } from '../lists/pages.ts';
import { ownId } from '../lists/record-ids.ts';
import { tickOf } from '../lists/window-params.ts';
import type { Parent } from '../parents/parents.ts';
import { countedMs, isPlaceless } from '../times/time-forms.ts';
import { type RestConfig, revealedParams } from './config.ts';
import { filtersByOther, type UnfoundRecord, windowBlind } from './errors.ts';
import type { ListPages } from './list-pages.ts';
import { WindowMemory } from './window-memory.ts';
import {
  type Column,
  countedUnits,
  type Filtered,
  instantKey,
  isOneValue,
  isTimed,
  type SeenPage,
  silent,
  unitsPerMsOf,
  type WindowRecords,
} from './window-records.ts';
import { isUnchanged, recordsToAsk, type ShownRecord, shownRecords, textAt } from './window-sample.ts';

/** The maximum number of records below the window that are requested one by one. */
const mostAsked = 3;
/** The maximum number of parents whose lists are requested to find a list with records. */
const mostParents = 10;
/** The maximum number of pages of a window that are requested for one record. */
const mostPagesAsked = 4;
const dayMs = 86_400_000;
/** The minimum factor between numbers that count different units, such as seconds and milliseconds since 1970. */
const farApart = 500n;
/** The maximum delay until the index of an API shows a change. */
const indexedMs = 3_600_000;
/** The distance of a bound that is certainly in the future. */
const farMs = 30 * dayMs;

interface Around {
  /** The ledger that stores proofs for all processes. */
  readonly ledger: NonNullable<Opening['ledger']>;
  /** The address of the list, for people. */
  readonly place: string;
  readonly list: ListPages;
  readonly clock: Pick<Clock, 'now'>;
  readonly records: WindowRecords;
}

type Bounds = Pick<Window, 'lower' | 'upper'>;

/** A sample of the records that the API returns now. */
interface Sample {
  /** The parent of the records. Undefined: the home has no parents. */
  readonly parent: Parent | undefined;
  /** Records of the list that the run reads. */
  readonly recent: readonly ShownRecord[];
  /** Records of the list without a filter. */
  readonly listed: readonly ShownRecord[];
  /** Whether the list without a filter has only one page. */
  readonly isWhole: boolean;
  /** Requests the records of both lists again. */
  again(): Promise<readonly ShownRecord[]>;
}

type Found = 'found' | 'missing' | 'unknown';
type Told = 'told' | 'partly' | 'nothing';

export class WindowProof {
  readonly #config: RestConfig;
  readonly #around: Around;
  readonly #records: WindowRecords;
  readonly #memory: WindowMemory;

  constructor(config: RestConfig, around: Around) {
    this.#config = config;
    this.#around = around;
    this.#records = around.records;
    this.#memory = new WindowMemory(around.ledger, () => Date.parse(around.list.time?.date ?? around.clock.now()));
  }

  /**
   * Proves the window of a run, once for each config. While no record has changed since its creation, each run proves the window again. Throws HomeError HYG-3634 if the
   * window leaves out records that the API has.
   * @param parents the parents, if the run reads lists of children.
   */
  async prove(window: Window, parents?: readonly Parent[]): Promise<void> {
    const { window: params } = this.#config;
    const { column } = window;
    if (
      params === undefined ||
      column === null ||
      isOneValue(window) ||
      column.type.kind === 'null' ||
      this.#records.filteredAt(window) === undefined
    )
      return;
    // A first load sends at most an upper bound, which an API may cut to its day. With a window that is halved, a first load also sends lower bounds.
    if (!isIncrement({ window, column, params }) && !isSentBetween({ window, params })) return;
    const name = this.#nameOf(window, column);
    const known = await this.#memory.knownOf(name);
    if (known === 'proven') return;
    const of = { window, column, params };
    const sample = await this.#sampleOf(of, parents);
    const { recent, listed } = sample;
    const isOpen = params.filters === undefined && isUnchanged(recent, listed) && !isFollowed(recent, window);
    const isAsBefore = isOpen && listed.length > 0 && !this.#isMissing(sample, window);
    if (known === 'open' && isAsBefore) {
      this.#memory.keepProven(name);
      return;
    }
    // A bound in local time must be proved again, since its meaning changes with daylight saving time.
    const staysTold = known === 'due' && isAsBefore && !isPlaceless(params.format);
    const told = staysTold ? 'told' : await this.#asks(sample, of);
    const isTold = told !== 'nothing';
    // For several lists, a failed proof is also stored: each list may stay empty for a long time, so each run would request it again.
    if (!isTold && parents === undefined && params.filters === undefined) return;
    // If records have a time of creation, the first changed record will show whether the filter follows changes.
    const isShown = parents === undefined && [...recent, ...listed].some(({ hasTimes }) => hasTimes);
    await this.#memory.remember(name, {
      isForToday: told !== 'told' || isOpen,
      isTold,
      ...(isOpen && isTold && isShown ? { open: sample.isWhole ? 'whole' : 'part' } : {}),
    });
  }

  /** A note if no inspected record has changed, so that it is unknown whether the filter follows changes. @param window the window of an increment, which is proved first. */
  async noteOn(window: Window): Promise<readonly OwnNote[]> {
    const { column, lower } = window;
    if (column === null || lower === null || this.#config.of !== undefined) return [];
    await this.prove(window);
    const known = await this.#memory.documentOf(this.#nameOf(window, column));
    if (known?.open !== 'part') return [];
    const { place } = this.#around;
    return [
      {
        code: 'api.filter_unproven',
        text: `no record on page 1 of ${place} has changed since it was created, so it is unknown whether the filter follows changes of ${column.column}. If the API filters by the time of creation, runs would miss changes: compare window.from with the documentation of the API`,
        params: { place, column: column.column },
      },
    ];
  }

  /** Whether the list without a filter has a record of the window that the list with the filter lacks. */
  #isMissing({ recent, listed }: Sample, { column, lower, upper }: Window): boolean {
    if (column === null || lower === null) return false;
    const [low, high] = [watermarkKey(column.type, lower.text), upper && watermarkKey(column.type, upper.text)];
    const isDue = (key: WatermarkKey) => compareWatermarkKeys(key, low) > 0 && (high === null || compareWatermarkKeys(key, high) <= 0);
    const there = new Set(recent.map(({ key }) => key));
    return listed.some(({ key }) => isDue(key) && !there.has(key));
  }

  /** Throws HomeError HYG-3630 if the numbers of the column count time in another unit than the bounds of the window. */
  mustCountAlike(window: Window): void {
    const { window: params } = this.#config;
    const { column, upper } = window;
    const { first } = this.#around.list;
    if (params === undefined || column === null || upper === null || first === undefined) return;
    if (countedMs(column.type, params.format) === undefined) return;
    const now = watermarkKey(column.type, upper.text);
    const keys = this.#records.keysOn(first, window).filter((key) => typeof key === 'bigint' && key > 0n) as readonly bigint[];
    const [shown] = keys;
    if (typeof now !== 'bigint' || now <= 0n || shown === undefined) return;
    const isFiner = keys.every((key) => key > now * farApart);
    if (isFiner || keys.every((key) => key * farApart < now))
      throw otherUnit(this.#around.place, column, { format: params.format, shown: String(shown), isFiner });
  }

  /** Throws HomeError HYG-3638 if a record changed, but the field by which the API filters did not change. */
  mustFollow(pages: readonly SeenPage[], window: Window): void {
    const { window: params } = this.#config;
    const { column } = window;
    const field = params?.filters;
    if (params === undefined || field === undefined || column === null || !isTimed(column.type, params)) return;
    const perMs = unitsPerMsOf(column.type) / Number(countedMs(column.type, params.format) ?? 1n);
    for (const { page } of pages)
      for (const record of page.records) {
        const key = this.#records.keyIn(page, record, window);
        const by = instantKey(textAt(page, record, field), column.type);
        if (typeof key === 'bigint' && by !== undefined && Number(key - by) > indexedMs * perMs)
          throw filterDoesNotFollow(this.#around.place, { ...column, text: watermarkText(column.type, key), field });
      }
  }

  /** Throws HomeError HYG-3635 if the API returned records below the window, since it filters by another field than the watermark. */
  async mustBeWithin(pages: readonly SeenPage[], window: Window): Promise<void> {
    this.mustFollow(pages, window);
    const { window: params } = this.#config;
    const { column, lower } = window;
    if (params === undefined || column === null || lower === null || !this.#isPlain(window)) return;
    const lowest = watermarkKey(column.type, lower.text);
    const name = `wide ${this.#nameOf(window, column)}`;
    for (const seen of pages) {
      const outside = this.#records.keysOn(seen.page, window).filter((key) => this.#records.isOutside(key, lowest, { column, params }));
      if (outside.length === 0) continue;
      if (await this.#memory.isProven(name)) return;
      const of = { window, column, params };
      const isBetween = isSentBetween(of);
      // Without an upper bound, one request is enough: a bound that finds the lowest record also finds all later records.
      for (const key of isBetween ? chosen(outside) : sorted(outside).slice(0, 1)) {
        // A filter by the watermark may return too many records, but it also returns a record that is requested by its watermark.
        const isByWatermark = isBetween
          ? (await this.#askFor(key, [], { of })) !== 'missing'
          : await this.#isByLower(key, { ...of, lowest, pages });
        if (isByWatermark) continue;
        const again = await this.#records.get(seen.walk, window);
        if (again !== silent && this.#records.keysOn(again, window).includes(key)) throw filtersByOther(this.#unfound(key, of));
      }
      await this.#memory.remember(name);
    }
  }

  /** A note that the filter has no effect, if the first page of a window has records from long before the window. If these records did harm, the run would already have stopped. */
  notes(window: Window): readonly OwnNote[] {
    const { window: params } = this.#config;
    const { column, lower } = window;
    const { first } = this.#around.list;
    if (params === undefined || column === null || lower === null || first === undefined || !this.#isPlain(window)) return [];
    const lowest = watermarkKey(column.type, lower.text);
    if (typeof lowest !== 'bigint' || !isTimed(column.type, params)) return [];
    // A filter that cuts its bound to the day also returns earlier records of that day.
    const days = countedUnits(2 * dayMs, column, params);
    const keys = this.#records.keysOn(first, window);
    const below = keys.filter((key) => this.#records.isOutside(key, lowest, { column, params }));
    if (!below.some((key) => typeof key === 'bigint' && key < lowest - days)) return [];
    const { place } = this.#around;
    return [
      {
        code: 'api.filter_no_effect',
        text: `${below.length} of ${counted(keys.length, 'record')} on page 1 of ${place} are from before the window: the filter has no effect, and each run reads the whole list. If the API has a parameter that filters, name it in window.from`,
        params: { place, before: below.length, of: keys.length },
      },
    ];
  }

  /** Whether a filter without an upper bound compares the watermark. A filter without effect returns records even for a future bound. A filter that cuts its bound returns all records between the cut bound and the bound. */
  async #isByLower(
    key: WatermarkKey,
    { window, column, params, lowest, pages }: Filtered & { readonly lowest: WatermarkKey; readonly pages: readonly SeenPage[] },
  ): Promise<boolean> {
    const all = pages.flatMap(({ page }) => this.#records.keysOn(page, window));
    const last = sorted(all).at(-1);
    if (typeof key !== 'bigint' || typeof last !== 'bigint') return true;
    const isCounting = isTimed(column.type, params);
    const unitsPer = (ms: number) => countedUnits(ms, column, params);
    const behind = last + (isCounting ? unitsPer(farMs) : BigInt(farMs));
    const edge: Edge = { text: watermarkText(column.type, behind), inclusive: true };
    const later = await this.#records.get(beginning, { ...everything, column, lower: edge });
    if (later === silent || this.#records.keysOn(later, window).some((one) => compareWatermarkKeys(one, last) <= 0)) return true;
    const listed = await this.#records.get(beginning, { ...everything, column });
    if (listed === silent) return true;
    const isBetween = (one: WatermarkKey) =>
      typeof one === 'bigint' && one > key && this.#records.isOutside(one, lowest, { column, params });
    const between = this.#records.keysOn(listed, window).filter(isBetween);
    if (between.length > 0) return between.every((one) => all.includes(one));
    // A single record may be after a bound that the API cut to its day.
    return !this.#records.isWhole(listed) || (typeof lowest === 'bigint' && isCounting && lowest - key < unitsPer(dayMs));
  }

  /** Whether each page that a run reads belongs to one window. False for lists of children, and for lists that are read part by part or twice. */
  #isPlain(window: Window): boolean {
    const { of, window: params, whole, pagination } = this.#config;
    if (params?.cap !== undefined || params?.slice !== undefined || of !== undefined) return false;
    return whole !== 'two_passes' && pagination.type !== 'anchored' && this.#isAsked(window);
  }

  /** Whether the API filters by the watermark, and the path of the watermark in records is known. */
  #isAsked(window: Window): boolean {
    const { window: params } = this.#config;
    if (params === undefined || params.filters !== undefined) return false;
    return window.column !== null && window.column.type.kind !== 'null' && this.#records.at(window) !== undefined;
  }

  async #sampleOf(of: Filtered, parents: readonly Parent[] | undefined): Promise<Sample> {
    if (parents === undefined) return await this.#sample(of, undefined);
    const some = parents.slice(-mostParents).reverse();
    let sample: Sample = { parent: undefined, recent: [], listed: [], isWhole: false, again: async () => [] };
    for (const parent of some) {
      sample = await this.#sample(of, parent);
      if (sample.listed.length > 0) return sample;
    }
    return sample;
  }

  /** A sample of the records that the API returns now. They are from two pages: the first page of the run, and the first page of the list without a filter. */
  async #sample(of: Filtered, parent: Parent | undefined): Promise<Sample> {
    const { list } = this.#around;
    const { window, column } = of;
    const ask = async (one: Window) => {
      const page = await this.#records.get(beginning, one, parent);
      return page === silent ? [] : this.#shownOn(page, of);
    };
    const all: Window = { ...everything, column };
    const { first, firstWindow } = list;
    const recent = parent === undefined && first !== undefined ? this.#shownOn(first, of) : [];
    const whole = await this.#records.get(beginning, all, parent);
    const listed = whole === silent ? [] : this.#shownOn(whole, of);
    return {
      parent,
      recent,
      listed,
      isWhole: whole !== silent && this.#records.isWhole(whole),
      again: async () => {
        list.forget();
        const lists = [...(listed.length > 0 ? [all] : []), ...(recent.length > 0 ? [firstWindow ?? window] : [])];
        const shown = await Promise.all(lists.map(ask));
        return shown.flat();
      },
    };
  }

  #shownOn(page: Page, { window, column: { type }, params }: Filtered): readonly ShownRecord[] {
    return shownRecords(page, {
      type,
      apart: 2n * tickOf(type, params.format),
      keyOf: (record) => this.#records.filteredBy(page, record, window),
    });
  }

  /** Requests records by their watermark. `told`: all were found. `partly`: some records were not found on the first pages of a window. `nothing`: no record can be requested, or the result is unknown. */
  async #asks({ parent, recent, listed, again }: Sample, of: Filtered): Promise<Told> {
    const { window, column, params } = of;
    const { type } = column;
    const upper = window.upper === null ? undefined : watermarkKey(type, window.upper.text);
    const isDue = ({ key }: ShownRecord) => upper === undefined || compareWatermarkKeys(key, upper) <= 0;
    const asked = {
      type,
      unitsPerMs: isTime(type) ? unitsPerMsOf(type) : undefined,
      isBetween: isSentBetween(of),
      isOfPlace: isPlaceless(params.format),
    };
    const due = { recent: recent.filter(isDue), listed: listed.filter(isDue) };
    const missing: WatermarkKey[] = [];
    const all: Found[] = [];
    for (const key of recordsToAsk(due.recent, due.listed, asked)) {
      const found = await this.#askFor(key, idsOf(key, [...due.recent, ...due.listed]), { of }, parent);
      all.push(found);
      if (found === 'missing') missing.push(key);
    }
    const told: Told = !all.includes('found') ? 'nothing' : all.includes('unknown') ? 'partly' : 'told';
    if (missing.length === 0) return told;
    const there = await again();
    const isStill = (key: WatermarkKey) => {
      const ids = idsOf(key, there);
      return there.some((one) => one.key === key) && idsOf(key, [...recent, ...listed]).every((id) => ids.includes(id));
    };
    for (const hidden of missing.filter(isStill))
      if (isIncrement(of) || (await this.#isCutAbove(hidden, idsOf(hidden, there), of, parent)))
        throw windowBlind(this.#unfound(hidden, of));
    return told;
  }

  /** Whether the upper bound hides the record: if that bound is later or missing, the API returns the record. In a first load, only the upper bound matters. */
  async #isCutAbove(key: WatermarkKey, ids: readonly string[], of: Filtered, parent: Parent | undefined): Promise<boolean> {
    if (typeof key !== 'bigint' || !isTimed(of.column.type, of.params)) return false;
    const day = countedUnits(dayMs, of.column, of.params);
    const midnight = day === 0n ? key : (key / day + 1n) * day;
    const { lower } = this.#boundsOf(key, of);
    for (const above of [null, midnight]) {
      const upper = above === null ? null : { text: watermarkText(of.column.type, above), inclusive: true };
      if ((await this.#askFor(key, ids, { of, bounds: { lower, upper } }, parent)) === 'found') return true;
    }
    return false;
  }

  /** The bounds of a run for a single watermark. The bounds are sent one unit further out, since an API may exclude records at a bound. */
  #boundsOf(key: WatermarkKey, of: Filtered): Bounds {
    const edge: Edge = { text: watermarkText(of.column.type, key), inclusive: true };
    return { lower: edge, upper: isSentBetween(of) ? edge : null };
  }

  /** Requests a record by its watermark. @param ids the ids of the records with this watermark, if they have ids. */
  async #askFor(
    key: WatermarkKey,
    ids: readonly string[],
    { of, bounds = this.#boundsOf(key, of) }: { readonly of: Filtered; readonly bounds?: Bounds },
    parent?: Parent,
  ): Promise<Found> {
    const around: Window = { ...everything, column: of.column, ...bounds };
    const [keys, own]: [WatermarkKey[], Set<string | undefined>] = [[], new Set()];
    let walk: Walk = beginning;
    for (let asked = 0; asked < mostPagesAsked; asked++) {
      const page = await this.#records.get(walk, around, parent);
      if (page === silent) return 'unknown';
      keys.push(...page.records.flatMap((record) => this.#records.filteredBy(page, record, around) ?? []));
      for (const record of page.records) own.add(ownId(page, record));
      if (keys.includes(key) && ids.every((id) => own.has(id))) return 'found';
      const next = this.#records.after(walk, page);
      if (next === 'unknown') return next;
      if (next === null || isOver(next) || isPassed(keys, key)) return 'missing';
      walk = next;
    }
    return 'unknown';
  }

  #unfound(key: WatermarkKey, { column, params }: { readonly column: Column; readonly params: WindowParams }): UnfoundRecord {
    const { zone } = this.#config;
    return {
      place: this.#around.place,
      column: params.filters ?? column.column,
      isUtc: zone !== undefined && hasNoZone(column.type),
      text: watermarkText(column.type, key),
      isTimed: isTimed(column.type, params),
      isPlaceless: isPlaceless(params.format) && zone === undefined,
      params,
    };
  }

  /** The name of the stored proof, from everything that a request depends on. Values of parameters are hashed. */
  #nameOf({ lower, upper }: Bounds, { column, type }: Column): string {
    const { base_url, endpoint, window, zone, pagination, records, types } = this.#config as RestConfig & { readonly types?: unknown };
    const shape = `${lower === null ? '' : 'l'}${upper === null ? '' : 'u'}`;
    const asked = [base_url, endpoint, window, zone, pagination, records, types, revealedParams(this.#config), column, type, shape];
    return shortHash(JSON.stringify(asked));
  }
}

/** The ids of the records with this watermark. */
function idsOf(key: WatermarkKey, shown: readonly ShownRecord[]): readonly string[] {
  return shown.flatMap((one) => (one.key === key && one.id !== undefined ? [one.id] : []));
}

/** Whether the API returned a changed record that was created before the window. If so, the API does not filter by the time of creation. */
function isFollowed(recent: readonly ShownRecord[], { column, lower }: Window): boolean {
  if (column === null || lower === null) return false;
  const lowest = watermarkKey(column.type, lower.text);
  return recent.some(({ created, hasChanged }) => created !== undefined && hasChanged && compareWatermarkKeys(created, lowest) < 0);
}

/** Whether the run sends a lower bound. A window that is halved has lower bounds in a first load too. */
function isIncrement({ window, params }: Filtered): boolean {
  return window.lower !== null || params.cap !== undefined;
}

/** Whether the run sends an upper bound. */
function isSentBetween({ window, params }: Pick<Filtered, 'window' | 'params'>): boolean {
  return hasUpper(params) && window.upper !== null;
}

/** Three watermarks that differ as much as possible: the first, the middle and the last one. */
function chosen(keys: readonly WatermarkKey[]): readonly WatermarkKey[] {
  const all = sorted(keys);
  return [...new Set([all[0], all[Math.floor(all.length / 2)], all.at(-1)])].flatMap((key) => key ?? []).slice(0, mostAsked);
}

function sorted(keys: readonly WatermarkKey[]): readonly WatermarkKey[] {
  return [...new Set(keys)].sort(compareWatermarkKeys);
}

/** Whether a sorted list has passed the watermark, so that no later page has a record with this watermark. */
function isPassed(keys: readonly WatermarkKey[], key: WatermarkKey): boolean {
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined || keys.length < 2) return false;
  const isInOrder = (sign: number) => keys.every((one, i) => sign * compareWatermarkKeys(keys[i - 1] ?? one, one) <= 0);
  return (isInOrder(1) && compareWatermarkKeys(first, key) > 0) || (isInOrder(-1) && compareWatermarkKeys(last, key) < 0);
}
