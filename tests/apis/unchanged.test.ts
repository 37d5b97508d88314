import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { restConfig } from '../../src/apis/rest/config.ts';
import { settledPage } from '../../src/apis/rest/page-version.ts';
import type { ScriptedAnswer, ScriptedRequest } from '../support/apis/scripted-api.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { asked } from '../support/sqlite-file.ts';

const scene = scriptedScene();

interface Row {
  readonly id: number;
  readonly at: string;
  readonly name?: string;
}

const old: readonly Row[] = [
  { id: 1, at: '2026-01-05T10:00:00Z' },
  { id: 2, at: '2026-01-06T10:00:00Z' },
];

/** A list that keeps to RFC 9110: what it gives has a strong ETag, and a request with this ETag gets 304. */
function listed(rows: readonly Row[], { weak = false, date }: { readonly weak?: boolean; readonly date?: string } = {}) {
  return ({ headers }: ScriptedRequest): ScriptedAnswer => {
    const body = JSON.stringify(rows);
    const etag = `${weak ? 'W/' : ''}"${createHash('sha256').update(body).digest('hex').slice(0, 12)}"`;
    const given = { etag, ...(date === undefined ? {} : { date }) };
    return headers['if-none-match'] === etag ? { status: 304, headers: given } : { headers: given, body };
  };
}

