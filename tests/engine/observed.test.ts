import { describe, expect, it } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { having } from '../support/abilities.ts';
import { but } from '../support/but.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
import { baseSchema, datedSchema, multiset, type Row, row, rowText } from '../support/sim/rows.ts';
import type { Setting, SpecChanges } from '../support/sim/world.ts';

const dayMs = 86_400_000;
const today = 20_777;
const days: readonly Row[] = [row(1, today - 9), row(2, today - 5), row(3, today - 1), row(4, today)];
const open: SpecChanges = { watermark: { boundary: 'open', nulls: 'exclude' } };
const lagging = (lagMs: number): SpecChanges => ({ watermark: { ...open.watermark, lagMs } });

function api(spec: SpecChanges, home: Setting['home'] = 'api', rows = days, schema = datedSchema): Simulated {
  const sim = simulated({ home, rows, spec });
  sim.world.source.schema = schema;
  return sim;
}

async function go({ world, ports }: Simulated, name: string, through: EnginePorts = ports) {
  const summary = await runEntity({ ids: idsOf(name), spec: world.spec, ...how }, through);
  noteWithin(summary);
  return summary;
}

const settled = ({ world }: Simulated) => world.destination.rows().map(rowText).sort();
const homes = ['api', 'api that tells its columns'] as const;
const merging = (ports: EnginePorts): EnginePorts => ({
  ...ports,
  store: async (...of) => {
    const store = await ports.store(...of);
    return but(store, having(store, 'merge'));
  },
});

describe.each(homes)('a source that tells its newest time only by being read (%s)', (home) => {
  it('settles no later watermark than now less the lag, and takes no younger row', async () => {
    const sim = api(lagging(2 * dayMs), home);
    expect(await go(sim, 'A')).toMatchObject({ status: 'pass', rows: 2, rows_read: 2, watermark: '2026-11-15' });
    expect(settled(sim)).toEqual([rowText(row(1, today - 9)), rowText(row(2, today - 5))].sort());
    expect(await go(sim, 'B')).toMatchObject({ status: 'skip', rows: 0 });
  });

  it('loses no row that comes a day late under a lag of two', async () => {
    const sim = api(lagging(2 * dayMs), home);
    await go(sim, 'A');
    for (let n = 0; n < 6; n++) {
      sim.world.tick(dayMs);
      const { source } = sim.world;
      const now = sim.world.day();
      source.set([...source.rows, row(100 + n, now), row(200 + n, now - 1)]);
      await go(sim, `B${n}`);
    }
    sim.world.tick(5 * dayMs);
    await go(sim, 'C');
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });

  it('is refused without a lag, and each way that the refusal names settles every row once', async () => {
    const refused = api(open, home);
    const { error } = await go(refused, 'A');
    expect(error).toMatchObject({ code: 'HYG-2081', what: expect.stringContaining('newest mark only when it is read') });
    expect(settled(refused)).toEqual([]);
    const [byLag, byOverlap, inFull, ...others] = error?.tryThis ?? [];
    expect([byLag, byOverlap, inFull]).toEqual([
      expect.stringContaining('watermark.lag: 1h, or 2d'),
      expect.stringContaining('watermark.overlap: 2d'),
      expect.stringContaining('run_type: full_drop, without watermark'),
    ]);
    expect(others).toEqual([]);
    const ways: readonly SpecChanges[] = [
      lagging(2 * dayMs),
      { watermark: { ...open.watermark, overlapMs: 2 * dayMs } },
      { runType: 'full_drop', watermark: null },
    ];
    for (const spec of ways) {
      const sim = api(spec, home);
      expect(await go(sim, 'A')).toMatchObject({ status: 'pass' });
      sim.world.source.set([...sim.world.source.rows, row(5, today - 1)]);
      sim.world.tick(4 * dayMs);
      await go(sim, 'B');
      expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
    }
  });

  it('leaves a day that is not over yet to a later run: its rows at the watermark are never read again', async () => {
    const sim = api(lagging(3_600_000), home, [row(1, today - 1), row(2, today)]);
    expect(await go(sim, 'A')).toMatchObject({ rows: 1, watermark: '2026-11-19' });
    sim.world.source.set([...sim.world.source.rows, row(3, today)]);
    sim.world.tick(2 * dayMs);
    expect(await go(sim, 'B')).toMatchObject({ rows: 2 });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });

  it('is refused with a closed boundary where rows can not be merged, and boundary: open is the way on', async () => {
    const sim = api({ watermark: { nulls: 'exclude', lagMs: dayMs } }, home);
    expect(await go(sim, 'A')).toMatchObject({ error: { code: 'HYG-2014', why: [expect.stringContaining('boundary: open with a lag')] } });
    expect(await go(api(lagging(dayMs), home), 'A')).toMatchObject({ status: 'pass' });
  });
});

