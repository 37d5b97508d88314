import { add, event, finisher, resetTo, run } from './actors.ts';
import { allowed, decided, refuses, refusesMore } from './refusal-scenarios.ts';
import { row } from './rows.ts';
import type { Directed } from './schedules.ts';

const base = { rows: [row(1, 1), row(2, 2)], spec: {} } as const;
const lose = event('lose', (world) => world.loseState());
const recovering = { finish: [resetTo('reset at last', 'full'), run('F1', { takeOver: false }), run('F2', { takeOver: false })] } as const;
/** Decided by A, of several parts, and refused from here on. */
const waiting = { ...base, setup: [run('Z'), add(row(3, 3), row(5, 3), row(4, 4)), ...decided('A'), refuses] } as const;
/** The same, with its first part published. */
const halfDone = {
  ...base,
  setup: [run('Z'), add(row(3, 3), row(5, 3), row(4, 4)), refusesMore, run('A')],
  harmless: ['HYG-2017'],
} as const;
const lifted = { process: allowed.name } as const;

/** Two finishers of one intent, and a cause that goes in between. */
export const directedRefusals: readonly Directed[] = [
  {
    cell: 'pending × refuse',
    scenario: { name: 'part 2 is not published once the token is taken', ...waiting, actors: [finisher('X'), finisher('Y'), allowed] },
    store: 'plain',
    moves: [
      { process: 'Y', until: /lake staged/ },
      { process: 'X', until: /lake discard/, more: 1 },
      lifted,
      { process: 'Y' },
      { process: 'X' },
    ],
  },
  {
    cell: 'pending × refuse',
    scenario: {
      name: 'a token that was published in between is not fenced over',
      ...waiting,
      actors: [finisher('X'), finisher('Y'), allowed],
    },
    store: 'plain',
    moves: [
      { process: 'Y', until: /lake staged/ },
      { process: 'X', until: /\(refuse\)/ },
      lifted,
      { process: 'Y', until: /lake publish/ },
      { process: 'X' },
    ],
  },
  {
    cell: 'pending × settle',
    scenario: { name: 'a fence does not replace the commit that was faster', ...waiting, actors: [finisher('X'), finisher('Y'), allowed] },
    moves: [
      { process: 'Y', until: /get intents/ },
      { process: 'X', until: /\(refuse\)/ },
      lifted,
      { process: 'Y', until: /sql tx/ },
      { process: 'X' },
    ],
  },
  {
    cell: 'pending × give up',
    scenario: { name: 'a commit that was under way finds the fence', ...waiting, actors: [finisher('X'), finisher('Y'), allowed] },
    moves: [{ process: 'X', until: /get intents/ }, { process: 'Y' }, lifted, { process: 'X' }],
  },
  {
    cell: 'overtaken × give up',
    scenario: { name: 'a fence whose maker died is gone on from', ...waiting, actors: [finisher('X'), allowed, run('B')] },
    store: 'plain',
    moves: [{ process: 'X', until: /put if .*current/ }, lifted, { process: 'B' }, { process: 'X' }],
  },
  {
    cell: 'overtaken × give up',
    scenario: {
      name: 'a discard leaves nothing that a late part could be published from',
      ...halfDone,
      actors: [finisher('Y'), resetTo('discard', 'discard'), allowed],
    },
    store: 'plain',
    moves: [
      { process: 'Y', until: /lake publish .*-00000-000-/ },
      { process: 'discard', until: /lake (remove|discard)/ },
      lifted,
      { process: 'Y', until: /lake publish .*-0000[12]-000-/ },
      { process: 'discard' },
      { process: 'Y' },
    ],
  },
  {
    cell: 'overtaken × refuse',
    scenario: { name: 'marked behind a claim', ...waiting, actors: [run('B'), allowed] },
    moves: [{ process: 'B', until: /\(refuse\)/ }, lifted, { process: 'B' }],
  },
  {
    cell: 'idle × refuse',
    scenario: { name: 'given up by another finisher before it is marked', ...waiting, actors: [finisher('X'), run('B'), allowed] },
    moves: [{ process: 'X', until: /sql tx/, more: 1 }, { process: 'B' }, { process: 'X' }],
  },
  {
    cell: 'claimed × refuse',
    scenario: { name: 'given up by a run that goes on, before it is marked', ...waiting, actors: [finisher('X'), run('B'), allowed] },
    moves: [{ process: 'X', until: /sql tx/, more: 1 }, { process: 'B', until: /\(give up\)/ }, { process: 'X' }],
  },
  {
    cell: 'idle × give up',
    scenario: { name: 'given up twice, the second time after a run that settled', ...waiting, actors: [finisher('X'), allowed, run('B')] },
    moves: [{ process: 'X', until: /fence of/, more: 1 }, lifted, { process: 'B' }, { process: 'X' }],
  },
  {
    cell: 'claimed × give up',
    scenario: { name: 'given up twice, the second time beside a run at work', ...waiting, actors: [finisher('X'), allowed, run('B')] },
    moves: [{ process: 'X', until: /fence of/, more: 1 }, lifted, { process: 'B', until: /\(give up\)/ }, { process: 'X' }],
  },
  {
    cell: 'none × refuse',
    scenario: { name: 'state lost before the mark', ...waiting, ...recovering, actors: [finisher('X'), lose] },
    moves: [{ process: 'X', until: /sql tx/, more: 1 }, { process: 'lose' }, { process: 'X' }],
  },
  {
    cell: 'none × give up',
    scenario: { name: 'state lost before it is given up', ...waiting, ...recovering, actors: [finisher('X'), lose] },
    moves: [{ process: 'X', until: /fence of/, more: 1 }, { process: 'lose' }, { process: 'X' }],
  },
];
