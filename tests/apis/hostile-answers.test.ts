import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { ApiRequests } from '../../src/apis/requests/requests.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { restRuns } from '../support/apis/rest-runs.ts';
import type { ScriptedAnswer } from '../support/apis/scripted-api.ts';
import { testNetwork } from '../support/test-network.ts';

const scene = restRuns();
const { go } = scene;

const paged = 'records: data\npagination: { type: page }';
const page = (...ids: readonly number[]) => JSON.stringify({ data: ids.map((id) => ({ id })) });
const good = ({ query }: { readonly query: Readonly<Record<string, string>> }): ScriptedAnswer => ({
  body: query.page === '1' ? page(1, 2) : query.page === '2' ? page(3) : page(),
});

/** What an answer in the middle comes to. */
async function inTheMiddle(answer: ScriptedAnswer) {
  scene.api.script = (request) => (request.query.page === '2' ? answer : good(request));
  restFlow(scene.workspace, scene.api.url, { home: paged });
  return await go();
}

describe('an answer that is not a page ends the run with a code', () => {
  test.each<[string, ScriptedAnswer, string, string]>([
    [
      'a page of HTML',
      { body: '<!DOCTYPE html><title>Sign in</title>', headers: { 'content-type': 'text/html' } },
      'HYG-3602',
      'a page of HTML',
    ],
    ['JSON that is cut off', { body: '{"data": [{"id": 3}, {"i' }, 'HYG-3602', 'not one whole JSON document'],
    ['more behind the document', { body: `${page(3)}{}` }, 'HYG-3602', 'more data follows'],
    ['records twice', { body: '{"data": [{"id": 3}], "data": []}' }, 'HYG-3602', 'occurs twice'],
    ['a record that is not an object', { body: '{"data": [7]}' }, 'HYG-3305', 'page 2'],
    ['gzip that is none', { body: page(3), headers: { 'content-encoding': 'gzip' } }, 'HYG-3602', 'not valid gzip'],
    [
      'gzip that is a bomb',
      { body: gzipSync(Buffer.alloc(70 * 1024 * 1024, ' ')), headers: { 'content-encoding': 'gzip' } },
      'HYG-3606',
      '64 MB',
    ],
    ['a path that is gone', { status: 404, body: '{"message": "no such list"}' }, 'HYG-3601', 'no such list'],
    [
      'it does not know the path or a parameter',
      { status: 400, body: '{"message": "page is too large"}' },
      'HYG-3601',
      'page is too large',
    ],
    ['a missing right', { status: 403 }, 'HYG-6401', ''],
    ['a refused token', { status: 401 }, 'HYG-6402', ''],
    ['an expired token with 403', { status: 403, body: '{"message": "Session expired or invalid"}' }, 'HYG-6402', '401'],
    [
      'a redirect to another host',
      { status: 302, headers: { location: 'http://127.0.0.1:1/login' } },
      'HYG-3607',
      'leads to http://127.0.0.1:1',
    ],
    ['304', { status: 304 }, 'HYG-3601', 'nothing has changed'],
    ['a redirect to nowhere', { status: 302 }, 'HYG-3602', 'without an address'],
    ['a body without a byte', { body: '' }, 'HYG-6404', 'an empty body'],
    ['an error in the place of the records', { body: '{"data": [], "errors": [{"message": "too slow"}]}' }, 'HYG-3603', 'too slow'],
    ['202 without a record', { status: 202, body: '{"data": []}' }, 'HYG-3602', 'no answer yet'],
  ])('%s', async (_, answer, code, said) => {
    const ran = await inTheMiddle(answer);
    expect([ran.error, ran.said]).toEqual([code, expect.stringContaining(said)]);
  });

  test('a record of 33 MB does so as well, and what settled before stays', async () => {
    scene.api.script = good;
    restFlow(scene.workspace, scene.api.url, { home: paged });
    expect((await go()).code).toBe(0);
    const ran = await inTheMiddle({ body: `{"data": [{"id": 3, "name": "${'x'.repeat(33 * 1024 * 1024)}"}]}` });
    expect([ran.error, ran.said]).toEqual(['HYG-3606', expect.stringContaining('32 MB')]);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3']);
  });
});

