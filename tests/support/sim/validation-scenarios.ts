import type { Check } from '../../../src/engine/contracts/validation.ts';
import type { Rule, Severity } from '../../../src/frames/rules/rule.ts';
import { add, backfill, change, drop, durable, durableBackfill, durableReplay, event, judgeBy, remove, replay, run } from './actors.ts';
import { baseSchema, liesApart, multiset, type Row, row, rowText, withColumn } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import { validating } from './validating.ts';
import { must } from './violation.ts';
import { key, type World } from './world.ts';

const note = { note: 'there' };
const isKept = (one: Row) => (one.note ?? null) !== null;
/** One broken row below the boundary group, and two in it. */
const noted: readonly Row[] = [row(1, 1, note), row(2, 1), row(3, 2, note), row(4, 2), row(5, 2)];

const columnIsThere = event('the source has a column', ({ source }) => {
  source.schema = withColumn(baseSchema, 'note');
  source.set(noted);
});

/** Those that keep the rules of now settle. All others lie in quarantine, each once. */
function settledAndApart(world: World): readonly Row[] {
  const { source, destination, spec } = world;
  const rules = spec.validation?.rules ?? [];
  const [is, expected] = [multiset(destination.apart?.() ?? []), multiset(source.rows.filter((one) => liesApart(one, rules)))];
  must(is === expected, `in quarantine is [${is}], and [${expected}] of the source break a rule`);
  return source.rows.filter((one) => !liesApart(one, rules));
}

const rule = (severity: Severity): Rule => ({ name: 'note is there', column: 'note', what: 'not null', severity });
const apart = validating([rule('quarantine')]);
const anything = validating([]);
const checking = (more: Pick<Check & { readonly type: 'volume' }, 'minRows' | 'maxRows' | 'onFail'>): Check => ({
  ...{ name: 'rows come', type: 'volume', withinPercent: null, rows: 'read' },
  ...more,
});
const warned = validating([rule('warn')], { checks: [checking({ onFail: 'warn', minRows: null, maxRows: 1000 })] });
/** So many rows without a note may settle in a run. */
const brokenAtMost = (max: string) =>
  validating([], {
    checks: [{ name: rule('warn').name, type: 'broken rows', rule: rule('warn'), unit: 'rows', min: null, max, onFail: 'fail' }],
  });
const files = ['plain', 'versioned', 'partitioned', 'uploads'] as const;
const closed = { nulls: 'exclude' } as const;
const patiently = { takeOver: false };

const isMended = judgeBy('the rule goes', anything);
const isStrict = judgeBy('the rule is there again', apart);
/** Rows that came before the rule went are replayed; the last run has nothing new. */
const replayed = [run('F1', patiently), replay('RF', patiently), run('F2', patiently), run('F3', patiently)];

const dropsAll = event('somebody means to drop all', ({ source, dropped }) => {
  for (const one of source.rows) if (!isKept(one)) dropped.add(rowText(one));
});

const mayBeDropped = ({ source, destination, dropped }: World): readonly Row[] => {
  const there = new Set((destination.apart?.() ?? []).map(rowText));
  const lost = source.rows.filter((one) => !isKept(one) && !there.has(rowText(one)) && !dropped.has(rowText(one)));
  must(lost.length === 0, `[${multiset(lost)}] break a rule, were not dropped, and are nowhere`);
  return source.rows.filter(isKept);
};

const idsOnce = (onFail: Severity) =>
  validating([], { mode: onFail, checks: [{ name: 'ids come once', onFail, type: 'uniqueness', columns: ['id'], setsApart: true }] });
/** In slices of their own, or in one. */
const twice: readonly Row[] = [row(3, 3), row(3, 4)];
const corrected = event('the source is corrected', ({ source, destination }) => {
  must(!destination.rows().some(({ id }) => id === 3), 'a key came twice, and its rows are visible');
  source.set(source.rows.filter(({ id, mark }) => id !== 3 || mark === 4));
});
/** As often as the source has them: a slice that was read twice counts once. */
const countedOnce = event('the journal is read', async (world) => {
  const rows = await world.rawState().journal(key);
  const notes = rows
    .flatMap((one) => one.notes ?? [])
    .flatMap((note) => (typeof note === 'object' && note.code === 'check_warns' ? [note] : []));
  const right = '1 key comes more than once, 1 row is too many';
  must(
    notes.length > 0 && notes.every(({ found }) => found.startsWith(right)),
    `runs found ${notes.map(({ found }) => found).join(' and ') || 'nothing'}`,
  );
});

const older = ({ id, mark }: Row) => id === 3 && mark === 3;
/** The journal counts the older row once, in the run that settled the newer one. Another run may have finished that commit. */
const apartOnce = event('the journal is read', async (world) => {
  const counts = (await world.rawState().journal(key)).map(({ quarantined }) => quarantined ?? 0).filter((rows) => rows > 0);
  must(counts.join() === '1', `rows that lie apart by run: ${counts.join(', ') || 'none'}`);
});