/** A list without a window, which increments read as a whole and merge by its key. */
function flow(home = ''): void {
  scene.workspace.write({
    'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${scene.api.url}
  endpoint: "{entity}"
  types: { at: timestamptz }
${home.replace(/^(?=.)/gm, '  ')}
store: { type: sqlite, path: out.db, table: items }
run_type: incremental
watermark: { column: at, key: [id] }
entities: [items]
`,
  });
}

async function settledRows(): Promise<readonly string[]> {
  const [found = []] = asked(scene.workspace.path('out.db'), 'select id from items order by id');
  return found.map(({ id }) => String(id));
}

/** How many requests a run sent, how many of them with a condition, and how it ended. */
async function run(args: readonly string[] = ['go']): Promise<readonly [number, number, string]> {
  const before = scene.api.seen.length;
  const { events } = await here(scene.workspace, ...args);
  const seen = scene.api.seen.slice(before);
  const ended = events.find((event) => event.event === 'entity_done');
  const status = (ended as { readonly status?: string } | undefined)?.status ?? '';
  return [seen.length, seen.filter(({ headers }) => headers['if-none-match'] !== undefined).length, status];
}

test('a list of one page that did not change costs one request, which has no body', async () => {
  flow();
  scene.api.script = listed(old, { date: 'Tue, 20 Jan 2026 00:00:00 GMT' });
  expect((await run()).slice(1)).toEqual([0, 'pass']);
  const later = { date: 'Sun, 01 Mar 2026 00:00:00 GMT' };
  scene.api.script = listed(old, later);
  expect(await run()).toEqual([1, 1, 'skip']);
  expect(await run()).toEqual([1, 1, 'skip']);
  scene.api.script = listed([...old, { id: 3, at: '2026-02-01T00:00:00Z' }], later);
  expect(await run()).toEqual([1, 1, 'pass']);
  expect(await settledRows()).toEqual(['1', '2', '3']);
  expect(await run()).toEqual([1, 1, 'skip']);
});

test('a weak ETag proves nothing', async () => {
  flow();
  scene.api.script = listed(old, { weak: true });
  await run();
  expect((await run())[1]).toBe(0);
});

test('rows that were too young for a run are read by a later one, though the page is the same', async () => {
  flow();
  const at = (ms: number) => new Date(Date.parse('2026-03-10T12:00:00Z') + ms).toUTCString();
  const rows = [...old, { id: 3, at: '2026-03-10T11:59:50Z' }];
  scene.api.script = listed(rows, { date: at(0) });
  await run();
  expect(await settledRows()).toEqual(['1', '2']);
  scene.api.script = listed(rows, { date: at(600_000) });
  expect((await run()).slice(1)).toEqual([0, 'pass']);
  expect(await settledRows()).toEqual(['1', '2', '3']);
});

test.each([
  ['"2026-01-05"', true],
  ['"a day in May, maybe, of 1.5"', true],
  ['1234567', true],
  ['"2026-03-07"', true],
  ['"2026-03-08"', false],
  ['"2026-03-10"', false],
  ['"20260310T115950Z"', false],
  ['1773143990', false],
  ['1773143990123', false],
  ['"Tue, 10 Mar 2026 11:59:50 GMT"', false],
  ['"10/03/2026"', false],
  ['"2099-01-01T00:00:00Z"', false],
])('whether a page with %s has only rows that are old enough for the run: %s', (written, isOld) => {
  const bytes = Buffer.from(`[{"id":1,"at":"2026-01-05T10:00:00Z","x":${written}}]\0`);
  const config = restConfig.parse({ base_url: scene.api.url, endpoint: 'items' });
  const url = new URL(scene.api.url);
  const header = (name: string) => (name === 'etag' ? '"1"' : undefined);
  const answer = { status: 200, bytes, length: bytes.length - 1, url, header, date: '2026-03-10T12:00:00.000Z' };
  expect(settledPage(config, url, answer, 'clock') !== undefined).toBe(isOld);
});

test('other parameters, another account and other keys of records are another list', async () => {
  const home = (status: string) => `params: { status: ${status} }\nauth: { type: bearer, token: "\${TOKEN}" }`;
  const token = (text: string) => scene.workspace.write({ '.env': `TOKEN=${text}\n` });
  flow(home('open'));
  token('one');
  scene.api.script = listed(old);
  await run();
  expect((await run())[1]).toBe(1);
  token('two');
  expect((await run(['go', '--dry-run']))[1]).toBe(0);
  token('one');
  flow(`${home('open')}\nseparator: __`);
  expect((await run(['go', '--dry-run']))[1]).toBe(0);
  flow(home('shut'));
  expect((await run(['go', '--dry-run']))[1]).toBe(0);
});

test('a full load asks without a condition, and verify reads the rows of a list that did not change', async () => {
  flow();
  scene.api.script = listed(old);
  await run();
  expect((await run(['go', '-d'])).slice(1)).toEqual([0, 'pass']);
  const before = scene.api.seen.length;
  const { code } = await scene.workspace.run(['verify']);
  const bodies = scene.api.seen.slice(before).filter(({ headers }) => headers['if-none-match'] === undefined);
  expect([code, bodies.length > 0]).toEqual([0, true]);
});

test('a list of two pages is read, whatever its first page says', async () => {
  flow('pagination: { type: page, end: short, page_size: 2, size_param: n }');
  let second: readonly Row[] = [{ id: 3, at: '2026-01-07T10:00:00Z' }];
  let date = 'Tue, 20 Jan 2026 00:00:00 GMT';
  const rowsOf = (page: string | undefined) => (page === '1' ? old : page === '2' ? second : []);
  scene.api.script = (request) => listed(rowsOf(request.query.page), { date })(request);
  await run();
  date = 'Sun, 01 Mar 2026 00:00:00 GMT';
  second = [...second, { id: 4, at: '2026-02-01T10:00:00Z' }];
  await run();
  expect([await settledRows(), scene.api.seen.every(({ headers }) => headers['if-none-match'] === undefined)]).toEqual([
    ['1', '2', '3', '4'],
    true,
  ]);
});

test.each(['pagination: { type: page }', 'pagination: { type: cursor, at: next, param: cursor }'])(
  'a run that finds nothing new costs one request, once the window is proven, with %s',
  async (pagination) => {
    const rows = [1, 2, 3].map((id) => ({ id, at: '2026-01-05T10:00:00Z' }));
    let date = 'Tue, 20 Jan 2026 00:00:00 GMT';
    scene.api.script = ({ query }) => {
      const due = rows.filter(({ at }) => query.since === undefined || at >= query.since);
      const from = Number(query.after ?? query.cursor ?? query.offset ?? (Number(query.page ?? 1) - 1) * 2);
      const data = due.slice(from, from + 2);
      const next = from + 2 < due.length ? String(from + 2) : null;
      const link: Record<string, string> = next === null ? {} : { link: `<${scene.api.url}/items?cursor=${next}>; rel="next"` };
      return { headers: { date, ...link }, body: JSON.stringify({ data, next, total: due.length }) };
    };
    scene.workspace.write({
      'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${scene.api.url}
  endpoint: "{entity}"
  records: data
  ${pagination}
  window: { from: since, format: iso }
  types: { at: timestamptz }
store: lake
run_type: incremental
watermark: { column: at }
entities: [items]
`,
    });
    expect((await run())[2]).toBe('pass');
    date = 'Sun, 01 Mar 2026 00:00:00 GMT';
    await run();
    date = 'Sun, 01 Mar 2026 12:00:00 GMT';
    expect(await run()).toEqual([1, 0, 'skip']);
    // Once a day the list without a filter shows whether a record has changed since.
    date = 'Mon, 02 Mar 2026 12:00:00 GMT';
    expect(await run()).toEqual([2, 0, 'skip']);
  },
);
