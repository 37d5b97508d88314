import { type Actor, add, adoptIfParted, cancel, durable, event, finisher, remove, resetTo, run } from './actors.ts';
import type { Call } from './call.ts';
import { row } from './rows.ts';
import type { Scenario } from './scenarios.ts';

const base = { rows: [row(1, 1), row(2, 2), row(2, 2), row(9, null)], spec: {} } as const;
const full = { runType: 'full_drop', watermark: null } as const;
const theirs = row(99, 9, { by: 'theirs' });
const patiently = { takeOver: false };
const files = ['plain', 'versioned', 'partitioned', 'uploads'] as const;

const publishes = ({ label }: Pick<Call, 'label'>) => /^\w+ (publish|complete|tx) /.test(label);
/** Of slices in parts that are published one by one, any but the first. */
const publishesMore = ({ label }: Pick<Call, 'label'>) => publishes({ label }) && !/-00000-000-/.test(label);

/** The store refuses for good, from here on: all of a commit, or what comes after its first part. */
export const refuses = event('the store begins to refuse', ({ refusals }) => void refusals.refuse(publishes, { by: 'EXDEV' }));
export const refusesMore = event(
  'the store refuses what comes second',
  ({ refusals }) => void refusals.refuse(publishesMore, { by: 'EXDEV' }),
);
const isFull = event('the disk is full', ({ refusals }) => void refusals.refuse(publishes, { by: 'ENOSPC' }));
export const allowed = event('the store refuses no more', ({ refusals }) => refusals.lift());
const lose = event('the state is lost', (world) => world.loseState());
const foreign = event('someone fills the destination', (world) => world.plantForeign([theirs]));

/** A run that decided and could not publish, for a reason that passes. */
export const decided = (name: string): readonly Actor[] => [isFull, run(name), allowed];

const finish = [run('F1', patiently), run('F2', patiently)];
const adopting = [adoptIfParted('adopt again'), ...finish];
const discarding = { harmless: ['HYG-2017'] };

/** What the store refuses when it is decided. */
export const refusalScenarios: readonly Scenario[] = [
  {
    name: 'refused: comes and goes',
    ...base,
    actors: [run('A'), refuses, add(row(3, 2)), run('B'), allowed, add(row(4, 3)), run('C')],
  },
  {
    name: 'refused: every step delivered twice',
    ...base,
    setup: [refuses],
    actors: [durable('A'), durable('A2', 'A'), allowed, add(row(3, 3)), run('B')],
  },
  {
    name: 'refused: a full load that replaces the destination',
    rows: base.rows,
    spec: full,
    actors: [run('A'), remove(1), refuses, run('B'), allowed, add(row(3, 3)), run('C')],
  },
  {
    name: 'refused: a cancel beside',
    ...base,
    setup: [refuses],
    actors: [durable('A'), cancel('cancel', 'A'), allowed, add(row(3, 2)), run('B')],
  },
  {
    name: 'refused: a reset beside',
    ...base,
    setup: [run('Z'), remove(1)],
    actors: [refuses, add(row(3, 3)), run('B'), resetTo('reset', 'full'), allowed, run('C')],
    finish: [resetTo('reset again', 'full'), ...finish],
  },
  {
    name: 'refused: state lost, then reset --adopt',
    ...base,
    actors: [run('A'), refuses, add(row(3, 3)), run('B'), lose, resetTo('adopt', 'adopt'), allowed, add(row(4, 3)), run('C')],
    finish: adopting,
    stops: ({ destination }) => (destination.head() === null || destination.head()?.nothing ? ['HYG-2002', 'HYG-2017'] : []),
  },
  {
    name: 'refused: first load over foreign data that is replaced',
    rows: base.rows,
    spec: { ifExists: 'replace' },
    setup: [foreign, refuses],
    actors: [run('A'), allowed, run('B')],
  },
  {
    name: 'refused: three finishers',
    ...base,
    setup: [run('Z'), add(row(3, 3)), ...decided('A'), refuses],
    actors: [finisher('X'), finisher('Y'), allowed, finisher('V')],
  },
  {
    name: 'refused: three finishers of a first load',
    ...base,
    setup: [...decided('A'), refuses],
    actors: [finisher('X'), finisher('Y'), allowed, finisher('V')],
  },
  {
    name: 'stuck: two finishers and a discard',
    ...base,
    setup: [run('Z'), add(row(3, 3), row(5, 3), row(4, 4)), ...decided('A'), refusesMore],
    actors: [finisher('X'), resetTo('discard', 'discard'), allowed, finisher('Y')],
    ...discarding,
  },
  {
    name: 'stuck: a later part cannot be published',
    ...base,
    stores: files,
    actors: [run('A'), refusesMore, add(row(3, 3), row(4, 3)), run('B'), run('C'), allowed, run('D')],
  },
  {
    name: 'stuck: reset --discard',
    ...base,
    actors: [run('A'), refusesMore, add(row(3, 3), row(4, 3)), run('B'), resetTo('discard', 'discard'), allowed, add(row(5, 3)), run('C')],
    ...discarding,
  },
];

/** For the crash matrix. */
export const refusalReferences: readonly Scenario[] = [
  { name: 'refused', ...base, setup: [run('Z'), add(row(3, 2), row(4, 3)), refuses], actors: [run('A')] },
  { name: 'refused first load', ...base, setup: [refuses], actors: [run('A')] },
  { name: 'refused to an earlier run', ...base, setup: [run('Z'), add(row(3, 3)), ...decided('A'), refuses], actors: [run('B')] },
  { name: 'stuck', ...base, setup: [run('Z'), add(row(3, 2), row(4, 3)), refusesMore], actors: [run('A')] },
  {
    name: 'discard',
    ...base,
    setup: [run('Z'), add(row(3, 2), row(4, 3)), refusesMore, run('A')],
    actors: [resetTo('discard', 'discard')],
    ...discarding,
  },
];
