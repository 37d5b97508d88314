/** Signs in an answer that it is not all of the list. They matter where the config asks for one answer alone: without them a run would settle a part, and pass. */
import { asYaml } from '../../errors/as-yaml.ts';
import { type Pagination, tellsTotal } from './config.ts';
import { linkTo, type Page } from './pages.ts';

/** What shows that more records follow. */
export interface FurtherPages {
  /** A sentence for people. */
  readonly sign: string;
  /** The value of `pagination` that reads on, as YAML. */
  readonly pagination: string;
}

/** More than this around the records is not looked at, in bytes. */
const mostAround = 1024 * 1024;

/** Names without case, underscores and other signs. */
const containers = new Set([
  'meta',
  'metadata',
  'links',
  'paging',
  'pagination',
  'page',
  'pageinfo',
  'info',
  'responsemetadata',
  'hits',
  'next',
]);
const nextNames = new Set(['next', 'nextpage', 'nexturl', 'nextlink', 'nexthref', 'nextpageurl', 'nextpagelink', 'odatanextlink']);
const addressNames = new Set(['href', 'link', 'url']);
const cursorNames = new Set(['nextcursor', 'nextpagetoken', 'nexttoken', 'nextpagecursor', 'continuationtoken', 'nextcontinuationtoken']);
const moreNames = new Set(['hasmore', 'hasnext', 'hasnextpage', 'morerecords', 'moreresults', 'moreitems', 'istruncated']);
const lastNames = new Set(['done', 'islast', 'islastpage']);
const totalNames = new Set([
  'total',
  'totalcount',
  'totalresults',
  'totalrecords',
  'totalitems',
  'totalelements',
  'totalsize',
  'recordstotal',
  'count',
]);
const pageCountNames = new Set(['totalpages', 'pagecount', 'pagestotal', 'lastpage']);
const totalHeaders = ['x-total-count', 'x-total', 'x-wp-total', 'total-count'];
const pageCountHeaders = ['x-total-pages', 'x-wp-totalpages'];

/** Undefined: nothing shows that more records follow. */
export function furtherPages(pages: Pagination, page: Page): FurtherPages | undefined {
  const isRecord = isTheRecord(page);
  // What an object counts that is itself the record need not be records.
  const countsAll = tellsTotal(pages) || isRecord;
  return withTotal(inHeaders(page, countsAll)) ?? withTotal(inMembers(around(page, isRecord), { page, countsAll, path: [] }));
}

/** The sign that leads on most surely, which also proves that the list is whole where another one counts it. */
function withTotal(signs: readonly FurtherPages[]): FurtherPages | undefined {
  const sureness = ({ pagination }: FurtherPages) =>
    [/type: (next_url|link_header)/, /type: cursor/, /has_more_at/, /total_/, /./].findIndex((form) => form.test(pagination));
  const [best] = signs.toSorted((a, b) => sureness(a) - sureness(b));
  const total = signs.map(({ pagination }) => /total_(at|header): .*?(?= })/.exec(pagination)?.[0]).find((one) => one !== undefined);
  if (best === undefined || total === undefined || best.pagination.includes(total)) return best;
  return { ...best, pagination: best.pagination.replace(/ }$/, `, ${total} }`) };
}

function inHeaders(page: Page, countsAll: boolean): readonly FurtherPages[] {
  const signs: FurtherPages[] = [];
  if (linkTo('next', page.header('link') ?? '') !== undefined)
    signs.push({ sign: 'Its header Link leads to a next page.', pagination: '{ type: link_header }' });
  // RFC 9110 has it of bytes; APIs such as PostgREST and Heroku's say by it which records these are.
  const [, all] = /^\s*(?:\w+\s+)?(?:\d+-\d+|\*)\/(\d+)/.exec(page.header('content-range') ?? '') ?? [];
  if (!countsAll && Number(all) > page.records.length)
    signs.push({ sign: counted('Its header Content-Range', all, page), pagination: '{ type: page }' });
  for (const name of pageCountHeaders)
    if (Number(page.header(name)) > 1)
      signs.push({ sign: `Its header ${name} counts ${page.header(name)} pages.`, pagination: '{ type: page }' });
  for (const name of countsAll ? [] : totalHeaders)
    if (Number(page.header(name)) > page.records.length)
      signs.push({ sign: counted(`Its header ${name}`, page.header(name), page), pagination: `{ type: page, total_header: ${name} }` });
  return signs;
}

