import { describe, expect, test } from 'vitest';
import { endFailedEntityRun } from '../../src/engine/commit/abandon.ts';
import type { CommitOutcome, GiveUpOutcome, Intent } from '../../src/engine/contracts/intent.ts';
import type { Plan } from '../../src/engine/contracts/records.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { finishCommit, readIntent } from '../../src/engine/protocol/finish.ts';
import { emptyRow } from '../../src/engine/protocol/protocol.ts';
import { ConnectionError, StoreError } from '../../src/errors/hygge-error.ts';
import { LruCache } from '../../src/ports/lru-cache.ts';
import type { JournalRow, StateRow, StateStore } from '../../src/ports/state.ts';
import type { Json } from '../../src/ports/values.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';

const minuteMs = 60_000;

/** A commit of so many steps, a minute each. */
function slowly(steps: number) {
  const { world, ports } = simulated({});
  let ms = 0;
  const cursors: (Json | undefined)[] = [];
  const store: Pick<Store, 'commit'> = {
    commit: async (_intent, cursor) => {
      ms += minuteMs;
      cursors.push(cursor);
      const next = (typeof cursor === 'number' ? cursor : 0) + 1;
      return next < steps ? { again: next } : { done: 'parts lost' };
    },
  };
  const slow = {
    ...ports,
    clock: { ...ports.clock, now: () => ports.clock.now(), monotonicMs: () => ms },
    storeAt: async () => store as Store,
  };
  return { spec: world.spec, ports: slow, cursors };
}

const ids = idsOf('A');
const intent = { id: 'i', epoch: 1, entityRunId: ids.entityRunId } as Intent;

describe('publishing that takes long', () => {
  test('is several steps, none of which comes near a time limit', async () => {
    const { spec, ports, cursors } = slowly(7);
    const steps: Json[] = [];
    for (let cursor: Json | undefined; ; ) {
      const step = await finishCommit(ports, spec, { intent, cursor });
      if ('done' in step) break;
      steps.push(step.again);
      cursor = step.again;
    }
    expect(steps).toEqual([3, 6]);
    expect(cursors).toEqual([undefined, 1, 2, 3, 4, 5, 6]);
  });

  test('and was decided is not given up: the next commit continues with it', async () => {
    const { spec, ports } = slowly(7);
    const pending = { id: 'i', epoch: 1, ref: 'intents/i' };
    const state: Pick<StateStore, 'read' | 'getObject'> = {
      read: async () => ({ row: { ...emptyRow, epoch: 1, pending }, etag: 'e' }),
      getObject: async () => intent as unknown as Json,
    };
    const request = {
      ...ids,
      workspace: 'w',
      startedAt: ports.clock.now(),
      runType: 'incremental' as const,
      error: { code: 'HYG-6001', what: 'x' },
      attempts: 1,
    };
    expect(await endFailedEntityRun(request, { ...ports, state: state as StateStore, entity: () => spec })).toEqual({ outcome: 'settled' });
  });

  test('and can not be finished now ends the lease: the next run need not wait for it', async () => {
    const { world, ports } = simulated({});
    const lease = { run: ids.entityRunId, until: '2999-01-01T00:00:00.000Z', holder: { host: 'a', pid: 1 } as never };
    let row: StateRow = { ...emptyRow, lineage: 'L', epoch: 1, owner: lease, pending: { id: 'i', epoch: 1, ref: 'intents/i' } };
    const state: Pick<StateStore, 'read' | 'getObject' | 'write'> = {
      read: async () => ({ row, etag: 'e' }),
      getObject: async () => intent as unknown as Json,
      write: async (_key, _etag, next) => {
        row = next;
        return 'written';
      },
    };
    const store: Pick<Store, 'commit' | 'where'> = {
      where: 'lake/crm',
      commit: async () => {
        throw new StoreError({ code: 'HYG-4206', what: 'The database could not finish writing.', tryThis: ['Free some space'] });
      },
    };
    const request = {
      ...{ ...ids, workspace: 'w', startedAt: ports.clock.now(), runType: 'incremental' as const },
      ...{ error: { code: 'HYG-4206', what: 'x' }, attempts: 1 },
    };
    const at = { ...ports, state: state as StateStore, entity: () => world.spec, storeAt: async () => store as Store };
    await expect(endFailedEntityRun(request, at)).rejects.toMatchObject({ code: 'HYG-4206' });
    expect(row).toMatchObject({ owner: { run: ids.entityRunId }, pending: { id: 'i' } });
    expect((row.owner?.until ?? '') <= ports.clock.now()).toBe(true);
  });
});

