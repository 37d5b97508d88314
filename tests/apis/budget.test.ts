import { expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { limitsOf } from '../../src/apis/requests/limits/config.ts';
import { isUsedUp, pauseOf, toldLimit } from '../../src/apis/requests/limits/limit-headers.ts';
import { grant, heard, type Usage } from '../../src/apis/requests/limits/usage.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import { readStep } from '../support/apis/home-steps.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { testNetwork } from '../support/test-network.ts';

const scene = scriptedScene();
const now = new Date('2026-11-26T08:00:00.000Z');

test.each<[Record<string, string>, number | undefined]>([
  [{ 'retry-after': '120' }, 120_000],
  [{ 'retry-after': 'Thu, 26 Nov 2026 08:02:00 GMT' }, 120_000],
  [{ 'retry-after': '5', 'x-ratelimit-reset': '900' }, 5_000],
  [{ 'ratelimit-reset': '120' }, 120_000],
  [{ 'x-ratelimit-reset': '1795680120' }, 120_000],
  [{ 'x-rate-limit-reset': '1795680120000' }, 120_000],
  [{ 'x-ratelimit-reset': '2026-11-26T08:02:00Z' }, 120_000],
  [{ 'x-ratelimit-reset': '2026-11-26T10:02:00+02:00' }, 120_000],
  [{ 'x-ratelimit-reset': '1795680000' }, 0],
  [{ 'x-ratelimit-reset': 'soon' }, undefined],
  [{ 'x-ratelimit-reset': '-1' }, undefined],
  [{}, undefined],
])('%o asks for a pause of %s ms', (headers, ms) => {
  expect(pauseOf((name) => headers[name], now)).toBe(ms);
});

test.each<[Record<string, string>, number | undefined, number | undefined]>([
  [{ 'x-ratelimit-limit': '5000', 'x-ratelimit-reset': '1795680120' }, 5_000, 120_000],
  [{ 'ratelimit-limit': '100, 100;w=60', 'ratelimit-reset': '30' }, 100, 30_000],
  [{ 'x-rate-limit-limit': '40' }, 40, undefined],
  [{ 'x-ratelimit-limit': 'none' }, undefined, undefined],
  [{ 'x-ratelimit-limit': '0' }, undefined, undefined],
  [{}, undefined, undefined],
])('%o tells a limit of %s, that begins anew in %s ms', (headers, limit, ms) => {
  const told = toldLimit((name) => headers[name], now);
  expect([told?.limit, told?.untilMs === undefined ? undefined : told.untilMs - now.getTime()]).toEqual([limit, ms]);
});

test('nothing is left of a limit at 0, and at no other number', () => {
  const left = (remaining: string) => isUsedUp((name) => (name === 'x-ratelimit-remaining' ? remaining : undefined));
  expect([left('0'), left('10'), isUsedUp(() => undefined)]).toEqual([true, false, false]);
});

test('a share of a limit is used once until the limit begins again, and once again after that', () => {
  const limits = limitsOf({ budget: '30%' });
  if (limits === undefined) throw new Error('no limits');
  const begin = now.getTime();
  const hour = 3_600_000;
  let usage: Usage = {};
  const take = (nowMs: number, want = 1) => {
    const granted = grant(usage, { limits, nowMs, by: 'a', want, skewMs: 0, leadMs: 0 });
    if ('laterMs' in granted) return `later ${(granted.laterMs - begin) / hour}`;
    usage = granted.usage;
    return granted.grant.count;
  };
  const hear = (nowMs: number, limit: number, toldUntilMs: number | undefined) => {
    usage = heard(usage, { limit, toldUntilMs, nowMs }) ?? usage;
  };
  // The first request is sent before the limit is known, and counts.
  expect(take(begin)).toBe(1);
  hear(begin, 20, begin + hour);
  // An API whose limit slides tells another time with each answer.
  hear(begin + 1_000, 20, begin + hour + 1_000);
  expect([take(begin, 4), take(begin, 4), take(begin)]).toEqual([4, 1, 'later 1']);
  expect([take(begin + hour, 10), take(begin + hour)]).toEqual([6, 'later 16']);
  hear(begin + hour, 20, begin + 2 * hour);
  expect([take(begin + hour), take(begin + 2 * hour, 10)]).toEqual(['later 2', 6]);
  // Without a time it is a day of UTC.
  hear(begin + 3 * hour, 40, undefined);
  expect([take(begin + 3 * hour, 20), take(begin + 3 * hour)]).toEqual([6, 'later 16']);
});

async function opened(scratch: ReturnType<typeof realScratch>, rate_limit: unknown) {
  const config = restConfig.parse({
    base_url: scene.api.url,
    endpoint: 'items',
    records: 'data',
    pagination: { type: 'page', start: 1 },
    rate_limit,
  });
  return restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned: null });
}

test('a read stops at its share of what the API tells, and continues when the limit begins again', async () => {
  await using scratch = realScratch();
  const reset = Math.ceil(Date.now() / 1000) + 7_200;
  scene.api.script = ({ query }) => ({
    headers: { 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '19', 'x-ratelimit-reset': String(reset) },
    body: JSON.stringify({ data: [{ id: Number(query.page) }] }),
  });
  await using home = await opened(scratch, { budget: '30%' });
  await home.describe(undefined, 'for a run');
  const { notBefore } = await readStep(home, { until: 'pause' });
  expect([scene.api.seen.length, notBefore]).toEqual([6, new Date(reset * 1000).toISOString()]);
});

test('a share of a limit that the API does not tell is refused', async () => {
  await using scratch = realScratch();
  scene.api.script = () => ({ body: '{"data":[{"id":1}]}' });
  await using home = await opened(scratch, { budget: '30%' });
  await expect(home.describe()).rejects.toMatchObject({
    code: 'HYG-3610',
    tryThis: expect.arrayContaining([expect.stringContaining('budget: 5000')]),
  });
});
