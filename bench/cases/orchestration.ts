import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startAzurite } from '../../tests/support/azurite.ts';
import { duck } from '../../tests/support/duck.ts';
import { startHyggeApp } from '../../tests/support/function-host/hygge-app.ts';
import { measure } from '../measure.ts';
import { quantile } from '../pairs.ts';
import { hygge } from '../workspace.ts';
import { atMost, type BenchCase, type Scale } from './case.ts';

const flow = (name: string) =>
  `home: { type: parquet, path: in }\nstore: { type: parquet, path: lake/${name} }\nrun_type: incremental\nchanged_files: replace\n`;

/**
 * What driving by durable orchestration costs beside driving in process: the same slices, the same state in Azurite, `hygge go` on one side and the
 * function app in the test host on the other. The host of the cloud adds the time of its queues, which is not measured here.
 */
export const orchestration: BenchCase = {
  name: 'orchestration',
  async run(scale) {
    const [few, many] = scale.quick ? [4, 24] : [20, 220];
    const rounds = scale.pairs ?? (scale.quick ? 1 : 5);
    await using azurite = await startAzurite();
    const driven: { inProcess: number[]; durable: number[]; bytes: number[]; calls: number[] } = {
      inProcess: [],
      durable: [],
      bytes: [],
      calls: [],
    };
    for (let round = 0; round < rounds; round += 1) {
      const [a, b] = [await both(azurite, scale, few), await both(azurite, scale, many)];
      const slices = many - few;
      driven.inProcess.push((b.inProcessMs - a.inProcessMs) / slices);
      driven.durable.push((b.durableMs - a.durableMs) / slices);
      driven.bytes.push(b.historyBytes / many);
      driven.calls.push((b.activities - a.activities) / slices);
    }
    const middle = (values: readonly number[]) => quantile(values, 0.5);
    const overhead = middle(driven.durable.map((ms, i) => ms - (driven.inProcess[i] ?? 0)));
    return {
      name: 'orchestration',
      what: `what one more slice costs the function app beyond \`hygge go\`, of an entity with ${few} and with ${many} tiny ones`,
      checks: [
        atMost('orchestration of a slice', overhead, 50, 'ms'),
        atMost('history of a slice', middle(driven.bytes), 2_000, 'bytes'),
        atMost('activities of a slice', middle(driven.calls), 1.2, ''),
      ],
      notes: [
        `in process ${middle(driven.inProcess).toFixed(1)} ms a slice, by durable functions ${middle(driven.durable).toFixed(1)} ms`,
        'in the test host on one machine; the queues of the cloud come on top',
      ],
    };
  },
};

interface Both {
  readonly inProcessMs: number;
  readonly durableMs: number;
  /** Of the longest history. */
  readonly historyBytes: number;
  readonly activities: number;
}

async function both(azurite: Awaited<ReturnType<typeof startAzurite>>, scale: Scale, slices: number): Promise<Both> {
  const files = Object.fromEntries(['warm', 'here', 'there'].map((name) => [`flows/${name}/flow.yml`, flow(name)]));
  await using app = await startHyggeApp({ azurite, files });
  const folder = app.workspace.path('in');
  mkdirSync(folder);
  await duck(
    ...Array.from(
      { length: slices },
      (_, n) => `copy (select ${n} as n, range as id from range(100)) to '${join(folder, `${n}.parquet`)}'`,
    ),
  );
  // The first run of a process loads what the later ones have.
  await app.run('warm', { run_type: 'full_drop' });
  const before = await app.host.ask('stats');
  const startedAt = performance.now();
  await app.run('there');
  const durableMs = performance.now() - startedAt;
  const after = await app.host.ask('stats');
  const env = { AzureWebJobsStorage: azurite.connectionString };
  const inProcess = await measure({ name: 'hygge go', args: [hygge, 'go', '-C', app.workspace.root, '-f', 'here'], env }, false);
  const historyBytes = Math.max(...after.largestHistories.map(({ bytes }) => bytes));
  scale.say(`  ${slices} slices: in process ${inProcess.wallMs.toFixed(0)} ms, durable ${durableMs.toFixed(0)} ms`);
  return { inProcessMs: inProcess.wallMs, durableMs, historyBytes, activities: after.activities - before.activities };
}
