import { expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import { describeSuites, outcomesOf, type SuiteOutcome, suiteFiles, suitePath } from '../support/suites.ts';
import { TestWorkspace } from '../support/workspace.ts';

const isParquet = (path: string) => path.endsWith('.parquet') || path.includes('/data/parquet/fuzzing/');
const files = sampled(
  ['parquet-testing', 'arrow-testing', 'duckdb/data/parquet-testing'].flatMap((under) => suiteFiles(under, isParquet)),
  32,
);

/** What DuckDB can't read, or reads as something else than it is; by another file of the same rows, or the reason alone. */
const otherwise: Readonly<Record<string, { readonly like: string } | { readonly why: string }>> = {
  'parquet-testing/data/non_hadoop_lz4_compressed.parquet': { like: 'parquet-testing/data/lz4_raw_compressed.parquet' },
  'parquet-testing/data/hadoop_lz4_compressed_larger.parquet': { why: 'DuckDB does not read the LZ4 of Hadoop' },
  'duckdb/data/parquet-testing/arrow-testing/hadoop_lz4_compressed_larger.parquet': { why: 'DuckDB does not read the LZ4 of Hadoop' },
  'duckdb/data/parquet-testing/byte_stream_split.parquet': { why: 'DuckDB does not read BYTE_STREAM_SPLIT of other types than floats' },
  'arrow-testing/data/parquet/fuzzing/crash-649c71a618ae2fd80cec177a9676eb3e280fc1fa': {
    why: 'the key of a map is named "iey" in the file, which DuckDB names "key" whatever it is named',
  },
};

const rowsOf = (names: readonly string[]) =>
  `read_parquet([${names.map((name) => `'${name.replaceAll("'", "''")}'`).join(', ')}], hive_partitioning = false)`;

/** A time of day in UTC settles as a time of day, which the plan says. */
const withoutZones = (row: string) => row.replace(/"(\d\d:\d\d:\d\d(?:\.\d+)?)\+00"/g, '"$1"');

/** Undefined: the settled rows are those that DuckDB finds in the source. */
async function difference(path: string, settled: readonly string[]): Promise<string | undefined> {
  const other = otherwise[path];
  if (other !== undefined && 'why' in other) return undefined;
  const read = (names: readonly string[]) => duck(`select * from ${rowsOf(names)}`);
  const wanted = await read([suitePath(other?.like ?? path)]).catch((error: unknown) => String(error));
  if (typeof wanted === 'string') return `DuckDB can't read it: ${wanted.slice(0, 200)}`;
  const found = await read(settled);
  if (found.length !== wanted.length) return `${found.length} rows instead of ${wanted.length}`;
  for (const [i, row] of wanted.entries())
    if (JSON.stringify(found[i]) !== withoutZones(JSON.stringify(row)))
      return `row ${i}: ${JSON.stringify(found[i])?.slice(0, 300)} instead of ${JSON.stringify(row).slice(0, 300)}`;
  return undefined;
}

describeSuites('parquet files of public suites', () => {
  test('settle as another reader reads them, or are refused with a code; none takes the process down', async () => {
    using workspace = new TestWorkspace();
    const cases = files.map((path) => ({ path, home: { format: 'parquet' }, extension: '.parquet' }));
    const outcomes = await outcomesOf(workspace, cases);
    const wrong: string[] = [];
    for (const [path, outcome] of outcomes) {
      const line = await verdict(path, outcome);
      if (line !== undefined) wrong.push(`${path}: ${line}`);
    }
    expect(wrong).toEqual([]);
  });
});

async function verdict(path: string, outcome: SuiteOutcome): Promise<string | undefined> {
  if (outcome.outcome === 'aborted') return `took the process down: ${outcome.stderr}`;
  if (outcome.outcome === 'refused') return outcome.code.startsWith('HYG-9') ? `${outcome.code} ${outcome.what}` : undefined;
  return difference(path, outcome.files);
}
