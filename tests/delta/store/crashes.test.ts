import { describe, expect, test } from 'vitest';
import type { Compaction } from '../../../src/engine/contracts/replacing.ts';
import { deltaHeads } from '../../../src/files/delta-store/head.ts';
import { deltaStore } from '../../../src/files/delta-store/store.ts';
import { but } from '../../support/but.ts';
import { SEED, sampled } from '../../support/samples.ts';
import { deaths, matrix } from '../../support/sim/deaths.ts';
import { announceForeign, deltaDestination } from '../../support/sim/delta-destination.ts';
import { drowsy, execute, explain, type Plot, seeded } from '../../support/sim/explore.ts';
import { mergeScenarios } from '../../support/sim/merge-scenarios.ts';
import { simulatedMerging } from '../../support/sim/merging.ts';
import { isFor, references, scenarios } from '../../support/sim/scenarios.ts';
import type { Pair } from '../../support/sim/world.ts';

const stoppedClock = { now: () => '2026-11-29T12:00:00.000Z', monotonicMs: () => 0 };
const kind = deltaHeads({ clock: stoppedClock, checkpoint: async () => false });
const pairOf = (store: 'plain' | 'partitioned' | 'uploads'): Pair => ({
  store,
  state: 'memory',
  head: { kind, destination: deltaDestination, announce: announceForeign },
});
const stores = ['plain', 'uploads'] as const;
/** The store that merges, on the same log. */
const merging = (store: 'plain' | 'uploads', merge: 'deletion_vectors' | 'copy_on_write'): Pair => ({
  store,
  state: 'memory',
  head: {
    ...{ kind, destination: deltaDestination, announce: announceForeign },
    open: (options) => {
      const place = { ...options.place, ...(merge === 'copy_on_write' ? { merge } : {}) };
      const made = deltaStore({ ...options, place, clock: stoppedClock, merging: simulatedMerging });
      // The code for old files is loaded when it is needed, which no simulated process waits for.
      return but(made, { compaction: but(made.compaction as Compaction, { oldFiles: async () => [] }) });
    },
  },
});

const mergingStores = [
  ['plain', 'deletion_vectors'],
  ['uploads', 'deletion_vectors'],
  ['plain', 'copy_on_write'],
] as const;

/** `stride` as in the crash matrix of the stores of files. */
const stride = 32 * Object.keys(deaths).length + 1;

describe('killed or refused at a call, with the log of a Delta table for a head', () => {
  const cells = stores
    .map(pairOf)
    .flatMap((pair, at) =>
      sampled(references.entries(), 24, SEED + 3 * at).flatMap(([i, scenario]) =>
        isFor(scenario, pair) ? [{ name: `${scenario.name}, ${pair.store}`, scenario, pair, i }] : [],
      ),
    );
  test.each(cells)('$name loses nothing and doubles nothing', async ({ scenario, pair, i }) => {
    const { calls, runs, wounds } = await matrix({ scenario, pair }, { stride, first: SEED + i });
    expect(wounds).toEqual([]);
    expect(calls).toBeGreaterThan(4);
    expect(runs).toBeGreaterThan(0);
  });
});

describe('seeded runs over the log of a Delta table', () => {
  test.each(stores)('settle the source, whatever goes wrong: %s', async (store) => {
    const pair = pairOf(store);
    const failures: string[] = [];
    for (const [at, scenario] of sampled(scenarios.filter((one) => isFor(one, pair)).entries(), 12, SEED + store.length)) {
      const plot: Plot = { scenario, pair };
      const seed = SEED + at * 4;
      for (const pickBy of [seeded, drowsy])
        if ((await execute(plot, pickBy(seed), true)).violation !== null)
          failures.push([`${seed}: ${scenario.name}`, ...(await explain(plot, pickBy(seed), true))].join('\n'));
    }
    expect(failures).toEqual([]);
  });
});

describe('merges by key, killed or refused at a call', () => {
  // Each scenario dies in one of the stores.
  const cells = mergingStores.flatMap(([store, merge], nth) =>
    sampled(mergeScenarios.entries(), mergingStores.length, SEED + nth).map(([i, scenario]) => ({
      name: `${scenario.name}, ${store}, ${merge}`,
      scenario,
      pair: merging(store, merge),
      i,
    })),
  );
  test.each(cells)('$name loses nothing and doubles nothing', async ({ scenario, pair, i }) => {
    const { calls, runs, wounds } = await matrix({ scenario, pair }, { stride, first: SEED + i });
    expect(wounds).toEqual([]);
    expect(calls).toBeGreaterThan(4);
    expect(runs).toBeGreaterThan(0);
  });
});

describe('seeded runs that merge', () => {
  const stores = mergingStores.map(([store, merge], nth) => [store, merge, nth] as const);
  test.each(stores)('settle the source, whatever goes wrong: %s %s', async (store, merge, nth) => {
    const pair = merging(store, merge);
    const failures: string[] = [];
    for (const [at, scenario] of sampled(mergeScenarios.entries(), mergingStores.length, SEED + nth)) {
      const plot: Plot = { scenario, pair };
      const seed = SEED + at * 4;
      for (const pickBy of [seeded, drowsy])
        if ((await execute(plot, pickBy(seed), true)).violation !== null)
          failures.push([`${seed}: ${scenario.name}`, ...(await explain(plot, pickBy(seed), true))].join('\n'));
    }
    expect(failures).toEqual([]);
  });
});
