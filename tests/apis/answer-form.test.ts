/** Pages without records that have another form than those with records. */
import { describe, expect, test } from 'vitest';
import { AnswerForm } from '../../src/apis/answers/answer-form.ts';
import { envelopeOf } from '../../src/apis/answers/envelope.ts';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { restRuns } from '../support/apis/rest-runs.ts';
import type { ScriptedAnswer } from '../support/apis/scripted-api.ts';

function around(members: object, data: unknown = []) {
  const text = JSON.stringify({ ...members, data });
  return envelopeOf({ bytes: Buffer.from(`${text}\0`), length: Buffer.byteLength(text) }, ['data'], []).around;
}

/** The members by which an empty page differs from the pages before. */
function differs(full: readonly object[], empty: object, skipped: readonly string[] = []): readonly string[] {
  const form = new AnswerForm(undefined, skipped);
  for (const members of full) form.learn(around(members, [{ id: 1 }]));
  return form.differences(around(empty)).map(({ at }) => at);
}

describe('an empty page differs from a page with records', () => {
  test.each<[object, object, string[]]>([
    [{}, { warning: 'backend busy' }, ['warning']],
    [{}, { degraded_mode: true }, ['degraded_mode']],
    [{}, { fromCache: { age: 1 } }, []],
    [{}, { notice: { text: 'maintenance' } }, ['notice']],
    [{ mode: 'live' }, { mode: 'degraded' }, ['mode']],
    [{ cached: false }, { cached: true }, ['cached']],
    [{ ready: true }, { ready: false }, ['ready']],
    [{ ready: true }, { ready: null }, ['ready']],
    [{ success: true }, {}, ['success']],
    [{ status: 'ok' }, { status: 'maintenance' }, ['status']],
    [{ status: 'ok' }, { status: null }, ['status']],
    [{ code: 0 }, { code: 17 }, ['code']],
    [{ meta: { source: 'primary' } }, { meta: { source: 'replica' } }, ['meta.source']],
    [{ meta: { api: 'stable' } }, {}, ['meta.api']],
    [{ message: 'Found 10 items' }, { message: 'Please try again' }, ['message']],
    [{ object: 'list' }, { object: 'notice' }, ['object']],
  ])('with %j by %j', (full, empty, at) => {
    expect(differs([full], empty)).toEqual(at);
  });

  test('by its form alone where more pages were seen, and not by what varies or comes and goes', () => {
    const pages = [
      { batch: 'red', ready: true },
      { batch: 'blue', ready: true, hint: 'wide' },
    ];
    expect(differs(pages, { batch: 'green', ready: true })).toEqual([]);
    expect(differs(pages, { ready: true, hint: 'narrow' })).toEqual([]);
    expect(differs(pages, { batch: 'red', ready: false })).toEqual(['ready']);
  });
});

describe('all is well where an empty page', () => {
  test.each<[string, object, object]>([
    ['leads no further', { next: 'https://api.example.com/items?page=2', has_more: true }, { next: null, has_more: false }],
    ['leaves the next page out', { next_cursor: 'abcdef', links: { next: 'x', self: 'y' } }, { links: {} }],
    ['is the last one', { last: false, first: true, empty: false }, { last: true, first: false, empty: true }],
    ['is the last one, in one word', { islast: false, hasmore: true, totalcount: 20 }, { islast: true, hasmore: false }],
    ['counts none', { count: 10, total: 30, page: 1, took: 5 }, { count: 0, total: 30, page: 4, took: 7 }],
    ['counts nothing', { count: 10, page: 1, per_page: 10 }, {}],
    ['says that there are no records', { message: 'OK' }, { message: 'no records found' }],
    ['says so besides', {}, { message: 'No more results.' }],
    ['says so in a status', { status: 'OK' }, { status: 'ZERO_RESULTS' }],
    ['says so with a number', { message: '20 records found' }, { message: '0 records found' }],
    ['says that there is no data', { msg: 'success' }, { msg: 'No data' }],
    ['says so in many words', { message: 'OK' }, { message: 'There are no matching items for this filter.' }],
    ['ends the list in words', { state: 'more' }, { state: 'end' }],
    ['has another status of success', { status: 200 }, { status: 204 }],
    [
      'has its own ids and times',
      { request_id: 'abcdef', timestamp: 'now', requestId: 'abc' },
      { request_id: 'fedcba', timestamp: 'then' },
    ],
    ['has nothing next to it', { included: [{ id: 1 }], facets: { a: 1 } }, {}],
    ['has empty lists', { included: [{ id: 1 }] }, { included: [], warnings: [], facets: {} }],
    ['has no aggregate', { currency: 'EUR' }, { currency: null }],
    ['has no texts of other kinds', { title: 'Items of 2026 (all)' }, {}],
    ['has error: null', { success: true }, { success: true, error: null, errors: [], message: '' }],
  ])('%s', (_, full, empty) => {
    expect(differs([full], empty)).toEqual([]);
  });

  test('has another value where the config names the member', () => {
    expect(differs([{ mode: 'live' }], { mode: 'idle' }, ['mode'])).toEqual([]);
  });

  test('comes before any page with records', () => {
    expect(differs([], { warning: 'backend busy' })).toEqual([]);
  });
});

