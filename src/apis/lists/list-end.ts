/**
 * Whether a list is over: one decision for all kinds of pages. Each kind of pages has its own rule (no address, an empty page, a total), and the answer may have further
 * signs (list-signs.ts). A word such as `has_more: false` ends the list. After a sign of more records, the list continues, or the run stops. If only an empty page ends the
 * list, that page is requested again, and then the page after it. Pure.
 */
import { emptyInAnotherForm, endsEarly, type Instead, nothingNew, partOfList, totalFell } from '../answers/errors.ts';
import { firstNumber, isCounted, type Pagination, type SignName, tellsTotal } from './config.ts';
import { proposalOf } from './further-pages.ts';
import { isTheRecord, type ListSigns, type PageKeys, type Sign, signsOf } from './list-signs.ts';
import type { NoList, Page, Walk } from './pages.ts';
import { byNumber, ignoredWith, ignoring, pagesAsYaml, withKeys } from './pagination-yaml.ts';

/**
 * Why a list ended. one_answer: there is one page. word: `has_more: false`. address: no next address or cursor. empty, short, total, repeated: as in `end`. status: 404
 * for a page that was requested as a proof. window: the next records are outside the window of the run.
 */
export type EndReason = 'one_answer' | 'word' | 'address' | 'empty' | 'short' | 'total' | 'repeated' | 'status' | 'window';

/** Statuses with which APIs answer a request after the last page. */
export const noPageStatuses: readonly number[] = [400, 404, 410, 416, 422];

/** How much a run does to prove that a list has ended. */
export interface Proving {
  /** False: another list of the run has proved that an empty page ends it. */
  readonly proves: boolean;
  /** The largest page of the run so far, in records. */
  readonly largest: number;
  /** False: the API lists at most its cap, even if it reports more records. */
  readonly heedsSigns: boolean;
  /** The whole list is read, and no page so far shows whether the API uses the page number. */
  readonly doubtsNumber: boolean;
}

export const usualProving: Proving = { proves: true, largest: 0, heedsSigns: true, doubtsNumber: true };

/** After so many pages without a new record, a list by number or position has no end. */
export const mostIdle = 20;

/** The facts from the answers so far that are stored in the walk. */
export interface SaidSoFar {
  /** The largest page, in records. */
  readonly size?: number;
  /** The last page with a new record, counted from 1. */
  readonly filled?: number;
  /** The smallest reported number of all records, apart from the places in `pagination`, and of all pages. */
  readonly total?: number;
  readonly pages?: number;
  /** These numbers differed between pages. */
  readonly varies?: true;
  /** The numbers on the last page with a new record. */
  readonly latest?: Partial<Record<Counted, number>>;
  /** The larger number of an earlier page. */
  readonly fell?: Partial<Record<Counted, number>>;
  /** Signs of more records on the page itself, without numbers. */
  readonly more?: readonly SignName[];
  /** The value in place of a list on the previous page, which had no records and was received twice. */
  readonly noList?: NoList;
}

type Counted = 'total' | 'pages';

interface Counts {
  /** Number of records on the page that were not read before. */
  readonly fresh: number;
  /** Number of records of the list so far, including the new ones. */
  readonly read: number;
}

interface AtPage extends Counts {
  readonly pages: Pagination;
  /** The facts before the page. */
  readonly walk: Walk;
  readonly page: Page;
}

/** The facts that are known after a page. */
export interface Known extends AtPage {
  readonly signs: readonly Sign[];
  /** The sign that no more records follow. */
  readonly over: string | undefined;
  readonly named: Named;
  readonly said: SaidSoFar;
  /** Number of the page, counted from 1. */
  readonly number: number;
}

/** What the places named in `pagination` say. */
export interface Named {
  /** Whether more records follow; undefined: no such place. */
  readonly word: boolean | undefined;
  /** The number of all records, the smaller one of the first page and this page; undefined: none. */
  readonly total: number | undefined;
}

