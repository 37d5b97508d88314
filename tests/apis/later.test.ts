import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProcessNetwork } from '../../src/adapters/process-network.ts';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import { everything, type SliceRef, type Window } from '../../src/engine/contracts/home.ts';
import type { Json } from '../../src/ports/values.ts';
import { pinnedBy, readStep } from '../support/apis/home-steps.ts';
import { type ScriptedAnswer, type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { testNetwork } from '../support/test-network.ts';

let api: ScriptedApi;
beforeEach(async () => {
  api = await scriptedApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const hour = 3_600;
const inAnHour = () => Date.now() + hour * 1000;

/** As each step of a function app opens it: with nothing in memory of the steps before. */
async function opened(scratch: ReturnType<typeof realScratch>, pinned: Json | null = null) {
  const config = restConfig.parse({ base_url: api.url, endpoint: 'items', records: 'data', pagination: { type: 'page', start: 1 } });
  return restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned });
}

test.each<[string, () => ScriptedAnswer]>([
  ['seconds', () => ({ status: 429, headers: { 'retry-after': String(hour) } })],
  [
    'the second at which a limit begins again',
    () => ({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(inAnHour() / 1000)) } }),
  ],
])('an hour of waiting, told as %s, ends the step, and the next one goes on with the page that was refused', async (_, refusal) => {
  await using scratch = realScratch();
  let isOpen = false;
  api.script = ({ query }) => {
    if (query.page === '3' && !isOpen) return refusal();
    return { body: JSON.stringify({ data: Number(query.page) > 4 ? [] : [{ id: Number(query.page) }] }) };
  };
  await using first = await opened(scratch);
  // The look reads three pages, and is sent away as well.
  const looked = await first.describe(undefined, 'for a run');
  const away = (instant: string | undefined) => Math.abs(Date.parse(instant ?? '') - inAnHour());
  expect(away('notBefore' in looked ? looked.notBefore : undefined)).toBeLessThan(60_000);
  const pinned = await pinnedBy(first);
  const read = await readStep(await opened(scratch, pinned), { until: 'checkpoint' });
  expect(away(read.notBefore)).toBeLessThan(60_000);
  isOpen = true;
  const before = api.seen.length;
  const rest = await readStep(await opened(scratch, pinned), { from: read.checkpoint ?? null });
  expect([read.rows, rest.rows, api.seen.slice(before).map(({ query }) => query.page)]).toEqual([2, 2, ['3', '4', '5', '5', '6']]);
});

test('an hour that the server of tokens asks for ends the step, it is left alone until then, and the next step continues with the page', async () => {
  await using scratch = realScratch();
  let [tokens, isAway, passedMs] = [0, true, 0];
  const real = realClock();
  const clock = { ...real, monotonicMs: () => real.monotonicMs() + passedMs, now: () => new Date(Date.now() + passedMs).toISOString() };
  api.script = ({ path, query, headers }) => {
    if (path === '/token') {
      tokens++;
      return isAway
        ? { status: tokens % 2 === 1 ? 429 : 503, headers: { 'retry-after': String(hour) } }
        : { body: JSON.stringify({ access_token: `t${tokens}`, expires_in: 600 }) };
    }
    if (headers.authorization !== `Bearer t${tokens}`) return { status: 401 };
    return { body: JSON.stringify({ data: Number(query.page) > 4 ? [] : [{ id: Number(query.page) }] }) };
  };
  const auth = { type: 'oauth2', token_url: `${api.url}/token`, client_id: 'me', client_secret: 'a-secret' };
  const network = new ProcessNetwork();
  const home = async (pinned: Json | null) => {
    const config = restConfig.parse({
      base_url: api.url,
      endpoint: 'items',
      records: 'data',
      pagination: { type: 'page', start: 1 },
      auth,
    });
    return restHome(config, { network, clock, scratch, pinned });
  };
  const away = (instant: string | undefined) => Math.round((Date.parse(instant ?? '') - Date.parse(clock.now())) / 1000);
  await using first = await home(null);
  const looked = await first.describe(undefined, 'briefly');
  expect(away('notBefore' in looked ? looked.notBefore : undefined)).toBe(hour);
  // Another entity of the same sign-in asks for no token, and waits for what is left of the hour.
  passedMs = 1_000_000;
  await using other = await home(null);
  const told = await other.describe(undefined, 'briefly');
  expect([away('notBefore' in told ? told.notBefore : undefined), tokens]).toEqual([hour - 1_000, 1]);
  passedMs = hour * 1000;
  isAway = false;
  const pinned = await pinnedBy(first);
  expect(tokens).toBe(2);
  // The token ends in the middle of the pages, and the server of tokens is away once more.
  const listed = api.script;
  isAway = true;
  api.script = (request) =>
    request.query.page === '3' && isAway ? (request.path === '/token' ? listed(request) : { status: 401 }) : listed(request);
  const read = await readStep(await home(pinned), { until: 'checkpoint' });
  expect([away(read.notBefore), read.rows, tokens]).toEqual([hour, 2, 3]);
  passedMs += hour * 1000;
  isAway = false;
  expect((await readStep(await home(pinned), { from: read.checkpoint ?? null })).rows).toBe(2);
  await network[Symbol.asyncDispose]();
});

