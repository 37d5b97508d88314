import { expect, test } from 'vitest';
import { limitsOf } from '../../src/apis/requests/limits/config.ts';
import { Limits } from '../../src/apis/requests/limits/limits.ts';
import type { Ledger } from '../../src/ports/state.ts';
import type { Json } from '../../src/ports/values.ts';
import { ask, CountingServer, limitsOfProcess, type Scene, VirtualTime } from '../support/apis/many-processes.ts';
import { SEED } from '../support/samples.ts';
import { dice } from '../support/sim/dice.ts';
import { MemoryState } from '../support/sim/memory-state.ts';

const start = Date.parse('2026-11-26T08:00:00.000Z');
const [second, minute, hour] = [1_000, 60_000, 3_600_000];

interface Crowd {
  readonly processes: number;
  readonly rows: number;
  readonly forMs: number;
  readonly losses?: number;
  /** A process lives for so long, and another one takes its place. */
  readonly livesMs?: number;
  /** So many requests each process sends. */
  readonly most?: number;
}

/** Processes that send as many requests as they get, each killed at some time. */
async function crowd(rate: Scene['rate'], { processes, rows, forMs, losses = 0, livesMs, most }: Crowd): Promise<CountingServer> {
  const time = new VirtualTime(start);
  const fraction = dice(SEED);
  const scene: Scene = { time, fraction, state: new MemoryState(), losses, rate };
  const server = new CountingServer();
  const errors: unknown[] = [];
  for (let process = 0; process < processes; process++) {
    const life = async () => {
      while (time.ms < start + forMs) {
        const endMs = livesMs === undefined ? Number.POSITIVE_INFINITY : time.ms + livesMs * 2 * fraction();
        await ask(scene, server, {
          rows,
          isDead: () => time.ms > endMs || time.ms > start + forMs,
          ...(most === undefined ? {} : { most }),
        });
        if (most !== undefined) return;
      }
    };
    life().catch((error: unknown) => errors.push(error));
  }
  await time.runUntil(start + forMs);
  expect(errors).toEqual([]);
  return server;
}

test('ten processes that share a state stay below a rate by the second, by the count of the API', async () => {
  const server = await crowd('5/s', { processes: 10, rows: 2, forMs: 2 * minute, losses: 0.1, livesMs: minute });
  expect(server.mostWithin(second)).toBeLessThanOrEqual(5);
  // They get most of it.
  expect(server.came.length).toBeGreaterThan(300);
});

test('one process alone gets nearly all of a rate', async () => {
  const server = await crowd('5/s', { processes: 1, rows: 8, forMs: 30 * second });
  expect(server.mostWithin(second)).toBeLessThanOrEqual(5);
  expect(server.came.length).toBeGreaterThan(120);
});

test('ten processes stay below a rate by the hour in each hour, from whichever moment on it is counted, and use it up', async () => {
  const server = await crowd('300/h', { processes: 10, rows: 2, forMs: 4 * hour, losses: 0.1, livesMs: 20 * minute });
  expect(server.mostWithin(hour)).toBeLessThanOrEqual(300);
  expect(server.came.length).toBeGreaterThan(800);
});

test('several rates hold at once', async () => {
  const server = await crowd(['5/s', '60/min', '700/h'], { processes: 4, rows: 2, forMs: 2 * hour, losses: 0.05, livesMs: 10 * minute });
  expect([server.mostWithin(second) <= 5, server.mostWithin(minute) <= 60, server.mostWithin(hour) <= 700]).toEqual([true, true, true]);
  expect(server.came.length).toBeGreaterThan(1_000);
});

test('what a process that died had taken of a day comes back when the day is over', async () => {
  const day = 24 * hour;
  const server = await crowd('100/day', { processes: 3, rows: 1, forMs: 3 * day, livesMs: 4 * hour });
  expect(server.mostWithin(day)).toBeLessThanOrEqual(100);
  expect(server.came.filter((ms) => ms > start + 2 * day).length).toBeGreaterThan(50);
});

test('no more requests are under way than the connection bears, and each process gets its share', async () => {
  const server = await crowd({ concurrency: 3 }, { processes: 6, rows: 4, forMs: 10 * minute, losses: 0.05, most: 100 });
  expect(server.mostUnderWay).toBeLessThanOrEqual(3);
  expect(server.came.length).toBe(600);
});

test('a process that died with all permits holds up the others for minutes, and not for ever', async () => {
  const server = await crowd({ concurrency: 2 }, { processes: 3, rows: 3, forMs: 15 * minute, livesMs: 4 * minute });
  expect(server.mostUnderWay).toBeLessThanOrEqual(2);
  const later = server.came.filter((ms) => ms > start + 10 * minute);
  expect(later.length).toBeGreaterThan(100);
});

test('what waits for a request of another process looks for its end once a second, however many wait', async () => {
  const time = new VirtualTime(start);
  class Counted extends MemoryState {
    looks = 0;
    override async listObjects(...given: Parameters<MemoryState['listObjects']>) {
      this.looks++;
      return await super.listObjects(...given);
    }
  }
  const state = new Counted();
  const scene: Scene = { time, fraction: dice(SEED), state, losses: 0, rate: { at: ['1000/s'], concurrency: 1 } };
  const [holder, waiting] = [limitsOfProcess(scene, () => false), limitsOfProcess(scene, () => false)];
  const held = holder.turn();
  await time.runUntil(start + second);
  expect(await held).toMatchObject({ over: expect.any(Function) });
  const before = state.looks;
  const turnLater = async (_: unknown, i: number) => {
    await time.sleep(150 * i);
    return await waiting.turn();
  };
  const turns = Promise.all(Array.from({ length: 6 }, turnLater));
  await time.runUntil(start + 20 * second);
  expect((await turns).every((turn) => 'notBefore' in turn)).toBe(true);
  expect(state.looks - before).toBeLessThan(20);
});

test('a request whose rate could not be asked for gives its place to the next one', async () => {
  let [nowMs, changes, naps, document]: [number, number, number, Json] = [start, 0, 0, null];
  const now = () => new Date(nowMs).toISOString();
  const ledger: Ledger = {
    ...{ place: '', by: 'me', skewMs: 0, now },
    async change(decide) {
      // The first one asks for a place, the second one for the rate.
      if (++changes === 2) throw new Error('the state can not be reached');
      const { to, answer } = decide(document, now());
      if (to !== undefined) document = to;
      return answer;
    },
  };
  const sleep = async (ms: number) => {
    if (++naps > 100) throw new Error('it waits without an end');
    nowMs += ms;
  };
  const config = limitsOf({ at: '10/s', concurrency: 1 });
  if (config === undefined) throw new Error('no limit');
  const limits = new Limits(config, { ledger, clock: { now, monotonicMs: () => nowMs, sleep } });
  await expect(limits.turn()).rejects.toThrow('the state can not be reached');
  expect(await limits.turn()).toHaveProperty('over');
});
