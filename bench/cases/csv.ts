import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { fingerprint, query, quoted } from '../duck.ts';
import { flowOver, moduleHere, race } from '../race.ts';
import { workspace } from '../workspace.ts';
import type { BenchCase, Scale } from './case.ts';

/** The types that hygge proposes by itself, so that both sides do the same work. */
const typed =
  "{id: 'BIGINT', ts: 'TIMESTAMP', amount: 'DECIMAL(18,4)', price: 'DOUBLE', qty: 'BIGINT', flag: 'BOOLEAN', code: 'VARCHAR', name: 'VARCHAR', day: 'DATE', note: 'VARCHAR'}";

const duckdb = { rival: moduleHere('csv-by-duckdb.mjs'), also: [typed], peakMegabytes: 450 };

/** A large CSV, its timestamps typed, into parquet by `hygge go`, against DuckDB's COPY with the types given. */
export const csvToParquet: BenchCase = {
  name: 'csv-to-parquet',
  async run(scale) {
    const rows = rowsOf(scale);
    const from = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    const source = join(scale.folder, `rows-${rows}.csv`);
    if (!existsSync(source)) {
      await query(`COPY (FROM ${quoted(from)}) TO ${quoted(`${source}.tmp`)} (FORMAT csv, HEADER)`);
      await rename(`${source}.tmp`, source);
    }
    await using space = await workspace(scale.folder, flowOver(source, 'format: parquet, compression: snappy'));
    const copy = join(space.folder, 'copy.parquet');
    const same = async () => {
      await query(`COPY (SELECT * REPLACE (qty::BIGINT AS qty) FROM ${quoted(from)}) TO ${quoted(copy)} (FORMAT parquet)`);
      return JSON.stringify(await fingerprint(copy)) === JSON.stringify(await fingerprint(join(space.lake, '*.parquet')));
    };
    const what = whatOf(rows, 'csv', 'parquet');
    return await race(scale, { ...duckdb, name: this.name, what, source, copy, same, against: 'unordered', limit: 1.45 }, space);
  },
};

/** Parquet into CSV. */
export const parquetToCsv: BenchCase = {
  name: 'parquet-to-csv',
  async run(scale) {
    const rows = rowsOf(scale);
    const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    await using space = await workspace(scale.folder, flowOver(source, 'format: csv'));
    const copy = join(space.folder, 'copy.csv');
    const back = join(space.folder, 'back.parquet');
    const same = async () => {
      const settled = `read_csv(${quoted(join(space.lake, '*.csv'))}, columns = ${typed.replace("qty: 'BIGINT'", "qty: 'INTEGER'")}, header = true)`;
      await query(`COPY (FROM ${settled}) TO ${quoted(back)} (FORMAT parquet)`);
      return JSON.stringify(await fingerprint(source)) === JSON.stringify(await fingerprint(back));
    };
    const what = whatOf(rows, 'parquet', 'csv');
    return await race(scale, { ...duckdb, name: this.name, what, source, copy, same, against: 'ordered', limit: 1 }, space);
  },
};

const rowsOf = ({ quick }: Scale): number => (quick ? 2_000_000 : 20_000_000);

const whatOf = (rows: number, from: string, to: string): string => `${rows.toLocaleString('en')} rows × 10 columns, ${from} → ${to}`;
