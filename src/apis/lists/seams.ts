/**
 * Finds records that a page repeats from the previous page. Pages repeat records if each page begins at the last second of the previous page, or if the list grows at its
 * front. A repeated record is written once. With a key, its newer version is written. Without a key, a record counts as repeated only if all its fields are equal.
 */
import { hash } from 'node:crypto';
import type { DataType } from '../../frames/schema.ts';
import { compareWatermarkKeys, parsedKey, type WatermarkKey } from '../../frames/watermark-text.ts';
import type { Span } from '../answers/envelope.ts';
import { type Instead, overlapTooLong, overlapUnclear, positionNotNumber, versionStaged, versionUnclear } from '../answers/errors.ts';
import type { Pagination } from './config.ts';
import type { Page, Turn, Walk } from './pages.ts';
import { byPosition, insteadOfOverlap, withKeys } from './pagination-yaml.ts';
import { hashOf, idName, ownId, textIn } from './record-ids.ts';

/** Facts about the records of a list. */
export interface SeamRules {
  /** The paths of the key fields in each record: names with dots between them. Empty: no key is known. */
  readonly key: readonly string[];
  /** The path and type of the watermark in each record. Absent: the version on the later page counts as newer. */
  readonly watermark?: { readonly at: string; readonly type: DataType } | undefined;
  /** The upper bound of the run: records above this bound belong to a later run. Absent: the run reads all records. */
  readonly upper?: WatermarkKey | undefined;
  /** Whether the store merges rows by the key, so that the newer version of a row replaces the older one. */
  readonly isMerged: boolean;
  /** Whether a page with the keys of the previous page ends the walk, even if other fields changed. */
  readonly endsAtSameKeys: boolean;
  /** Whether the pages are only inspected, so that their rows are not written. */
  readonly isLook: boolean;
  readonly pages: Pagination;
}

/** The last records of a page, as a checkpoint stores them. `keys`: eight characters per key. `records`: eight characters per record. */
export interface SeamSoFar {
  readonly keys: string;
  readonly records: string;
  /** `keys` and `records` contain all records of the page. */
  readonly isAll?: true;
  /** A page of the list had two records with the same key, or two equal records without a key. */
  readonly repeats?: true;
  /** The page began with the second record of the previous page. */
  readonly isOneOn?: true;
}

/** The maximum length of a walk as JSON. A checkpoint has 2 kB, and also contains the position in the list of parents. */
const checkpointLength = 1_850;
const hashLength = 8;

interface KnownRecord {
  /** A hash of the key. Null: the record has no key. */
  readonly key: string | null;
  readonly whole: string;
  readonly span?: Span;
}

interface PageBefore {
  readonly records: readonly KnownRecord[];
  readonly isAll: boolean;
  /** The previous page, if it will be delivered together with the next page. Absent: the page was already delivered, so its records can not be dropped. */
  readonly page?: Page;
}

/** Whether seams are searched for on pages of this kind. Pages of other kinds have their own rule, or no seams. */
export function hasSeams({ type }: Pagination): boolean {
  return type === 'page' || type === 'cursor' || type === 'next_url' || type === 'link_header';
}

/** Compares the pages of a list one after another during the read, and drops repeated records. */
export class Seams {
  readonly #rules: SeamRules;
  /** The value of `pagination.overlap`. */
  readonly #overlap: 'none' | 'records' | undefined;
  /** The indexes of the records in each page that are not written. */
  readonly #leftOut = new WeakMap<Page, Set<number>>();
  #before: (PageBefore & { readonly seam: SeamSoFar }) | undefined;
  /** The facts about the page that was compared last. */
  #now: { readonly records: readonly KnownRecord[]; readonly page: Page; readonly repeats: boolean; readonly isOneOn: boolean } | undefined;

  constructor(rules: SeamRules) {
    this.#rules = rules;
    this.#overlap = 'overlap' in rules.pages ? rules.pages.overlap : undefined;
  }

