/** Whether a list is over: each kind of pages, each end, each sign of more, and what the run requests to be sure. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Pagination } from '../../src/apis/lists/config.ts';
import { noPageStatuses, usualProving } from '../../src/apis/lists/list-end.ts';
import { beginning, type Page, requestOf, type Turn, turn, type Walk } from '../../src/apis/lists/pages.ts';
import type { HyggeError } from '../../src/errors/hygge-error.ts';
import { advisedPages } from '../support/apis/advised.ts';
import { itemsUrl as first, paginationOf as pagination, pageOf as textPage } from '../support/apis/pages.ts';

type Query = Readonly<Record<string, string>>;
interface Answer {
  readonly ids?: readonly number[];
  /** Further members of each record. */
  readonly beside?: object;
  readonly around?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
}
/** @param n the number of the request, from 1. */
type Api = (query: Query, n: number) => Answer;

function pageOf({ ids = [], around = {}, headers = {}, status, beside = {} }: Answer, pages: Pagination, url: URL): Page {
  const data = ids.map((id) => ({ id, ...beside, at: `t${String(Math.floor(id / 2)).padStart(4, '0')}` }));
  const page = textPage(pages, JSON.stringify({ data, ...around }), { url, headers });
  return status === undefined
    ? page
    : { ...page, body: { bytes: Buffer.alloc(1), length: 0 }, records: [], values: new Map(), isNothing: true };
}

interface Walked {
  readonly ids: readonly number[];
  readonly requests: readonly Query[];
  readonly ended: Turn['ended'];
}

/** Reads a list as a run does. Refusals are the end where the request is a proof. */
function walked(pages: Pagination, api: Api): Walked {
  const [ids, requests]: [number[], Query[]] = [[], []];
  let largest = 0;
  for (let walk: Walk = beginning; ; ) {
    const url = requestOf(pages, walk, first);
    const query = Object.fromEntries(url.searchParams);
    requests.push(query);
    if (requests.length > 500) throw new Error('it reads on for ever');
    const answer = api(query, requests.length);
    const endsSo = walk.pages > 0 && 'end' in pages && pages.end === 'refused';
    if (answer.status !== undefined && !endsSo && (walk.proof === undefined || walk.proof === 'more'))
      throw Object.assign(new Error(String(answer.status)), { code: 'HYG-3601', tryThis: [] });
    const page = pageOf(answer, pages, url);
    const { from, next, ended } = turn(pages, walk, page, { ...usualProving, largest });
    largest = Math.max(largest, page.records.length);
    ids.push(...(answer.ids ?? []).slice(from));
    if (next === null) return { ids, requests, ended };
    expect(JSON.stringify(next).length).toBeLessThan(2_048);
    walk = JSON.parse(JSON.stringify(next)) as Walk;
  }
}

const advisedBy = (error: HyggeError | undefined) => (error === undefined ? [] : advisedPages(error))[0] ?? {};

function refusalOf(pages: Pagination, api: Api): HyggeError {
  try {
    const { ids } = walked(pages, api);
    throw new Error(`it passed with ${ids.length} records`);
  } catch (error) {
    if ((error as HyggeError).code === undefined) throw error;
    return error as HyggeError;
  }
}

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

/** How each kind of pages asks for records, and how its answers lead on. `at`: the first record that is asked for. */
const kinds: Readonly<Record<string, { readonly pages: object; at(query: Query): number; leads(next: number): Answer }>> = {
  page: { pages: { type: 'page' }, at: ({ page = '1' }) => (Math.max(Number(page), 1) - 1) * 10, leads: () => ({}) },
  'page from 0': { pages: { type: 'page', start: 0 }, at: ({ page = '0' }) => Number(page) * 10, leads: () => ({}) },
  offset: { pages: { type: 'offset' }, at: ({ offset = '0' }) => Number(offset), leads: () => ({}) },
  cursor: {
    pages: { type: 'cursor', at: 'place', param: 'c' },
    at: ({ c = '0' }) => Number(c),
    leads: (next) => ({ around: { place: String(next) } }),
  },
  next_url: {
    pages: { type: 'next_url', at: 'place' },
    at: ({ c = '0' }) => Number(c),
    leads: (next) => ({ around: { place: `/items?c=${next}` } }),
  },
  link_header: {
    pages: { type: 'link_header' },
    at: ({ c = '0' }) => Number(c),
    leads: (next) => ({ headers: { link: `</items?c=${next}>; rel="next"` } }),
  },
  keyset: { pages: { type: 'keyset', param: 'after', field: 'id' }, at: ({ after = '-1' }) => Number(after) + 1, leads: () => ({}) },
  anchored: {
    pages: { type: 'anchored', param: 'since', field: 'at', key: 'id', page_size: 10, size_param: 'n' },
    at: ({ since = 't0000' }) => Number(since.slice(1)) * 2,
    leads: () => ({}),
  },
};

/** A list of so many records, in pages of 10. @param signs of an answer that begins at a record, and has those up to another one. */
const listOf =
  (kind: string, all: number, signs: (end: number, n: number) => Answer = () => ({})): Api =>
  (query, n) => {
    const { at, leads } = kinds[kind] as (typeof kinds)['page'];
    const from = at(query);
    const end = Math.min(all, from + 10);
    const lead = end < all ? leads(end) : {};
    const sign = signs(end, n);
    return { ids: range(from, end), around: { ...lead.around, ...sign.around }, headers: { ...lead.headers, ...sign.headers } };
  };

const ofKind = (kind: string, more: object = {}) => pagination({ ...kinds[kind]?.pages, ...more });

type Around = (end: number, n: number) => object;
/** A list of so many records with these members around each page. */
const listAround = (kind: string, all: number, members: Around) => listOf(kind, all, (end, n) => ({ around: members(end, n) }));
const walkedAround = (kind: string, all: number, members: Around) => walked(ofKind(kind), listAround(kind, all, members));
const refusalAround = (kind: string, all: number, members: Around) => refusalOf(ofKind(kind), listAround(kind, all, members));

