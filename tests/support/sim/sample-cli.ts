/** For people: `node tests/support/sim/sample-cli.ts [SEED | SEED.RUN] [SEEDS]` makes all runs of some seeds, or one of them with all it did. */
import { SEED } from '../samples.ts';
import { runsNamed, sample, traceOf, violationOf } from './sample.ts';

const [wanted = String(SEED), seeds = '1'] = process.argv.slice(2);
const print = (line: string) => void process.stdout.write(`${line}\n`);
if (wanted.includes('.')) for (const one of runsNamed([wanted])) print(await traceOf(one));
else {
  for (let seed = Number(wanted); seed < Number(wanted) + Number(seeds); seed++) {
    const started = process.cpuUsage();
    let runs = 0;
    for (const one of sample(seed)) {
      const violation = await violationOf(one);
      runs++;
      if (violation !== null) print(`SEED=${one.name} ${one.plot.scenario.name}, ${one.plot.pair.store}: ${violation.split('\n')[0]}`);
    }
    print(`${seed}: ${runs} runs, ${Math.round(process.cpuUsage(started).user / 1000)} ms`);
  }
}
