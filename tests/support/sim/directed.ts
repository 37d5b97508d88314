import { add, adoptIfParted, cancel, durable, event, resetTo, run } from './actors.ts';
import type { Pick } from './explore.ts';
import { row } from './rows.ts';
import type { Scenario } from './scenarios.ts';
import type { Option } from './scheduler.ts';

/** One process runs until it has done a call that matches (or until it ends); then it is the next one's turn. */
export interface Move {
  readonly process: string;
  readonly until?: RegExp;
  /** So many more calls after that one. */
  readonly more?: number;
  /** What happens before the process goes on: the clock jumps, its next call is delayed, or what was delayed lands. */
  readonly first?: 'jump' | 'delay' | 'land';
}

/** A schedule written by hand, for a cell of the transition table that chance comes to too rarely. */
export interface Directed {
  readonly cell: string;
  readonly scenario: Scenario;
  readonly moves: readonly Move[];
}

/** Follows the moves, then the normal course. */
export function directing(moves: readonly Move[]): Pick {
  let at = 0;
  let done = '';
  let seen = false;
  let more = 0;
  let begun = false;
  return (options, _, call) => {
    for (;;) {
      const move = moves[at];
      if (!move) return 0;
      const turn = options.findIndex((option) => option.what === 'switch' && option.to.name === move.process);
      if (turn > 0) {
        // What happens to the world happens at once and asks nothing more.
        if (isAtomic(options[turn])) at++;
        return turn;
      }
      if (call.process.name !== move.process) return 0;
      if (move.first && !begun) {
        begun = true;
        return options.findIndex((option) => option.what === move.first || (option.what === 'fault' && option.fault === move.first));
      }
      if (seen) more--;
      if (!seen && move.until?.test(done)) {
        seen = true;
        more = move.more ?? 0;
      }
      if (!seen || more > 0) {
        done = call.label;
        return 0;
      }
      at++;
      seen = false;
      begun = false;
      done = '';
    }
  };
}

function isAtomic(option: Option | undefined): boolean {
  return option?.what === 'switch' && option.to.atomic;
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
];
