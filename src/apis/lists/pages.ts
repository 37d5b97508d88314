/** How the pages of a list follow each other, and what proves that the pages together have each record. Pure: a walk is JSON, so checkpoints can store it. */

import { defined } from '../../ports/values.ts';
import type { Body } from '../answers/document.ts';
import { asParams, type Found, type Span } from '../answers/envelope.ts';
import { linesOf, linkUnreadable, noEnd, noPage, noTotal, nothingNew, repeatsCounted, shifted, totalIsBound } from '../answers/errors.ts';
import { linkSaid } from '../answers/link-header.ts';
import { anchoredTurn, type GroupSoFar, type LoweredAnchor } from './anchors.ts';
import { firstNumber, type Pagination, tellsTotal } from './config.ts';
import { endsRepeated, firstOf, halfTurn, likeFirst, onlyAgain } from './first-page.ts';
import {
  type EndReason,
  endingOf,
  insteadOfAgain,
  insteadOfLink,
  insteadOfOffset,
  insteadOfRepeats,
  knownAt,
  moreAt,
  mostIdle,
  type Named,
  type Proving,
  type SaidSoFar,
  usualProving,
} from './list-end.ts';
import type { NewestSoFar } from './newest-first.ts';
import { differsBy, ignoring, ownRecords } from './pagination-yaml.ts';
import { addressInLinks, linkSelector, resolved, short, withoutCircle, withRepeated } from './positions.ts';
import { hashOf, keysetOrder, keysOf, knownRecords, textOf } from './record-ids.ts';
import { isUsualCap, type Likeness, likenessOf, type Remembered, remembered } from './repeats.ts';
import type { SeamSoFar } from './seams.ts';
import type { PassSoFar } from './two-passes.ts';

/** The position of a reading in a list. */
export interface Walk {
  /** The whole list was read. */
  readonly isOver?: true;
  /** The start of the next page: a number, a cursor, parameters or an address. Null: the first page. */
  readonly at: number | string | Readonly<Record<string, string>> | null;
  readonly pages: number;
  /** The number of records of the list that were read, each counted once. */
  readonly read: number;
  /** A hash of the records of the previous page. */
  readonly page?: string;
  /** Hashes of the last records that were read, in their order. */
  readonly tail?: readonly string[];
  /** Whether the values of `pagination.field` rise from page to page. */
  readonly rises?: boolean;
  /** The number of earlier pages in a row that were requested to find the records in `tail` again. */
  readonly back?: number;
  /** The number of pages in a row without a new record. */
  readonly empty?: number;
  /** Why this page is requested as a proof. `again`: the previous page again. `beyond`: the page after the end. `told`: the previous answer says that its page is the last one. `more`: the previous page again, which was empty although more records should follow. `half`: page 2 with half the page size, since the API returned page 1 in place of page 2. */
  readonly proof?: 'again' | 'beyond' | 'told' | 'more' | 'half';
  /** The requested number of records on a page, if it differs from the number in the config. */
  readonly size?: number;
  /** The facts that earlier answers reported about the list. */
  readonly said?: SaidSoFar;
  /** How similar the previous pages are. */
  readonly like?: Likeness;
  /** The number of pages by position in a row that equal the page before them. */
  readonly same?: number;
  /** A hash of an earlier position. If a later position has this hash, the pages form a circle. After 1, 2, 4, 8 … pages, the current position replaces it, so that a circle of any length is detected (R. P. Brent, 1980). */
  readonly met?: { readonly position: string; readonly every: number; readonly left: number };
  /** The number of all records, as the first page reported it. */
  readonly total?: string;
  /** A hash of the keys of the previous page, if `pagination.key` names the field. */
  readonly keys?: string;
  /** `mark`: the hash of the first page, as in `keys` or `page`. `head`: in a list by page number, some records of the first page. */
  readonly first?: { readonly mark: string; readonly head: readonly string[] };
  /** Set in a list by a filter, while records are read of which more have one value than fit on a page. */
  readonly group?: GroupSoFar;
  /** Set in a list by a filter, if a page did not repeat a record of the previous page. */
  readonly lowered?: LoweredAnchor;
  /** Set in a list that begins with the newest record. */
  readonly newest?: NewestSoFar;
  /** Set in a list that is read twice. */
  readonly pass?: PassSoFar;
  /** Set in a long list by page number. */
  readonly repeats?: Remembered;
  /** The last records of the previous page, if pages may repeat them. */
  readonly seam?: SeamSoFar;
  /** The number of records that repeated a record of the previous page, and so are not counted in `read`. */
  readonly repeated?: number;
}

