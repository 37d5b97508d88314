import { describe, expect, test } from 'vitest';
import { abandonEntity } from '../../src/engine/commit/abandon.ts';
import type { Store } from '../../src/engine/contracts/contracts.ts';
import type { Intent } from '../../src/engine/contracts/intent.ts';
import { finish, readIntent } from '../../src/engine/protocol/finish.ts';
import { noRow } from '../../src/engine/protocol/protocol.ts';
import { ConnectionError } from '../../src/errors/hygge-error.ts';
import type { StateStore } from '../../src/ports/state.ts';
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
const intent = { id: 'i', entityRunId: ids.entityRunId } as Intent;

describe('publishing that takes long', () => {
  test('is several steps, none of which comes near a time limit', async () => {
    const { spec, ports, cursors } = slowly(7);
    const steps: Json[] = [];
    for (let cursor: Json | undefined; ; ) {
      const step = await finish(ports, spec, intent, cursor);
      if ('done' in step) break;
      steps.push(step.again);
      cursor = step.again;
    }
    expect(steps).toEqual([3, 6]);
    expect(cursors).toEqual([undefined, 1, 2, 3, 4, 5, 6]);
  });

  test('and was decided is not given up: whoever commits goes on with it', async () => {
    const { spec, ports } = slowly(7);
    const pending = { id: 'i', epoch: 1, ref: 'intents/i' };
    const state: Pick<StateStore, 'read' | 'getObject'> = {
      read: async () => ({ row: { ...noRow, epoch: 1, pending }, etag: 'e' }),
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
    expect(await abandonEntity(request, { ...ports, state: state as StateStore, entity: () => spec })).toEqual({ outcome: 'settled' });
  });
});

describe('a decided commit whose place does not let us in any more', () => {
  const refused = { code: 'HYG-6402', what: 'az://raw does not know who we are.', why: ['403.'], tryThis: ['Sign in.'] };
  const at = (error: ConnectionError) => {
    const { world, ports } = simulated({});
    const store: Pick<Store, 'commit' | 'where'> = {
      where: 'az://raw/crm',
      commit: async () => {
        throw error;
      },
    };
    return finish({ ...ports, storeAt: async () => store as Store }, world.spec, intent);
  };

  test('is told as what it is, with the way out', async () => {
    const error = await at(new ConnectionError(refused)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HYG-6402', what: refused.what });
    const { why, tryThis } = error as ConnectionError;
    expect(why).toEqual(['403.', expect.stringContaining('A commit in az://raw/crm is decided')]);
    expect(tryThis).toEqual(['Sign in.', expect.stringContaining('write it as it was')]);
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
