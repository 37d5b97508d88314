import { expect, test } from 'vitest';
import { ProcessPools } from '../../src/adapters/process-pools.ts';
import type { PoolKey } from '../../src/engine/contracts/pools.ts';
import { ConnectionError } from '../../src/errors/hygge-error.ts';

const key: PoolKey = { connector: 'erp', server: 'db.example', database: 'erp', identity: 'reader', serves: 'rows' };

function scene(change: { readonly most?: number; readonly idleMs?: number } = {}) {
  const log: string[] = [];
  const sleeping: { ms: number; wake: () => void }[] = [];
  let now = 0;
  let count = 0;
  const time = {
    monotonicMs: () => now,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake, stop) => {
        sleeping.push({ ms, wake });
        signal?.addEventListener('abort', () => stop(signal.reason));
      }),
  };
  const pooling = {
    most: change.most ?? 2,
    acquireMs: 30_000,
    idleMs: change.idleMs ?? 60_000,
    open: async () => {
      log.push(`open ${++count}`);
      return count;
    },
    close: async (connection: number) => void log.push(`close ${connection}`),
  };
  return { pools: new ProcessPools(time), pooling, log, sleeping, pass: (ms: number) => (now += ms) };
}

test('a connection is used again by a caller that speaks to the same database as the same person', async () => {
  const { pools, pooling, log } = scene();
  for (const server of ['db.example', 'DB.example']) {
    await using _ = await pools.of({ ...key, server }, pooling).acquire('one');
  }
  await using _ = await pools.of({ ...key, identity: 'writer' }, pooling).acquire('one');
  expect(log).toEqual(['open 1', 'open 2']);
});

test('another kind of database has connections of its own, and so has one, or a person, whose name differs in case', async () => {
  const { pools, pooling, log } = scene();
  for (const other of [{}, { database: 'Erp' }, { identity: 'Reader' }, { connector: 'crm' }]) {
    await using _ = await pools.of({ ...key, ...other }, pooling).acquire('one');
  }
  expect(log).toEqual(['open 1', 'open 2', 'open 3', 'open 4']);
});

test('there are never more than may be open, and those who wait come in their order', async () => {
  const { pools, pooling, log } = scene();
  const pool = pools.of(key, pooling);
  const [a, b] = [await pool.acquire('one'), await pool.acquire('one')];
  const order: string[] = [];
  const wait = async (name: string) => {
    await using leased = await pool.acquire('one');
    order.push(`${name} ${leased.connection}`);
  };
  const waiting = [wait('first'), wait('second')];
  await a[Symbol.asyncDispose]();
  await Promise.all(waiting);
  await b[Symbol.asyncDispose]();
  await b[Symbol.asyncDispose]();
  expect(order).toEqual(['first 1', 'second 1']);
  expect(log).toEqual(['open 1', 'open 2']);
});

test('a caller that waits too long is reported, and takes no other’s place', async () => {
  const { pools, pooling, sleeping } = scene({ most: 1 });
  const pool = pools.of(key, pooling);
  const held = await pool.acquire('one');
  const late = pool.acquire('one');
  sleeping.at(-1)?.wake();
  await expect(late).rejects.toMatchObject({ code: 'HYG-6054', transient: true });
  await held[Symbol.asyncDispose]();
  await using again = await pool.acquire('one');
  expect(again.connection).toBe(1);
});

test('a caller that waits too long is told who has the connections, and since when', async () => {
  const { pools, pooling, sleeping, pass } = scene({ most: 3 });
  const pool = pools.of(key, pooling);
  const writing = pool.forWriting();
  await using _first = await pool.acquire('hygge f.orders');
  pass(14_000);
  await using _second = await pool.acquire('hygge f.orders');
  pass(60_000);
  const late = pool.acquire('hygge f.late');
  late.catch(() => undefined);
  sleeping.at(-1)?.wake();
  await expect(late).rejects.toMatchObject({
    what: 'No connection to erp db.example/erp became free within 30 s.',
    why: [
      'This process opens at most 3, and no connection is free for reading; one of the connections may be used only for writing.',
      'In use: hygge f.orders, to read (2, for 74 s).',
    ],
  });
  await using _third = await writing.acquire('hygge g.orders');
  const waiting = [writing.acquire('hygge g.late'), pool.acquire('hygge f.late'), pool.acquire('hygge f.later')];
  for (const one of waiting) one.catch(() => undefined);
  sleeping.at(-3)?.wake();
  await expect(waiting[0]).rejects.toMatchObject({
    why: [
      'This process opens at most 3, and all connections are in use.',
      'In use: hygge f.orders, to read (2, for 74 s); hygge g.orders, to write (for 0 s).',
      '2 more requests wait for a connection.',
    ],
  });
});

