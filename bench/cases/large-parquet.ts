import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { fingerprint } from '../duck.ts';
import { flowOver, megabyte, moduleHere, race } from '../race.ts';
import { workspace } from '../workspace.ts';
import { atMost, type BenchCase } from './case.ts';

const duckdb = { rival: moduleHere('copy-by-duckdb.mjs'), against: 'ordered', limit: 0.85, peakMegabytes: 400, pairs: 7 } as const;

/** One large parquet file into files of about 128 MB by `hygge go`, against DuckDB's COPY, ordered (its default) and unordered. */
export const largeParquet: BenchCase = {
  name: 'large-parquet',
  async run(scale) {
    const rows = scale.quick ? 2_000_000 : 20_000_000;
    scale.say(`making ${rows.toLocaleString('en')} rows…`);
    const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    await using space = await workspace(scale.folder, flowOver(source, 'compression: snappy'));
    const same = async () => JSON.stringify(await fingerprint(source)) === JSON.stringify(await fingerprint(join(space.lake, '*.parquet')));
    const more = async () => {
      const files = await parquetFiles(space.lake);
      const missing = atMost('missing from 64 MB in the smallest file but the last', Math.max(0, 64 - smallest(files) / 2 ** 20), 0, 'MB');
      const sizes = files.map((bytes) => `${Math.round(bytes / megabyte)} MB`).join(', ');
      return { checks: scale.quick ? [] : [missing], notes: [`settled in ${files.length} file(s), ${sizes}`] };
    };
    const what = `${rows.toLocaleString('en')} rows × 10 columns, parquet → parquet`;
    const copy = join(space.folder, 'copy.parquet');
    return await race(scale, { ...duckdb, name: this.name, what, source, copy, same, more }, space);
  },
};

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
