import { describe, expect, it } from 'vitest';
import { repairOf, withSpare } from '../../src/engine/backfill/backfill.ts';
import { backfill } from '../../src/engine/backfill/backfill-run.ts';
import type { RowsInRange } from '../../src/engine/backfill/range-counts.ts';
import type { DifferingRanges } from '../../src/ports/answers/comparison.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { before, how, live, reading } from '../support/sim/backfilled.ts';
import { multiset, type Row, row } from '../support/sim/rows.ts';
import { key, type Setting } from '../support/sim/world.ts';

const none = { adds: 0, changes: 0, removes: 0, source: 0, destination: 0 };
/** 1, 3 and 5: the rows between them stay. */
const differing: DifferingRanges = {
  ...{ column: 'mark', beyond: 0, unmarked: 0, held: 0, later: 0 },
  ranges: ['1', '3', '5'].map((from) => ({ from, to: `${Number(from) + 1}`, to_included: false, rows: none })),
};
const counts = (source: number, settled: number): RowsInRange => ({ source, settled, markedDeleted: 0, leftOut: 0 });

/** A row of each range is another one, and one of each gap. */
const after: readonly Row[] = [row(11, 1), row(12, 2), row(13, 3), row(33, 3), row(14, 4), row(6, 6)];
/** What the repair makes of both: the gaps stay as they settled. */
const mended: readonly Row[] = [row(11, 1), row(2, 2), row(13, 3), row(33, 3), row(4, 4), row(6, 6)];

async function loaded(store: Setting['pair']['store'], rows = before): Promise<Simulated> {
  const sim = simulated({ rows, pair: { store, state: 'memory' } });
  await live(sim, 'first');
  return sim;
}

async function repaired(sim: Simulated, rows: readonly RowsInRange[], spare = 0, ports = sim.ports) {
  const series = withSpare(await repairOf(key, differing, { foreign: 'keep', keepsNewer: false, rows, ports }), spare);
  return await backfill({ ...how, spec: sim.world.spec, series, invocationId: 'inv' }, ports);
}

const exact = [counts(1, 1), counts(2, 1), counts(0, 1)];

describe.each(['sql', 'plain', 'partitioned', 'uploads'] as const)('a repair of three ranges in a store of the kind %s', (store) => {
  it('is one run, one epoch and one commit, and touches no row between the ranges', async () => {
    const sim = await loaded(store);
    const was = await sim.world.row();
    sim.world.source.set(after);
    const summary = await repaired(sim, exact);
    expect(summary).toMatchObject({ pass: 1, error: 0, total: 1, backfill: { chunks: 1, done: 1 } });
    expect(summary.entities[0]).toMatchObject({ rows_read: 3, rows: 0, chunk: { from: '1', to: '6', ranges: 3 } });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(mended));
    const is = await sim.world.row();
    expect(is?.epoch).toBe((was?.epoch ?? 0) + 1);
    expect(is?.settled?.watermark).toEqual(was?.settled?.watermark);
    expect(sim.world.destination.head()).toMatchObject({ id: is?.settled?.id, prev: was?.settled?.id });
    const journal = await sim.world.rawState().journal({ ...key });
    expect(journal.map(({ lane }) => lane)).toEqual(['repair:1..6', 'live']);
    // A live run goes on from where it was.
    sim.world.source.set([...after, row(7, 7)]);
    expect(await live(sim, 'next')).toMatchObject({ status: 'pass', rows: 1 });
  });

  it('changes nothing where all ranges together lose more rows than planned, though no single one does', async () => {
    const sim = await loaded(store);
    sim.world.source.set([row(2, 2), row(4, 4), row(6, 6)]);
    // Each range may lose a row to spare, and two of them may not.
    const summary = await repaired(sim, [counts(1, 1), counts(1, 1), counts(1, 1)], 2);
    expect(summary.entities[0]?.error).toMatchObject({ code: 'HYG-2136' });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(before));
    expect(await repaired(sim, [counts(1, 1), counts(1, 1), counts(1, 1)], 3)).toMatchObject({ pass: 1 });
    expect(multiset(sim.world.destination.rows())).toBe(multiset([row(2, 2), row(4, 4), row(6, 6)]));
  });

  it('lets one range lose what another one gains', async () => {
    const sim = await loaded(store);
    sim.world.source.set([row(2, 2), row(3, 3), row(33, 3), row(4, 4), row(5, 5), row(6, 6)]);
    expect(await repaired(sim, [counts(1, 1), counts(1, 1), counts(1, 1)])).toMatchObject({ pass: 1 });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });
});

it('a row that a slice reads beside its range stops the repair, also where it lies in another range', async () => {
  const sim = await loaded('sql');
  const generous = reading(sim.ports, (home) => ({
    async *read(slice, window, ...of) {
      const another = { lower: { text: '5', inclusive: true }, upper: { text: '6', inclusive: false } };
      yield* home.read(slice, window.lower?.text === '1' ? { ...window, ...another } : window, ...of);
    },
  }));
  const summary = await repaired(sim, [counts(1, 1), counts(1, 1), counts(1, 1)], 9, generous);
  expect(summary.entities[0]?.error).toMatchObject({ code: 'HYG-2035' });
  expect(multiset(sim.world.destination.rows())).toBe(multiset(before));
});