describe('a decided commit that the store refuses', () => {
  const because = { code: 'HYG-4003', what: 'No permission.', why: ['hygge runs as etl.'], tryThis: ['Give it.'] };
  const refused = { outcome: 'refused', because } as const;
  const decidedRow: StateRow = { ...emptyRow, lineage: 'L', epoch: 1, pending: { id: 'i', epoch: 1, ref: 'intents/i' } };
  const settled = expect.objectContaining({ outcome: 'settled' });
  const settles = { snapshot: 'schemas/1', watermark: null, boundary: null, seen: null, sourceVersion: null, rows: 3 };
  const full = { ...intent, settles, journal: { entity_run_id: ids.entityRunId, started_at: '2026-11-20T08:00:00.000Z' } } as Intent;

  /** @param outcomes of one asking after the other, each of a store opened anew. */
  const asked = async (outcomes: readonly CommitOutcome[], { row = decidedRow, given = { removed: [] } as GiveUpOutcome } = {}) => {
    const { world, ports } = simulated({});
    const calls: string[] = [];
    let opened = 0;
    const written: StateRow[] = [];
    const journal: JournalRow[] = [];
    const state: Pick<StateStore, 'read' | 'write'> = {
      read: async () => ({ row: written.at(-1) ?? row, etag: 'e' }),
      write: async (_key, _etag, next, line) => {
        written.push(next);
        if (line) journal.push(line);
        return 'written';
      },
    };
    const storeAt = async (): Promise<Store> => {
      const handle = opened++;
      const store: Pick<Store, 'commit' | 'giveUp' | 'where'> = {
        where: 'lake/crm',
        commit: async () => {
          const done = outcomes[calls.filter((call) => call.startsWith('commit')).length];
          calls.push(`commit by ${handle}`);
          if (done === undefined) throw new Error('asked once too often');
          return { done };
        },
        giveUp: async (_intent, reason, how) => {
          calls.push(`${how}: ${reason.code} ${reason.reason}`);
          return given;
        },
      };
      return store as Store;
    };
    const { refused: mark } = row.pending ?? {};
    const step = await finishCommit({ ...ports, state: state as StateStore, storeAt }, world.spec, { intent: full, refused: mark });
    return { done: 'done' in step ? step.done : undefined, calls, written, journal };
  };

  test('once, and then not, has not refused it: a store opened again is asked again', async () => {
    const { done, calls } = await asked([refused, 'committed']);
    expect([done, calls]).toEqual([settled, ['commit by 0', 'commit by 1']]);
  });

  test('is asked again by one with connections of its own, where one is kept open; that one is closed', async () => {
    const { world, ports } = simulated({});
    const calls: string[] = [];
    const storeOf = (name: string, done: CommitOutcome): Store => {
      const store: Pick<Store, 'commit' | 'where' | typeof Symbol.asyncDispose> = {
        where: 'lake/crm',
        commit: async () => {
          calls.push(name);
          return { done };
        },
        [Symbol.asyncDispose]: async () => void calls.push(`${name} closed`),
      };
      return store as Store;
    };
    const kept = storeOf('kept', refused);
    const opener = { home: ports.home, store: ports.store, storeAt: async () => storeOf('anew', 'parts lost') };
    const sharing = { opener, keepHome: () => undefined, plans: new LruCache<Promise<Plan>>(1), groups: new LruCache<Promise<boolean>>(1) };
    const state: Pick<StateStore, 'read'> = { read: async () => ({ row: decidedRow, etag: 'e' }) };
    const asking = { ...ports, state: state as StateStore, storeAt: async () => kept, sharing };
    expect(await finishCommit(asking, world.spec, { intent: full })).toEqual({ done: 'parts lost' });
    expect(calls).toEqual(['kept', 'anew', 'anew closed']);
  });

  test('twice is given up: the row says why first, then the store fences it, then the row and the journal let it go', async () => {
    const { done, calls, written, journal } = await asked([refused, refused]);
    expect(calls.slice(2)).toEqual(['unseen: HYG-4003 No permission. hygge runs as etl.']);
    expect(done).toMatchObject({
      outcome: 'given up',
      error: { code: 'HYG-2066', tryThis: ['Give it.', expect.stringContaining('hygge go')] },
    });
    expect(written.map(({ pending, settled }) => [pending?.refused?.code, settled?.id])).toEqual([
      ['HYG-4003', undefined],
      [undefined, 'refused-i'],
    ]);
    expect(journal).toMatchObject([
      { status: 'error', error_code: 'HYG-2066', rows: 0, error: { why: [expect.stringContaining('No permission.'), expect.any(String)] } },
    ]);
  });

  test('and was marked before is not asked again', async () => {
    const pending = { id: 'i', epoch: 1, ref: 'intents/i', refused: { code: 'HYG-6401', reason: 'Forbidden.' } };
    const { done, calls } = await asked([], { row: { ...decidedRow, pending } });
    expect(calls).toEqual(['unseen: HYG-6401 Forbidden.']);
    expect(done).toMatchObject({
      outcome: 'given up',
      error: { why: [expect.stringContaining('HYG-6401 Forbidden.'), expect.any(String)] },
    });
  });

  test.each(['visible', 'committed'] as const)('too late, when it is %s already, is committed after all', async (given) => {
    const { done, calls } = await asked([refused, refused, 'committed'], { given });
    expect([done, calls.at(-1)]).toEqual([settled, expect.stringMatching(/^commit by/)]);
  });

  test('only in part is stuck: nothing is marked, and the error says both ways on', async () => {
    const { done, written } = await asked([{ outcome: 'stuck', because }]);
    expect(done).toMatchObject({
      outcome: 'stuck',
      error: { code: 'HYG-2069', tryThis: ['Give it.', expect.stringContaining('hygge go'), expect.stringContaining('--discard')] },
    });
    expect(written).toEqual([]);
  });

  test('a part that is gone may be a token that was taken: the row is read again for the mark', async () => {
    const { calls, done } = await asked(['parts lost'], { row: { ...decidedRow } });
    expect([done, calls]).toEqual(['parts lost', ['commit by 0']]);
  });
});