export function knownAt(at: AtPage, named: Named, heedsSigns: boolean): Known {
  const { word } = named;
  const { pages, walk, page, fresh, read } = at;
  const isRecord = isTheRecord(page);
  const isHeeded = ({ name }: Sign) => heedsSigns && !pages.ignore?.includes(name);
  const { signs: all, over } = signsOf(page, { isRecord, countsAll: tellsTotal(pages) || isRecord });
  const signs = all.filter(isHeeded);
  const before = walk.said ?? {};
  const size = Math.max(before.size ?? 0, page.records.length);
  const number = numberOf(at, size);
  const total = leastOf('total', { signs, before: before.total, own: page.records.length, read });
  const count = leastOf('pages', { signs, before: before.pages, own: 0, read: number });
  const { latest, fell } = fresh === 0 ? { latest: {}, fell: {}, ...before } : fallOf(before, signs, { own: page.records.length, read });
  const worded = [
    ...(word === true ? (['has_more'] as const) : []),
    ...signs.flatMap(({ name, counts }) => (counts === undefined ? [name] : [])),
  ];
  const more = page.isNothing ? (before.more ?? []) : [...new Set(worded)];
  const varies = before.varies || (before.total !== undefined && total !== before.total);
  const said: SaidSoFar = {
    size,
    filled: fresh > 0 ? number : (before.filled ?? 0),
    ...(total === undefined ? {} : { total }),
    ...(count === undefined ? {} : { pages: count }),
    ...(varies ? { varies } : {}),
    ...(Object.keys(latest).length === 0 ? {} : { latest }),
    ...(Object.keys(fell).length === 0 ? {} : { fell }),
    ...(more.length === 0 ? {} : { more }),
    ...(page.noList === undefined ? {} : { noList: page.noList }),
  };
  const isOver = word === undefined && heedsSigns && !pages.ignore?.includes('has_more') ? over : undefined;
  const says = 'The place that pagination names says that no more records follow.';
  return { ...at, signs, over: word === false ? says : isOver, named, said, number };
}

/** Pages by position overlap, and some are requested again. So the number of such pages is computed from the records, plus an empty page. */
function numberOf({ pages, walk, fresh, read }: AtPage, size: number): number {
  if (pages.type === 'page') return Number(walk.at ?? firstNumber(pages)) - firstNumber(pages) + 1;
  if (pages.type === 'offset' && size > 0) return Math.ceil(read / size) + (fresh > 0 ? 0 : 1);
  return walk.pages + 1;
}

/** If a page has several numbers, the largest one counts all records. A number that counts only the records of the page is ignored. */
function leastOf(
  name: SignName,
  {
    signs,
    before,
    own,
    read,
  }: { readonly signs: readonly Sign[]; readonly before: number | undefined; readonly own: number; readonly read: number },
): number | undefined {
  const largest = largestOf(signs, name);
  if (largest === undefined || before === undefined) return largest ?? before;
  return largest === own && largest < read ? before : Math.min(before, largest);
}

/** Undefined: no sign of this name has a number. */
function largestOf(signs: readonly Sign[], name: SignName): number | undefined {
  const counts = signs.flatMap((sign) => (sign.name === name && sign.counts !== undefined ? [sign.counts] : []));
  return counts.length === 0 ? undefined : Math.max(...counts);
}

/** Numbers that become smaller during the read. A number that counts only the records of the page is ignored. */
function fallOf(
  { latest: before = {}, fell: fellBefore = {} }: SaidSoFar,
  signs: readonly Sign[],
  { own, read }: { readonly own: number; readonly read: number },
): Required<Pick<SaidSoFar, 'latest' | 'fell'>> {
  const latest = { ...before };
  const fell = { ...fellBefore };
  for (const name of ['total', 'pages'] as const) {
    const now = largestOf(signs, name);
    if (now === undefined || (name === 'total' && now === own && now < read)) continue;
    const earlier = before[name] ?? now;
    if (now < earlier) fell[name] = Math.max(fell[name] ?? 0, earlier);
    latest[name] = now;
  }
  return { latest, fell };
}

interface MoreSign extends Sign {
  /** A number of all records at the place that `pagination` names: it is compared with the number of records read (`mustBeWhole`). */
  readonly isNamed?: true;
}

/** The signs that more records follow. */
export function moreAt({ signs, said: { total = 0, pages = 0 }, number, read, named }: Known): readonly MoreSign[] {
  const counts = named.total ?? 0;
  const type = 'page';
  return [
    ...(named.word === true
      ? [{ name: 'has_more', says: 'The place that pagination names says that more records follow.', keys: { type } } as const]
      : []),
    ...(counts > read
      ? [
          {
            name: 'total',
            says: `The API counts ${counts} records, and ${read} were read.`,
            keys: { type },
            counts,
            isNamed: true,
          } as const,
        ]
      : []),
    ...signs.filter(({ counts }) => counts === undefined),
    ...(total > read ? [numeric('total', signs, `The API counts ${total} records, and ${read} were read.`)] : []),
    ...(pages > number ? [numeric('pages', signs, `The API counts ${pages} pages, and ${number} were read.`)] : []),
  ];
}

function numeric(name: SignName, signs: readonly Sign[], says: string): Sign {
  const keys: PageKeys = signs.find((one) => one.name === name)?.keys ?? { type: 'page' };
  return { name, says, keys, counts: 1 };
}

