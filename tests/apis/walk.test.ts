import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asParams, envelopeOf } from '../../src/apis/answers/envelope.ts';
import type { Pagination } from '../../src/apis/lists/config.ts';
import { beginning, requestOf, type Turn, turn, type Walk } from '../../src/apis/lists/pages.ts';
import { slicesOf, windowOfSlice } from '../../src/apis/lists/slices.ts';
import { windowParams } from '../../src/apis/lists/window-params.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { everything } from '../../src/engine/contracts/home.ts';
import type { DataType } from '../../src/frames/schema.ts';
import { bodyOf as body, pageOf, paginationOf as pagination } from '../support/apis/pages.ts';
import { cases } from '../support/samples.ts';

const keyset = { type: 'keyset', param: 'after', field: 'id', has_more_at: 'more' };

const page = (of: Pagination, text: string, headers: Readonly<Record<string, string>> = {}) =>
  text === '' ? { ...pageOf(of, '[]', { records: [] }), body: body(''), values: new Map() } : pageOf(of, text, { headers });

const listed = (ids: readonly number[], more: object = {}) => JSON.stringify({ data: ids.map((id) => ({ id })), ...more });

/** Walks as long as there are answers; the last walk is the one that stopped. */
function walked(of: Pagination, answers: readonly string[]): { readonly from: number[]; readonly walk: Walk | null } {
  const from: number[] = [];
  let walk: Walk | null = beginning;
  for (const text of answers) {
    if (walk === null) break;
    const turned = turn(of, walk, page(of, text));
    from.push(turned.from);
    walk = JSON.parse(JSON.stringify(turned.next)) as Walk | null;
  }
  return { from, walk };
}