const signsOfMore: readonly (readonly [string, string, Answer])[] = [
  ['has_more', 'has_more: true', { around: { has_more: true } }],
  ['next', 'a next address', { around: { links: { next: 'https://api.example.com/items?x=1' } } }],
  ['cursor', 'a cursor', { around: { meta: { next_cursor: 'abc' } } }],
  ['total', 'total: 2300', { around: { total: 2300 } }],
  ['pages', 'total_pages', { around: { meta: { pagination: { total_pages: 230 } } } }],
];

/** Link is how link_header goes on. */
const linkSign = ['next', 'Link', { headers: { link: '</items?x=1>; rel="next"' } }] as const;

describe.each(Object.keys(kinds))('a list of the type %s that ends in the middle', (kind) => {
  test.each([...signsOfMore, ...(kind === 'link_header' || kind === 'anchored' ? [] : [linkSign])])(
    'beside %s (%s) stops the run, and is whole where the printed line ignores it',
    (name, _, sign) => {
      const api = listOf(kind, 20, () => sign);
      const error = refusalOf(ofKind(kind), api);
      expect(['HYG-3612', 'HYG-3609']).toContain(error.code);
      const line = error.tryThis.find((one) => one.includes('ignore:')) ?? '';
      const advised = parse(line.slice(line.indexOf('{')));
      expect(advised).toMatchObject({ ignore: [name] });
      expect(new Set(walked(pagination(advised), api).ids)).toEqual(new Set(range(0, 20)));
    },
  );

  test('and says nothing passes', () => {
    expect(walked(ofKind(kind), listOf(kind, 20)).ids).toEqual(range(0, 20));
  });

  test('and says that no more follows is over, whatever leads on', () => {
    const says = (end: number) => ({ has_more: end < 20, links: { next: '/items?x=1' }, meta: { next_cursor: 'for later' } });
    const { ids, requests, ended } = walkedAround(kind, 20, says);
    expect([ids, ended]).toEqual([range(0, 20), 'word']);
    // Nothing more is requested: the last request has records that no other one had.
    expect(requests.length).toBeLessThanOrEqual(kind === 'offset' || kind === 'anchored' ? 3 : 2);
  });

  test('and says that no more follows contradicts a larger total', () => {
    const error = refusalAround(kind, 20, () => ({ last: true, total: 30 }));
    expect([error.code, error.why.join(' '), error.tryThis.join(' ')]).toEqual([
      'HYG-3612',
      expect.stringMatching(/no more records follow.*counts 30 records/),
      expect.stringContaining('ignore: [total]'),
    ]);
  });
});

describe.each(['page', 'page from 0', 'offset'])('a list of the type %s', (kind) => {
  const ends: readonly object[] = [
    {},
    { end: 'short', page_size: 10, size_param: 'n' },
    { end: 'total', total_at: 'count' },
    { end: 'has_more', has_more_at: 'more' },
  ];
  const told = (kind: string, all: number) => listAround(kind, all, (end) => ({ more: end < all, count: all }));

  test.each(ends)('with %j is read, also where its last page is full, or alone, or the list is empty', (end) => {
    for (const all of [0, 1, 9, 10, 11, 20, 25, 30]) expect(walked(ofKind(kind, end), told(kind, all)).ids).toEqual(range(0, all));
  });

  test.each(ends)('with %j goes on behind a page that was empty once', (end) => {
    const whole = told(kind, 30);
    const api: Api = (query, n) => (n === 2 ? { ids: [], around: { more: true, count: 30 } } : whole(query, n));
    expect(walked(ofKind(kind, end), api).ids).toEqual(range(0, 30));
  });

  test.each([...signsOfMore, linkSign])('goes on behind an empty page beside %s (%s)', (name, _, sign) => {
    const whole = listOf(kind, 30, (end) => (end < 30 ? sign : {}));
    const isHole = (query: Query) => Math.floor((kinds[kind]?.at(query) ?? 0) / 10) === 1;
    // The page is empty each time, and the next one has records.
    const api: Api = (query, n) => (kind !== 'offset' && isHole(query) ? { ids: [], ...sign } : whole(query, n));
    const isNumber = name === 'total' || name === 'pages';
    if (isNumber) expect(['HYG-3612']).toContain(refusalOf(ofKind(kind), api).code);
    else expect(walked(ofKind(kind), api).ids).toEqual(kind === 'offset' ? range(0, 30) : [...range(0, 10), ...range(20, 30)]);
  });

  test('is read where the server gives smaller pages than it is asked for', () => {
    const short = { end: 'short', page_size: 20, size_param: 'n' };
    for (const all of [0, 5, 10, 15, 20, 37]) expect(walked(ofKind(kind, short), listOf(kind, all)).ids).toEqual(range(0, all));
  });

  test('ends with a short page behind a full one, and nothing more is requested', () => {
    const { requests, ended } = walked(ofKind(kind, { end: 'short', page_size: 10, size_param: 'n' }), listOf(kind, 15));
    expect([requests.length, ended]).toEqual([2, 'short']);
  });

  test('stops where the total is that of the page, and the printed line reads it', () => {
    const api = listAround(kind, 25, (end) => ({ total: end % 10 === 0 ? 10 : 5 }));
    const error = refusalOf(ofKind(kind, { end: 'total', total_at: 'total' }), api);
    expect(['HYG-3612', 'HYG-3605']).toContain(error.code);
    const line = error.tryThis[0] ?? '';
    expect(walked(pagination(parse(line.slice(line.indexOf('{')))), api).ids).toEqual(range(0, 25));
  });

  test('with an empty page at its end requests that page again, and the page behind it', () => {
    const { requests, ended } = walked(ofKind(kind), listOf(kind, 20));
    const asked = requests.map((query) => query.page ?? query.offset ?? '0');
    const expected = { page: ['1', '2', '3', '3', '4'], 'page from 0': ['0', '1', '2', '2', '3'], offset: ['0', '9', '18', '19'] }[kind];
    expect([asked.slice(0, expected?.length), ended]).toEqual([expected, 'empty']);
  });

  test.each([400, 404, 410, 416, 422])('takes %i for the end where the request is a proof', (status) => {
    const whole = listOf(kind, 20);
    const isBeyond = (query: Query) => (kinds[kind]?.at(query) ?? 0) > 20;
    expect(walked(ofKind(kind), (query, n) => (isBeyond(query) ? { status } : whole(query, n))).ids).toEqual(range(0, 20));
    // A server that refuses the page behind the last one, which said so by its number of pages.
    const counted = listAround(kind, 20, (end) => ({ total_pages: 2, total: 20, end }));
    const isPast = (query: Query) => (kinds[kind]?.at(query) ?? 0) >= 20;
    expect(walked(ofKind(kind), (query, n) => (isPast(query) ? { status } : counted(query, n))).ids).toEqual(range(0, 20));
  });

  test('that says that it is empty is believed', () => {
    for (const members of [{ total: 0 }, { meta: { total_pages: 0, total_count: 0 } }, { has_more: false }])
      expect(walkedAround(kind, 0, () => members).requests).toHaveLength(1);
    expect(walked(ofKind(kind), listOf(kind, 0)).requests.length).toBeGreaterThan(1);
  });

  test('is read next to numbers that count something else, or change', () => {
    const numbers: readonly ((end: number) => object)[] = [
      // Of the page alone.
      (end) => ({ total: end % 10 === 0 ? 10 : end % 10, count: 10 }),
      // Of those that remain.
      (end) => ({ total: 25 - end }),
      // The list grows behind those that were read.
      (end) => ({ total: 15 + end }),
      // Of some kinds, or so many that it is not a number of records.
      () => ({ total: 12.5, count: -1, total_count: null }),
      () => ({ summary: { total: 5000 }, facets: { count: 99, next: 'x' } }),
      // Pages from 0, or one more than there are.
      () => ({ last_page: 2 }),
      () => ({ page_count: 4 }),
    ];
    for (const members of numbers) expect(walkedAround(kind, 25, members).ids).toEqual(range(0, 25));
  });
});