export const beginning: Walk = { at: null, pages: 0, read: 0 };

/** The value of a member that should be a list. Many APIs write null for an empty list, and a few write an empty object. */
export interface NoList {
  /** The path of the member, as in `ignore_members`. */
  readonly at: string;
  /** The value as text for people. */
  readonly shown: string;
  readonly isNull?: true;
}

export interface Page {
  readonly body: Body;
  readonly url: URL;
  readonly records: readonly Span[];
  readonly values: ReadonlyMap<string, Found>;
  /** The name of the page, for people. */
  readonly name: string;
  /** The API reported by its status that this page does not exist. */
  readonly isNothing?: true;
  /** On a page without records, the value in place of the list. Absent: the page has an empty list, or no body. */
  readonly noList?: NoList;
  header(name: string): string | undefined;
}

export interface Turn {
  /** The index of the first record on the page that was not read before. */
  readonly from: number;
  /** The position of the next page. Null: the list is over. */
  readonly next: Walk | null;
  /** Why the list ended. Undefined: the list continues. */
  readonly ended?: EndReason | undefined;
}

/** Whether more records may follow. A page that is requested only to prove the end does not count as more records. */
export function goesOn({ next }: Pick<Turn, 'next'>): boolean {
  return next !== null && (next.proof === undefined || next.proof === 'told' || next.proof === 'more');
}

const mostEmpty = 100;
const keptTail = 8;
const mostBack = 6;
const usualStep = 100;
const shortPosition = 1_000;

/** The paths of the values that the walk needs from the body of each page. */
export function selectorsOf(pages: Pagination): readonly string[] {
  const keys = ['at', 'has_more_at', 'last_at', 'total_at'] as const;
  const given = pages as Readonly<Partial<Record<(typeof keys)[number], string>>>;
  const places = keys.map((key) => given[key]).filter((one) => one !== undefined);
  const relation = relationOf(given.total_at);
  return [...places.map((at) => linkSelector(at)?.list ?? at), ...(relation === undefined ? [] : [relation])];
}

/** The path of the member that tells whether a total is only a lower bound, as in Elasticsearch: `hits.total.relation` next to `hits.total.value`. */
function relationOf(total: string | undefined): string | undefined {
  return total?.endsWith('.value') ? total.replace(/value$/, 'relation') : undefined;
}

/**
 * Why a reading may have missed a record. Undefined: it is proved that the reading had each record. Pages by number shift if a record is removed. A total shows the
 * removal, unless another record is added. Pages by offset overlap by a record that is compared, so with a total the proof is complete.
 * @param read `window`: records of a window that gets no more records. `newest`: a list up to its first page below the window.
 */
export function unprovenBy(pages: Pagination, read: 'all' | 'window' | 'newest'): string | undefined {
  if (pages.type === 'none' || pages.type === 'keyset' || pages.type === 'anchored') return undefined;
  if (read === 'newest' && pages.type === 'offset') return undefined;
  if (read === 'newest') return 'if a record is removed, another record moves to a page that was already read';
  if (tellsTotal(pages)) {
    if (read === 'window' || pages.type === 'offset') return undefined;
    return 'in a full load, the total stays the same if one record is removed and another one is added';
  }
  if (pages.type === 'page') return 'pages are requested by number, and the API reports no total';
  if (pages.type === 'offset')
    return 'hygge does not notice a record that is added before the records already read: the API reports no total';
  return 'hygge follows the address or cursor in each page, and the API reports no total';
}