test('what settles has the words that are the same in each page, and no number, id, time or address', () => {
  const form = new AnswerForm(undefined, ['cursor_at']);
  const members = {
    success: true,
    mode: 'live',
    total: 20,
    took: 3,
    request_id: 'abcdef',
    token: 'secret',
    self: 'https://a',
    at: '2026-01-01',
    cursor_at: 'x',
    text: 'It is 5 o’clock',
  };
  form.learn(around(members));
  expect(form.pin()).toEqual({ mode: 'live', success: 'true', text: null });
});

test('a checkpoint keeps what varies besides what settled, and another reading continues with it', () => {
  const pinned = { mode: 'live', ready: 'true' };
  const form = new AnswerForm(pinned, []);
  expect(form.varying).toBeUndefined();
  form.learn(around({ mode: 'idle', ready: true, hint: 'x' }));
  expect(form.varying).toEqual(['hint', 'mode']);
  const later = new AnswerForm(pinned, []);
  later.add(form.varying);
  expect(later.differences(around({ mode: 'calm', ready: true, hint: 'y' }))).toEqual([]);
  expect(later.differences(around({ ready: false })).map(({ at }) => at)).toEqual(['ready']);
});

test('a form of very many members compares nothing, and stays small', () => {
  const many = Object.fromEntries(
    Array.from({ length: 90 }, (_, i) => [`member_${String.fromCharCode(97 + (i % 26))}${'x'.repeat(i)}`, 'word']),
  );
  const form = new AnswerForm(undefined, []);
  form.learn(around(many));
  form.learn(around({}));
  expect(form.differences(around({ warning: 'x' }))).toEqual([]);
  expect(JSON.stringify(form.pin()).length).toBeLessThan(20);
  const other = new AnswerForm({}, []);
  for (let i = 0; i < 90; i++) other.learn(around({ [`${'y'.repeat(i % 70)}_${i}`]: 'word' }));
  expect(JSON.stringify(other.varying).length).toBeLessThan(700);
});

