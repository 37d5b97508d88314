import { add, backfill, compare, durable, durableComparison, remove, run } from './actors.ts';
import { type Row, row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { SpecChanges, StoreKind } from './world.ts';

const patiently = { takeOver: false };
const stores: readonly StoreKind[] = ['plain', 'versioned', 'partitioned', 'uploads'];
const comparing: SpecChanges = {
  watermark: { key: ['id'] },
  compareDeletes: { everyMs: 86_400_000, action: 'apply', mostPercent: 90, isComplete: true },
};
const six: readonly Row[] = [row(1, 1), row(2, 2), row(3, 2), row(4, 3), row(5, 3), row(6, 4)];
/** A newer row lets go of what was deleted at the watermark. */
const finish = [run('F1', patiently), compare('KF', patiently), run('F2', patiently), run('F3', patiently)];

/** Keys compared with files, which are written anew without the rows that are gone. */
export const keyScenarios: readonly Scenario[] = [
  {
    name: 'keys are compared with files while rows come and go',
    stores,
    rows: six,
    spec: comparing,
    setup: [run('Z'), add(row(7, 5)), run('Y'), remove(2)],
    actors: [
      compare('K'),
      remove(4),
      add(row(8, 6)),
      run('B'),
      durableComparison('L'),
      remove(7),
      add(row(9, 8)),
      durable('C'),
      compare('M'),
      add(row(10, 8)),
      run('D'),
    ],
    finish,
  },
  {
    name: 'keys are compared with files whose only row is gone, beside a backfill',
    stores,
    rows: six,
    spec: comparing,
    setup: [run('Z'), add(row(7, 5)), run('Y'), add(row(8, 6)), run('X')],
    actors: [remove(7), compare('K'), backfill('B', '2', '4'), remove(1), durableComparison('L'), add(row(9, 7)), run('C')],
    finish,
  },
];
