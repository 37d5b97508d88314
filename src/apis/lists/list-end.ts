/**
 * Whether a list is over: one decision for all kinds of pages. The kind of pages has a rule of its own (no address, an empty page, a total), and the answer may say
 * more (list-signs.ts). A word that says so ends the list. After a sign of more the list continues, or the run stops. Where only an empty page ends the list, that page
 * is requested again, and then the page behind it. Pure.
 */
import { emptyInAnotherForm, endsEarly, type Instead, nothingNew, partOfList, totalFell } from '../answers/errors.ts';
import { firstNumber, isCounted, type Pagination, type SignName, tellsTotal } from './config.ts';
import { proposalOf } from './further-pages.ts';
import { isTheRecord, type ListSigns, type PageKeys, type Sign, signsOf } from './list-signs.ts';
import type { NoList, Page, Walk } from './pages.ts';
import { byNumber, ignoredWith, ignoring, pagesAsYaml, withKeys } from './pagination-yaml.ts';

/**
 * By what a list ended. one_answer: there is one page. word: `has_more: false`. address: no next address or cursor. empty, short, total, repeated: as `end` has it. status: 404,
 * where the page is requested as a proof. window: the next records are beyond what the run reads.
 */
export type EndReason = 'one_answer' | 'word' | 'address' | 'empty' | 'short' | 'total' | 'repeated' | 'status' | 'window';

/** Statuses that an API answers to a request behind its last page. */
export const noPageStatuses: readonly number[] = [400, 404, 410, 416, 422];

/** How much a run does to prove that a list is over. */
export interface Proving {
  /** False: another list of the run has proved that an empty page ends it. */
  readonly proves: boolean;
  /** The largest page of the run so far, in records. */
  readonly largest: number;
  /** False: the API lists no more than its cap, whatever it says. */
  readonly heedsSigns: boolean;
  /** The list is read as a whole, and no page of the run shows so far that the API looks at the number of a page. */
  readonly doubtsNumber: boolean;
}

export const usualProving: Proving = { proves: true, largest: 0, heedsSigns: true, doubtsNumber: true };

/** A list of pages by number or position that has nothing new for so long is not a list. */
export const mostIdle = 20;

/** What is in the walk of what the answers said. */
export interface SaidSoFar {
  /** The largest page, in records. */
  readonly size?: number;
  /** The last page with a new record, counted from 1. */
  readonly filled?: number;
  /** The smallest number of all records that no key of `pagination` names, and of all pages. */
  readonly total?: number;
  readonly pages?: number;
  /** Their numbers were others on other pages. */
  readonly varies?: true;
  /** The numbers as the last page with a new record has them. */
  readonly latest?: Partial<Record<Counted, number>>;
  /** The larger number that a page before had. */
  readonly fell?: Partial<Record<Counted, number>>;
  /** Signs of more on the page itself, without numbers. */
  readonly more?: readonly SignName[];
  /** The page before had it, and no records, and came twice. */
  readonly noList?: NoList;
}

type Counted = 'total' | 'pages';

interface Counts {
  /** Records of the page that were not read before. */
  readonly fresh: number;
  /** Records of the list, with those. */
  readonly read: number;
}

interface AtPage extends Counts {
  readonly pages: Pagination;
  /** As it was before the page. */
  readonly walk: Walk;
  readonly page: Page;
}

/** What is known at a page. */
export interface Known extends AtPage {
  readonly signs: readonly Sign[];
  /** What says that nothing follows. */
  readonly over: string | undefined;
  readonly named: Named;
  readonly said: SaidSoFar;
  /** Of the page, counted from 1. */
  readonly number: number;
}

/** What the places say that `pagination` names. */
export interface Named {
  /** Whether more records follow; undefined: there is no such place. */
  readonly word: boolean | undefined;
  /** The smaller number of all records, of the first page and of this one; undefined: there is none. */
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

/** Pages that begin by a position overlap, and some are requested again: there the records tell how many pages they fill, besides an empty one. */
function numberOf({ pages, walk, fresh, read }: AtPage, size: number): number {
  if (pages.type === 'page') return Number(walk.at ?? firstNumber(pages)) - firstNumber(pages) + 1;
  if (pages.type === 'offset' && size > 0) return Math.ceil(read / size) + (fresh > 0 ? 0 : 1);
  return walk.pages + 1;
}

/** Of several numbers on a page the largest one is of all records. One that counts the records of the page says nothing of the others. */
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

/** Numbers that become smaller while pages are read. A number that counts the records of the page alone is left aside. */
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
  /** A number of all records at the place that `pagination` names: it is compared with what was read (`mustBeWhole`). */
  readonly isNamed?: true;
}

/** What says that more records follow. */
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
  /** The list continues. `isTold`: the answer says that this was its last page, and the next one may be refused. */
  | { readonly goesOn: true; readonly isTold?: true }
  /** Requested as a proof: the page again, or the page behind it. more: the page again, since more records follow. */
  | { readonly proof: 'again' | 'beyond' | 'more' };

