import { type Actor, add, durable, event, remove, run } from './actors.ts';
import { datedSchema, type Row, row, withDeletes } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { SpecChanges, World } from './world.ts';

const dayMs = 86_400_000;
const pass = (count: number) => event(`${count} days pass`, (world) => world.tick(count * dayMs));
const full: SpecChanges = { runType: 'full_drop', watermark: null };
/** More than a client gets before it is sent away. */
const many: readonly Row[] = [1, 2, 2, 3, 4, 5, 6, 7, 8].map((id) => row(id, id));
const numbered: readonly Row[] = [1, 2, 3, 4, 5, 6, 7].map((id) => row(id, id));
const onlyAdds = {
  home: 'api that only adds',
  rows: numbered,
  spec: { watermark: { boundary: 'open', nulls: 'fail' } },
  finish: [pass(1), run('F1', { takeOver: false }), run('F2', { takeOver: false })],
} as const;
const sentAway: readonly Actor[] = [run('A'), remove(4), durable('B'), add(row(9, 9), row(10, 10)), durable('B2', 'B'), run('C')];

const finish = [run('F1', { takeOver: false }), run('F2', { takeOver: false })];
/** In days, as the simulation begins. */
const today = 20_777;
const days: readonly Row[] = [row(1, today - 9), row(2, today - 5), row(2, today - 5), row(3, today - 4), row(4, today - 2), row(5, today)];
const comes = (id: number, hoursLate: number) =>
  event(`${id} comes ${hoursLate} hours late`, (world) =>
    world.source.set([...world.source.rows, row(id, world.day(hoursLate * 3_600_000))]),
  );
const late = (id: number) => comes(id, 24);
const fresh = (id: number) => comes(id, 0);
const twoDays: SpecChanges = { watermark: { boundary: 'open', nulls: 'exclude', lagMs: 2 * dayMs } };
const lagging = { rows: days, schema: datedSchema, spec: twoDays, finish: [pass(4), ...finish] } as const;

const flagged = (id: number, mark: number, isDeleted: boolean) => row(id, mark, { _deleted: String(isDeleted) });
const gone = (id: number) => event(`${id} is deleted`, (world) => world.source.set([...world.source.rows, flagged(id, world.day(), true)]));
const telling = {
  home: 'api that tells deletes',
  rows: [1, 2, 3, 4].map((id) => flagged(id, today - 10 + id, false)),
  schema: withDeletes(datedSchema),
  finish: [pass(4), ...finish],
  actors: [run('A'), gone(2), pass(2), durable('B'), gone(1), pass(3), run('C')],
} as const;

/** The source keeps one row of each id, as it is now. */
const applied: SpecChanges = {
  deletes: 'apply',
  writeStrategy: 'merge',
  watermark: { key: ['id'], boundary: 'open', nulls: 'exclude', lagMs: 2 * dayMs },
};
const becomes = (id: number, what: string, rows: (world: World) => readonly Row[]) =>
  event(`${id} ${what}`, (world) => world.source.set([...world.source.rows.filter((one) => one.id !== id), ...rows(world)]));
const goes = (id: number) => becomes(id, 'is deleted', (world) => [flagged(id, world.day(), true)]);
/** Both are told. */
const comesBack = (id: number) =>
  becomes(id, 'is deleted and comes back', (world) => [flagged(id, world.day() - 1, true), flagged(id, world.day(), false)]);
const changes = (id: number) => becomes(id, 'changes', (world) => [flagged(id, world.day(), false)]);
const applying = {
  ...telling,
  stores: ['sql'],
  spec: applied,
  expected: ({ source }: World) => source.rows.filter(({ _deleted }) => _deleted !== 'true'),
} as const;

export const apiScenarios: readonly Scenario[] = [
  { name: 'API: deleted rows are marked', ...telling, spec: twoDays },
  {
    name: 'API: deleted rows are removed',
    ...applying,
    actors: [run('A'), goes(2), pass(1), comesBack(3), pass(3), durable('B'), goes(1), changes(2), pass(3), run('C'), goes(3)],
  },
  {
    name: 'API: deleted rows are removed, and a full load between',
    ...applying,
    actors: [run('A'), goes(2), pass(3), run('B', { runType: 'full_drop' }), comesBack(4), goes(1), pass(3), run('C')],
  },
  {
    name: 'API: rows at the watermark are deleted, and not only they',
    ...applying,
    spec: { ...applied, watermark: { ...applied.watermark, boundary: 'closed' } },
    lastEnds: 'pass 0',
    actors: [
      run('A'),
      becomes(4, 'is deleted, as of the same day', () => [flagged(4, today - 6, true)]),
      durable('B'),
      goes(1),
      pass(3),
      run('C'),
    ],
  },
  {
    name: 'API: rows are only added, in ascending order',
    ...onlyAdds,
    actors: [run('A'), add(row(8, 8), row(9, 9), row(10, 10)), durable('B'), pass(1), durable('B2', 'B'), add(row(11, 11)), run('C')],
  },
  { name: 'API: sent away for a while, full loads', home: 'api', rows: many, spec: full, actors: sentAway },
  {
    name: 'API: rows come a day late, under a lag of two',
    home: 'api',
    ...lagging,
    actors: [
      run('A'),
      comes(16, 36),
      pass(1),
      fresh(6),
      late(7),
      durable('B'),
      pass(1),
      late(8),
      comes(17, 36),
      run('C'),
      pass(1),
      late(9),
      durable('D'),
      durable('D2', 'D'),
    ],
  },
  {
    name: 'API: rows come late, and its columns are known before',
    home: 'api that tells its columns',
    ...lagging,
    actors: [durable('A'), late(6), pass(2), run('B'), late(7), pass(3), fresh(8), run('C')],
  },
  {
    name: 'API: read up to its clock less a lag, rows come late',
    home: 'api with a clock',
    ...lagging,
    spec: { watermark: { nulls: 'exclude', lagMs: 2 * dayMs } },
    actors: [run('A'), comes(16, 36), run('B'), pass(1), late(7), durable('C'), comes(17, 36), pass(2), fresh(8), run('D')],
  },
  {
    name: 'API: rows come late, and what they lie in is read again',
    home: 'api',
    rows: days,
    schema: datedSchema,
    spec: { watermark: { boundary: 'open', nulls: 'exclude', overlapMs: 3 * dayMs } },
    actors: [run('A'), fresh(6), late(7), run('B'), pass(1), late(8), durable('C')],
    finish: [pass(1), ...finish],
    lastEnds: 'pass 0',
  },
];

/** Nothing but a clean world and its processes: what the crash matrix kills at every call. */
export const apiReferences: readonly Scenario[] = [
  { name: 'API: sent away for a while', home: 'api', rows: many, spec: full, actors: [run('A')] },
  {
    name: 'API: a deleted row is removed',
    ...applying,
    setup: [run('Z'), goes(2), comesBack(3), pass(4)],
    actors: [run('A')],
  },
  { name: 'API: rows were added', ...onlyAdds, setup: [run('Z'), add(row(8, 8), row(9, 9), row(10, 10)), pass(1)], actors: [run('A')] },
  { name: 'API: a row that came late', home: 'api', ...lagging, setup: [run('Z'), pass(1), late(6), pass(3)], actors: [run('A')] },
];