/** The address of the next request. @param first the address of the first page, with its parameters. */
export function requestOf(pages: Pagination, { at, size }: Walk, first: URL): URL {
  const url = new URL(first);
  if (typeof at === 'string' && leadsByAddress(pages)) return withRepeated(at, first);
  if ('size_param' in pages && pages.size_param !== undefined) url.searchParams.set(pages.size_param, String(size ?? pages.page_size));
  const param = 'param' in pages ? pages.param : undefined;
  if (at !== null && typeof at === 'object') for (const [name, value] of Object.entries(at)) url.searchParams.set(name, value);
  else if (param !== undefined && pages.type === 'page') url.searchParams.set(param, String(at ?? firstNumber(pages)));
  else if (param !== undefined && at !== null) url.searchParams.set(param, String(at));
  return url;
}

/** Whether the position `Walk.at` is an address in this kind of pages. */
export function leadsByAddress({ type }: Pagination): boolean {
  return type === 'next_url' || type === 'link_header' || type === 'anchored';
}

/** Whether all records were read, and only the proof by a second empty page is missing. */
export function isOver(next: Walk | null): boolean {
  return next === null || next.proof === 'again';
}

/**
 * Throws HomeError HYG-3604 if pages repeat, HYG-3605 if pages shifted, and HYG-3609 and HYG-3612 if the list ends too early.
 * @param repeated the number of records that repeat a record of the previous page (`Seams`).
 */
export function turn(pages: Pagination, walk: Walk, page: Page, proving: Proving = usualProving, repeated = 0): Turn {
  const total = walk.total ?? totalIn(pages, page);
  const repeats = mayCircle(pages, walk) && total === undefined ? remembered(walk, page, pages) : undefined;
  const told = { ...defined({ total, repeats }) };
  const once = (walk.repeated ?? 0) + repeated;
  const { read, ...turned } = turnBy(pages, { ...walk, ...told }, page, { proving, repeated });
  if (turned.next === null) {
    const size = Math.max(walk.said?.size ?? 0, page.records.length);
    mustBeWhole(pages, { total, read, once, size, isBehind: isBehind(walk, page) }, page);
    return turned;
  }
  return { ...turned, next: { ...turned.next, pages: walk.pages + 1, ...(once === 0 ? {} : { repeated: once }) } };
}

/** Whether pages may repeat endlessly, so that some of their records are remembered. With a long cursor, nothing is remembered: a checkpoint has 2 kB, and the cursor needs most of it. */
function mayCircle(pages: Pagination, { at }: Walk): boolean {
  if (pages.ignore?.includes('repeats')) return false;
  if (pages.type === 'page') return true;
  const isLed = pages.type === 'cursor' || pages.type === 'next_url' || pages.type === 'link_header';
  return isLed && JSON.stringify(at).length < shortPosition;
}

export interface Turned extends Turn {
  readonly read: number;
}

interface OfPage {
  readonly proving: Proving;
  readonly repeated: number;
}

function turnBy(pages: Pagination, walk: Walk, page: Page, of: OfPage): Turned {
  const { proving } = of;
  if (pages.type === 'offset') return offsetTurn(pages, walk, page, proving);
  if (pages.type !== 'anchored') return plainTurn(pages, walk, page, of);
  const turned = anchoredTurn(pages, walk, { ...page, link: nextLink(pages, page) });
  if (turned.next?.group !== undefined) return turned;
  const known = knownAt(
    { pages, walk, page, fresh: page.records.length - turned.from, read: turned.read },
    { word: undefined, total: undefined },
    proving.heedsSigns,
  );
  const ending = endingOf(known, { ends: turned.next === null ? 'address' : undefined, leadsOn: false, hasBeyond: false }, proving);
  if ('isOver' in ending) return { ...turned, next: null, ended: ending.isOver };
  return turned.next === null ? turned : { ...turned, next: { ...turned.next, said: known.said } };
}

type PlainPages = Exclude<Pagination, { type: 'offset' | 'anchored' }>;

