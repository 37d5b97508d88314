import { describe, expect, it } from 'vitest';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import { ConnectionError, HomeError, Interrupted } from '../../src/errors/hygge-error.ts';
import type { EntitySummary } from '../../src/ports/events.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { idsOf } from '../support/sim/actors.ts';
import { Hiccup, type Simulated, simulated, type Watch } from '../support/sim/at-once.ts';
import { multiset, row, tied } from '../support/sim/rows.ts';
import { key } from '../support/sim/world.ts';

interface How {
  readonly wait?: boolean;
  readonly takeOver?: boolean;
  readonly signal?: AbortSignal;
  readonly ports?: EnginePorts;
}

function runIt({ world, ports }: Simulated, run: string, how: How = {}): Promise<EntitySummary> {
  return runEntity(
    {
      ids: idsOf(run),
      spec: world.spec,
      workspace: 'simulated',
      runType: null,
      wait: how.wait ?? false,
      takeOver: how.takeOver ?? false,
      sliceSlots: new Semaphore(2),
      signal: how.signal ?? new AbortController().signal,
    },
    how.ports ?? ports,
  );
}

/** Fails so many calls whose label matches. */
function failing(pattern: RegExp, times: number, error: () => Error): Watch {
  let left = times;
  return (label) => {
    if (pattern.test(label) && left-- > 0) throw error();
  };
}

const holder = { host: 'laptop', boot: '1', pid: 4711, started: '0', program: 'hygge go' };

/** Another run holds the entity; nothing proves it dead. */
async function heldBy(run: string, { world, ports }: Simulated): Promise<void> {
  const until = new Date(Date.parse(ports.clock.now()) + 600_000).toISOString();
  await world.memoryState.write(key, undefined, {
    lineage: 'L',
    epoch: 1,
    owner: { run, until, holder },
    pending: null,
    settled: null,
    lanes: {},
    binding: null,
    fullNext: false,
    last: null,
    writeId: 'w',
  });
}

describe('a transient failure', () => {
  it('is tried again after a while, and says so', async () => {
    const sim = simulated(
      {},
      failing(/source read/, 2, () => new Hiccup()),
    );
    expect(await runIt(sim, 'A')).toMatchObject({ status: 'pass', rows: 2 });
    const retries = sim.events.filter((event) => event.event === 'retry');
    expect(retries.length).toBeGreaterThanOrEqual(1);
    expect(retries[0]).toMatchObject({ step: 'slice', attempt: 1, error: { code: 'HYG-6003' } });
  });

  it('waits a random part of a time that doubles, at most half a minute', async () => {
    const sim = simulated(
      {},
      failing(/source describe/, 3, () => new Hiccup()),
    );
    await runIt(sim, 'A');
    const waits = sim.events.flatMap((event) => (event.event === 'retry' ? [event.wait_ms] : []));
    expect(waits).toEqual([500, 1000, 2000]);
  });

  it('waits as long as the system asked for, though not longer than two minutes', async () => {
    const busy = [90_000, 86_400_000, 0].map(
      (retryAfterMs) => new ConnectionError({ code: 'HYG-6404', what: 'Busy.', tryThis: ['Wait.'], transient: true, retryAfterMs }),
    );
    const sim = simulated(
      {},
      failing(/source describe/, 3, () => busy.shift() ?? new Hiccup()),
    );
    await runIt(sim, 'A');
    const waits = sim.events.flatMap((event) => (event.event === 'retry' ? [event.wait_ms] : []));
    expect(waits).toEqual([90_000, 120_000, 2000]);
  });

  it('that lasts ends the run with the error that started it', async () => {
    const sim = simulated(
      {},
      failing(/source describe/, 100, () => new Hiccup()),
    );
    expect(await runIt(sim, 'A')).toMatchObject({ status: 'error', error: { code: 'HYG-6003' } });
    expect(sim.events.filter(({ event }) => event === 'retry')).toHaveLength(3);
  });
});

