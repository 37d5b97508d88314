import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { upTo } from '../../src/apis/lists/anchors.ts';
import type { Pagination } from '../../src/apis/lists/config.ts';
import { beginning, requestOf, turn, type Walk } from '../../src/apis/lists/pages.ts';
import { itemsUrl, pageOf, paginationOf } from '../support/apis/pages.ts';
import { cases } from '../support/samples.ts';

interface Listed {
  readonly id: number;
  readonly at: string | number;
}

type Filter = (at: string, since: string) => boolean;

interface Api {
  readonly size: number;
  /** Of a page, whatever is asked for. */
  readonly most?: number;
  readonly filter: Filter;
  /** Whether the header `Link` leads on. */
  readonly links?: boolean;
  readonly list: (request: number) => readonly Listed[];
  readonly upper?: string;
}

function pagesOf(size: number): Extract<Pagination, { type: 'anchored' }> {
  return paginationOf({ type: 'anchored', param: 'since', field: 'at', key: 'id', page_size: size, size_param: 'n' }) as never;
}

/** The ids that a walk gives out. */
function read({ size, most = Number.POSITIVE_INFINITY, filter, links = true, list, upper }: Api): {
  readonly ids: readonly number[];
  readonly requests: number;
} {
  const of = pagesOf(size);
  const ids: number[] = [];
  let walk: Walk | null = beginning;
  let requests = 0;
  for (; walk !== null && requests < 2_000; requests++) {
    const url = requestOf(of, walk, itemsUrl);
    const since = url.searchParams.get('since');
    const [n, number] = [Math.min(most, Number(url.searchParams.get('n'))), Number(url.searchParams.get('page') ?? 1)];
    const rows = list(requests).filter(({ at }) => since === null || filter(String(at), since));
    const records = rows.slice((number - 1) * n, number * n);
    const next = new URL(url);
    next.searchParams.set('page', String(number + 1));
    const headers: Readonly<Record<string, string>> = links && rows.length > number * n ? { link: `<${next}>; rel="next"` } : {};
    const page = pageOf(of, JSON.stringify(records), { records: [], url, headers });
    const turned = turn(of, walk, page);
    const type = { kind: 'timestamp', unit: 'us', zone: 'UTC' } as const;
    const cut = upper === undefined ? turned : upTo(turned, page, of, { type, upper: { text: upper, inclusive: true } });
    ids.push(...records.slice(cut.from).map(({ id }) => id));
    expect(JSON.stringify(cut.next).length).toBeLessThan(2_048);
    walk = JSON.parse(JSON.stringify(cut.next)) as Walk | null;
  }
  return { ids, requests };
}

const start = Date.UTC(2026, 0, 1, 23, 59, 50);
const time = (ms: number, digits: number) =>
  `${new Date(start + ms).toISOString().slice(0, digits === 0 ? 19 : 23)}${'0'.repeat(Math.max(0, digits - 3))}Z`;

/** What a list shows, and how its filter compares. */
const filters: readonly (readonly [string, (ms: number) => string | number, Filter])[] = [
  ['seconds, at or after', (ms) => time(ms, 0), (at, since) => at >= since],
  ['seconds, later than', (ms) => time(ms, 0), (at, since) => at > since],
  ['milliseconds, later than', (ms) => time(ms, 3), (at, since) => at > since],
  ['milliseconds, later than a second', (ms) => time(ms, 3), (at, since) => at.slice(0, 19) > since.slice(0, 19)],
  ['an offset, later than', (ms) => time(ms, 0).replace('Z', '+02:00'), (at, since) => at > since],
  ['times without a zone, later than', (ms) => time(ms, 0).replace('T', ' ').replace('Z', ''), (at, since) => at > since],
  ['minutes, later than', (ms) => time(ms * 60, 0).slice(0, 16), (at, since) => at > since],
  ['days, later than', (ms) => time(ms * 86_400, 0).slice(0, 10), (at, since) => at > since],
  ['numbers, greater than', (ms) => Math.floor(ms / 1_000) + 1_700_000_000, (at, since) => Number(at) > Number(since)],
];