function plainTurn(pages: PlainPages, walk: Walk, page: Page, { proving, repeated }: OfPage): Turned {
  if (pages.type === 'page' && walk.proof === 'half')
    return halfTurn(pages, knownAt({ pages, walk, page, fresh: 0, read: walk.read }, namedAt(pages, walk, page), proving.heedsSigns));
  const known = pages.type === 'keyset' ? knownRecords(pages.field, walk, page) : 0;
  const fresh = page.records.length - known - repeated;
  const read = walk.read + fresh;
  const mark = page.records.length === 0 ? undefined : hashOf(page, page.records);
  const keys = pages.type === 'page' && pages.key !== undefined && mark !== undefined ? keysOf(pages.key, page) : undefined;
  const isSame = mark !== undefined && mark === walk.page;
  if (isSame || (keys !== undefined && keys === walk.keys)) {
    // An API may return its last page for requests after the end. The first page’s own number may count only that page, if the parameter has another name.
    const isTold = walk.proof === 'told' && (walk.pages > 1 || walk.said?.pages !== undefined);
    if (walk.proof === 'beyond' && !endsRepeated(pages)) return onlyAgain(pages, walk, page, { proving, ended: 'empty' });
    if (isTold) return { from: page.records.length, next: null, read: walk.read, ended: 'empty' };
    if (endsRepeated(pages)) return repeatedTurn(pages, walk, page, { proving, proof: 'beyond' });
    throw noEnd(
      page.name,
      isSame
        ? 'This page has the same records as the previous page.'
        : 'By their keys, the records are the records of the previous page again.',
      insteadOfAgain(knownAt({ pages, walk, page, fresh: 0, read: walk.read }, namedAt(pages, walk, page), proving.heedsSigns)),
    );
  }
  if (walk.pages > 1 && walk.first !== undefined && mark !== undefined) {
    const isFirst = walk.first.mark === (keys ?? mark);
    if (endsRepeated(pages) && isFirst && walk.proof !== 'beyond') return repeatedTurn(pages, walk, page, { proving, proof: 'again' });
    if (!endsRepeated(pages) && isFirst && !pages.ignore?.includes('repeats')) return firstAgain(pages, walk, page, proving);
    if (pages.type === 'page' && endsRepeated(pages) && !isFirst && likeFirst(pages, walk.first.head, page))
      throw shifted(
        page.name,
        'This page has records of the first page again, and also other records. The list changed while it was read.',
      );
  }
  if (endsRepeated(pages) && walk.proof === 'beyond' && fresh > 0)
    throw shifted(page.name, 'The previous page has records that were read before, and this page has other records.');
  const seen = knownAt({ pages, walk, page, fresh, read }, namedAt(pages, walk, page), proving.heedsSigns);
  // With repeated records, the total does not show which page is the last one.
  if (repeated > 0 && pages.type === 'page' && pages.end === 'total') throw repeatsCounted(page.name, repeated, ownRecords(pages));
  const own = ownEnd(pages, { fresh, all: page.records.length, read }, walk, page);
  const at = seen.over !== undefined ? null : positionAfter(pages, walk, page);
  const leadsOn = pages.type === 'page' || (pages.type === 'keyset' && fresh > 0);
  const hasBeyond = pages.type === 'page';
  const ending = endingOf(seen, { ends: own ?? (at === null ? 'address' : undefined), leadsOn, hasBeyond }, proving);
  if ('isOver' in ending) return { from: known, next: null, read, ended: ending.isOver };
  const { page: _before, keys: _keys, proof: _proof, empty: _empty, like: before, ...rest } = walk;
  // A page without records may be a proof for the page before it. The list may return the page before it again, so the hashes of that page are kept.
  const kept = mark === undefined ? defined({ page: walk.page, keys: walk.keys }) : {};
  if ('proof' in ending && ending.proof !== 'beyond')
    return { from: known, next: { ...rest, ...kept, said: seen.said, proof: ending.proof }, read };
  const empty = fresh === 0 ? (walk.empty ?? 0) + 1 : 0;
  if (empty > mostEmpty) throw noEnd(page.name, `${mostEmpty} pages in a row have no record, and each leads to another page.`);
  // A checkpoint has 2 kB, and a long cursor needs most of it.
  const isLooked = keys === undefined && !pages.ignore?.includes('repeats') && JSON.stringify(at).length < shortPosition;
  const like = isLooked ? likenessOf(before, page, (seen.said.size ?? 0) > page.records.length) : undefined;
  if (like !== undefined && like.times >= mostIdle) throw nothingNew(page.name, mostIdle, differsBy(pages, like.field));
  const ordered = pages.type === 'keyset' ? keysetOrder(pages.field, walk, { page, known }) : {};
  const shown = {
    ...defined({ page: mark, keys }),
    ...(walk.pages === 0 && mark !== undefined ? firstOf(pages, page, { mark: keys ?? mark, isLooked }) : {}),
    ...(like === undefined ? {} : { like }),
  };
  const proof = 'proof' in ending ? { proof: ending.proof } : ending.isTold ? { proof: 'told' as const } : {};
  const next = { ...rest, ...ordered, at, read, ...(empty === 0 ? {} : { empty }), said: seen.said, ...kept, ...shown, ...proof };
  return {
    from: known,
    next: pages.type === 'page' ? next : withoutCircle(next, page, leadsByAddress(pages) ? 'address' : 'cursor'),
    read,
  };
}

