/**
 * Decides whether a list is over, in the same way for all kinds of pages. Each kind of pages has its own rule, such as a missing address, an empty page or a total. The
 * answer may have further signs (list-signs.ts). A word such as `has_more: false` ends the list. After a sign of more records, the list continues, or the run stops. If
 * only an empty page ends the list, the empty page is requested again, and then the page after it. Pure.
 */
import { emptyInAnotherForm, endsEarly, type Instead, nothingNew, partOfList, totalFell } from '../answers/errors.ts';
import { firstNumber, isCounted, type Pagination, type SignName, tellsTotal } from './config.ts';
import { proposalOf } from './further-pages.ts';
import { isTheRecord, type ListSigns, type PageKeys, type Sign, signsOf } from './list-signs.ts';
import type { NoList, Page, Walk } from './pages.ts';
import { byNumber, ignoredWith, ignoring, pagesAsYaml, withKeys } from './pagination-yaml.ts';

/**
 * Why a list ended. `one_answer`: the list has only one page. `word`: the answer says `has_more: false`. `address`: the answer has no next address or cursor. `empty`,
 * `short`, `total`, `repeated`: as in `end`. `status`: the API reported by its status, such as 404, that it has no further page. `window`: the next records are outside
 * the window of the run.
 */
export type EndReason = 'one_answer' | 'word' | 'address' | 'empty' | 'short' | 'total' | 'repeated' | 'status' | 'window';

/** Statuses with which APIs answer a request for a page after the last page. */
export const noPageStatuses: readonly number[] = [400, 404, 410, 416, 422];

/** How much a run does to prove that a list has ended. */
export interface Proving {
  /** False: no proof is needed, since another list of the run has proved that an empty page ends the list. */
  readonly proves: boolean;
  /** The number of records on the largest page of the run so far. */
  readonly largest: number;
  /** Whether signs of more records count. False: the API lists at most its cap, even if it reports more records. */
  readonly heedsSigns: boolean;
  /** Whether the API may ignore the page number: the whole list is read, and no page so far shows that the number is used. */
  readonly doubtsNumber: boolean;
}

export const usualProving: Proving = { proves: true, largest: 0, heedsSigns: true, doubtsNumber: true };

/** After this many pages in a row without a new record, a list by number or position is taken as endless. */
export const mostIdle = 20;

/** The facts from earlier answers that are stored in the walk. */
export interface SaidSoFar {
  /** The number of records on the largest page. */
  readonly size?: number;
  /** The number of the last page with a new record, counted from 1. */
  readonly filled?: number;
  /** `total`: the smallest reported number of all records, apart from the members that `pagination` names. `pages`: the smallest reported number of all pages. */
  readonly total?: number;
  readonly pages?: number;
  /** Whether the reported `total` differed between pages. */
  readonly varies?: true;
  /** The numbers that the last page with a new record reported. */
  readonly latest?: Partial<Record<Counted, number>>;
  /** The numbers that an earlier page reported, if a later page reported a smaller number. */
  readonly fell?: Partial<Record<Counted, number>>;
  /** Signs on the previous page that more records follow, except numbers. */
  readonly more?: readonly SignName[];
  /** The value that the previous page had in place of a list. That page had no records, and was received twice. */
  readonly noList?: NoList;
}

type Counted = 'total' | 'pages';

interface Counts {
  /** The number of records on the page that were not read before. */
  readonly fresh: number;
  /** The number of records of the list that were read so far, including those of this page. */
  readonly read: number;
}

interface AtPage extends Counts {
  readonly pages: Pagination;
  /** The facts that were known before the page. */
  readonly walk: Walk;
  readonly page: Page;
}

/** The facts that are known after a page was read. */
export interface Known extends AtPage {
  readonly signs: readonly Sign[];
  /** The sign that no more records follow, as a sentence. */
  readonly over: string | undefined;
  readonly named: Named;
  readonly said: SaidSoFar;
  /** The number of the page, counted from 1. */
  readonly number: number;
}

/** What the members and headers say that `pagination` names. */
export interface Named {
  /** Whether more records follow. Undefined: `pagination` names no member for this. */
  readonly word: boolean | undefined;
  /** The number of all records. If the first page and this page differ, the smaller number counts. Undefined: the API reports no number. */
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
  const says = 'The member that pagination names says that no more records follow.';
  return { ...at, signs, over: word === false ? says : isOver, named, said, number };
}

