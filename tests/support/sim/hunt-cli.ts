/** For people: `node tests/support/sim/hunt-cli.ts [part of a name] [SEED] [SEEDS]` looks for planted bugs with all runs of these seeds. */

import { SEED } from '../samples.ts';
import { hunt } from './hunt.ts';
import { plantedBugs } from './planted-bug.ts';

const [part = '', first = String(SEED), seeds = '1'] = process.argv.slice(2);
const print = (line: string) => void process.stdout.write(`${line}\n`);
for (const bug of plantedBugs.filter(({ name, hole }) => `${name} ${hole}`.includes(part))) {
  const runs: number[] = [];
  let last = '';
  try {
    for (let seed = Number(first); seed < Number(first) + Number(seeds); seed++) {
      const found = await hunt(bug, seed);
      if (found) runs.push(found.runs);
      if (found) last = `SEED=${found.name} ${found.scenario}, ${found.store}: ${found.violation.split('\n')[0]?.slice(0, 160)}`;
    }
    print(`${runs.length} of ${seeds} seeds  ${bug.name}: after ${runs.join(', ')} runs; ${last}`);
  } catch (error) {
    print(`ERROR ${bug.name}: ${String(error).slice(0, 400)}`);
  }
}