/** Decides about a page that equals the first page. If this page was requested as a proof, the list has ended. If the page was not requested as a proof, throws HomeError HYG-3604. */
function firstAgain(pages: PlainPages, walk: Walk, page: Page, proving: Proving): Turned {
  if (walk.proof === 'beyond' || walk.proof === 'told') return { from: page.records.length, next: null, read: walk.read, ended: 'empty' };
  const known = knownAt({ pages, walk, page, fresh: 0, read: walk.read }, namedAt(pages, walk, page), proving.heedsSigns);
  throw noEnd(page.name, 'This page has the same records as the first page.', [...insteadOfAgain(known), ...insteadOfRepeats(pages)]);
}

/** Decides about a page that equals the previous page, since records may have moved to this page. As a proof, the next page must be equal too. If this page equals the first page, it must be the same again in a second request. */
function repeatedTurn(
  pages: PlainPages,
  walk: Walk,
  page: Page,
  { proving, proof }: { readonly proving: Proving; readonly proof: 'again' | 'beyond' },
): Turned {
  const from = page.records.length;
  const { read } = walk;
  const known = knownAt({ pages, walk, page, fresh: 0, read }, namedAt(pages, walk, page), proving.heedsSigns);
  endingOf(known, { ends: 'repeated', leadsOn: false, hasBeyond: true }, proving);
  if (walk.proof === proof) return onlyAgain(pages, walk, page, { proving, ended: 'repeated' });
  const at = proof === 'again' ? walk.at : positionAfter(pages, walk, page);
  return { from, next: { ...walk, at, proof, said: known.said }, read };
}

interface Counts {
  readonly fresh: number;
  readonly all: number;
  readonly read: number;
}

/** Why this page is the last one by the rule of this kind of pages. Undefined: the rule does not end the list. */
function ownEnd(pages: Pagination, { fresh, all, read }: Counts, walk: Walk, page: Page): EndReason | undefined {
  if (pages.type === 'none') return 'one_answer';
  if (page.body.length === 0) return endsWithoutBody(pages, walk, page);
  if (pages.type === 'keyset') return fresh === 0 && namedWord(pages, page) !== true ? 'empty' : undefined;
  if (!('end' in pages)) return undefined;
  switch (pages.end) {
    case 'has_more':
      return undefined;
    case 'empty':
    case 'refused':
    case 'repeated':
      return fresh === 0 && all <= (pages.type === 'offset' && walk.at !== null ? 1 : 0) ? 'empty' : undefined;
    case 'short':
      return all < (pages.page_size ?? 0) ? 'short' : undefined;
    case 'total':
      return read >= Number(totalIn(pages, page, isBehind(walk, page)) ?? walk.total ?? Number.NaN) ? 'total' : undefined;
  }
}

/** Decides about a page without a body, such as an answer with status 204. If an empty page ends the list, this page ends it as well. For any other list, throws HomeError HYG-3602, since a page without a body does not say whether more records follow. */
function endsWithoutBody(pages: Pagination, walk: Walk, page: Page): EndReason {
  const isEnd = walk.pages === 0 || pages.type === 'keyset' || ('end' in pages && pages.end !== 'has_more') || walk.proof !== undefined;
  if (!isEnd) throw noPage(page.name, 'The answer has no body, so nothing says whether more records follow.');
  return 'empty';
}

