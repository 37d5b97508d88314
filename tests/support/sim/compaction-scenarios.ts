import { compactionName } from '../../../src/ports/state.ts';
import {
  add,
  adoptIfParted,
  backfill,
  change,
  compact,
  compare,
  durable,
  durableBackfill,
  durableCompaction,
  event,
  night,
  remove,
  resetTo,
  run,
} from './actors.ts';
import { type Row, row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import { must } from './violation.ts';
import type { StoreKind } from './world.ts';

const patiently = { takeOver: false };
const stores: readonly StoreKind[] = ['plain', 'versioned', 'partitioned', 'uploads'];
const six: readonly Row[] = [row(1, 1), row(2, 2), row(3, 2), row(4, 3), row(5, 3), row(6, 4)];
const increments = [run('Z'), add(row(7, 5)), run('Y'), add(row(8, 5), row(9, 6)), run('X')];
const finish = [run('F1', patiently), compact('CF', patiently), run('F2', patiently), run('F3', patiently)];

const dayMs = 86_400_000;
const aWeekPasses = (name: string) => event(`a week passes before ${name}`, (world) => world.tick(7 * dayMs));
const isRemembered = event('the compaction of this night is remembered', async (world) => {
  const row = await world.row();
  const at = [row?.lanes[compactionName]?.text ?? '', row?.settled?.fullAt ?? ''].toSorted().at(-1) ?? '';
  must(Date.parse(at) >= world.day(dayMs) * dayMs, `the last compaction that the state knows began at ${at}`);
});

/** Small files are put together while rows come, go and are replaced. */
export const compactionScenarios: readonly Scenario[] = [
  {
    name: 'small files are compacted between increments',
    stores,
    rows: six,
    spec: {},
    setup: increments,
    actors: [compact('C'), add(row(10, 6)), run('A'), durableCompaction('D'), add(row(11, 7)), durable('B'), compact('E')],
    finish,
  },
  {
    name: 'small files are compacted beside backfills',
    stores,
    rows: six,
    spec: { watermark: { nulls: 'exclude' } },
    setup: increments,
    actors: [
      compact('C'),
      change(row(4, 3)),
      backfill('B', '2', '4'),
      durableCompaction('D'),
      add(row(10, 7)),
      durableBackfill('E', '3', '5'),
      compact('G'),
      run('A'),
    ],
    finish,
  },
  {
    name: 'small files are compacted beside a comparison of keys',
    stores,
    rows: six,
    spec: {
      watermark: { key: ['id'] },
      compareDeletes: { everyMs: 86_400_000, action: 'apply', mostPercent: 90, isComplete: true },
    },
    setup: increments,
    actors: [
      compact('C'),
      remove(2),
      compare('K'),
      durableCompaction('D'),
      remove(7),
      add(row(10, 8)),
      run('A'),
      compare('L'),
      compact('E'),
    ],
    finish: [run('F0', patiently), compare('KF', patiently), ...finish],
  },
  {
    name: 'small files are compacted while the entity is reset',
    stores,
    rows: six,
    spec: {},
    setup: increments,
    actors: [
      compact('C'),
      resetTo('reset', 'full'),
      durableCompaction('D'),
      add(row(10, 7)),
      run('A'),
      resetTo('adoption', 'adopt'),
      compact('E'),
    ],
    finish: [adoptIfParted('adopt again'), ...finish, run('F4', patiently)],
    harmless: ['HYG-2103'],
  },
  {
    name: 'small files are compacted by the run that comes a week later',
    stores,
    rows: six,
    spec: { compactEveryMs: 7 * dayMs, watermark: { nulls: 'exclude' } },
    setup: increments,
    actors: [
      aWeekPasses('A'),
      night('A'),
      add(row(10, 6)),
      night('B'),
      aWeekPasses('C'),
      add(row(11, 7)),
      night('C'),
      backfill('D', '2', '4'),
      durable('E'),
    ],
    finish: [run('F1', patiently), aWeekPasses('F2'), night('F2', patiently), isRemembered, night('F3', patiently), run('F4', patiently)],
  },
];

/** What the crash matrix kills at every call. */
export const compactionReferences: readonly Scenario[] = [
  { name: 'small files are compacted', stores, rows: six, spec: {}, setup: increments, actors: [compact('C')] },
  {
    name: 'small files are compacted after the run of a night',
    stores,
    rows: six,
    spec: { compactEveryMs: 7 * dayMs },
    setup: [...increments, aWeekPasses('C')],
    actors: [add(row(10, 6)), night('C')],
  },
];
