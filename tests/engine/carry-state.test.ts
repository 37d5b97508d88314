import { describe, expect, test } from 'vitest';
import { type CarryPorts, carryState } from '../../src/engine/repair/carry-state.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import type { StateStore } from '../../src/ports/state.ts';
import { filesState } from '../../src/state/files.ts';
import { objectsState } from '../../src/state/objects/state.ts';
import { brokenFileSystem } from '../support/broken-filesystem.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { journalRowOf, stateRow } from '../support/state-rows.ts';

const key = { flow: 'crm', entity: 'Account' };
const renamed = { flow: 'crm', entity: 'People' };
const old = stateRow({ owner: null, pending: null });
const ended = journalRowOf('R1.1', '2026-11-20T08:00:00.000Z');

function around(): CarryPorts {
  let n = 0;
  return {
    host: { fate: async () => 'alive' },
    random: { nonce: () => `nonce${String(++n).padStart(5, '0')}` },
    now: '2026-11-20T08:30:00.000Z',
  };
}

/** Something settled, with a schema, its history, an intent that is of no use any more, and a line in the journal. */
async function settled(state: StateStore): Promise<void> {
  await state.write(key, undefined, old, ended);
  for (const ref of ['schemas/5', 'schemas/6', 'seen/6', 'intents/6']) await state.putObject(key, ref, { ref });
}

async function isCarried(from: StateStore, to: StateStore, as = key): Promise<void> {
  expect((await to.read(as))?.row).toMatchObject({ lineage: old.lineage, epoch: 8, settled: old.settled, owner: null });
  expect([...(await to.listObjects(as, ''))].sort()).toEqual(['schemas/5', 'schemas/6', 'seen/6']);
  expect((await from.read(key))?.row).toMatchObject({ settled: null, owner: null, pending: null, epoch: 8 });
  expect((await from.read(key))?.row.lineage).not.toBe(old.lineage);
}

/** Two places, of which one meets something at its `n`th call that reads or changes anything. */
function places(which: 'from' | 'to', when: 'before' | 'after', n: number, fault: () => Error) {
  const [source, target] = [new MemoryFileSystem(), new MemoryFileSystem()];
  let calls = 0;
  let armed = false;
  const meet = () => {
    if (!armed) return;
    calls++;
    // Of an answer that is lost the next one is not; who is dead stays so.
    const error = fault();
    if (calls === n || (calls > n && !(error instanceof OutcomeUnknown))) throw error;
  };
  const broken = (files: MemoryFileSystem) => brokenFileSystem(files, { [when]: meet });
  const from = filesState({ files: which === 'from' ? broken(source) : source });
  const to = objectsState({ files: which === 'to' ? broken(target) : target, location: 'elsewhere' });
  return {
    from,
    to,
    truth: { from: filesState({ files: source }), to: objectsState({ files: target }) },
    arm: () => {
      armed = true;
    },
    met: () => calls >= n,
  };
}

const everywhere = (['from', 'to'] as const).flatMap((which) => (['before', 'after'] as const).map((when) => [which, when] as const));

describe('state that is carried to another place', () => {
  test.each(everywhere)('loses an answer of the place it goes %s, %s it is done: all is there at the end', async (which, when) => {
    for (let n = 1; ; n++) {
      const { from, to, truth, arm, met } = places(which, when, n, () => new OutcomeUnknown('lost'));
      await settled(from);
      arm();
      const carried = await carryState({ from: { state: from, key }, to: { state: to, key } }, around());
      expect(carried.outcome, `call ${n}`).toBe('carried');
      await isCarried(truth.from, truth.to);
      expect(await truth.to.journal({})).toEqual([ended]);
      if (!met()) break;
    }
  });

  test.each(everywhere)(
    'dies at a call to the place it goes %s, %s it is done: a repeat finishes it, and a third finds nothing',
    async (which, when) => {
      for (let n = 1; ; n++) {
        const { from, to, truth, arm, met } = places(which, when, n, () => new Error('the process died'));
        await settled(from);
        arm();
        const first = await carryState({ from: { state: from, key }, to: { state: to, key } }, around()).catch(
          (error: Error) => error.message,
        );
        expect(first).toEqual(met() ? 'the process died' : { outcome: 'carried' });
        if (!met()) break;
        const again = { from: { state: truth.from, key }, to: { state: truth.to, key } };
        const { outcome } = await carryState(again, { ...around(), random: { nonce: () => `repeat${n}` } });
        expect(['carried', 'there already', 'nothing'], `call ${n}`).toContain(outcome);
        await isCarried(truth.from, truth.to);
        expect(await truth.to.journal({})).toEqual([ended]);
        expect((await carryState(again, around())).outcome).toBe('nothing');
      }
    },
  );
});

describe('one and the same state', () => {
  test('that two places lead to is not emptied', async () => {
    const files = new MemoryFileSystem();
    const [from, to] = [objectsState({ files, location: 'az://lake' }), objectsState({ files, location: 'abfss://lake' })];
    await settled(from);
    expect((await carryState({ from: { state: from, key }, to: { state: to, key } }, around())).outcome).toBe('same');
    expect((await from.read(key))?.row).toEqual(old);
  });

  test('under one name is not emptied either', async () => {
    const state = filesState({ files: new MemoryFileSystem() });
    await settled(state);
    expect((await carryState({ from: { state, key }, to: { state, key } }, around())).outcome).toBe('same');
    expect((await state.read(key))?.row).toEqual(old);
  });
});

describe('state that is carried to another name', () => {
  test('brings schemas and their history along, and leaves the journal to the name that ran', async () => {
    const state = filesState({ files: new MemoryFileSystem() });
    await settled(state);
    const carried = await carryState({ from: { state, key }, to: { state, key: renamed } }, around());
    expect(carried.outcome).toBe('carried');
    await isCarried(state, state, renamed);
    expect(await state.journal({})).toEqual([ended]);
  });

  test('is finished by a repeat, also when the new name has continued meanwhile', async () => {
    const state = filesState({ files: new MemoryFileSystem() });
    await settled(state);
    await state.write(renamed, undefined, { ...old, epoch: 9, settled: old.settled && { ...old.settled, id: 'newer' }, writeId: 'newer' });
    expect((await carryState({ from: { state, key }, to: { state, key: renamed } }, around())).outcome).toBe('there already');
    expect((await state.read(renamed))?.row.writeId).toBe('newer');
    expect((await state.read(key))?.row.settled).toBeNull();
  });
});