function counted(where: string, total: unknown, { records }: Page): string {
  return `${where} counts ${String(total)} records, and it has ${records.length}.`;
}

interface Place {
  readonly page: Page;
  readonly countsAll: boolean;
  /** Names from the outside in. */
  readonly path: readonly string[];
}

function inMembers(members: unknown, place: Place): readonly FurtherPages[] {
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return [];
  return Object.entries(members).flatMap(([name, value]) => ofMember(value, { ...place, path: [...place.path, name] }));
}

function ofMember(value: unknown, place: Place): readonly FurtherPages[] {
  const { page, countsAll, path } = place;
  const [name = '', parent = ''] = path.slice(-2).map(plain).reverse();
  const at = path.join('.');
  if (typeof value === 'object' && value !== null) {
    // MediaWiki: each member is a parameter of the next request.
    if (name === 'continue' && Object.keys(value).length > 0)
      return [{ sign: `Its body has a cursor at ${at}.`, pagination: `{ type: cursor, at: ${asYaml(at)} }` }];
    return containers.has(name) ? inMembers(value, place) : [];
  }
  const leadsOn = nextNames.has(name) || (parent === 'next' && (addressNames.has(name) || name === 'after'));
  if ((leadsOn || cursorNames.has(name)) && isGiven(value)) return [next(String(value), { name, at, leadsOn })];
  if ((moreNames.has(name) && value === true) || (lastNames.has(name) && value === false)) {
    const ends = value === true ? `, end: has_more, has_more_at: ${asYaml(at)}` : '';
    return [{ sign: `Its body says at ${at} that more records follow.`, pagination: `{ type: page${ends} }` }];
  }
  if (!Number.isSafeInteger(value)) return [];
  if (pageCountNames.has(name) && Number(value) > 1)
    return [{ sign: `Its body counts ${value} pages at ${at}.`, pagination: '{ type: page }' }];
  if (!countsAll && totalNames.has(name) && Number(value) > page.records.length)
    return [{ sign: counted(`Its body, at ${at},`, value, page), pagination: `{ type: page, total_at: ${asYaml(at)} }` }];
  return [];
}

function next(
  text: string,
  { name, at, leadsOn }: { readonly name: string; readonly at: string; readonly leadsOn: boolean },
): FurtherPages {
  if (leadsOn && (/^(https?:|[/?])/.test(text) || /(url|link|href)$/.test(name)))
    return { sign: `Its body has the address of a next page at ${at}.`, pagination: `{ type: next_url, at: ${asYaml(at)} }` };
  if (name === 'nextpage' && /^\d+$/.test(text))
    return { sign: `Its body has the number of a next page at ${at}.`, pagination: '{ type: page }' };
  return { sign: `Its body has a cursor at ${at}.`, pagination: `{ type: cursor, at: ${asYaml(at)}, param: cursor }` };
}

function isGiven(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || (typeof value === 'number' && value > 0);
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

/** The document without its records, which would lose digits here; nothing of it reaches a row. A document that is itself the record is whole. */
function around({ body, records }: Page, isRecord: boolean): unknown {
  const bytes = body.bytes.subarray(0, body.length);
  const [first, last] = [records[0], records.at(-1)];
  const parts = first && last && !isRecord ? [bytes.subarray(0, first.start), Buffer.from('null'), bytes.subarray(last.end)] : [bytes];
  const text = Buffer.concat(parts);
  if (text.length === 0 || text.length > mostAround) return null;
  try {
    return JSON.parse(text.toString());
  } catch {
    return null;
  }
}

/** An object that is no list, and whose numbers may count anything. */
function isTheRecord({ body, records }: Page): boolean {
  const [first] = records;
  return first !== undefined && records.length === 1 && !/\S/.test(body.bytes.toString('latin1', 0, first.start));
}
