/**
 * Pages of a list in ascending order of a field, such as the time of a change. The filter of each page begins at the last record of the page before. If pages were
 * requested by number, a record could be missed. A record that changes meanwhile moves to the end, so all later records move up. Then the first record of the next
 * page is on a page that was already read.
 */
import { hash } from 'node:crypto';
import type { Edge } from '../../engine/contracts/home.ts';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, parsedKey, watermarkKey } from '../../frames/watermark-text.ts';
import { fieldOf, type Span } from '../answers/envelope.ts';
import { noPage, shifted, tooManyOfOne } from '../answers/errors.ts';
import { ofRecord } from '../answers/readable.ts';
import type { Pagination } from './config.ts';
import type { Page, Turn, Walk } from './pages.ts';
import { short, withoutCircle } from './positions.ts';
import { sumWith } from './repeats.ts';

type AnchoredPages = Extract<Pagination, { readonly type: 'anchored' }>;

/** The position among records with the same value, if more records have this value than fit on a page. JSON, since checkpoints store it. */
export interface GroupSoFar {
  /** The value of the anchor field. */
  readonly of: string;
  /** The first records of the group, which were read before the group was detected: their number, and the sum of their keys. */
  readonly known: Counted;
  /** `had`: the records that this pass has read. `hadKnown`: the records among them that are also in `known`. */
  readonly had: Counted;
  readonly hadKnown: Counted;
  /** The records of the first pass. Absent: this is the first pass. */
  readonly before?: Counted;
  /** Whether an address in an answer led from one page of the group to another. */
  readonly isLinked: boolean;
}

/** A set of records. `sum`: the sum of the hashes of their keys, in hexadecimal, which does not depend on the order. */
interface Counted {
  readonly records: number;
  readonly sum: string;
}

type LinkedPage = Page & {
  /** The address of the next page in the answer. Undefined: the answer lacks an address of a next page. */
  readonly link: string | undefined;
};

interface AnchoredTurn extends Turn {
  readonly read: number;
}

/** A request whose lower bound is below the last value of the previous page. Such a request is needed if a filter excludes the value of its bound. */
export interface LoweredAnchor {
  /** The value of the last record on the previous page. */
  readonly of: string;
  /** The step of `loweredBy` by which the bound of this request is lower. */
  readonly step: number;
  /** The step at which an answer repeated a record of the previous page, so later requests begin at this step. Value 0: no answer has repeated a record so far. */
  readonly found: number;
  /** This is the last step that is tried. */
  readonly isLast?: true;
}

/**
 * Each page should begin with the last record of the previous page. If a page begins with another record, the filter excludes its own bound, or the last record has
 * changed. Then the request is sent again with a lower bound. Throws HomeError HYG-3602 for a list in another order, and HYG-3605 if records shifted. Throws HomeError
 * HYG-3670 if more records than fit on a page have one value, and the page has no link to the next page.
 */
export function anchoredTurn(pages: AnchoredPages, walk: Walk, page: LinkedPage): AnchoredTurn {
  const { param, field, key, page_size: size } = pages;
  const { at, tail = [], group, ...around } = walk;
  const anchor = group?.of ?? around.lowered?.of ?? (at !== null && typeof at === 'object' ? at[param] : undefined);
  const length = page.records.length;
  if (anchor === undefined) return turnFrom(pages, walk, { ...page, length });
  const { lowered = { of: anchor, step: 0, found: 0 } } = around;
  const values = page.records.map((record) => textOf(field, record, page));
  const first = lowered.step === 0 ? 0 : values.findIndex((value) => compare(value, anchor) >= 0);
  const below = first === -1 ? length : first;
  mustAscend(values.slice(0, below), page, field);
  const isRepeated = page.records.some((record, i) => values[i] === anchor && tail.includes(keptKey(textOf(key, record, page))));
  if (group === undefined && !isRepeated && lowered.isLast === undefined) {
    const hasMore = below < length || length < fullSize(walk, length, size);
    const next = loweredFurther(lowered, hasMore);
    if (next !== undefined)
      return { from: length, read: walk.read, next: { ...walk, at: { [param]: loweredBy(anchor, next.step) ?? anchor }, lowered: next } };
  }
  const found = isRepeated ? lowered.step : lowered.found;
  const { lowered: _, ...rest } = walk;
  const told = lowered.step === 0 && found === 0 ? rest : { ...rest, lowered: { of: anchor, step: lowered.step, found } };
  const turned = turnFrom(pages, told, { ...page, records: page.records.slice(below), length });
  return { ...turned, from: turned.from + below };
}

