import { add, durable, event, resetTo, run } from './actors.ts';
import { type Row, row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { SpecChanges } from './world.ts';

/** Rows with a watermark, from a source that tells when it has changed: a run with nothing new ends without a claim. */
const rows: readonly Row[] = [row(1, 1), row(2, 2)];
const spec: SpecChanges = { watermark: { nulls: 'exclude' } };
const base = { rows, spec, home: 'versioned', setup: [run('Z')] } as const;

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
    name: 'nothing new, but a reset asks for all of it',
    ...base,
    actors: [run('A'), resetTo('reset', 'full'), run('B')],
  },
  {
    name: 'nothing new, by file',
    rows,
    spec: { watermark: null, changedFiles: 'replace' },
    setup: [run('Z')],
    actors: [run('A'), event('a file comes', ({ source }) => source.setFile('second', [row(5, 5)])), run('B'), durable('C'), run('D')],
  },
];

export const lookReferences: readonly Scenario[] = [{ name: 'nothing new, without a claim', ...base, actors: [run('A')] }];
