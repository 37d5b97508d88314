/** How the pages of a list follow each other, and what proves that they have each record. Pure: a walk is JSON, and lies in checkpoints. */
import type { Body } from '../answers/document.ts';
import { asParams, type Found, fieldOf, type Span } from '../answers/envelope.ts';
import { linkUnreadable, noEnd, noPage, noTotal, shifted, totalIsBound } from '../answers/errors.ts';
import { ofRecord } from '../answers/readable.ts';
import { anchoredTurn, type GroupSoFar } from './anchors.ts';
import { type Pagination, tellsTotal } from './config.ts';
import { linkSaid } from './link-header.ts';
import type { NewestSoFar } from './newest-first.ts';
import { resolved, short, withoutCircle, withRepeated } from './positions.ts';
import { type Remembered, remembered } from './repeats.ts';
import type { PassSoFar } from './two-passes.ts';

/** Where a reading of the list is. */
export interface Walk {
  /** Nothing follows: all of the list was read. */
  readonly isOver?: true;
  /** The next request: a number, a cursor, parameters, an address. Null: the first page. */
  readonly at: number | string | Readonly<Record<string, string>> | null;
  readonly pages: number;
  /** Records of the list so far, each counted once. */
  readonly read: number;
  /** The records of the page before, as a hash. */
  readonly page?: string;
  /** The last records of the page before, as hashes, the last one last. */
  readonly tail?: readonly string[];
  /** Whether the numbers of `pagination.field` rise from page to page. */
  readonly rises?: boolean;
  /** How often in a row an earlier page was asked for, to find them again. */
  readonly back?: number;
  /** Pages without a record, in a row. */
  readonly empty?: number;
  /** A position that was met before; after so many more another one is kept. A circle of any length meets one of them (R. P. Brent, 1980). */
  readonly met?: { readonly position: string; readonly every: number; readonly left: number };
  /** The number of all records, as the first page has it. */
  readonly total?: string;
  /** The keys of the page before, as a hash: where `pagination.key` names the field. */
  readonly keys?: string;
  /** In a list by a filter, while more records have one value than a page has. */
  readonly group?: GroupSoFar;
  /** In a list that begins with the newest record. */
  readonly newest?: NewestSoFar;
  /** In a list that is read twice. */
  readonly pass?: PassSoFar;
  /** In a long list by page number. */
  readonly repeats?: Remembered;
}

export const beginning: Walk = { at: null, pages: 0, read: 0 };

export interface Page {
  readonly body: Body;
  readonly url: URL;
  readonly records: readonly Span[];
  readonly values: ReadonlyMap<string, Found>;
  /** For people. */
  readonly name: string;
  header(name: string): string | undefined;
}

export interface Turn {
  /** The first record of the page that was not read before. */
  readonly from: number;
  /** Null: the list is over. */
  readonly next: Walk | null;
}

const mostEmpty = 100;
const keptTail = 8;
const mostBack = 6;
const usualStep = 100;

/** What the walk has to know of the body of each page. */
export function selectorsOf(pages: Pagination): readonly string[] {
  const keys = ['at', 'has_more_at', 'last_at', 'total_at'] as const;
  const given = pages as Readonly<Partial<Record<(typeof keys)[number], string>>>;
  const places = keys.map((key) => given[key]).filter((one) => one !== undefined);
  const relation = relationOf(given.total_at);
  return [...places.map((at) => linkSelector(at)?.list ?? at), ...(relation === undefined ? [] : [relation])];
}

/** Beside a total that may be a lower bound: `hits.total.value` and `hits.total.relation` of Elasticsearch. */
function relationOf(total: string | undefined): string | undefined {
  return total?.endsWith('.value') ? total.replace(/value$/, 'relation') : undefined;
}

/**
 * Why nothing proves that a reading had each record; undefined: something does. Pages by number shift where a record is removed, and a total shows that unless another
 * record is added. Offset pages match at their seams, so with a total nothing is left.
 * @param read `window`: records that no other one joins meanwhile. `newest`: a list up to its first page below the window.
 */