/** The next lower bound to try. Undefined: the page needs no lower bound. @param hasMore whether the page reaches the anchor, or ends the list. */
function loweredFurther({ of, step, found }: LoweredAnchor, hasMore: boolean): LoweredAnchor | undefined {
  if (loweredBy(of, step + 1) !== undefined) return { of, step: step + 1, found };
  return hasMore ? undefined : { of, step: 1, found, isLast: true };
}

/** The start of the next page. The bound is lower if the filter excludes its own bound. */
function anchoredAt({ param }: AnchoredPages, { lowered }: Walk, last: string): Pick<Walk, 'at' | 'lowered'> {
  const { found = 0 } = lowered ?? {};
  const text = found === 0 ? undefined : loweredBy(last, found);
  return text === undefined ? { at: { [param]: last } } : { at: { [param]: text }, lowered: { of: last, step: found, found } };
}

/** The records of a page, beginning with the first record at or above the anchor. */
type PartOfPage = LinkedPage & {
  /** The number of all records on the page. */
  readonly length: number;
};

function turnFrom(pages: AnchoredPages, walk: Walk, page: PartOfPage): AnchoredTurn {
  const { param, field, key, page_size: size } = pages;
  const { at, tail = [], group, lowered } = walk;
  if (group !== undefined) return groupTurn(pages, { ...walk, group }, page);
  const anchor = lowered?.of ?? (at !== null && typeof at === 'object' ? at[param] : undefined);
  const values = page.records.map((record) => textOf(field, record, page));
  mustAscend(anchor === undefined ? values : [anchor, ...values], page, field);
  const ids = page.records.map((record) => keptKey(textOf(key, record, page)));
  const isKnown = (i: number) => values[i] === anchor && tail.includes(ids[i] ?? '');
  const fresh = ids.findIndex((_, i) => !isKnown(i));
  const from = fresh === -1 ? ids.length : fresh;
  if (ids.some((_, i) => i > from && isKnown(i)))
    throw shifted(page.name, `Records with the same ${field} are in another order than on the page before.`);
  const last = values.at(-1);
  const isFull = page.length >= fullSize(walk, ids.length - from, size);
  if (anchor !== undefined && last === anchor && (isFull || page.link !== undefined)) {
    const known = counted(nothing, keysOf(pages, page).slice(0, from));
    const group = { of: anchor, known, had: nothing, hadKnown: nothing, isLinked: false };
    const { tail: _, ...rest } = walk;
    return groupTurn(pages, { ...rest, group }, page);
  }
  const read = walk.read + ids.length - from;
  const { lowered: _, ...plain } = walk;
  if (last === undefined || last === anchor) return { from, read, next: null };
  return { from, read, next: { ...plain, read, ...anchoredAt(pages, walk, last), tail: ids.filter((_, i) => values[i] === last) } };
}

/** The number of records on a full page: an API may return fewer records than requested. If more records were read than its largest page has, a page of the largest size is full. @param fresh the number of new records on this page. */
function fullSize({ read, said: { size = 0 } = {} }: Walk, fresh: number, asked: number): number {
  return size > 1 && read + fresh > size ? Math.min(asked, size) : asked;
}

/**
 * Records with one value are read by following the addresses in the answers. No filter anchors those pages, so they are read twice, the second time with one record
 * fewer on each page. If a record moved, or if the order differs from page to page, the two passes differ. The first pass returns no records.
 */
function groupTurn(pages: AnchoredPages, walk: Walk & { readonly group: GroupSoFar }, page: PartOfPage): AnchoredTurn {
  const { field, page_size: size, size_param } = pages;
  const { group, met, ...rest } = walk;
  const { lowered: _, ...plain } = rest;
  const { of, known, before } = group;
  const values = page.records.map((record) => textOf(field, record, page));
  mustAscend([of, ...values], page, field);
  const keys = keysOf(pages, page);
  const behind = values.findIndex((value) => value !== of);
  const ofGroup = behind === -1 ? keys : keys.slice(0, behind);
  const had = counted(group.had, ofGroup);
  const isLinked = group.isLinked || page.link !== undefined;
  const follows = behind === -1 && page.length > 0 ? page.link : undefined;
  const skipped = before === undefined ? keys.length : Math.min(known.records - group.hadKnown.records, ofGroup.length);
  const hadKnown = before === undefined ? nothing : counted(group.hadKnown, ofGroup.slice(0, skipped));
  const read = walk.read + keys.length - skipped;
  if (follows !== undefined) {
    const next = { ...rest, ...(met === undefined ? {} : { met }), read, at: follows, group: { ...group, had, hadKnown, isLinked } };
    return { from: skipped, read, next: withoutCircle(next, page, 'address') };
  }
  if (before === undefined) {
    const { at: begun, ...again } = anchoredAt(pages, walk, of);
    const at = { ...(begun as Readonly<Record<string, string>>), [size_param]: String(Math.max(1, size - 1)) };
    return { from: skipped, read, next: { ...plain, at, ...again, group: { ...group, had: nothing, before: had, isLinked } } };
  }
  // If no page of the group links to another page, this page may be incomplete.
  if (!isLinked) throw tooManyOfOne(page.name, field, { value: of, records: before.records });
  if (!isSame(before, had) || !isSame(known, hadKnown))
    throw shifted(
      page.name,
      `Records with the ${field} ${of} were read twice with different results: first ${before.records} records, then ${had.records} records or other records.`,
    );
  const last = values.at(-1);
  if (last === undefined || last === of) return { from: skipped, read, next: null };
  const tail = keys.filter((_, i) => values[i] === last).map(keptKey);
  return { from: skipped, read, next: { ...plain, read, ...anchoredAt(pages, walk, last), tail } };
}

