import { expect, it } from 'vitest';
import { laneAt, repairOf, withSpare } from '../../src/engine/backfill/backfill.ts';
import type { RowsInRange } from '../../src/engine/backfill/range-counts.ts';
import { type RepairToPlan, repairPlan } from '../../src/engine/backfill/repair-plan.ts';
import type { DifferingRanges } from '../../src/ports/answers/comparison.ts';
import { loaded } from '../support/sim/backfilled.ts';
import { key } from '../support/sim/world.ts';

const none = { adds: 0, changes: 0, removes: 0, source: 0, destination: 0 };
const range = (from: string, to: string) => ({ from, to, to_included: false, rows: none });
const differing: DifferingRanges = {
  column: 'mark',
  ranges: [range('2', '3'), range('4', '5')],
  beyond: 0,
  unmarked: 0,
  held: 0,
  later: 0,
};
const counted = (more: Partial<RowsInRange> = {}): RowsInRange => ({ source: 1, settled: 2, markedDeleted: 0, leftOut: 0, ...more });
const compareDeletes = { everyMs: 86_400_000, action: 'apply', mostPercent: 90, isComplete: true } as const;

it('a repair may take away the rows of a range that are marked as deleted, and what is to spare', async () => {
  const { ports } = await loaded();
  const rows = [counted({ markedDeleted: 3, leftOut: 4 }), counted()];
  const series = await repairOf(key, differing, { foreign: 'replace', keepsNewer: false, rows, ports });
  expect(series.repair?.ranges).toMatchObject([
    { fewer: 4, leftOut: 4 },
    { fewer: 1, leftOut: 0 },
  ]);
  expect(laneAt(withSpare(series, 2), 0).repair).toMatchObject({ mostFewer: 7, mostLeftOut: 4 });
});

it('a plan counts each row that a comparison of keys would take away in one range', async () => {
  const { ports, world } = await loaded({ watermark: { key: ['id'] }, compareDeletes });
  const rows = [counted(), counted({ settled: 3 })];
  const series = await repairOf(key, differing, { foreign: 'replace', keepsNewer: false, rows, ports });
  const of = {
    signal: new AbortController().signal,
    found: { rows: { source: 6, destination: 9, deletes_due: 2, unknown_keys: 0 } },
    differing,
    rows,
  } as unknown as RepairToPlan;
  const plan = await repairPlan(world.spec, series, of, ports);
  expect(plan.ranges.map(({ effect }) => [effect.removes, effect.earlier_versions])).toEqual([
    [1, 0],
    [1, 1],
  ]);
  expect(plan.effect).toMatchObject({ removes: 2, earlier_versions: 1 });
});
