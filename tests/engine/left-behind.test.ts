import { describe, expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { StateError, StoreError } from '../../src/errors/hygge-error.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
import { row } from '../support/sim/rows.ts';

const refused = () => new StoreError({ code: 'HYG-4204', what: 'The database refused to drop a table.', tryThis: ['Look'] });
const stateRefused = () =>
  new StateError({ code: 'HYG-5008', what: 'The state cannot be reached.', tryThis: ['Wait'], transient: true, spent: true });

/** The store refuses to remove what is staged, or the state its objects, once the run has ended. */
function refusing({ ports }: Simulated, what: 'store' | 'state', isOn: () => boolean): EnginePorts {
  const refuses =
    <A extends readonly unknown[], T>(work: (...of: A) => Promise<T>, error: () => Error) =>
    async (...of: A): Promise<T> => {
      if (isOn()) throw error();
      return work(...of);
    };
  if (what === 'state')
    return { ...ports, state: but(ports.state, { removeObjects: refuses((...of) => ports.state.removeObjects(...of), stateRefused) }) };
  return {
    ...ports,
    store: async (...of) => {
      const store = await ports.store(...of);
      return but(store, { sweep: refuses((...asked) => store.sweep(...asked), refused) });
    },
  };
}

const warnings = ({ events }: Simulated) => events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));

describe('what cannot be removed after a run has ended', () => {
  test.each([
    ['state', 'HYG-5008', 'what the run left behind could not be removed; the next run removes it: The state cannot be reached'],
  ] as const)('by the %s is a warning of a run whose rows settled, and goes with the next one', async (what, code, message) => {
    const sim = simulated();
    const state = { isOn: true };
    const ports = refusing(sim, what, () => state.isOn);
    expect(await runEntity({ ids: idsOf('A'), spec: sim.world.spec, ...how }, ports)).toMatchObject({ status: 'pass', rows: 2 });
    expect(sim.events.filter(({ event }) => event === 'warning')).toMatchObject([{ code, message }]);
    expect(sim.events.some(({ event }) => event === 'error')).toBe(false);
    state.isOn = false;
    sim.world.source.set([...sim.world.source.rows, row(3, 3)]);
    expect(await runEntity({ ids: idsOf('B'), spec: sim.world.spec, ...how }, ports)).toMatchObject({ status: 'pass', rows: 1 });
    expect(warnings(sim)).toHaveLength(1);
  });

  test('by the store is a warning of a run that found nothing new', async () => {
    const sim = simulated();
    const state = { isOn: false, sweeps: 0 };
    const ports = refusing(sim, 'store', () => state.isOn && ++state.sweeps > 1);
    await runEntity({ ids: idsOf('A'), spec: sim.world.spec, ...how }, ports);
    // A row comes to the boundary and goes again while the run reads: it has staged something, and settles nothing.
    state.isOn = true;
    expect(await runEntity({ ids: idsOf('B'), spec: sim.world.spec, ...how, runType: null }, ports)).toMatchObject({ status: 'skip' });
    expect(warnings(sim)).toEqual([
      'what the run left behind could not be removed; the next run removes it: The database refused to drop a table',
    ]);
    expect(sim.events.some(({ event }) => event === 'error')).toBe(false);
  });
});
