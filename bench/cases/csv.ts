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

/** A text in every row that has quotes in it, and so twice as many in the file. */
export const csvOfQuotes: BenchCase = {
  name: 'csv-of-quotes',
  async run(scale) {
    const rows = rowsOf(scale) / 4;
    const source = join(scale.folder, `quotes-${rows}.csv`);
    const from = join(scale.folder, `quotes-${rows}.parquet`);
    if (!existsSync(source)) {
      const texts = `SELECT i::BIGINT AS id, 'say "hi" to ' || i || ', "twice"' AS note, 'Springfield, IL' AS city FROM range(${rows}) AS numbers(i)`;
      await query(`COPY (${texts}) TO ${quoted(from)} (FORMAT parquet)`);
      await query(`COPY (FROM ${quoted(from)}) TO ${quoted(`${source}.tmp`)} (FORMAT csv, HEADER)`);
      await rename(`${source}.tmp`, source);
    }
    await using space = await workspace(scale.folder, flowOver(source, 'format: parquet, compression: snappy'));
    const copy = join(space.folder, 'copy.parquet');
    const settled = () => quoted(join(space.lake, '*.parquet'));
    const same = async () => {
      const [found] = await query(`SELECT count(*) AS n FROM (FROM ${settled()} EXCEPT ALL FROM ${quoted(from)})`);
      const [left] = await query(`SELECT count(*) AS n FROM ${settled()}`);
      return Number(found?.n) === 0 && Number(left?.n) === rows;
    };
    const what = `${rows.toLocaleString('en')} rows × 3 columns with doubled quotes, csv → parquet`;
    const also = ["{id: 'BIGINT', note: 'VARCHAR', city: 'VARCHAR'}"];
    return await race(scale, { ...duckdb, also, name: this.name, what, source, copy, same, against: 'unordered', limit: 2.5 }, space);
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
