/** How long a run waits where an API asks for a pause: `max_wait`. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { realClock } from '../../src/adapters/real-clock.ts';
import { ApiRequests } from '../../src/apis/requests/requests.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { apiCodes } from '../../src/errors/codes/apis.ts';
import type { HyggeError } from '../../src/errors/hygge-error.ts';
import { type ScriptedAnswer, type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { testNetwork } from '../support/test-network.ts';

let api: ScriptedApi;
beforeEach(async () => {
  api = await scriptedApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const now = Date.UTC(2026, 0, 1);
const date = new Date(now).toUTCString();
const clock = { ...realClock(), now: () => new Date(now).toISOString() };
const hours = (count: number) => String(count * 3_600);

async function ask(answer: ScriptedAnswer, keys: object = {}) {
  api.script = () => ({ ...answer, headers: { date, ...answer.headers } });
  const config = restConfig.parse({ base_url: api.url, endpoint: 'items', ...keys });
  await using requests = new ApiRequests(config, { network: testNetwork, clock });
  return await requests.get(new URL(`${api.url}/items`), 'items, page 7');
}

async function refusalOf(answer: ScriptedAnswer, keys?: object): Promise<HyggeError> {
  const error = await ask(answer, keys).then(
    () => undefined,
    (thrown: HyggeError) => thrown,
  );
  expect(error?.code).toBe('HYG-3614');
  return error as HyggeError;
}

describe('a pause of more than a day ends the run, and the error has the time and the key', () => {
  test.each<[string, ScriptedAnswer, string]>([
    ['seconds', { status: 429, headers: { 'retry-after': hours(25) } }, '2026-01-02T01:00:00Z'],
    ['a date', { status: 429, headers: { 'retry-after': 'Tue, 01 Jan 2036 00:00:00 GMT' } }, '2036-01-01T00:00:00Z'],
    [
      'a date of a server that is down',
      { status: 503, headers: { 'retry-after': 'Tue, 01 Jan 2036 00:00:00 GMT' } },
      '2036-01-01T00:00:00Z',
    ],
    ['seconds of a server that failed', { status: 500, headers: { 'retry-after': hours(30) } }, '2026-01-02T06:00:00Z'],
    [
      'a limit that begins again',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2082758400' } },
      '2036-01-01T00:00:00Z',
    ],
    ['more seconds than a calendar has', { status: 429, headers: { 'retry-after': '99999999999999' } }, 'a year after 9999'],
  ])('%s', async (_, answer, until) => {
    const { what, why } = await refusalOf(answer);
    expect([what, why]).toEqual([`items, page 7: the API requests a pause until ${until}.`, ['A run waits for 24h at most (max_wait).']]);
    expect(api.seen).toHaveLength(1);
  });

  test('and so does the day at which a limit begins again that a budget is a share of', async () => {
    api.script = () => ({ body: '[]', headers: { date, 'x-ratelimit-limit': '1', 'x-ratelimit-reset': '2082758400' } });
    await using requests = new ApiRequests({ base_url: api.url, rate_limit: { budget: '1%' } }, { network: testNetwork, clock });
    const get = () => requests.get(new URL(`${api.url}/items`), 'items, page 7');
    expect(await get()).toMatchObject({ status: 200 });
    await expect(get()).rejects.toMatchObject({ code: 'HYG-3614', what: expect.stringContaining('2036-01-01T00:00:00Z') });
  });
});

test('the line that the error prints makes the run wait', async () => {
  const answer = { status: 429, headers: { 'retry-after': hours(25) } };
  const { tryThis } = await refusalOf(answer);
  const line = tryThis[0]?.replace(/^.*?: /, '') ?? '';
  expect(await ask(answer, parse(line))).toEqual({ notBefore: '2026-01-02T01:00:00.000Z' });
});

test('a pause of more than a month is no pause to wait for', async () => {
  const linesFor = async (days: number) => (await refusalOf({ status: 429, headers: { 'retry-after': hours(24 * days) } })).tryThis;
  expect((await linesFor(31))[0]).toMatch(/max_wait: 31d$/);
  expect(await linesFor(32)).toEqual(apiCodes['HYG-3614'].tryThis);
});

test.each<[ScriptedAnswer, object, string]>([
  [{ status: 429, headers: { 'retry-after': hours(24) } }, {}, '2026-01-02T00:00:00.000Z'],
  [{ status: 502, headers: { 'retry-after': hours(1) } }, {}, '2026-01-01T01:00:00.000Z'],
  [{ status: 429, headers: { 'retry-after': hours(48) } }, { max_wait: '2d' }, '2026-01-03T00:00:00.000Z'],
])('a shorter pause is kept: %j with %j', async (answer, keys, notBefore) => {
  expect(await ask(answer, keys)).toEqual({ notBefore });
});

test('a shorter longest pause is one', async () => {
  expect((await refusalOf({ status: 429, headers: { 'retry-after': hours(2) } }, { max_wait: '1h' })).why).toEqual([
    'A run waits for 1h at most (max_wait).',
  ]);
});

test('a server that failed says nothing by the time at which a limit begins again', async () => {
  let failures = 1;
  api.script = () => (failures-- > 0 ? { status: 500, headers: { 'x-ratelimit-reset': '2082758400' } } : { body: '[]' });
  await using requests = new ApiRequests({ base_url: api.url }, { network: testNetwork, clock });
  expect(await requests.get(new URL(`${api.url}/items`), 'items')).toMatchObject({ status: 200 });
});
