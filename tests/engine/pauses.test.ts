import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/engine/contracts/frame.ts';
import type { Checkpoint, Home } from '../../src/engine/contracts/home.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { Store } from '../../src/engine/contracts/store.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { timerAfterMs } from '../../src/engine/entity/retry.ts';
import { moveSlice } from '../../src/engine/move/move.ts';
import { type PlanOutcome, planEntity } from '../../src/engine/plan/plan.ts';
import { HomeError, Interrupted, StoreError } from '../../src/errors/hygge-error.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import type { Instant, Json } from '../../src/ports/values.ts';
import { but } from '../support/but.ts';
import { idsOf } from '../support/sim/actors.ts';
import { type Simulated, simulated } from '../support/sim/at-once.ts';
import { how, reading, signal } from '../support/sim/backfilled.ts';
import { baseSchema, row, rowText, SimFrame } from '../support/sim/rows.ts';

const later = (ports: EnginePorts, ms: number): Instant => new Date(Date.parse(ports.clock.now()) + ms).toISOString();
const minute = 60_000;

interface Source {
  readonly ports: EnginePorts;
  /** When it was asked, in milliseconds since the first time, and from which row on. */
  readonly asked: { readonly at: number; readonly from: Json | undefined }[];
}

/** Rows one at a time, in one slice; after so many of them the source wants to be left alone. */
function pausing({ ports }: Simulated, every: number, pauseMs: number, more: (home: Home) => Partial<Home> = () => ({})): Source {
  const asked: { at: number; from: Json | undefined }[] = [];
  let begun: number | undefined;
  async function* read(from: Json | undefined): AsyncGenerator<Frame | Checkpoint> {
    const now = Date.parse(ports.clock.now());
    begun ??= now;
    asked.push({ at: now - begun, from });
    for (let id = (from as number | undefined) ?? 1; id <= 6; id++) {
      yield new SimFrame(baseSchema, [row(id, id)]);
      yield { checkpoint: id + 1, ...(id % every === 0 ? { notBefore: later(ports, pauseMs) } : {}) };
    }
  }
  const home = (inner: Home): Partial<Home> => ({
    plan: async () => ({ done: { slices: [{ ref: 'all', rows: 6, bytes: null }] } }),
    read: (_slice, _window, from) => read(from),
    ...more(inner),
  });
  return { ports: reading(ports, home), asked };
}

/** The same ports, over a store that is different. */
const writing = (ports: EnginePorts, change: (store: Store) => Partial<Store>): EnginePorts => ({
  ...ports,
  store: async (...of) => {
    const store = await ports.store(...of);
    return but(store, change(store));
  },
});

const scene = () => simulated({ spec: { runType: 'full_drop', watermark: null } });
const settled = ({ world }: Simulated) => world.destination.rows().map(rowText).sort();
const allSix = [1, 2, 3, 4, 5, 6].map((id) => `${id}@${id}`);
const go = ({ world }: Simulated, ports: EnginePorts, more = {}) =>
  runEntity({ ids: idsOf('A'), spec: world.spec, ...how, ...more }, ports);