interface OwnRule {
  /** What the kind of pages says; undefined: the list continues. */
  readonly ends: EndReason | undefined;
  /** A next request is known all the same. */
  readonly leadsOn: boolean;
  /** Another page is behind an empty one. */
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

/** A record that is removed moves each later one by a place, and one of them to a page that was read before. */
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
      // The number that is named grew while the list was read: it is compared behind the last page.
      if (pages.end === 'total' && named.total !== undefined) return { isOver: 'total' };
      throw nothingNew(page.name, mostIdle);
    }
    return isByNumber && saysLast(known) ? { goesOn: true, isTold: true } : { goesOn: true };
  }
  if (ends === 'one_answer') return { isOver: ends };
  if (more.length > 0) return afterMore(known, more, { ends, leadsOn });
  if (isByNumber && ends === 'total' && proof === 'beyond' && fresh > 0)
    throw tooEarly(known, [`The total ends the list at ${read - fresh} records, and a further page has more.`], [{ name: 'total' }]);
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
  // A server that gives smaller pages than it was asked for, and a total that is the page's own, end a list at its first page.
  const mayBeCut = page.records.length >= Math.max(largest, walk.said?.size ?? 0);
  // The API may count pages of the requested size, and return smaller ones.
  if (ends === 'short' && isByNumber && mayBeCut && !agreesByTotal(known)) return { proof: 'beyond' };
  // A full page ends no list by itself: the total may be that of the page, or a cap.
  if (ends === 'total' && isByNumber && mayBeCut && said.pages !== 1 && (number === 1 ? page.records.length === read : proves))
    return { proof: 'beyond' };
  return { isOver: ends };
}

/** Whether the answers before an empty page count as many records as were read, or no more pages than have records. */
function agrees(known: Known): boolean {
  const { said, number } = known;
  return agreesByTotal(known) || (said.pages !== undefined && said.pages === said.filled && said.pages < number);
}

/**
 * Whether nothing but its few records says that a page is the last one: the API may have given a part of it. @param largest the largest page so far, in records; 0: there
 * is none. Behind a page by position, further records of it follow in any case.
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

/** The member by which a page with fewer records than another page says that it is cut. Undefined: no member says it, or it is about the list. A list by position continues behind the last record. */
export function cutAt(pages: Pagination, page: Page, largest: number): string | undefined {
  if (pages.type !== 'page' || pages.ignore?.includes('has_more') || page.records.length >= largest) return undefined;
  return signsAt(page).signs.find((sign) => sign.cutAt !== undefined)?.cutAt;
}

function signsAt(page: Page): ListSigns {
  const isRecord = isTheRecord(page);
  return signsOf(page, { isRecord, countsAll: isRecord });
}

/** A number that is that of one page may count its own records. */
export function agreesByTotal({ said, named, read, page }: Known): boolean {
  return (named.total ?? said.total) === read && (read === 0 || read > page.records.length);
}

/** As `agrees`, of a page that has records. A number of pages may be refused behind the first one too. */
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
  // The number that is named is compared behind the last page.
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
  // Behind such a gap a page that the API gives again would be taken for new records.
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
    { when: 'If they say that of something else, and the list is whole', pagination: ignoring(pages, by) },
  ];
  // A record that moves to a page that was read is missing, and the number that is named stays.
  return endsEarly(page.name, { says, instead, isPassing: said.varies === true || by.every(({ isNamed }) => isNamed) });
}

/** What reads a list by position of which the first page alone was found. */
export function insteadOfOffset(pages: Pagination, read: number, { size = 0 }: SaidSoFar): readonly Instead[] {
  if (pages.type !== 'offset' || read === 0 || read !== size) return [];
  return [{ when: 'If the parameter takes the number of a page', pagination: byNumber(pages) }];
}

/** What reads a list whose pages have the same records again and again, which are others all the same. */
export function insteadOfRepeats(pages: Pagination): readonly Instead[] {
  return [{ when: 'If they are records of their own', pagination: ignoring(pages, [{ name: 'repeats' }]) }];
}

/** What reads a list whose header `Link` can not be read. */
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

/** What reads a list whose API gives a page again behind its end. */
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
            when: 'If the API gives its last page again behind the end, and the total is that of all records',
            pagination: withKeys(pages, { end: 'total', total_at: at, total_header: header }),
          },
        ]),
    ...((pages.type === 'page' && (walk.pages > 1 || !saysMore)) || (pages.type === 'offset' && walk.read > known.page.records.length)
      ? [
          {
            when: 'If the API gives its last page or its first one again behind the end',
            pagination: withKeys(pages, { end: 'repeated' }),
          },
        ]
      : []),
    ...(walk.pages === 1 && !saysMore
      ? [{ when: 'If the first answer has all records', pagination: pagesAsYaml({ type: 'none', ignore: pages.ignore }) }]
      : []),
  ];
  // What the config has already leads to the same page.
  return lines.filter(({ pagination }) => pagination !== withKeys(pages, {}));
}
