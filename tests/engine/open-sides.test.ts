import { describe, expect, test } from 'vitest';
import { EntityRuns } from '../../src/assembly/entity-runs.ts';
import { type RealPorts, withOwnSides } from '../../src/assembly/ports.ts';
import type { Home } from '../../src/engine/contracts/home.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { OpenSides } from '../../src/engine/entity/open-sides.ts';
import type { Json } from '../../src/ports/values.ts';

const spec = { flow: 'sales', entity: 'orders' } as EntitySpec;

/** Ports that write down what is opened and closed. */
function scene() {
  const log: string[] = [];
  let fails = false;
  const side = (name: string, more: object = {}) => {
    if (fails) throw new RangeError('not now');
    log.push(`open ${name}`);
    return { name, ...more, [Symbol.asyncDispose]: async () => void log.push(`close ${name}`) };
  };
  const ports = {
    home: async (_: EntitySpec, pinned: Json) => side(`home ${JSON.stringify(pinned)}`) as unknown as Home,
    store: async () => side('store', { place: { type: 'lake', root: 'a' } }) as unknown as Store,
    storeAt: async (_: EntitySpec, place: Json) => side(`store at ${JSON.stringify(place)}`) as unknown as Store,
  } as unknown as EnginePorts;
  return { ports, log, failing: (now: boolean) => (fails = now) };
}

describe('what an entity run has open', () => {
  test('is opened once, however many steps ask at once, and closed with the run', async () => {
    const { ports, log } = scene();
    {
      await using sides = new OpenSides();
      const own = sides.over(ports);
      await Promise.all([own.home(spec, null), own.home(spec, null), own.store(spec), own.store(spec)]);
      expect(log).toEqual(['open home null', 'open store']);
    }
    expect(log.slice(2)).toEqual(['close home null', 'close store']);
  });

  test('is closed before the next entity, where many are looked at and something keeps theirs open', async () => {
    const { ports, log } = scene();
    await using all = new OpenSides();
    const looking = { ...ports, ...all.over(ports) } as RealPorts;
    await withOwnSides(looking, (own) => own.home(spec, null));
    await withOwnSides(looking, (own) => own.store(spec));
    expect(log).toEqual(['open home null', 'close home null', 'open store', 'close store']);
  });

  test('is a home for each way of reading, and another one that looks at the source again', async () => {
    const { ports, log } = scene();
    await using sides = new OpenSides();
    const own = sides.over(ports);
    const first = await own.home(spec, null);
    expect(await own.home(spec, { columns: ['a'] })).not.toBe(first);
    const anew = await own.home(spec, null, 'anew');
    expect(anew).not.toBe(first);
    expect(await own.home(spec, null)).toBe(anew);
    expect(log.filter((line) => line.startsWith('close'))).toEqual([]);
  });

  test('is the store of an intent, when that names the place of today however its keys are ordered', async () => {
    const { ports, log } = scene();
    await using sides = new OpenSides();
    const own = sides.over(ports);
    const store = await own.store(spec);
    expect(await own.storeAt(spec, { root: 'a', type: 'lake' })).toBe(store);
    expect(await own.storeAt(spec, { root: 'b', type: 'lake' })).not.toBe(store);
    expect(log).toEqual(['open store', 'open store at {"root":"b","type":"lake"}']);
  });

  test('is tried again after it could not be opened', async () => {
    const { ports, log, failing } = scene();
    await using sides = new OpenSides();
    const own = sides.over(ports);
    failing(true);
    await expect(own.home(spec, null)).rejects.toThrow('not now');
    failing(false);
    await own.home(spec, null);
    expect(log).toEqual(['open home null']);
  });

  test('is nothing of what a run inside of it opens, and closes itself', async () => {
    const { ports, log } = scene();
    await using outer = new OpenSides();
    const around = outer.over(ports);
    await around.store(spec);
    {
      await using inner = new OpenSides();
      await inner.over(around).store(spec);
    }
    expect(log).toEqual(['open store', 'open store', 'close store']);
  });

  test('can’t be opened after its end', async () => {
    const { ports } = scene();
    const sides = new OpenSides();
    await sides[Symbol.asyncDispose]();
    expect(() => sides.over(ports).store(spec)).toThrow(/after its end/);
  });
});

/** Sleeps until it is told that the time has come. */
function heldClock() {
  const sleeping: { ms: number; wake: () => void }[] = [];
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((wake, stop) => {
      sleeping.push({ ms, wake });
      signal?.addEventListener('abort', () => stop(signal.reason));
    });
  return { sleep, sleeping };
}

describe('what entity runs of a function app have open', () => {
  const step = async (runs: EntityRuns, id: string, ports: EnginePorts, ends = false) => {
    await using open = runs.borrow(id);
    await open.sides.over(ports).store(spec);
    if (ends) open.end();
  };

  test('stays open from one step to the next, and is closed by the last', async () => {
    const { ports, log } = scene();
    const runs = new EntityRuns(heldClock());
    await step(runs, 'r.1', ports);
    await step(runs, 'r.1', ports);
    expect(log).toEqual(['open store']);
    await step(runs, 'r.1', ports, true);
    expect(log).toEqual(['open store', 'close store']);
  });

  test('is closed when no step comes for a while, and opened again by one that comes late', async () => {
    const { ports, log } = scene();
    const clock = heldClock();
    const runs = new EntityRuns(clock);
    await step(runs, 'r.1', ports);
    clock.sleeping.at(-1)?.wake();
    await expect.poll(() => log).toEqual(['open store', 'close store']);
    await step(runs, 'r.1', ports, true);
    expect(log).toHaveLength(4);
  });

  test('is not closed under a step that takes long', async () => {
    const { ports, log } = scene();
    const clock = heldClock();
    const runs = new EntityRuns(clock);
    await step(runs, 'r.1', ports);
    await using open = runs.borrow('r.1');
    clock.sleeping.at(-1)?.wake();
    await open.sides.over(ports).store(spec);
    expect(log).toEqual(['open store']);
  });

  test('is bounded: of those without work, the oldest goes', async () => {
    const { ports, log } = scene();
    const runs = new EntityRuns(heldClock());
    for (let i = 0; i < 40; i++) await step(runs, `r.${i}`, ports);
    expect(log.filter((line) => line === 'open store')).toHaveLength(40);
    expect(log.filter((line) => line === 'close store')).toHaveLength(24);
    await runs[Symbol.asyncDispose]();
    expect(log.filter((line) => line === 'close store')).toHaveLength(40);
  });
});
