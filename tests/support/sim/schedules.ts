import { add, adoptIfParted, cancel, durable, event, remove, resetTo, run } from './actors.ts';
import { overlapping } from './backfill-scenarios.ts';
import type { Move } from './directed.ts';
import { directedRefusals } from './refusal-schedules.ts';
import { row, withColumn } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import { othersWriteMeanwhile } from './table-scenarios.ts';
import type { StoreKind } from './world.ts';

/** A schedule written by hand, for a cell of the transition table that chance comes to too rarely. */
export interface Directed {
  readonly cell: string;
  readonly scenario: Scenario;
  /** `sql` where nothing is said. */
  readonly store?: StoreKind;
  readonly moves: readonly Move[];
}

const lose = event('lose', (world) => world.loseState());
const loseAgain = event('lose again', (world) => world.loseState());
const base = { rows: [row(1, 1), row(2, 2)], spec: {} } as const;
const settledOnce = { ...base, setup: [run('Z'), add(row(3, 3))] } as const;
/** A source that tells its version, so that a run may end without a claim. */
const looking: Pick<Scenario, 'rows' | 'spec' | 'home' | 'setup' | 'expected'> = {
  rows: base.rows,
  spec: { watermark: { nulls: 'exclude' } },
  home: 'versioned',
  setup: [run('Z'), add(row(3, 3))],
  expected: ({ source, shown }) => [...source.rows, ...(shown.has('3@3') && !source.rows.some(({ id }) => id === 3) ? [row(3, 3)] : [])],
};
const recovering = { finish: [adoptIfParted('adopt at last'), run('F1', { takeOver: false }), run('F2', { takeOver: false })] } as const;

/** Epochs that decided nothing lift A above all that comes after the adopt. */
const newLineage = {
  rows: base.rows,
  spec: {},
  ...recovering,
  setup: [run('W'), run('X'), run('Y'), run('Z'), add(row(3, 3))],
  actors: [run('A'), lose, resetTo('adopt', 'adopt'), add(row(4, 3)), run('C')],
};