export function unprovenBy(pages: Pagination, read: 'all' | 'window' | 'newest'): string | undefined {
  if (pages.type === 'none' || pages.type === 'keyset' || pages.type === 'anchored') return undefined;
  if (read === 'newest' && pages.type === 'offset') return undefined;
  if (read === 'newest') return 'a record that is removed moves another one to a page that was read before';
  if (tellsTotal(pages)) {
    if (read === 'window' || pages.type === 'offset') return undefined;
    return 'in a full load, the total stays the same where one record is removed and another one is added';
  }
  if (pages.type === 'page') return 'pages are counted by number, and the API tells no total';
  if (pages.type === 'offset') return 'a record that is added before those already read is not noticed: the API tells no total';
  return 'the pages are those that the API leads to, and it tells no total';
}

/** The address of the next request. @param first the first page, with its parameters. */
export function requestOf(pages: Pagination, { at }: Walk, first: URL): URL {
  const url = new URL(first);
  if (typeof at === 'string' && leadsByAddress(pages)) return withRepeated(at, first);
  if ('size_param' in pages && pages.size_param !== undefined) url.searchParams.set(pages.size_param, String(pages.page_size));
  const param = 'param' in pages ? pages.param : undefined;
  if (at !== null && typeof at === 'object') for (const [name, value] of Object.entries(at)) url.searchParams.set(name, value);
  else if (param !== undefined && pages.type === 'page') url.searchParams.set(param, String(at ?? pages.start));
  else if (param !== undefined && at !== null) url.searchParams.set(param, String(at));
  return url;
}

/** Whether a text in `Walk.at` is an address. */
export function leadsByAddress({ type }: Pagination): boolean {
  return type === 'next_url' || type === 'link_header' || type === 'anchored';
}

/** Throws HomeError HYG-3604 where pages come again, HYG-3605 where they shifted. */
export function turn(pages: Pagination, walk: Walk, page: Page): Turn {
  const total = walk.total ?? totalIn(pages, page);
  const repeats = pages.type === 'page' && total === undefined ? remembered(walk, page) : undefined;
  const told = { ...(total === undefined ? {} : { total }), ...(repeats === undefined ? {} : { repeats }) };
  const counted = { ...walk, pages: walk.pages + 1, ...told };
  const turned = turnBy(pages, counted, page);
  if (turned.next === null) mustBeWhole(pages, { total, read: turned.read }, page);
  return turned;
}

interface Turned extends Turn {
  readonly read: number;
}

function turnBy(pages: Pagination, walk: Walk, page: Page): Turned {
  if (pages.type === 'offset') return offsetTurn(pages, walk, page);
  if (pages.type !== 'anchored') return plainTurn(pages, walk, page);
  return anchoredTurn(pages, walk, { ...page, link: nextLink(page) });
}

type PlainPages = Exclude<Pagination, { type: 'offset' | 'anchored' }>;

function plainTurn(pages: PlainPages, walk: Walk, page: Page): Turned {
  const known = pages.type === 'keyset' ? knownRecords(pages.field, walk, page) : 0;
  const fresh = page.records.length - known;
  const read = walk.read + fresh;
  const mark = page.records.length === 0 ? undefined : hashOf(page, page.records);
  if (mark !== undefined && mark === walk.page) throw noEnd(page.name, 'It has the same records as the page before.');
  const keys = pages.type === 'page' && pages.key !== undefined && mark !== undefined ? keysOf(pages.key, page) : undefined;
  if (keys !== undefined && keys === walk.keys) throw noEnd(page.name, 'It has the records of the page before again, by their key.');
  const ends = isLast(pages, { fresh, all: page.records.length, read }, walk, page);
  const at = ends ? null : positionAfter(pages, walk, page);
  if (at === null && !ends && saysMore(pages, page)) throw noPage(page.name, 'It says that more follows, and nothing in it leads there.');
  if (at === null) return { from: known, next: null, read };
  const empty = fresh === 0 ? (walk.empty ?? 0) + 1 : 0;
  if (empty > mostEmpty) throw noEnd(page.name, `${mostEmpty} pages in a row have no record, and each leads to another one.`);
  const { page: _before, keys: _keys, ...rest } = walk;
  const ordered = pages.type === 'keyset' ? keysetOrder(pages.field, walk, { page, known }) : {};
  const shown = { ...(mark === undefined ? {} : { page: mark }), ...(keys === undefined ? {} : { keys }) };
  const next = { ...rest, ...ordered, at, read, empty, ...shown };
  return {
    from: known,
    next: pages.type === 'page' ? next : withoutCircle(next, page, leadsByAddress(pages) ? 'address' : 'cursor'),
    read,
  };
}

