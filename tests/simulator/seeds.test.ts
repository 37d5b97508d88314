import { describe, expect, it } from 'vitest';
import { Coverage } from '../support/sim/coverage.ts';
import { directing } from '../support/sim/directed.ts';
import { drowsy, execute, exhaustive, explain, type Plot, seeded } from '../support/sim/explore.ts';
import { scenarios } from '../support/sim/scenarios.ts';
import { directed } from '../support/sim/schedules.ts';
import type { Pair } from '../support/sim/world.ts';
import { faultsFound } from './faults-found.ts';
import { pairName, pairs } from './pairs.ts';

const seeds = 1_000;
/** State in files costs ten times as much to look at: every sixth seed. */
const memory = pairs.filter(({ state }) => state === 'memory');
const files = pairs.filter(({ state }) => state === 'files');

function plotOf(seed: number): Plot {
  const kinds = seed % 6 === 5 ? files : memory;
  const pair = kinds[Math.floor(seed / 6) % kinds.length];
  const scenario = scenarios[seed % scenarios.length];
  if (!pair || !scenario) throw new Error('no scenario');
  return { scenario, pair };
}

/** Odd seeds fail in every way there is, even ones only fall asleep and wake up. */
const pickOf = (seed: number) => (seed % 2 === 1 ? seeded(seed) : drowsy(seed));

async function trace(seed: number): Promise<string> {
  const plot = plotOf(seed);
  const lines = await explain(plot, pickOf(seed), true);
  return [`SEED=${seed}: ${plot.scenario.name}, ${pairName(plot.pair)}`, ...lines].join('\n');
}

const coverage = new Coverage();

describe('seeded runs', () => {
  const wanted = process.env.SEED;

  it.runIf(wanted !== undefined)('replays SEED and prints all it did', async () => {
    const text = await trace(Number(wanted));
    process.stdout.write(`${text}\n`);
    expect(text).toContain('=> no violation');
  });

  it.runIf(wanted === undefined)(`${seeds} seeds settle the source, whatever goes wrong`, async () => {
    const failures: string[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const { violation } = await execute({ ...plotOf(seed), coverage }, pickOf(seed), true);
      if (violation !== null) failures.push(await trace(seed));
    }
    expect(failures).toEqual([]);
  });
});

describe.runIf(process.env.SEED === undefined)('what the seeds have visited', () => {
  it.each(directed.map((each) => ({ name: each.cell, each })))('also $name, by a schedule written for it', async ({ each }) => {
    const { cell, scenario, moves } = each;
    const own = new Coverage();
    const plot: Plot = { scenario, pair: { store: 'sql', state: 'memory' }, coverage: own };
    const { violation } = await execute(plot, directing(moves), true);
    expect(violation === null ? [] : await explain(plot, directing(moves), true)).toEqual([]);
    expect(own.cells.has(cell)).toBe(true);
    coverage.add(own);
  });

  it('is every cell of the transition table: none is out of reach', () => {
    expect(coverage.missingCells()).toEqual([]);
  });

  it('with every single fault of two drivers on top, is every step of the protocol crashed, its answer lost, delivered twice and raced', async () => {
    const [scenario] = scenarios;
    if (!scenario) throw new Error('no scenario');
    await exhaustive({ scenario, pair: { store: 'sql', state: 'memory' }, coverage }, 1);
    expect(coverage.missingHazards()).toEqual([]);
  });
});

describe('faults that the simulator found once stay found', () => {
  it.each(faultsFound.map((fault) => ({ name: fault.what, fault })))('$name', async ({ fault }) => {
    const scenario = scenarios.find(({ name }) => name === fault.scenario);
    if (!scenario) throw new Error(`no scenario ${fault.scenario}`);
    const pair: Pair = fault.pair;
    const pick = fault.how === 'faults' ? seeded(fault.seed) : drowsy(fault.seed);
    const { violation } = await execute({ scenario, pair }, pick, true);
    expect(violation === null ? [] : await explain({ scenario, pair }, pick, true)).toEqual([]);
  });
});