/** The number of the page. Pages by position overlap, and some pages are requested again. So their number is computed from the number of records read, plus one for an empty page. */
function numberOf({ pages, walk, fresh, read }: AtPage, size: number): number {
  if (pages.type === 'page') return Number(walk.at ?? firstNumber(pages)) - firstNumber(pages) + 1;
  if (pages.type === 'offset' && size > 0) return Math.ceil(read / size) + (fresh > 0 ? 0 : 1);
  return walk.pages + 1;
}

/** The smallest number that pages reported. If a page has several numbers, the largest number counts all records. A number that counts only the records of the page is ignored. */
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

/** The largest number in the signs of this name. Undefined: no sign of this name has a number. */
function largestOf(signs: readonly Sign[], name: SignName): number | undefined {
  const counts = signs.flatMap((sign) => (sign.name === name && sign.counts !== undefined ? [sign.counts] : []));
  return counts.length === 0 ? undefined : Math.max(...counts);
}

/** Finds numbers that become smaller during the read. A number that counts only the records of the page is ignored. */
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
  /** The sign is the number of all records that `pagination` names. `mustBeWhole` compares this number with the number of records read. */
  readonly isNamed?: true;
}

/** The signs that more records follow. */
export function moreAt({ signs, said: { total = 0, pages = 0 }, number, read, named }: Known): readonly MoreSign[] {
  const counts = named.total ?? 0;
  const type = 'page';
  return [
    ...(named.word === true
      ? [{ name: 'has_more', says: 'The member that pagination names says that more records follow.', keys: { type } } as const]
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
  /** The list continues. `isTold`: the answer says that this page is the last one, so the API may refuse the next page. */
  | { readonly goesOn: true; readonly isTold?: true }
  /** The page that is requested as a proof. `again`: the same page again. `beyond`: the page after it. `more`: the same page again, since more records should follow. */
  | { readonly proof: 'again' | 'beyond' | 'more' };

interface OwnRule {
  /** Why the list ends by the rule of this kind of pages. Undefined: by this rule, the list continues. */
  readonly ends: EndReason | undefined;
  /** Whether a next request is known, although the rule ends the list. */
  readonly leadsOn: boolean;
  /** Whether another page can be requested after an empty page. */
  readonly hasBeyond: boolean;
}

/** Decides whether the list ends with this page. Throws HomeError HYG-3605, HYG-3609, HYG-3612. */
export function endingOf(known: Known, rule: OwnRule, proving: Proving): Ending {
  const { walk, page, fresh, read } = known;
  const { said: { noList } = {}, proof } = walk;
  if (noList !== undefined && fresh > 0 && proof !== 'again' && proof !== 'more')
    throw emptyInAnotherForm(page.name, [noList], { read: read - fresh, isBefore: true });
  const ending = decided(known, rule, proving);
  if ('isOver' in ending) mustNotHaveFallen(known);
  return ending;
}

/** Throws if a reported number became smaller. If a record is removed, each later record moves up by one. Then the first record of the next page is on a page that was already read. */
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

/** Whether a page is requested by its number or by a position. Pages of type `offset` are excluded, since `offsetTurn` compares their records. */
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
      ['The API has no such page.', 'The previous page says that more records follow.'],
      said.more.map((name) => ({ name })),
    );
  if (page.isNothing) return { isOver: 'status' };
  const isByNumber = isCounted(pages);
  if (ends === undefined) {
    if (isByNumber && page.records.length === 0 && idle === 0 && proof !== 'more') return { proof: 'more' };
    if (isByNumber && fresh === 0 && idle + 1 >= mostIdle) {
      const says = more.map((one) => one.says);
      if (more.length > 0) throw tooEarly(known, says, more);
      // The number that `pagination` names grew during the read, so it is compared after the last page.
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
      [`The API counts ${said.pages} pages, and the pages from page ${(said.filled ?? 0) + 1} on have no record.`],
      [{ name: 'pages' }],
    );
  if (proof === 'beyond' && fresh === 0) return { isOver: ends };
  if (fresh === 0 && page.records.length === 0 && (isByNumber || pages.type === 'keyset')) {
    if (!proves || agrees(known)) return { isOver: ends };
    return proof !== 'again' ? { proof: 'again' } : hasBeyond ? { proof: 'beyond' } : { isOver: ends };
  }
  // If a server returns smaller pages than requested, and the total counts only one page, the list would seem to end at its first page.
  const mayBeCut = page.records.length >= Math.max(largest, walk.said?.size ?? 0);
  // The API may count pages of the requested size, but return smaller pages.
  if (ends === 'short' && isByNumber && mayBeCut && !agreesByTotal(known)) return { proof: 'beyond' };
  // A full page alone does not end a list: the total may count only this page, or may be a cap.
  if (ends === 'total' && isByNumber && mayBeCut && said.pages !== 1 && (number === 1 ? page.records.length === read : proves))
    return { proof: 'beyond' };
  return { isOver: ends };
}

/** Whether the number of records read equals the total, or the number of pages with records equals the reported number of pages. */
function agrees(known: Known): boolean {
  const { said, number } = known;
  return agreesByTotal(known) || (said.pages !== undefined && said.pages === said.filled && said.pages < number);
}

/**
 * Whether a page counts as the last one only because of its few records. The API may have returned only a part of such a page. False for most pages by
 * position, since the next page has the remaining records in any case.
 * @param largest the number of records on the largest page so far. 0: no page was read.
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

/** The member by which a page with fewer records than another page says that it is cut off. Undefined: the page lacks a member of this kind, or pages are requested by position. A list by position continues after the last record, so the member is not needed. */
export function cutAt(pages: Pagination, page: Page, largest: number): string | undefined {
  if (pages.type !== 'page' || pages.ignore?.includes('has_more') || page.records.length >= largest) return undefined;
  return signsAt(page).signs.find((sign) => sign.cutAt !== undefined)?.cutAt;
}

function signsAt(page: Page): ListSigns {
  const isRecord = isTheRecord(page);
  return signsOf(page, { isRecord, countsAll: isRecord });
}

/** Whether the total equals the number of records read. A total that equals the size of the only page may count the records of that page, so it proves nothing. */
export function agreesByTotal({ said, named, read, page }: Known): boolean {
  return (named.total ?? said.total) === read && (read === 0 || read > page.records.length);
}

/** Whether a page with records is the last one by the total or the number of pages. An API that counts pages may also refuse the request after its only page. */
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
  // If only the number that `pagination` names says that more records follow, this number is compared after the last page.
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
  // After a page without new records, a repeated page would seem to have new records.
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
  // A record that moves to a page that was already read is missed, while the number in the answers stays the same. A retry may read this record.
  return endsEarly(page.name, { says, instead, isPassing: said.varies === true || by.every(({ isNamed }) => isNamed) });
}

/** The `pagination` to use instead for a list by position, if only its first page had new records. */
export function insteadOfOffset(pages: Pagination, read: number, { size = 0 }: SaidSoFar): readonly Instead[] {
  if (pages.type !== 'offset' || read === 0 || read !== size) return [];
  return [{ when: 'If the parameter is the number of a page', pagination: byNumber(pages) }];
}

/** The `pagination` to use instead if pages seem to repeat records, although the records are different. */
export function insteadOfRepeats(pages: Pagination): readonly Instead[] {
  return [{ when: 'If the repeated records are separate records', pagination: ignoring(pages, [{ name: 'repeats' }]) }];
}

/** The `pagination` to use instead if the header `Link` is not readable. */
export function insteadOfLink(pages: Pagination, page: Page): readonly Instead[] {
  const isRecord = isTheRecord(page);
  const without = { param: undefined, field: undefined };
  const ignore = ignoredWith(pages, [{ name: 'next' }]);
  const inBody = signsOf(page, { isRecord, countsAll: false }).signs.find(({ keys }) => keys.type === 'next_url');
  return [
    ...(inBody === undefined
      ? []
      : [{ when: 'The body has the address too', pagination: withKeys(pages, { ...without, ...inBody.keys, ignore }) }]),
    { when: 'If the API has pages by number', pagination: withKeys(pages, { ...without, type: 'page', ignore }) },
  ];
}

/** The `pagination` to use instead if the API repeats a page after the end of the list. */
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
  // Drops the current `pagination`, since it would lead to the same page.
  return lines.filter(({ pagination }) => pagination !== withKeys(pages, {}));
}
