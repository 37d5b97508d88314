import { link, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { fingerprint } from '../duck.ts';
import { measure } from '../measure.ts';
import { alternate, type Side } from '../pairs.ts';
import { type BenchWorkspace, hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase } from './case.ts';

const flow = {
  'hygge.yml': 'name: bench\n',
  'flows/copy/flow.yml': 'home: in.parquet\nstore: { type: parquet, path: lake, compression: snappy }\n',
};

/**
 * What drift detection adds to a full load: the same rows go to a destination whose snapshot they are compared with, and to one that has none. The
 * first is filled by a few rows beforehand, so that there is nothing of any size to replace.
 */
export const drift: BenchCase = {
  name: 'drift',
  async run(scale) {
    const rows = scale.quick ? 2_000_000 : 20_000_000;
    scale.say(`making ${rows.toLocaleString('en')} rows…`);
    const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    const few = await parquetRows(join(scale.folder, 'rows-1000.parquet'), 0, 1000);
    await using space = await workspace(scale.folder, flow);
    const settledBefore = side('with a snapshot', space, async () => {
      await given(space, few);
      await measure({ name: 'the rows before', args: [hygge, 'go', '-C', space.folder] });
      await given(space, source);
    });
    const never = side('without', space, () => given(space, source));
    scale.say('with a snapshot, without, in turn…');
    const pairs = await alternate([checkedOnce(settledBefore, space, source), never], scale.pairs ?? (scale.quick ? 2 : 5));
    return {
      name: 'drift',
      what: `${rows.toLocaleString('en')} rows × 10 columns, parquet → parquet, compared with the columns that settled before`,
      pairs,
      checks: [
        atMost(
          'time of the same run with nothing to compare with, lower quartile',
          pairs.ratios.without?.lowerQuartile ?? Number.NaN,
          1.03,
          '×',
        ),
      ],
      notes: [`the median pair: ${pairs.ratios.without?.median.toFixed(3)} ×; equal to the source by column hashes`],
    };
  },
};

function side(name: string, space: BenchWorkspace, fill: () => Promise<void>): Side {
  return {
    name,
    async prepare() {
      await space.empty();
      await fill();
    },
    run: () => measure({ name, args: [hygge, 'go', '-C', space.folder] }),
    // Before the other's turn: a gigabyte of dirty pages would be written at its cost.
    settle: () => space.empty(),
  };
}

/** The warm-up shows that the columns are the same, and that what settles is what the source holds: no run of its own is needed for that. */
function checkedOnce(one: Side, space: BenchWorkspace, source: string): Side {
  let checked = false;
  return {
    ...one,
    async run() {
      const measurement = await one.run();
      if (checked) return measurement;
      checked = true;
      const same = JSON.stringify(await fingerprint(source)) === JSON.stringify(await fingerprint(join(space.lake, '*.parquet')));
      if (!same) throw new Error('what hygge settled is not what the source holds');
      if (!measurement.stdout.includes('PASS=1')) throw new Error(`the columns are the same, and yet:\n${measurement.stdout}`);
      return measurement;
    },
  };
}

/** The source is this file from now on: another name of it, so that nothing is copied. */
async function given(space: BenchWorkspace, source: string): Promise<void> {
  const path = join(space.folder, 'in.parquet');
  await rm(path, { force: true });
  await link(source, path);
}