/** In any order: an API that ignores the number of the page may sort by chance. */
function keysOf(field: string, page: Page): string {
  return short(JSON.stringify(page.records.map((record) => textOf(field, record, page)).sort()));
}

/** Records that the page before had as well, where the filter takes the last one with it. */
function knownRecords(field: string, { at, tail = [] }: Walk, page: Page): number {
  if (at === null) return 0;
  const fresh = page.records.findIndex((record) => textOf(field, record, page) !== at);
  const known = fresh === -1 ? page.records.length : fresh;
  const [first] = page.records;
  if (known > 1) throw sameKey(field, page);
  if (known === 1 && first && tail.length > 0 && hashOf(page, [first]) !== tail.at(-1))
    throw shifted(page.name, `Its first record has the ${field} of the last one before, and is another record, or it changed.`);
  return known;
}

function sameKey(field: string, page: Page): Error {
  return noPage(page.name, `Two records have the same ${field}: pagination.field has to be different in each record.`);
}

/** What the next page has to go on with: the last record, and whether the numbers of the field rise. Throws HomeError HYG-3602, 3604. */
function keysetOrder(
  field: string,
  walk: Walk,
  { page, known }: { readonly page: Page; readonly known: number },
): Pick<Walk, 'tail' | 'rises'> {
  const fresh = page.records.slice(known);
  const [first, last, before] = [fresh[0], fresh.at(-1), fresh.at(-2)];
  if (first === undefined || last === undefined) return {};
  const [begin, end] = [textOf(field, first, page), textOf(field, last, page)];
  if (before !== undefined && before !== last && textOf(field, before, page) === end) throw sameKey(field, page);
  const ways = [
    ...(walk.rises === undefined ? [] : [walk.rises]),
    ...(walk.at === null ? [] : risesFrom(String(walk.at), begin)),
    ...risesFrom(begin, end),
  ];
  if (ways.some((way) => way !== ways[0]))
    throw noEnd(page.name, `Its records are not in the order of ${field}, in which the pages follow each other.`);
  const [rises] = ways;
  return { tail: [hashOf(page, [last])], ...(rises === undefined ? {} : { rises }) };
}

/** Only numbers have an order that is certain. */
function risesFrom(one: string, other: string): readonly boolean[] {
  const isNumber = (text: string) => /^-?\d{1,30}$/.test(text);
  return isNumber(one) && isNumber(other) && one !== other ? [BigInt(other) > BigInt(one)] : [];
}

function textOf(field: string, record: Span, page: Page): string {
  const found = ofRecord(page.name, () => fieldOf(page.body, record, field));
  if (found === undefined || found.kind === 'null' || found.kind === 'object' || found.kind === 'array')
    throw noPage(page.name, `A record has no ${field} that pages could be told apart by.`);
  return found.text;
}

interface Counts {
  readonly fresh: number;
  readonly all: number;
  readonly read: number;
}

/** Whether the config says that this is the last page. */
function isLast(pages: Pagination, { fresh, all, read }: Counts, walk: Walk, page: Page): boolean {
  if (pages.type === 'none') return true;
  if (page.body.length === 0) return endsWithoutBody(pages, walk, page);
  const more = 'end' in pages && pages.end !== 'has_more' ? undefined : saysMore(pages, page);
  if (more === false) return true;
  if (more === undefined && pages.type === 'keyset') return fresh === 0;
  if (!('end' in pages)) return false;
  switch (pages.end) {
    case 'has_more':
      return false;
    case 'empty':
      return fresh === 0 && all <= (pages.type === 'offset' && walk.at !== null ? 1 : 0);
    case 'short':
      return all < (pages.page_size ?? 0);
    case 'total':
      return read >= Number(totalIn(pages, page) ?? Number.NaN);
  }
}

