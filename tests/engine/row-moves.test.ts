import { describe, expect, it } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { emptyRow, type ProtocolEvent } from '../../src/engine/protocol/protocol.ts';
import { cachedRow, moveRow, moveRowFrom, readRow } from '../../src/engine/protocol/row.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import type { StateRow, StateStore } from '../../src/ports/state.ts';
import { but } from '../support/but.ts';
import { MemoryState } from '../support/sim/memory-state.ts';

const key = { flow: 'sales', entity: 'orders' };
const holder = { host: 'h', boot: 'b', pid: 1, started: '1', program: 'hygge go' };
const last = { run: 'me', at: '2026-11-20T08:00:00.000Z', status: 'pass', rows: 3 } as const;
const free: StateRow = { ...emptyRow, lineage: 'L', epoch: 3, writeId: 'free' };
const mine: StateRow = { ...free, owner: { run: 'me', until: '2026-11-20T08:10:00.000Z', holder }, writeId: 'claim' };
const decided: StateRow = { ...mine, pending: { id: 'mine', epoch: 3, ref: 'intents/3-mine' }, writeId: 'intend' };
const release: ProtocolEvent = { event: 'release', run: 'me', epoch: 3, last };
const voided: ProtocolEvent = { event: 'void', id: 'mine' };

/** A state whose row moved from `known`, which this process remembers, to `row`. */
async function movedFrom(known: StateRow, row: StateRow) {
  const state = new MemoryState();
  await state.write(key, undefined, known);
  const before = await readRow({ state }, key);
  await state.write(key, before.etag, row);
  return { ports: portsOf(but<StateStore>(state, { known: () => before as { row: StateRow; etag: string } })), state, before };
}

function portsOf(state: StateStore): EnginePorts {
  let n = 0;
  return { state, random: { nonce: () => `nonce ${++n}` }, trace: () => undefined } as unknown as EnginePorts;
}

describe('a row that moved since this process saw it', () => {
  it.each<readonly [string, ProtocolEvent, StateRow, StateRow]>([
    ['refuses', release, free, mine],
    ['has done', voided, mine, decided],
  ])('is read again where the remembered row %s the move', async (_, event, known, row) => {
    const { ports } = await movedFrom(known, row);
    expect(await moveRow(ports, key, event)).toMatchObject({ outcome: 'written' });
  });

  it('is read again where the remembered row takes the move, and then refuses it', async () => {
    const { ports, state } = await movedFrom(mine, free);
    expect(await moveRow(ports, key, release)).toEqual({ outcome: 'refused', why: 'not claimed', row: free });
    expect((await state.read(key))?.row).toEqual(free);
  });

  it('is told as moved to a caller that wants its own row or none', async () => {
    const { ports, before } = await movedFrom(mine, free);
    expect(await moveRowFrom(ports, key, release, before)).toBe('moved');
  });

  it('is given as it is remembered to a caller that does no harm with an old row', async () => {
    const { ports, state } = await movedFrom(mine, free);
    expect((await cachedRow(ports, key)).row).toEqual(mine);
    expect((await cachedRow(portsOf(state), key)).row).toEqual(free);
  });
});

describe('a write without an answer', () => {
  /** The first `lost` writes have no answer. */
  async function losing(lost: number, how: 'done' | 'not done', meanwhile?: (state: MemoryState) => Promise<unknown>) {
    const state = new MemoryState();
    await state.write(key, undefined, mine);
    const sent: string[] = [];
    const write: StateStore['write'] = async (of, etag, row, journal) => {
      sent.push(row.writeId);
      if (sent.length > lost) return state.write(of, etag, row, journal);
      if (how === 'done') await state.write(of, etag, row, journal);
      await meanwhile?.(state);
      throw new OutcomeUnknown('no answer');
    };
    return { state, sent, ports: portsOf(but<StateStore>(state, { write })) };
  }

  it('that was done is found by its id, and is not sent again', async () => {
    const { ports, sent } = await losing(1, 'done');
    expect(await moveRow(ports, key, release)).toMatchObject({ outcome: 'written' });
    expect(sent).toEqual(['nonce 1']);
  });

  it.each([1, 2])('that was not done is sent again as it was (%i times lost)', async (lost) => {
    const { ports, sent, state } = await losing(lost, 'not done');
    expect(await moveRow(ports, key, release)).toMatchObject({ outcome: 'written' });
    expect(sent).toEqual(Array.from({ length: lost + 1 }, () => 'nonce 1'));
    expect((await state.read(key))?.row.owner).toBeNull();
  });

  it('that another write overtook is decided anew by the row of now', async () => {
    const overtake = async (state: MemoryState) => state.write(key, (await state.read(key))?.etag, free);
    const { ports, sent } = await losing(1, 'not done', overtake);
    expect(await moveRow(ports, key, release)).toEqual({ outcome: 'refused', why: 'not claimed', row: free });
    expect(sent).toEqual(['nonce 1']);
  });
});
