import { describe, expect, test } from 'vitest';
import type { Home, NewestFile, OneNumber } from '../../src/engine/contracts/home.ts';
import type { Check, ValidationSpec } from '../../src/engine/contracts/validation.ts';
import { runEntity } from '../../src/engine/entity/entity-run.ts';
import type { FilesHead } from '../../src/files/store/head/head-log.ts';
import type { Rule, Severity } from '../../src/frames/rules/rule.ts';
import type { HyggeEvent } from '../../src/ports/events.ts';
import { idsOf } from '../support/sim/actors.ts';
import { simulated } from '../support/sim/at-once.ts';
import { how } from '../support/sim/backfilled.ts';
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

describe('rows that a check counts', () => {
  const rule: Rule = { name: 'c', column: 'note', what: 'not null', severity: 'warn' };
  const counted = (max: string) => checking({ type: 'broken rows', rule, unit: 'percent', min: null, max });

  test('settle while there are as few as the check allows, and nothing is said of them', async () => {
    const { run, events } = scene(counted('50'));
    expect(await run('A')).toMatchObject({ status: 'pass', rows: 4 });
    expect(events.filter(({ event }) => event === 'check')).toEqual([]);
  });

  test('end the run where there are more: nothing settles, and the error says what was counted', async () => {
    const { run, head } = scene(counted('49.9'));
    const end = await run('A');
    expect(end).toMatchObject({ status: 'error', error: { code: 'HYG-2123' } });
    expect(end.error?.why[0]).toBe('c: 2 of 4; expected: at most 49.9% of the rows have this: note is null');
    expect(await head()).toBe(null);
  });
});

