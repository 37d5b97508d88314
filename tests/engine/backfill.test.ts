import { describe, expect, it } from 'vitest';
import { type BackfillSeries, laneAt, resolveSeries } from '../../src/engine/backfill/backfill.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { claimEntity } from '../../src/engine/protocol/claim.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import { asked, backfilled, before, how, live, loaded, reading } from '../support/sim/backfilled.ts';
import { datedSchema, multiset, row } from '../support/sim/rows.ts';
import { key } from '../support/sim/world.ts';

describe('a backfill', () => {
  it('brings a range to what the source has there now, and touches nothing else', async () => {
    const sim = await loaded();
    sim.world.source.set(
      [row(1, 1, { by: 'unseen' }), row(22, 2), row(4, 4), row(7, 4), row(5, 5), row(6, 6)].map(({ id, mark }) => row(id, mark)),
    );
    const summary = await backfilled(sim);
    expect(summary).toMatchObject({ pass: 1, error: 0, rows: 0, backfill: { done: 1, chunks: 1 } });
    expect(summary.entities[0]).toMatchObject({ rows_read: 3, chunk: { from: '2', to: '5' } });
    expect(multiset(sim.world.destination.rows())).toBe(multiset([row(1, 1), row(22, 2), row(4, 4), row(7, 4), row(5, 5), row(6, 6)]));
  });

  it('leaves the live watermark, its boundary and what is known of the source where they are', async () => {
    const sim = await loaded();
    const was = (await sim.world.row())?.settled;
    sim.world.source.set([...before, row(8, 3), row(9, 9)]);
    await backfilled(sim);
    const is = (await sim.world.row())?.settled;
    expect(is).toMatchObject({ watermark: was?.watermark, boundary: was?.boundary, seen: was?.seen, sourceVersion: was?.sourceVersion });
    expect(is?.id).not.toBe(was?.id);
    expect(sim.world.destination.head()).toMatchObject({ id: is?.id, watermark: was?.watermark, boundary: was?.boundary });
    expect(await live(sim, 'next')).toMatchObject({ status: 'pass', rows: 1 });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });

  it('is in the journal under its own lane, chunk by chunk', async () => {
    const sim = await loaded();
    await backfilled(sim, { chunk: '2' });
    const rows = await sim.world.rawState().journal({ ...key });
    expect(rows.map(({ lane, watermark_from: from, watermark_to: to, run_type: type }) => `${lane} ${from} ${to} ${type}`)).toEqual([
      'backfill:2..5 4 5 incremental',
      'backfill:2..5 2 4 incremental',
      'live null 6 incremental',
    ]);
  });

  it('goes on where it stopped, and does it all once more when asked to', async () => {
    const sim = await loaded();
    let reads = 0;
    const failing = reading(sim.ports, (home) => ({
      plan: (...of) => (++reads === 2 ? Promise.reject(new TypeError('the source is gone')) : home.plan(...of)),
    }));
    expect(await backfilled(sim, { chunk: '1' }, failing)).toMatchObject({ pass: 1, error: 1, backfill: { done: 1, chunks: 3 } });
    expect(await resolveSeries(asked({ chunk: '1' }), sim.ports)).toMatchObject({ next: 1, chunks: 3 });
    expect(await backfilled(sim, { chunk: '1' })).toMatchObject({ pass: 2, error: 0, backfill: { done: 3, chunks: 3 } });
    expect(await backfilled(sim, { chunk: '1' })).toMatchObject({ total: 0, rows: 0 });
    expect(await backfilled(sim, { chunk: '1', again: true })).toMatchObject({ pass: 3, total: 3 });
  });

  it('may be cut otherwise when it goes on', async () => {
    const sim = await loaded();
    const series = await resolveSeries(asked({ chunk: '2' }), sim.ports);
    await runEntity({ ids: idsOf('one'), spec: sim.world.spec, ...how, lane: laneAt(series, 0) }, sim.ports);
    expect(await resolveSeries(asked({ chunk: '1' }), sim.ports)).toMatchObject({ next: 2, chunks: 3 });
  });

  it('reaches to the watermark of now when it is asked for again, and does what live runs have brought since', async () => {
    const sim = await loaded();
    const whole = { to: '100', chunk: '2' };
    expect(await backfilled(sim, whole)).toMatchObject({ pass: 2, backfill: { done: 2, chunks: 2 } });
    sim.world.source.set([...before, row(7, 7), row(8, 8), row(9, 9)]);
    await live(sim, 'later');
    sim.world.source.set([...before.filter(({ mark }) => mark !== 6), row(66, 6), row(77, 7), row(8, 8), row(9, 9)]);
    expect(await resolveSeries(asked(whole), sim.ports)).toMatchObject({ next: 2, chunks: 4, liveMark: '9', endsAtMark: true });
    expect(await backfilled(sim, whole)).toMatchObject({ pass: 2, backfill: { done: 4, chunks: 4 } });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });

  it('has the chunks of its own entity, whatever another one with the same range and watermark has', async () => {
    const range = { from: '2', to: '200', chunk: '2' };
    const [closed, open] = [await loaded(), await loaded({ watermark: { boundary: 'open' } })];
    for (const again of [1, 2]) {
      expect(await resolveSeries(asked(range), closed.ports), `${again}`).toMatchObject({ chunks: 2, liveMark: '6' });
      expect(await resolveSeries(asked(range), open.ports), `${again}`).toMatchObject({ chunks: 3, liveMark: '6' });
      expect(await resolveSeries(asked({ ...range, chunk: '1' }), open.ports), `${again}`).toMatchObject({ chunks: 5 });
      expect(await resolveSeries(asked({ ...range, from: '4' }), open.ports), `${again}`).toMatchObject({ chunks: 2 });
    }
  });

  it('of which a full load has replaced everything has nothing done any more', async () => {
    const sim = await loaded();
    await backfilled(sim);
    await runEntity({ ids: idsOf('full'), spec: sim.world.spec, ...how, runType: 'full_drop' }, sim.ports);
    expect(await resolveSeries(asked({}), sim.ports)).toMatchObject({ next: 0 });
  });

  it('ends below the rows at the watermark, which live runs replace', async () => {
    const sim = await loaded();
    sim.world.source.set([...before.filter(({ mark }) => mark !== 6), row(66, 6), row(7, 7)]);
    const series = await resolveSeries(asked({ to: '100', chunk: '2' }), sim.ports);
    expect(series).toMatchObject({ chunks: 2, liveMark: '6', endsAtMark: true });
    await backfilled(sim, { to: '100', chunk: '2' });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(before));
    await live(sim, 'next');
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });

  it.each([
    ['begins below it', { to: '100' }, 1],
    ['begins at the watermark', { from: '6', to: '100' }, 1],
    ['has a chunk that begins there', { from: '4', to: '100', chunk: '2' }, 2],
  ])('takes the rows at the watermark with it where no open group is kept, where it %s', async (_where, range, chunks) => {
    const sim = await loaded({ watermark: { boundary: 'open' } });
    const others = before.filter(({ mark }) => mark !== 6);
    sim.world.source.set([...others, row(66, 6), row(7, 7)]);
    expect(await backfilled(sim, range)).toMatchObject({ pass: chunks, error: 0, backfill: { done: chunks, chunks } });
    expect(multiset(sim.world.destination.rows())).toBe(multiset([...others, row(66, 6)]));
    await live(sim, 'next');
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });

  it('changes nothing where neither source nor destination have rows, but says so', async () => {
    const sim = await loaded({}, [row(1, 1), row(6, 6)]);
    const head = sim.world.destination.head()?.id;
    const summary = await backfilled(sim);
    expect(summary).toMatchObject({ skip: 1, rows: 0, backfill: { done: 1 } });
    expect(sim.world.destination.head()?.id).toBe(head);
    expect(await resolveSeries(asked({}), sim.ports)).toMatchObject({ next: 1 });
  });

  it('lets a live run go in between two chunks, and waits for it', async () => {
    let watch: (label: string) => Promise<void> = async () => undefined;
    const sim = simulated({ rows: before }, (label) => watch(label));
    await live(sim, 'first');
    const other = sim.another('the night shift');
    const ids = idsOf('night');
    const waited: string[] = [];
    let chunks = 0;
    const told: EnginePorts = { ...sim.ports, emit: ({ event }) => void (event === 'entity_done' && chunks++) };
    watch = async (label) => {
      if (chunks !== 1) return;
      if (label.startsWith('sleep')) {
        waited.push(label);
        sim.world.source.set([...sim.world.source.rows, row(9, 9)]);
        expect(await runEntity({ ids, spec: sim.world.spec, ...how }, other)).toMatchObject({ status: 'pass', rows: 1 });
      } else if (waited.length === 0) {
        await claimEntity(other, sim.world.spec, await other.store(sim.world.spec), { run: ids.entityRunId, takeOver: false });
      }
    };
    expect(await backfilled(sim, { chunk: '2' }, told)).toMatchObject({ pass: 2, error: 0 });
    expect(waited).toHaveLength(1);
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });
});