describe.each(homes)('a source that tells its newest id only by being read (%s)', (home) => {
  const ids = [row(1, 1), row(2, 2), row(3, 3)];

  it('is refused where rows can not be told apart and merged, lag or not, and loading everything is the way on', async () => {
    const sim = api(lagging(dayMs), home, ids, baseSchema);
    const { error } = await go(sim, 'A');
    expect(error).toMatchObject({ code: 'HYG-2082', what: expect.stringContaining('is int64, not a time') });
    expect(error?.tryThis.at(-1)).toContain('run_type: full_drop');
    expect(settled(sim)).toEqual([]);
    const full = api({ runType: 'full_drop', watermark: null }, home, ids, baseSchema);
    expect(await go(full, 'A')).toMatchObject({ status: 'pass', rows: 3 });
  });

  it('is refused without a key in a store that merges, and the key is asked for', async () => {
    const sim = api(lagging(dayMs), home, ids, baseSchema);
    const { error } = await go(sim, 'A', merging(sim.ports));
    expect(error).toMatchObject({ code: 'HYG-2082', tryThis: expect.arrayContaining([expect.stringContaining('watermark.key: [id]')]) });
  });

  it('is refused with a lag, which says nothing of an id', async () => {
    const sim = api({ watermark: { ...open.watermark, lagMs: dayMs, key: ['id'] } }, home, ids, baseSchema);
    const { error } = await go(sim, 'A', merging(sim.ports));
    expect(error).toMatchObject({ code: 'HYG-2082', what: expect.stringContaining('needs a time, but mark is int64') });
  });
});

it('an id in a store that merges by key is taken on the word that it only grows, and the plan says so', async () => {
  const sim = api({ watermark: { ...open.watermark, key: ['id'] } }, 'api that tells its columns', [row(1, 1), row(2, 2)], baseSchema);
  expect(await go(sim, 'A', merging(sim.ports))).toMatchObject({ status: 'pass', rows: 2, watermark: '2' });
  const plan = sim.events.find((event) => event.event === 'plan');
  expect(plan?.event === 'plan' && plan.warnings).toContainEqual(
    'mark is assumed to only grow: a later row with a smaller value is never read',
  );
});

describe('a source that can not count its rows without a watermark', () => {
  const rows = [row(1, today - 9), row(2, null), row(3, today - 5)];

  it.each(['api', 'api that tells its columns', 'api with a clock'] as const)(
    'stops at the first of them, before it commits (%s)',
    async (home) => {
      const sim = api(
        { watermark: { boundary: home === 'api with a clock' ? 'closed' : 'open', nulls: 'fail', lagMs: dayMs } },
        home,
        rows,
      );
      const { error } = await go(sim, 'A');
      expect(error).toMatchObject({ code: 'HYG-2010', what: '1 row of sim.orders has no mark.' });
      expect(settled(sim)).toEqual([]);
      sim.world.source.set(rows.filter(({ mark }) => mark !== null));
      expect(await go(sim, 'B')).toMatchObject({ status: 'pass', rows: 2 });
    },
  );

  it('finds those that come later, and the watermark stays', async () => {
    const sim = api({ watermark: { nulls: 'fail', lagMs: dayMs } }, 'api with a clock', [row(1, today - 9)]);
    expect(await go(sim, 'A')).toMatchObject({ status: 'pass', rows: 1 });
    sim.world.source.set([row(1, today - 9), row(2, today), row(3, null)]);
    sim.world.tick(2 * dayMs);
    expect(await go(sim, 'B')).toMatchObject({ error: { code: 'HYG-2010' } });
    sim.world.source.set([row(1, today - 9), row(2, today)]);
    sim.world.tick(dayMs);
    expect(await go(sim, 'C')).toMatchObject({ status: 'pass', rows: 1 });
  });

  it('takes them in where they settle in a group of their own', async () => {
    const sim = api({ watermark: { nulls: 'include', lagMs: dayMs } }, 'api with a clock', rows);
    expect(await go(sim, 'A')).toMatchObject({ status: 'pass', rows: 3 });
    expect(settled(sim)).toContain(rowText(row(2, null)));
  });
});

