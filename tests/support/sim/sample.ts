import { whole } from '../samples.ts';
import { kindOf } from './call.ts';
import { databaseScenarios, directedSwaps } from './database-scenarios.ts';
import { type Dice, dice } from './dice.ts';
import { directing } from './directed.ts';
import { execute, explain, type Pick, type Plot, straight } from './explore.ts';
import { directedInMirror, mirrorScenarios } from './mirror-scenarios.ts';
import { isFor, references, type Scenario, scenarios } from './scenarios.ts';
import type { Option } from './scheduler.ts';
import { directed } from './schedules.ts';
import { validationScenarios } from './validation-scenarios.ts';
import { databaseKinds, type StoreKind } from './world.ts';

/**
 * The sample of seeded runs that `npm test` makes: every scenario on every kind of store, in turns with every kind of trouble. It is another one
 * each day. What happens rarely in a run is struck as often as what happens all the time.
 */
export interface Case {
  /** `20261122.417`: plays it again. */
  readonly name: string;
  /** The turn of a seeded run, from 0 to 3: `npm test` makes the runs of one turn a day. Absent: the schedule was written by hand. */
  readonly turn?: number;
  readonly plot: Plot;
  readonly pick: () => Promise<Pick>;
}

const turnsOfDatabases = 8;
const turnsOfMirror = 12;
const turnsOfValidation = 4;
const stores: readonly StoreKind[] = ['sql', 'plain', 'versioned', 'partitioned', 'uploads'];
/** Runs of a scenario on one store: one with each kind of trouble. */
const each = 4;
/** State in files costs ten times as much to look at. */
const eachInFiles = 1;

/** `changes`: the world becomes another while somebody is at work. */
type Trouble = 'pauses' | 'faults' | 'changes' | 'refusals';
const troubles: readonly Trouble[] = ['pauses', 'faults', 'changes', 'refusals'];

export function* sample(day: number, of: readonly Scenario[] = [...scenarios, ...references]): Generator<Case> {
  let count = 0;
  for (const { scenario, moves, store = 'sql' } of directed)
    yield { name: `${day}.${++count}`, plot: { scenario, pair: { store, state: 'memory' } }, pick: async () => directing(moves) };
  const found = (plot: Plot, turn: number): Case => seededCase(plot, { name: `${day}.${++count}`, seed: mixed(day, count), turn });
  // One turn of everything before the next, so that whoever looks for something comes to it early.
  for (let turn = 0; turn < each; turn++) {
    for (const [i, scenario] of of.entries()) {
      for (const [j, store] of stores.entries())
        if (isFor(scenario, { store })) yield { ...found({ scenario, pair: { store, state: 'memory' } }, turn + i + j), turn };
      const inFiles = scenario.stores?.[0] ?? stores[(i + day) % 3] ?? 'plain';
      if (turn < eachInFiles) yield { ...found({ scenario, pair: { store: inFiles, state: 'files' } }, turn + i + day), turn: i % each };
    }
  }
}

/** What `npm test` makes of it: half of the runs of one turn a day, and the schedules. */
export function* sampleOfTests(day: number): Generator<Case> {
  const today = [...sample(day)].filter(({ turn }) => turn === undefined || turn === day % each);
  // They come scenario by scenario, and each of them in one place only: the half is another one when their turn comes again.
  for (const [n, one] of today.entries()) if (whole || one.turn === undefined || (n + Math.floor(day / each)) % 2 === 0) yield one;
}

/** Of what only the store of databases does, several turns, and one of everything else: `20261122.d17`. */
export function* sampleOfDatabases(day: number): Generator<Case> {
  let count = 0;
  for (const { scenario, moves } of directedSwaps)
    yield {
      name: `${day}.d${++count}`,
      plot: { scenario, pair: { store: 'committing', state: 'memory' } },
      pick: async () => directing(moves),
    };
  const turnOf = function* (of: readonly Scenario[], turn: number): Generator<Case> {
    for (const [i, scenario] of of.entries())
      for (const [j, store] of databaseKinds.entries()) {
        if (!isFor(scenario, { store })) continue;
        yield seededCase(
          { scenario, pair: { store, state: 'memory' } },
          { name: `${day}.d${++count}`, seed: mixed(day, -count), turn: turn + i + j },
        );
      }
  };
  for (let turn = 0; turn < turnsOfDatabases; turn++) yield* turnOf(databaseScenarios, turn);
  yield* turnOf([...scenarios, ...references], 0);
}

/** Of a landing zone, the schedules and then turns with every kind of trouble: `20261122.m17`. */
export function* sampleOfMirror(day: number): Generator<Case> {
  let count = 0;
  for (const { scenario, moves } of directedInMirror)
    yield {
      name: `${day}.m${++count}`,
      plot: { scenario, pair: { store: 'mirrored', state: 'memory' } },
      pick: async () => directing(moves),
    };
  for (let turn = 0; turn < turnsOfMirror; turn++) {
    for (const [i, scenario] of mirrorScenarios.entries()) {
      const name = `${day}.m${++count}`;
      yield seededCase({ scenario, pair: { store: 'mirrored', state: 'memory' } }, { name, seed: mixed(day, count << 16), turn: turn + i });
    }
  }
}