test.each(['page', 'page from 0', 'offset'])(
  'a page of the type %s that is refused is no end where the answers before say that more follow',
  (kind) => {
    for (const around of [{ has_more: true }, { total: 30 }, { total_pages: 3 }]) {
      const api: Api = (_query, n) => (n === 1 ? { ids: range(0, 10), around } : n === 2 ? { around } : { status: 404 });
      expect(['HYG-3601', 'HYG-3612']).toContain(refusalOf(ofKind(kind), api).code);
    }
  },
);

test('a first page that counts its own records ends no list whose next page is the same', () => {
  expect(refusalOf(ofKind('page'), () => ({ ids: range(0, 10), around: { count: 10 } })).code).toBe('HYG-3604');
});

describe('an API that gives its one page again is read by each line of pagination that the error names', () => {
  const linesOf = ({ tryThis }: HyggeError) => tryThis.flatMap((line) => /: pagination: (\{.*\})$/.exec(line)?.[1] ?? []);
  test.each<[string, object, Answer, readonly string[]]>([
    [
      'with a total in its body',
      { type: 'page', param: 'p' },
      { around: { total_count: 7 } },
      ['{ type: page, param: p, end: total, total_at: total_count }', '{ type: page, param: p, end: repeated }', '{ type: none }'],
    ],
    [
      'with a total that is named',
      { type: 'page', total_at: 'all' },
      { around: { all: 7 } },
      ['{ type: page, end: total, total_at: all }', '{ type: page, end: repeated, total_at: all }', '{ type: none }'],
    ],
    ['without a total', { type: 'page' }, {}, ['{ type: page, end: repeated }', '{ type: none }']],
    [
      'by position, with a total',
      { type: 'offset' },
      { around: { total_count: 7 } },
      ['{ type: offset, end: total, total_at: total_count }'],
    ],
  ])('%s', (_, of, more, lines) => {
    const api: Api = () => ({ ids: range(0, 7), ...more });
    const error = refusalOf(pagination(of), api);
    expect([error.code, linesOf(error)]).toEqual(['HYG-3604', lines]);
    for (const line of lines) expect(walked(pagination(parse(line)), api).ids).toEqual(range(0, 7));
  });

  test('whose total is larger, without a line that would end the list there', () => {
    const error = refusalOf(pagination({ type: 'page' }), () => ({ ids: range(0, 7), around: { total: 30 } }));
    expect(linesOf(error).filter((line) => line.includes('end: total'))).toEqual([]);
  });
});

test('a count next to a total is the size of the page', () => {
  expect(walkedAround('page', 7, () => ({ paging: { count: 10, total: 7, page: 1, pages: 1 } })).ids).toEqual(range(0, 7));
});

test('an answer that is whole says nothing of its list', () => {
  expect(walkedAround('page', 25, () => ({ truncated: false, exceededTransferLimit: false })).ids).toEqual(range(0, 25));
});

test('a cursor is absent in the middle of a list whose pages count more', () => {
  const error = refusalAround('cursor', 600, () => ({ total: 2300 }));
  expect([error.code, error.why]).toEqual(['HYG-3612', ['The API counts 2300 records, and 600 were read.']]);
});

test('a number that only the first page tells is kept to the end', () => {
  expect(refusalAround('cursor', 30, (_, n) => (n === 1 ? { total: 40 } : {})).code).toBe('HYG-3612');
});

test('numbers that change from page to page may agree in another attempt', () => {
  const { code, transient } = refusalAround('cursor', 30, (_, n) => ({ total: 50 - n }));
  expect([code, transient]).toEqual(['HYG-3612', true]);
});