describe('a walk over pages', () => {
  test.each([1, 2, 3, 7, 64])('of cursors in a circle of %i ends with an error, however long it is', (length) => {
    const of = pagination({ type: 'cursor', param: 'c', at: 'next' });
    let walk: Walk = beginning;
    const ask = () => {
      for (let i = 0; i < 1_000; i++) {
        const { next } = turn(of, walk, page(of, listed([i], { next: `c${i < 5 ? i : 5 + (i % length)}` })));
        expect(JSON.stringify(next).length).toBeLessThan(2_048);
        walk = next as Walk;
      }
    };
    expect(ask).toThrow('HYG-3604');
    expect(walk.pages).toBeLessThan(4 * (length + 8));
  });

  test.each<[string, object, readonly string[], string]>([
    [
      'a flag that is neither true nor false',
      { type: 'page', end: 'has_more', has_more_at: 'more' },
      [listed([1], { more: 'maybe' })],
      'HYG-3602',
    ],
    ['no flag', { type: 'page', end: 'has_more', has_more_at: 'more' }, [listed([1], { more: null })], 'HYG-3602'],
    [
      'more to come, and no cursor',
      { type: 'cursor', param: 'c', at: 'next', has_more_at: 'more' },
      [listed([1], { more: true })],
      'HYG-3612',
    ],
    ['more to come, and no record to continue from', keyset, [listed([], { more: true })], 'HYG-3612'],
    [
      'ids that rise from page to page, and fall on each',
      keyset,
      [listed([10, 9], { more: true }), listed([12, 11], { more: true })],
      'HYG-3604',
    ],
    ['two records of one id', keyset, [listed([1, 2, 2], { more: true })], 'HYG-3602'],
    ['records of the last id of the page before', keyset, [listed([1, 2], { more: true }), listed([2, 2, 3], { more: true })], 'HYG-3602'],
    ['no body behind a cursor', { type: 'cursor', param: 'c', at: 'next' }, [listed([1], { next: 'a' }), ''], 'HYG-3602'],
    [
      'no body behind a page that has more',
      { type: 'page', end: 'has_more', has_more_at: 'more' },
      [listed([1], { more: true }), ''],
      'HYG-3602',
    ],
  ])('with %s ends with an error', (_, of, answers, code) => {
    expect(() => walked(pagination(of), answers)).toThrow(code);
  });

  test.each<[string, object, object, boolean]>([
    ['more: 1', { has_more_at: 'is' }, { is: 1 }, true],
    ['more: "False"', { has_more_at: 'is' }, { is: 'False' }, false],
    ['isLast: false', { last_at: 'isLast' }, { isLast: false }, true],
    ['isLast: true', { last_at: 'isLast' }, { isLast: true }, false],
  ])('goes on as the API says by %s', (_, by, says, goesOn) => {
    const { walk } = walked(pagination({ type: 'page', end: 'has_more', ...by }), [listed([1], says)]);
    expect(walk !== null).toBe(goesOn);
  });

  test('takes no flag of the last page for one of further pages', () => {
    expect(() => pagination({ type: 'page', end: 'has_more', has_more_at: 'isLast' })).toThrow('last_at');
  });

  test('of empty pages that lead on for ever ends', () => {
    const of = pagination({ type: 'cursor', param: 'c', at: 'next' });
    expect(() =>
      walked(
        of,
        Array.from({ length: 500 }, (_, i) => listed([], { next: `c${i}` })),
      ),
    ).toThrow(expect.objectContaining({ why: [expect.stringContaining('100 pages in a row')] }));
  });

  test('continues over a page without records that leads on', () => {
    const of = pagination({ type: 'cursor', param: 'c', at: 'next' });
    expect(walked(of, [listed([1], { next: 'a' }), listed([], { next: 'b' }), listed([2], { next: null })]).walk).toBeNull();
  });

  test('of offsets overlaps by a record, and asks for an earlier page where that is not there', () => {
    const of = pagination({ type: 'offset', page_size: 3, size_param: 'n' });
    const { from, walk } = walked(of, [listed([1, 2, 3]), listed([3, 4, 5])]);
    expect([from, walk]).toEqual([[0, 1], expect.objectContaining({ at: 4, read: 5 })]);
    const back = walked(of, [listed([1, 2, 3]), listed([3, 4, 5]), listed([7, 8])]);
    expect([back.from, back.walk]).toEqual([[0, 1, 2], expect.objectContaining({ at: 1, read: 5, back: 1 })]);
    const found = walked(of, [listed([1, 2, 3]), listed([3, 4, 5]), listed([7, 8]), listed([4, 5, 6])]);
    expect([found.from, found.walk]).toEqual([[0, 1, 2, 2], expect.objectContaining({ at: 3, read: 6 })]);
    expect(found.walk).not.toHaveProperty('back');
  });

  test('of offsets continues where new records in front moved a whole page', () => {
    const of = pagination({ type: 'offset', page_size: 3, size_param: 'n', end: 'short' });
    expect(walked(of, [listed([1, 2, 3]), listed([1, 2, 3]), listed([3, 4])])).toEqual({ from: [0, 3, 1], walk: null });
  });

  test('of offsets keeps neighbours that are the same', () => {
    const of = pagination({ type: 'offset', page_size: 3, size_param: 'n', end: 'short' });
    const list = [9, 1, 1, 1, 2];
    const pages = [0, 2, 4].map((at) => listed(list.slice(at, at + 3)));
    expect(walked(of, pages)).toMatchObject({ from: [0, 1, 1], walk: null });
  });

  test('after the last record takes one that comes again once', () => {
    const of = pagination({ type: 'keyset', param: 'after', field: 'id' });
    expect(walked(of, [listed([1, 2]), listed([2, 3]), listed([3])])).toEqual({ from: [0, 1, 1], walk: null });
  });

  test('anchored at the last value skips what was read of that value, and nothing else', () => {
    const of = pagination({ type: 'anchored', param: 'since', field: 'at', key: 'id', page_size: 3, size_param: 'n' });
    const at = (...records: readonly string[]) =>
      JSON.stringify({ data: records.map((one) => ({ id: Number(one.slice(1)), at: one.slice(0, 1) })) });
    const begun = at('a1', 'b2', 'b3');
    expect(walked(of, [begun]).walk).toMatchObject({ at: { since: 'b' }, read: 3 });
    expect(walked(of, [begun, at('b2', 'b3', 'c4'), at('c4')])).toEqual({ from: [0, 2, 1], walk: null });
    expect(walked(of, [begun, at('b2', 'b3')])).toEqual({ from: [0, 2], walk: null });
    // Rows that changed meanwhile are at the end, and no other row is missed for that.
    expect(walked(of, [begun, at('b3', 'c4', 'd1'), at('d1', 'd2')])).toEqual({ from: [0, 1, 1], walk: null });
    expect(walked(of, [begun, at('b5', 'c6'), at('c6')])).toEqual({ from: [0, 0, 1], walk: null });
    expect(() => walked(of, [begun, at('b3', 'b5', 'b2')])).toThrow('HYG-3605');
    // Without a link from page to page, nothing tells whether more records have the value.
    expect(() => walked(of, [begun, at('b2', 'b3', 'b5'), at('b2', 'b3')])).toThrow('HYG-3670');
    expect(() => walked(of, [begun, at('b2', 'b3', 'b5'), at('b2', 'b3', 'b5')])).toThrow('HYG-3670');
    // The API pays no regard to the filter, or to the order.
    expect(() => walked(of, [begun, begun])).toThrow('HYG-3602');
    expect(() => walked(of, [at('b2', 'a1')])).toThrow('HYG-3602');
  });

  /** A list of an API that filters by `since`, and leads from page to page by links. Each answer may be of another list. */
  const anchoredList = (size: number, lists: (request: number) => readonly string[]) => {
    const of = pagination({ type: 'anchored', param: 'since', field: 'at', key: 'id', page_size: size, size_param: 'n' });
    const read: string[] = [];
    let walk: Walk | null = beginning;
    let requests = 0;
    for (; walk !== null && requests < 1_000; requests++) {
      const url = requestOf(of, walk, new URL('https://api.example.com/items'));
      const [n, number] = [Number(url.searchParams.get('n')), Number(url.searchParams.get('page') ?? 1)];
      const rows = lists(requests).filter((one) => one.slice(0, 1) >= (url.searchParams.get('since') ?? ''));
      const records = rows.slice((number - 1) * n, number * n);
      const next = new URL(url);
      next.searchParams.set('page', String(number + 1));
      const text = JSON.stringify({ data: records.map((one) => ({ id: Number(one.slice(1)), at: one.slice(0, 1) })) });
      const turned: Turn = turn(of, walk, page(of, text, rows.length > number * n ? { link: `<${next}>; rel="next"` } : {}));
      read.push(...records.slice(turned.from));
      expect(JSON.stringify(turned.next).length).toBeLessThan(2_048);
      walk = JSON.parse(JSON.stringify(turned.next)) as Walk | null;
    }
    return { read, requests };
  };
  const some = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(1)), { maxLength: 40 }).map((given) =>
    given
      .map(([value]) => value)
      .sort()
      .map((value, i) => `${value}${i}`),
  );

  test('anchored at the last value reads each record once, however many have one value, where links lead on', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 2, max: 7 }), (list, size) => {
        const { read, requests } = anchoredList(size, () => list);
        expect(read).toEqual(list);
        expect(requests).toBeLessThanOrEqual(2 + Math.ceil(list.length / (size - 1)) * 4);
      }),
      cases(2_000),
    );
  });

  test('anchored at the last value misses no record, or stops, where records of one value change meanwhile or have no order', () => {
    let stopped = 0;
    fc.assert(
      fc.property(some, fc.integer({ min: 2, max: 7 }), fc.nat(20), fc.nat(39), fc.boolean(), (list, size, when, which, isShuffled) => {
        const changed = list[which % Math.max(1, list.length)] ?? '';
        const later = [...list.filter((one) => one !== changed), ...(changed === '' ? [] : [`e${changed.slice(1)}`])];
        // As a database may order records of one value for each page in another way.
        const turnedRound = (rows: readonly string[], request: number) =>
          isShuffled && request % 2
            ? rows.toSorted((a, b) => (a[0] === b[0] ? Number(b.slice(1)) - Number(a.slice(1)) : a < b ? -1 : 1))
            : rows;
        try {
          const { read } = anchoredList(size, (request) => turnedRound(request < when ? list : later, request));
          expect(list.filter((one) => one !== changed && !read.includes(one))).toEqual([]);
          expect(new Set(read).size).toBe(read.length);
        } catch (error) {
          if ((error as { code?: string }).code !== 'HYG-3605') throw error;
          stopped++;
        }
      }),
      cases(2_000),
    );
    expect(stopped).toBeGreaterThan(0);
  });

  test('whose totals do not agree with each other, or with what was read, is an error', () => {
    const of = pagination({ type: 'page', total_at: 'total' });
    const pages = (...totals: readonly number[]) => [
      listed([1, 2], { total: totals[0] }),
      listed([3], { total: totals[1] }),
      listed([], { total: totals[2] }),
      ...Array.from({ length: 3 }, () => listed([], { total: totals[2] })),
    ];
    expect(walked(of, pages(3, 3, 3)).walk).toBeNull();
    for (const totals of [
      [4, 4, 4],
      [3, 3, 4],
      [4, 3, 3],
    ])
      expect(() => walked(of, pages(...totals))).toThrow('HYG-3605');
  });
});

