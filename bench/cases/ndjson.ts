import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { query, quoted } from '../duck.ts';
import { measure } from '../measure.ts';
import { alternate, type Side } from '../pairs.ts';
import { type BenchWorkspace, hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type CaseResult, type Scale } from './case.ts';

const megabyte = 1e6;
const rival = join(import.meta.dirname, '..', 'ndjson-by-duckdb.mjs');

/** What both sides make of the text: DuckDB proposes a date for `day`, which hygge leaves text unless it is told. */
const asText =
  "{id: 'BIGINT', ts: 'VARCHAR', amount: 'DOUBLE', price: 'DOUBLE', qty: 'BIGINT', flag: 'BOOLEAN', code: 'VARCHAR', name: 'VARCHAR', day: 'VARCHAR', note: 'VARCHAR'}";
/** What another reader makes of what hygge writes; decimals and times are texts there. */
const asWritten = asText
  .replace("ts: 'VARCHAR'", "ts: 'TIMESTAMP'")
  .replace("amount: 'DOUBLE'", "amount: 'DECIMAL(18,4)'")
  .replace("day: 'VARCHAR'", "day: 'DATE'");
const columns = ['id', 'ts', 'amount', 'price', 'qty', 'flag', 'code', 'name', 'day', 'note'];

/** Lines of JSON into parquet by `hygge go`, against DuckDB's COPY, which samples the types that hygge goes through all records for. */
export const ndjsonToParquet: BenchCase = {
  name: 'ndjson-to-parquet',
  async run(scale) {
    const { source, rows } = await lines(scale);
    const flow = `home: { path: ${JSON.stringify(source)} }\nstore: { path: lake, format: parquet }\n`;
    await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
    const copy = join(space.folder, 'copy.parquet');
    const same = async () => {
      const from = `read_json(${quoted(source)}, format = 'newline_delimited', columns = ${asText})`;
      return (await sums(from)) === (await sums(`read_parquet(${quoted(join(space.lake, '*.parquet'))})`));
    };
    return await race(
      scale,
      { name: 'ndjson-to-parquet', what: `${rows.toLocaleString('en')} rows, NDJSON → parquet`, source, copy, same },
      space,
    );
  },
};

/** Parquet into lines of JSON. */
export const parquetToNdjson: BenchCase = {
  name: 'parquet-to-ndjson',
  async run(scale) {
    const rows = rowsOf(scale);
    const source = await parquetRows(join(scale.folder, `rows-${rows}.parquet`), 0, rows);
    const flow = `home: { path: ${JSON.stringify(source)} }\nstore: { path: lake, format: ndjson }\n`;
    await using space = await workspace(scale.folder, { 'hygge.yml': 'name: bench\n', 'flows/copy/flow.yml': flow });
    const copy = join(space.folder, 'copy.ndjson');
    const same = async () => {
      const settled = `read_json(${quoted(join(space.lake, '*.ndjson'))}, format = 'newline_delimited', columns = ${asWritten})`;
      const from = `(SELECT * REPLACE (qty::BIGINT AS qty) FROM ${quoted(source)})`;
      return (await sums(from)) === (await sums(settled));
    };
    return await race(
      scale,
      { name: 'parquet-to-ndjson', what: `${rows.toLocaleString('en')} rows, parquet → NDJSON`, source, copy, same },
      space,
    );
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

interface Race {
  readonly name: string;
  readonly what: string;
  readonly source: string;
  readonly copy: string;
  same(): Promise<boolean>;
}

async function race(scale: Scale, { name, what, source, copy, same }: Race, space: BenchWorkspace): Promise<CaseResult> {
  const sides = [hyggeSide(space), duckdbSide(source, copy, 'ordered'), duckdbSide(source, copy, 'unordered')];
  scale.say('hygge, DuckDB, DuckDB unordered, in turn…');
  const pairs = await alternate(sides, scale.pairs ?? (scale.quick ? 2 : 5));
  await space.empty();
  await sides[0]?.run();
  if (!(await same())) throw new Error('what hygge settled is not what the source holds');
  const ratio = (against: string) => pairs.ratios[against]?.lowerQuartile ?? Number.NaN;
  const peak = pairs.sides[0]?.quartilePeakBytes ?? Number.NaN;
  const { size } = await stat(source);
  return {
    name,
    what,
    pairs,
    checks: [
      atMost('time of DuckDB COPY at its defaults, lower quartile', ratio('DuckDB COPY, ordered'), 1.15, '×'),
      atMost('peak memory, lower quartile', peak / megabyte, 450, 'MB'),
    ],
    notes: [`the source has ${Math.round(size / megabyte)} MB; what settled is equal to it by column hashes`],
  };
}

/** What a relation holds, whatever the order of its rows. */
async function sums(relation: string): Promise<string> {
  const parts = columns.flatMap((name) => [`sum(hash(${name})::HUGEINT)::VARCHAR`, `count(${name})::VARCHAR`]);
  const [row] = await query(`SELECT count(*)::VARCHAR || ' ' || concat_ws(' ', ${parts.join(', ')}) AS sums FROM ${relation}`);
  return String(row?.sums);
}

function hyggeSide(space: BenchWorkspace): Side {
  return {
    name: 'hygge go',
    prepare: () => space.empty(),
    run: () => measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder] }),
    settle: () => space.empty(),
  };
}

function duckdbSide(source: string, copy: string, order: 'ordered' | 'unordered'): Side {
  const name = `DuckDB COPY, ${order}`;
  return { name, run: () => measure({ name, args: [rival, source, copy, order] }), settle: () => rm(copy, { force: true }) };
}
