/** Signs that more records follow, as known APIs give them, and whether what is proposed for them reads each record. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Pagination } from '../../src/apis/lists/config.ts';
import { furtherPages } from '../../src/apis/lists/further-pages.ts';
import { beginning, type Page, requestOf, turn, type Walk } from '../../src/apis/lists/pages.ts';
import { itemsUrl as first, paginationOf as pagination, pageOf as textPage } from '../support/apis/pages.ts';

interface Answer {
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const alone: Pagination = { type: 'none' };

function pageOf(
  { body, headers = {} }: Answer,
  { records, pages = alone, url = first }: { records: string; pages?: Pagination; url?: URL },
): Page {
  return textPage(pages, JSON.stringify(body), { records: records === '.' ? [] : records.split('.'), url, headers });
}

const proposed = (answer: Answer, records: string) => furtherPages(alone, pageOf(answer, { records }));

const two = [{ id: 'a' }, { id: 'b' }];

describe('more records follow where the answer has', () => {
  test.each<[string, string, unknown, string]>([
    [
      'Elasticsearch',
      'hits.hits',
      { hits: { total: { value: 57, relation: 'eq' }, hits: two } },
      '{ type: offset, param: from, end: total, total_at: hits.total.value }',
    ],
    [
      'Elasticsearch, counted no further',
      'hits.hits',
      { hits: { total: { value: 10_000, relation: 'gte' }, hits: two } },
      '{ type: offset, param: from }',
    ],
    ['a scroll', 'hits.hits', { _scroll_id: 'x', hits: { hits: two } }, '{ type: offset, param: from }'],
    [
      'Kubernetes',
      'items',
      { items: two, metadata: { continue: 'abc', remainingItemCount: 7 } },
      '{ type: cursor, at: metadata.continue, param: continue }',
    ],
    [
      'Siren',
      'entities',
      {
        entities: two,
        links: [
          { rel: ['self'], href: '/a' },
          { rel: ['item', 'next'], href: '/b' },
        ],
      },
      '{ type: next_url, at: "links[rel=next].href" }',
    ],
    ['what remains', 'data', { data: two, count: 2, remaining: 24 }, '{ type: page }'],
    ['Airtable', 'records', { records: two, offset: 'itr/rec' }, '{ type: cursor, at: offset, param: offset }'],
    ['a limit that was reached', 'data', { data: two, limit_reached: true }, '{ type: page }'],
    [
      'OData v2',
      'd.results',
      { d: { results: two, __count: '57', __next: 'https://api.example.com/items?$skiptoken=1' } },
      '{ type: next_url, at: d.__next, total_at: d.__count }',
    ],
    [
      'OData v2, a number',
      'd.results',
      { d: { results: two, __count: '57' } },
      '{ type: offset, param: "$skip", end: total, total_at: d.__count }',
    ],
    [
      'DynamoDB',
      'Items',
      { Items: two, Count: 2, LastEvaluatedKey: { id: { S: 'b' } } },
      '{ type: cursor, at: LastEvaluatedKey, param: ExclusiveStartKey }',
    ],
    [
      'Pipedrive',
      'data',
      { data: two, additional_data: { pagination: { start: 0, limit: 2, more_items_in_collection: true } } },
      '{ type: offset, param: start, end: has_more, has_more_at: additional_data.pagination.more_items_in_collection }',
    ],
    [
      'Intercom',
      'data',
      { data: two, total_count: 57, pages: { next: { page: 2, starting_after: 'W' }, page: 1 } },
      '{ type: cursor, at: pages.next.starting_after, param: starting_after, total_at: total_count }',
    ],
    [
      'FHIR',
      'entry',
      { total: 57, entry: two, link: [{ relation: 'next', url: 'https://api.example.com/items?pageNumber=2' }] },
      '{ type: next_url, at: "link[relation=next].url", total_at: total }',
    ],
    ['the number of pages', 'items', { items: two, page: 1, pages: 4 }, '{ type: page }'],
    ['an address', 'data', { data: two, links: { next: 'https://example.com/items?page=2' } }, 'at: links.next'],
    ['an address below its relation', 'data', { data: two, _links: { next: { href: '/items?page=2' } } }, 'at: _links.next.href'],
    ['an address with a dot in its name', 'data', { data: two, '@odata.nextLink': '/items?page=2' }, 'at: "@odata.nextLink"'],
    ['a cursor of parameters', 'data', { data: two, continue: { offset: 2 } }, '{ type: cursor, at: continue }'],
    ['a word', 'data', { data: two, has_more: true }, 'has_more_at: has_more'],
    ['a word of the other sense', 'data', { data: two, done: false }, 'type: page'],
    ['a total', 'data', { data: two, meta: { pagination: { total: 3 } } }, 'total_at: meta.pagination.total'],
    ['a total before the records', 'data', { count: 57, data: two }, 'total_at: count'],
    [
      'Zendesk',
      'tickets',
      { tickets: two, after_url: 'https://api.example.com/items?cursor=x', end_of_stream: false },
      '{ type: next_url, at: after_url, last_at: end_of_stream }',
    ],
    ['Square', 'objects', { objects: two, cursor: 'abc' }, '{ type: cursor, at: cursor, param: cursor }'],
    [
      'Facebook',
      'data',
      { data: two, paging: { cursors: { after: 'x' }, next: 'https://api.example.com/items?after=x' } },
      '{ type: next_url, at: paging.next }',
    ],
    ['HubSpot', 'results', { results: two, paging: { next: { after: '2', link: '?after=2' } } }, 'paging.next'],
    ['Bubble', 'response.results', { response: { cursor: 0, results: two, count: 2, remaining: 55 } }, '{ type: offset, param: cursor }'],
    [
      'Jira',
      'issues',
      { startAt: 0, maxResults: 2, total: 57, isLast: false, issues: two },
      '{ type: offset, param: startAt, end: total, total_at: total }',
    ],
    [
      'SCIM',
      'Resources',
      { totalResults: 57, startIndex: 1, itemsPerPage: 2, Resources: two },
      '{ type: offset, param: startIndex, end: total, total_at: totalResults }',
    ],
    [
      'PagerDuty',
      'users',
      { users: two, limit: 2, offset: 0, more: true, total: null },
      '{ type: offset, param: offset, end: has_more, has_more_at: more }',
    ],
    [
      'Spring',
      'content',
      { content: two, number: 0, totalPages: 3, totalElements: 57, last: false },
      '{ type: page, start: 0, end: total, total_at: totalElements }',
    ],
    [
      'Stripe',
      'data',
      { object: 'list', has_more: true, data: two },
      '{ type: keyset, param: starting_after, field: id, has_more_at: has_more }',
    ],
    ['the number of the largest page', 'items', { items: two, max_page: 9 }, '{ type: page }'],
    ['the number of the last page', 'items', { items: two, pagination: { current: 1, last: 3 } }, '{ type: page }'],
    ['what remains of the pages', 'items', { items: two, pagination: { remaining: 20 } }, '{ type: page }'],
    ['Google', 'items', { items: two, nextPageToken: 'abc' }, '{ type: cursor, at: nextPageToken, param: pageToken }'],
    [
      'Notion',
      'results',
      { object: 'list', results: two, has_more: true, next_cursor: 'abc' },
      '{ type: cursor, at: next_cursor, param: start_cursor, has_more_at: has_more }',
    ],
    [
      'Slack',
      'members',
      { ok: true, members: two, response_metadata: { next_cursor: 'abc=' } },
      '{ type: cursor, at: response_metadata.next_cursor, param: cursor }',
    ],
  ])('%s', (_, records, body, keys) => {
    const found = proposed({ body }, records);
    expect(found?.pagination).toContain(keys);
    // What is proposed is a value that the config takes.
    expect(pagination(parse(found?.pagination ?? '')).type).not.toBe('none');
  });

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ 'x-next-page': '2', 'x-total': '57' }, '{ type: cursor, header: x-next-page, param: page, total_header: x-total }'],
    [{ 'x-ms-continuationtoken': 'abc' }, '{ type: cursor, header: x-ms-continuationtoken, param: continuationToken }'],
    [{ 'x-ms-continuation': 'abc' }, '{ type: cursor, header: x-ms-continuation, param: cursor }'],
    [{ 'x-continuation-token': 'abc' }, '{ type: cursor, header: x-continuation-token, param: cursor }'],
    [{ link: '</items?page=2>; rel="next"' }, '{ type: link_header }'],
    [{ 'x-total-count': '57' }, '{ type: page, end: total, total_header: x-total-count }'],
    [{ 'content-range': 'items 0-1/57' }, '{ type: page }'],
    [{ 'x-wp-totalpages': '3' }, '{ type: page }'],
  ])('the header %o', (headers, keys) => {
    expect(proposed({ body: two, headers }, '.')?.pagination).toBe(keys);
  });
});

describe('the answer is whole where it has', () => {
  test.each<[string, string, unknown]>([
    ['members of records', 'data', { data: [{ id: 1, next: 'https://api.example.com', total: 57, cursor: 'x', has_more: true }] }],
    ['as many records as it counts', 'data', { data: two, count: 2, total: '2', offset: 0, pages: 1, '@odata.count': 2 }],
    ['cursors that lead nowhere', 'data', { data: two, cursor: '', offset: null, next_page_uri: null, LastEvaluatedKey: {} }],
    ['a cursor for later', 'data', { data: two, cursor: 'abc', after_url: 'https://api.example.com/items?cursor=x', end_of_stream: true }],
    ['cursors of Facebook without an address', 'data', { data: two, paging: { cursors: { before: 'x', after: 'y' } } }],
    ['links to itself', 'data', { data: two, links: [{ rel: 'self', href: '/items' }] }],
    ['a last page', 'data', { data: two, next: null, has_more: false, total: 2, meta: { next_cursor: '', total_pages: 1 } }],
    ['an object that is the record, and counts', '.', { id: 1, total: 50, count: 7 }],
    ['members of other objects', 'data', { data: two, facets: { total: 90, next: '/x' } }],
    ['a scroll whose hits are all there', 'hits.hits', { _scroll_id: 'x', hits: { total: { value: 2, relation: 'eq' }, hits: two } }],
    [
      'an order of its own total around its lines',
      'order.lines',
      { order: { id: 7, total: 99, count: 40, pages: 3, cursor: 'x', lines: two } },
    ],
    ['a book of many pages', 'chapters', { title: 'x', pages: 300, chapters: two }],
    ['calls that remain', 'data', { data: two, remaining: 4_990, limit: 5_000, limit_reached: false }],
    ['pages of which it is the last one', 'data', { data: two, max_page: 1, pagination: { current: 1, last: 1, remaining: 0 } }],
    ['a last record', 'data', { data: two, pagination: { last: 77 } }],
    ['nothing remaining', 'response.results', { response: { cursor: 0, results: two, count: 2, remaining: 0 } }],
    ['a record alone', '.', { id: 1, cursor: 'abc', offset: 'abc', pages: 7, page: 1, total: 57 }],
    ['headers without a value', 'data', { data: two }],
  ])('%s', (_, records, body) => {
    expect(proposed({ body, headers: { 'x-next-page': '', 'x-total-count': '1' } }, records)).toBeUndefined();
  });
});

/** Ids that a walk reads, each once. */
function walked(api: (query: Readonly<Record<string, string>>, path: string) => Answer, records: string): readonly unknown[] {
  const ask = (url: URL) => api(Object.fromEntries(url.searchParams), url.pathname);
  const pages = pagination(parse(proposed(ask(first), records)?.pagination ?? ''));
  const ids: unknown[] = [];
  for (let walk: Walk | null = beginning; walk !== null; ) {
    const url = requestOf(pages, walk, first);
    const answer = ask(url);
    const page = pageOf(answer, { records, pages, url });
    const { from, next } = turn(pages, walk, page);
    const text = page.body.bytes.toString();
    ids.push(...page.records.slice(from).map(({ start, end }) => JSON.parse(text.slice(start, end)).id));
    walk = next;
  }
  return ids;
}