test('a body is read for what is around its records, and no value loses a digit', () => {
  const text =
    ' {"meta": {"next": "a\\u00e9", "count": 9007199254740993, "x": {}}, "data": {"items": [{"id": 1} , {"id": 2}]}, "ok": true} ';
  const { records = [], values } = envelopeOf(body(text), ['data', 'items'], ['meta.next', 'meta.count', 'ok', 'gone.far', 'meta.x']);
  expect(records.map(({ start, end }) => text.slice(start, end))).toEqual(['{"id": 1}', '{"id": 2}']);
  expect(Object.fromEntries([...values].map(([name, { text: one }]) => [name, one]))).toEqual({
    'meta.next': 'aé',
    'meta.count': '9007199254740993',
    ok: 'true',
    'meta.x': '{}',
  });
});

test('a name with dots is met by the selector of its text, once', () => {
  const values = (text: string) => envelopeOf(body(text), ['value'], ['@odata.nextLink', 'a.b.c']).values;
  const found = values('{"@odata.nextLink": "x", "a": {"b.c": 1, "b": {"d": 2}}}');
  expect([...found].map(([name, { text }]) => [name, text])).toEqual([
    ['@odata.nextLink', 'x'],
    ['a.b.c', '1'],
  ]);
  expect(() => values('{"a": {"b": {"c": 1}}, "a.b": {"c": 2}}')).toThrow();
});