describe('a source that only adds rows, in ascending order of its ids', () => {
  const appends: SpecChanges = { watermark: { boundary: 'open', nulls: 'fail' } };
  const adding = (rows: readonly Row[], spec = appends) => api(spec, 'api that only adds', rows, baseSchema);

  it('needs neither a lag nor a key, and the plan says that the column is taken to only grow', async () => {
    const sim = adding([row(1, 1), row(2, 2), row(3, 3)]);
    expect(await go(sim, 'A')).toMatchObject({ status: 'pass', rows: 3, watermark: '3' });
    sim.world.source.set([...sim.world.source.rows, row(4, 4), row(5, 5)]);
    sim.world.tick(dayMs);
    expect(await go(sim, 'B')).toMatchObject({ status: 'pass', rows: 2, watermark: '5' });
    sim.world.tick(dayMs);
    expect(await go(sim, 'C')).toMatchObject({ status: 'skip', rows: 0 });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
    const plan = sim.events.find((event) => event.event === 'plan');
    expect(plan?.event === 'plan' && plan.warnings).toContainEqual(
      'mark is assumed to only grow: a later row with a smaller value is never read',
    );
  });

  it('is refused with a closed boundary: the rows at the watermark can not settle apart', async () => {
    const { error } = await go(adding([row(1, 1)], { watermark: { nulls: 'fail' } }), 'A');
    expect(error).toMatchObject({ code: 'HYG-2014', why: [expect.stringContaining('set watermark.boundary: open')] });
  });

  it('stops a run, before it commits, in which two rows have one value', async () => {
    const sim = adding([row(1, 1), row(2, 2), row(3, 2), row(4, 4)]);
    expect(await go(sim, 'A')).toMatchObject({ error: { code: 'HYG-2104' } });
    expect(settled(sim)).toEqual([]);
  });

  it('stops a run whose source sorts by something else, within a page and between two', async () => {
    for (const shuffled of [
      [2, 1, 3, 4],
      [1, 4, 2, 3],
    ]) {
      const sim = adding(shuffled.map((mark, i) => row(i, mark)));
      sim.world.api.sortsBy = 'id';
      expect(await go(sim, 'A')).toMatchObject({ error: { code: 'HYG-2104', what: expect.stringContaining('ascending order of mark') } });
      expect(settled(sim)).toEqual([]);
    }
  });

  it('stops a run over several steps where the second begins below the end of the first', async () => {
    const sim = adding([1, 2, 5, 6, 3, 4].map((mark, i) => row(i, mark)));
    sim.world.api.sortsBy = 'id';
    expect(await go(sim, 'A')).toMatchObject({ error: { code: 'HYG-2104', what: expect.stringContaining('after 6 came 3') } });
    expect(settled(sim)).toEqual([]);
  });
});

describe('a source that is read up to its clock', () => {
  const clock = 'api with a clock' as const;

  it('settles its time less the lag, though no row has it, and goes on from there', async () => {
    const sim = api({ watermark: { nulls: 'exclude', lagMs: 2 * dayMs } }, clock);
    expect(await go(sim, 'A')).toMatchObject({ status: 'pass', rows: 2, watermark: '2026-11-18' });
    sim.world.source.set([...sim.world.source.rows, row(5, today - 2), row(6, today - 1)]);
    sim.world.tick(dayMs);
    expect(await go(sim, 'B')).toMatchObject({ status: 'pass', rows: 3, watermark: '2026-11-19' });
    sim.world.tick(4 * dayMs);
    await go(sim, 'C');
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
    expect(await go(sim, 'D')).toMatchObject({ status: 'skip' });
  });

  it('is refused by an id, before anything is read, and a column of times is the way on', async () => {
    const { error } = await go(api(open, clock, [row(1, 1)], baseSchema), 'A');
    expect(error).toMatchObject({
      code: 'HYG-2083',
      what: expect.stringContaining('mark is int64'),
      tryThis: expect.arrayContaining([expect.stringContaining('timestamp or date')]),
    });
    expect(await go(api({ watermark: { nulls: 'exclude' } }, clock), 'A')).toMatchObject({ status: 'pass', rows: 4 });
  });

  it('can not take the future early, and says so; without that word it waits', async () => {
    const rows = [row(1, today - 1), row(2, today + 3)];
    const { error } = await go(api({ watermark: { nulls: 'exclude', future: 'take' } }, clock, rows), 'A');
    expect(error).toMatchObject({ code: 'HYG-2083', tryThis: ['Remove watermark.future, so that such rows wait'] });
    expect(await go(api({ watermark: { nulls: 'exclude' } }, clock, rows), 'A')).toMatchObject({ rows: 1 });
  });
});