export type Ending =
  | { readonly isOver: EndReason }
  /** The list continues. `isTold`: the answer says that this is the last page, so the API may refuse the next page. */
  | { readonly goesOn: true; readonly isTold?: true }
  /** Requested as a proof: the same page again, or the page after it. more: the same page again, since more records follow. */
  | { readonly proof: 'again' | 'beyond' | 'more' };

interface OwnRule {
  /** The end by the rule of this kind of pages; undefined: the list continues. */
  readonly ends: EndReason | undefined;
  /** Whether a next request is known even so. */
  readonly leadsOn: boolean;
  /** An empty page may have another page after it. */
  readonly hasBeyond: boolean;
}

/** Throws HomeError HYG-3605, 3609, 3612. */
export function endingOf(known: Known, rule: OwnRule, proving: Proving): Ending {
  const { walk, page, fresh, read } = known;
  const { said: { noList } = {}, proof } = walk;
  if (noList !== undefined && fresh > 0 && proof !== 'again' && proof !== 'more')
    throw emptyInAnotherForm(page.name, [noList], { read: read - fresh, isBefore: true });
  const ending = decided(known, rule, proving);
  if ('isOver' in ending) mustNotHaveFallen(known);
  return ending;
}

/** If a record is removed, each later record moves by one place, and one of them moves to a page that was already read. */
function mustNotHaveFallen({ pages, page, read, said: { latest = {}, fell = {}, filled } }: Known): void {
  if (!isNumbered(pages, page)) return;
  for (const [name, isWhole] of [
    ['total', latest.total === read],
    ['pages', latest.pages === filled],
  ] as const) {
    const [before, now] = [fell[name], latest[name]];
    if (before !== undefined && now !== undefined && isWhole && now < before)
      throw totalFell(page.name, { before, now, counts: name === 'total' ? 'records' : 'pages' }, ignoring(pages, [{ name }]));
  }
}

const positionNames =
  /^(page|p|pg|offset|start|skip|from|start_?at|start_?index|first|page_?(no|num|number|index)|\w+\[(number|offset)\])$/i;

/** Whether a page is requested by its number or by a position. Positions of type `offset` are compared by their records. */
function isNumbered(pages: Pagination, { url }: Page): boolean {
  if (pages.type === 'page') return true;
  if (pages.type !== 'next_url' && pages.type !== 'link_header') return false;
  return [...url.searchParams].some(([name, value]) => positionNames.test(name) && /^\d+$/.test(value));
}

function decided(known: Known, { ends, leadsOn, hasBeyond }: OwnRule, { proves, largest }: Proving): Ending {
  const { pages, walk, page, fresh, read, over, said, named, number } = known;
  const { proof, empty: idle = 0 } = walk;
  const more = moreAt(known);
  const counted = more.filter(({ counts, isNamed }) => counts !== undefined && !isNamed);
  if (over !== undefined) {
    if (counted.length > 0) throw tooEarly(known, [over, ...counted.map(({ says }) => says)], counted);
    return { isOver: 'word' };
  }
  if (page.isNothing && counted.length > 0)
    throw tooEarly(known, ['The API has no such page.', ...counted.map(({ says }) => says)], counted);
  if (page.isNothing && proof === undefined && walk.pages > 0) return { proof: 'again' };
  if (page.isNothing && proof === 'again' && said.more !== undefined)
    throw tooEarly(
      known,
      ['The API has no such page.', 'The page before it says that more records follow.'],
      said.more.map((name) => ({ name })),
    );
  if (page.isNothing) return { isOver: 'status' };
  const isByNumber = isCounted(pages);
  if (ends === undefined) {
    if (isByNumber && page.records.length === 0 && idle === 0 && proof !== 'more') return { proof: 'more' };
    if (isByNumber && fresh === 0 && idle + 1 >= mostIdle) {
      const says = more.map((one) => one.says);
      if (more.length > 0) throw tooEarly(known, says, more);
      // The number at the place in `pagination` grew during the read, so it is compared after the last page.
      if (pages.end === 'total' && named.total !== undefined) return { isOver: 'total' };
      throw nothingNew(page.name, mostIdle);
    }
    return isByNumber && saysLast(known) ? { goesOn: true, isTold: true } : { goesOn: true };
  }
  if (ends === 'one_answer') return { isOver: ends };
  if (more.length > 0) return afterMore(known, more, { ends, leadsOn });
  if (isByNumber && ends === 'total' && proof === 'beyond' && fresh > 0)
    throw tooEarly(
      known,
      [`According to the total, the list ends at ${read - fresh} records, but a further page has more.`],
      [{ name: 'total' }],
    );
  const hasEmptyPages = pages.type === 'page' && fresh === 0 && (said.pages ?? 0) > Math.max(1, said.filled ?? 0) + 1;
  if (hasEmptyPages && !agreesByTotal(known))
    throw tooEarly(
      known,
      [`The API counts ${said.pages} pages, and those from page ${(said.filled ?? 0) + 1} on have no record.`],
      [{ name: 'pages' }],
    );
  if (proof === 'beyond' && fresh === 0) return { isOver: ends };
  if (fresh === 0 && page.records.length === 0 && (isByNumber || pages.type === 'keyset')) {
    if (!proves || agrees(known)) return { isOver: ends };
    return proof !== 'again' ? { proof: 'again' } : hasBeyond ? { proof: 'beyond' } : { isOver: ends };
  }
  // If a server returns smaller pages than requested, and its total counts only the page, the list would end at its first page.
  const mayBeCut = page.records.length >= Math.max(largest, walk.said?.size ?? 0);
  // The API may count pages of the requested size, and return smaller ones.
  if (ends === 'short' && isByNumber && mayBeCut && !agreesByTotal(known)) return { proof: 'beyond' };
  // A full page alone does not end a list: the total may be that of the page, or a cap.
  if (ends === 'total' && isByNumber && mayBeCut && said.pages !== 1 && (number === 1 ? page.records.length === read : proves))
    return { proof: 'beyond' };
  return { isOver: ends };
}

