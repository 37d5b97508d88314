import { expect, test } from 'vitest';
import { endingAfter, firstRows } from '../../src/cli/inspect/first-rows.ts';
import type { Home, Window } from '../../src/engine/contracts/home.ts';
import { inOneSlice } from '../../src/engine/plan/one-slice.ts';
import { PagedApi } from '../connectors/newcomer/api-like/api.ts';
import { apiHome } from '../connectors/newcomer/api-like/connector.ts';

const all: Window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'ignore' };
const hour = 3_600_000;

/** It answers one page and then asks for an hour of quiet; who comes before is counted, and sent away after a thousand times. */
class QuietApi extends PagedApi {
  now = Date.parse('2026-01-01T00:00:00.000Z');
  early = 0;
  #quietUntil = 0;

  constructor() {
    super(() => this.now);
    for (let id = 0; id < 6; id++) this.put({ id, mark: BigInt(id), name: `n${id}` });
  }

  override async page(asked: Parameters<PagedApi['page']>[0]): ReturnType<PagedApi['page']> {
    if (this.now < this.#quietUntil) {
      if (++this.early > 1_000) throw new Error('it was asked a thousand times before its time');
      return { status: 429, retryAt: new Date(this.#quietUntil).toISOString() };
    }
    this.#quietUntil = this.now + hour;
    return super.page(asked);
  }

  readonly clock = {
    now: () => new Date(this.now).toISOString(),
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      this.now += ms;
    },
  };

  home(): Home {
    return apiHome(this, { url: 'https://api.example/items', page: 2, mark: { kind: 'int64' } });
  }
}

async function rowsOf(home: Home, signal = new AbortController().signal): Promise<number> {
  const planned = await home.plan(all, { sliceBytes: 1 });
  if (!('done' in planned)) throw new Error('it plans at once');
  let rows = 0;
  for (const slice of planned.done.slices)
    for await (const piece of home.read(slice, all, undefined, signal)) if ('fingerprint' in piece) rows += piece.rows;
  return rows;
}

test.each<[string, (api: QuietApi) => Promise<number>, number, number]>([
  ['a store that takes all in one slice', (api) => rowsOf(inOneSlice(api.home(), api.clock)), 6, 2],
  ['the first rows of a try-out', (api) => rowsOf(endingAfter(api.home(), 3, api.clock)), 3, 1],
  ['a preview', async (api) => (await firstRows(async () => api.home(), { pinned: null, limit: 5, clock: api.clock })).rows.length, 5, 2],
])('%s asks a source that wants to be left alone once, when its time has come', async (_, read, rows, hours) => {
  const api = new QuietApi();
  const began = api.now;
  expect(await read(api)).toBe(rows);
  // The request that is told to wait is the one that is asked again.
  expect({ early: api.early, waited: api.now - began }).toEqual({ early: hours, waited: hours * hour });
});

test.each<[string, (api: QuietApi) => Home]>([
  ['a store that takes all in one slice', (api) => inOneSlice(api.home(), api.clock)],
  ['the first rows of a try-out', (api) => endingAfter(api.home(), 3, api.clock)],
])('%s: who breaks it off while it waits is not kept', async (_, homeOf) => {
  const api = new QuietApi();
  const controller = new AbortController();
  const sleeping = Promise.withResolvers<void>();
  api.clock.sleep = (_ms, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      sleeping.resolve();
    });
  const reading = rowsOf(homeOf(api), controller.signal);
  await sleeping.promise;
  controller.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
  expect(api.early).toBe(1);
});

test('a store that takes all in one slice is told what its slices asked of the source together', async () => {
  const api = new QuietApi();
  const slice = { ref: {}, rows: null, bytes: null };
  const home: Home = {
    ...api.home(),
    plan: async () => ({ done: { slices: [slice, slice] } }),
    async *read() {
      yield { checkpoint: 1, asked: { requests: 2, quota: { used: 10, of: 100 } } };
      yield { checkpoint: 2, asked: { requests: 1, quota: { used: 12, of: 100 } } };
    },
  };
  const one = inOneSlice(home, api.clock);
  const planned = await one.plan(all, { sliceBytes: 1 });
  if (!('done' in planned) || planned.done.slices[0] === undefined) throw new Error('it plans at once');
  const items: unknown[] = [];
  for await (const item of one.read(planned.done.slices[0], all, undefined, new AbortController().signal)) items.push(item);
  expect(items).toEqual([{ checkpoint: expect.anything(), asked: { requests: 6, quota: { used: 12, of: 100 } } }]);
});

test('a plan without slices has none for a store that takes all in one slice either', async () => {
  const home: Home = { ...new QuietApi().home(), plan: async () => ({ done: { slices: [] } }) };
  expect(await inOneSlice(home, new QuietApi().clock).plan(all, { sliceBytes: 1 })).toEqual({ done: { slices: [] } });
});
