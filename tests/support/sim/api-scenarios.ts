import { type Actor, add, durable, remove, run } from './actors.ts';
import { type Row, row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { SpecChanges } from './world.ts';

const full: SpecChanges = { runType: 'full_drop', watermark: null };
/** More than a client gets before it is sent away. */
const many: readonly Row[] = [1, 2, 2, 3, 4, 5, 6, 7, 8].map((id) => row(id, id));
const sentAway: readonly Actor[] = [run('A'), remove(4), durable('B'), add(row(9, 9), row(10, 10)), durable('B2', 'B'), run('C')];

export const apiScenarios: readonly Scenario[] = [
  { name: 'API: sent away for a while, full loads', home: 'api', rows: many, spec: full, actors: sentAway },
];

/** Nothing but a clean world and its processes: what the crash matrix kills at every call. */
export const apiReferences: readonly Scenario[] = [
  { name: 'API: sent away for a while', home: 'api', rows: many, spec: full, actors: [run('A')] },
  { name: 'API: sent away for a while, by orchestration', home: 'api', rows: many, spec: full, actors: [durable('A')] },
];