  /** Notes that the pages so far are delivered, so their records can not be dropped any more. */
  close(): void {
    if (this.#before === undefined) return;
    const { page: _, ...rest } = this.#before;
    this.#before = rest;
  }

  /** The number of records on this page that are the same as a record on the previous page. @throws HomeError HYG-3605, HYG-3611, HYG-3644, HYG-3645, HYG-3646 */
  repeatedIn(walk: Walk, page: Page): number {
    this.#now = undefined;
    if (walk.proof === 'half') return 0;
    const records = page.records.map((span) => this.#known(page, span));
    const before = walk.pages === 0 ? undefined : this.#pageBefore(walk);
    const hadRepeats = walk.seam?.repeats === true || hasRepeats(records);
    const isOneOn = before !== undefined && !hadRepeats && this.#isOneOn(before, records, walk.seam?.isOneOn === true);
    if (isOneOn && walk.seam?.isOneOn) throw this.#notNumbered(page);
    // After an empty page, the next page is still compared with the page before the empty page.
    if (page.records.length === 0) return 0;
    this.#now = { records, page, repeats: hadRepeats, isOneOn };
    if (before === undefined || this.#overlap === 'none' || isSamePage(before, records)) return 0;
    if (this.#rules.endsAtSameKeys && hasSameKeys(before, records)) return 0;
    if (this.#rules.key.length === 0 && !this.#rules.isLook && !hadRepeats && !isOneOn) this.#mustHaveOtherIds(before, page, records);
    const byKey = this.#rules.key.length > 0 || (this.#overlap === undefined && !hadRepeats);
    const now = { records: byKey ? records : withoutKeys(records), page, hadRepeats, isCounted: walk.total !== undefined };
    const left = this.#repeated(before, now);
    const mayBeLonger = !before.isAll && before.records.length > 0 && left.inside >= before.records.length;
    if (mayBeLonger && !this.#rules.isMerged) throw overlapTooLong(page.name);
    return left.here.size + left.before.size;
  }

  /** Whether each page begins only one record later than the page before. If so, the API treats the page number as a position, and the first records are missing. */
  #isOneOn({ records: before, isAll }: PageBefore, records: readonly KnownRecord[], wasOneOn: boolean): boolean {
    if (this.#rules.pages.type !== 'page' || this.#overlap !== undefined || !isAll) return false;
    const isShorter = records.length === before.length - 1;
    if (before.length < 2 ? !(wasOneOn && isShorter) : !isShorter && records.length !== before.length) return false;
    return before.slice(1).every(({ key, whole }, at) => (key ?? whole) === (records[at]?.key ?? records[at]?.whole));
  }

  #notNumbered(page: Page): Error {
    const { pages } = this.#rules;
    return positionNotNumber(page.name, [
      { when: 'If the parameter is the number of records to skip', pagination: byPosition(pages) },
      { when: 'If the list is complete, and its pages overlap', pagination: withKeys(pages, { overlap: 'records' }) },
    ]);
  }

  /** The position after the page, with the facts about the page with which the next page is compared. */
  behind(turned: Turn): Turn {
    const now = this.#now;
    // If a page is requested again, the second answer is compared with the page before it.
    const isAgain = turned.next?.proof === 'again' || turned.next?.proof === 'more';
    if (now === undefined || turned.next === null || isAgain) return turned;
    const { seam: _, ...next } = turned.next;
    const seam = seamOf(now.records, { ...now, used: JSON.stringify(next).length });
    this.#before = { records: now.records, isAll: true, page: now.page, seam };
    return { ...turned, next: { ...next, seam } };
  }

  /** The page without the repeated records. Because these records are dropped, other code may treat the first record of such a page as new. */
  settling(page: Page): Page {
    const left = this.#leftOut.get(page);
    return left === undefined ? page : { ...page, records: page.records.filter((_, at) => !left.has(at)) };
  }

  #pageBefore(walk: Walk): PageBefore | undefined {
    if (walk.seam === undefined) return undefined;
    // A walk that was read from a checkpoint is a copy, so its seam is not the same object.
    if (this.#before?.seam === walk.seam) return this.#before;
    const { keys, records, isAll = false } = walk.seam;
    const texts = (of: string) => of.match(new RegExp(`.{${hashLength}}`, 'g')) ?? [];
    const wholes = texts(records);
    const ofKeys = texts(keys);
    return { records: wholes.map((whole, at) => ({ key: keyIn(ofKeys[at]), whole })), isAll };
  }

  /** Throws if a record has the `id` of a record on the previous page, but other values. The record may have changed meanwhile, or the list may contain versions. */
  #mustHaveOtherIds(before: PageBefore, page: Page, records: readonly KnownRecord[]): void {
    const wholes = new Map(before.records.flatMap(({ key, whole }) => (key === null ? [] : [[key, whole] as const])));
    const changed = records.find(
      ({ key, whole, span }) => key !== null && (wholes.get(key) ?? whole) !== whole && !this.#isLater(page, span),
    );
    if (changed?.span === undefined) return;
    const field = idName(page, changed.span);
    throw versionUnclear(page.name, field, this.#insteadOfVersions(field));
  }

  #known(page: Page, span: Span): KnownRecord {
    const whole = shortened(hashOf(page, [span]));
    const { key } = this.#rules;
    const texts = key.length > 0 ? key.map((field) => textIn(page, span, field)) : [ownId(page, span)];
    return { key: texts.some((text) => text === undefined) ? null : shortened(JSON.stringify(texts)), whole, span };
  }

  #repeated(before: PageBefore, now: PageNow): Repeated {
    const found: Repeated = { here: new Set(), before: new Set(), inside: 0 };
    const places = new Map(before.records.flatMap(({ key }, at) => (key === null ? [] : [[key, at] as const])));
    const wholes = new Set(before.records.map(({ whole }) => whole));
    const withoutKey: number[] = [];
    for (const [at, record] of now.records.entries()) {
      if (record.key === null) {
        withoutKey.push(at);
        continue;
      }
      const earlier = places.get(record.key);
      if (earlier === undefined) continue;
      found.inside++;
      if (wholes.has(record.whole)) this.#leaveOut(now, at, found);
      else this.#olderOf({ before, earlier }, { ...now, at }, found);
    }
    if (withoutKey.length > 0) this.#equalNeighbours(before, now, found);
    return found;
  }

  /** Drops the older version of a record whose key is also on the previous page, but with other values. */
  #olderOf(
    { before, earlier }: { readonly before: PageBefore; readonly earlier: number },
    now: PageNow & { readonly at: number },
    found: Repeated,
  ): void {
    // Only a key in the config proves that both rows are the same record. If a page had two records with one key, each row is a separate record.
    if (this.#rules.key.length === 0 || now.hadRepeats) return;
    const older = before.records[earlier];
    // The version on this page belongs to a later run, so this run writes the earlier version.
    if (this.#isLater(now.page, now.page.records[now.at])) {
      this.#leaveOut(now, now.at, found);
      return;
    }
    const isNewer = before.page === undefined || older?.span === undefined || !this.#isBelow(now, older.span, before.page);
    if (!isNewer) {
      this.#leaveOut(now, now.at, found);
      return;
    }
    if (before.page === undefined && this.#rules.isMerged) return;
    if (before.page === undefined)
      throw versionStaged(now.page.name, this.#rules.key, [insteadOfOverlap(this.#rules.pages, 'If each version is a separate row')]);
    this.#mark(before.page, earlier);
    found.before.add(earlier);
  }

  /** Whether the record belongs to a later run. */
  #isLater(page: Page, span: Span | undefined): boolean {
    const { watermark, upper } = this.#rules;
    const text = watermark === undefined || span === undefined ? undefined : textIn(page, span, watermark.at);
    const key = watermark === undefined || text === undefined ? undefined : parsedKey(watermark.type, text);
    return key !== undefined && upper !== undefined && compareWatermarkKeys(key, upper) > 0;
  }

  /** Whether the version on this page is older than the version on the previous page. */
  #isBelow({ page, at }: PageNow & { readonly at: number }, older: Span, pageBefore: Page): boolean {
    const { watermark } = this.#rules;
    const span = page.records[at];
    if (watermark === undefined || span === undefined) return false;
    const [one, other] = [textIn(page, span, watermark.at), textIn(pageBefore, older, watermark.at)];
    const [now, then] = [one, other].map((text) => (text === undefined ? undefined : parsedKey(watermark.type, text)));
    return now !== undefined && then !== undefined && compareWatermarkKeys(now, then) < 0;
  }

  /** Finds records without a key that end the previous page and begin this page. */
  #equalNeighbours(before: PageBefore, now: PageNow, found: Repeated): void {
    const most = Math.min(before.records.length, now.records.length);
    const ends = before.records.map(({ whole }) => whole);
    const begins = now.records.map(({ whole }) => whole);
    const isOverlap = (length: number) => ends.slice(-length).every((whole, at) => whole === begins[at]);
    let length = most;
    while (length > 0 && !isOverlap(length)) length--;
    if (length === 0 || now.records.slice(0, length).some(({ key }) => key !== null)) return;
    if (this.#overlap === undefined) {
      // If the API reports the number of records, the run compares it with the number of records read, so equal records are no error here.
      if (now.isCounted) return;
      throw overlapUnclear(now.page.name, length, this.#insteadOfNeighbours());
    }
    found.inside += length;
    for (let at = 0; at < length; at++) this.#leaveOut(now, at, found);
  }

  #insteadOfVersions(field: string): readonly Instead[] {
    const { pages } = this.#rules;
    return [
      { when: `If ${field} identifies a record, so that only the newer version is written`, pagination: withKeys(pages, { key: field }) },
      insteadOfOverlap(pages, 'If each record is a separate row'),
    ];
  }

  #insteadOfNeighbours(): readonly Instead[] {
    const { pages } = this.#rules;
    return [
      {
        when: 'If pages overlap, so that equal records on two pages are the same record',
        pagination: withKeys(pages, { overlap: 'records' }),
      },
      insteadOfOverlap(pages, 'If pages never overlap, so that each record is a separate record'),
    ];
  }

  #leaveOut({ page }: PageNow, at: number, { here }: Repeated): void {
    here.add(at);
    this.#mark(page, at);
  }

