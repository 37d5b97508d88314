import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { type Measurement, measure } from '../measure.ts';
import { quantile } from '../pairs.ts';
import { type BenchWorkspace, hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type Scale } from './case.ts';

/** What a run costs that finds nothing new: for the first entity of a process, and for each further one. */
export const emptyEntity: BenchCase = {
  name: 'empty-entity',
  async run(scale) {
    const more = scale.quick ? 4 : 20;
    const source = await parquetRows(join(scale.folder, 'rows-1000.parquet'), 0, 1000);
    await using one = await settled(scale, source, 1);
    await using many = await settled(scale, source, 1 + more);
    const rounds = scale.pairs ?? (scale.quick ? 2 : 15);
    const costs: { start: number[]; one: Measurement[]; many: Measurement[] } = { start: [], one: [], many: [] };
    for (let round = 0; round < rounds; round += 1) {
      costs.start.push((await measure({ name: 'hygge --version', args: [hygge, '--version'] })).wallMs);
      costs.one.push(await unchanged(one));
      costs.many.push(await unchanged(many));
    }
    const beyondFsyncs = (runs: readonly Measurement[]) =>
      quantile(
        runs.map((run) => run.wallMs - run.fsyncMs),
        0.5,
      );
    const first = beyondFsyncs(costs.one) - quantile(costs.start, 0.5);
    const further = (beyondFsyncs(costs.many) - beyondFsyncs(costs.one)) / more;
    return {
      name: 'empty-entity',
      what: 'an unchanged incremental entity, beyond the start of the process and its fsyncs',
      checks: [atMost('each entity', further, 30, 'ms')],
      notes: [
        `the first one of a process ${first.toFixed(0)} ms, configuration and native libraries included`,
        `${costs.one[0]?.fsyncs ?? 0} fsyncs for one entity, ${quantile(
          costs.one.map((run) => run.fsyncMs),
          0.5,
        ).toFixed(1)} ms`,
      ],
    };
  },
};

/** A workspace whose entities have settled once already. */
async function settled(scale: Scale, source: string, entities: number): Promise<BenchWorkspace> {
  const list = Array.from({ length: entities }, (_, index) => `  - { name: copy_${index}, home: { path: ${JSON.stringify(source)} } }`);
  const space = await workspace(scale.folder, {
    'hygge.yml': 'name: bench\noptions: { concurrency: 1 }\n',
    'flows/all/flow.yml': [
      'home: { type: parquet, path: "." }',
      'store: { type: parquet, path: lake }',
      'run_type: incremental',
      'watermark: { column: ts, initial: 2000-01-01 }',
      'entities:',
      ...list,
      '',
    ].join('\n'),
  });
  await measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder] });
  return space;
}

async function unchanged(space: BenchWorkspace): Promise<Measurement> {
  const run = await measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder, '--output', 'json'] });
  const summary = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as { skip: number; total: number };
  if (summary.skip !== summary.total) throw new Error(`expected to find nothing new, found ${run.stdout}`);
  return run;
}
