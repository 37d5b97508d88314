/** `compact: { every }`: small files are combined after a run, when the last compaction is old enough. */

import { describe, expect, it } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { go } from '../../src/engine/drive/drive.ts';
import { dryRun } from '../../src/engine/drive/dry-run.ts';
import { reset } from '../../src/engine/repair/reset.ts';
import { Interrupted, StoreError } from '../../src/errors/hygge-error.ts';
import { compactionName } from '../../src/ports/state.ts';
import { but } from '../support/but.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { backfilled, reading } from '../support/sim/backfilled.ts';
import { row } from '../support/sim/rows.ts';
import { key, type Pair, type SpecChanges } from '../support/sim/world.ts';
import { goRequest } from './many.ts';

const day = 86_400_000;
const week = 7 * day;
const weekly: SpecChanges = { compactEveryMs: week, watermark: { nulls: 'exclude' } };

/** An entity of three rows in small files: a full load, and two increments. */
async function filled(pair: Pair = { store: 'plain', state: 'memory' }): Promise<Simulated> {
  const sim = simulated({ pair, rows: [row(1, 1)], spec: weekly });
  for (const n of [2, 3]) {
    await goes(sim);
    sim.world.source.set([...sim.world.source.rows, row(n, n)]);
  }
  await goes(sim);
  return sim;
}

async function goes({ world, ports }: Simulated, through: EnginePorts = ports, how: Parameters<typeof goRequest>[1] = {}) {
  const summary = await go(goRequest([world.spec], { continueOnError: true, ...how }), through);
  const [entity] = summary.entities;
  if (entity === undefined) throw new Error('one entity');
  return { ...summary, entity };
}

const lanes = async ({ ports }: Simulated) => (await ports.state.journal(key)).map(({ lane, status }) => `${lane} ${status}`).reverse();
const since = async (sim: Simulated, before: number) => (await lanes(sim)).slice(before);
const ids = ({ world }: Simulated) =>
  world.destination
    .rows()
    .map(({ id }) => Number(id))
    .sort();
const markOf = async ({ world }: Simulated) => (await world.row())?.lanes[compactionName]?.text;

/** A store whose compaction does something else. */
function compacting(ports: EnginePorts, open: () => Promise<never>): EnginePorts {
  return {
    ...ports,
    store: async (spec): Promise<Store> => {
      const store = await ports.store(spec);
      const own = store.compaction;
      if (own === undefined) throw new Error('a folder of files is compacted');
      return but(store, {
        compaction: but(own, { open }),
      });
    },
  };
}

const breaks = async (): Promise<never> => {
  throw new StoreError({ code: 'HYG-4110', what: 'A settled file is gone.', tryThis: ['Look for it'] });
};

