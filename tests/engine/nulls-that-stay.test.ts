/**
 * `nulls: include` in a table without a key, where the source loses the whole open group: its rows without a watermark stay in the table. A later group goes by value,
 * and so do they.
 */
import { describe, expect, it } from 'vitest';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import type { EntitySummary } from '../../src/ports/events.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
import { multiset, row } from '../support/sim/rows.ts';

const table = () =>
  simulated({
    pair: { store: 'sql', state: 'memory' },
    rows: [row(1, 1), row(2, 2), row(8, null), row(9, null)],
    spec: { watermark: { nulls: 'include' } },
  });

const run = ({ world, ports }: Simulated, name: string): Promise<EntitySummary> =>
  runEntity({ ids: idsOf(name), spec: world.spec, ...how }, ports);

const there = ({ world }: Simulated) => multiset(world.destination.rows());

describe('rows without a watermark that the source lost with the whole open group', () => {
  async function left(): Promise<Simulated> {
    const sim = table();
    await run(sim, 'first');
    sim.world.source.set([row(1, 1), row(3, 3)]);
    expect(await run(sim, 'second')).toMatchObject({ status: 'warn', rows: 1 });
    expect(there(sim)).toBe('1@1 2@2 3@3 8@null 9@null');
    return sim;
  }

  it('stay as long as the group does, and go with it when the source has such rows again', async () => {
    const sim = await left();
    expect(await run(sim, 'nothing new')).toMatchObject({ status: 'skip' });
    sim.world.source.set([row(1, 1), row(3, 3), row(4, null)]);
    const third = await run(sim, 'third');
    expect(third).toMatchObject({ status: 'warn', message: expect.stringContaining('2 rows that had settled') });
    expect(there(sim)).toBe('1@1 2@2 3@3 4@null');
    sim.world.source.set([row(1, 1), row(3, 3), row(4, null), row(5, 5)]);
    expect(await run(sim, 'fourth')).toMatchObject({ status: 'pass' });
    expect(there(sim)).toBe('1@1 2@2 3@3 4@null 5@5');
  });

  it('go with the group too where the source has new rows alone', async () => {
    const sim = await left();
    sim.world.source.set([row(1, 1), row(3, 3), row(5, 5)]);
    expect(await run(sim, 'third')).toMatchObject({ status: 'warn' });
    expect(there(sim)).toBe('1@1 2@2 3@3 5@5');
  });

  it('are counted over several groups that the source loses', async () => {
    const sim = await left();
    sim.world.source.set([row(1, 1), row(7, 4)]);
    expect(await run(sim, 'third')).toMatchObject({ status: 'pass' });
    sim.world.source.set([row(1, 1), row(7, 4), row(6, null)]);
    expect(await run(sim, 'fourth')).toMatchObject({ status: 'warn' });
    expect(there(sim)).toBe('1@1 2@2 3@3 6@null 7@4');
  });

  it('that others add or take away still stop the run', async () => {
    const sim = await left();
    sim.world.db.table = sim.world.db.table.filter(({ row: { id } }) => id !== 8);
    sim.world.source.set([row(1, 1), row(3, 3), row(4, null)]);
    expect((await run(sim, 'third')).error).toMatchObject({ code: 'HYG-2075' });
  });
});
