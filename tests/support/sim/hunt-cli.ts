/** For people: `node tests/support/sim/hunt-cli.ts [part of a name] [trace]` looks for planted bugs. */
import { hunt } from './hunt.ts';
import { plantedBugs } from './planted-bugs.ts';

const [part = '', trace] = process.argv.slice(2);
const print = (line: string) => void process.stdout.write(`${line}\n`);
for (const bug of plantedBugs.filter(({ name, hole }) => `${name} ${hole}`.includes(part))) {
  const started = performance.now();
  try {
    const found = await hunt(bug, { schedules: 4_000, seeds: 1_500 });
    print(
      `${found ? 'found' : 'NOT FOUND'} ${bug.name}: ${found?.how} after ${found?.runs} runs, ${Math.round(performance.now() - started)} ms: ${found?.violation}`,
    );
    if (found && trace) for (const line of await found.trace()) print(`   ${line}`);
  } catch (error) {
    print(`ERROR ${bug.name}: ${String(error).slice(0, 400)}`);
  }
}
