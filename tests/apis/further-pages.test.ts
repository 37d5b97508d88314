/** A list in pages, read without `pagination`: a run that settled its first page alone would pass. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import type { ScriptedAnswer, ScriptedApi } from '../support/apis/scripted-api.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { noteWithin } from '../support/raised-codes.ts';

const scene = scriptedScene();

async function go(answer: ScriptedAnswer | ScriptedApi['script'], home: string) {
  scene.api.script = typeof answer === 'function' ? answer : () => answer;
  restFlow(scene.workspace, scene.api.url, { home });
  const ran = await here(scene.workspace, 'go');
  noteWithin(ran.events);
  const failed = ran.events.find((event) => event.event === 'error');
  return { code: ran.code, error: failed?.event === 'error' ? failed : undefined };
}

const two = [{ id: 1 }, { id: 2 }];
const body = (around: object) => ({ body: JSON.stringify({ data: two, ...around }) });
const array = (headers: Record<string, string>): ScriptedAnswer => ({ body: JSON.stringify(two), headers });

describe('an answer that shows that more records follow stops a run that would read it alone', () => {
  test.each<[string, ScriptedAnswer, string]>([
    ['a link in the header', array({ link: '</items?page=2>; rel="next"' }), 'link_header'],
    ['a total in a header', array({ 'x-total-count': '57' }), 'total_header: x-total-count'],
    ['a range in a header', array({ 'content-range': 'items 0-1/57' }), 'type: page'],
    ['pages in a header', array({ 'X-WP-TotalPages': '3' }), 'type: page'],
    ['an address', body({ links: { next: 'https://example.com/items?page=2' } }), 'at: links.next'],
    ['an address below its relation', body({ _links: { next: { href: '/items?page=2' } } }), 'at: _links.next.href'],
    ['an address with a dot in its name', body({ '@odata.nextLink': '/items?page=2' }), 'at: "@odata.nextLink"'],
    ['a cursor', body({ meta: { next_cursor: 'abc' } }), 'at: meta.next_cursor'],
    ['a token', body({ nextPageToken: 'abc' }), 'at: nextPageToken'],
    ['a cursor of parameters', body({ continue: { offset: 2 } }), '{ type: cursor, at: continue }'],
    ['a word', body({ has_more: true }), 'has_more_at: has_more'],
    ['a word of the other sense', body({ done: false }), 'type: page'],
    ['a total', body({ meta: { pagination: { total: 3 } } }), 'total_at: meta.pagination.total'],
    ['a total before the records', { body: '{"count":57,"data":[{"id":1},{"id":2}]}' }, 'total_at: count'],
    ['a number of pages', body({ pagination: { total_pages: 2 } }), 'type: page'],
  ])('%s', async (_, answer, proposed) => {
    const { code, error } = await go(answer, String(answer.body).startsWith('[') ? '' : 'records: data');
    expect([code, error?.code, error?.tryThis?.[0]]).toEqual([1, 'HYG-3609', expect.stringContaining(proposed)]);
    // What is proposed is a value that the config takes.
    const said = error?.tryThis?.[0] ?? '';
    expect(parse(said.slice(said.indexOf('{')))).toMatchObject({ type: expect.any(String) });
  });

  test('before it has settled, and the way out that is named reads on', async () => {
    const pages =
      (all: number): ScriptedApi['script'] =>
      ({ query }) => {
        const page = Number(query.page ?? 1);
        const ids = [1, 2, 3, 4, 5].slice((page - 1) * 2, page * 2);
        return { body: JSON.stringify({ data: ids.map((id) => ({ id })), total: all }) };
      };
    const { error } = await go(pages(5), 'records: data');
    expect(error?.code).toBe('HYG-3609');
    const said = error?.tryThis?.[0] ?? '';
    const read = await go(pages(5), `records: data\npagination: ${said.slice(said.indexOf('{'))}`);
    expect([read.code, await settledRows(scene.workspace)]).toEqual([0, ['1', '2', '3', '4', '5']]);
  });

  test('the other way out reads the one answer', async () => {
    const ran = await go(body({ has_more: true }), 'records: data\npagination: { type: none, ignore_next: true }');
    expect([ran.code, await settledRows(scene.workspace)]).toEqual([0, ['1', '2']]);
  });
});

test.each<[string, ScriptedAnswer, string]>([
  ['a list without anything around it', array({ link: '</items>; rel="self"', 'x-total-count': '2' }), ''],
  ['a last page', body({ next: null, has_more: false, total: 2, meta: { next_cursor: '', total_pages: 1 } }), 'records: data'],
  ['members of records', { body: JSON.stringify([{ id: 1, next: 'https://example.com', total: 5 }, { id: 2 }]) }, ''],
  ['an object that is the record, and counts', { body: JSON.stringify({ id: 1, total: 50, count: 7 }) }, 'records: "."'],
  ['members of other objects', body({ facets: { total: 90, next: '/x' } }), 'records: data'],
])('%s is whole', async (_, answer, home) => {
  expect((await go(answer, home)).error).toBeUndefined();
});
