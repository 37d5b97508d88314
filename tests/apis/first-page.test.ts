import { describe, expect, test } from 'vitest';
import type { Pagination } from '../../src/apis/lists/config.ts';
import { mustBeFirst } from '../../src/apis/lists/first-page.ts';
import { beginning, turn, type Walk } from '../../src/apis/lists/pages.ts';
import { pageOf, paginationOf as pagination } from '../support/apis/pages.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { noteWithin } from '../support/raised-codes.ts';

const scene = scriptedScene();
const page = (of: Pagination, document: object, headers: Readonly<Record<string, string>> = {}) =>
  pageOf(of, JSON.stringify(document), { url: new URL('https://api.example/items?page=1'), headers });

/** The places that the walk gets to. */
function walked(of: Pagination, documents: readonly object[]): readonly Walk['at'][] {
  let walk: Walk | null = beginning;
  const places: Walk['at'][] = [];
  for (const document of documents) {
    if (walk === null) break;
    walk = turn(of, walk, page(of, document)).next;
    places.push(walk?.at ?? null);
  }
  return places;
}
const data = [{ id: 1, note: 'next' }, { id: 2 }];

describe('the first page that is asked for', () => {
  const from = (start: number) => pagination({ type: 'page', start });

  test.each<[string, object, Readonly<Record<string, string>>?]>([
    ['as Spring says it', { data, number: 1, first: false, last: true }],
    ['as a flag of pages', { data, meta: { has_previous: true } }],
    ['by the address of page 0', { data, previous: '/items?page=0' }],
    ['by an address inside of an object', { data, links: { prev: { href: 'https://api.example/items?q=a&page=0' } } }],
    ['by the header Link', { data }, { link: '<https://api.example/items?page=0>; rel="prev"' }],
  ])('is not the first one where another one comes before it, %s', (_, document, headers) => {
    const of = from(1);
    expect(() => mustBeFirst(of, page(of, document, headers))).toThrow('HYG-3611');
  });

  test('is not page 0 where the API leads from it to page 2', () => {
    const of = from(0);
    expect(() => mustBeFirst(of, page(of, { data, next: 'https://api.example/items?page=2' }))).toThrow('HYG-3611');
    expect(() => mustBeFirst(of, page(of, { data, next: 'https://api.example/items?page=1' }))).not.toThrow();
  });

  test.each([
    ['the first page', { data, number: 0, first: true, links: { prev: null, next: '/items?page=2' } }],
    ['a cursor backwards, which is always there', { data, previous: 'abc', prev_page: 0 }],
    ['a previous page that is itself', { data, previous: '/items?page=1' }],
    ['what records say', { data: [{ first: false, previous: '/items?page=0', meta: { has_previous: true } }] }],
    ['another thing that is first', { data, offer: { first: false } }],
    ['no object', [1]],
  ])('is taken with %s', (_, document) => {
    const of = from(1);
    expect(() => mustBeFirst(of, page(of, document))).not.toThrow();
  });

  test('stops a run before a page is left out', async () => {
    const { api, workspace } = scene;
    const run = async (start: string) => {
      workspace.write({
        'flows/f/flow.yml': `home: { type: rest_api, base_url: "${api.url}", endpoint: items, records: content, pagination: { type: page${start}, end: has_more, last_at: last } }\nstore: lake\nentities: [items]\n`,
      });
      const ran = await here(workspace, 'go');
      noteWithin(ran.events);
      return ran;
    };
    api.script = ({ query }) => {
      const number = Number(query.page);
      return {
        headers: { date: 'Fri, 09 Jan 2026 00:00:00 GMT' },
        body: JSON.stringify({ content: [{ id: number }], number, first: number === 0, last: number === 2 }),
      };
    };
    expect((await run('')).error).toBe('HYG-3611');
    expect((await run(', start: 0')).summary.rows).toBe(3);
  });
});

describe('an address in a list of links', () => {
  test('leads on, and a list without it ends', () => {
    const of = pagination({ type: 'next_url', at: 'link[relation=next].url' });
    const link = (more: readonly object[]) => ({ data, link: [{ relation: 'self', url: 'https://api.example/fhir?a' }, ...more] });
    expect(walked(of, [link([{ relation: 'next', url: '/fhir?_getpages=1' }]), { ...link([]), data: [{ id: 3 }] }])).toEqual([
      'https://api.example/fhir?_getpages=1',
      null,
    ]);
    const siren = pagination({ type: 'next_url', at: 'links[rel=next].href' });
    expect(
      walked(siren, [
        { data, links: [{ rel: ['item', 'next'], href: '/b' }] },
        { data: [{ id: 3 }], links: [] },
      ]),
    ).toEqual(['https://api.example/b', null]);
    expect(walked(of, [{ data, link: null }])).toEqual([null]);
    expect(walked(of, [{ data }])).toEqual([null]);
  });

  test('of which the last one leads to itself ends as the body says', () => {
    const of = pagination({ type: 'next_url', at: 'after_url', last_at: 'end_of_stream' });
    const after_url = 'https://api.example/items?cursor=a';
    const answers = [
      { data, after_url, end_of_stream: false },
      { data: [{ id: 3 }], after_url, end_of_stream: true },
    ];
    expect(walked(of, answers)).toEqual([after_url, null]);
  });
});

describe('a total', () => {
  const of = pagination({ type: 'offset', param: 'from', end: 'total', total_at: 'hits.total.value' });
  const answer = (relation?: string) => ({ data, hits: { total: { value: 2, ...(relation && { relation }) } } });

  test('that is a lower bound ends no list', () => {
    expect(() => walked(of, [answer('gte')])).toThrow('HYG-3602');
    // It may be the number of records of the page: behind that page is none.
    for (const relation of ['eq', undefined]) expect(walked(of, [answer(relation), { ...answer(relation), data: [] }])).toEqual([1, null]);
  });
});

test('a bad record is named by its number on its page', async () => {
  const { api, workspace } = scene;
  workspace.write({
    'flows/f/flow.yml': `home: { type: rest_api, base_url: "${api.url}", endpoint: items, pagination: { type: page, start: 1 }, types: { id: int64 } }\nstore: lake\nentities: [items]\n`,
  });
  api.script = ({ query }) => {
    const number = Number(query.page);
    const ids = number < 4 ? [number * 10 + 1, number === 3 ? 'none' : number * 10 + 2, number * 10 + 3] : [];
    return { headers: { date: 'Fri, 09 Jan 2026 00:00:00 GMT' }, body: JSON.stringify(ids.map((id) => ({ id }))) };
  };
  const ran = await here(workspace, 'go');
  expect([ran.error, JSON.stringify(ran.events)]).toEqual(['HYG-3305', expect.stringContaining('Record 2 of http')]);
  expect(JSON.stringify(ran.events)).toContain('/items, page 3 can');
});
