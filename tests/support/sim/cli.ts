/** For people: `node tests/support/sim/cli.ts good|k|random SCENARIO STORE STATE [N]` prints what the simulator does. */
import { drowsy, execute, exhaustive, explain, following, random, seeded, straight } from './explore.ts';
import { references, scenarios } from './scenarios.ts';
import type { Pair } from './world.ts';

const [what = 'good', part = '', store = 'sql', state = 'memory', n = '1'] = process.argv.slice(2);
const pair = { store, state } as Pair;
const found = [...scenarios, ...references].filter((each) => each.name.includes(part));
const print = (line: string) => void process.stdout.write(`${line}\n`);
for (const scenario of found) {
  const plot = { scenario, pair };
  const started = performance.now();
  if (what === 'good') {
    const done = await execute(plot, straight);
    print(`${scenario.name}: ${done.calls} calls, ${done.points.length} decisions, ${done.violation ?? 'ok'}`);
    if (done.violation) for (const line of await explain(plot, straight)) print(`   ${line}`);
  }
  if (what === 'k') {
    const done = await exhaustive(plot, Number(n));
    print(
      `${scenario.name}: ${done.runs} runs, ${done.calls} calls, ${done.violation ?? 'ok'}, ${Math.round(performance.now() - started)} ms`,
    );
    if (done.tape) for (const line of await explain(plot, following(done.tape))) print(`   ${line}`);
  }
  if (what === 'random' || what === 'drowsy') {
    const how = what === 'random' ? seeded : drowsy;
    const done = await random(plot, { from: 1, count: Number(n) }, how);
    print(
      `${scenario.name}: ${done.runs} runs, ${done.calls} calls, ${done.violation ?? 'ok'} ${done.seed ?? ''}, ${Math.round(performance.now() - started)} ms`,
    );
    if (done.seed) for (const line of await explain(plot, how(done.seed), true)) print(`   ${line}`);
  }
}
