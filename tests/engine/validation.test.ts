import { describe, expect, test } from 'vitest';
import type { Check, ValidationSpec } from '../../src/engine/contracts/validation.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';
import type { Rule, Severity } from '../../src/frames/rules/rule.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { Semaphore } from '../../src/ports/semaphore.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import { baseSchema, row, withColumn } from '../support/sim/rows.ts';
import { validating } from '../support/sim/validating.ts';
import type { Setting } from '../support/sim/world.ts';

const noted = (severity: Severity): readonly Rule[] => [{ name: 'note is there', column: 'note', what: 'not null', severity }];

function scene(validation: ValidationSpec, change: Partial<Setting> = {}) {
  const { world, ports: quiet } = simulated({
    pair: { store: 'plain', state: 'memory' },
    rows: [row(1, 1, { note: 'a' }), row(2, 1), row(3, 2, { note: 'b' }), row(4, 2)],
    ...change,
    spec: { validation, watermark: { nulls: 'exclude' }, ...change.spec },
  });
  world.source.schema = withColumn(baseSchema, 'note');
  const events: HyggeEvent[] = [];
  const ports = { ...quiet, emit: (event: HyggeEvent) => void events.push(event) };
  const run = (name: string, more: { readonly runType?: 'full_drop' } = {}) => {
    const how = {
      workspace: 'simulated',
      wait: false,
      takeOver: false,
      sliceSlots: new Semaphore(2),
      signal: new AbortController().signal,
    };
    return runEntity({ ids: idsOf(name), spec: world.spec, ...how, runType: more.runType ?? null }, ports);
  };
  const head = async () => (await (await ports.store(world.spec)).head()) as FilesHead | null;
  const settled = async () => {
    const found = await ports.state.read(world.spec);
    return found?.row.settled?.watermark?.text ?? null;
  };
  const journal = async () => ports.state.journal({ flow: world.spec.flow, entity: world.spec.entity });
  return { world, ports, run, head, settled, journal, events };
}

const check = (of: object, onFail: Severity = 'fail') => ({ name: 'c', onFail, ...of }) as Check;
const checking = (of: object, onFail: Severity = 'fail') => validating([], { checks: [check(of, onFail)] });

describe('rules', () => {
  test('that fail end the run: nothing settles, and the error counts', async () => {
    const { run, head, journal } = scene(validating(noted('fail')));
    const end = await run('A');
    expect(end).toMatchObject({ status: 'error', error: { code: 'HYG-2121' } });
    expect(end.error?.why[0]).toMatch(/note is there: note is null \(\d of \d rows so far\)/);
    expect(await head()).toBe(null);
    expect((await journal()).map(({ status, checks_failed, rows }) => [status, checks_failed, rows])).toEqual([['error', 1, 0]]);
  });

  test('that warn let all rows settle, and are counted', async () => {
    const { run, head, journal } = scene(validating(noted('warn')));
    expect(await run('A')).toMatchObject({ status: 'warn', rows: 4, message: expect.stringContaining('note is there: 2') });
    expect((await head())?.quarantine ?? []).toEqual([]);
    expect((await journal()).map(({ quarantined }) => quarantined)).toEqual([undefined]);
  });

  test('that quarantine leave their count in the journal, and say since when', async () => {
    const { world, run, journal } = scene(validating(noted('quarantine')));
    await run('A');
    world.source.set([...world.source.rows, row(5, 3)]);
    expect(await run('B')).toMatchObject({ status: 'warn', message: expect.stringMatching(/note is there: \d, since \d{4}-/) });
    expect((await journal()).map(({ quarantined }) => quarantined).sort()).toEqual([1, 2]);
  });

  test('which rows of the open boundary group broke before do not end a run in which it is unchanged', async () => {
    const { world, run } = scene(validating(noted('warn')));
    await run('A');
    world.source.set([...world.source.rows, row(5, 3, { note: 'c' })]);
    Object.assign(world.spec, { validation: validating(noted('fail')) });
    expect(await run('B')).toMatchObject({ status: 'pass', rows: 1 });
  });

  test('nor do they where the group is staged again, and stays', async () => {
    const { world, run } = scene(validating(noted('warn')), { spec: { watermark: { nulls: 'include' } } });
    world.source.set([...world.source.rows, row(8, null, { note: 'n' }), row(9, null)]);
    await run('A');
    Object.assign(world.spec, { validation: validating(noted('fail')) });
    expect(await run('B')).toMatchObject({ status: 'skip', rows: 0 });
  });

  test.each([
    [{ rows: 1 }, 'error'],
    [{ rows: 2 }, 'warn'],
    [{ percent: 49 }, 'error'],
    [{ percent: 50 }, 'warn'],
  ] as const)('with max_quarantined %j end as %s where half of four rows break one', async (maxQuarantined, status) => {
    const { run, head } = scene(validating(noted('quarantine'), { maxQuarantined }));
    const end = await run('A');
    expect(end).toMatchObject({ status, ...(status === 'error' ? { error: { code: 'HYG-2122' } } : {}) });
    expect((await head()) === null).toBe(status === 'error');
  });

  test('on a column that does not settle stop the run before a row is read', async () => {
    const { run, head } = scene(validating([{ name: 'gone', column: 'gone', what: 'not null' }]));
    expect(await run('A')).toMatchObject({
      status: 'error',
      rows_read: 0,
      error: { code: 'HYG-2120', what: expect.stringContaining('gone') },
    });
    expect(await head()).toBe(null);
  });

  test('of a source that tells its columns only while it is read stop it then', async () => {
    const { run, head } = scene(validating([{ name: 'gone', column: 'gone', what: 'not null' }]), {
      home: 'pages',
      spec: { watermark: null, runType: 'full_drop' },
    });
    expect(await run('A')).toMatchObject({ status: 'error', error: { code: 'HYG-2120' } });
    expect(await head()).toBe(null);
  });
});

