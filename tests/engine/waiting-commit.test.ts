import { expect, test } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { reset } from '../../src/engine/repair/reset.ts';
import { Interrupted } from '../../src/errors/hygge-error.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { key } from '../support/sim/world.ts';

const waitsFor = 'The other system has to remove the table first';

/** The ports with a store that waits for another system so many times: before a commit is decided, or after. */
function waiting({ ports }: Simulated, times: number, where: 'turn' | 'commit', onWait: () => void = () => undefined): EnginePorts {
  let left = times;
  const wait = () => {
    left--;
    onWait();
    return { again: { looks: left }, notBefore: new Date(Date.parse(ports.clock.now()) + 60_000).toISOString(), waitsFor };
  };
  const over = (store: Store): Store =>
    where === 'turn'
      ? but(store, {
          replica: {
            rows: () => Promise.reject(new Error('nothing is compared')),
            figures: () => null,
            awaitTurn: async () => (left > 0 ? wait() : { done: 'ready' }),
            of: async () => ({ state: 'waiting', said: null, baseline: null, askedAt: ports.clock.now() }),
          },
        })
      : but(store, {
          commit: async (intent, cursor) =>
            left > 0 ? wait() : await store.commit(intent, typeof cursor === 'object' ? undefined : cursor),
        });
  return {
    ...ports,
    store: async (spec) => over(await ports.store(spec)),
    storeAt: async (spec, place) => over(await ports.storeAt(spec, place)),
  };
}

async function runIt(
  { world }: Simulated,
  run: string,
  ports: EnginePorts,
  signal = new AbortController().signal,
  leavePlace: () => void = () => undefined,
) {
  const ids = idsOf(run);
  const how = { workspace: 'simulated', runType: null, wait: false, takeOver: false, sliceSlots: new Semaphore(2), signal, leavePlace };
  return await runEntity({ ids, spec: world.spec, ...how }, ports);
}

const rowOf = async ({ world }: Simulated) => (await world.memoryState.read(key))?.row;

test.each(['turn', 'commit'] as const)('a %s that waits for another system goes on then, and lets other entities begin', async (where) => {
  const sim = simulated();
  let leaves = 0;
  const ended = await runIt(sim, 'A', waiting(sim, 3, where), undefined, () => {
    leaves++;
  });
  expect(ended).toMatchObject({ status: 'pass', rows: 2 });
  expect(leaves).toBe(3);
  const told = sim.events.flatMap((event) => (event.event === 'progress' && event.stage === 'paused' ? [event.waits_for] : []));
  expect(told).toEqual([waitsFor, waitsFor, waitsFor]);
});

test('a run that is stopped before its commit is decided leaves nothing', async () => {
  const sim = simulated();
  const stop = new AbortController();
  const ended = await runIt(
    sim,
    'A',
    waiting(sim, 9, 'turn', () => stop.abort(new Interrupted('SIGINT'))),
    stop.signal,
  );
  expect(ended).toMatchObject({ status: 'skip', reason: 'interrupted', error: { what: expect.stringContaining('nothing changed') } });
  expect(await rowOf(sim)).toMatchObject({ pending: null, owner: null, settled: null });
});

/** A run that was stopped while its decided commit waits. */
async function stopped(): Promise<Simulated> {
  const sim = simulated();
  const stop = new AbortController();
  const ended = await runIt(
    sim,
    'A',
    waiting(sim, 9, 'commit', () => stop.abort(new Interrupted('SIGINT'))),
    stop.signal,
  );
  const error = { code: 'HYG-2020', what: 'Stopped. The commit is decided, and not finished yet.', why: [`${waitsFor}.`] };
  expect(ended).toMatchObject({ status: 'skip', reason: 'interrupted', error });
  expect((await rowOf(sim))?.pending).not.toBeNull();
  return sim;
}

test('one that is stopped after that does not wait to its end, and the next run does', async () => {
  const sim = await stopped();
  let leaves = 0;
  const ended = await runIt(sim, 'B', waiting(sim, 2, 'commit'), undefined, () => {
    leaves++;
  });
  expect(ended).toMatchObject({ status: 'skip', rows: 0 });
  // It has still to read, so no other entity takes its place.
  expect(leaves).toBe(0);
  expect(await rowOf(sim)).toMatchObject({ pending: null, settled: { rows: 2 } });
  expect(sim.events.flatMap((event) => (event.event === 'progress' ? [event.stage] : []))).toContain('rolled_forward');
});

/** The ports with a store whose commit takes so many steps of four minutes, and whether the run had its lease at the end of each. */
function inSteps(sim: Simulated, times: number): { readonly ports: EnginePorts; readonly held: readonly boolean[] } {
  const held: boolean[] = [];
  const over = (store: Store): Store =>
    but(store, {
      commit: async (intent, cursor) => {
        if (held.length >= times) return store.commit(intent, typeof cursor === 'object' ? undefined : cursor);
        sim.world.tick(4 * 60_000);
        held.push(((await rowOf(sim))?.owner?.until ?? '') > sim.ports.clock.now());
        return { again: { step: held.length } };
      },
    });
  const { ports } = sim;
  const opened = { store: async (spec: typeof sim.world.spec) => over(await ports.store(spec)) };
  return { held, ports: { ...ports, ...opened, storeAt: async (spec, place) => over(await ports.storeAt(spec, place)) } };
}

test('a commit that continues in many steps keeps its lease, of a run as of a later one that finishes it', async () => {
  const [own, later] = [simulated(), await stopped()];
  const [committing, finishing] = [inSteps(own, 6), inSteps(later, 6)];
  expect(await runIt(own, 'A', committing.ports)).toMatchObject({ status: 'pass', rows: 2 });
  await runIt(later, 'B', finishing.ports);
  expect([committing.held, finishing.held]).toEqual(Array.from({ length: 2 }, () => Array.from({ length: 6 }, () => true)));
});

test('a reset does not wait, and may give the commit up', async () => {
  const sim = await stopped();
  const ask = (how: 'full' | 'discard') => reset(sim.world.spec, { how, takeOver: false }, waiting(sim, 9, 'commit'));
  await expect(ask('full')).rejects.toMatchObject({ code: 'HYG-2097', why: [`${waitsFor}.`] });
  expect(await ask('discard')).toMatchObject({ how: 'discard', fenced: true });
  expect((await rowOf(sim))?.pending).toBeNull();
});
