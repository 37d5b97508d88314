/**
 * Finds what an answer says about its list outside the records: whether more records follow, and how many records the list has. APIs use members and headers with usual
 * names, which this module lists.
 */

import { parsedJson } from '../../ports/values.ts';
import { fieldOf } from '../answers/envelope.ts';
import { hasRelation, linkSaid } from '../answers/link-header.ts';
import type { SignName } from './config.ts';
import type { Page } from './pages.ts';

/** The keys of a proposed `pagination`. */
export interface PageKeys {
  readonly type: 'page' | 'offset' | 'cursor' | 'next_url' | 'link_header' | 'keyset';
  readonly at?: string;
  readonly header?: string;
  readonly param?: string;
  readonly start?: number;
  readonly field?: string;
  readonly key?: string;
  readonly end?: 'has_more' | 'short' | 'total';
  readonly has_more_at?: string;
  readonly last_at?: string;
  readonly total_at?: string;
  readonly total_header?: string;
  readonly page_size?: number;
  readonly size_param?: string;
}

/** A sign that more records follow, or a number of all records or pages. */
export interface Sign {
  /** The name by which `pagination.ignore` ignores the sign. */
  readonly name: SignName;
  /** The sign as a sentence for people. */
  readonly says: string;
  /** The keys of `pagination` that read the next page. */
  readonly keys: PageKeys;
  readonly isGuess?: true;
  /** The number of all records if `name` is `total`, or of all pages if `name` is `pages`. The number may equal the number already read. */
  readonly counts?: number;
  /** The path of a member whose name says that the answer may be incomplete: `truncated: true`. */
  readonly cutAt?: string;
}

/** The facts that an answer reports about its list. */
export interface ListSigns {
  readonly signs: readonly Sign[];
  /** A sentence saying that no more records follow. Undefined: no word says so, or another word contradicts it. */
  readonly over: string | undefined;
}

/** The maximum bytes around the records that are searched for signs. */
const mostAround = 16 * 1024 * 1024;

