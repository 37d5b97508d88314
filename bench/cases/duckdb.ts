import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetRows } from '../data.ts';
import { fingerprint, quoted } from '../duck.ts';
import { moduleHere, race } from '../race.ts';
import { workspace } from '../workspace.ts';
import type { BenchCase, Scale } from './case.ts';

const rival = { rival: moduleHere('duckdb-tables.mjs'), against: 'ordered', peakMegabytes: 500, pairs: 3 } as const;
const rowsOf = ({ quick }: Scale): number => (quick ? 1_000_000 : 5_000_000);

async function inFile(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

const flow = (home: string, store: string) => ({
  'hygge.yml': 'name: bench\n',
  'flows/copy/flow.yml': `home: ${home}\nstore: ${store}\n`,
});

/** Parquet into a table of a file of DuckDB, against DuckDB's own INSERT. */
export const parquetToDuckdb: BenchCase = {
  name: 'parquet-to-duckdb',
  async run(scale) {
    const rows = rowsOf(scale);
    const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    await using space = await workspace(
      scale.folder,
      flow(`{ path: ${JSON.stringify(source)} }`, '{ type: duckdb, path: lake/tables.duckdb, table: rows }'),
    );
    const back = join(space.folder, 'back.parquet');
    const same = async () => {
      await inFile(join(space.lake, 'tables.duckdb'), `COPY rows TO ${quoted(back)} (FORMAT parquet)`);
      return JSON.stringify(await fingerprint(back)) === JSON.stringify(await fingerprint(source));
    };
    const what = `${rows.toLocaleString('en')} rows × 10 columns, parquet → a table of DuckDB`;
    const copy = join(space.folder, 'copy.duckdb');
    return await race(scale, { ...rival, also: ['into'], name: this.name, what, source, copy, same, limit: 1.6 }, space);
  },
};

/** And back, against its COPY. */
export const duckdbToParquet: BenchCase = {
  name: 'duckdb-to-parquet',
  async run(scale) {
    const rows = rowsOf(scale);
    const from = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    const source = join(scale.folder, `rows-${rows}.duckdb`);
    if (!existsSync(source)) {
      await inFile(`${source}.tmp`, `CREATE TABLE rows AS FROM ${quoted(from)}`);
      await rename(`${source}.tmp`, source);
    }
    const store = '{ path: lake/rows, format: parquet, compression: snappy }';
    await using space = await workspace(scale.folder, flow(`{ type: duckdb, path: ${JSON.stringify(source)}, table: rows }`, store));
    const same = async () =>
      JSON.stringify(await fingerprint(from)) === JSON.stringify(await fingerprint(join(space.lake, 'rows', '*.parquet')));
    const what = `${rows.toLocaleString('en')} rows × 10 columns, a table of DuckDB → parquet`;
    const copy = join(space.folder, 'copy.parquet');
    return await race(scale, { ...rival, also: ['out'], name: this.name, what, source, copy, same, limit: 1.8 }, space);
  },
};
