import { describe, expect, test } from 'vitest';
import { DatabaseError, type Session } from '../../src/databases/engine.ts';
import { Sessions } from '../../src/databases/sessions.ts';
import type { Pool } from '../../src/engine/contracts/pools.ts';

const reading = { mode: 'read', isolation: 'statement' } as const;

/** Sessions over a pool that gives these connections, one after the other. */
function scene(connections: readonly Partial<Session>[]) {
  const log: string[] = [];
  let taken = 0;
  const acquire = async () => {
    const at = taken++;
    const own = connections[at];
    if (own === undefined) throw new RangeError('a connection too many was asked for');
    const plain = { isBroken: false, hasAnswered: true, begin: async () => undefined, commit: async () => undefined };
    const connection = { ...plain, cancel: () => log.push(`cancel ${at}`), ...own } as unknown as Session;
    return { connection, spoil: () => log.push(`spoil ${at}`), [Symbol.asyncDispose]: async () => void log.push(`back ${at}`) };
  };
  const pool = { acquire, acquireIdle: acquire, system: null } as unknown as Pool<Session>;
  const explain = (error: DatabaseError): never => {
    throw error;
  };
  return { sessions: new Sessions<Session>({ engine: { explain }, pool, label: 'hygge f.e', place: 'a test' }), log };
}

const dead = (hasAnswered: boolean): Partial<Session> => ({
  ...{ isBroken: true, hasAnswered },
  begin: async () => {
    throw new DatabaseError('gone', { code: '', isLost: true });
  },
});

describe('a connection that is dead when its transaction begins', () => {
  test('is replaced where it had answered before: it died in the pool', async () => {
    const { sessions, log } = scene([dead(true), dead(true), {}]);
    expect(await sessions.transaction(reading, async () => 'done')).toBe('done');
    expect(log).toEqual(['spoil 0', 'back 0', 'spoil 1', 'back 1', 'back 2']);
  });

  test('is not where it is new: a server that drops each new connection is not asked without an end', async () => {
    const { sessions, log } = scene([dead(true), dead(false)]);
    await expect(sessions.transaction(reading, async () => 'done')).rejects.toThrow('gone');
    expect(log).toEqual(['spoil 0', 'back 0', 'spoil 1', 'back 1']);
  });
});

test('a signal that is aborted when a transaction is over breaks off nothing: its connection may be someone else’s', async () => {
  const { sessions, log } = scene([{}]);
  const stop = new AbortController();
  await sessions.transaction(reading, async () => undefined, stop.signal);
  stop.abort();
  expect(log).toEqual(['back 0']);
});
