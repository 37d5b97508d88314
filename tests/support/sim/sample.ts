import { sampled } from '../samples.ts';
import { kindOf } from './call.ts';
import { databaseScenarios, directedSwaps } from './database-scenarios.ts';
import { type Dice, dice } from './dice.ts';
import { directing, type Move } from './directed.ts';
import { execute, explain, type Pick, type Plot, straight } from './explore.ts';
import { directedInMirror, mirrorScenarios } from './mirror-scenarios.ts';
import { isFor, references, type Scenario, scenarios } from './scenarios.ts';
import type { Option } from './scheduler.ts';
import { directed } from './schedules.ts';
import { validationScenarios } from './validation-scenarios.ts';
import { databaseKinds, type Pair, type StoreKind } from './world.ts';

/** A run of a seed: a scenario on one kind of store, with one kind of trouble at moments that the seed chooses; or a schedule that was written by hand. */
export interface Case {
  /** `20261127.1x3f9a`: plays it again, whichever scenarios come and go beside it. */
  readonly name: string;
  readonly plot: Plot;
  readonly pick: (plot: Plot) => Promise<Pick>;
}

const files: readonly StoreKind[] = ['plain', 'versioned', 'partitioned', 'uploads'];
const stores: readonly StoreKind[] = ['sql', ...files];

/** `changes`: the world becomes another while somebody is at work. */
type Trouble = 'pauses' | 'faults' | 'changes' | 'refusals';
const troubles: readonly Trouble[] = ['pauses', 'faults', 'changes', 'refusals'];

interface Field {
  readonly schedules?: readonly { readonly scenario: Scenario; readonly store?: StoreKind; readonly moves: readonly Move[] }[];
  readonly scenarios: readonly Scenario[];
  readonly stores: readonly StoreKind[];
  /** Runs of a scenario on one store; four in a row meet each kind of trouble. */
  readonly rounds: number;
}

const everything = [...scenarios, ...references];

/** Where the runs of a seed take place. */
export const fields = {
  everywhere: { schedules: directed, scenarios: everything, stores, rounds: 4 },
  /** The store of databases itself. */
  databases: { schedules: directedSwaps, scenarios: databaseScenarios, stores: databaseKinds, rounds: 8 },
  'all in databases': { scenarios: everything, stores: databaseKinds, rounds: 1 },
  mirror: { schedules: directedInMirror, scenarios: mirrorScenarios, stores: ['mirrored'], rounds: 12 },
  validation: { scenarios: validationScenarios, stores, rounds: 4 },
} as const satisfies Record<string, Field>;
export type FieldName = keyof typeof fields;

const storeOfSchedules: Readonly<Record<FieldName, StoreKind>> = {
  everywhere: 'sql',
  databases: 'committing',
  'all in databases': 'committing',
  mirror: 'mirrored',
  validation: 'sql',
};

/** All runs of a seed: the schedules, then a round of everything before the next, so that whoever looks for something comes to it early. */
export function* sample(seed: number, field: FieldName = 'everywhere'): Generator<Case> {
  const { scenarios: all, stores: kinds, rounds, schedules = [] }: Field = fields[field];
  for (const { scenario, moves, store = storeOfSchedules[field] } of schedules) yield schedule(seed, { scenario, store, moves });
  for (let round = 0; round < rounds; round++) {
    for (const scenario of all) {
      for (const store of kinds)
        if (isFor(scenario, { store })) yield seededCase(seed, { scenario, pair: { store, state: 'memory' } }, round);
      if (field === 'everywhere' && round === 0) yield inFiles(seed, scenario);
    }
  }
}

/**
 * What `npm test` makes of a seed beside the schedules: a run of every sixth scenario on the modelled table or on one kind of files, and wherever else it belongs.
 * The crash matrix has each scenario, and the runs that once noticed a planted bug come on top.
 */