/** 204: a page without records, where such a page ends the list. Another page led to it otherwise, and it should say what follows. */
function endsWithoutBody(pages: Pagination, walk: Walk, page: Page): true {
  const isEnd = walk.pages === 1 || pages.type === 'keyset' || ('end' in pages && pages.end !== 'has_more');
  if (!isEnd) throw noPage(page.name, 'It has no body, so nothing says whether more follows.');
  return true;
}

/** What the body says of further pages; undefined: the config names no place for that. Throws HomeError HYG-3602. */
function saysMore(pages: Pagination, page: Page): boolean | undefined {
  const { has_more_at: more, last_at: last } = pages as { readonly has_more_at?: string; readonly last_at?: string };
  const at = more ?? last;
  if (at === undefined || page.body.length === 0) return undefined;
  const found = page.values.get(at);
  if (found === undefined) throw noPage(page.name, `Nothing is at ${at}, where it should say whether more follows.`);
  const is = ({ true: true, 1: true, false: false, 0: false } as const)[found.text.toLowerCase()];
  if (is === undefined) throw noPage(page.name, `What is at ${at} is neither true nor false.`);
  return more === undefined ? !is : is;
}

/** Null: the API leads no further. */
function positionAfter(pages: PlainPages, walk: Walk, page: Page): Walk['at'] {
  switch (pages.type) {
    case 'none':
      return null;
    case 'page':
      return Number(walk.at ?? pages.start) + 1;
    case 'keyset': {
      const last = page.records.at(-1);
      return last === undefined ? null : textOf(pages.field, last, page);
    }
    case 'cursor': {
      const found = pages.at === undefined ? asFound(page.header(pages.header ?? '')) : page.values.get(pages.at);
      if (isNothing(found)) return null;
      if (pages.param !== undefined) return found.text;
      const params = asParams(found.text);
      if (params === undefined) throw noPage(page.name, `${pages.at} is no object of parameters: set pagination.param.`);
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
      return nextLink(page) ?? null;
  }
}

/** The address of the next page in the header `Link`. Throws HomeError HYG-3613 where it names one, and no address. */
function nextLink(page: Page): string | undefined {
  const said = linkSaid('next', page.header('link') ?? '', page.url);
  if (said === undefined) return undefined;
  if (said.address === undefined) throw linkUnreadable(page.name);
  return resolved(said.address, page);
}

/** The place of an address in a list of links: `link[relation=next].url` of FHIR, `links[rel=next].href`. */
interface LinkSelector {
  /** The place of the list. */
  readonly list: string;
  readonly name: string;
  readonly value: string;
  /** The member that has the address. */
  readonly member: string;
}

/** Undefined: it is the place of one value. */
function linkSelector(at: string): LinkSelector | undefined {
  const [, list, name, value, member] = /^([^[\]]+)\[([^=\]]+)=([^\]]+)\]\.([^.[\]]+)$/.exec(at) ?? [];
  if (list === undefined || name === undefined || value === undefined || member === undefined) return undefined;
  return { list, name, value, member };
}

/** The address; undefined: no link of the list leads there. @param text the list as JSON. */
function addressInLinks(text: string, { name, value, member }: LinkSelector): string | undefined {
  const links: unknown = JSON.parse(text);
  const found = (Array.isArray(links) ? links : []).find((one) => typeof one === 'object' && one !== null && one[name] === value);
  const address: unknown = found?.[member];
  return typeof address === 'string' && address !== '' ? address : undefined;
}

function asFound(text: string | undefined): Found | undefined {
  return text === undefined ? undefined : { kind: 'string', text };
}

function isNothing(found: Found | undefined): found is undefined {
  return found === undefined || found.kind === 'null' || found.text === '' || found.text === 'false';
}

type OffsetPages = Extract<Pagination, { readonly type: 'offset' }>;