describe('a list that never ends', () => {
  const offset = pagination({ type: 'offset', page_size: 10, size_param: 'n' });

  test('because the API rounds the offset down is left after 20 pages without a new record', () => {
    const api: Api = ({ offset: at = '0' }) => {
      const from = Math.floor(Number(at) / 10) * 10;
      return { ids: range(from, Math.min(101, from + 10)) };
    };
    expect(refusalOf(offset, api).code).toBe('HYG-3605');
    expect(refusalOf(pagination({ type: 'offset', key: 'id' }), api).code).toBe('HYG-3605');
  });

  test('because the API gives its last page for any position is left', () => {
    const api: Api = ({ offset: at = '0' }) => ({ ids: range(Math.min(Number(at), 25), Math.min(Number(at), 25) + 10) });
    expect(['HYG-3604', 'HYG-3605']).toContain(refusalOf(offset, api).code);
  });

  /** Turns pages of records as they are; the number of turns before it stops. */
  const turns = (pages: Pagination, records: (n: number) => readonly object[], around: (n: number) => object = () => ({})) => {
    let walk: Walk = beginning;
    for (let n = 1; n <= 200; n++) {
      try {
        walk = turn(pages, walk, textPage(pages, JSON.stringify({ data: records(n), ...around(n) }))).next as Walk;
      } catch (error) {
        return { n, error: error as HyggeError };
      }
    }
    return { n: Number.POSITIVE_INFINITY };
  };
  const paged = pagination({ type: 'page' });
  const served = (n: number) => ({ served_at: `12:00:${n}` });

  test.each<[string, Pagination, (n: number) => object]>([
    ['page', paged, () => ({})],
    ['cursor', pagination({ type: 'cursor', at: 'place', param: 'c' }), (n) => ({ place: `c${n}` })],
    ['next_url', pagination({ type: 'next_url', at: 'place' }), (n) => ({ place: `/items?c=${n}` })],
  ])('because the API gives its last page again and again, with another time in each record, is left: %s', (_, pages, around) => {
    const last = (n: number) => range(20, 24).map((id) => ({ id, name: 'a', ...served(n) }));
    const { n, error } = turns(
      pages,
      (number) => (number < 3 ? range(number * 10, number * 10 + 10).map((id) => ({ id, name: 'b', ...served(number) })) : last(number)),
      around,
    );
    expect([error?.code, n]).toEqual(['HYG-3605', 23]);
    // A page of one record, too.
    const alone = turns(
      pages,
      (number) => (number < 3 ? last(number).map((one) => ({ ...one, id: number * 10 + one.id })) : last(number).slice(0, 1)),
      around,
    );
    expect([alone.error?.code, alone.n]).toEqual(['HYG-3605', 23]);
  });

  test('because the API gives its last page again and again, with other fields next to the same ids, is left', () => {
    const last = (n: number) => range(20, 24).map((id) => ({ id, name: 'a', ...served(n), request: `r${n}` }));
    const { n, error } = turns(paged, last);
    expect([error?.code, n]).toEqual(['HYG-3605', 21]);
    expect(turns(pagination(advisedBy(error)), last).n).toBe(Number.POSITIVE_INFINITY);
    // Sensors that take turns, and sparse pages, are read.
    const sensors = (number: number) => range(0, 3).map((sensor) => ({ sensor, unit: 'C', value: number % 7, at: number * 10 + sensor }));
    expect(turns(paged, sensors).n).toBe(Number.POSITIVE_INFINITY);
    const sparse = (number: number) => (number === 1 ? last(1) : [{ id: number, name: 'a', at: number }]);
    expect(turns(paged, sparse).n).toBe(Number.POSITIVE_INFINITY);
  });

  test('stops at once where a key tells the records', () => {
    const keyed = pagination({ type: 'page', key: 'id' });
    expect(turns(keyed, (n) => range(0, 4).map((id) => ({ id, ...served(n) }))).n).toBe(2);
  });

  test('is another thing than a series of one value', () => {
    const series = (n: number) => range(n * 10, n * 10 + 10).map((at) => ({ sensor: 7, value: 0, at }));
    expect(turns(paged, series).n).toBe(Number.POSITIVE_INFINITY);
  });

  test('is not taken for one where the printed line says what is different', () => {
    const sensors = (n: number) => range(0, 3).map((sensor) => ({ sensor, value: 0, at: n * 10 + sensor }));
    const { error } = turns(paged, sensors);
    expect(advisedBy(error)).toEqual({ type: 'page', key: 'at' });
    expect(turns(pagination(advisedBy(error)), sensors).n).toBe(Number.POSITIVE_INFINITY);
    const cursors = pagination({ type: 'cursor', at: 'place', param: 'c' });
    const ofCursors = advisedBy(turns(cursors, sensors, (n) => ({ place: `c${n}` })).error);
    expect(ofCursors).toEqual({ type: 'cursor', at: 'place', param: 'c', ignore: ['repeats'] });
    expect(turns(pagination(ofCursors), sensors, (n) => ({ place: `c${n}` })).n).toBe(Number.POSITIVE_INFINITY);
  });

  test('of empty pages that say that more follow is left after 20 of them', () => {
    const { n, error } = turns(
      paged,
      () => [],
      () => ({ has_more: true }),
    );
    expect([error?.code, n]).toEqual(['HYG-3612', 21]);
  });
});

test.each([
  ['total', { end: 'total', total_at: 'total' }],
  ['has_more', { end: 'has_more', has_more_at: 'more' }],
])('a sign that pagination names is not ignored: %s', (name, end) => {
  expect(() => pagination({ type: 'page', ...end, ignore: [name] })).toThrow(`or ignore: [${name}]`);
});

