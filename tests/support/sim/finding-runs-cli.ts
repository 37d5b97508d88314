/**
 * `node tests/support/sim/finding-runs-cli.ts FROM TO`: plants the bugs of these places in the list, makes the run that notices each, and prints those that it does not,
 * a line each. Few at a time: a process keeps each simulator that it has loaded.
 */
import { hunt } from './hunt.ts';
import { plantedBugs } from './planted-bug.ts';

const [from, to] = process.argv.slice(2).map(Number);
for (const bug of plantedBugs.slice(from, to)) {
  const { run } = bug;
  if (run === undefined) continue;
  const found = await hunt(bug, ({ runsNamed }) => runsNamed([run])).catch((error: unknown) => String(error));
  if (found === undefined) process.stdout.write(`${bug.name}\n`);
  if (typeof found === 'string') process.stdout.write(`${bug.name}: ${found.slice(0, 200)}\n`);
}