export const directed: readonly Directed[] = [
  {
    cell: 'none × intend',
    scenario: { name: 'state lost before the decision', ...base, ...recovering, actors: [run('A'), lose] },
    moves: [{ process: 'A', until: /put intents/ }, { process: 'lose' }],
  },
  {
    cell: 'none × settle',
    scenario: { name: 'state lost before it settles', ...base, ...recovering, actors: [run('A'), lose] },
    moves: [{ process: 'A', until: /tx / }, { process: 'lose' }],
  },
  {
    cell: 'none × void',
    scenario: {
      name: 'state lost, fenced, and lost again',
      ...settledOnce,
      ...recovering,
      actors: [run('A'), lose, resetTo('adopt', 'adopt'), loseAgain],
    },
    moves: [{ process: 'A', until: /\(intend\)/ }, { process: 'lose' }, { process: 'adopt' }, { process: 'lose again' }],
  },
  {
    cell: 'none × release',
    scenario: { name: 'state lost before nothing new is said', ...base, ...recovering, setup: [run('Z')], actors: [durable('A'), lose] },
    moves: [{ process: 'A', until: /get receipts/ }, { process: 'lose' }],
  },
  {
    cell: 'none × renew',
    scenario: { name: 'state lost while a lease is renewed', ...base, ...recovering, actors: [durable('A'), lose] },
    moves: [{ process: 'A', until: /history plan/ }, { process: 'A', first: 'jump', until: /get plans/, more: 1 }, { process: 'lose' }],
  },
  {
    cell: 'none × reset',
    scenario: { name: 'state lost during a reset', ...settledOnce, ...recovering, actors: [resetTo('reset', 'full'), lose] },
    moves: [{ process: 'reset', until: /state list $/, more: 3 }, { process: 'lose' }],
  },
  {
    cell: 'none × adopt',
    scenario: { name: 'state lost during an adopt', ...settledOnce, ...recovering, actors: [resetTo('adopt', 'adopt'), lose] },
    moves: [{ process: 'adopt', until: /sql fence/ }, { process: 'lose' }],
  },
  {
    cell: 'idle × renew',
    scenario: { name: 'cancelled while a lease is renewed', ...base, actors: [durable('A'), cancel('cancel', 'A')] },
    moves: [{ process: 'A', until: /history plan/ }, { process: 'A', first: 'jump', until: /get plans/, more: 1 }, { process: 'cancel' }],
  },
  {
    cell: 'idle × reset',
    scenario: { name: 'a run comes and goes during a reset', ...settledOnce, actors: [resetTo('reset', 'full'), run('B')] },
    moves: [{ process: 'reset', until: /state list $/, more: 3 }, { process: 'B' }],
  },
  {
    cell: 'pending × reset',
    scenario: { name: 'a run decides during a reset', ...settledOnce, actors: [resetTo('reset', 'full'), run('B')] },
    moves: [{ process: 'reset', until: /state list $/, more: 3 }, { process: 'B', until: /\(intend\)/ }, { process: 'reset' }],
  },
  {
    cell: 'pending × renew',
    scenario: { name: 'decided by another delivery while a lease is renewed', ...base, actors: [durable('A'), durable('A2', 'A')] },
    moves: [
      { process: 'A', until: /history plan/ },
      { process: 'A', first: 'jump', until: /get plans/, more: 1 },
      { process: 'A2', until: /\(intend\)/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'pending × adopt',
    scenario: { name: 'a run decides during an adopt', ...settledOnce, ...recovering, actors: [resetTo('adopt', 'adopt'), run('B')] },
    moves: [{ process: 'adopt', until: /state list $/, more: 3 }, { process: 'B', until: /\(intend\)/ }, { process: 'adopt' }],
  },
  {
    cell: 'overtaken × intend',
    scenario: { name: 'a decision behind two claims', ...base, actors: [run('A'), run('B'), run('C')] },
    moves: [
      { process: 'A', until: /put intents/ },
      { process: 'B', until: /\(intend\)/ },
      { process: 'C', until: /\(claim\)/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'overtaken × void',
    scenario: { name: 'fenced behind a claim', ...settledOnce, ...recovering, actors: [resetTo('adopt', 'adopt'), run('B'), run('C')] },
    moves: [
      { process: 'adopt', until: /state list $/, more: 3 },
      { process: 'B', until: /\(intend\)/ },
      { process: 'C', until: /\(claim\)/ },
      { process: 'adopt' },
      { process: 'C' },
    ],
  },
  {
    cell: 'overtaken × renew',
    scenario: { name: 'two claims while a lease is renewed', ...base, actors: [durable('A'), run('B'), run('C')] },
    moves: [
      { process: 'A', until: /history plan/ },
      { process: 'A', first: 'jump', until: /get plans/, more: 1 },
      { process: 'B', until: /\(intend\)/ },
      { process: 'C', until: /\(claim\)/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'pending × intend → already',
    scenario: { name: 'the decision was sent twice and landed once', ...base, actors: [run('A')] },
    moves: [
      { process: 'A', until: /put intents/ },
      { process: 'A', first: 'delay', until: /read row/ },
      { process: 'A', first: 'land' },
    ],
  },
  {
    cell: 'overtaken × reset',
    scenario: { name: 'two claims during a reset', ...settledOnce, actors: [resetTo('reset', 'full'), run('B'), run('C')] },
    moves: [
      { process: 'reset', until: /state list $/, more: 3 },
      { process: 'B', until: /\(intend\)/ },
      { process: 'C', until: /\(claim\)/ },
      { process: 'reset' },
    ],
  },
  {
    cell: 'idle × intend',
    scenario: { name: 'a decision after another run has come and gone', ...base, actors: [run('A'), run('B')] },
    moves: [{ process: 'A', until: /put intents/ }, { process: 'B' }, { process: 'A' }],
  },
  {
    cell: 'idle × settle',
    scenario: { name: 'settled by another run that has gone', ...base, actors: [run('A'), run('B')] },
    moves: [{ process: 'A', until: /tx / }, { process: 'B' }, { process: 'A' }],
  },
  {
    cell: 'claimed × settle',
    scenario: { name: 'settled by another run at work', ...base, actors: [run('A'), run('B')] },
    moves: [{ process: 'A', until: /tx / }, { process: 'B', until: /\(settle\)/, more: 1 }, { process: 'A' }],
  },
  {
    cell: 'idle × void',
    scenario: {
      name: 'voided by another run that has gone',
      ...settledOnce,
      ...recovering,
      actors: [resetTo('adopt', 'adopt'), run('B'), run('C')],
    },
    moves: [
      { process: 'adopt', until: /state list $/, more: 3 },
      { process: 'B', until: /\(intend\)/ },
      { process: 'adopt' },
      { process: 'C' },
      { process: 'B' },
    ],
  },
  {
    cell: 'claimed × void',
    scenario: {
      name: 'voided by another run at work',
      ...settledOnce,
      ...recovering,
      actors: [resetTo('adopt', 'adopt'), run('B'), run('C')],
    },
    moves: [
      { process: 'adopt', until: /state list $/, more: 3 },
      { process: 'B', until: /\(intend\)/ },
      { process: 'adopt' },
      { process: 'C', until: /\(void\)/ },
      { process: 'B' },
    ],
  },
  {
    cell: 'pending × void',
    scenario: {
      name: 'fenced between the look at the head and its move',
      ...settledOnce,
      ...recovering,
      actors: [resetTo('adopt', 'adopt'), run('B')],
    },
    store: 'plain',
    moves: [
      { process: 'adopt', until: /state list $/, more: 3 },
      { process: 'B', until: /put if none .*commits/ },
      { process: 'adopt' },
      { process: 'B' },
    ],
  },
  {
    cell: 'idle × release',
    scenario: { name: 'cancelled before nothing new is said', ...base, setup: [run('Z')], actors: [durable('A'), cancel('cancel', 'A')] },
    moves: [{ process: 'A', until: /get receipts/ }, { process: 'cancel' }, { process: 'A' }],
  },
  {
    cell: 'idle × adopt',
    scenario: {
      name: 'a run comes and goes during an adopt',
      ...settledOnce,
      ...recovering,
      actors: [resetTo('adopt', 'adopt'), run('B')],
    },
    moves: [{ process: 'adopt', until: /sql fence/ }, { process: 'B' }, { process: 'adopt' }],
  },
  {
    cell: 'pending × intend',
    scenario: { name: 'two decisions', ...base, actors: [run('A'), run('B')] },
    moves: [{ process: 'A', until: /put intents/ }, { process: 'B', until: /\(intend\)/ }, { process: 'A' }],
  },
  {
    cell: 'pending × release',
    scenario: {
      name: 'nothing new is said while another decides',
      ...base,
      setup: [run('Z')],
      actors: [durable('A'), add(row(3, 3)), run('B')],
    },
    moves: [
      { process: 'A', until: /get receipts/ },
      { process: 'the source gets 3@3' },
      { process: 'B', until: /\(intend\)/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'overtaken × claim',
    scenario: { name: 'three claims and one decision', ...base, actors: [run('A'), run('B'), run('C')] },
    moves: [{ process: 'A', until: /\(intend\)/ }, { process: 'B', until: /\(claim\)/ }, { process: 'C' }],
  },
  {
    cell: 'overtaken × release',
    scenario: {
      name: 'nothing new is said behind two claims',
      ...base,
      setup: [run('Z')],
      actors: [durable('A'), add(row(3, 3)), run('B'), run('C')],
    },
    moves: [
      { process: 'A', until: /get receipts/ },
      { process: 'the source gets 3@3' },
      { process: 'B', until: /\(intend\)/ },
      { process: 'C', until: /\(claim\)/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'claimed × claim',
    scenario: {
      name: 'one run plans again while its slices are read',
      ...base,
      actors: [durable('A'), add(row(3, 3)), durable('A2', 'A')],
    },
    moves: [
      { process: 'A', until: /history slice 0/ },
      { process: 'the source gets 3@3' },
      { process: 'A2', until: /history slice 1/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'idle × claim',
    scenario: { name: 'a sweep of records of a lost lineage goes on beside a run of the new one', ...newLineage },
    moves: [{ process: 'A', until: /state list $/ }, { process: 'lose' }, { process: 'C', until: /\(intend\)/ }, { process: 'A' }],
  },
  ...(['sql', 'plain', 'uploads'] as const).map(
    (store): Directed => ({
      cell: 'idle × claim',
      scenario: { name: 'a sweep of a lost lineage goes on beside a run of the new one', ...newLineage },
      store,
      moves: [{ process: 'A', until: /\(claim\)/ }, { process: 'lose' }, { process: 'C', until: /\(intend\)/ }, { process: 'A' }],
    }),
  ),
  {
    cell: 'claimed × intend',
    scenario: { name: 'rows come to a source that was empty', rows: [], spec: {}, actors: [run('A'), add(row(1, 1)), run('B')] },
    store: 'plain',
    moves: [{ process: 'A', until: /source plan/ }, { process: 'the source gets 1@1' }, { process: 'A' }],
  },
  {
    cell: 'idle × claim',
    scenario: {
      name: 'the list of settled files is replaced before it is read',
      rows: base.rows,
      spec: { watermark: null, changedFiles: 'replace' },
      setup: [run('Z'), event('a file comes', ({ source }) => source.setFile('second', [row(5, 5)]))],
      actors: [run('A'), run('B')],
    },
    moves: [{ process: 'A', until: /source describe/ }, { process: 'B', first: 'jump' }, { process: 'A' }],
  },
  {
    cell: 'claimed × claim',
    scenario: {
      name: 'the list of settled files is replaced under a claim before it is read',
      rows: base.rows,
      spec: { watermark: null, changedFiles: 'replace' },
      setup: [run('Z'), event('a file comes', ({ source }) => source.setFile('second', [row(5, 5)]))],
      actors: [run('X'), run('A'), run('B')],
    },
    moves: [
      { process: 'X', until: /\(claim\)/ },
      { process: 'A', until: /sql inspect/ },
      { process: 'B', first: 'jump' },
      { process: 'A' },
    ],
  },
  {
    cell: 'claimed × release',
    scenario: { name: 'cancelled when all is staged', ...base, actors: [durable('A'), cancel('cancel', 'A')] },
    moves: [{ process: 'A', until: /sql prepare/ }, { process: 'cancel' }, { process: 'A' }],
  },
  {
    cell: 'claimed × release',
    scenario: { name: 'decided while a cancel sweeps', ...base, actors: [durable('A'), cancel('cancel', 'A')] },
    moves: [{ process: 'A', until: /sql prepare/ }, { process: 'cancel', until: /sql drop/ }, { process: 'A' }],
  },
  {
    cell: 'claimed × look',
    scenario: { name: 'a run looks while another one stages what is gone again', ...looking, actors: [run('A'), remove(3), run('B')] },
    moves: [{ process: 'A', until: /sql prepare/ }, { process: 'the source loses 3' }, { process: 'B' }, { process: 'A' }],
  },
  {
    cell: 'pending × look',
    scenario: { name: 'a run looks beside a decision about what is gone again', ...looking, actors: [run('A'), remove(3), run('B')] },
    moves: [{ process: 'A', until: /\(intend\)/ }, { process: 'the source loses 3' }, { process: 'B' }, { process: 'A' }],
  },
  {
    cell: 'idle × look',
    scenario: { name: 'a run claims while another one looks', ...looking, setup: [run('Z')], actors: [run('A'), add(row(3, 3)), run('B')] },
    moves: [
      { process: 'A', until: /state list $/ },
      { process: 'the source gets 3@3' },
      { process: 'B', until: /\(intend\)/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'idle × look',
    scenario: { name: 'a run stages while another one looks', ...looking, setup: [run('Z')], actors: [run('A'), add(row(3, 3)), run('B')] },
    moves: [
      { process: 'A', until: /source describe/ },
      { process: 'the source gets 3@3' },
      { process: 'B', until: /sql fill/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'idle × claim',
    scenario: { name: 'a run comes and goes during a reset', ...settledOnce, actors: [resetTo('reset', 'full'), run('B')] },
    moves: [{ process: 'reset', until: /state list $/ }, { process: 'B' }, { process: 'reset' }],
  },
  {
    cell: 'claimed × intend',
    scenario: { name: 'a run cleans up beside another one that publishes', ...settledOnce, actors: [run('A'), add(row(4, 4)), run('B')] },
    store: 'plain',
    moves: [
      { process: 'A', until: /lake put .*current\.json/ },
      { process: 'the source gets 4@4' },
      { process: 'B', first: 'jump', until: /lake publish/, more: 2 },
      { process: 'A' },
    ],
  },
  {
    cell: 'pending × settle',
    scenario: { name: 'an upload lands when all is settled', ...base, actors: [run('A')] },
    store: 'plain',
    moves: [
      { process: 'A', until: /read slice .*odd.*1/ },
      { process: 'A', first: 'delay', until: /state list $/ },
      { process: 'A', first: 'land' },
    ],
  },
  {
    cell: 'claimed × intend',
    scenario: {
      name: 'a settled part is replaced while its rows are read once more',
      ...overlapping,
      actors: [run('A'), add(row(10, 5)), run('B')],
    },
    store: 'plain',
    moves: [{ process: 'A', until: /lake stat/ }, { process: 'the source gets 10@5' }, { process: 'B', first: 'jump' }, { process: 'A' }],
  },
  {
    cell: 'claimed × intend',
    scenario: {
      name: 'the source gets a column between two slices',
      rows: base.rows,
      spec: {},
      actors: [
        run('A'),
        event('a column comes', ({ source }) => {
          source.schema = withColumn(source.schema, 'note');
          source.set(source.rows.map((one) => ({ ...one, note: 'new' })));
        }),
        run('B'),
      ],
    },
    moves: [{ process: 'A', until: /source read slice/ }, { process: 'a column comes' }, { process: 'A' }],
  },
  ...directedRefusals,
  {
    cell: 'pending × refuse',
    scenario: othersWriteMeanwhile,
    moves: [{ process: 'A', until: /put intents/ }, { process: 'others fill the table' }, { process: 'A' }],
  },
  {
    cell: 'claimed × claim',
    scenario: othersWriteMeanwhile,
    moves: [
      { process: 'A', until: /source plan/ },
      { process: 'others fill the table' },
      { process: 'B', until: /\(claim\)/ },
      { process: 'A' },
    ],
  },
];