describe('a list by an anchor', () => {
  test.each(filters)('reads each record once of an API that shows %s the bound', (_, shown, filter) => {
    const some = fc.array(fc.integer({ min: 0, max: 12_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(some, fc.integer({ min: 2, max: 7 }), (times, size) => {
        const list = times.toSorted((a, b) => a - b).map((ms, id) => ({ id, at: shown(ms) }));
        expect(read({ size, filter, list: () => list }).ids).toEqual(list.map(({ id }) => id));
      }),
      cases(200),
    );
  });

  test('of 500 records, seven a second, has all of them where the filter leaves out its bound, up to the upper bound too', () => {
    const list = Array.from({ length: 500 }, (_, id) => ({ id, at: time(Math.floor(id / 7) * 1_000, 0) }));
    const api: Api = { size: 20, filter: (at, since) => at > since, list: () => list, links: false };
    expect(read(api).ids).toEqual(list.map(({ id }) => id));
    const whole = read({ ...api, upper: time(40_000, 6) }).ids;
    expect(whole.slice(0, 41 * 7)).toEqual(list.slice(0, 41 * 7).map(({ id }) => id));
  });

  test('of 100 records a second has all of them where the filter leaves out its bound and times show milliseconds', () => {
    const list = Array.from({ length: 500 }, (_, id) => ({ id, at: time(id * 10, 3) }));
    expect(read({ size: 20, filter: (at, since) => at > since, list: () => list }).ids).toEqual(list.map(({ id }) => id));
  });

  test('asks for a page once where the filter is at or above the bound', () => {
    const list = Array.from({ length: 100 }, (_, id) => ({ id, at: time(id * 1_000, 0) }));
    expect(read({ size: 20, filter: (at, since) => at >= since, list: () => list }).requests).toBe(7);
    // Once the filter is known to leave out its bound, no page is asked for twice.
    expect(read({ size: 20, filter: (at, since) => at > since, list: () => list }).requests).toBe(8);
  });

  test('misses no record where the records at the bound change meanwhile', () => {
    const some = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(some, fc.integer({ min: 3, max: 7 }), fc.nat(12), fc.nat(39), fc.boolean(), (seconds, size, when, which, isStrict) => {
        const list = seconds.toSorted((a, b) => a - b).map((second, id) => ({ id, at: time(second * 1_000, 0) }));
        const moved = list[which % list.length]?.at;
        const stay = list.filter(({ at }) => at !== moved);
        const later = [...stay, ...list.filter(({ at }) => at === moved).map(({ id }) => ({ id: id + 1_000, at: time(99_000, 0) }))];
        const filter: Filter = isStrict ? (at, since) => at > since : (at, since) => at >= since;
        try {
          const { ids } = read({ size, filter, list: (request) => (request < when ? list : later) });
          expect(stay.filter(({ id }) => !ids.includes(id))).toEqual([]);
          expect(new Set(ids).size).toBe(ids.length);
        } catch (error) {
          if ((error as { code?: string }).code !== 'HYG-3605') throw error;
        }
      }),
      cases(1_500),
    );
  });
});

test.each([true, false])('a page that is as large as the API gives them is full, whatever was asked for (links: %s)', (links) => {
  // Asked for 10, the API gives 4; the last seven records have one time.
  const list = Array.from({ length: 12 }, (_, id) => ({ id, at: time(Math.min(id, 5) * 1_000, 0) }));
  const capped = () => read({ size: 10, most: 4, filter: (at, since) => at >= since, links, list: () => list });
  if (links) expect([...new Set(capped().ids)].sort((a, b) => a - b)).toEqual(list.map(({ id }) => id));
  else expect(capped).toThrow(expect.objectContaining({ code: 'HYG-3670' }));
});
