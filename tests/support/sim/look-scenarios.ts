import { add, cancel, durable, event, remove, resetTo, run } from './actors.ts';
import { type Row, row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { SpecChanges, World } from './world.ts';

/** Rows with a watermark, from a source that tells when it has changed: a run with nothing new ends without a claim. */
const rows: readonly Row[] = [row(1, 1), row(2, 2)];
const spec: SpecChanges = { watermark: { nulls: 'exclude' } };
const base = { rows, spec, home: 'versioned', setup: [run('Z')] } as const;
const patiently = { takeOver: false };
const finish = [run('F1', patiently), run('F2', patiently)];

/** What the source forgot stays settled, if readers ever saw it. */
const withKept =
  (...forgotten: readonly Row[]) =>
  ({ source, shown }: World) => [...source.rows, ...forgotten.filter(({ id, mark }) => shown.has(`${id}@${mark}`))];

export const lookScenarios: readonly Scenario[] = [
  {
    name: 'nothing new, beside runs that find something',
    ...base,
    actors: [run('A'), run('B'), add(row(3, 3)), run('C'), run('D'), add(row(4, 4)), durable('E')],
  },
  {
    name: 'nothing new, every step delivered twice',
    ...base,
    actors: [durable('A'), durable('A2', 'A'), add(row(3, 3)), durable('B'), durable('B2', 'B')],
  },
  {
    name: 'nothing new, for what came is gone again',
    ...base,
    actors: [add(row(3, 3)), run('A'), remove(3), run('B'), run('C')],
    expected: withKept(row(3, 3)),
  },
  {
    name: 'nothing new, beside a cancel',
    ...base,
    actors: [durable('A'), cancel('cancel', 'A'), add(row(3, 3)), durable('B'), cancel('cancel B', 'B')],
  },
  {
    name: 'nothing new, but a reset',
    ...base,
    actors: [run('A'), remove(1), resetTo('reset', 'full'), run('B'), run('C')],
    finish: [resetTo('reset again', 'full'), ...finish],
  },
  {
    name: 'nothing new, but a reset asks for all of it',
    ...base,
    actors: [run('A'), resetTo('reset', 'full'), run('B')],
  },
  {
    name: 'nothing new, and the destination is lost',
    ...base,
    actors: [run('A'), event('the destination is dropped', (world) => world.loseDestination()), run('B')],
    stops: () => ['HYG-2003', 'HYG-2004', 'HYG-2005'],
  },
  {
    name: 'nothing new, by file',
    rows,
    spec: { watermark: null, changedFiles: 'replace' },
    setup: [run('Z')],
    actors: [run('A'), event('a file comes', ({ source }) => source.setFile('second', [row(5, 5)])), run('B'), durable('C'), run('D')],
  },
];

export const lookReferences: readonly Scenario[] = [
  { name: 'nothing new, without a claim', ...base, actors: [run('A')] },
  { name: 'nothing new, without a claim, once more', ...base, setup: [run('Y'), run('Z')], actors: [run('A')] },
  { name: 'nothing new, without a claim, by orchestration', ...base, actors: [durable('A')] },
];