/** What the page says in the members that `pagination` names. The total may be only on the first page. */
function namedAt(pages: Pagination, walk: Walk, page: Page): Named {
  const totals = [walk.total, isToldOnce(pages, page) ? undefined : totalIn(pages, page, isBehind(walk, page))]
    .flatMap((total) => total ?? [])
    .map(Number);
  return { word: namedWord(pages, page), total: totals.length === 0 ? undefined : Math.min(...totals) };
}

/** Whether the total is missing because only the first page has it. Some APIs whose pages link to each other count only on the first page, such as Microsoft Graph. */
function isToldOnce(pages: Pagination, page: Page): boolean {
  return pages.type === 'next_url' && pages.total_at !== undefined && !page.values.has(pages.total_at);
}

/**
 * Whether more records follow, by the member that `pagination` names. Undefined: `pagination` names no member for this. Throws HomeError HYG-3602 if the value is missing or not a
 * boolean, unless `end` names another rule.
 */
function namedWord(pages: Pagination, page: Page): boolean | undefined {
  const { has_more_at: more, last_at: last } = pages as { readonly has_more_at?: string; readonly last_at?: string };
  const at = more ?? last;
  if (at === undefined || page.body.length === 0) return undefined;
  const isBeside = 'end' in pages && pages.end !== 'has_more';
  const found = page.values.get(at);
  if (found === undefined && isBeside) return undefined;
  if (found === undefined) throw noPage(page.name, `${at} is missing, but should say whether more records follow.`);
  const is = ({ true: true, 1: true, false: false, 0: false } as const)[found.text.toLowerCase()];
  if (is === undefined && isBeside) return undefined;
  if (is === undefined) throw noPage(page.name, `The value at ${at} is neither true nor false.`);
  return more === undefined ? !is : is;
}

/** The position of the next page. Null: the answer does not lead to a next page. */
function positionAfter(pages: PlainPages, walk: Walk, page: Page): Walk['at'] {
  switch (pages.type) {
    case 'none':
      return null;
    case 'page':
      return Number(walk.at ?? firstNumber(pages)) + 1;
    case 'keyset': {
      const last = page.records.at(-1);
      return last === undefined ? null : textOf(pages.field, last, page);
    }
    case 'cursor': {
      const found = pages.at === undefined ? asFound(page.header(pages.header ?? '')) : page.values.get(pages.at);
      if (isNothing(found)) return null;
      if (pages.param !== undefined) return found.text;
      const params = asParams(found.text);
      if (params === undefined) throw noPage(page.name, `${pages.at} is not an object of parameters: set pagination.param.`);
      return params;
    }
    case 'next_url': {
      const link = linkSelector(pages.at);
      const found = page.values.get(link?.list ?? pages.at);
      if (link !== undefined) {
        const address = found?.kind === 'array' ? addressInLinks(found.text, link) : undefined;
        return address === undefined ? null : resolved(address, page);
      }
      return isNothing(found) ? null : resolved(found.text, page);
    }
    case 'link_header':
      return nextLink(pages, page) ?? null;
  }
}

/** The address of the next page in the header `Link`. Throws HomeError HYG-3613 if the header names a next page whose address is not readable. */
function nextLink(pages: Pagination, page: Page): string | undefined {
  const said = linkSaid('next', page.header('link') ?? '', page.url);
  if (said === undefined) return undefined;
  if (said.address === undefined) throw linkUnreadable(page.name, insteadOfLink(pages, page));
  return resolved(said.address, page);
}

function asFound(text: string | undefined): Found | undefined {
  return text === undefined ? undefined : { kind: 'string', text };
}

function isNothing(found: Found | undefined): found is undefined {
  return found === undefined || found.kind === 'null' || found.text === '' || found.text === 'false';
}

type OffsetPages = Extract<Pagination, { readonly type: 'offset' }>;