describe('a source that wants to be left alone for a while', () => {
  it('is asked for nothing before its time, and every row settles once', async () => {
    const sim = scene();
    const { ports, asked } = pausing(sim, 2, 5 * minute);
    expect(await go(sim, ports)).toMatchObject({ status: 'pass', rows: 6 });
    expect(asked.map(({ from }) => from)).toEqual([undefined, 3, 5, 7]);
    for (const [i, { at }] of asked.entries()) expect(at).toBeGreaterThanOrEqual(i * 5 * minute);
    expect(settled(sim)).toEqual(allSix);
  });

  it('holds no worker: the step ends with what was read, where it goes on, and when', async () => {
    const sim = scene();
    const { ports } = pausing(sim, 2, 5 * minute);
    const plan = await planOf(ports);
    const before = Date.parse(ports.clock.now());
    const step = await moveSlice({ ...idsOf('A'), plan, slice: 0, attempt: 1, budgetMs: 3 * minute }, ports, {
      signal,
      onRows: () => undefined,
    });
    expect(step).toMatchObject({ done: { rows: 2, parts: 1, cursor: 3, notBefore: expect.stringMatching(/Z$/) } });
    expect(Date.parse(ports.clock.now()) - before).toBeLessThan(minute);
  });

  it('keeps its entity for as long as it waits', async () => {
    const sim = scene();
    const { ports } = pausing(sim, 2, 24 * 60 * minute);
    const plan = await planOf(ports);
    const step = await moveSlice({ ...idsOf('A'), plan, slice: 0, attempt: 1, budgetMs: 3 * minute }, ports, {
      signal,
      onRows: () => undefined,
    });
    const notBefore = 'done' in step ? (step.done.notBefore ?? '') : '';
    expect((await sim.world.row())?.owner?.until.localeCompare(notBefore)).toBe(1);
  });

  it('is waited for in place when it is a matter of seconds: a part for each would be many small files', async () => {
    const sim = scene();
    const { ports, asked } = pausing(sim, 1, 2_000);
    expect(await go(sim, ports)).toMatchObject({ status: 'pass', rows: 6, files: 1 });
    expect(asked).toHaveLength(1);
    expect(Date.parse(ports.clock.now()) - Date.parse('2026-11-20T08:00:00.000Z')).toBeGreaterThanOrEqual(12_000);
  });

  it('is told of while it lasts, with its end', async () => {
    const sim = scene();
    const { ports } = pausing(sim, 3, 5 * minute);
    await go(sim, ports);
    const stages = sim.events.flatMap((event) => (event.event === 'progress' && event.stage === 'paused' ? [event] : []));
    expect(stages).toHaveLength(2);
    for (const { ts, not_before = '' } of stages) expect(Date.parse(not_before) - Date.parse(ts)).toBeGreaterThan(4 * minute);
  });

  it('is not waited for by a step that is told to stop', async () => {
    const sim = scene();
    const stop = new AbortController();
    const { ports, asked } = pausing(sim, 3, 60 * minute);
    const clock = { ...ports.clock, sleep: (ms: number, by?: AbortSignal) => sleepUnlessStopped(ms, by) };
    const sleepUnlessStopped = (ms: number, by?: AbortSignal) =>
      new Promise<void>((_, reject) => {
        expect(ms).toBeGreaterThan(59 * minute);
        by?.addEventListener('abort', () => reject(by.reason));
        stop.abort(new Interrupted('cancelled'));
      });
    expect(await go(sim, { ...ports, clock }, { signal: stop.signal })).toMatchObject({ status: 'skip', reason: 'interrupted' });
    expect(asked).toHaveLength(1);
    expect(await sim.world.row()).toMatchObject({ owner: null, pending: null });
  });

  it('leaves its place to other slices meanwhile', async () => {
    const sim = simulated({ spec: { runType: 'full_drop', watermark: null } });
    const order: string[] = [];
    const { ports } = pausing(sim, 9, 0, () => ({
      plan: async () => ({ done: { slices: ['slow', 'quick'].map((ref) => ({ ref, rows: 1, bytes: null })) } }),
      async *read({ ref }, _window, from) {
        order.push(`${String(ref)} ${from === undefined ? 'begins' : 'continues'}`);
        if (ref === 'slow' && from === undefined) yield { checkpoint: 'later', notBefore: later(ports, 60 * minute) };
        yield new SimFrame(baseSchema, [row(ref === 'slow' ? 1 : 2, 1)]);
      },
    }));
    expect(await go(sim, ports, { sliceSlots: new Semaphore(1) })).toMatchObject({ status: 'pass', rows: 2 });
    expect(order).toEqual(['slow begins', 'quick begins', 'slow continues']);
  });

  it('may say so before its first row', async () => {
    const sim = scene();
    let calls = 0;
    const { ports } = pausing(sim, 9, 0, () => ({
      async *read(_slice, _window, from) {
        calls++;
        if (from === undefined) yield { checkpoint: 'begin', notBefore: later(ports, 60 * minute) };
        else yield new SimFrame(baseSchema, [row(1, 1)]);
      },
    }));
    expect(await go(sim, ports)).toMatchObject({ status: 'pass', rows: 1 });
    expect(calls).toBe(2);
  });

  it('may say so while the boundary group is looked at: then the group is staged, from its beginning', async () => {
    const sim = simulated({ rows: [row(1, 1), row(2, 2), row(3, 2), row(4, 2)] });
    await go(sim, sim.ports);
    const asked: (Json | undefined)[] = [];
    const ports = reading(sim.ports, (home) => ({
      async *read(slice, window, from, by) {
        asked.push(from);
        const frames: (Frame | Checkpoint)[] = [];
        for await (const each of home.read(slice, window, typeof from === 'number' ? from : undefined, by))
          if (!('rejected' in each)) frames.push(each);
        const [first, , ...rest] = frames;
        if (first !== undefined && from === undefined) yield first;
        if (from === undefined) yield { checkpoint: 1, notBefore: later(sim.ports, 30 * minute) };
        yield* from === undefined ? rest : frames.filter((each) => 'rows' in each);
      },
    }));
    const again = await runEntity({ ids: idsOf('B'), spec: sim.world.spec, ...how }, ports);
    expect(again).toMatchObject({ status: 'skip', rows: 0 });
    expect(asked).toEqual([undefined, undefined, 1]);
    expect(settled(sim)).toEqual(['1@1', '2@2', '3@2', '4@2']);
  });
});