/** Of rows that are judged, several turns with every kind of trouble: `20261122.v17`. */
export function* sampleOfValidation(day: number): Generator<Case> {
  let count = 0;
  for (let turn = 0; turn < turnsOfValidation; turn++)
    for (const [i, scenario] of validationScenarios.entries())
      for (const [j, store] of stores.entries()) {
        if (!isFor(scenario, { store })) continue;
        const name = `${day}.v${++count}`;
        yield seededCase({ scenario, pair: { store, state: 'memory' } }, { name, seed: mixed(day, count << 20), turn: turn + i + j });
      }
}

function seededCase(plot: Plot, { name, seed, turn }: { readonly name: string; readonly seed: number; readonly turn: number }): Case {
  const trouble = troubles[turn % troubles.length] ?? 'faults';
  return { name, plot, pick: async () => aimed(seed, trouble, await usualCalls(plot)) };
}

export function caseOf(name: string): Case {
  const [day, number] = name.split('.');
  const from = { d: sampleOfDatabases, m: sampleOfMirror, v: sampleOfValidation }[number?.[0] ?? ''] ?? sample;
  for (const one of from(Number(day))) if (one.name === name) return one;
  throw new Error(`no seeded run is called ${name}`);
}

/** Undefined: nothing is wrong. Otherwise all that happened, for people. */
export async function woundOf({ name, plot, pick }: Case): Promise<string | undefined> {
  const { violation } = await execute(plot, await pick(), true);
  return violation === null ? undefined : traceOf({ name, plot, pick });
}

export async function traceOf({ name, plot, pick }: Case): Promise<string> {
  const { coverage, ...alone } = plot;
  const { store, state } = plot.pair;
  const title = `SEED=${name}: ${plot.scenario.name}, ${store} store, state in ${state}`;
  return [title, ...(await explain(alone, await pick(), true))].join('\n');
}

const mixed = (day: number, count: number) => Math.imul(day, 0x9e3779b1) ^ Math.imul(count, 0x85ebca6b);

// ---- what is rare

/** How often each process makes each kind of call when nothing goes wrong. */
export type Usual = ReadonlyMap<string, number>;

const known = new WeakMap<Scenario, Map<string, Promise<Usual>>>();

function usualCalls({ scenario, pair }: Plot): Promise<Usual> {
  const ofScenario = known.get(scenario) ?? new Map<string, Promise<Usual>>();
  known.set(scenario, ofScenario);
  // The calls are those of the store; whatever keeps the state, what is unusual there is unusual here.
  const key = `${pair.store} ${pair.state}`;
  const usual = ofScenario.get(key) ?? recorded({ scenario, pair });
  ofScenario.set(key, usual);
  return usual;
}

async function recorded(plot: Plot): Promise<Usual> {
  const counts = new Map<string, number>();
  const counting: Pick = (options, index, call) => {
    const name = `${call.process.name} ${kindOf(call)}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return straight(options, index, call);
  };
  await execute(plot, counting, true);
  return counts;
}

/** What nobody does in the normal course is rarer than the rarest. */
const unusual = 3;
/** Even where hardly anything is usual, runs come to an end. */
const mostOften = 0.5;

/** About `goal` deviations a run, as many at a call that comes once as at one that comes fifty times; then each kind of trouble alike. */
function aimed(seed: number, trouble: Trouble, usual: Usual): Pick {
  const roll = dice(seed);
  for (let i = 0; i < 3; i++) roll();
  const goal = ([1, 2, 3, 5][Math.floor(roll() * 4)] ?? 2) * (trouble === 'changes' ? 2 : 1);
  return (options, _, call) => {
    const count = usual.get(`${call.process.name} ${kindOf(call)}`);
    const chance = count === undefined ? unusual : 1 / count;
    if (roll() >= Math.min(mostOften, (goal * chance) / usual.size)) return 0;
    return chosen(options, trouble, roll);
  };
}

function chosen(options: readonly Option[], trouble: Trouble, roll: Dice): number {
  const kinds = new Map<string, number[]>();
  for (const [i, option] of options.entries()) {
    const kind = kindOfOption(option);
    if (i > 0 && belongs(kind, trouble)) kinds.set(kind, [...(kinds.get(kind) ?? []), i]);
  }
  const all = [...kinds.values()];
  const some = all[Math.floor(roll() * all.length)] ?? [0];
  return some[Math.floor(roll() * some.length)] ?? 0;
}

function kindOfOption(option: Option): string {
  if (option.what === 'fault') return option.fault;
  return option.what === 'switch' && option.to.atomic ? 'change' : option.what;
}

function belongs(kind: string, trouble: Trouble): boolean {
  if (trouble === 'changes') return kind === 'change';
  if (trouble === 'pauses') return kind === 'switch' || kind === 'change';
  if (trouble === 'refusals') return ['refuse', 'lift', 'switch', 'crash'].includes(kind);
  return kind !== 'refuse' && kind !== 'lift';
}