/** Names of objects with facts about the list. The names are in lower case, without underscores, digits and punctuation. */
const containers = new Set([
  'meta',
  'metadata',
  'links',
  'paging',
  'pagination',
  'page',
  'pages',
  'pageinfo',
  'info',
  'responsemetadata',
  'resultinfo',
  'additionaldata',
  'hits',
  'next',
  'pager',
  'paginator',
  'resultset',
  'listinfo',
]);
/** The names in `containers` whose objects are only about pages. */
const pagingObjects = new Set(['paging', 'pagination', 'pageinfo', 'pager', 'paginator']);
/** Names of objects around the records. A number in such an object counts the records, not other things. */
const wrappers = new Set([
  'd',
  'data',
  'result',
  'results',
  'response',
  'hits',
  'queryresponse',
  'searchresult',
  'list',
  'body',
  'payload',
]);
const linkLists = new Set(['link', 'links']);
const addressNames = new Set(['href', 'link', 'url', 'uri']);
const nextNames = new Set([
  'next',
  'nextpage',
  'nexturl',
  'nexturi',
  'nextlink',
  'nexthref',
  'nextpageurl',
  'nextpageuri',
  'nextpagelink',
  'nextpagepath',
  'nextpath',
  'nextrecordsurl',
  'odatanextlink',
  'afterurl',
]);
const cursorNames = new Set([
  ...['nextcursor', 'nextpagetoken', 'nexttoken', 'nextpagecursor', 'continuationtoken', 'nextcontinuationtoken'],
  ...['nextmarker', 'nextpagemarker', 'nextbookmark', 'continue', 'resumptiontoken', 'nextkey', 'nextpagekey', 'nextpageid'],
  ...['paginationtoken', 'nextpaginationtoken'],
]);
/** Names of members with a cursor whose parameter has the same name as the member. */
const sameNames = new Set([
  'continue',
  'cursor',
  'offset',
  'startingafter',
  'nexttoken',
  'continuationtoken',
  'resumptiontoken',
  'paginationtoken',
]);
const moreNames = new Set([
  'hasmore',
  'hasnext',
  'hasnextpage',
  'hasmorepages',
  'hasmoreitems',
  'hasmoreresults',
  'hasmorerecords',
  'hasmoredata',
  'moreavailable',
  'more',
  'morerecords',
  'moreresults',
  'moreitems',
  'moreitemsincollection',
  'istruncated',
  'hasmorerows',
  'hasmoreentries',
  'hasmoreobjects',
  'hasnextpages',
  'hasnextresults',
  'hasadditional',
  'hasadditionalresults',
  'moredataavailable',
  'morepagesavailable',
  'morerecordsavailable',
  'moreresultsavailable',
  'nextpageavailable',
  'nextpageexists',
]);
/** Names of members with the number of records that follow: `remainingItemCount` of Kubernetes. */
const remainingNames = new Set([
  ...['remainingcount', 'remainingitems', 'remainingrecords', 'remainingresults', 'remainingrows'],
  ...['itemsremaining', 'recordsremaining', 'resultsremaining', 'rowsremaining', 'remainingitemcount', 'remainingrecordcount'],
]);
/** Names of members with the number of records on the page. Without such a member, a member `remaining` may count requests. */
const ofPageNames = new Set(['count', 'returned', 'size', 'records', 'results']);
/** Names of members that are true if the answer is cut off. If such a member is false, the answer is complete, but the list may have more pages. */
const cutNames = new Set([
  ...['exceededtransferlimit', 'truncated', 'resultstruncated', 'resultsetlimitreached'],
  ...['limitreached', 'limitexceeded', 'resultlimitreached', 'maxresultsreached'],
]);
const lastNames = new Set([
  ...[
    'done',
    'last',
    'islast',
    'islastpage',
    'lastpage',
    'endofstream',
    'endoflist',
    'endofresults',
    'endofrecords',
    'endofdata',
    'eof',
    'isend',
  ],
]);
/** Names of members that are false if more records follow. If such a member is true, perhaps only the answer is complete. */
const completeNames = new Set(['finished', 'isfinished', 'allreturned']);
/** Words that count only in objects about the list. In other objects, these words may be about other things. */
const looseWords = new Set(['more', 'last', 'eof', 'truncated', 'limitreached', 'limitexceeded', ...completeNames]);
const totalNames = new Set([
  ...['total', 'totalcount', 'totalresults', 'totalrecords', 'totalitems', 'totalelements', 'totalsize', 'totalhits'],
  ...['recordstotal', 'count', 'odatacount', 'numfound', 'totalrows', 'totalentries', 'totalobjects', 'totalnumber'],
  ...['totalrecordcount', 'totalitemcount', 'recordcount', 'resultcount', 'itemcount', 'hitcount', 'nbhits'],
  ...['allcount', 'collectionsize', 'found', 'fullcount', 'grandtotal', 'hitstotal', 'itemscount', 'numberofitems'],
  ...['numberofrecords', 'numberofresults', 'overalltotal', 'recordscount', 'resultscount', 'resultsize'],
  ...['totalavailable', 'totaldocs', 'totalfound', 'totalmatches', 'totalmatching', 'totalnum', 'totalnumberofitems'],
  ...['totalnumberofrecords', 'totalnumberofresults', 'counttotal', 'itotalrecords'],
]);
/** Names of numbers that count only in objects about the list. Other objects have such numbers too: an order has its own total. */
const looseNames = new Set(['total', 'count', 'found', 'grandtotal', 'resultsize', 'collectionsize']);
const pageCountNames = new Set([
  ...['totalpages', 'pagecount', 'pagestotal', 'totalpagecount', 'lastpage', 'numpages', 'nbpages', 'pages'],
  ...['maxpage', 'maxpages', 'numberofpages', 'totalnumberofpages', 'lastpagenumber', 'pagesavailable'],
]);
/** Names of members with the position of the first record on the page. On the first page, the position is 0 or 1. */
const positionNames = new Set(['startat', 'skip', 'start', 'offset', 'from', 'startindex', 'startposition', 'startrow']);
const pageNames = new Set(['page', 'pagenumber', 'pageno', 'pageindex', 'pagenum']);
const totalHeaders = [
  ...['x-total-count', 'x-total', 'x-wp-total', 'total-count', 'x-totalcount', 'total', 'x-count', 'x-list-total', 'x-items-total'],
  ...['items', 'results', 'records', 'elements', 'entries', 'rows'].map((name) => `x-total-${name}`),
  ...['x-record-count', 'x-result-count', 'pagination-total', 'x-pagination-total', 'x-pagination-total-count'],
];
const pageCountHeaders = [
  ...['x-total-pages', 'x-wp-totalpages', 'total-pages', 'x-totalpages', 'x-pages', 'x-page-count', 'x-last-page'],
  ...['pagination-total-pages', 'x-pagination-total-pages', 'x-pagination-page-count', 'x-pagination-pages'],
];
const moreHeaders = ['x-has-more', 'x-has-next', 'x-has-next-page'];
const cursorHeaders = [
  ...['x-next-cursor', 'x-next-token', 'x-next-page-token', 'next-cursor', 'x-next-page-cursor', 'x-next-marker'],
  ...['x-continuation-token', 'continuation-token', 'x-ms-continuation'],
];

