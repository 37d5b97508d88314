import { describe, expect, it } from 'vitest';
import { latestAt } from '../../src/frames/times/future.ts';
import { simulated } from '../support/sim/at-once.ts';
import { live } from '../support/sim/backfilled.ts';
import { datedSchema, multiset, row } from '../support/sim/rows.ts';

const now = '2026-11-20T12:30:00.000Z';
/** Days since 1970: the clock of the simulator stands at 2026-11-20. */
const today = Date.UTC(2026, 10, 20) / 86_400_000;

it('a value without a zone is in the future when it is so everywhere on Earth', () => {
  expect(latestAt({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, now)).toBe('2026-11-20T12:30:00.000000Z');
  expect(latestAt({ kind: 'timestamp', unit: 'ns' }, now)).toBe('2026-11-21T02:30:00.000000000');
  expect(latestAt({ kind: 'date' }, now)).toBe('2026-11-21');
  expect(latestAt({ kind: 'int64' }, now)).toBeUndefined();
});

const days = [row(1, today - 1), row(2, today), row(3, today + 2)];

it('rows of tomorrow settle once it is tomorrow', async () => {
  const sim = simulated({ rows: days });
  sim.world.source.schema = datedSchema;
  expect(await live(sim, 'first')).toMatchObject({ status: 'warn', rows: 2, watermark: '2026-11-20' });
  sim.world.source.set([...days, row(4, today)]);
  expect(await live(sim, 'second')).toMatchObject({ status: 'warn', rows: 1 });
  sim.world.tick(48 * 3_600_000);
  expect(await live(sim, 'third')).toMatchObject({ status: 'pass', rows: 1 });
  expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
});

describe('a source that shows its times only while it is read', () => {
  const scene = (future: 'wait' | 'fail' | 'take') => {
    const sim = simulated({
      home: 'pages',
      rows: days,
      spec: { watermark: { boundary: 'open', nulls: 'exclude', lagMs: 3_600_000, future } },
    });
    sim.world.source.schema = datedSchema;
    return sim;
  };

  it('leaves those of the future where they are, counts them, and takes them when their time has come', async () => {
    const sim = scene('wait');
    expect(await live(sim, 'first')).toMatchObject({
      status: 'warn',
      message: expect.stringMatching(/^1 row has mark in the future \(2026-11-2\d\)/),
    });
    expect(await live(sim, 'second')).toMatchObject({ status: 'warn', rows: 0, message: expect.stringContaining('nothing new; 1 row') });
    sim.world.tick(4 * 86_400_000);
    expect(await live(sim, 'third')).toMatchObject({ status: 'pass' });
    expect(multiset(sim.world.destination.rows())).toBe(multiset(sim.world.source.rows));
  });

  it('is stopped by them with future: fail', async () => {
    expect(await live(scene('fail'), 'first')).toMatchObject({ status: 'error', error: { code: 'HYG-2063' } });
  });

  it('says nothing of them with future: take, and its lag holds them back all the same', async () => {
    const sim = scene('take');
    expect(await live(sim, 'first')).toMatchObject({ status: 'pass' });
    expect(sim.world.destination.rows().length).toBeLessThan(sim.world.source.rows.length);
  });
});