test.each([
  ['{"apcontinue": "B", "continue": "-||", "n": 9007199254740993}', { apcontinue: 'B', continue: '-||', n: '9007199254740993' }],
  ['{}', {}],
  ['{"a": {}}', undefined],
  ['"text"', undefined],
])('%s as parameters', (text, expected) => {
  expect(asParams(text)).toEqual(expected);
});

describe('a bound goes out one unit further than needed, in the form of the API', () => {
  const utc: DataType = { kind: 'timestamp', unit: 'us', zone: 'UTC' };
  test.each<[string, DataType, string, string, string]>([
    ['iso', utc, '2026-01-31T08:00:00.500000Z', '2026-01-31T07:59:59Z', '2026-01-31T08:00:02Z'],
    ['iso', utc, '2026-01-31T08:00:00.000000Z', '2026-01-31T07:59:59Z', '2026-01-31T08:00:01Z'],
    ['iso_ms', utc, '2026-01-31T08:00:00.500001Z', '2026-01-31T08:00:00.499Z', '2026-01-31T08:00:00.502Z'],
    ['iso_no_zone', { kind: 'timestamp', unit: 'us' }, '2026-01-31T08:00:00.000000', '2026-01-31T07:59:59', '2026-01-31T08:00:01'],
    ['date', utc, '2026-01-31T08:00:00.000000Z', '2026-01-30', '2026-02-02'],
    ['date', { kind: 'date' }, '2026-01-31', '2026-01-30', '2026-02-02'],
    ['epoch_s', utc, '2026-01-31T08:00:00.000000Z', '1769846399', '1769846401'],
    ['epoch_ms', utc, '1969-12-31T23:59:59.999500Z', '-2', '1'],
    ['epoch_s', { kind: 'int64' }, '1769846400', '1769846399', '1769846401'],
    ['epoch_ms', { kind: 'int64' }, '-2', '-3', '-1'],
    ['number', { kind: 'int64' }, '9007199254740993', '9007199254740992', '9007199254740994'],
  ])('%s of %o', (format, type, text, low, high) => {
    const edge = { text, inclusive: true };
    const params = { from: 'since', to: 'until', format } as Parameters<typeof windowParams>[1];
    expect(windowParams({ column: { column: 'c', type }, lower: edge, upper: edge }, params)).toEqual({ since: low, until: high });
  });

  test('only where the API can be asked', () => {
    const edge = { text: 'a', inclusive: true };
    expect(
      windowParams({ column: { column: 'c', type: { kind: 'string' } }, lower: edge, upper: null }, { from: 'since', format: 'iso' }),
    ).toEqual({});
  });
});

