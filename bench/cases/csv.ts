import { existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetRows } from '../data.ts';
import { fingerprint, query, quoted } from '../duck.ts';
import { measure } from '../measure.ts';
import { alternate, type Side } from '../pairs.ts';
import { type BenchWorkspace, hygge, workspace } from '../workspace.ts';
import { atMost, type BenchCase, type CaseResult, type Scale } from './case.ts';

const megabyte = 1e6;
const rival = join(import.meta.dirname, '..', 'csv-by-duckdb.mjs');

/** The types that hygge proposes by itself, so that both sides do the same work. */
const typed =
  "{id: 'BIGINT', ts: 'TIMESTAMP', amount: 'DECIMAL(18,4)', price: 'DOUBLE', qty: 'BIGINT', flag: 'BOOLEAN', code: 'VARCHAR', name: 'VARCHAR', day: 'DATE', note: 'VARCHAR'}";

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
    return await race({ scale, name: this.name, rows, source, copy, same, against: 'unordered', limit: 1.45 }, space);
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
    return await race({ scale, name: this.name, rows, source, copy, same, against: 'ordered', limit: 1 }, space);
  },
};

const rowsOf = ({ quick }: Scale): number => (quick ? 2_000_000 : 20_000_000);

function flowOver(source: string, store: string): Readonly<Record<string, string>> {
  return {
    'hygge.yml': 'name: bench\n',
    'flows/copy/flow.yml': `home: { path: ${JSON.stringify(source)} }\nstore: { path: lake, ${store} }\n`,
  };
}

interface Race {
  readonly scale: Scale;
  readonly name: string;
  readonly rows: number;
  readonly source: string;
  readonly copy: string;
  readonly same: () => Promise<boolean>;
  /** The side of DuckDB that the limit is about. */
  readonly against: 'ordered' | 'unordered';
  readonly limit: number;
}

async function race({ scale, name, rows, source, copy, same, against, limit }: Race, space: BenchWorkspace): Promise<CaseResult> {
  const sides = [hyggeSide(space), duckdbSide(source, copy, 'ordered'), duckdbSide(source, copy, 'unordered')];
  scale.say('hygge, DuckDB, DuckDB unordered, in turn…');
  const pairs = await alternate(sides, scale.pairs ?? (scale.quick ? 2 : 5));
  await space.empty();
  await sides[0]?.run();
  if (!(await same())) throw new Error('what hygge settled is not what the source holds');
  const ratio = pairs.ratios[`DuckDB COPY, ${against}`]?.lowerQuartile ?? Number.NaN;
  const peak = pairs.sides[0]?.quartilePeakBytes ?? Number.NaN;
  const { size } = await stat(source);
  return {
    name,
    what: `${rows.toLocaleString('en')} rows × 10 columns, ${name.replaceAll('-to-', ' → ')}`,
    pairs,
    checks: [
      atMost(`time of DuckDB COPY, ${against}, lower quartile`, ratio, limit, '×'),
      atMost('peak memory, lower quartile', peak / megabyte, 450, 'MB'),
    ],
    notes: [`the source has ${Math.round(size / megabyte)} MB; what settled is equal to it by column hashes`],
  };
}

function hyggeSide(space: BenchWorkspace): Side {
  return {
    name: 'hygge go',
    prepare: () => space.empty(),
    run: () => measure({ name: 'hygge go', args: [hygge, 'go', '-C', space.folder] }),
    // Before the others' turn: gigabytes of dirty pages would be written at their cost.
    settle: () => space.empty(),
  };
}

function duckdbSide(source: string, copy: string, order: 'ordered' | 'unordered'): Side {
  const name = `DuckDB COPY, ${order}`;
  return { name, run: () => measure({ name, args: [rival, source, copy, order, typed] }), settle: () => rm(copy, { force: true }) };
}
