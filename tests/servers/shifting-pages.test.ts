import { describe, expect, onTestFinished, test } from 'vitest';
import { type PageTraits, type ShiftingPages, startShiftingPages } from '../support/apis/shifting-pages.ts';

const start = Date.parse('2026-03-01T12:00:00.250Z');

interface Body {
  readonly data: readonly { readonly id: number; readonly updated_at: string | number }[];
  readonly next_cursor?: string | null;
  readonly next?: string | null;
  readonly total?: number;
  readonly has_more?: boolean;
}

/** A server with `count` rows, a second apart, whose clock stands at the last one. */
async function listOf(count: number, traits: Partial<PageTraits> = {}) {
  const clock = { ms: start };
  const server = await startShiftingPages(traits, { nowMs: () => clock.ms });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const rows = server.rows('/items');
  for (let id = 1; id <= count; id++) {
    clock.ms = start + id * 1000;
    rows.put(id);
  }
  return { server, rows, clock };
}

async function asked({ url }: Pick<ShiftingPages, 'url'>, query = '', headers: Record<string, string> = {}) {
  const answer = await fetch(query.startsWith('http') ? query : `${url}/items${query}`, { headers });
  const text = await answer.text();
  const body = (text === '' ? {} : JSON.parse(text)) as Body & { error?: { code: string } };
  return { status: answer.status, headers: answer.headers, body, ids: body.data?.map(({ id }) => id), code: body.error?.code };
}