describe('checks', () => {
  test.each([
    ['rows at least', { type: 'volume', minRows: 5, maxRows: null, withinPercent: null }],
    ['rows at most', { type: 'volume', minRows: null, maxRows: 3, withinPercent: null }],
  ])('%s: a failed one leaves destination and watermark as they were', async (_, of) => {
    const { world, run, head, settled, journal } = scene(checking(of));
    expect(await run('A')).toMatchObject({ status: 'error', error: { code: 'HYG-2123' } });
    expect([await head(), await settled()]).toEqual([null, null]);
    expect((await journal()).map(({ checks_failed }) => checks_failed)).toEqual([1]);
    Object.assign(world.spec, { validation: checking({ ...of, minRows: 0, maxRows: 9 }) });
    expect(await run('B')).toMatchObject({ status: 'pass', rows: 4 });
    expect(await settled()).toBe('2');
  });

  test('that warn let the rows settle, and the run ends as a warning', async () => {
    const { run, journal } = scene(checking({ type: 'volume', minRows: 5, maxRows: null, withinPercent: null }, 'warn'));
    expect(await run('A')).toMatchObject({ status: 'warn', rows: 4, message: 'the check c failed: 4, expected: rows: at least 5' });
    expect((await journal()).map(({ checks_warned }) => checks_warned)).toEqual([1]);
  });

  test('that quarantine fail, since no single row is to blame', async () => {
    const { run } = scene(checking({ type: 'volume', minRows: 5, maxRows: null, withinPercent: null }, 'quarantine'));
    expect(await run('A')).toMatchObject({ status: 'error', error: { code: 'HYG-2123' } });
  });

  test('of the number of rows are judged also when nothing is new', async () => {
    const { world, run, journal } = scene(validating([]));
    await run('A');
    Object.assign(world.spec, { validation: checking({ type: 'volume', minRows: 1, maxRows: null, withinPercent: null }, 'warn') });
    expect(await run('B')).toMatchObject({ status: 'warn', rows: 0, message: expect.stringContaining('the check c failed: 0') });
    Object.assign(world.spec, { validation: checking({ type: 'volume', minRows: 1, maxRows: null, withinPercent: null }) });
    expect(await run('C')).toMatchObject({ status: 'error', error: { code: 'HYG-2123' } });
    expect((await journal()).map(({ status }) => status).sort()).toEqual(['error', 'pass', 'warn']);
  });

  test('within a share of what recent runs brought wait for five of them', async () => {
    const { world, run } = scene(checking({ type: 'volume', minRows: null, maxRows: null, withinPercent: 30 }), {
      spec: { runType: 'full_drop', watermark: null },
    });
    for (const name of ['A', 'B', 'C', 'D', 'E']) expect(await run(name)).toMatchObject({ status: 'pass' });
    world.source.set(world.source.rows.slice(0, 3));
    expect(await run('F')).toMatchObject({ status: 'pass', rows: 3 });
    world.source.set(world.source.rows.slice(0, 2));
    expect(await run('G')).toMatchObject({
      status: 'error',
      error: { why: [expect.stringContaining('c: 2, and 4 is usual'), expect.anything()] },
    });
  });

  test.each([
    ['uniqueness', { type: 'uniqueness', columns: ['id'] }],
    ['sql', { type: 'sql', query: 'select 1', min: '0', max: null }],
  ])('of the type %s are refused when the run is planned', async (_, of) => {
    const { run } = scene(checking(of));
    expect(await run('A')).toMatchObject({ status: 'error', rows_read: 0, error: { code: 'HYG-2120' } });
  });

  test('and rules with a finding are an event each, also where the run fails', async () => {
    const few = check({ type: 'volume', minRows: 5, maxRows: null, withinPercent: null });
    const { run, events } = scene(
      validating(noted('warn'), { checks: [few, check({ name: 'fine', type: 'volume', minRows: 0, maxRows: null, withinPercent: null })] }),
    );
    await run('A');
    const told = events.filter(({ event }) => event === 'check');
    expect(told).toMatchObject([{ kind: 'check', name: 'c', column: null, outcome: 'failed', found: '4', expected: 'rows: at least 5' }]);
    const { run: settles, events: others } = scene(validating(noted('quarantine')));
    await settles('A');
    expect(others.filter(({ event }) => event === 'check')).toMatchObject([
      { kind: 'rule', name: 'note is there', column: 'note', outcome: 'quarantined', rows: 2, of: 4, flow: 'sim', entity: 'orders' },
    ]);
  });
});