describe('what is proposed reads each record once', () => {
  const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => ({ id }));
  const from = (at: number) => all.slice(at, at + 3);
  const notThere = (): never => {
    throw new Error('404');
  };
  test.each<[string, string, (query: Readonly<Record<string, string>>) => Answer]>([
    [
      'Jira',
      'issues',
      ({ startAt = '0' }) => ({ body: { startAt: Number(startAt), maxResults: 3, total: 7, issues: from(Number(startAt)) } }),
    ],
    [
      'SCIM',
      'Resources',
      ({ startIndex = '1' }) => ({ body: { startIndex: Number(startIndex), totalResults: 7, Resources: from(Number(startIndex) - 1) } }),
    ],
    [
      'pages with 404 behind the last one',
      'results',
      ({ page = '1' }) => (Number(page) > 3 ? notThere() : { body: { count: 7, results: from((Number(page) - 1) * 3) } }),
    ],
    [
      'Spring',
      'content',
      ({ page = '0' }) =>
        Number(page) > 2
          ? notThere()
          : { body: { content: from(Number(page) * 3), number: Number(page), totalPages: 3, totalElements: 7 } },
    ],
    [
      'Stripe',
      'data',
      ({ starting_after: after }) => {
        const at = all.findIndex(({ id }) => id === after) + 1;
        return { body: { object: 'list', data: from(at), has_more: at + 3 < 7 } };
      },
    ],
    [
      'GitLab',
      '.',
      ({ page = '1' }) => ({
        body: from((Number(page) - 1) * 3),
        headers: { 'x-next-page': page === '3' ? '' : String(Number(page) + 1) },
      }),
    ],
    [
      'Bubble',
      'response.results',
      ({ cursor = '0' }) => ({
        body: { response: { cursor: Number(cursor), results: from(Number(cursor)), remaining: Math.max(0, 4 - Number(cursor)) } },
      }),
    ],
    [
      'a number of the next page',
      'data',
      ({ page = '1' }) => ({ body: { data: from((Number(page) - 1) * 3), next_page: page === '3' ? null : Number(page) + 1 } }),
    ],
    [
      'links in an array',
      'items',
      ({ offset = '0' }) => ({
        body: {
          items: from(Number(offset)),
          links: Number(offset) >= 4 ? [] : [{ rel: 'next', href: `?limit=3&offset=${Number(offset) + 3}` }],
        },
      }),
    ],
  ])('%s', (_, records, api) => {
    expect(walked(api, records)).toEqual(all.map(({ id }) => id));
  });
});

test('a parameter whose name no answer shows is a guess', () => {
  const guess = (body: object) => proposed({ body: { data: two, ...body } }, 'data')?.isGuess;
  expect([guess({ next_cursor: 'x' }), guess({ meta: { nextCursor: 'x' } }), guess({ LastEvaluatedKey: { id: 1 } })]).toEqual([
    true,
    true,
    true,
  ]);
  expect([guess({ cursor: 'x' }), guess({ nextPageToken: 'x' }), guess({ next: '/items?page=2' })]).toEqual([false, false, false]);
});