describe('a decided commit whose place does not let us in any more', () => {
  const refused = { code: 'HYG-6402', what: 'az://raw does not recognise the identity of this run.', why: ['403.'], tryThis: ['Sign in.'] };
  const at = (error: ConnectionError) => {
    const { world, ports } = simulated({});
    const store: Pick<Store, 'commit' | 'where'> = {
      where: 'az://raw/crm',
      commit: async () => {
        throw error;
      },
    };
    return finishCommit({ ...ports, storeAt: async () => store as Store }, world.spec, { intent });
  };

  test('is told as what it is, with the way out', async () => {
    const error = await at(new ConnectionError(refused)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HYG-6402', what: refused.what });
    const { why, tryThis } = error as ConnectionError;
    expect(why).toEqual(['403.', expect.stringContaining('A commit in az://raw/crm is decided')]);
    expect(tryThis).toEqual(['Sign in.', expect.stringContaining('restore the earlier store')]);
  });

  test('and may only be busy is left to be tried again', async () => {
    const busy = new ConnectionError({ ...refused, code: 'HYG-6404', transient: true });
    await expect(at(busy)).rejects.toBe(busy);
  });
});

test('an intent that an earlier hygge left pending says what it settles', async () => {
  const { world, ports } = simulated({});
  const settles = { watermark: null, boundary: null, snapshot: 'schemas/1', seen: null, sourceVersion: 'v', rows: 3 };
  const state = { getObject: async () => ({ version: 1, id: 'i', mode: 'full', ...settles, bytes: 9 }) };
  const read = await readIntent({ ...ports, state: state as unknown as StateStore }, world.spec, { id: 'i', epoch: 1, ref: 'intents/i' });
  expect(read).toMatchObject({ version: 2, id: 'i', mode: 'full', settles });
  expect(read).not.toHaveProperty('snapshot');
});
