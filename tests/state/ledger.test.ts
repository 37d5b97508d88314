import { expect, test } from 'vitest';
import { StateLedger } from '../../src/state/ledger.ts';
import { MemoryState } from '../support/sim/memory-state.ts';

test('a ledger that changes for hours keeps the objects of half an hour, and the newest document', async () => {
  let [minute, nonces] = [0, 0];
  const state = new MemoryState();
  const clock = {
    now: () => new Date(Date.UTC(2026, 10, 20, 8, minute)).toISOString(),
    monotonicMs: () => minute * 60_000,
    sleep: async () => undefined,
  };
  const ledger = new StateLedger({ state, clock, random: { nonce: () => `n${nonces++}`, id: () => '', fraction: () => 0 } }, 'shop');
  for (; minute < 240; minute++) await ledger.change(() => ({ to: minute, answer: null }));
  expect(await ledger.change((document) => ({ answer: document }))).toBe(239);
  const refs = await state.listObjects({ flow: '_connections', entity: 'shop' }, 'ledger/');
  expect(refs.length).toBeLessThan(40);
});