/** All signs in the answer. @param isRecord the body is one record, so its members are not about a list. @param countsAll totals are ignored, since the total is already known, or the numbers count other things. */
export function signsOf(page: Page, { isRecord, countsAll }: { readonly isRecord: boolean; readonly countsAll: boolean }): ListSigns {
  const around = new AroundRecords(page, { isRecord, countsAll });
  const signs = [...inHeaders(page, countsAll), ...around.signs()];
  return { signs, over: around.over };
}

/** The signs that the list has more records than the answer. */
export function ofMore(signs: readonly Sign[], { records }: Page): readonly Sign[] {
  return signs.filter(({ name, counts }) => counts === undefined || counts > (name === 'pages' ? 1 : records.length));
}

function inHeaders(page: Page, countsAll: boolean): readonly Sign[] {
  const signs: Sign[] = [];
  const isSet = (name: string) => /\S/.test(page.header(name) ?? '');
  if (linkSaid('next', page.header('link') ?? '', page.url) !== undefined)
    signs.push({ name: 'next', says: 'Its header Link leads to a next page.', keys: { type: 'link_header' } });
  if (isSet('x-next-page'))
    signs.push({
      name: 'next',
      says: 'Its header x-next-page has a next page.',
      keys: { type: 'cursor', header: 'x-next-page', param: 'page' },
    });
  const token = 'x-ms-continuationtoken';
  if (isSet(token))
    signs.push({
      name: 'cursor',
      says: `Its header ${token} has a cursor.`,
      keys: { type: 'cursor', header: token, param: 'continuationToken' },
    });
  for (const name of cursorHeaders)
    if (isSet(name))
      signs.push({
        name: 'cursor',
        says: `Its header ${name} has a cursor.`,
        keys: { type: 'cursor', header: name, param: 'cursor' },
        isGuess: true,
      });
  for (const name of moreHeaders)
    if (/^\s*(true|1|yes)\s*$/i.test(page.header(name) ?? ''))
      signs.push({ name: 'has_more', says: `Its header ${name} says that more records follow.`, keys: { type: 'page' } });
  signs.push(...inJsonHeader(page, countsAll));
  // RFC 9110 defines the header Content-Range for bytes. APIs such as those of PostgREST and Heroku use this header for the range of records.
  const [, all] = /^\s*(?:\w+\s+)?(?:\d+-\d+|\*)\/(\d+)/.exec(page.header('content-range') ?? '') ?? [];
  if (!countsAll && all !== undefined)
    signs.push({ name: 'total', says: counted('Its header Content-Range', all, page), keys: { type: 'page' }, counts: Number(all) });
  for (const name of pageCountHeaders) {
    const counts = digitsOf(page.header(name)?.trim());
    if (counts !== undefined)
      signs.push({ name: 'pages', says: `Its header ${name} counts ${counts} pages.`, keys: { type: 'page' }, counts });
  }
  for (const name of countsAll ? [] : totalHeaders) {
    const counts = digitsOf(page.header(name)?.trim());
    if (counts !== undefined)
      signs.push({ name: 'total', says: counted(`Its header ${name}`, counts, page), keys: { type: 'page', total_header: name }, counts });
  }
  return signs;
}

