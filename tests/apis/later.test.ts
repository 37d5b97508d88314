import { afterEach, beforeEach, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import { everything } from '../../src/engine/contracts/home.ts';
import type { Json } from '../../src/ports/values.ts';
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
  const config = restConfig.parse({ base_url: api.url, endpoint: 'items', records: 'data', pagination: { type: 'page' } });
  return restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned });
}

test.each<[string, () => ScriptedAnswer]>([
  ['seconds', () => ({ status: 429, headers: { 'retry-after': String(hour) } })],
  ['a date', () => ({ status: 429, headers: { 'retry-after': new Date(inAnHour()).toUTCString() } })],
  ['seconds of a server that is down', () => ({ status: 503, headers: { 'retry-after': String(hour) } })],
  [
    'the second at which a limit begins anew',
    () => ({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(inAnHour() / 1000)) } }),
  ],
  ['seconds until a limit begins anew', () => ({ status: 429, headers: { 'ratelimit-reset': String(hour) } })],
])('an hour of waiting, told as %s, ends the step, and the next one goes on with the page that was refused', async (_, refusal) => {
  await using scratch = realScratch();
  let isOpen = false;
  api.script = ({ query }) => {
    if (query.page === '3' && !isOpen) return refusal();
    return { body: JSON.stringify({ data: Number(query.page) > 4 ? [] : [{ id: Number(query.page) }] }) };
  };
  const never = new AbortController().signal;
  const slice = { ref: {}, rows: null, bytes: null };
  await using first = await opened(scratch);
  // The look reads three pages, and is sent away as well.
  const looked = await first.describe(undefined, 'for a run');
  const away = (instant: string | undefined) => Math.abs(Date.parse(instant ?? '') - inAnHour());
  expect(away('notBefore' in looked ? looked.notBefore : undefined)).toBeLessThan(5_000);
  const brief = await first.describe(undefined, 'briefly');
  const pinned = 'done' in brief ? (brief.done.pinned ?? null) : null;
  let checkpoint: Json | undefined;
  let rows = 0;
  for await (const item of (await opened(scratch, pinned)).read(slice, everything, undefined, never)) {
    if ('rows' in item) rows += item.rows;
    if (!('checkpoint' in item)) continue;
    expect(away(item.notBefore)).toBeLessThan(5_000);
    checkpoint = item.checkpoint;
    break;
  }
  expect(rows).toBe(2);
  isOpen = true;
  const before = api.seen.length;
  for await (const item of (await opened(scratch, pinned)).read(slice, everything, checkpoint, never))
    if ('rows' in item) rows += item.rows;
  expect([rows, api.seen.slice(before).map(({ query }) => query.page)]).toEqual([4, ['3', '4', '5']]);
});