describe('compact: { every }', () => {
  it.each<Pair>([
    { store: 'plain', state: 'memory' },
    { store: 'versioned', state: 'files' },
    { store: 'uploads', state: 'objects' },
  ])('compacts after the first run that comes a week later, and a week after that again: $store, $state', async (pair) => {
    const sim = await filled(pair);
    expect(await lanes(sim)).toEqual(['live pass', 'live pass', 'live pass']);
    sim.world.tick(week - day);
    await goes(sim);
    expect(await since(sim, 3)).toEqual(['live skip']);
    sim.world.tick(day);
    const started = sim.ports.clock.now();
    const { entity, ...summary } = await goes(sim);
    expect(await since(sim, 4)).toEqual(['live skip', 'compact pass']);
    expect(summary).toMatchObject({ skip: 1, total: 1, rows: 0 });
    // The row at the watermark; a compaction reads nothing of the source.
    expect(entity).toMatchObject({ status: 'skip', rows: 0, rows_read: 1, files: 0 });
    expect(entity.compacts).toBeUndefined();
    expect(await markOf(sim)).toMatch(started.slice(0, 16));
    await goes(sim);
    sim.world.source.set([...sim.world.source.rows, row(4, 4)]);
    expect((await goes(sim)).entity).toMatchObject({ status: 'pass', rows: 1 });
    expect(await since(sim, 6)).toEqual(['live skip', 'live pass']);
    sim.world.tick(week);
    await goes(sim);
    expect(await since(sim, 8)).toEqual(['live skip', 'compact pass']);
    expect(ids(sim)).toEqual([1, 2, 3, 4]);
  });

  it('remembers that there was nothing to compact', async () => {
    const sim = simulated({ rows: [row(1, 1)], spec: weekly });
    await goes(sim);
    sim.world.tick(week);
    await goes(sim);
    await goes(sim);
    expect(await lanes(sim)).toEqual(['live pass', 'live skip', 'compact skip', 'live skip']);
  });

  it('takes a full load for a compaction', async () => {
    const sim = await filled();
    sim.world.tick(week);
    await goes(sim, sim.ports, { runType: 'full_drop' });
    await goes(sim);
    expect(await since(sim, 3)).toEqual(['live pass', 'live skip']);
    expect(await markOf(sim)).toBeUndefined();
  });

  it('warns of a compaction that failed, leaves the run as it was, and tries again with the next run', async () => {
    const sim = await filled();
    sim.world.tick(week);
    sim.world.source.set([...sim.world.source.rows, row(4, 4)]);
    const { entity, ...summary } = await goes(sim, compacting(sim.ports, breaks));
    expect(summary).toMatchObject({ pass: 0, warn: 1, error: 0, rows: 1 });
    expect(entity).toMatchObject({ status: 'warn', rows: 1, codes: ['compaction_failed'] });
    expect(entity.message).toContain('The next run tries again: HYG-4110 A settled file is gone');
    expect(entity.error).toBeUndefined();
    expect(await since(sim, 3)).toEqual(['live pass', 'compact error']);
    const done = sim.events.filter((one) => one.event === 'entity_done').slice(-2);
    expect(done).toMatchObject([{ status: 'pass' }, { status: 'error', compacts: 'files', error: { code: 'HYG-4110' } }]);
    expect(await markOf(sim)).toBeUndefined();
    expect((await goes(sim)).entity.status).toBe('skip');
    expect(await since(sim, 5)).toEqual(['live skip', 'compact pass']);
    expect(ids(sim)).toEqual([1, 2, 3, 4]);
  });

  it('leaves the run as it ended where a person stops the compaction', async () => {
    const sim = await filled();
    sim.world.tick(week);
    sim.world.source.set([...sim.world.source.rows, row(4, 4)]);
    const stop = new AbortController();
    const stopping = compacting(sim.ports, async () => {
      stop.abort(new Interrupted('SIGINT'));
      throw stop.signal.reason;
    });
    const { entity } = await goes(sim, stopping, { signal: stop.signal });
    expect(entity).toMatchObject({ status: 'pass', rows: 1 });
    expect(entity.reason).toBeUndefined();
    expect(await since(sim, 3)).toEqual(['live pass', 'compact skip']);
    await goes(sim);
    expect(await since(sim, 5)).toEqual(['live skip', 'compact pass']);
  });

  it('does not compact after a load that failed', async () => {
    const sim = await filled();
    sim.world.tick(week);
    sim.world.source.set([...sim.world.source.rows, row(4, 4)]);
    const broken = reading(sim.ports, () => ({
      // biome-ignore lint/correctness/useYield: it breaks before its first row
      async *read() {
        throw new Error('the source broke');
      },
    }));
    expect((await goes(sim, broken)).error).toBe(1);
    expect(await since(sim, 3)).toEqual(['live error']);
  });

  it('compacts once where two runs are at work, and not after a backfill', async () => {
    const sim = await filled();
    sim.world.tick(week);
    await backfilled(sim, { from: '1', to: '2' });
    const before = (await lanes(sim)).length;
    expect(await lanes(sim)).not.toContain('compact pass');
    await Promise.all([goes(sim), goes(sim, sim.another('b'))]);
    const compactions = (await since(sim, before)).filter((one) => one.startsWith('compact'));
    expect(compactions.filter((one) => one === 'compact pass')).toHaveLength(1);
    expect(compactions).not.toContain('compact error');
    expect(ids(sim)).toEqual([1, 2, 3]);
  });

  it('goes on after a process that was killed in the compaction', async () => {
    const sim = await filled();
    sim.world.tick(week);
    const never = new Promise<never>(() => undefined);
    const reached = Promise.withResolvers<void>();
    const killed = compacting(sim.another('killed'), () => {
      reached.resolve();
      return never;
    });
    void goes(sim, killed);
    await reached.promise;
    sim.world.tick(day / 24);
    await goes(sim);
    expect(await since(sim, 4)).toEqual(['live skip', 'compact pass']);
    expect(ids(sim)).toEqual([1, 2, 3]);
  });

  it('waits after a reset, which loads everything anew', async () => {
    const sim = await filled();
    sim.world.tick(week);
    await reset(sim.world.spec, { how: 'full', takeOver: false }, sim.ports);
    await goes(sim);
    expect((await since(sim, 3)).filter((one) => one.startsWith('compact'))).toEqual([]);
  });

  it('is told by a dry run, with when it is due', async () => {
    const sim = simulated({ rows: [row(1, 1)], spec: weekly });
    const { signal } = new AbortController();
    const told = async (more: Partial<EntitySpec> = {}) => {
      await dryRun(
        { entities: [{ ...sim.world.spec, ...more }], invocationId: 'inv', workspace: 'simulated', runType: null, signal },
        sim.ports,
      );
      const plan = sim.events.findLast((one) => one.event === 'plan');
      const at = plan?.codes?.indexOf('compacts_next') ?? -1;
      return at < 0 ? undefined : plan?.warnings[at];
    };
    expect(await told()).toContain('7d after this full load');
    expect(await told({ runType: 'full_drop' })).toBeUndefined();
    await goes(sim);
    expect(await told()).toContain('2026-11-27');
    sim.world.tick(week);
    expect(await told()).toContain('this run');
  });
});
