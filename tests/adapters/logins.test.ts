import { expect, test } from 'vitest';
import { ProcessPools } from '../../src/adapters/process-pools.ts';
import type { PoolKey } from '../../src/engine/contracts/pools.ts';

const key: PoolKey = { connector: 'erp', server: 'db.example', database: 'erp', identity: 'reader', serves: 'rows' };

class Refused extends Error {}

/** A server that answers each login when the test says so. */
function scene() {
  let now = 0;
  const tries: ((answer: 'welcome' | Error) => void)[] = [];
  const time = { monotonicMs: () => now, sleep: () => new Promise<void>(() => undefined) };
  const pools = new ProcessPools(time);
  const pooling = {
    ...{ most: 8, acquireMs: 30_000, idleMs: 60_000, close: async () => undefined },
    open: () => new Promise<string>((resolve, reject) => tries.push((answer) => (answer === 'welcome' ? resolve(answer) : reject(answer)))),
    isLoginRefused: (error: unknown) => error instanceof Refused,
  };
  const ask = (change: Partial<PoolKey> = {}, signal?: AbortSignal) =>
    pools
      .of({ ...key, ...change }, pooling)
      .acquire('one', signal)
      .then(
        () => 'lent',
        (error: unknown) => (error as Error).message,
      );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { ask, tries, settle, pass: (ms: number) => (now += ms) };
}

test('a login is tried once at first, and its refusal is the answer to all who wait, of rows and of state', async () => {
  const { ask, tries, settle } = scene();
  const all = [ask(), ask(), ask({ serves: 'state' })];
  await settle();
  expect(tries.length).toBe(1);
  tries[0]?.(new Refused('wrong password'));
  expect(await Promise.all(all)).toEqual(['wrong password', 'wrong password', 'wrong password']);
  expect(await ask()).toBe('wrong password');
  expect(tries.length).toBe(1);
});

test('another account, server or database is tried for itself', async () => {
  const { ask, tries, settle } = scene();
  for (const change of [{}, { identity: 'writer' }, { server: 'other.example' }, { database: 'crm' }]) void ask(change);
  await settle();
  expect(tries.length).toBe(4);
});

test('a first login that succeeds, or fails otherwise, lets all others try at once', async () => {
  for (const answer of ['welcome', new Error('time-out')] as const) {
    const { ask, tries, settle } = scene();
    const all = [ask(), ask(), ask()];
    await settle();
    tries[0]?.(answer);
    await settle();
    expect(tries.length).toBe(3);
    for (const one of tries.slice(1)) one('welcome');
    expect(await Promise.all(all)).toEqual([answer === 'welcome' ? 'lent' : 'time-out', 'lent', 'lent']);
  }
});

test('a first try that its caller gives up is left to the next one alone', async () => {
  const { ask, tries, settle } = scene();
  const stop = new AbortController();
  const all = [ask({}, stop.signal), ask(), ask()];
  await settle();
  stop.abort(new Error('stopped'));
  tries[0]?.(new Error('stopped'));
  await settle();
  expect(tries.length).toBe(2);
  tries[1]?.(new Refused('wrong password'));
  expect(await Promise.all(all)).toEqual(['stopped', 'wrong password', 'wrong password']);
});

test('a login that is refused later is not tried again for ten minutes, and then once', async () => {
  const { ask, tries, settle, pass } = scene();
  const first = ask();
  await settle();
  tries[0]?.('welcome');
  await first;
  const later = ask();
  await settle();
  tries[1]?.(new Refused('changed'));
  expect(await later).toBe('changed');
  pass(599_999);
  expect(await ask()).toBe('changed');
  pass(1);
  const again = [ask(), ask()];
  await settle();
  expect(tries.length).toBe(3);
  tries[2]?.('welcome');
  await settle();
  tries[3]?.('welcome');
  expect(await Promise.all(again)).toEqual(['lent', 'lent']);
});