describe('a run with an overlap', () => {
  it('needs a watermark that is a time', async () => {
    const timeless = simulated({ rows: before, spec: { watermark: { nulls: 'exclude', overlapMs: 86_400_000 } } });
    expect((await live(timeless, 'first')).error).toMatchObject({ code: 'HYG-2034' });
    expect(timeless.world.destination.rows()).toEqual([]);
  });

  it('does not go back below `initial`: what is older was never read', async () => {
    const sim = simulated({ rows: before, spec: { watermark: { nulls: 'exclude', overlapMs: 30 * 86_400_000, initial: '1970-01-04' } } });
    sim.world.source.schema = datedSchema;
    await live(sim, 'first');
    sim.world.source.set([...before, row(9, 5)]);
    await live(sim, 'second');
    expect(multiset(sim.world.destination.rows())).toBe(multiset([row(3, 3), row(4, 4), row(5, 5), row(6, 6), row(9, 5)]));
  });
});

/** Series are JSON that orchestrators hand on. */
it('a series is small, and the same after a way through JSON', async () => {
  const sim = await loaded();
  const series = await resolveSeries(asked({ chunk: '1' }), sim.ports);
  const text = JSON.stringify(series);
  expect(text.length).toBeLessThan(500);
  expect(laneAt(JSON.parse(text) as BackfillSeries, 1)).toEqual({ from: '2', to: '5', chunks: [{ from: '3', to: '4' }] });
});
