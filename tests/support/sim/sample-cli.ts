/** For people: `node tests/support/sim/sample-cli.ts [DAY | DAY.CASE] [DAYS]` makes the seeded runs of a day, or one of them with all it did. */
import { SEED } from '../samples.ts';
import { execute } from './explore.ts';
import { caseOf, sample, traceOf } from './sample.ts';

const [wanted = String(SEED), days = '1'] = process.argv.slice(2);
const print = (line: string) => void process.stdout.write(`${line}\n`);
if (wanted.includes('.')) print(await traceOf(caseOf(wanted)));
else {
  for (let day = Number(wanted); day < Number(wanted) + Number(days); day++) {
    const started = process.cpuUsage();
    let runs = 0;
    for (const one of sample(day)) {
      const { violation } = await execute(one.plot, await one.pick(), true);
      runs++;
      if (violation !== null) print(`SEED=${one.name} ${one.plot.scenario.name}, ${one.plot.pair.store}: ${violation.split('\n')[0]}`);
    }
    print(`${day}: ${runs} runs, ${Math.round(process.cpuUsage(started).user / 1000)} ms`);
  }
}