describe('a failure that is not transient', () => {
  it('is never tried again', async () => {
    const broken = () => new HomeError({ code: 'HYG-3001', what: 'Broken.', tryThis: ['Mend it'] });
    const sim = simulated({}, failing(/source describe/, 100, broken));
    expect(await runIt(sim, 'A')).toMatchObject({ status: 'error', error: { code: 'HYG-3001' } });
    expect(sim.events.filter(({ event }) => event === 'retry')).toEqual([]);
  });

  it('gives the claim back and leaves nothing staged', async () => {
    const broken = () => new HomeError({ code: 'HYG-3001', what: 'Broken.', tryThis: ['Mend it'] });
    const sim = simulated({}, failing(/read slice \{"odd":1\}/, 100, broken));
    await runIt(sim, 'A');
    expect(await sim.world.row()).toMatchObject({ owner: null, pending: null, settled: null, last: { status: 'error' } });
    expect(sim.world.destination.staged()).toEqual([]);
    expect(sim.world.destination.filled()).toBe(false);
  });
});

describe('columns that were told from a part of the records', () => {
  const beyond = () => new HomeError({ code: 'HYG-3210', what: 'A record does not fit.', tryThis: ['Nothing'] });

  it('are told anew from all of them when a record does not fit, and everything is read again', async () => {
    const sim = simulated({}, failing(/read slice \{"odd":1\}/, 1, beyond));
    expect(await runIt(sim, 'A')).toMatchObject({ status: 'pass', rows: 2, rows_read: 2 });
    expect(sim.events.filter(({ event }) => event === 'retry')).toMatchObject([{ step: 'plan', wait_ms: 0, error: { code: 'HYG-3210' } }]);
    expect(sim.events.filter(({ event }) => event === 'plan')).toHaveLength(2);
    expect(sim.events.flatMap((event) => (event.event === 'progress' && event.stage === 'settled' ? [event.rows] : []))).toEqual([2]);
    expect(multiset(sim.world.destination.rows())).toEqual(multiset(sim.world.source.rows));
    expect(sim.world.destination.staged()).toEqual([]);
  });

  it('are told anew once: a home that is never content ends the run', async () => {
    const sim = simulated({}, failing(/read slice/, 100, beyond));
    expect(await runIt(sim, 'A')).toMatchObject({ status: 'error', error: { code: 'HYG-3210' } });
    expect(sim.events.filter(({ event }) => event === 'plan')).toHaveLength(2);
    expect(sim.world.destination.staged()).toEqual([]);
  });
});

describe('an entity that another run holds', () => {
  it('is left alone, and the holder is named', async () => {
    const sim = simulated();
    await heldBy('other.1', sim);
    const summary = await runIt(sim, 'A');
    expect(summary).toMatchObject({ status: 'skip', reason: 'held', error: { code: 'HYG-2001' } });
    expect(summary.error?.what).toContain('laptop');
    expect(summary.error?.what).toContain('4711');
    expect(await sim.world.row()).toMatchObject({ epoch: 1, owner: { run: 'other.1' } });
  });

  it('is waited for with wait, and the wait is told once', async () => {
    const sim = simulated();
    await heldBy('other.1', sim);
    expect(await runIt(sim, 'A', { wait: true })).toMatchObject({ status: 'pass', rows: 2 });
    expect(sim.events.filter(({ event }) => event === 'warning')).toHaveLength(1);
  });

  it.each<[string, How, 'dead' | 'unknown', number]>([
    ['with takeOver', { takeOver: true }, 'unknown', 0],
    ['when its holder is provably dead', {}, 'dead', 0],
    ['when the lease has run out', {}, 'unknown', 600_001],
  ])('is taken %s', async (_, how, fate, afterMs) => {
    const sim = simulated();
    await heldBy('other.1', sim);
    sim.world.tick(afterMs);
    const ports = { ...sim.ports, host: { ...sim.ports.host, fate: async () => fate } };
    expect(await runIt(sim, 'A', { ...how, ports })).toMatchObject({ status: 'pass' });
  });
});

/** Tells the run to stop when it makes a call that matches. */
function stoppedAt(pattern: RegExp): { sim: Simulated; signal: AbortSignal } {
  const stop = new AbortController();
  const sim = simulated({}, (label) => {
    if (pattern.test(label)) stop.abort(new Interrupted('SIGINT'));
  });
  return { sim, signal: stop.signal };
}

describe('a run that is told to stop', () => {
  it('before it has decided anything changes nothing', async () => {
    const { sim, signal } = stoppedAt(/read slice/);
    expect(await runIt(sim, 'A', { signal })).toMatchObject({ status: 'skip', reason: 'interrupted', error: { code: 'HYG-2020' } });
    expect(await sim.world.row()).toMatchObject({ owner: null, pending: null, settled: null });
    expect(sim.world.destination.filled()).toBe(false);
    expect(sim.world.destination.staged()).toEqual([]);
  });

  it('after its decision finishes it first', async () => {
    const { sim, signal } = stoppedAt(/lake publish/);
    expect(await runIt(sim, 'A', { signal })).toMatchObject({ status: 'pass', rows: 2 });
    expect(multiset(sim.world.destination.rows())).toBe('1@1 2@2');
  });
});