test.each([
  [
    'HYG-6402',
    [
      ...['The access token has expired.', 'The security token included in the request is expired', 'ExpiredToken', 'INVALID_SESSION'],
      ...['Your credentials have expired', 'JWT expired at 10:00', 'Invalid OAuth token', 'Login expired'],
    ],
  ],
  [
    'HYG-6401',
    [
      ...['No right to list expired orders', 'Invalid CSRF token', 'invalid page token', 'expired sync token'],
      ...['The continuation token has expired', 'Your credentials do not allow access to expired items'],
      ...['token lacks scope to read expired contracts', 'The session of this training has expired lessons'],
    ],
  ],
])('403 is %s with any of these words', async (code, said) => {
  await using requests = new ApiRequests({ base_url: scene.api.url }, { network: testNetwork, clock: realClock() });
  for (const message of said) {
    scene.api.script = () => ({ status: 403, body: JSON.stringify({ message }) });
    await expect(requests.get(new URL(scene.api.url), 'items'), message).rejects.toMatchObject({ code });
  }
});

test('an object that is all of the answer is one record only where the config says so', async () => {
  scene.api.script = () => ({ body: '{"code": 50000, "message": "Too many requests"}' });
  restFlow(scene.workspace, scene.api.url);
  expect((await go()).error).toBe('HYG-3602');
  restFlow(scene.workspace, scene.api.url, { home: 'records: "."' });
  expect((await go()).code).toBe(0);
  scene.api.script = () => ({ body: '{"me": {"code": 1}}' });
  restFlow(scene.workspace, scene.api.url, { home: 'records: me' });
  expect((await go()).error).toBe('HYG-3602');
  restFlow(scene.workspace, scene.api.url, { home: 'records: me\none_record: true' });
  expect((await go()).code).toBe(0);
});

test('a list does not end where its header Link names a next page without an address', async () => {
  scene.api.script = () => ({ body: '[{"id": 1}]', headers: { link: 'items?page=2; rel="next"' } });
  restFlow(scene.workspace, scene.api.url, { home: 'pagination: { type: link_header }' });
  const ran = await go();
  // The body has no address.
  expect([ran.error, ran.all]).toEqual(['HYG-3613', expect.not.stringContaining('next_url')]);
  expect(ran.all).toContain('pagination: { type: page, ignore: [next] }');
  scene.api.script = ({ query }) => {
    const id = Number(query.page ?? 1);
    const links = { next: id < 2 ? '/items?page=2' : null };
    return { body: JSON.stringify({ data: id > 2 || id < 1 ? [] : [{ id }], links }), headers: { link: 'items?page=2; rel="next"' } };
  };
  restFlow(scene.workspace, scene.api.url, { home: 'records: data\npagination: { type: link_header }' });
  const { all } = await go();
  for (const advised of ['{ type: page, ignore: [next] }', '{ type: next_url, at: links.next, ignore: [next] }']) {
    expect(all).toContain(`pagination: ${advised}`);
    restFlow(scene.workspace, scene.api.url, { home: `records: data\npagination: ${advised}` });
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2']);
  }
});

test('204 is a page without records', async () => {
  scene.api.script = (request) => (request.query.page === '2' ? { status: 204 } : good(request));
  restFlow(scene.workspace, scene.api.url, { home: paged });
  expect((await go()).code).toBe(0);
  expect(await settledRows(scene.workspace)).toEqual(['1', '2']);
});

test('an answer that breaks off, and one that says 500, are asked for again', async () => {
  let left = 2;
  scene.api.script = (request) => {
    if (request.query.page !== '2' || left === 0) return good(request);
    return left-- === 2 ? { body: '{"data": [{"id": 3}', cut: true } : { status: 500 };
  };
  restFlow(scene.workspace, scene.api.url, { home: paged });
  expect((await go()).code).toBe(0);
  expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3']);
});