/** Whether the answers before an empty page report as many records as were read, or as many pages as have records. */
function agrees(known: Known): boolean {
  const { said, number } = known;
  return agreesByTotal(known) || (said.pages !== undefined && said.pages === said.filled && said.pages < number);
}

/**
 * Whether only its few records show that a page is the last one: the API may have returned a part of it. @param largest the largest page so far, in records; 0: none. With
 * pages by position, the next page has the remaining records in any case.
 */
export function endsByShortness(pages: Pagination, page: Page, largest: number): boolean {
  const { records } = page;
  if (pages.type !== 'page' && pages.type !== 'offset') return false;
  if (pages.type === 'page' ? pages.end === 'has_more' : pages.end !== 'short') return false;
  if (tellsTotal(pages) || records.length === 0) return false;
  if (records.length >= (largest === 0 ? (pages.page_size ?? 0) : largest)) return false;
  const { signs, over } = signsAt(page);
  return over === undefined && signs.every(({ name }) => pages.ignore?.includes(name));
}

/** The member by which a page with fewer records than another page says that it is cut off. Undefined: there is no such member, or it is about the list. A list by position continues after the last record. */
export function cutAt(pages: Pagination, page: Page, largest: number): string | undefined {
  if (pages.type !== 'page' || pages.ignore?.includes('has_more') || page.records.length >= largest) return undefined;
  return signsAt(page).signs.find((sign) => sign.cutAt !== undefined)?.cutAt;
}

function signsAt(page: Page): ListSigns {
  const isRecord = isTheRecord(page);
  return signsOf(page, { isRecord, countsAll: isRecord });
}

/** A number that equals the size of one page may count the records of that page. */
export function agreesByTotal({ said, named, read, page }: Known): boolean {
  return (named.total ?? said.total) === read && (read === 0 || read > page.records.length);
}

/** As `agrees`, for a page with records. An API that counts pages may refuse requests after the first one too. */
function saysLast({ pages, said, named, read, number, fresh, page }: Known): boolean {
  const isWhole = (named.total ?? said.total) === read && (pages.type === 'page' || read > page.records.length);
  return fresh > 0 && (isWhole || said.pages === number);
}