const nothing: Counted = { records: 0, sum: '0' };

function counted({ records, sum }: Counted, keys: readonly string[]): Counted {
  return { records: records + keys.length, sum: sumWith(sum, keys.map(short)) };
}

function isSame(one: Counted, other: Counted): boolean {
  return one.records === other.records && one.sum === other.sum;
}

function keysOf({ key }: AnchoredPages, page: Page): readonly string[] {
  return page.records.map((record) => textOf(key, record, page));
}

/** The turn without the records above the window. The list is ascending, so all records after a record above the window are above the window too. @param type of the field, which is the watermark. */
export function upTo(
  turned: Turn,
  page: Page,
  { field }: Pick<AnchoredPages, 'field'>,
  { type, upper }: { readonly type: DataType; readonly upper: Edge },
): Turn {
  // Records of a group are returned when its pages are read for the second time.
  if (turned.next?.group !== undefined) return turned;
  // The same records are requested again, with a lower bound.
  if (turned.from === page.records.length && turned.next?.lowered !== undefined) return turned;
  const last = page.records.at(-1);
  const key = last && parsedKey(type, textOf(field, last, page));
  if (key === undefined || compareWatermarkKeys(key, watermarkKey(type, upper.text)) <= 0) return turned;
  return { ...turned, next: null };
}

/** A time as in JSON, with or without its zone. */
const timeForm = /^(\d{4}-\d\d-\d\d)(?:([T ]\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * A lower value, so that a filter for later values finds the value itself.
 * @param step 1: lower by the smallest unit in the value. 2: lower by a second, if the value has a smaller unit. Returns undefined if the value can not be lowered by
 * this step.
 */
function loweredBy(text: string, step: number): string | undefined {
  if (/^\d{1,30}$/.test(text)) return step === 1 ? String(BigInt(text) - 1n) : undefined;
  const [, day, clock = '', seconds = '', fraction = '', zone = ''] = timeForm.exec(text) ?? [];
  if (day === undefined || (step === 2 ? fraction === '' : step !== 1)) return undefined;
  const atMs = Date.parse(`${day}T${clock.slice(1) || '00:00'}${seconds || ':00'}Z`);
  if (Number.isNaN(atMs)) return undefined;
  const shown = (ms: number) => {
    const iso = new Date(ms).toISOString();
    return `${iso.slice(0, 10)}${clock.slice(0, 1)}${clock === '' ? '' : iso.slice(11, 16)}${seconds === '' ? '' : iso.slice(16, 19)}`;
  };
  if (fraction === '') return `${shown(atMs - (clock === '' ? 86_400_000 : seconds === '' ? 60_000 : 1_000))}${zone}`;
  if (step === 2) return `${shown(atMs - 1_000)}.${fraction}${zone}`;
  const units = BigInt(fraction);
  const before = units > 0n ? units - 1n : 10n ** BigInt(fraction.length) - 1n;
  return `${shown(units > 0n ? atMs : atMs - 1_000)}.${String(before).padStart(fraction.length, '0')}${zone}`;
}

function mustAscend(values: readonly string[], page: Page, field: string): void {
  const isAscending = values.every((value, i) => i === 0 || compare(values[i - 1] ?? '', value) <= 0);
  if (!isAscending) throw noPage(page.name, `The records are not in ascending order of ${field}.`);
}

function compare(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return a.length - b.length || (a < b ? -1 : Number(a > b));
  return a < b ? -1 : Number(a > b);
}

function textOf(field: string, record: Span, page: Page): string {
  const found = ofRecord(page.name, () => fieldOf(page.body, record, field));
  if (found === undefined || found.kind === 'null' || found.kind === 'object' || found.kind === 'array')
    throw noPage(page.name, `A record has no ${field} that the next page could begin at.`);
  return found.text;
}

/** A key in a short form, so that a checkpoint of 2 kB can store the keys of a page. */
function keptKey(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 8);
}
