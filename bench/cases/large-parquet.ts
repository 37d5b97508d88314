import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { fingerprint } from '../duck.ts';
import { measure } from '../measure.ts';
import { alternate, type Side } from '../pairs.ts';
import { type BenchWorkspace, hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type CaseResult, type Scale } from './case.ts';

const megabyte = 1e6;
const rival = join(import.meta.dirname, '..', 'copy-by-duckdb.mjs');

/** One large parquet file into files of about 128 MB by `hygge go`, against DuckDB's COPY, ordered (its default) and unordered. */
export const largeParquet: BenchCase = {
  name: 'large-parquet',
  async run(scale) {
    const rows = scale.quick ? 2_000_000 : 20_000_000;
    scale.say(`making ${rows.toLocaleString('en')} rows…`);
    const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    await using space = await workspace(scale.folder, flowOver(source));
    return await race(scale, source, rows, space);
  },
};

async function race(scale: Scale, source: string, rows: number, space: BenchWorkspace): Promise<CaseResult> {
  const copy = join(space.folder, 'copy.parquet');
  const sides = [hyggeSide(space), duckdbSide(source, copy, 'ordered'), duckdbSide(source, copy, 'unordered')];
  scale.say('hygge, DuckDB, DuckDB unordered, in turn…');
  const pairs = await alternate(sides, scale.pairs ?? (scale.quick ? 2 : 7));
  await space.empty();
  await sides[0]?.run();
  const files = await parquetFiles(space.lake);
  const same = JSON.stringify(await fingerprint(source)) === JSON.stringify(await fingerprint(join(space.lake, '*.parquet')));
  if (!same) throw new Error('what hygge settled is not what the source holds');
  const peak = pairs.sides[0]?.quartilePeakBytes ?? Number.NaN;
  return {
    name: 'large-parquet',
    what: `${rows.toLocaleString('en')} rows × 10 columns, parquet → parquet`,
    pairs,
    checks: [
      atMost(
        'time of DuckDB COPY at its defaults, lower quartile',
        pairs.ratios['DuckDB COPY, ordered']?.lowerQuartile ?? Number.NaN,
        0.85,
        '×',
      ),
      atMost('peak memory, lower quartile', peak / megabyte, 400, 'MB'),
      ...(scale.quick
        ? []
        : [atMost('missing from 64 MB in the smallest file but the last', Math.max(0, 64 - smallest(files) / 2 ** 20), 0, 'MB')]),
    ],
    notes: [
      `settled in ${files.length} file(s), ${files.map((bytes) => `${Math.round(bytes / megabyte)} MB`).join(', ')}; equal to the source by column hashes`,
    ],
  };
}

function flowOver(source: string): Readonly<Record<string, string>> {
  const home = JSON.stringify(source);
  return {
    'hygge.yml': 'name: bench\n',
    'flows/copy/flow.yml': `home: { type: parquet, path: ${home} }\nstore: { type: parquet, path: lake, compression: snappy }\n`,
  };
}

function hyggeSide(space: BenchWorkspace): Side {
  return {
    name: 'hygge go',
    prepare: () => space.empty(),
    run: () => measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder] }),
    // Before the others' turn: a gigabyte of dirty pages would be written at their cost.
    settle: () => space.empty(),
  };
}

function duckdbSide(source: string, copy: string, order: 'ordered' | 'unordered'): Side {
  return {
    name: `DuckDB COPY, ${order}`,
    run: () => measure({ name: `DuckDB COPY, ${order}`, args: [rival, source, copy, order] }),
    settle: () => rm(copy, { force: true }),
  };
}

async function parquetFiles(lake: string): Promise<readonly number[]> {
  const names = await readdir(lake, { recursive: true });
  const found = names.filter((name) => name.endsWith('.parquet') && !name.startsWith('_hygge')).sort();
  return Promise.all(found.map(async (name) => (await stat(join(lake, name))).size));
}

/** Of all files but the one that holds the rest. */
function smallest(files: readonly number[]): number {
  const sorted = [...files].sort((a, b) => a - b);
  return (files.length > 1 ? sorted[1] : sorted[0]) ?? 0;
}