/** A page begins with the last record of the page before; where it does not, an earlier page is asked for that has it. */
function offsetTurn(pages: OffsetPages, walk: Walk, page: Page): Turned {
  const hashes = page.records.map((record) => hashOf(page, [record]));
  const { tail = [], back = 0 } = walk;
  const asked = Number(walk.at ?? 0);
  const last = tail.at(-1);
  const mark = hashes.length === 0 ? undefined : hashOf(page, page.records);
  // New records in front may move a page to where the next one was. Two in a row: the API does not look at the offset.
  const again = mark !== undefined && mark === walk.page && hashes.length > 1 && back === 0 ? (walk.empty ?? 0) + 1 : 0;
  if (again > 1 || (again === 1 && hashes[0] === last)) throw noEnd(page.name, 'It has the same records as the page before.');
  // Neighbours may be equal: where nothing shifted, only the first record was read before.
  const seam = last === undefined ? -1 : hashes[0] === last ? 0 : hashes.lastIndexOf(last);
  if (last !== undefined && seam === -1) return goBack(pages, walk, { asked, back }, page);
  const from = seam + 1;
  const fresh = hashes.length - from;
  const read = walk.read + fresh;
  if (isLast(pages, { fresh, all: hashes.length, read }, walk, page)) return { from, next: null, read };
  const at = asked + hashes.length - 1;
  if (at <= asked && last !== undefined && back === 0) throw noEnd(page.name, 'It has no further record, and should not be the last page.');
  const { page: _page, back: _back, empty: _empty, ...rest } = walk;
  const kept = [...tail, ...hashes.slice(from)].slice(-keptTail);
  const shown = { ...(mark === undefined ? {} : { page: mark }), ...(again === 0 ? {} : { empty: again }) };
  return { from, next: { ...rest, at: Math.max(0, at), read, tail: kept, ...shown }, read };
}

function goBack(pages: OffsetPages, walk: Walk, { asked, back }: { readonly asked: number; readonly back: number }, page: Page): Turned {
  if (back >= mostBack || asked === 0)
    throw shifted(page.name, 'The last record of the page before is not where it was, nor near it: it was removed, or it changed.');
  const step = (pages.page_size ?? usualStep) * 2 ** back;
  const { page: _page, ...rest } = walk;
  return { from: page.records.length, next: { ...rest, at: Math.max(0, asked - step), back: back + 1 }, read: walk.read };
}

/** The number of all records, in digits; undefined: the API tells none, or the answer has no body. Throws HomeError HYG-3602 where it should be there and is not. */
export function totalIn(pages: Pagination, page: Page): string | undefined {
  const { total_at, total_header } = pages as { readonly total_at?: string; readonly total_header?: string };
  const text = total_at === undefined ? page.header(total_header ?? '') : page.values.get(total_at)?.text;
  if ((total_at === undefined && total_header === undefined) || (text === undefined && page.body.length === 0)) return undefined;
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw noTotal(page.name, `${total_at ?? total_header}`);
  const relation = page.values.get(relationOf(total_at) ?? '')?.text;
  if (relation !== undefined && relation !== 'eq') throw totalIsBound(page.name, `${total_at}`, relation);
  return text;
}

/** What the API counted before, what it counts now, and what was read. */
function mustBeWhole(pages: Pagination, { total, read }: { readonly total: string | undefined; readonly read: number }, page: Page): void {
  if (total === undefined) return;
  // Where pages lead to each other, some APIs count on the first one alone, as Microsoft Graph does.
  const isToldOnce = pages.type === 'next_url' && pages.total_at !== undefined && !page.values.has(pages.total_at);
  const now = isToldOnce ? total : (totalIn(pages, page) ?? total);
  if (Number(total) === read && now === total) return;
  const counts =
    now === total ? `The API counts ${total} records` : `The API counted ${total} records on the first page, and ${now} on the last`;
  throw shifted(page.name, `${counts}; ${read} were read.`);
}

/** Neighbouring records as a short text. */
export function hashOf({ body }: Page, records: readonly Span[]): string {
  const [first] = records;
  const last = records.at(-1);
  return first && last ? short(body.bytes.subarray(first.start, last.end)) : '';
}