describe('a step that fails after the source has asked to be left alone', () => {
  const broken = () => new StoreError({ code: 'HYG-4102', what: 'The upload is gone.', tryThis: ['Try again.'], transient: true });
  const changedColumns = () => new HomeError({ code: 'HYG-3210', what: 'Other columns came.', tryThis: ['Look again.'] });

  it('waits as long before it is tried again', async () => {
    const sim = scene();
    const { ports, asked } = pausing(sim, 3, 5 * minute);
    let failures = 0;
    const failing = writing(ports, (store) => ({
      async stage(request, frames, by) {
        const parts = await store.stage(request, frames, by);
        if (failures++ === 0) throw broken();
        return parts;
      },
    }));
    expect(await go(sim, failing)).toMatchObject({ status: 'pass', rows: 6 });
    expect(asked.map(({ from }) => from)).toEqual([undefined, undefined, 4, 7]);
    for (const [i, { at }] of asked.entries()) expect(at).toBeGreaterThanOrEqual(i * 5 * minute);
    expect(settled(sim)).toEqual(allSix);
  });

  it('waits as long where its plan is made anew', async () => {
    const sim = scene();
    const described: number[] = [];
    const { ports } = pausing(sim, 9, 0, (home) => ({
      async describe(cursor, look, breadth) {
        described.push(Date.parse(sim.ports.clock.now()));
        return home.describe(cursor, look, breadth);
      },
      async *read(_slice, _window, from) {
        if (from === undefined) yield { checkpoint: 'more', notBefore: later(sim.ports, 5 * minute) };
        yield new SimFrame(baseSchema, [row(1, 1)]);
        if (described.length === 1) yield { checkpoint: 'most', notBefore: later(sim.ports, 7 * minute) };
      },
    }));
    let failures = 0;
    const failing = writing(ports, (store) => ({
      async stage(request, frames, by) {
        const parts = await store.stage(request, frames, by);
        if (failures++ === 0) throw changedColumns();
        return parts;
      },
    }));
    expect(await go(sim, failing)).toMatchObject({ status: 'pass' });
    const [first = 0, second = 0] = described;
    expect(second - first).toBeGreaterThanOrEqual(12 * minute);
  });

  it('keeps its entity meanwhile, however long that is', async () => {
    const sim = scene();
    const { ports } = pausing(sim, 3, 24 * 60 * minute);
    const failing = writing(ports, () => ({
      async stage(_request, frames) {
        for await (const _ of frames);
        throw broken();
      },
    }));
    const plan = await planOf(failing);
    const moving = moveSlice({ ...idsOf('A'), plan, slice: 0, attempt: 1, budgetMs: minute }, failing, { signal, onRows: () => undefined });
    const error = await moving.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HYG-4102', transient: true });
    expect(timerAfterMs(1, { fraction: 0, error, now: ports.clock.now() })).toBeGreaterThanOrEqual(24 * 60 * minute - 1000);
  });

  it('does so as well where the destination can’t be looked at beside it', async () => {
    const sim = scene();
    const asked: number[] = [];
    let looks = 0;
    const ports = writing(
      reading(sim.ports, (home) => ({
        async describe(_cursor, look, breadth) {
          asked.push(Date.parse(sim.ports.clock.now()));
          if (asked.length === 1) return { again: null, notBefore: later(sim.ports, 5 * minute) };
          return home.describe(undefined, look, breadth);
        },
      })),
      (store) => ({ inspect: (cursor) => (looks++ === 0 ? Promise.reject(broken()) : store.inspect(cursor)) }),
    );
    expect(await go(sim, ports)).toMatchObject({ status: 'pass' });
    const [first = 0, second = 0] = asked;
    expect(second - first).toBeGreaterThanOrEqual(5 * minute);
  });
});

async function planOf(ports: EnginePorts): Promise<string> {
  const startedAt = ports.clock.now();
  const step = await planEntity({ ...idsOf('A'), runType: null, takeOver: false, startedAt }, ports);
  const planned = ('done' in step ? step.done : undefined) as Extract<PlanOutcome, { outcome: 'planned' }>;
  return planned.plan;
}

describe('a count of nulls that takes the source its time', () => {
  it('is asked for again, not before then, and nothing else is forgotten meanwhile', async () => {
    const sim = simulated({ rows: [row(1, 1)], spec: { watermark: { nulls: 'fail' } } });
    const asked: (Json | undefined)[] = [];
    const ports = reading(sim.ports, () => ({
      async nulls(_column: string, cursor?: Json) {
        asked.push(cursor);
        return cursor === undefined ? { again: { job: 7 }, notBefore: later(sim.ports, 20 * minute) } : { done: 3 };
      },
    }));
    expect(await go(sim, ports)).toMatchObject({ status: 'error', error: { code: 'HYG-2010' } });
    expect(asked).toEqual([undefined, { job: 7 }]);
    expect(Date.parse(ports.clock.now()) - Date.parse('2026-11-20T08:00:00.000Z')).toBeGreaterThanOrEqual(20 * minute);
  });
});