test('gzip is read', async () => {
  scene.api.script = (request) => ({ body: gzipSync(String(good(request).body)), headers: { 'content-encoding': 'gzip' } });
  restFlow(scene.workspace, scene.api.url, { home: paged });
  expect((await go()).code).toBe(0);
  expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3']);
});

test('a column that none had yet settles after another look, of the records alone that an increment reads', async () => {
  let hoursAgo = 1;
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  let rows = [
    { id: 1, at: at(90) },
    { id: 2, at: at(80) },
  ];
  scene.api.script = ({ query }) => ({
    headers: { date: new Date(Date.now() - hoursAgo * 3_600_000).toUTCString() },
    body: JSON.stringify({ data: query.page === '1' ? rows.filter((row) => row.at >= (query.since ?? '')) : [] }),
  });
  const home = `${paged}\nwindow: { from: since }\ntypes: { at: timestamptz }`;
  restFlow(scene.workspace, scene.api.url, { home, flow: 'run_type: incremental\nwatermark: { column: at }' });
  expect((await go()).code).toBe(0);
  // The first increment proves the window, also by the list without a filter.
  hoursAgo = 0.5;
  expect((await go()).code).toBe(0);
  hoursAgo = 0;
  rows = [...rows, { id: 3, at: at(20), late: true } as never];
  const before = scene.api.seen.length;
  expect((await go()).code).toBe(0);
  expect(await settledRows(scene.workspace, `concat_ws(' ', id, late)`)).toEqual(['1', '2', '3 true']);
  expect(scene.api.seen.slice(before).every(({ query }) => query.since !== undefined)).toBe(true);
});

test('an answer without a time can not bound a run, and says how else', async () => {
  scene.api.script = ({ query }) => ({
    body: query.page === '1' ? '{"data": [{"id": 1, "at": "2026-01-01T00:00:00Z"}]}' : page(),
    headers: { date: 'soon' },
  });
  restFlow(scene.workspace, scene.api.url, {
    home: `${paged}\nwindow: { from: since }\ntypes: { at: timestamptz }`,
    flow: 'run_type: incremental\nwatermark: { column: at }',
  });
  expect((await go()).error).toBe('HYG-3608');
});

test('growing ids of a list that only grows are a watermark', async () => {
  let last = 3;
  scene.api.script = ({ query }) => {
    const ids = Array.from({ length: last }, (_, i) => i + 1).filter((id) => id > Number(query.since_id ?? 0));
    return { body: page(...ids.slice(0, 2)) };
  };
  restFlow(scene.workspace, scene.api.url, {
    home: 'records: data\npagination: { type: keyset, param: since_id, field: id }\nwindow: { from: since_id, format: number }\nappend_only: true',
    flow: 'run_type: incremental\nwatermark: { column: id, boundary: open }',
  });
  expect((await go()).code).toBe(0);
  last = 6;
  expect((await go()).code).toBe(0);
  expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3', '4', '5', '6']);
});

describe('a window that can not be written for the watermark is refused', () => {
  const text = '"2026-01-01T00:00:00Z"';
  const open = 'watermark: { column: at, boundary: open }';
  test.each<[string, string, string, string, string]>([
    [
      'a time in the form of a number',
      text,
      '{ from: since, format: number }\ntypes: { at: timestamptz }',
      'watermark: { column: at }',
      'HYG-3630',
    ],
    ['an integer in the form of a time', '1', '{ from: since }\nappend_only: true', open, 'HYG-3630'],
    [
      'time, in slices of ids',
      '1767225600',
      '{ from: since, to: until, format: epoch_s, slice: "30" }',
      'watermark: { column: at }',
      'HYG-3630',
    ],
    ['an integer that counts no time, next to a clock', '1', '{ from: since, format: number }', 'watermark: { column: at }', 'HYG-2083'],
  ])('%s', async (_, value, window, watermark, code) => {
    scene.api.script = ({ query }) => ({ body: query.page === '1' ? `{"data": [{"id": 1, "at": ${value}}]}` : page() });
    restFlow(scene.workspace, scene.api.url, { home: `${paged}\nwindow: ${window}`, flow: `run_type: incremental\n${watermark}` });
    expect((await go()).error).toBe(code);
  });
});