test('an hour of waiting in the middle of the parents or of their rows ends the step, and the next one continues there', async () => {
  await using scratch = realScratch();
  const later = { status: 429, headers: { 'retry-after': String(hour) } };
  let isOpen = false;
  const parents = [['o/a', 'o/b'], ['o/c']];
  api.script = ({ path, query }) => {
    const page = Number(query.page);
    if (path === '/repos') return page === 2 && !isOpen ? later : { body: JSON.stringify((parents[page - 1] ?? []).map((id) => ({ id }))) };
    if (path === '/repos/o/b/items' && page === 2 && !isOpen) return later;
    return { body: JSON.stringify(page > 2 ? [] : [{ id: `${path.slice(-7, -6)}${page}` }]) };
  };
  const given = { base_url: api.url, pagination: { type: 'page', start: 1 } };
  const child = restConfig.parse({ ...given, endpoint: 'repos/{id}/items', from: 'repos' });
  const config = { ...child, of: restConfig.parse({ ...given, endpoint: 'repos' }) };
  const home = async (pinned: Json | null = null) => restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned });
  await using first = await home();
  const pinned = await pinnedBy(first);
  expect(await first.plan(everything)).toMatchObject({ again: 'parents', notBefore: expect.any(String) });
  isOpen = true;
  const before = api.seen.length;
  const plan = await first.plan(everything);
  expect(api.seen.slice(before).map(({ path, query }) => `${path} ${query.page}`)).toEqual([
    '/repos 2',
    '/repos 2',
    '/repos 3',
    '/repos 3',
    '/repos 4',
  ]);
  if (!('done' in plan)) throw new Error('no plan');
  expect(plan.done.parents).toEqual({ settled: [{ id: 'o/a' }, { id: 'o/b' }, { id: 'o/c' }], read: 3 });
  isOpen = false;
  const all = plan.done.slices.flatMap(({ ref }) => (ref as unknown as { readonly parents: readonly Json[] }).parents);
  const slice: SliceRef = { ref: { parents: all }, rows: null, bytes: null };
  const read = await readStep(await home(pinned), { slice, until: 'checkpoint' });
  expect(read).toMatchObject({ rows: 3, checkpoint: { parent: 1, walk: { at: 2 } } });
  isOpen = true;
  const asked = api.seen.length;
  const rest = await readStep(await home(pinned), { slice, from: read.checkpoint ?? null });
  const paths = api.seen.slice(asked).map(({ path, query }) => `${path.slice(-7, -6)} ${query.page}`);
  expect([rest.rows, paths]).toEqual([3, ['b 2', 'b 3', 'b 3', 'b 4', 'c 1', 'c 2', 'c 3']]);
});

