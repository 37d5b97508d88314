import { add, adoptIfParted, cancel, durable, event, resetTo, run } from './actors.ts';
import type { Move } from './directed.ts';
import { row } from './rows.ts';
import type { Scenario } from './scenarios.ts';

/** A schedule written by hand, for a cell of the transition table that chance comes to too rarely. */
export interface Directed {
  readonly cell: string;
  readonly scenario: Scenario;
  readonly moves: readonly Move[];
}

const lose = event('lose', (world) => world.loseState());
const loseAgain = event('lose again', (world) => world.loseState());
const base = { rows: [row(1, 1), row(2, 2)], spec: {} } as const;
const settledOnce = { ...base, setup: [run('Z'), add(row(3, 3))] } as const;
const recovering = { finish: [adoptIfParted('adopt at last'), run('F1', { takeOver: false }), run('F2', { takeOver: false })] } as const;

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
    scenario: { name: 'state lost before nothing new is said', ...base, ...recovering, setup: [run('Z')], actors: [run('A'), lose] },
    moves: [{ process: 'A', until: /get receipts/ }, { process: 'lose' }],
  },
  {
    cell: 'none × renew',
    scenario: { name: 'state lost while a lease is renewed', ...base, ...recovering, actors: [durable('A'), lose] },
    moves: [{ process: 'A', until: /history plan/ }, { process: 'A', first: 'jump', until: /get plans/, more: 2 }, { process: 'lose' }],
  },
  {
    cell: 'none × reset',
    scenario: { name: 'state lost during a reset', ...settledOnce, ...recovering, actors: [resetTo('reset', 'full'), lose] },
    moves: [{ process: 'reset', until: /list seen/, more: 3 }, { process: 'lose' }],
  },
  {
    cell: 'none × adopt',
    scenario: { name: 'state lost during an adopt', ...settledOnce, ...recovering, actors: [resetTo('adopt', 'adopt'), lose] },
    moves: [{ process: 'adopt', until: /sql fence/ }, { process: 'lose' }],
  },
  {
    cell: 'idle × renew',
    scenario: { name: 'cancelled while a lease is renewed', ...base, actors: [durable('A'), cancel('cancel', 'A')] },
    moves: [{ process: 'A', until: /history plan/ }, { process: 'A', first: 'jump', until: /get plans/, more: 2 }, { process: 'cancel' }],
  },
  {
    cell: 'idle × reset',
    scenario: { name: 'a run comes and goes during a reset', ...settledOnce, actors: [resetTo('reset', 'full'), run('B')] },
    moves: [{ process: 'reset', until: /list seen/, more: 3 }, { process: 'B' }],
  },
  {
    cell: 'pending × reset',
    scenario: { name: 'a run decides during a reset', ...settledOnce, actors: [resetTo('reset', 'full'), run('B')] },
    moves: [{ process: 'reset', until: /list seen/, more: 3 }, { process: 'B', until: /\(intend\)/ }, { process: 'reset' }],
  },
  {
    cell: 'pending × renew',
    scenario: { name: 'decided by another delivery while a lease is renewed', ...base, actors: [durable('A'), durable('A2', 'A')] },
    moves: [
      { process: 'A', until: /history plan/ },
      { process: 'A', first: 'jump', until: /get plans/, more: 2 },
      { process: 'A2', until: /\(intend\)/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'pending × adopt',
    scenario: { name: 'a run decides during an adopt', ...settledOnce, ...recovering, actors: [resetTo('adopt', 'adopt'), run('B')] },
    moves: [{ process: 'adopt', until: /list seen/, more: 3 }, { process: 'B', until: /\(intend\)/ }, { process: 'adopt' }],
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
      { process: 'adopt', until: /list seen/, more: 3 },
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
      { process: 'A', first: 'jump', until: /get plans/, more: 2 },
      { process: 'B', until: /\(intend\)/ },
      { process: 'C', until: /\(claim\)/ },
      { process: 'A' },
    ],
  },
  {
    cell: 'pending × intend → already',
    scenario: { name: 'the decision was sent twice and landed once', ...base, actors: [run('A')] },
    moves: [
      { process: 'A', until: /put intents/, more: 1 },
      { process: 'A', first: 'delay', until: /read row/ },
      { process: 'A', first: 'land' },
    ],
  },
  {
    cell: 'overtaken × reset',
    scenario: { name: 'two claims during a reset', ...settledOnce, actors: [resetTo('reset', 'full'), run('B'), run('C')] },
    moves: [
      { process: 'reset', until: /list seen/, more: 3 },
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
      { process: 'adopt', until: /list seen/, more: 3 },
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
      { process: 'adopt', until: /list seen/, more: 3 },
      { process: 'B', until: /\(intend\)/ },
      { process: 'adopt' },
      { process: 'C', until: /\(void\)/ },
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
      actors: [run('A'), add(row(3, 3)), run('B')],
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
      actors: [run('A'), add(row(3, 3)), run('B'), run('C')],
    },
    moves: [
      { process: 'A', until: /get receipts/ },
      { process: 'the source gets 3@3' },
      { process: 'B', until: /\(intend\)/ },
      { process: 'C', until: /\(claim\)/ },
      { process: 'A' },
    ],
  },
];