  #mark(page: Page, at: number): void {
    const left = this.#leftOut.get(page) ?? new Set();
    left.add(at);
    this.#leftOut.set(page, left);
  }
}

interface PageNow {
  readonly records: readonly KnownRecord[];
  readonly page: Page;
  readonly hadRepeats: boolean;
  readonly isCounted: boolean;
}

interface Repeated {
  /** The indexes of the records that are not written. `here`: in this page. `before`: in the previous page. */
  readonly here: Set<number>;
  readonly before: Set<number>;
  /** The number of records on this page that the previous page has too. */
  inside: number;
}

const withoutKeys = (records: readonly KnownRecord[]): readonly KnownRecord[] => records.map((record) => ({ ...record, key: null }));

const noKey = '-'.repeat(hashLength);

const keyIn = (text: string | undefined): string | null => (text === undefined || text === noKey ? null : text);

function shortened(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, hashLength).replace(/^-/, '_');
}

function seamOf(
  records: readonly KnownRecord[],
  { repeats, isOneOn, used }: { readonly repeats: boolean; readonly isOneOn: boolean; readonly used: number },
): SeamSoFar {
  const hasKeys = records.some(({ key }) => key !== null);
  const room = checkpointLength - used - 75;
  const most = Math.max(0, Math.floor(room / (hasKeys ? 2 * hashLength : hashLength)));
  const kept = most === 0 ? [] : records.slice(-most);
  return {
    keys: hasKeys ? kept.map(({ key }) => key ?? noKey).join('') : '',
    records: kept.map(({ whole }) => whole).join(''),
    ...(kept.length === records.length ? { isAll: true } : {}),
    ...(repeats ? { repeats: true } : {}),
    ...(isOneOn ? { isOneOn: true } : {}),
  };
}

function hasSameKeys(before: PageBefore, records: readonly KnownRecord[]): boolean {
  const keys = new Set(before.records.map(({ key }) => key));
  return before.records.length === records.length && records.every(({ key }) => key !== null && keys.has(key));
}

/** Whether a page equals the previous page. `turn` decides about such a page. */
function isSamePage(before: PageBefore, records: readonly KnownRecord[]): boolean {
  return before.records.length === records.length && before.records.every(({ whole }, at) => whole === records[at]?.whole);
}

function hasRepeats(records: readonly KnownRecord[]): boolean {
  const all = records.map(({ key, whole }) => key ?? whole);
  return new Set(all).size < all.length;
}