describe('a run', () => {
  const scene = restRuns();
  const { go } = scene;
  const paged = 'records: data\npagination: { type: page, start: 1 }';
  const page = (ids: readonly number[], members: object = { mode: 'live' }): ScriptedAnswer => ({
    body: JSON.stringify({ ...members, data: ids.map((id) => ({ id })) }),
  });
  const good = (number: string | undefined) => page(Number(number) <= 4 ? [Number(number)] : []);
  const odd = page([], { mode: 'degraded', warning: 'backend busy' });
  const line = ({ all }: { readonly all: string }) => /ignore_members: \[[^\]]+\]/.exec(all)?.[0];
  test('asks once more for an empty page in another form, and reads what is there then', async () => {
    let odds = 1;
    scene.api.script = ({ query }) => (query.page === '3' && odds-- > 0 ? odd : good(query.page));
    restFlow(scene.workspace, scene.api.url, { home: paged });
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2', '3', '4']);
  });

  test('stops where it comes twice in the middle of a list, and the line that the error prints reads the pages behind it', async () => {
    scene.api.script = ({ query }) => (query.page === '3' ? odd : good(query.page));
    restFlow(scene.workspace, scene.api.url, { home: paged });
    const ran = await go();
    expect([ran.error, line(ran)]).toEqual(['HYG-3625', 'ignore_members: [mode, warning]']);
    restFlow(scene.workspace, scene.api.url, { home: `${paged}\n${line(ran)}` });
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2', '4']);
  });

  test('with nothing new passes with a note, and the rows that it left out are read later', async () => {
    const answers = (day: string, members: object, ...rows: readonly object[]) => {
      scene.api.script = ({ query }) => {
        const since = query.since ?? '';
        const data = rows.filter((row) => String((row as { at: string }).at) >= since);
        return { headers: { date: new Date(`2026-01-${day}`).toUTCString() }, body: JSON.stringify({ ...members, data }) };
      };
    };
    restFlow(scene.workspace, scene.api.url, {
      home: 'records: data\nwindow: { from: since }\ntypes: { at: timestamptz }',
      flow: 'run_type: incremental\nwatermark: { column: at, boundary: open }',
    });
    const rows = [
      { id: 1, at: '2026-01-01T00:00:00Z' },
      { id: 2, at: '2026-01-05T00:00:00Z' },
    ];
    // A row at midnight may be one of a whole day, which has to be over.
    answers('03', { mode: 'live' }, ...rows.slice(0, 1));
    expect((await go()).code).toBe(0);
    answers('10', { mode: 'degraded' });
    const ran = await go();
    expect([ran.code, JSON.stringify(ran.events)]).toEqual([0, expect.stringContaining('differs from the pages with records')]);
    answers('20', { mode: 'live' }, ...rows);
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '2']);
  });

  test('stops in an increment whose list had rows', async () => {
    const at = (day: string, members: object, id?: number): ScriptedAnswer => ({
      headers: { date: new Date(`2026-01-${day}`).toUTCString() },
      body: JSON.stringify({ ...members, data: id === undefined ? [] : [{ id, at: `2026-01-0${id}T00:00:00Z` }] }),
    });
    restFlow(scene.workspace, scene.api.url, {
      home: `${paged}\nwindow: { from: since }\ntypes: { at: timestamptz }`,
      flow: 'run_type: incremental\nwatermark: { column: at }',
    });
    scene.api.script = ({ query }) => at('02', { mode: 'live' }, query.page === '1' ? 1 : undefined);
    expect((await go()).code).toBe(0);
    const later = (second: ScriptedAnswer) => {
      const pages = [at('20', { mode: 'live' }, 4), second, at('20', { mode: 'live' }, 5)];
      scene.api.script = ({ query }) => pages[Number(query.page) - 1] ?? at('20', { mode: 'live' });
    };
    later(at('20', { mode: 'degraded' }));
    expect((await go()).error).toBe('HYG-3625');
    later(at('20', { mode: 'live' }, 6));
    expect((await go()).code).toBe(0);
    expect(await settledRows(scene.workspace)).toEqual(['1', '4', '5', '6']);
  });

  /** A list of shops, and for each of them a list of its items. */
  function listsOfShops(): void {
    scene.workspace.write({
      'flows/f/flow.yml': `
home: { type: rest_api, base_url: ${scene.api.url}, records: data }
store: lake
entities:
  - { name: shops, home: { endpoint: shops } }
  - { name: items, home: { endpoint: "shops/{id}/items", from: shops } }
`,
    });
  }

  test('stops where the list of the parents is empty in another form than it settled with', async () => {
    let shops = page([1, 2]);
    scene.api.script = ({ path }) => (path === '/shops' ? shops : page([Number(path.split('/')[2])], { kind: 'items' }));
    listsOfShops();
    expect((await go('-e', 'f.items')).code).toBe(0);
    shops = odd;
    expect((await go('-e', 'f.items')).error).toBe('HYG-3625');
    expect(await settledRows(scene.workspace)).toEqual(['1', '2']);
  });

  test('reads a list of events that has another form than the list of records, and compares neither with the other', async () => {
    const asked: string[] = [];
    scene.api.script = ({ path, number }) => {
      asked.push(path);
      const date = new Date(Date.parse('2026-01-02T00:00:00Z') + number * 3_600_000).toUTCString();
      return { headers: { date }, ...(path === '/items' ? page([1]) : page([], { feed: 'events', kind: 'changes' })) };
    };
    scene.workspace.write({
      'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${scene.api.url}
  endpoint: items
  records: data
  events: { endpoint: events, from: since, to: until, at: created, record: object, key: [id], kept: 30d }
store: { type: sqlite, path: out.db }
run_type: incremental
watermark: { changes: events, key: [id] }
entities: [items]
`,
    });
    expect((await go()).code).toBe(0);
    asked.length = 0;
    const ran = await go();
    expect([ran.error, JSON.stringify(ran.events)]).toEqual([undefined, expect.not.stringContaining('differs from the pages')]);
    expect(asked).toEqual(['/events']);
  });
});