/** Follows what each answer says of the next page, or counts on, until a page is not full. */
async function walked(server: ShiftingPages, query = ''): Promise<number[]> {
  const { position, next, pageSize } = server.traits;
  const ids: number[] = [];
  let at = query;
  for (;;) {
    const { body, headers, ids: found = [] } = await asked(server, at);
    ids.push(...found);
    const link = /<(.+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    const to = body.next ?? link ?? body.next_cursor ?? headers.get('x-next-cursor') ?? undefined;
    if (next !== 'none' && to === undefined) return ids;
    if (next === 'none' && found.length < pageSize) return ids;
    const value = position === 'after' ? ids.at(-1) : position === 'offset' ? ids.length : server.seen.length + 1;
    const params = new URLSearchParams(query);
    params.set(position, to ?? String(value));
    at = to?.startsWith('http') ? to : `?${params}`;
  }
}

describe('a list at rest is read whole', () => {
  test.each<Partial<PageTraits>>([
    { position: 'page' },
    { position: 'page', next: 'link', order: 'written' },
    { position: 'offset', next: 'url', order: 'newest_first' },
    { position: 'offset', total: 'body' },
    { position: 'after', order: 'newest_first' },
    { position: 'cursor', next: 'cursor' },
    { position: 'cursor', next: 'header', cursor: 'skip' },
    { position: 'cursor', next: 'url', cursor: 'snapshot', order: 'by_id' },
    { position: 'cursor', next: 'link', order: 'newest_first' },
  ])('%j', async (traits) => {
    const { server } = await listOf(10, traits);
    const ids = await walked(server);
    expect(ids).toHaveLength(10);
    expect(new Set(ids).size).toBe(10);
    expect(ids[0]).toBe(traits.order === 'newest_first' ? 10 : 1);
    expect(server.seen.flatMap(({ ids: listed }) => listed)).toEqual(ids);
  });
});

describe('rows that change between two pages', () => {
  test.each<[Partial<PageTraits>, readonly number[]]>([
    // The row that moves up takes the place of one that was listed: 4 is on no page.
    [{ position: 'page' }, [1, 2, 3, 5, 6, 7]],
    [{ position: 'offset' }, [1, 2, 3, 5, 6, 7]],
    [{ position: 'cursor', next: 'cursor', cursor: 'skip' }, [1, 2, 3, 5, 6, 7]],
    [{ position: 'cursor', next: 'cursor', cursor: 'place' }, [1, 2, 3, 4, 5, 6, 7]],
    [{ position: 'cursor', next: 'cursor', cursor: 'snapshot' }, [1, 2, 3, 4, 5, 6, 7]],
  ])('a delete, with %j: %j', async (traits, expected) => {
    const { server, rows } = await listOf(7, traits);
    server.between = (number) => {
      if (number === 2) rows.remove(1);
    };
    expect(await walked(server)).toEqual(expected);
  });

  test('an update of a listed row moves it to the end, and another row is lost', async () => {
    const { server, rows, clock } = await listOf(7);
    server.between = (number) => {
      clock.ms += 1000;
      if (number === 2) rows.put(2);
    };
    expect(await walked(server)).toEqual([1, 2, 3, 5, 6, 7, 2]);
  });

  test('an insert into a list with the newest first shows a row twice', async () => {
    const { server, rows, clock } = await listOf(5, { order: 'newest_first' });
    server.between = (number) => {
      clock.ms += 1000;
      if (number === 2) rows.put(6);
    };
    expect(await walked(server)).toEqual([5, 4, 3, 3, 2, 1]);
  });

  test('a record that a client goes on from may be gone', async () => {
    const { server, rows } = await listOf(5, { position: 'after' });
    rows.remove(3);
    expect(await asked(server, '?after=3')).toMatchObject({ status: 400, code: 'resource_missing' });
  });
});

describe('times', () => {
  test.each([
    ['inclusive', 'inclusive', [3, 4]],
    ['strict', 'strict', []],
    ['strict', 'inclusive', [4]],
  ] as const)('from there on (%s) and up to there (%s)', async (since, until, expected) => {
    const { server } = await listOf(6, { since, until });
    const [from, to] = [3, 4].map((second) => new Date(start + second * 1000).toISOString());
    expect((await asked(server, `?updated_since=${from}&updated_until=${to}`)).ids).toEqual(expected);
  });

  test('what a list writes in seconds is compared in seconds', async () => {
    const { server } = await listOf(2, { stamp: 'epoch_seconds', since: 'strict' });
    const [, last] = (await asked(server)).body.data;
    expect(last?.updated_at).toBe(Math.floor(start / 1000) + 2);
    expect((await asked(server, `?updated_since=${last?.updated_at}`)).ids).toEqual([]);
    expect(await asked(server, '?updated_since=2026-03-01')).toMatchObject({ status: 400 });
  });

  test('an index lags behind where a time is asked for, and the Date is the clock of the rows', async () => {
    const { server, clock } = await listOf(2, { lagMs: 1500 });
    const since = `?updated_since=${new Date(start).toISOString()}`;
    const { ids, headers } = await asked(server, since);
    expect(ids).toEqual([]);
    expect(headers.get('date')).toBe('Sun, 01 Mar 2026 12:00:02 GMT');
    expect((await asked(server)).ids).toEqual([1, 2]);
    clock.ms += 1000;
    expect((await asked(server, since)).ids).toEqual([1]);
  });

  test('a row of a long transaction shows up later than rows with newer times', async () => {
    const { server, rows, clock } = await listOf(1);
    rows.put(2, { name: 'late' }, { stampMs: start, visibleMs: clock.ms + 5000 });
    expect((await asked(server)).ids).toEqual([1]);
    clock.ms += 5000;
    expect((await asked(server)).body.data[0]).toEqual({ id: 2, updated_at: '2026-03-01T12:00:00.250Z', name: 'late' });
  });
});

test('totals, ends and pages behind the last', async () => {
  const { server } = await listOf(7, { total: 'header', more: true });
  const { headers, body } = await asked(server, '?page=3&per_page=3');
  expect([headers.get('x-total-count'), body.has_more, body.data.length]).toEqual(['7', false, 1]);
  expect((await asked(server, '?page=4')).ids).toEqual([]);
  server.traits = { ...server.traits, behind: 'last', total: 'body' };
  expect((await asked(server, '?page=9')).body).toMatchObject({ data: [{ id: 7 }], total: 7 });
  server.traits = { ...server.traits, behind: 'error' };
  expect(await asked(server, '?page=4')).toMatchObject({ status: 400, code: 'invalid_page_number' });
});

test.each(['error', 'end'] as const)('a result cap is an %s', async (ends) => {
  const { server } = await listOf(9, { cap: { rows: 5, ends }, total: 'body', more: true });
  expect((await asked(server, '?page=1')).body).toMatchObject({ total: 9, has_more: true });
  const behind = await asked(server, '?page=2');
  if (ends === 'error') expect(behind).toMatchObject({ status: 422, code: 'result_cap' });
  else expect(behind.body).toMatchObject({ data: [{ id: 4 }, { id: 5 }], has_more: false });
});

test('a cursor is of one request, and dies', async () => {
  const { server, clock } = await listOf(7, { position: 'cursor', next: 'cursor', cursorLifeMs: 10_000 });
  const cursor = (await asked(server)).body.next_cursor;
  clock.ms += 9999;
  expect((await asked(server, `?cursor=${cursor}`)).ids).toEqual([4, 5, 6]);
  expect(await asked(server, `?cursor=${cursor}&per_page=2`)).toMatchObject({ status: 400, code: 'invalid_cursor' });
  clock.ms += 1;
  expect(await asked(server, `?cursor=${cursor}`)).toMatchObject({ status: 410, code: 'expired_cursor' });
});

test.each([
  ['seconds', 429, 'retry-after', '6'],
  ['date', 503, 'retry-after', 'Sun, 01 Mar 2026 12:00:07 GMT'],
  ['reset_epoch', 403, 'x-ratelimit-reset', '1772366407'],
  ['reset_seconds', 429, 'ratelimit-reset', '6'],
] as const)('more requests than the limit are refused, with the wait in %s', async (tells, status, header, value) => {
  const { server, clock } = await listOf(1, { throttle: { requests: 2, perMs: 5400, status, tells } });
  await asked(server);
  await asked(server);
  const { headers, ...refused } = await asked(server);
  expect(refused).toMatchObject({ status, code: 'rate_limited' });
  expect(headers.get(header)).toBe(value);
  await asked(server);
  clock.ms += 5400;
  expect((await asked(server)).status).toBe(200);
  expect(server.seen.map(({ early }) => early)).toEqual([false, false, false, true, false]);
});

test('a page that is unchanged is 304 and costs nothing of the limit', async () => {
  const { server, rows } = await listOf(4, { etags: true, throttle: { requests: 2, perMs: 60_000, status: 403, tells: 'reset_epoch' } });
  const etag = (await asked(server)).headers.get('etag') ?? '';
  const unchanged = await asked(server, '', { 'if-none-match': etag });
  expect([unchanged.status, unchanged.headers.get('x-ratelimit-remaining')]).toEqual([304, '1']);
  rows.remove(1);
  expect((await asked(server, '', { 'if-none-match': etag })).ids).toEqual([2, 3, 4]);
});

test.each([
  ['?pages=2', 400, 'unknown_parameter'],
  ['?page=1&page=2', 400, 'repeated_parameter'],
  ['?page=0', 400, 'invalid_parameter'],
  ['?per_page=4', 400, 'invalid_parameter'],
  ['?updated_since=2026-03-01T12:00:00.000Z', 400, 'unknown_parameter'],
  ['s', 404, 'not_found'],
])('%s is refused', async (query, status, code) => {
  const { server } = await listOf(1, { since: 'none' });
  expect(await asked(server, query)).toMatchObject({ status, code });
});

test('a token is asked for', async () => {
  const { server } = await listOf(1, { admits: (header) => header === 'Bearer right' });
  expect((await asked(server, '', { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await asked(server, '', { authorization: 'Bearer right' })).ids).toEqual([1]);
});

test('requests at once are counted, values are listed as they were written, and an array may be the whole body', async () => {
  const { server, rows } = await listOf(0, { bare: true });
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  rows.put(1, { big: rawJSON('9007199254740993'), price: rawJSON('1.10') });
  server.between = () => expect.poll(() => server.mostAtOnce).toBe(3);
  const answers = await Promise.all([1, 2, 3].map(() => fetch(`${server.url}/items`).then((answer) => answer.text())));
  expect(answers[0]).toMatch(/^\[\{"id":1,"updated_at":"[^"]+","big":9007199254740993,"price":1.10\}\]$/);
});