/** Each page should begin with the last record of the previous page. If a page does not, an earlier page is requested, which should have this record. */
function offsetTurn(pages: OffsetPages, walk: Walk, page: Page, proving: Proving): Turned {
  const { key } = pages;
  const hashes = page.records.map((record) => (key === undefined ? hashOf(page, [record]) : short(textOf(key, record, page))));
  const { tail = [], back = 0 } = walk;
  const asked = Number(walk.at ?? 0);
  const last = tail.at(-1);
  const mark = hashes.length === 0 ? undefined : hashOf(page, page.records);
  // New records at the front of the list may move a page to the position of the next page. If a page repeats twice in a row, the API ignores the offset.
  const mayRepeat = hashes.length > 1 || last === undefined;
  const again = mark !== undefined && mark === walk.page && mayRepeat && back === 0 ? (walk.same ?? 0) + 1 : 0;
  const isProof = walk.proof === 'beyond' || walk.proof === 'told';
  // A page that was requested as a proof begins with the last record of the page before. If it is the same page again and begins with another record, the API ignores the offset.
  const isIgnored = walk.proof === 'beyond' && again > 0 && hashes[0] !== last;
  const isOfOne = pages.page_size === 1;
  const isLone = last === undefined && !isOfOne;
  if (isIgnored || (!isProof && (again > 1 || (again === 1 && (isLone || hashes[0] === last))))) {
    const seen = knownAt({ pages, walk, page, fresh: 0, read: walk.read }, namedAt(pages, walk, page), proving.heedsSigns);
    if (!isIgnored || (seen.named.total ?? seen.said.total) !== walk.read)
      throw noEnd(page.name, 'This page has the same records as the previous page.', insteadOfAgain(seen));
  }
  const { page: _page, back: _back, same: _same, proof, empty: idle = 0, ...rest } = walk;
  if (idle + 1 >= mostIdle && back > 0) throw nothingNew(page.name, mostIdle, insteadOfOffset(pages, walk.read, walk.said ?? {}));
  // The page lacks the last record of the previous page: that record is gone, or the API returned an empty page by mistake.
  if (hashes.length === 0 && last !== undefined && proof === undefined)
    return { from: 0, next: { ...rest, ...(idle === 0 ? {} : { empty: idle }), proof: 'again' }, read: walk.read };
  // Records may equal each other. If the first record of the page is the last record of the previous page, nothing shifted: only this record was read before.
  const seam = last === undefined ? -1 : hashes[0] === last ? 0 : hashes.lastIndexOf(last);
  const found = hashes.length === 0 && isProof ? 0 : seam;
  if (last !== undefined && found === -1 && !(hashes.length === 0 && saysMoreOf(pages, { walk, page }, proving)))
    return goBack(pages, { ...walk, empty: idle + 1 }, { asked, back }, page);
  const from = seam + 1;
  const fresh = hashes.length - from;
  const read = walk.read + fresh;
  const seen = knownAt({ pages, walk, page, fresh, read }, namedAt(pages, walk, page), proving.heedsSigns);
  const isLastAgain = pages.end === 'repeated' && fresh === 0 && last !== undefined && hashes.at(-1) === last && hashes.length > 1;
  if (isLastAgain && read === hashes.length && isUsualCap(read))
    throw noEnd(
      page.name,
      `This page has the records of the first page again, so the API may ignore ${pages.param}.`,
      insteadOfAgain(seen),
    );
  const own = isLastAgain ? 'repeated' : ownEnd(pages, { fresh, all: hashes.length, read }, walk, page);
  // A page with only the last record of the previous page is not an empty page.
  const isLastAlone = fresh === 0 && hashes.length === 1 && last !== undefined;
  const hasBeyond = pages.page_size !== undefined;
  const ending = endingOf(seen, { ends: own, leadsOn: true, hasBeyond }, isLastAlone ? { ...proving, proves: false } : proving);
  if ('isOver' in ending) return { from, next: null, read, ended: ending.isOver };
  const empty = fresh === 0 ? { empty: idle + 1 } : {};
  if ('proof' in ending && ending.proof !== 'beyond') return { from, next: { ...rest, said: seen.said, proof: ending.proof }, read };
  const shown = { ...(mark === undefined ? {} : { page: mark }), ...(again === 0 ? {} : { same: again }) };
  if (fresh === 0 && hashes.length <= 1) {
    // The page has no new record at which to continue. So the next page begins after a page of the largest size, without an overlap.
    const { tail: _tail, ...apart } = rest;
    const step = 'proof' in ending ? (pages.page_size ?? 1) : Math.max(1, seen.said.size ?? 1);
    return {
      from,
      next: {
        ...apart,
        at: asked + step,
        read,
        said: seen.said,
        ...empty,
        ...shown,
        ...('proof' in ending ? { proof: ending.proof } : {}),
      },
      read,
    };
  }
  // A page of one record has no room for the last record of the previous page, so such pages do not overlap.
  const at = asked + hashes.length - (isOfOne ? 0 : 1);
  const kept = isOfOne ? {} : { tail: [...tail, ...hashes.slice(from)].slice(-keptTail) };
  const next = 'proof' in ending ? { proof: ending.proof } : ending.isTold ? { proof: 'told' as const } : {};
  return { from, next: { ...rest, at: Math.max(0, at), read, ...kept, said: seen.said, ...empty, ...shown, ...next }, read };
}