describe('an API that gives a page again behind the last one', () => {
  /** By page, the page that is given in its place where there is none. */
  const again: Readonly<Record<string, (page: number, pages: number) => number>> = {
    'the last one': (page, pages) => Math.min(page, pages - 1),
    'the first one': (page, pages) => (page < pages ? page : 0),
    'all from the first one on': (page, pages) => page % pages,
  };
  const apiOf =
    (which: string, all: number, around: object = {}, beside: (n: number) => object = () => ({})): Api =>
    ({ page = '1' }, n) => {
      const number = again[which]?.(Number(page) - 1, Math.max(1, Math.ceil(all / 10))) ?? 0;
      return { ids: range(number * 10, Math.min(all, number * 10 + 10)), around, beside: beside(n) };
    };

  test.each(['the last one', 'the first one'])('is read with the line that the error prints: %s', (which) => {
    for (const all of [7, 25, 30]) {
      const error = refusalOf(pagination({ type: 'page' }), apiOf(which, all));
      expect([error.code, error.tryThis[0]]).toEqual(['HYG-3604', expect.stringContaining('pagination: { type: page, end: repeated }')]);
      const { ids, ended } = walked(pagination(advisedBy(error)), apiOf(which, all));
      expect([ids, ended]).toEqual([range(0, all), 'repeated']);
    }
  });

  test.each(Object.keys(again))('is read where the config says it, whatever changes in the records: %s', (which) => {
    for (const all of [0, 7, 9, 25, 30]) {
      const given = { type: 'page', end: 'repeated', key: 'id' };
      const { ids, requests } = walked(
        pagination(given),
        apiOf(which, all, {}, (seen) => ({ seen })),
      );
      expect(ids).toEqual(range(0, all));
      // The page behind the end is requested, and it or the page behind it again.
      expect(requests).toHaveLength(Math.max(1, Math.ceil(all / 10)) + 2);
    }
  });

  test.each([
    [{ total: 40 }, 'HYG-3612', 'total'],
    [{ has_more: true }, 'HYG-3612', 'has_more'],
  ])('stops beside a sign of more: %j', (around, code, name) => {
    const error = refusalOf(pagination({ type: 'page', end: 'repeated' }), apiOf('the last one', 25, around));
    expect([error.code, advisedBy(error)]).toEqual([code, { type: 'page', end: 'repeated', ignore: [name] }]);
  });

  test.each(['the first one', 'all from the first one on'])(
    'is found at the first page, and the line that the error prints reads it: %s',
    (which) => {
      for (const all of [25, 30, 130]) {
        const error = refusalOf(pagination({ type: 'page' }), apiOf(which, all));
        expect(error.code).toBe('HYG-3604');
        expect(walked(pagination(advisedBy(error)), apiOf(which, all)).ids).toEqual(range(0, all));
      }
    },
  );

  test('ends a list by a short page that a smaller limit of the server seems to be', () => {
    const given = { type: 'page', end: 'short', page_size: 20, size_param: 'n' };
    for (const all of [20, 30]) expect(walked(pagination(given), apiOf('the first one', all)).ids).toEqual(range(0, all));
  });

  test.each([{}, { key: 'id' }])('stops where the first page changed meanwhile: %j', (more) => {
    const changed: Api = ({ page = '1' }, n) => {
      const ids = Number(page) < 4 ? range(Number(page) * 10 - 10, Math.min(25, Number(page) * 10)) : range(n > 3 ? -1 : 0, 9);
      return { ids };
    };
    const error = refusalOf(pagination({ type: 'page', end: 'repeated', ...more }), changed);
    expect([error.code, error.transient]).toEqual(['HYG-3605', true]);
  });

  test('stops where the page behind the repeated one has others: the pages moved', () => {
    const moved: Api = ({ page = '1' }) => ({
      ids: Number(page) === 3 ? range(10, 20) : range(Number(page) * 10 - 10, Math.min(Number(page) * 10, 47)),
    });
    const error = refusalOf(pagination({ type: 'page', end: 'repeated' }), moved);
    expect([error.code, error.transient]).toEqual(['HYG-3605', true]);
  });
});

test.each<[{ readonly type: 'offset'; readonly param?: string; readonly total_at?: string }, object]>([
  [{ type: 'offset' }, {}],
  [{ type: 'offset', param: 'skip', total_at: 'total' }, { total: 47 }],
])('a position that is the number of a page is read with the line that the error prints: %j', (of, around) => {
  const api: Api = (query) => {
    const number = Number(query.offset ?? query.skip ?? 1);
    return { ids: range(Math.max(0, number * 10 - 10), Math.min(number * 10, 47)), around };
  };
  const error = refusalOf(pagination(of), api);
  expect([error.code, advisedBy(error)]).toEqual(['HYG-3605', { ...of, param: of.param ?? 'offset', type: 'page' }]);
  expect(walked(pagination(advisedBy(error)), api).ids).toEqual(range(0, 47));
});

describe('positions in pages of one record', () => {
  const ofOne =
    (all: number, around: object = {}): Api =>
    ({ offset = '0' }) => ({ ids: range(Number(offset), Math.min(all, Number(offset) + 1)), around });

  test.each([{}, { end: 'refused' }])('are read to the end: %j', (more) => {
    for (const all of [0, 1, 2, 3, 12]) {
      const { ids } = walked(pagination({ type: 'offset', page_size: 1, size_param: 'limit', ...more }), ofOne(all));
      expect(ids).toEqual(range(0, all));
    }
  });

  test.each([{ page_size: 1, size_param: 'limit' }, {}])('that the API ignores stop: %j', (more) => {
    const error = refusalOf(pagination({ type: 'offset', ...more }), () => ({ ids: [1], around: { total: 17 } }));
    expect(error.code).toBe('HYG-3604');
  });
});

test('a number at the place that pagination names, of more than the list, is left aside with the line that the error prints', () => {
  const api: Api = ({ page = '1' }) => ({ ids: range(Number(page) * 10 - 10, Math.min(Number(page) * 10, 47)), around: { total: 100 } });
  const error = refusalOf(pagination({ type: 'page', total_at: 'total' }), api);
  expect([error.code, advisedBy(error)]).toEqual(['HYG-3605', { type: 'page', ignore: ['total'] }]);
  expect(walked(pagination(advisedBy(error)), api).ids).toEqual(range(0, 47));
});

describe('an API that does not look at the number of a page', () => {
  const sized = { page_size: 20, size_param: 'n' };
  const shown = (all: number, size: number, page: number) => range((page - 1) * size, Math.min(all, page * size));
  const deaf: Api = () => ({ ids: range(0, 10) });
  const deafButSized: Api = ({ n = '10' }) => ({ ids: range(0, Math.min(10, Number(n))) });
  const clamped =
    (all: number, around: object = {}): Api =>
    ({ page = '1', n = '10' }) => ({
      ids: shown(all, Number(n), Math.max(1, Math.min(Number(page), Math.ceil(all / Number(n))))),
      around,
    });

  test.each<[string, object, Api]>([
    ['a short page', { ...sized, end: 'short' }, deaf],
    ['a short page, where it looks at the size', { ...sized, end: 'short' }, deafButSized],
    ['a page that comes again', { ...sized, end: 'repeated' }, deaf],
    ['a page that comes again, without a size', { end: 'repeated' }, deaf],
    [
      'a total that counts the page',
      { ...sized, end: 'total', total_at: 'count' },
      (query, n) => ({ ...deaf(query, n), around: { count: 10 } }),
    ],
  ])('stops a list that would end by %s', (_, of, api) => {
    const error = refusalOf(pagination({ type: 'page', ...of }), api);
    expect(error.code).toBe('HYG-3604');
    const lines = advisedPages(error);
    expect(lines).toContainEqual({ type: 'none' });
    for (const line of lines.filter((line) => 'type' in line && line.type === 'page'))
      expect(refusalOf(pagination(line), api).code).toBe('HYG-3604');
  });

  test.each<[string, object, object]>([
    ['a short page', { end: 'short' }, {}],
    ['a page that comes again', { end: 'repeated' }, {}],
    ['a total', { end: 'total', total_at: 'total' }, { total: true }],
  ])('is told from one that gives its only page again, which ends by %s', (_, end, around) => {
    for (const all of [1, 2, 3, 10, 19]) {
      const api = clamped(all, 'total' in around ? { total: all } : {});
      const { ids, requests } = walked(pagination({ type: 'page', ...sized, ...end }), api);
      expect(ids).toEqual(range(0, all));
      expect(requests.length).toBeLessThanOrEqual(4);
    }
  });

  test('is not looked for where another list of the run has a second page, and in increments', () => {
    const pages = pagination({ type: 'page', ...sized, end: 'short' });
    const page = pageOf({ ids: range(0, 3) }, pages, first);
    const { next } = turn(pages, beginning, page);
    expect(turn(pages, next ?? beginning, page, { ...usualProving, doubtsNumber: false }).next).toBeNull();
    expect(turn(pages, next ?? beginning, page).next).toMatchObject({ proof: 'half', size: 2, at: 2 });
  });
});