/** Signs in a header with JSON, as in APIs of ASP.NET: `X-Pagination: {"TotalCount": 57, "TotalPages": 6, "HasNext": true}`. */
function inJsonHeader(page: Page, countsAll: boolean): readonly Sign[] {
  const members = parsedJson(page.header('x-pagination') ?? '');
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return [];
  return Object.entries(members).flatMap(([written, value]): readonly Sign[] => {
    const [name, counts, where] = [plain(written), digitsOf(value), `Its header X-Pagination, at ${written},`];
    const keys: PageKeys = { type: 'page' };
    if (wordOf(name, value, true) === true) return [{ name: 'has_more', says: `${where} says that more records follow.`, keys }];
    if (counts === undefined) return [];
    if (pageCountNames.has(name)) return [{ name: 'pages', says: `${where} counts ${counts} pages.`, keys, counts }];
    const isTotal = totalNames.has(name) && !isOfPageBeside(name, members as Members) && !countsAll;
    return isTotal ? [{ name: 'total', says: counted(where, counts, page), keys, counts }] : [];
  });
}

/** Whether a member counts the records of the page. In Slack, `count` is the size of the page if a total is next to it. */
function isOfPageBeside(name: string, beside: Members): boolean {
  return name === 'count' && Object.keys(beside).some((other) => plain(other) !== 'count' && totalNames.has(plain(other)));
}

function counted(where: string, total: unknown, { records }: Page): string {
  return `${where} counts ${String(total)} records, and the page has ${records.length}.`;
}

type Members = Readonly<Record<string, unknown>>;

interface Place {
  /** The names on the path to the member, from the outside in. */
  readonly path: readonly string[];
  /** The object that the member is in. */
  readonly beside: Members;
  /** Whether the object is about the list, whatever the names of its members are. */
  readonly isAboutList: boolean;
}

/** The document without its records. An API reports facts about the list next to the records, in objects around the records, and in some objects with usual names. */
class AroundRecords {
  readonly #page: Page;
  readonly #isRecord: boolean;
  readonly #countsAll: boolean;
  readonly #document: unknown;
  /** The objects around the records in the document. */
  readonly #holders = new Set<object>();
  /** The parameter for pages by number or position. An API often names the parameter like a member of the answer. */
  #counter: Pick<PageKeys, 'type' | 'param' | 'start'> | undefined;
  /** The sentence that no more records follow, if a member says so. */
  #over: string | undefined;
  /** Whether a member says that more records follow. */
  #hasMore = false;
  readonly #found: readonly Sign[];

  constructor(page: Page, { isRecord, countsAll }: { readonly isRecord: boolean; readonly countsAll: boolean }) {
    this.#page = page;
    this.#isRecord = isRecord;
    this.#countsAll = countsAll;
    this.#document = documentAround(page, isRecord);
    this.#findHolders(this.#document);
    this.#found = this.#inMembers(this.#document, [], true);
  }

  get over(): string | undefined {
    return this.#hasMore ? undefined : this.#over;
  }

  signs(): readonly Sign[] {
    const found = this.#found;
    // The last page may have a cursor too, by which a later run reads new records.
    const signs = this.#over === undefined ? found : found.filter(({ keys: { type } }) => type === 'page' || type === 'offset');
    const counter = this.#counter;
    if (counter === undefined) return signs;
    return signs.map((sign) =>
      sign.keys.type === 'page' && sign.keys.param === undefined ? { ...sign, keys: { ...sign.keys, ...counter } } : sign,
    );
  }