test('a caller that is stopped while it waits is not kept', async () => {
  const { pools, pooling } = scene({ most: 1 });
  const pool = pools.of(key, pooling);
  await using _ = await pool.acquire('one');
  const stop = new AbortController();
  const waiting = pool.acquire('one', stop.signal);
  stop.abort(new RangeError('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
});

test('one that is spoilt, or was idle too long, is closed and not used again', async () => {
  const { pools, pooling, log, pass } = scene({ idleMs: 1_000 });
  const pool = pools.of(key, pooling);
  const spoilt = await pool.acquire('one');
  spoilt.spoil();
  await spoilt[Symbol.asyncDispose]();
  await (await pool.acquire('one'))[Symbol.asyncDispose]();
  pass(1_001);
  await (await pool.acquire('one'))[Symbol.asyncDispose]();
  expect(log).toEqual(['open 1', 'close 1', 'open 2', 'close 2', 'open 3']);
});

test('an opening that fails leaves its place to others', async () => {
  const { pools, pooling, log } = scene({ most: 1 });
  let fails = true;
  const pool = pools.of(key, {
    ...pooling,
    open: async () => {
      if (fails) throw new RangeError('refused');
      return pooling.open();
    },
  });
  await expect(pool.acquire('one')).rejects.toThrow('refused');
  fails = false;
  await using _ = await pool.acquire('one');
  expect(log).toEqual(['open 1']);
});

test('since when a server does not answer is counted again once it has answered', async () => {
  const { pools, pooling, pass } = scene();
  let isUp = false;
  const pool = pools.of(key, {
    ...pooling,
    open: async () => {
      if (isUp) return pooling.open();
      throw new ConnectionError({ code: 'HYG-6501', what: 'No answer.', tryThis: ['Wait'], transient: true });
    },
  });
  const since = () => pool.acquire('one').then(undefined, (error: ConnectionError) => error.outage);
  const system = 'erp db.example/erp';
  pass(1_000);
  expect(await since()).toEqual({ system, sinceMs: 1_000 });
  pass(500);
  expect(await since()).toEqual({ system, sinceMs: 1_000 });
  isUp = true;
  const held = await pool.acquire('one');
  isUp = false;
  pass(500);
  expect(await since()).toEqual({ system, sinceMs: 2_000 });
  await held[Symbol.asyncDispose]();
});

test('all are closed with the process, those in use when they are given back', async () => {
  const { pools, pooling, log } = scene();
  const pool = pools.of(key, pooling);
  const [used, idle] = [await pool.acquire('one'), await pool.acquire('one')];
  await idle[Symbol.asyncDispose]();
  await pools[Symbol.asyncDispose]();
  expect(log).toEqual(['open 1', 'open 2', 'close 2']);
  await used[Symbol.asyncDispose]();
  expect(log.at(-1)).toBe('close 1');
});

test('a reader leaves one place to a writer, once there is one', async () => {
  const { pools, pooling } = scene({ most: 3 });
  const pool = pools.of(key, pooling);
  const readers = [await pool.acquire('one'), await pool.acquire('one')];
  const writing = pool.forWriting();
  expect(await pool.acquireIdle('one')).toBeUndefined();
  const waiting = pool.acquire('one');
  const writer = await writing.acquire('one');
  await writer[Symbol.asyncDispose]();
  expect(await Promise.race([waiting, Promise.resolve('still waiting')])).toBe('still waiting');
  await readers[0]?.[Symbol.asyncDispose]();
  await using third = await waiting;
  expect(third.connection).toBe(1);
});

test('who writes takes whatever is free, and who reads the rest', async () => {
  const { pools, pooling } = scene({ most: 2 });
  const pool = pools.of(key, pooling);
  const writing = pool.forWriting();
  const writer = await writing.acquire('one');
  await using reader = await pool.acquireIdle('one');
  expect(reader?.connection).toBe(2);
  expect(await writing.acquireIdle('one')).toBeUndefined();
  const second = writing.acquire('one');
  await writer[Symbol.asyncDispose]();
  await using _ = await second;
  expect(await pool.acquireIdle('one')).toBeUndefined();
});

test('one place is shared by who reads and who writes', async () => {
  const { pools, pooling } = scene({ most: 1 });
  const pool = pools.of(key, pooling);
  const writing = pool.forWriting();
  await (await pool.acquire('one'))[Symbol.asyncDispose]();
  await using writer = await writing.acquire('one');
  expect([writer.connection, await pool.acquireIdle('one')]).toEqual([1, undefined]);
});

test('who asks for what is idle never waits for others, and never goes before them', async () => {
  const { pools, pooling } = scene({ most: 1 });
  const pool = pools.of(key, pooling);
  const held = await pool.acquire('one');
  expect(await pool.acquireIdle('one')).toBeUndefined();
  const waiting = pool.acquire('one');
  const back = held[Symbol.asyncDispose]();
  expect(await pool.acquireIdle('one')).toBeUndefined();
  await back;
  await using _ = await waiting;
});

test('a caller that gives up in the moment in which it is given a place gives the place back', async () => {
  const { pools, pooling, sleeping } = scene({ most: 1 });
  const pool = pools.of(key, pooling);
  const held = await pool.acquire('one');
  const late = pool.acquire('one');
  sleeping.at(-1)?.wake();
  const back = held[Symbol.asyncDispose]();
  await expect(late).rejects.toMatchObject({ code: 'HYG-6054' });
  await back;
  await using again = await pool.acquireIdle('one');
  expect(again?.connection).toBe(1);
});