describe('an API that refuses the page behind the last one', () => {
  test.each<[string, Answer, string]>([
    ['a next address', { headers: { link: '</items?page=9>; rel="next"' } }, 'next'],
    ['a cursor', { around: { meta: { next_cursor: 'x' } } }, 'cursor'],
    ['a word', { around: { has_more: true } }, 'has_more'],
  ])('ends no list whose page before says that more follow, by %s', (_, sign, name) => {
    const api: Api = ({ page = '1' }) =>
      Number(page) > 2 ? { status: 400 } : { ids: range(Number(page) * 10 - 10, Number(page) * 10), ...sign };
    const error = refusalOf(pagination({ type: 'page', end: 'refused' }), api);
    expect([error.code, advisedBy(error)]).toEqual(['HYG-3612', { type: 'page', end: 'refused', ignore: [name] }]);
    const { ids, ended } = walked(pagination(advisedBy(error)), api);
    expect([ids, ended]).toEqual([range(0, 20), 'status']);
  });

  const refusing =
    (kind: string, all: number, around: object = {}): Api =>
    (query, n) => {
      const answer = listOf(kind, all, () => ({ around }))(query, n);
      return answer.ids?.length === 0 ? { status: 404 } : answer;
    };

  test.each(['page', 'offset'])('ends its list so where the config says it: %s', (kind) => {
    for (const all of [20, 27]) {
      const { ids, ended, requests } = walked(ofKind(kind, { end: 'refused' }), refusing(kind, all));
      expect(ids).toEqual(range(0, all));
      // A page that is refused once is requested again.
      if (kind === 'page')
        expect([ended, ...requests.slice(-2).map(({ page }) => page)]).toEqual(['status', ...(all === 20 ? ['3', '3'] : ['4', '4'])]);
    }
  });

  test.each(['page', 'offset'])('ends no list that has more records, and none that goes on: %s', (kind) => {
    const { code } = refusalOf(ofKind(kind, { end: 'refused' }), refusing(kind, 20, { total: 80 }));
    expect(code).toBe('HYG-3612');
    let isRefused = false;
    const once: Api = (query, n) => {
      if (n !== 2) return refusing(kind, 27)(query, n);
      isRefused = true;
      return { status: 404 };
    };
    expect(walked(ofKind(kind, { end: 'refused' }), once).ids).toEqual(range(0, 27));
    expect(isRefused).toBe(true);
  });
});

test('an API that does not look at the offset, or rounds it down, has no list that ends with a short page', () => {
  const short = pagination({ type: 'offset', page_size: 100, size_param: 'n', end: 'short' });
  const rounding: Api = ({ offset = '0' }) => {
    const from = Math.floor(Number(offset) / 10) * 10;
    return { ids: range(from, Math.min(from + 10, 25)) };
  };
  expect(refusalOf(short, () => ({ ids: range(0, 50) })).code).toBe('HYG-3604');
  expect(refusalOf(short, rounding).code).toBe('HYG-3604');
  expect(walked(short, listOf('offset', 7)).ids).toEqual(range(0, 7));
});

test('the number of the last page is not a word that the list is over', () => {
  expect(walkedAround('page', 27, () => ({ meta: { last: '1', finished: true } })).ids).toEqual(range(0, 27));
});

test('a line that the config has already is not printed', () => {
  const end = { type: 'page', end: 'total', total_at: 'total' };
  const again: Api = () => ({ ids: range(0, 3), around: { total: 9 } });
  const error = refusalOf(pagination(end), again);
  expect(advisedPages(error)).not.toContainEqual(end);
});

test('a list whose signs are ignored is not called whole without that', () => {
  const again: Api = () => ({ ids: [1, 2, 3], around: { next: '/items?c=2' } });
  expect(advisedBy(refusalOf(pagination({ type: 'page', ignore: ['next'] }), again))).toEqual({
    type: 'page',
    end: 'repeated',
    ignore: ['next'],
  });
});

describe('pages that come again by turns', () => {
  const turns: Api = ({ c = 'c0' }) => {
    const n = Number(c.slice(1));
    return { ids: [1, 2, 3].map((id) => (n % 2) * 3 + id), around: { next: `c${n + 1}` } };
  };
  const manyWalked = (of: unknown) => {
    const pages = pagination(of);
    let walk: Walk | null = beginning;
    for (let n = 0; n < 1_100 && walk !== null; n++) {
      const url = requestOf(pages, walk, first);
      walk = turn(pages, walk, pageOf(turns(Object.fromEntries(url.searchParams), n), pages, url)).next;
    }
    return walk;
  };

  test('end a list whose cursor is another one each time', () => {
    expect(() => manyWalked({ type: 'cursor', param: 'c', at: 'next' })).toThrow('HYG-3604');
    expect(manyWalked({ type: 'cursor', param: 'c', at: 'next', ignore: ['repeats'] })?.pages).toBe(1_100);
  });
});

