import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { fingerprint } from '../duck.ts';
import { type Measurement, measure } from '../measure.ts';
import { quantile } from '../pairs.ts';
import { hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase } from './case.ts';

const entities = Array.from({ length: 50 }, (_, index) => `table_${String(index).padStart(2, '0')}`);

/** Fifty entities at once: what counts is the largest memory. */
export const fiftyEntities: BenchCase = {
  name: 'fifty-entities',
  async run(scale) {
    const rows = scale.quick ? 20_000 : 400_000;
    scale.say(`making 50 files of ${rows.toLocaleString('en')} rows…`);
    const sources = join(scale.folder, `fifty-${rows}`);
    for (const [index, name] of entities.entries()) await parquetRows(join(sources, `${name}.parquet`), index * rows, (index + 1) * rows);
    await using space = await workspace(scale.folder, {
      'hygge.yml': 'name: bench\noptions: { concurrency: 50 }\n',
      'flows/all/flow.yml': [
        `home: { type: parquet, path: ${JSON.stringify(join(sources, '{entity}.parquet'))} }`,
        'store: { type: parquet, path: lake }',
        `entities: [${entities.join(', ')}]`,
        '',
      ].join('\n'),
    });
    scale.say('moving all of them at once…');
    const runs: Measurement[] = [];
    for (let run = 0; run < (scale.quick ? 1 : 3); run += 1) {
      await space.empty();
      runs.push(await measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder, '--concurrency', '50'] }));
    }
    const [source, lake] = [await fingerprint(join(sources, '*.parquet')), await fingerprint(join(space.lake, '*', '*.parquet'))];
    if (JSON.stringify(source) !== JSON.stringify(lake)) throw new Error('what hygge settled is not what the sources hold');
    const peak = quantile(
      runs.flatMap(({ peakBytes }) => peakBytes ?? []),
      0.25,
    );
    const seconds =
      quantile(
        runs.map(({ wallMs }) => wallMs),
        0.5,
      ) / 1000;
    return {
      name: 'fifty-entities',
      what: `50 entities of ${rows.toLocaleString('en')} rows × 10 columns at once`,
      checks: [atMost('peak memory, lower quartile', peak / 1e6, 500, 'MB')],
      notes: [`${(50 * rows).toLocaleString('en')} rows in ${seconds.toFixed(1)} s; equal to the sources by column hashes`],
    };
  },
};