  #findHolders(value: unknown): boolean {
    if (value === marker) return true;
    if (typeof value !== 'object' || value === null) return false;
    if (!Object.values(value).some((inside) => this.#findHolders(inside))) return false;
    this.#holders.add(value);
    return true;
  }

  #inMembers(value: unknown, path: readonly string[], isAboutList: boolean): readonly Sign[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const beside = value as Members;
    return Object.entries(beside).flatMap(([name, member]) => this.#ofMember(member, { path: [...path, name], beside, isAboutList }));
  }

  #ofMember(value: unknown, place: Place): readonly Sign[] {
    const name = plain(place.path.at(-1) ?? '');
    if (typeof value === 'object' && value !== null) return this.#ofObject(value, place);
    if (!this.#isRecord && place.isAboutList) this.#count(name, value, place);
    return [...this.#leadsOn(value, place), ...this.#says(value, place)];
  }

  #ofObject(value: object, { path }: Place): readonly Sign[] {
    const [name, at] = [plain(path.at(-1) ?? ''), path.join('.')];
    if (Array.isArray(value)) return linkLists.has(name) ? this.#inLinks(value, at) : [];
    const says = `The body has a cursor at ${at}.`;
    // In MediaWiki, each member of `continue` is a parameter of the next request.
    if (name === 'continue' && Object.keys(value).length > 0) return [{ name: 'cursor', says, keys: { type: 'cursor', at } }];
    if (name === 'lastevaluatedkey' && Object.keys(value).length > 0)
      return [{ name: 'cursor', says, keys: { type: 'cursor', at, param: 'ExclusiveStartKey' }, isGuess: true }];
    if (name === 'total') return this.#ofTotal(value as Members, path);
    const isAboutList = containers.has(name) || wrappers.has(name);
    return containers.has(name) || this.#holders.has(value) ? this.#inMembers(value, path, isAboutList) : [];
  }

  /** The total of Elasticsearch. In `{"value": 10000, "relation": "gte"}`, counting stopped at this number, so the number is not used as a total. */
  #ofTotal({ value, relation = 'eq' }: Members, path: readonly string[]): readonly Sign[] {
    const at = [...path, 'value'].join('.');
    const counts = digitsOf(value);
    if (this.#countsAll || counts === undefined) return [];
    const keys: PageKeys = { type: 'offset', param: 'from', ...(relation === 'eq' ? { total_at: at } : {}) };
    return [{ name: 'total', says: counted(`The body, at ${at},`, counts, this.#page), keys, counts }];
  }

  /** The sign in a list of links, such as `[{"rel": "next", "href": "…?page=2"}]`. */
  #inLinks(links: readonly unknown[], at: string): readonly Sign[] {
    const next = links
      .filter((link): link is Members => typeof link === 'object' && link !== null)
      .find(({ rel, relation }) => hasRelation(rel ?? relation, 'next'));
    if (next === undefined) return [];
    const address = Object.entries(next).find(([name, value]) => addressNames.has(plain(name)) && typeof value === 'string');
    const [member] = address ?? [];
    const keys: PageKeys =
      member === undefined ? { type: 'page' } : { type: 'next_url', at: `${at}[${'rel' in next ? 'rel' : 'relation'}=next].${member}` };
    return [
      { name: 'next', says: `The body has the address of a next page at ${at}.`, keys, ...(member === undefined ? { isGuess: true } : {}) },
    ];
  }

  /** Derives the parameter that counts the pages or the records from a member of the first answer. */
  #count(name: string, value: unknown, { path, beside }: Place): void {
    const first = digitsOf(value);
    if (first === undefined || first > 1) return;
    const param = path.at(-1) ?? '';
    if (positionNames.has(name) || isPositionOfBubble(name, beside)) this.#counter = { type: 'offset', param };
    if (this.#counter?.type === 'offset') return;
    const isNumber = pageNames.has(name) || name === 'currentpage' || (name === 'number' && hasMember(beside, pageCountNames));
    if (!isNumber) return;
    const named = pageNames.has(name) && param !== 'page' ? { param } : {};
    this.#counter = { type: 'page', ...named, ...(first === 0 ? { start: 0 } : {}) };
  }

  #leadsOn(value: unknown, { path, beside, isAboutList }: Place): readonly Sign[] {
    const [name = '', parent = ''] = path.slice(-2).map(plain).reverse();
    const at = path.join('.');
    const isNext = nextNames.has(name) || (parent === 'next' && (addressNames.has(name) || name === 'after' || name === 'startingafter'));
    if ((isNext || cursorNames.has(name)) && isGiven(value)) return [nextPage(String(value), { at, isNext, document: this.#document })];
    if (/^next(start|offset|skip)$/.test(name) && isGiven(value))
      return [
        {
          name: 'next',
          says: `The body has the position of a next page at ${at}.`,
          keys: { type: 'offset', param: name.replace('next', '') },
        },
      ];
    if (parent === 'next' && (pageNames.has(name) || positionNames.has(name)) && digitsOf(value) !== undefined && isGiven(value))
      return [
        { name: 'next', says: `The body has the number of a next page at ${at}.`, keys: { type: pageNames.has(name) ? 'page' : 'offset' } },
      ];
    if (this.#isRecord || !isAboutList || !isGiven(value)) return [];
    // In `cursor` and `offset`, a number is a position, and any other text is a cursor.
    const isCursor = (name === 'cursor' || name === 'offset') && typeof value === 'string' && !/^\d+$/.test(value);
    if (isCursor)
      return [{ name: 'cursor', says: `The body has a cursor at ${at}.`, keys: { type: 'cursor', at, param: path.at(-1) ?? '' } }];
    const hasTotal = Object.keys(containerOf(this.#document, 'hits')).some((one) => plain(one) === 'total');
    if (name === 'scrollid' && path.length === 1 && !hasTotal && this.#page.records.length > 0)
      return [{ name: 'cursor', says: `The body has a cursor at ${at}.`, keys: { type: 'offset', param: 'from' } }];
    const isOfPages = pagingObjects.has(parent);
    const isOfRecords = remainingNames.has(name) || (name === 'remaining' && (isOfPages || this.#countsPage(beside)));
    if (isOfRecords && digitsOf(value) !== undefined)
      return [{ name: 'has_more', says: `The body says at ${at} that ${String(value)} more records follow.`, keys: { type: 'page' } }];
    return [];
  }

  #says(value: unknown, { path, beside, isAboutList }: Place): readonly Sign[] {
    const [name = '', parent = ''] = path.slice(-2).map(plain).reverse();
    const at = path.join('.');
    const more = wordOf(name, value, isAboutList);
    if (more === false && !this.#isRecord) this.#over ??= `The body says at ${at} that no more records follow.`;
    if (more === true) {
      this.#hasMore = true;
      const says = `The body says at ${at} that more records follow.`;
      if (moreNames.has(name) && this.#isOfStripe(beside))
        return [{ name: 'has_more', says, keys: { type: 'keyset', param: 'starting_after', field: 'id', has_more_at: at } }];
      const place = moreNames.has(name) ? { has_more_at: at } : name === 'endofstream' ? { last_at: at } : {};
      const isCut = cutNames.has(name) || name === 'istruncated';
      return [{ name: 'has_more', says, keys: { type: 'page', ...place }, ...(isCut ? { cutAt: at } : {}) }];
    }
    const counts = digitsOf(value);
    if (counts === undefined) return [];
    const isLastPage = name === 'last' && pagingObjects.has(parent) && hasMember(beside, besideLast);
    const isPages =
      name === 'pages' ? isAboutList && !this.#isRecord && hasMember(beside, besidePages) : isLastPage || pageCountNames.has(name);
    if (isPages) return [{ name: 'pages', says: `The body counts ${counts} pages at ${at}.`, keys: { type: 'page' }, counts }];
    const isTotal = totalNames.has(name) && (isAboutList || !looseNames.has(name)) && !isOfPageBeside(name, beside);
    if (this.#countsAll || !isTotal) return [];
    const keys: PageKeys = { ...counterBeside(path.at(-1)), total_at: at };
    return [{ name: 'total', says: counted(`The body, at ${at},`, counts, this.#page), keys, counts }];
  }

  #countsPage(beside: Members): boolean {
    const own = this.#page.records.length;
    return (
      isPositionOfBubble('cursor', beside) || Object.entries(beside).some(([name, value]) => ofPageNames.has(plain(name)) && value === own)
    );
  }

  /** Whether the list has the form of Stripe: https://docs.stripe.com/api/pagination */
  #isOfStripe({ object, next_cursor }: Members): boolean {
    const { body, records } = this.#page;
    const last = records.at(-1);
    const isObject = last !== undefined && body.bytes[last.start] === 0x7b;
    return object === 'list' && next_cursor === undefined && isObject && fieldOf(body, last, 'id')?.kind === 'string';
  }
}

/** Whether a boolean member says that more records follow. `done: true` may be about the request, so it does not prove that no more records follow. */
function wordOf(name: string, value: unknown, isAboutList: boolean): boolean | undefined {
  // PHP and MySQL write booleans as 1 and 0.
  const written = String(value).toLowerCase();
  const text = /^[01]$/.test(written) && !moreNames.has(name) ? '' : written;
  const is = /^(true|yes|y|1)$/.test(text) ? true : /^(false|no|n|0)$/.test(text) ? false : undefined;
  if (is === undefined || (looseWords.has(name) && !isAboutList)) return undefined;
  if (moreNames.has(name)) return is;
  if (cutNames.has(name)) return is || undefined;
  if (completeNames.has(name)) return is ? undefined : true;
  if (!lastNames.has(name)) return undefined;
  return name === 'done' && is ? undefined : !is;
}

const besideLast = new Set([...pageNames, 'current', 'currentpage']);
const besidePages = new Set([...totalNames, ...pageNames, 'perpage', 'pagesize', 'limit', 'size', 'currentpage', 'next', 'prev']);

/** The keys of pages by position, if the total is named as in OData: https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html */
function counterBeside(total: string | undefined): PageKeys {
  return total === '@odata.count' || total === '__count' ? { type: 'offset', param: '$skip' } : { type: 'page' };
}

/** Whether `cursor` is a position, as in APIs of Bubble: `{"cursor": 0, "count": 100, "remaining": 57}`. */
function isPositionOfBubble(name: string, beside: Members): boolean {
  return name === 'cursor' && typeof beside.remaining === 'number' && typeof beside.cursor === 'number';
}

function hasMember(members: Members, names: ReadonlySet<string>): boolean {
  return Object.keys(members).some((name) => names.has(plain(name)));
}

function containerOf(document: unknown, name: string): object {
  const found = typeof document === 'object' && document !== null ? (document as Members)[name] : undefined;
  return typeof found === 'object' && found !== null ? found : {};
}

function nextPage(
  text: string,
  { at, isNext, document }: { readonly at: string; readonly isNext: boolean; readonly document: unknown },
): Sign {
  const own = at.split('.').at(-1) ?? '';
  const name = plain(own);
  if (isNext && (/^(https?:|[/?])/.test(text) || /(url|uri|link|href)$/.test(name)))
    return { name: 'next', says: `The body has the address of a next page at ${at}.`, keys: { type: 'next_url', at } };
  if (name === 'nextpage' && /^\d+$/.test(text))
    return { name: 'next', says: `The body has the number of a next page at ${at}.`, keys: { type: 'cursor', at, param: 'page' } };
  const known = cursorParam(own, at, document);
  const keys: PageKeys = { type: 'cursor', at, param: known ?? (name === 'nextpagetoken' ? 'page_token' : 'cursor') };
  return { name: 'cursor', says: `The body has a cursor at ${at}.`, keys, ...(known === undefined ? { isGuess: true } : {}) };
}

/** The parameter for the cursor in this member. Undefined: the parameter differs from API to API. */
function cursorParam(own: string, at: string, document: unknown): string | undefined {
  const name = plain(own);
  if (own === 'nextPageToken') return 'pageToken';
  // HubSpot has this parameter: https://developers.hubspot.com/docs/api/usage-details
  if (name === 'after') return 'after';
  if (sameNames.has(name)) return own;
  // Slack has this parameter: https://api.slack.com/apis/pagination
  if (at === 'response_metadata.next_cursor') return 'cursor';
  // Notion has this parameter: https://developers.notion.com/reference/intro#pagination
  return at === 'next_cursor' && (document as Members).object === 'list' ? 'start_cursor' : undefined;
}

function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || (typeof value === 'number' && value > 0);
}

/** The number in a member. Some APIs write numbers as texts. */
function digitsOf(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

/** The text that replaces the records in the document. No API uses this text. */
const marker = '\u0000 records of the page \u0000';

/** The document without its records, as parsed JSON. Large numbers lose digits in this form, but no value of the document reaches a row. A document that is itself the record is kept whole. */
export function documentAround({ body, records }: Page, isRecord: boolean): unknown {
  const bytes = body.bytes.subarray(0, body.length);
  const [first, last] = [records[0], records.at(-1)];
  const held = Buffer.from(JSON.stringify(marker));
  const parts = first && last && !isRecord ? [bytes.subarray(0, first.start), held, bytes.subarray(last.end)] : [bytes];
  const text = Buffer.concat(parts);
  if (text.length === 0 || text.length > mostAround) return null;
  return parsedJson(text.toString()) ?? null;
}

/** Whether the body is one object that is itself the record, so its numbers may count anything. */
export function isTheRecord({ body, records }: Page): boolean {
  const [first] = records;
  return first !== undefined && records.length === 1 && !/\S/.test(body.bytes.toString('latin1', 0, first.start));
}