test('an answer that says that more records follow is not called the whole list', () => {
  const again: Api = () => ({ ids: [1, 2, 3], around: { has_more: true } });
  const { code, tryThis } = refusalOf(pagination({ type: 'page' }), again);
  expect(code).toBe('HYG-3604');
  expect(tryThis.join(' ')).not.toContain('type: none');
  expect(refusalOf(pagination({ type: 'page' }), () => ({ ids: [1, 2, 3] })).tryThis.join(' ')).toContain('type: none');
});

describe('a number of pages proves no end', () => {
  const records = Array.from({ length: 34 }, (_, i) => i + 1);
  const cut = (at: number, size: number) => records.slice(at, at + size);

  test.each([20, 100])('where it is of pages of %i records, and the API gives ten', (size) => {
    const around = { total_pages: Math.ceil(34 / size) };
    const pages = pagination({ type: 'page', page_size: size, size_param: 'limit', end: 'short' });
    expect(walked(pages, ({ page = '1' }) => ({ ids: cut((Number(page) - 1) * 10, 10), around })).ids).toEqual(records);
    const offset = pagination({ type: 'offset', page_size: size, size_param: 'limit', end: 'short' });
    expect(walked(offset, ({ offset: at = '0' }) => ({ ids: cut(Number(at), 10), around })).ids).toEqual(records);
  });

  test('where it is the number of the last page, counted from 0, and a page before it is empty', () => {
    const filled: Readonly<Record<string, readonly number[]>> = { 0: cut(0, 10), 1: cut(10, 10), 3: cut(20, 4) };
    const api: Api = ({ page = '0' }) => ({ ids: filled[page] ?? [], around: { meta: { current_page: Number(page), last_page: 3 } } });
    expect(walked(pagination({ type: 'page', start: 0 }), api).ids).toEqual(records.slice(0, 24));
  });

  test('where it is 1 on each page, and a later page is empty once', () => {
    const count = 1;
    const empty = new Set(['3']);
    const api: Api = ({ page = '1' }) => ({
      ids: empty.delete(page) ? [] : cut((Number(page) - 1) * 10, 10),
      around: { total_pages: count },
    });
    expect(walked(pagination({ type: 'page' }), api).ids).toEqual(records);
  });
});

test('the line that leaves a sign aside keeps the parameter of a cursor', () => {
  const api: Api = () => ({ ids: [1], around: { next_cursor: null, total: 5000 } });
  const { tryThis } = refusalOf(pagination({ type: 'cursor', param: 'cursor', at: 'next_cursor' }), api);
  const line = '{ type: cursor, at: next_cursor, param: cursor, ignore: [total] }';
  expect(tryThis.join(' ')).toContain(line);
  expect(walked(pagination(parse(line)), api).ids).toEqual([1]);
});

describe('the line that the error prints reads the list of an API by position that', () => {
  const size = { page_size: 10, size_param: 'n' };
  const from = ({ offset = '0' }: Query) => Number(offset);
  const records = (at: number, around: object = {}): Answer => ({ ids: range(at, Math.min(47, at + 10)), around });

  test.each<[string, object, Api]>([
    ['gives its last page behind the end', {}, (query) => records(Math.min(from(query), 40))],
    ['gives its last ten records behind the end', {}, (query) => records(Math.min(from(query), 37))],
    ['does so, and takes the size of a page', size, (query) => records(Math.min(from(query), 37))],
    ['does so, where a short page ends the list', { ...size, end: 'short' }, (query) => records(Math.min(from(query), 37))],
  ])('%s', (_, keys, api) => {
    const error = refusalOf(pagination({ type: 'offset', ...keys }), api);
    expect([error.code, advisedBy(error)]).toEqual(['HYG-3604', { type: 'offset', ...keys, end: 'repeated' }]);
    expect(walked(pagination(advisedBy(error)), api)).toMatchObject({ ids: range(0, 47), ended: 'repeated' });
  });

  test.each<[string, Api]>([
    ['counts all records on the first page alone', (query) => records(from(query), { total: from(query) === 0 ? 47 : 0 })],
    ['counts more records than it lists', (query) => records(from(query), { total: 60 })],
    ['counts fewer records than it lists', (query) => records(from(query), { total: 30 })],
  ])('%s', (_, api) => {
    const error = refusalOf(pagination({ type: 'offset', ...size, end: 'total', total_at: 'total' }), api);
    expect(['HYG-3605', 'HYG-3612']).toContain(error.code);
    expect(advisedBy(error)).toEqual({ type: 'offset', ...size, ignore: ['total'] });
    expect(walked(pagination(advisedBy(error)), api).ids).toEqual(range(0, 47));
  });

  test('ends at the last record alone, whatever ends the list', () => {
    expect(walked(pagination({ type: 'offset', end: 'repeated' }), (query) => records(from(query))).ids).toEqual(range(0, 47));
  });

  test('gives its first page again, whatever the position, is not taken for one that ends there', () => {
    expect(refusalOf(pagination({ type: 'offset', end: 'repeated' }), () => records(0)).code).toBe('HYG-3604');
  });
});

/** The limit that docs/apis-pages.md names. */
describe('pages that are empty in the middle of a list, each time', () => {
  const without =
    (pages: readonly number[], around: object = {}): Api =>
    ({ page = '1' }) => ({
      ids: pages.includes(Number(page)) ? [] : range((Number(page) - 1) * 10, Math.min(27, Number(page) * 10)),
      around,
    });

  test('are noticed if there is one of them', () => {
    expect(walked(pagination({ type: 'page', start: 1 }), without([2])).ids).toEqual([...range(0, 10), ...range(20, 27)]);
  });

  test('end the list if there are two in a row, unless the answers count the records', () => {
    expect(walked(pagination({ type: 'page', start: 1 }), without([2, 3]))).toMatchObject({ ids: range(0, 10), ended: 'empty' });
    expect(refusalOf(pagination({ type: 'page', start: 1 }), without([2, 3], { total: 27 })).code).toBe('HYG-3612');
  });
});