describe('a window as an expression', () => {
  const column = { column: 'c', type: { kind: 'date' } as DataType };
  const edge = (text: string | null) => (text === null ? null : { text, inclusive: true });
  const sent = (window: object, [lower, upper]: readonly (string | null)[], given: string | null = null) => {
    const { window: of } = restConfig.parse({
      base_url: 'https://api.example.com',
      endpoint: 'items',
      window: { format: 'date', ...window },
    });
    return windowParams({ column, lower: edge(lower ?? null), upper: edge(upper ?? null) }, of, () => given);
  };
  const apart = { param: '$filter', from: 'd ge {from}', to: 'd le {to}' };
  const both = { param: 'q', from: 'updated:{from}..{to}', open: '*', join: ' ' };

  test.each<[object, (string | null)[], string | null, object]>([
    [apart, ['2026-01-02', '2026-01-04'], null, { $filter: 'd ge 2026-01-01 and d le 2026-01-06' }],
    [apart, ['2026-01-02', '2026-01-04'], 'x eq 1', { $filter: 'x eq 1 and d ge 2026-01-01 and d le 2026-01-06' }],
    [apart, [null, '2026-01-04'], null, { $filter: 'd le 2026-01-06' }],
    [{ ...apart, to: undefined, join: ';' }, ['2026-01-02', '2026-01-04'], 'a', { $filter: 'a;d ge 2026-01-01' }],
    [apart, [null, null], 'x eq 1', {}],
    [both, ['2026-01-02', '2026-01-04'], 'is:issue', { q: 'is:issue updated:2026-01-01..2026-01-06' }],
    [both, [null, '2026-01-04'], null, { q: 'updated:*..2026-01-06' }],
    [both, ['2026-01-02', null], null, { q: 'updated:2026-01-01..*' }],
    [both, [null, null], null, {}],
  ])('%j of %j behind %j', (window, bounds, given, expected) => {
    expect(sent(window, bounds, given)).toEqual(expected);
  });

  test.each([
    { param: 'q', from: 'updated_since' },
    { param: 'q', from: 'd ge {from}', to: 'until' },
    { param: 'q', from: '{from}..{to}' },
    { param: 'q', from: '{from}..{to}', to: '{to}', open: '*' },
    { from: 'since', join: ' ' },
    { from: 'since', open: '*' },
    { param: 'q', from: 'd ge {from}', slice: '1d' },
  ])('that has no place for a bound is refused: %j', (window) => {
    expect(() => sent(window, [])).toThrow();
  });
});

describe('slices of a window', () => {
  const column = { column: 'c', type: { kind: 'date' } } as const;
  const edges = (lower: string | null, upper: string | null) => ({
    column,
    lower: lower === null ? null : { text: lower, inclusive: false },
    upper: upper === null ? null : { text: upper, inclusive: true },
  });
  const window = { ...everything, ...edges('2026-01-01', '2026-03-10'), nulls: 'include' } as const;

  test('follow each other without a gap, the nulls with the first one', () => {
    const found = slicesOf(window, { slice: '1mo' }).map((slice) => windowOfSlice(window, slice));
    expect(found.map(({ lower, upper, nulls }) => [lower, upper, nulls])).toEqual([
      [{ text: '2026-01-01', inclusive: false }, { text: '2026-02-01', inclusive: true }, 'include'],
      [{ text: '2026-02-01', inclusive: false }, { text: '2026-03-01', inclusive: true }, 'exclude'],
      [{ text: '2026-03-01', inclusive: false }, { text: '2026-03-10', inclusive: true }, 'exclude'],
    ]);
  });

  test('of integers that count seconds follow the calendar', () => {
    const [lower, upper] = ['2026-01-31', '2026-03-10'].map((day) => ({ text: String(Date.parse(day) / 1000), inclusive: true }));
    const counted = { ...window, column: { column: 'c', type: { kind: 'int64' } }, lower: lower ?? null, upper: upper ?? null } as const;
    const found = slicesOf(counted, { slice: '1mo', format: 'epoch_s' }).map((slice) => windowOfSlice(counted, slice));
    expect(found.map(({ upper: end }) => new Date(Number(end?.text) * 1000).toISOString().slice(0, 10))).toEqual([
      '2026-02-28',
      '2026-03-10',
    ]);
  });

  test('are 400 at most, and one where an end is open', () => {
    const many = slicesOf(edges('1990-01-01', '2026-01-01'), { slice: '1d' });
    expect([many.length > 200, many.length <= 400]).toEqual([true, true]);
    for (const open of [edges(null, '2026-01-01'), edges('2026-01-01', null)])
      expect(slicesOf(open, { slice: '1d' }).map((slice) => windowOfSlice(window, slice))).toEqual([window]);
  });
});