export function* runsOfTests(seed: number): Generator<Case> {
  for (const scenario of sampled(everything, 6, seed)) {
    const turn = hashed(scenario.name);
    const kinds = files.filter((store) => isFor(scenario, { store }));
    const ofFiles = kinds.length === 0 ? [] : kinds.slice(turn % kinds.length).slice(0, 1);
    const possible = [...(isFor(scenario, { store: 'sql' }) ? (['sql'] as const) : []), ...ofFiles];
    const store = possible[(turn >>> 8) % possible.length];
    if (store !== undefined) yield seededCase(seed, { scenario, pair: { store, state: 'memory' } }, 0);
    // State in files costs ten times as much to look at.
    if (turn % 16 === 0) yield inFiles(seed, scenario);
  }
  for (const scenario of sampled(databaseScenarios, 6, seed)) {
    const kinds = databaseKinds.filter((store) => isFor(scenario, { store }));
    const store = kinds[hashed(scenario.name) % kinds.length];
    if (store) yield seededCase(seed, { scenario, pair: { store, state: 'memory' } }, 0);
  }
  for (const scenario of sampled(mirrorScenarios, 6, seed))
    yield seededCase(seed, { scenario, pair: { store: 'mirrored', state: 'memory' } }, 0);
}

function schedule(seed: number, { scenario, store, moves }: { scenario: Scenario; store: StoreKind; moves: readonly Move[] }): Case {
  const plot: Plot = { scenario, pair: { store, state: 'memory' } };
  const which = moves.map(({ process, until, before, first }) => `${process} ${until ?? before ?? first}`).join();
  return { name: named(seed, plot, which), plot, pick: async () => directing(moves) };
}

function inFiles(seed: number, scenario: Scenario): Case {
  const store = scenario.stores?.[0] ?? stores[hashed(scenario.name) % 3] ?? 'plain';
  return seededCase(seed, { scenario, pair: { store, state: 'files' } }, 0);
}

function seededCase(seed: number, plot: Plot, round: number): Case {
  const { scenario, pair } = plot;
  const trouble = troubles[(hashed(placeOf(plot)) + round) % troubles.length] ?? 'faults';
  const own = Math.imul(seed, 0x9e3779b1) ^ hashed(`${placeOf(plot)}, round ${round}`);
  return {
    name: named(seed, { scenario, pair }, `round ${round}`),
    plot,
    pick: async (seen) => aimed(own, trouble, await usualCalls(seen)),
  };
}

const placeOf = ({ scenario, pair }: Plot) => `${scenario.name}, ${pairName(pair)}`;

export const pairName = ({ store, state }: Pair): string => `${store} store, state in ${state}`;

const named = (seed: number, plot: Plot, which: string) => `${seed}.${hashed(`${placeOf(plot)}, ${which}`).toString(36)}`;

/** FNV-1a. */
function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

/** The runs with these names. Throws when a name means none. */
export function runsNamed(names: Iterable<string>): readonly Case[] {
  const wanted = new Set(names);
  const found = new Map<string, Case>();
  for (const seed of new Set([...wanted].map((name) => Number(name.split('.')[0]))))
    for (const field of Object.keys(fields) as FieldName[])
      for (const one of sample(seed, field)) if (wanted.has(one.name)) found.set(one.name, one);
  const unknown = [...wanted].filter((name) => !found.has(name));
  if (unknown.length > 0) throw new Error(`no seeded run is called ${unknown.join(', ')}`);
  return [...found.values()];
}

/** What is wrong with a run, or with the undisturbed run of its scenario, in a sentence. */
export async function violationOf({ plot, pick }: Case, more: Omit<Plot, 'scenario' | 'pair'> = {}): Promise<string | null> {
  const seen = { ...plot, ...more };
  try {
    return (await execute(seen, await pick(seen), true)).violation;
  } catch (error) {
    if (error instanceof Disturbed) return error.message;
    throw error;
  }
}

export async function traceOf({ name, plot, pick }: Case): Promise<string> {
  const title = `SEED=${name}: ${placeOf(plot)}`;
  const usual = await pick(plot).catch(() => straight);
  return [title, ...(await explain(plot, usual, true))].join('\n');
}

// ---- what is rare

/** How often each process makes each kind of call when nothing goes wrong. */
export type Usual = ReadonlyMap<string, number>;

const known = new WeakMap<Scenario, Map<string, Promise<Usual>>>();

function usualCalls(plot: Plot): Promise<Usual> {
  const { scenario, pair } = plot;
  const ofScenario = known.get(scenario) ?? new Map<string, Promise<Usual>>();
  known.set(scenario, ofScenario);
  // The calls are those of the store; whatever keeps the state, what is unusual there is unusual here.
  const key = `${pair.store} ${pair.state}`;
  const usual = ofScenario.get(key) ?? recorded(plot);
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
  const { violation } = await execute(plot, counting, true);
  if (violation !== null) throw new Disturbed(`undisturbed: ${violation}`);
  return counts;
}

/** Something is wrong before anything has gone wrong. */
class Disturbed extends Error {}

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
