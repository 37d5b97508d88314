import { expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { StoreError } from '../../src/errors/hygge-error.ts';
import { ByteBudget } from '../../src/frames/budget.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import { how, reading } from '../support/sim/backfilled.ts';
import { baseSchema, row, SimFrame } from '../support/sim/rows.ts';

const bytes = 192 * 1024 * 1024;
const full = { runType: 'full_drop', watermark: null } as const;

test('a slice takes its memory once, however many frames it has, and before its source does anything', async () => {
  const sim = simulated({ spec: full });
  const budget = new ByteBudget(bytes);
  const taken: number[] = [];
  const before: number[] = [];
  const counted: EnginePorts['budget'] = {
    acquire: (much, signal) => {
      taken.push(much);
      return budget.acquire(much, signal);
    },
  };
  const ports = reading({ ...sim.ports, budget: counted }, () => ({
    plan: async () => ({ done: { slices: [{ ref: 'all', rows: 5, bytes: null }] } }),
    async *read() {
      for (let id = 1; id <= 5; id++) {
        before.push(budget.used);
        yield new SimFrame(baseSchema, [row(id, id)]);
      }
    },
  }));
  expect(await runEntity({ ids: idsOf('A'), spec: sim.world.spec, ...how }, ports)).toMatchObject({ status: 'pass', rows: 5 });
  const frame = 32 * 1024 * 1024;
  expect(taken).toEqual([frame]);
  expect(before).toEqual([frame, frame, frame, frame, frame]);
  expect(budget.used).toBe(0);
});

test('a store that refuses before it asks for a frame keeps neither memory nor source', async () => {
  const sim = simulated({ spec: full });
  const budget = new ByteBudget(bytes);
  let open = 0;
  const source = reading({ ...sim.ports, budget }, (home) => ({
    async *read(...of) {
      open++;
      try {
        yield* home.read(...of);
      } finally {
        open--;
      }
    },
  }));
  const refused = new StoreError({ code: 'HYG-4001', what: 'It is full.', tryThis: ['Make room'] });
  const stage = () => Promise.reject(refused);
  const ports: EnginePorts = { ...source, store: async (spec) => but(await source.store(spec), { stage }) };
  expect(await runEntity({ ids: idsOf('A'), spec: sim.world.spec, ...how }, ports)).toMatchObject({ status: 'error' });
  expect({ open, used: budget.used }).toEqual({ open: 0, used: 0 });
});