describe.each<[string, number]>([
  ['page', 30],
  // Each page by position begins with the last record of the page before.
  ['offset', 28],
])('a total that %s reaches with a full page', (kind, total) => {
  const pages = ofKind(kind, { end: 'total', total_at: 'total' });
  const saying = (all: number) => listAround(kind, all, () => ({ total }));
  const isBehind = (query: Query) => (kinds[kind]?.at(query) ?? 0) >= total - (kind === 'offset' ? 1 : 0);

  test.each<[string, (n: number) => Answer]>([
    ['is empty', () => ({ around: { total } })],
    ['is empty, without the total', () => ({ around: { total: 0 } })],
    ['has no body', () => ({ status: 204 })],
    ...noPageStatuses.map((status): [string, () => Answer] => [`is refused by ${status}`, () => ({ status })]),
    ['is the last one again', () => ({ ids: range(kind === 'offset' ? 18 : 20, total), around: { total } })],
    ['is the first one again', () => ({ ids: range(0, 10), around: { total } })],
  ])('is believed where the page behind it %s', (behind, answer) => {
    const api: Api = (query, n) => (isBehind(query) ? answer(n) : saying(total)(query, n));
    // A list by position whose API gives other records there has moved.
    if (kind === 'offset' && behind === 'is the first one again') return;
    expect(walked(pages, api).ids).toEqual(range(0, total));
  });

  test('stops where a further page has records, and the printed line reads them', () => {
    const error = refusalOf(pages, saying(47));
    expect([error.code, advisedBy(error)]).toEqual(['HYG-3612', expect.objectContaining({ ignore: ['total'] })]);
    expect(walked(pagination(advisedBy(error)), saying(47)).ids).toEqual(range(0, 47));
  });

  test('costs one request, and none behind a page with fewer records', () => {
    const asked = (all: number) =>
      walked(
        pages,
        listAround(kind, all, () => ({ total: all })),
      ).requests.length;
    expect(asked(total) - asked(total - 1)).toBe(1);
  });

  test('costs none in a list of children, where another one has proved its end', () => {
    const ends = (proves: boolean) => {
      const walk: Walk = {
        ...beginning,
        at: kind === 'page' ? 3 : kind === 'offset' ? 18 : 2,
        pages: 2,
        read: kind === 'offset' ? 19 : 20,
        total: String(total),
        tail: [],
      };
      const url = requestOf(pages, walk, first);
      const page = pageOf({ ids: range(kind === 'offset' ? 19 : 20, total), around: { total } }, pages, url);
      return turn(pages, walk, page, { ...usualProving, largest: page.records.length, proves }).next === null;
    };
    expect([ends(true), ends(false)]).toEqual([false, true]);
  });
});

/** What an API answers behind its last page. @param n how often it was requested there before. */
const behindLast: Readonly<Record<string, (of: { readonly all: number; readonly lastFrom: number; readonly n: number }) => Answer>> = {
  'an empty page': () => ({ ids: [] }),
  'the last page again': ({ all, lastFrom }) => ({ ids: range(lastFrom, all) }),
  'the first page again': ({ all }) => ({ ids: range(0, Math.min(all, 10)) }),
  'an empty page once, then the last one again': ({ all, lastFrom, n }) => ({ ids: n === 0 ? [] : range(lastFrom, all) }),
  'an empty page once, then the first one again': ({ all, n }) => ({ ids: n === 0 ? [] : range(0, Math.min(all, 10)) }),
  'a refusal': () => ({ status: 404 }),
};
const totals: Readonly<Record<string, (all: number) => number | undefined>> = {
  'no total': () => undefined,
  'the right total': (all) => all,
  'a smaller total': (all) => all - 3,
  'a total of a page less': (all) => Math.max(0, all - 10),
  'a larger total': (all) => all + 2,
};
const sizes = [1, 7, 10, 14, 30];

describe.each(['page', 'offset'])('of a list of type %s all records are read, or the run stops', (kind) => {
  const own = Object.keys(totals).flatMap((total) => Object.keys(behindLast).map((behind) => [total, behind] as const));
  test.each(own)('with %s and %s', (total, behind) => {
    const wrong: string[] = [];
    for (const end of ['empty', 'short', 'total', 'repeated', 'refused'])
      for (const isNamed of [true, false])
        for (const all of sizes) {
          const count = totals[total]?.(all);
          if ((isNamed && count === undefined) || (!isNamed && end === 'total')) continue;
          const size = end === 'short' ? { page_size: 10, size_param: 'n' } : {};
          const pages = ofKind(kind, { end, ...size, ...(isNamed && { total_at: 'total' }) });
          const lastFrom = kind === 'offset' ? Math.max(0, all - 10) : Math.floor((all - 1) / 10) * 10;
          let n = 0;
          const api: Api = (query) => {
            const from = kinds[kind]?.at(query) ?? 0;
            const found = from < all ? { ids: range(from, Math.min(all, from + 10)) } : behindLast[behind]?.({ all, lastFrom, n: n++ });
            return { ...found, around: { total: count } };
          };
          try {
            const { ids } = walked(pages, api);
            if (JSON.stringify(ids) !== JSON.stringify(range(0, all))) wrong.push(`${end}: ${ids.length} of ${all}`);
          } catch (error) {
            if (!/^HYG-36/.test((error as HyggeError).code)) throw error;
          }
        }
    expect(wrong).toEqual([]);
  });
});

test.each(['cursor', 'next_url', 'link_header'])('a list of the type %s that begins anew behind its end stops', (kind) => {
  const whole = listOf(kind, 20);
  const lead = kinds[kind]?.leads(20);
  const api: Api = (query) => {
    const at = kinds[kind]?.at(query);
    return at === 20 ? { ids: range(0, 10) } : at === 10 ? { ...whole(query, 2), ...lead } : whole(query, 1);
  };
  const error = refusalOf(ofKind(kind), api);
  expect(error.code).toBe('HYG-3604');
  expect(advisedBy(error)).toMatchObject({ ignore: ['repeats'] });
});

test.each(['cursor', 'next_url', 'link_header', 'keyset'])(
  'a list of the type %s that comes again has no line with keys of another type',
  (kind) => {
    const again = (): Answer => {
      const { around, headers } = kinds[kind]?.leads(10) ?? {};
      return { ids: range(0, 10), around: { ...around, total: 10, seen: 1 }, ...(headers ? { headers } : {}) };
    };
    let n = 0;
    const error = refusalOf(ofKind(kind), () => ({
      ...again(),
      around: { ...again().around, ...(kind === 'cursor' ? { place: String(++n) } : {}) },
    }));
    expect(['HYG-3604', 'HYG-3612']).toContain(error.code);
    for (const advised of advisedPages(error)) pagination(advised);
  },
);
