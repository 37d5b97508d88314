import { expect, it } from 'vitest';
import { dryRun } from '../../src/engine/drive/dry-run.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated, type Watch } from '../support/sim/at-once.ts';
import { how, live, signal } from '../support/sim/backfilled.ts';
import { multiset, row } from '../support/sim/rows.ts';

/** A world with a settled run and more to come, in which whoever is watched meets another at its call `at`. */
async function meeting(at: number, meet: (sim: Simulated) => Promise<void>): Promise<{ sim: Simulated; calls: () => number }> {
  let calls = Number.NEGATIVE_INFINITY;
  let met: Promise<void> | undefined;
  const watch: Watch = async () => {
    if (++calls === at) met = meet(sim);
    await met;
  };
  const sim = simulated({ rows: [row(1, 1), row(2, 2), row(3, 2)] }, watch);
  await live(sim, 'first');
  sim.world.source.set([row(1, 1), row(2, 2), row(3, 3), row(4, 4)]);
  calls = 0;
  return { sim, calls: () => calls };
}

/** A live run that gets as far as its call `until`, and goes on when it is let go. */
function halting(until: number): { watch: Watch; reached: Promise<void>; letGo: () => void } {
  let calls = 0;
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const watch: Watch = async () => {
    if (++calls < until) return;
    reached.resolve();
    await gate.promise;
  };
  return { watch, reached: reached.promise, letGo: gate.resolve };
}

const looking = ({ world, ports }: Simulated) =>
  dryRun({ entities: [world.spec], invocationId: 'inv', workspace: 'simulated', runType: null, signal }, ports);

it('a dry run finds nothing wrong, however far a live run beside it has come', async () => {
  for (let at = 1; ; at += 3) {
    let looked = 0;
    for (let until = 1; ; until += 17) {
      const halt = halting(until);
      let running: Promise<unknown> = Promise.resolve();
      let over = false;
      const { sim, calls } = await meeting(at, async (here) => {
        running = runEntity(
          { ids: idsOf('live'), spec: here.world.spec, ...how, sliceSlots: new Semaphore(2) },
          here.another('live', halt.watch),
        ).then(() => {
          over = true;
        });
        await Promise.race([halt.reached, running]);
      });
      const summary = await looking(sim);
      expect(summary.entities[0], `call ${at} of the dry run, call ${until} of the live one`).not.toHaveProperty('error');
      looked = calls();
      const wasOver = over;
      halt.letGo();
      await running;
      if (wasOver || looked < at) break;
    }
    if (looked < at) break;
  }
});

it('a run that wakes up after another one has passed is told so, and of nothing else', async () => {
  const told = new Set<string | undefined>();
  for (let at = 1; ; at += 2) {
    const { sim, calls } = await meeting(at, async (here) => {
      await runEntity(
        { ids: idsOf('other'), spec: here.world.spec, ...how, sliceSlots: new Semaphore(2), takeOver: true },
        here.another('other'),
      );
    });
    const { status, error } = await live(sim, 'zombie');
    if (status === 'error') told.add(error?.code);
    await runEntity(
      { ids: idsOf('last'), spec: sim.world.spec, ...how, sliceSlots: new Semaphore(2), takeOver: true },
      sim.another('last'),
    );
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
    if (calls() < at) break;
  }
  expect([...told]).toEqual(['HYG-2006']);
});
