import { describe, expect, test } from 'vitest';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import type { Severity } from '../../src/frames/rules/rule.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
import { baseSchema, row, wideHashing, withColumn } from '../support/sim/rows.ts';
import { validating } from '../support/sim/validating.ts';
import type { Setting } from '../support/sim/world.ts';

const once = (onFail: Severity, ...columns: readonly string[]) => ({ name: 'once', onFail, type: 'uniqueness' as const, columns });

/** Two notes come twice, one of them three times; two rows have none. */
const noted = ['a', 'b', 'a', 'c', 'b', 'b'].map((note, at) => row(at + 1, at + 1, { note }));

function scene(
  onFail: Severity,
  {
    columns = ['note'],
    samples = 'mask' as 'mask' | 'show',
    ...change
  }: Partial<Setting> & { readonly columns?: readonly string[]; readonly samples?: 'mask' | 'show' } = {},
) {
  const validation = validating([], { checks: [once(onFail, ...columns)], samples });
  const { world, ports: quiet } = simulated({
    pair: { store: 'plain', state: 'memory' },
    rows: [...noted, row(7, 7), row(8, 8)],
    ...change,
    spec: { validation, watermark: { nulls: 'exclude' }, ...change.spec },
  });
  world.source.schema = withColumn(baseSchema, 'note');
  const events: HyggeEvent[] = [];
  const ports = { ...quiet, emit: (event: HyggeEvent) => void events.push(event) };
  const run = (name: string, own = ports) => {
    return runEntity({ ids: idsOf(name), spec: world.spec, ...how, runType: null }, own);
  };
  const head = async () => (await ports.store(world.spec)).head();
  return { world, run, head, ports, told: () => events.filter(({ event }) => event === 'check') };
}

const stores = ['plain', 'versioned', 'uploads', 'sql'] as const;
const found = '2 keys come more than once, 3 rows are too many: they look like a';

describe.each(stores)('rows whose keys come more than once, in the store %s,', (store) => {
  const pair = { store, state: 'memory' } as const;

  test('stop the run before anything is committed', async () => {
    const { world, run, head } = scene('fail', { pair });
    const end = await run('A');
    expect(end).toMatchObject({
      status: 'error',
      error: { code: 'HYG-2123', why: [expect.stringContaining(`once: ${found}`), expect.anything()] },
    });
    expect(await head()).toBe(null);
    world.source.set(noted.filter(({ note }, at) => noted.findIndex((one) => one.note === note) === at));
    expect(await run('B')).toMatchObject({ status: 'pass', rows: 3 });
    expect(world.destination.staged()).toEqual([]);
  });

  test('settle with a warning that counts them', async () => {
    const { world, run, told } = scene('warn', { pair });
    expect(await run('A')).toMatchObject({
      status: 'warn',
      rows: 8,
      message: `the check once failed: ${found}, expected: note are unique`,
    });
    expect(told()).toMatchObject([{ kind: 'check', name: 'once', column: 'note', outcome: 'warned', found }]);
    expect(world.destination.staged()).toEqual([]);
  });
});

describe('keys that come more than once', () => {
  test('are shown as they are where samples are', async () => {
    const { run, told } = scene('warn', { samples: 'show' });
    await run('A');
    expect(told()).toMatchObject([{ found: expect.stringMatching(/too many: such as (a and b|b and a)$/) }]);
  });

  test('are those of their columns together, and of none with a null', async () => {
    const { run } = scene('fail', { columns: ['note', 'id'] });
    expect(await run('A')).toMatchObject({ status: 'pass', rows: 8 });
  });

  test('are compared within the rows of a run', async () => {
    const { world, run } = scene('fail', { rows: [row(1, 1, { note: 'a' })] });
    await run('A');
    world.source.set([...world.source.rows, row(2, 2, { note: 'a' })]);
    expect(await run('B')).toMatchObject({ status: 'pass', rows: 1 });
  });

  test('are not sought among the rows of an open group that stays', async () => {
    const { world, run } = scene('warn', {
      rows: [row(1, 1, { note: 'a' }), row(2, 1, { note: 'a' })],
      spec: { watermark: { nulls: 'include' } },
    });
    expect(await run('A')).toMatchObject({ status: 'warn' });
    Object.assign(world.spec, { validation: validating([], { checks: [once('fail', 'note')] }) });
    expect(await run('B')).toMatchObject({ status: 'skip' });
  });

  test('are counted once where a commit takes many steps, and another check continues where it was', async () => {
    const { world, run, ports, told } = scene('warn');
    const { checks = [] } = world.spec.validation ?? {};
    Object.assign(world.spec, {
      validation: validating([], {
        checks: [...checks, { ...once('warn', 'id'), name: 'ids' }, { ...once('warn', 'note', 'id'), name: 'both' }],
      }),
    });
    // Each comparison takes longer than a step may.
    let laterMs = 0;
    const acquire = async () => {
      laterMs += 30_000;
      return () => undefined;
    };
    const hasty = { ...ports, budget: { acquire }, clock: { ...ports.clock, monotonicMs: () => ports.clock.monotonicMs() + laterMs } };
    expect(await run('A', hasty)).toMatchObject({ status: 'warn', rows: 8 });
    expect(told()).toMatchObject([{ name: 'once', found: expect.stringContaining('2 keys come more than once, 3 rows are too many') }]);
  });

  test('can not be told where processes hash in two ways', async () => {
    const { run, ports, head } = scene('warn', { rows: [row(1, 1, { note: 'a' }), row(2, 5, { note: 'a' })] });
    let asked = 0;
    const twoWays = { ...wideHashing, looks: async () => `way ${asked++}` };
    expect(await run('A', { ...ports, frames: { ...ports.frames, wide: twoWays } })).toMatchObject({
      status: 'error',
      error: { code: 'HYG-2124' },
    });
    expect(await head()).toBe(null);
  });
});