test('the number of all rows is judged where a run reads them all', async () => {
  const { run, world } = scene(checking({ type: 'volume', minRows: 4, maxRows: null, withinPercent: null, ofAll: true }));
  expect(await run('A')).toMatchObject({ status: 'pass', rows: 4 });
  world.source.set([...world.source.rows, row(5, 3, { note: 'c' })]);
  expect(await run('B')).toMatchObject({ status: 'pass', rows: 1 });
  world.source.set(world.source.rows.slice(2));
  expect(await run('C', { runType: 'full_drop' })).toMatchObject({ status: 'error', error: { code: 'HYG-2123' } });
});

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

  const asking = (of: object, onFail: Severity = 'fail') => checking({ type: 'sql', query: 'SELECT …', min: '1', max: '3', ...of }, onFail);

  /** A scene whose source answers queries, and has files. */
  function answering(validation: ValidationSpec, answer: OneNumber | Error, newest?: NewestFile, change: Partial<Setting> = {}) {
    const made = scene(validation, change);
    const asked: string[] = [];
    const { home } = made.ports;
    const answers = (of: Home): Home =>
      Object.assign(of, {
        oneNumber: async (query: string) => {
          asked.push(query);
          if (answer instanceof Error) throw answer;
          return answer;
        },
        files: { isOne: false, newest: async () => newest, planned: async () => [] },
      });
    Object.assign(made.ports, {
      home: async (...of: Parameters<typeof home>) => answers(await home(...of)),
    });
    return { ...made, asked };
  }

  test.each([
    ['0', 'error'],
    ['1', 'pass'],
    ['3.000', 'pass'],
    ['3.0000000000000000001', 'error'],
    ['1e2', 'error'],
    ['NaN', 'error'],
    [null, 'error'],
  ] as const)('by a query that gives %s end as %s, and it is asked once', async (number, status) => {
    const { run, head, asked } = answering(asking({}), { number });
    const end = await run('A');
    expect(end).toMatchObject({ status, ...(status === 'error' ? { error: { code: 'HYG-2123' } } : {}) });
    expect(asked).toEqual(['SELECT …']);
    expect((await head()) === null).toBe(status === 'error');
    if (status === 'error') expect(end.error?.why[0]).toBe(`c: ${number ?? 'NULL'}; expected: the query gives at least 1 and at most 3`);
  });

  test('by a query are judged also when nothing is new, and not in a backfill', async () => {
    const { world, run, asked } = answering(validating([]), { number: '9' });
    await run('A');
    expect(asked).toEqual([]);
    Object.assign(world.spec, { validation: asking({}, 'warn') });
    expect(await run('B')).toMatchObject({ status: 'warn', rows: 0, message: expect.stringContaining('the check c failed: 9') });
    expect(asked).toEqual(['SELECT …']);
  });

  test('by a query that returns no number stop the run before it reads', async () => {
    const { run, head } = answering(asking({}, 'warn'), { problem: 'The query returns no row.' });
    expect(await run('A')).toMatchObject({
      status: 'error',
      rows_read: 0,
      error: { code: 'HYG-2127', why: ['The query returns no row.', expect.any(String)] },
    });
    expect(await head()).toBe(null);
  });

  test('by a query that takes too long are given up', async () => {
    const { ports, run } = answering(asking({}), { number: '2' });
    const { home } = ports;
    Object.assign(ports, {
      home: async (...of: Parameters<typeof home>) =>
        Object.assign(await home(...of), {
          oneNumber: (_: string, signal: AbortSignal) =>
            new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
        }),
    });
    expect(await run('A')).toMatchObject({
      status: 'error',
      error: { code: 'HYG-2127', why: ['The query takes longer than two minutes.', expect.any(String)] },
    });
  });

  test.each([
    [2, null, 'pass'],
    [4, null, 'error'],
    [4, 2, 'pass'],
    [2, 4, 'error'],
  ] as const)('of the newest file, %s hours old here and %s by its storage, end as %s', async (hours, there, status) => {
    const earlier = (now: string, of: number) => new Date(Date.parse(now) - of * 3_600_000).toISOString();
    const now = scene(validating([])).ports.clock.now();
    // What the storage says is said of its own clock, which may be years from ours.
    const newest =
      there === null
        ? { writtenAt: earlier(now, hours), now: null }
        : { writtenAt: earlier('2001-01-01T12:00:00.000Z', there), now: '2001-01-01T12:00:00.000Z' };
    const { run } = answering(checking({ type: 'freshness', column: null, maxAgeMs: 3 * 3_600_000 }), { number: null }, newest);
    const end = await run('A');
    expect(end.status).toBe(status);
    const owner = there === null ? 'this machine' : 'the storage of its files';
    if (status === 'error')
      expect(end.error?.why[0]).toMatch(
        new RegExp(`^c: \\d+h old; expected: the newest file is at most 3h old \\(by the clock of ${owner}\\)`),
      );
  });

  test.each(['fail', 'warn'] as const)('of a newest file that was written in the future tell no age, in mode %s', async (mode) => {
    const writtenAt = '9999-12-31T00:00:00.000Z';
    const there = { writtenAt, now: '2001-01-01T12:00:00.000Z' };
    const { run, events } = answering(checking({ type: 'freshness', column: null, maxAgeMs: 3_600_000 }, mode), { number: null }, there);
    const end = await run('A');
    const [found, others] = ['2921572d in the future', 'so the age of other rows is unknown'];
    const clock = 'by the clock of the storage of its files';
    const outcome = mode === 'warn' ? 'warned' : 'failed';
    expect(events).toContainEqual(expect.objectContaining({ event: 'check', name: 'c', outcome, found: `${found} (${clock}), ${others}` }));
    const expected = 'expected: the newest file is at most 60m old';
    if (mode === 'warn')
      expect(end).toMatchObject({
        status: 'warn',
        message: `the check c failed: the newest time is ${found} ${clock}, so the age of other rows is unknown; correct that time in the source, or leave out its row (${expected})`,
      });
    else
      expect(end).toMatchObject({
        status: 'error',
        error: {
          code: 'HYG-2123',
          why: [`c: ${found} (${clock}), ${others}; ${expected}`, expect.any(String)],
          tryThis: [expect.stringMatching(/^Set the time of the files with a future time to now/), ...Array(3).fill(expect.any(String))],
        },
      });
  });

  test('of the newest file are not judged where there is none', async () => {
    const { run, events } = answering(checking({ type: 'freshness', column: null, maxAgeMs: 1 }), { number: null });
    expect(await run('A')).toMatchObject({ status: 'pass' });
    expect(events).toContainEqual(expect.objectContaining({ event: 'check', name: 'c', outcome: 'not_judged' }));
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
    ['HYG-2120', 'uniqueness, of a column that does not settle,', { type: 'uniqueness', columns: ['gone'] }],
    ['HYG-2127', 'sql, where the source has none,', { type: 'sql', query: 'select 1', min: '0', max: null }],
  ])('are refused with %s when the run is planned if they are of the type %s', async (code, _, of) => {
    const { run } = scene(checking(of));
    expect(await run('A')).toMatchObject({ status: 'error', rows_read: 0, error: { code } });
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
