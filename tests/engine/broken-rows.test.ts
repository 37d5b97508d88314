import { describe, expect, test } from 'vitest';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import type { BackfillLane, QuarantineLane } from '../../src/engine/plan/lane.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';
import type { Rule } from '../../src/frames/rules/rule.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
import { baseSchema, row, withColumn } from '../support/sim/rows.ts';
import { validating } from '../support/sim/validating.ts';
import type { Setting } from '../support/sim/world.ts';

const rules: readonly Rule[] = [{ name: 'note is there', column: 'note', what: 'not null' }];

function scene(change: Partial<Setting> = {}) {
  const { world, ports: simulatedPorts } = simulated({
    pair: { store: 'plain', state: 'memory' },
    rows: [row(1, 1, { note: 'a' }), row(2, 1), row(3, 2, { note: 'b' }), row(4, 2)],
    ...change,
    spec: { validation: validating(rules), watermark: { nulls: 'exclude' }, ...change.spec },
  });
  world.source.schema = withColumn(baseSchema, 'note');
  let { spec } = world;
  const ports = { ...simulatedPorts, entity: () => spec };
  const judgeBy = (other: readonly Rule[]) => {
    spec = { ...world.spec, validation: validating(other) };
  };
  const run = async (name: string, more: { readonly runType?: 'full_drop'; readonly lane?: BackfillLane | QuarantineLane } = {}) => {
    const { runType = null, lane } = more;
    return runEntity({ ids: idsOf(name), spec, ...how, runType, ...(lane ? { lane } : {}) }, ports);
  };
  const apart = async () => {
    const head = (await (await ports.store(world.spec)).head()) as FilesHead | null;
    return (head?.quarantine ?? []).map(({ rows, min, max, ofGroup }) => `${rows} of ${min}..${max}${ofGroup ? ' open' : ''}`).sort();
  };
  const settled = () =>
    world.destination
      .rows()
      .map(({ id }) => id)
      .sort();
  return { world, run, apart, settled, judgeBy };
}

describe('rows that break a rule', () => {
  test('settle apart, are counted for each rule, and the others settle', async () => {
    const { run, apart } = scene();
    expect(await run('A')).toMatchObject({
      status: 'warn',
      rows: 2,
      rows_read: 4,
      message: '2 rows of 4 break a rule and lie in quarantine (note is there: 2)',
      // Those of the rows that settled, one of them for the boundary: what lies apart is none of the entity's files.
      files: 2,
    });
    expect(await apart()).toEqual(['1 of 1..1', '1 of 2..2 open']);
  });

  test('go with the boundary group that they came with, and stay when it stays', async () => {
    const { world, run, apart } = scene();
    await run('A');
    expect(await run('B')).toMatchObject({ status: 'skip' });
    world.source.set([...world.source.rows, row(5, 2, { note: 'c' })]);
    expect(await run('C')).toMatchObject({ status: 'warn', rows: 1 });
    expect(await apart()).toEqual(['1 of 1..1', '1 of 2..2 open']);
    world.source.set([...world.source.rows, row(6, 3, { note: 'd' })]);
    expect(await run('D')).toMatchObject({ rows: 1 });
    expect(await apart()).toEqual(['1 of 1..1', '1 of 2..2']);
  });

  test('go with the range that they came with', async () => {
    const { world, run, apart } = scene();
    world.source.set([...world.source.rows, row(9, 9, { note: 'z' })]);
    await run('A', {});
    world.source.set(world.source.rows.map((one) => (one.id === 4 ? row(4, 2, { note: 'now' }) : one)));
    const whole = { from: '1', to: '9' };
    expect(await run('B', { lane: { ...whole, chunks: [whole] } })).toMatchObject({ status: 'warn', rows: 1 });
    expect(await apart()).toEqual(['1 of 1..1']);
  });

  test('of a landing zone go with their boundary group and with a full load, too', async () => {
    const { world, run, apart } = scene({
      pair: { store: 'mirrored', state: 'memory' },
      spec: { watermark: { nulls: 'exclude', key: ['id'] } },
    });
    await run('A');
    expect(await apart()).toEqual(['1 of 1..1', '1 of 2..2 open']);
    world.source.set([...world.source.rows, row(5, 2, { note: 'c' })]);
    await run('B');
    expect(await apart()).toEqual(['1 of 1..1', '1 of 2..2 open']);
    world.source.set([...world.source.rows, row(6, 3, { note: 'd' })]);
    await run('C');
    expect(await apart()).toEqual(['1 of 1..1', '1 of 2..2']);
    await run('D', { runType: 'full_drop' });
    expect(await apart()).toEqual(['1 of 1..1', '1 of 2..2']);
  });

  test('go with everything that a full load replaces', async () => {
    const { world, run, apart } = scene();
    await run('A');
    world.source.set([row(1, 1, { note: 'a' })]);
    await run('B', { runType: 'full_drop' });
    expect(await apart()).toEqual([]);
  });

  const replay: QuarantineLane = { quarantine: 'replay', runs: null };

  test('are judged again by a replay: those that keep the rules now settle once, and the open group stays open', async () => {
    const { world, run, apart, settled, judgeBy } = scene();
    await run('A');
    expect(await run('B', { lane: replay })).toMatchObject({ status: 'warn', rows: 0, rows_read: 2 });
    expect(await apart()).toEqual(['1 of 1..1', '1 of 2..2 open']);
    judgeBy([]);
    expect(await run('C', { lane: replay })).toMatchObject({ status: 'pass', rows: 2, quarantine: 'replay' });
    expect(await apart()).toEqual([]);
    expect(settled()).toEqual([1, 2, 3, 4]);
    expect(await run('D', { lane: replay })).toMatchObject({ status: 'skip' });
    expect(await run('E')).toMatchObject({ status: 'skip' });
    world.source.set([...world.source.rows, row(5, 2, { note: 'c' })]);
    await run('F');
    expect(settled()).toEqual([1, 2, 3, 4, 5]);
    world.source.set([...world.source.rows, row(6, 3, { note: 'd' })]);
    await run('G');
    expect(settled()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('go permanently when they are dropped, and no other row does', async () => {
    const { run, apart, settled } = scene();
    await run('A');
    expect(await run('B', { lane: { quarantine: 'drop', runs: ['nobody'] } })).toMatchObject({ status: 'skip' });
    expect(await run('C', { lane: { quarantine: 'drop', runs: null } })).toMatchObject({ status: 'pass', rows: 0 });
    expect(await apart()).toEqual([]);
    expect(settled()).toEqual([1, 3]);
    expect(await run('D')).toMatchObject({ status: 'skip' });
  });

  test('are not judged again where nothing has settled, where the store returns none back, and where they could go over newer rows', async () => {
    expect(await scene().run('A', { lane: replay })).toMatchObject({ status: 'error', error: { code: 'HYG-2111' } });
    const mirrored = scene({ pair: { store: 'mirrored', state: 'memory' } });
    expect(await mirrored.run('A', { lane: replay })).toMatchObject({ status: 'error', error: { code: 'HYG-2110' } });
  });
});
