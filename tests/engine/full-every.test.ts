import { describe, expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { backfilled, how, reading } from '../support/sim/backfilled.ts';
import { row } from '../support/sim/rows.ts';
import type { Pair, SpecChanges } from '../support/sim/world.ts';

const day = 86_400_000;
const hour = 3_600_000;
const weekly: SpecChanges = { fullEveryMs: 7 * day, watermark: { nulls: 'exclude' } };

const scene = (spec: SpecChanges = weekly, pair: Pair = { store: 'plain', state: 'memory' }) =>
  simulated({ pair, rows: [row(1, 1), row(2, 2), row(3, 3)], spec });

const go = ({ world, ports }: Simulated, name: string, runType: 'incremental' | 'full_drop' | null = null, through: EnginePorts = ports) =>
  runEntity({ ids: idsOf(name), spec: world.spec, ...how, runType }, through);

const ids = ({ world }: Simulated) =>
  world.destination
    .rows()
    .map(({ id }) => id)
    .sort();
const fullAt = async ({ world }: Simulated) => (await world.row())?.settled?.fullAt;
const modes = ({ events }: Simulated) => events.flatMap((one) => (one.event === 'plan' ? [one.mode] : []));
const said = ({ events }: Simulated) => events.flatMap((one) => (one.event === 'plan' ? [one.codes ?? []] : [])).at(-1);

/** Settled, and then the source loses a row and gets one. */
async function settled(spec: SpecChanges = weekly, pair?: Pair): Promise<Simulated> {
  const sim = scene(spec, pair);
  await go(sim, 'first');
  sim.world.source.set([row(2, 2), row(3, 3), row(4, 4)]);
  return sim;
}

describe('full_every', () => {
  test('an increment leaves what the source lost; the load that is due drops it, says why, and the next is an increment again', async () => {
    const sim = await settled();
    await go(sim, 'second');
    expect({ ids: ids(sim), said: said(sim) }).toEqual({ ids: [1, 2, 3, 4], said: ['deletes_unseen'] });
    sim.world.tick(7 * day);
    const before = await fullAt(sim);
    await go(sim, 'third');
    expect({ ids: ids(sim), said: said(sim) }).toEqual({ ids: [2, 3, 4], said: ['full_due'] });
    expect(await fullAt(sim)).not.toBe(before);
    await go(sim, 'fourth');
    expect(modes(sim)).toEqual(['full', 'incremental', 'full', 'incremental']);
  });

  test.each<[string, number, boolean]>([
    ['six days', 6 * day, false],
    ['a night before', 7 * day - 2 * hour, false],
    ['some seconds before, as a timer has it', 7 * day - 5_000, true],
    ['an hour before, where the clock of the schedule has changed', 7 * day - hour - 5_000, true],
    ['seven days', 7 * day, true],
    ['a clock that went back by a day: the last one would lie ahead', -day, true],
  ])('after %s it is due: %s ms, %s', async (_, ms, due) => {
    const sim = await settled();
    sim.world.tick(ms);
    await go(sim, 'second');
    expect(modes(sim).at(-1)).toBe(due ? 'full' : 'incremental');
  });

  test('a load that only adds rows is none: what the source lost stays, and a load stays due', async () => {
    const sim = await settled({ ...weekly, ifExists: 'append' });
    const before = await fullAt(sim);
    sim.world.tick(6 * day);
    await go(sim, 'second', 'full_drop');
    expect(ids(sim)).toContain(1);
    expect(await fullAt(sim)).toBe(before);
    sim.world.tick(day);
    await go(sim, 'third');
    expect({ ids: ids(sim), said: said(sim) }).toEqual({ ids: [2, 3, 4], said: ['full_due'] });
  });

  test('every day at midnight it is due, every day', async () => {
    const sim = scene({ fullEveryMs: day, watermark: { nulls: 'exclude' } });
    for (let night = 0; night < 5; night++) {
      await go(sim, `night${night}`);
      sim.world.tick(day + (night % 2 === 0 ? -4_000 : 4_000));
    }
    expect(modes(sim)).toEqual(['full', 'full', 'full', 'full', 'full']);
  });

  test('a full load that failed is tried again by the next run', async () => {
    const sim = await settled();
    sim.world.tick(7 * day);
    const before = await fullAt(sim);
    const broken = reading(sim.ports, () => ({
      // biome-ignore lint/correctness/useYield: it breaks before its first row
      async *read() {
        throw new Error('the source broke');
      },
    }));
    await go(sim, 'breaks', null, broken).catch(() => undefined);
    expect({ ids: ids(sim), at: await fullAt(sim) }).toEqual({ ids: [1, 2, 3], at: before });
    await go(sim, 'again');
    expect({ ids: ids(sim), mode: modes(sim).at(-1) }).toEqual({ ids: [2, 3, 4], mode: 'full' });
  });

  test('of two runs at once one loads all of it, and the other finds that nothing is due', async () => {
    const sim = await settled();
    sim.world.tick(7 * day);
    await Promise.all([go(sim, 'a'), go(sim, 'b', null, sim.another('b')).catch(() => undefined)]);
    await go(sim, 'c');
    expect({ full: modes(sim).filter((mode) => mode === 'full').length, ids: ids(sim) }).toEqual({ full: 2, ids: [2, 3, 4] });
  });

  test('-i is an increment all the same; -d is a full load, from which on it is counted', async () => {
    const sim = await settled();
    sim.world.tick(8 * day);
    await go(sim, 'by hand', 'incremental');
    expect(ids(sim)).toEqual([1, 2, 3, 4]);
    await go(sim, 'whole', 'full_drop');
    sim.world.tick(6 * day);
    await go(sim, 'second');
    expect(modes(sim)).toEqual(['full', 'incremental', 'full', 'incremental']);
  });

  test('a backfill is no full load, and none is due for it', async () => {
    const sim = await settled();
    sim.world.tick(6 * day);
    const before = await fullAt(sim);
    await backfilled(sim, { from: '2', to: '3' });
    expect(await fullAt(sim)).toBe(before);
    sim.world.tick(day);
    await backfilled(sim, { from: '2', to: '4' });
    expect(ids(sim)).toEqual([1, 2, 3]);
    await go(sim, 'due');
    expect({ mode: modes(sim).at(-1), ids: ids(sim) }).toEqual({ mode: 'full', ids: [2, 3, 4] });
  });

  test('a state that does not know when the last one was is loaded whole, once', async () => {
    const sim = await settled();
    const { state } = sim.ports;
    const forgetful = { ...sim.ports, state: but(state, { read: async (of) => forgotten(await state.read(of)) }) };
    await go(sim, 'second', null, forgetful);
    await go(sim, 'third');
    expect(modes(sim)).toEqual(['full', 'full', 'incremental']);
  });
});

type Read = Awaited<ReturnType<EnginePorts['state']['read']>>;

function forgotten(read: Read): Read {
  if (!read?.row.settled) return read;
  const { fullAt: _gone, ...settledBefore } = read.row.settled;
  return { ...read, row: { ...read.row, settled: settledBefore } };
}