function afterMore(
  known: Known,
  more: readonly MoreSign[],
  { ends, leadsOn }: { readonly ends: EndReason; readonly leadsOn: boolean },
): Ending {
  const { pages, walk, page, fresh, said, named, number } = known;
  const says = more.map((one) => one.says);
  // The number at the place in `pagination` is compared after the last page.
  const isNamedAlone = more.every(({ isNamed }) => isNamed);
  if (!leadsOn && isNamedAlone) return { isOver: ends };
  if (!leadsOn) {
    const further = proposalOf(more.filter(({ counts }) => counts === undefined));
    if (further !== undefined && ['cursor', 'next_url', 'link_header', 'keyset'].includes(further.keys.type))
      throw partOfList(page.name, further, { type: pages.type, ignore: ignoring(pages, more) });
    throw tooEarly(known, says, more);
  }
  if (fresh > 0) return { goesOn: true };
  const { empty: idle = 0, proof } = walk;
  if (idle === 0 && proof !== 'more') return { proof: 'more' };
  const isCountedOnly = more.every(({ counts }) => counts !== undefined);
  const size = said.size ?? 0;
  const position = pages.type === 'offset' ? Number(walk.at ?? 0) : (number - 1) * size;
  const isPast = isCountedOnly && size > 0 && position >= Math.max(said.total ?? 0, named.total ?? 0, ((said.pages ?? 0) - 1) * size + 1);
  if ((isPast || idle + 1 >= mostIdle) && isNamedAlone) return { isOver: ends };
  if (isPast || idle + 1 >= mostIdle)
    throw tooEarly(known, [...says, ...(isPast ? [] : [`${mostIdle} pages in a row have no new record.`])], more);
  // After such a gap, a repeated page would seem to have new records.
  if (pages.type === 'offset' && pages.end === 'repeated') throw tooEarly(known, says, more);
  return { goesOn: true };
}

function tooEarly(
  { page, pages, said, read }: Known,
  says: readonly string[],
  by: readonly (Pick<Sign, 'name'> & Pick<MoreSign, 'isNamed'>)[],
): Error {
  const instead = [
    ...insteadOfOffset(pages, read, said),
    { when: 'If these signs are about something else, and the list is complete', pagination: ignoring(pages, by) },
  ];
  // If a record moves to a page that was already read, it is missing, but the number in the answers stays the same.
  return endsEarly(page.name, { says, instead, isPassing: said.varies === true || by.every(({ isNamed }) => isNamed) });
}

/** The `pagination` for a list by position of which only the first page was found. */
export function insteadOfOffset(pages: Pagination, read: number, { size = 0 }: SaidSoFar): readonly Instead[] {
  if (pages.type !== 'offset' || read === 0 || read !== size) return [];
  return [{ when: 'If the parameter is the number of a page', pagination: byNumber(pages) }];
}

/** The `pagination` for a list whose pages seem to repeat records, although they are different records. */
export function insteadOfRepeats(pages: Pagination): readonly Instead[] {
  return [{ when: 'If they are separate records', pagination: ignoring(pages, [{ name: 'repeats' }]) }];
}

/** The `pagination` for a list whose header `Link` can not be read. */
export function insteadOfLink(pages: Pagination, page: Page): readonly Instead[] {
  const isRecord = isTheRecord(page);
  const without = { param: undefined, field: undefined };
  const ignore = ignoredWith(pages, [{ name: 'next' }]);
  const inBody = signsOf(page, { isRecord, countsAll: false }).signs.find(({ keys }) => keys.type === 'next_url');
  return [
    ...(inBody === undefined
      ? []
      : [{ when: 'If the body has the address too', pagination: withKeys(pages, { ...without, ...inBody.keys, ignore }) }]),
    { when: 'If the API has pages by number', pagination: withKeys(pages, { ...without, type: 'page', ignore }) },
  ];
}

/** The `pagination` for a list whose API repeats a page after the end. */
export function insteadOfAgain(known: Known): readonly Instead[] {
  const { pages, signs, named, walk } = known;
  const saysMore = moreAt(known).length > 0;
  const { total_at, total_header } = pages as { readonly total_at?: string; readonly total_header?: string };
  const own = named.total === walk.read ? { total_at, total_header } : {};
  const hasEnd = isCounted(pages);
  const shown = signs.find(({ name, counts, keys }) => name === 'total' && counts === walk.read && (keys.total_at ?? keys.total_header));
  const at = own.total_at ?? shown?.keys.total_at;
  const header = at === undefined ? (own.total_header ?? shown?.keys.total_header) : undefined;
  const lines = [
    ...(!hasEnd || (at === undefined && header === undefined)
      ? []
      : [
          {
            when: 'If the API returns its last page again after the end, and the total counts all records',
            pagination: withKeys(pages, { end: 'total', total_at: at, total_header: header }),
          },
        ]),
    ...((pages.type === 'page' && (walk.pages > 1 || !saysMore)) || (pages.type === 'offset' && walk.read > known.page.records.length)
      ? [
          {
            when: 'If the API returns its last or first page again after the end',
            pagination: withKeys(pages, { end: 'repeated' }),
          },
        ]
      : []),
    ...(walk.pages === 1 && !saysMore
      ? [{ when: 'If the first answer has all records', pagination: pagesAsYaml({ type: 'none', ignore: pages.ignore }) }]
      : []),
  ];
  // Without the current `pagination`, which leads to the same page.
  return lines.filter(({ pagination }) => pagination !== withKeys(pages, {}));
}
