import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { query, quoted } from '../duck.ts';
import { flowOver, moduleHere, race } from '../race.ts';
import { workspace } from '../workspace.ts';
import type { BenchCase, Scale } from './case.ts';

const duckdb = { rival: moduleHere('ndjson-by-duckdb.mjs'), against: 'ordered', limit: 1.15, peakMegabytes: 450 } as const;

/** What both sides make of the text: DuckDB proposes a date for `day`, which hygge leaves text unless it is told. */
const asText =
  "{id: 'BIGINT', ts: 'VARCHAR', amount: 'DOUBLE', price: 'DOUBLE', qty: 'BIGINT', flag: 'BOOLEAN', code: 'VARCHAR', name: 'VARCHAR', day: 'VARCHAR', note: 'VARCHAR'}";
/** What another reader makes of what hygge writes; decimals and times are texts there. */
const asWritten = asText
  .replace("ts: 'VARCHAR'", "ts: 'TIMESTAMP'")
  .replace("amount: 'DOUBLE'", "amount: 'DECIMAL(18,4)'")
  .replace("day: 'VARCHAR'", "day: 'DATE'");
const columns = ['id', 'ts', 'amount', 'price', 'qty', 'flag', 'code', 'name', 'day', 'note'];

/** Lines of JSON into parquet by `hygge go`, against DuckDB's COPY, which samples its types too. */
export const ndjsonToParquet: BenchCase = {
  name: 'ndjson-to-parquet',
  async run(scale) {
    const { source, rows } = await lines(scale);
    await using space = await workspace(scale.folder, flowOver(source, 'format: parquet'));
    const copy = join(space.folder, 'copy.parquet');
    const same = async () => {
      const from = `read_json(${quoted(source)}, format = 'newline_delimited', columns = ${asText})`;
      return (await sums(from)) === (await sums(`read_parquet(${quoted(join(space.lake, '*.parquet'))})`));
    };
    const what = `${rows.toLocaleString('en')} rows, NDJSON → parquet`;
    return await race(scale, { ...duckdb, name: this.name, what, source, copy, same }, space);
  },
};

/** Parquet into lines of JSON. */
export const parquetToNdjson: BenchCase = {
  name: 'parquet-to-ndjson',
  async run(scale) {
    const rows = rowsOf(scale);
    const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    await using space = await workspace(scale.folder, flowOver(source, 'format: ndjson'));
    const copy = join(space.folder, 'copy.ndjson');
    const same = async () => {
      const settled = `read_json(${quoted(join(space.lake, '*.ndjson'))}, format = 'newline_delimited', columns = ${asWritten})`;
      const from = `(SELECT * REPLACE (qty::BIGINT AS qty) FROM ${quoted(source)})`;
      return (await sums(from)) === (await sums(settled));
    };
    const what = `${rows.toLocaleString('en')} rows, parquet → NDJSON`;
    return await race(scale, { ...duckdb, name: this.name, what, source, copy, same }, space);
  },
};

const rowsOf = ({ quick }: Scale) => (quick ? 500_000 : 5_000_000);

async function lines(scale: Scale): Promise<{ readonly source: string; readonly rows: number }> {
  const rows = rowsOf(scale);
  const source = join(scale.folder, `rows-${rows}.ndjson`);
  const from = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
  if (!existsSync(source)) await query(`COPY (FROM ${quoted(from)}) TO ${quoted(source)} (FORMAT json)`);
  return { source, rows };
}

/** What a relation holds, whatever the order of its rows. */
async function sums(relation: string): Promise<string> {
  const parts = columns.flatMap((name) => [`sum(hash(${name})::HUGEINT)::VARCHAR`, `count(${name})::VARCHAR`]);
  const [row] = await query(`SELECT count(*)::VARCHAR || ' ' || concat_ws(' ', ${parts.join(', ')}) AS sums FROM ${relation}`);
  return String(row?.sums);
}