/** Rows that break a rule, under kills: here or apart, each once. */
export const validationScenarios: readonly Scenario[] = [
  {
    name: 'rows that break a rule lie apart',
    rows: noted,
    spec: { validation: apart, watermark: closed },
    stores: files,
    setup: [columnIsThere],
    actors: [run('A'), add(row(6, 3, note), row(7, 3)), run('B')],
    expected: settledAndApart,
  },
  {
    name: 'a full load replaces quarantine too',
    rows: noted,
    spec: { validation: apart, runType: 'full_drop', watermark: null },
    stores: files,
    setup: [columnIsThere, run('S')],
    actors: [add(row(6, 2)), run('A')],
    expected: settledAndApart,
    lastEnds: 'warn 3',
  },
  {
    name: 'a replaced range takes its quarantine with it',
    rows: [...noted, row(8, 9, note)],
    spec: { validation: apart, watermark: closed },
    stores: files,
    setup: [columnIsThere, add(row(8, 9, note)), run('S')],
    actors: [
      change(row(4, 2, note)),
      backfill('B', '2', '3'),
      change(row(1, 1)),
      durableBackfill('C', '1', '3'),
      add(row(9, 9)),
      run('A'),
      durableBackfill('D', '1', '3'),
    ],
    finish: [run('F0', patiently), backfill('BF', '1', '3'), run('F1', patiently), run('F2', patiently)],
    expected: settledAndApart,
  },
  {
    name: 'rows in quarantine are replayed beside runs',
    rows: noted,
    spec: { validation: apart, watermark: closed },
    stores: files,
    setup: [columnIsThere, run('S')],
    actors: [
      replay('Q'),
      isMended,
      replay('R'),
      add(row(6, 2), row(7, 2, note)),
      run('A'),
      durableReplay('D'),
      add(row(8, 3), row(9, 3, note)),
      durable('B'),
      replay('E'),
    ],
    finish: replayed,
    expected: settledAndApart,
  },
  {
    name: 'rows in quarantine are replayed beside a full load and backfills',
    rows: noted,
    spec: { validation: apart, watermark: closed },
    stores: files,
    setup: [columnIsThere, add(row(8, 9, note)), run('S')],
    actors: [
      isMended,
      replay('R'),
      isStrict,
      run('A', { runType: 'full_drop' }),
      durableReplay('D'),
      backfill('B', '1', '3'),
      isMended,
      durableReplay('E'),
      remove(9),
      add(row(10, 9)),
      run('C'),
    ],
    finish: replayed,
    expected: settledAndApart,
  },
  {
    name: 'rows in quarantine are dropped beside runs and replays',
    rows: noted,
    spec: { validation: apart, watermark: closed },
    stores: files,
    setup: [columnIsThere, run('S'), dropsAll],
    actors: [drop('X'), replay('R'), add(row(6, 3), row(7, 3, note)), run('A'), durableReplay('D')],
    expected: mayBeDropped,
  },
  {
    name: 'a key that comes twice stops the run, and the destination stays as it is',
    rows: [row(1, 1), row(2, 2)],
    spec: { validation: idsOnce('fail'), watermark: { nulls: 'exclude' } },
    stores: [...files, 'sql'],
    actors: [run('A'), add(...twice), run('B'), run('C')],
    harmless: ['HYG-2123'],
    finish: [corrected, run('F1', patiently), run('F2', patiently)],
  },
  {
    name: 'a key that comes twice is counted once, however often its slices are read',
    rows: [row(1, 1), row(2, 2)],
    spec: { validation: idsOnce('warn'), watermark: { nulls: 'exclude' } },
    stores: [...files, 'sql'],
    actors: [run('A'), add(...twice), run('B'), run('C')],
    finish: [run('F1', patiently), countedOnce, run('F2', patiently)],
  },
  {
    name: 'of a key that comes twice the newer row settles, and the other lies apart',
    rows: [row(1, 1), row(2, 2)],
    spec: { validation: idsOnce('quarantine'), watermark: { nulls: 'exclude' } },
    stores: ['sql'],
    actors: [run('A'), add(...twice), run('B'), durable('C'), durable('C2', 'C')],
    finish: [run('F1', patiently), apartOnce, run('F2', patiently)],
    expected: ({ source }) => source.rows.filter((one) => !older(one)),
  },
  {
    name: 'a rule of settled rows that becomes strict ends no run that brings others',
    rows: noted,
    spec: { validation: warned, watermark: { nulls: 'include' } },
    setup: [columnIsThere, add(row(8, null)), run('S'), judgeBy('the rule is strict', validating([rule('fail')]))],
    actors: [run('A'), durable('B'), run('C')],
  },
  {
    name: 'a check counts the broken rows of a run once, however often its slices are read',
    rows: noted,
    spec: { validation: brokenAtMost('3'), watermark: closed },
    setup: [columnIsThere, run('S'), add(row(6, 6), row(7, 7), row(8, 8))],
    actors: [run('A'), durable('B'), durable('C', 'B')],
  },
];