/** Whether the answer with an empty page has a sign that more records follow. */
function saysMoreOf(pages: OffsetPages, { walk, page }: { readonly walk: Walk; readonly page: Page }, { heedsSigns }: Proving): boolean {
  return moreAt(knownAt({ pages, walk, page, fresh: 0, read: walk.read }, namedAt(pages, walk, page), heedsSigns)).length > 0;
}

function goBack(pages: OffsetPages, walk: Walk, { asked, back }: { readonly asked: number; readonly back: number }, page: Page): Turned {
  if (back >= mostBack || asked === 0)
    throw shifted(
      page.name,
      'The last record of the previous page is no longer at its position or near it. This record was removed, or it changed.',
      linesOf(insteadOfOffset(pages, walk.read, walk.said ?? {})),
    );
  const step = (pages.page_size ?? usualStep) * 2 ** back;
  const { page: _page, same: _same, proof: _proof, ...rest } = walk;
  return { from: page.records.length, next: { ...rest, at: Math.max(0, asked - step), back: back + 1 }, read: walk.read };
}

/** The number of all records, in digits. Undefined: the number is missing where it may be missing, for example in an answer without a body. @param isPast whether the page is after the last page, so that its number may be missing. Throws HomeError HYG-3602. */
export function totalIn(pages: Pagination, page: Page, isPast = false): string | undefined {
  const { total_at, total_header } = pages as { readonly total_at?: string; readonly total_header?: string };
  const text = total_at === undefined ? page.header(total_header ?? '') : page.values.get(total_at)?.text;
  if ((total_at === undefined && total_header === undefined) || (text === undefined && (isPast || page.body.length === 0)))
    return undefined;
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw noTotal(page.name, `${total_at ?? total_header}`);
  const relation = page.values.get(relationOf(total_at) ?? '')?.text;
  if (relation !== undefined && relation !== 'eq') throw totalIsBound(page.name, `${total_at}`, relation);
  return text;
}

/** Whether the page was requested after the last page and has no records. The total on such a page may count only its own records, or be missing. */
const isBehind = ({ proof }: Walk, { records }: Page): boolean => proof === 'beyond' && records.length === 0;

/** `total`: the number of all records that the API reported first. `read`: the number of records read. */
interface Whole {
  readonly total: string | undefined;
  readonly read: number;
  /** The number of repeated records, each of which is written once. */
  readonly once: number;
  /** The number of records on the largest page. */
  readonly size: number;
  readonly isBehind: boolean;
}

function mustBeWhole(pages: Pagination, { total, read, once, size, isBehind: isPast }: Whole, page: Page): void {
  if (total === undefined) return;
  const counted = isToldOnce(pages, page) ? undefined : totalIn(pages, page, isPast);
  const now = counted === undefined || (isPast && Number(counted) === 0) ? total : counted;
  if (Number(total) === read && now === total) return;
  const counts =
    now === total ? `The API counts ${total} records` : `The API counted ${total} records on the first page, and ${now} on the last`;
  const said = `${counts}; ${read} were read`;
  if (once > 0) throw repeatsCounted(page.name, once, ownRecords(pages), said);
  const without = {
    when: 'If the number counts other records, or only the records of a page',
    pagination: ignoring(pages, [{ name: 'total' }]),
  };
  throw shifted(page.name, `${said}.`, linesOf([...insteadOfOffset(pages, read, { size }), without]));
}