describe('a decided commit', () => {
  it('of a run that failed right after is finished by the next, before the source is read', async () => {
    const sim = simulated(
      {},
      failing(/lake publish/, 1_000, () => new HomeError({ code: 'HYG-3001', what: 'Gone.', tryThis: ['Mend it'] })),
    );
    await runIt(sim, 'A');
    expect((await sim.world.row())?.pending).not.toBeNull();
    const seen: string[] = [];
    const ports = sim.another('second', (label) => void seen.push(label));
    expect(await runIt(sim, 'B', { ports, takeOver: true })).toMatchObject({ status: 'skip', rows: 0 });
    expect(seen.findIndex((label) => label.includes('publish'))).toBeLessThan(seen.findIndex((label) => label.startsWith('source')));
  });

  it('of a run that was stopped is not told as nothing when the state answers no more', async () => {
    const stop = new AbortController();
    const sim = simulated({}, (label) => {
      if (label.startsWith('sleep') && !stop.signal.aborted) {
        stop.abort(new Interrupted('SIGINT'));
        throw stop.signal.reason;
      }
      if (label.includes('lake publish') || (stop.signal.aborted && label.startsWith('state'))) throw new Hiccup();
    });
    const told = await runIt(sim, 'A', { signal: stop.signal });
    expect(told).toMatchObject({
      status: 'error',
      error: { code: 'HYG-2020', tryThis: [expect.stringContaining('finishes a decided commit')] },
    });
    expect(told.error?.what).not.toContain('nothing changed');
    expect((await sim.world.row())?.pending).not.toBeNull();
  });

  it.each([1, 3])('is told as settled though the run was stopped and the state then did not answer %i times', async (times) => {
    const stop = new AbortController();
    let settled = false;
    let left = times;
    const sim = simulated({}, (label) => {
      if (label.includes('lake publish') && !stop.signal.aborted) {
        stop.abort(new Interrupted('SIGINT'));
        throw new Hiccup();
      }
      if (settled && label.includes('state read row') && left-- > 0) throw new Hiccup();
      settled ||= label.includes('(settle)');
    });
    expect(await runIt(sim, 'A', { signal: stop.signal })).toMatchObject({ status: 'pass', rows: 2 });
    expect(left).toBeLessThanOrEqual(0);
  });

  it('of a run that another one finished meanwhile is told as settled, though the run gave up', async () => {
    const stop = new AbortController();
    let other: Promise<EntitySummary> | undefined;
    const sim = simulated({}, async (label) => {
      if (!label.includes('lake publish') || other) return;
      other = runIt(sim, 'B', { ports: sim.another('second'), takeOver: true });
      await other;
      stop.abort(new Interrupted('SIGTERM'));
      throw new Hiccup();
    });
    expect(await runIt(sim, 'A', { signal: stop.signal })).toMatchObject({ status: 'pass', rows: 2 });
    expect(await other).toMatchObject({ status: 'skip' });
  });
});

describe('nothing new', () => {
  const rows = [row(1, 1), row(2, 2), row(9, null)];
  const all = (['include', 'exclude'] as const).flatMap((nulls) => [rows, tied(rows)].map((of) => ({ nulls, of, shown: multiset(of) })));

  it.each(all)('is a skip with no rows, and moves nothing (nulls: $nulls, of $shown)', async ({ nulls, of }) => {
    const sim = simulated({ rows: of, spec: { watermark: { nulls } } });
    await runIt(sim, 'A');
    const before = sim.world.destination.head()?.id;
    expect(await runIt(sim, 'B')).toMatchObject({ status: 'skip', rows: 0, watermark: '2' });
    expect(sim.world.destination.head()?.id).toBe(before);
  });

  it('with ties at the watermark moves only what changed', async () => {
    const sim = simulated();
    await runIt(sim, 'A');
    sim.world.source.set([...sim.world.source.rows, row(3, 2)]);
    expect(await runIt(sim, 'B')).toMatchObject({ status: 'pass', rows: 1 });
    expect(multiset(sim.world.destination.rows())).toBe('1@1 2@2 3@2');
  });
});