test('a limit that is reported by words alone is waited for a minute, and twice as long each time that this was too short', async () => {
  await using scratch = realScratch();
  const words = { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' };
  const left = { 'x-ratelimit-remaining': '4990', 'x-ratelimit-reset': String(Math.ceil(inAnHour() / 1000)) };
  let isOpen = false;
  api.script = () =>
    isOpen ? { body: JSON.stringify({ data: [{ id: 1 }] }) } : { status: 403, headers: left, body: JSON.stringify(words) };
  let passedMs = 0;
  const real = realClock();
  const clock = {
    ...real,
    now: () => new Date(Date.parse(real.now()) + passedMs).toISOString(),
    monotonicMs: () => real.monotonicMs() + passedMs,
  };
  const config = restConfig.parse({ base_url: api.url, endpoint: 'items', records: 'data', pagination: { type: 'page', start: 1 } });
  const secondsOf = async () => {
    await using home = await restHome(config, { network: testNetwork, clock, scratch, pinned: null });
    const step = await home.describe(undefined, 'briefly');
    return 'notBefore' in step ? Math.round((Date.parse(step.notBefore ?? '') - Date.parse(clock.now())) / 1000) : 'done';
  };
  for (const seconds of [60, 120, 240, 480, 960, 1920, 1920]) {
    expect(await secondsOf()).toBe(seconds);
    // Another request at the same time waits no longer.
    expect(await secondsOf()).toBe(seconds);
    passedMs += seconds * 1000 + 1000;
  }
  isOpen = true;
  expect(await secondsOf()).toBe('done');
  isOpen = false;
  expect(await secondsOf()).toBe(60);
});

test('an hour of waiting between the parts of a parent with a cap ends the step, and the next one continues with the rest of that parent', async () => {
  await using scratch = realScratch();
  let isOpen = false;
  const rows = { a: 3, b: 40, c: 5 } as Readonly<Record<string, number>>;
  let answers = 0;
  api.script = ({ path, query }) => {
    if (path === '/repos') return { body: JSON.stringify(Object.keys(rows).map((id) => ({ id }))) };
    const name = path.slice(-7, -6);
    if (name === 'b' && ++answers > 8 && !isOpen) return { status: 429, headers: { 'retry-after': String(hour) } };
    const all = Array.from({ length: rows[name] ?? 0 }, (_, at) => ({ id: `${name}${at}`, at }));
    const found = all.filter(({ at }) => at >= Number(query.from ?? 0) && at <= Number(query.to ?? 1e9));
    return { body: JSON.stringify(found.slice(0, 10)) };
  };
  const child = restConfig.parse({
    ...{ base_url: api.url, endpoint: 'repos/{id}/items', from: 'repos', types: { at: 'int64' } },
    window: { from: 'from', to: 'to', format: 'number', cap: 10 },
  });
  const config = { ...child, of: restConfig.parse({ base_url: api.url, endpoint: 'repos' }) };
  const home = async (pinned: Json | null = null) => restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned });
  await using first = await home();
  const pinned = await pinnedBy(first);
  const window: Window = {
    ...everything,
    column: { column: 'at', type: { kind: 'int64' } },
    lower: { text: '0', inclusive: true },
    upper: { text: '100', inclusive: true },
  };
  const slice: SliceRef = { ref: { parents: Object.keys(rows).map((id) => ({ values: [id], members: [] })) }, rows: null, bytes: null };
  const read = await readStep(await home(pinned), { slice, window, until: 'pause' });
  expect(read.checkpoint).toMatchObject({ parent: 1, capped: { after: { text: expect.any(String) } } });
  expect(read.rows).toBeGreaterThan(3);
  isOpen = true;
  const asked = api.seen.length;
  const rest = await readStep(await home(pinned), { slice, window, from: read.checkpoint ?? null });
  expect([read.rows + rest.rows, api.seen.slice(asked).some(({ path }) => path === '/repos/a/items')]).toEqual([48, false]);
});
