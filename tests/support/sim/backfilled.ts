import { type BackfillRequest, resolveSeries } from '../../../src/engine/backfill/backfill.ts';
import { backfill } from '../../../src/engine/backfill/backfill-run.ts';
import type { Home } from '../../../src/engine/contracts/home.ts';
import type { EnginePorts } from '../../../src/engine/contracts/ports.ts';
import { runEntity } from '../../../src/engine/entity/entity-run.ts';
import { Semaphore } from '../../../src/ports/semaphore.ts';
import { but } from '../but.ts';
import { idsOf } from './actors.ts';
import { type Simulated, simulated } from './at-once.ts';
import { type Row, row } from './rows.ts';
import { key, type SpecChanges } from './world.ts';

export const before: readonly Row[] = [1, 2, 3, 4, 5, 6].map((mark) => row(mark, mark));
export const signal = new AbortController().signal;
export const how = { workspace: 'simulated', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(2), signal } as const;

/** Six rows, settled by a live run. */
export async function loaded(spec: SpecChanges = {}, rows = before): Promise<Simulated> {
  const sim = simulated({ rows, spec: { ...spec, watermark: spec.watermark === null ? null : { nulls: 'exclude', ...spec.watermark } } });
  await live(sim, 'first');
  return sim;
}

export const live = ({ world, ports }: Simulated, name: string) => runEntity({ ids: idsOf(name), spec: world.spec, ...how }, ports);

export const asked = (more: Partial<BackfillRequest>): BackfillRequest => ({
  ...key,
  from: '2',
  to: '5',
  chunk: null,
  again: false,
  ...more,
});

export async function backfilled(sim: Simulated, more: Partial<BackfillRequest> = {}, ports: EnginePorts = sim.ports) {
  const series = await resolveSeries(asked(more), sim.ports);
  const { workspace, wait, takeOver } = how;
  return await backfill({ spec: sim.world.spec, series, invocationId: 'inv', workspace, wait, takeOver, signal }, ports);
}

/** The same ports, over a home that is different. */
export function reading(ports: EnginePorts, change: (home: Home) => Partial<Home>): EnginePorts {
  return {
    ...ports,
    home: async (...of) => {
      const home = await ports.home(...of);
      return but(home, change(home));
    },
  };
}
