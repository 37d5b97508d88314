import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import { describeSuites, outcomesOf, type SuiteOutcome, suiteFiles, suitePath } from '../support/suites.ts';
import { TestWorkspace } from '../support/workspace.ts';

const spectrum = suiteFiles('csv-spectrum/csvs', (path) => path.endsWith('.csv'));
const duckFiles = sampled(
  suiteFiles('duckdb/data/csv', (path) => /\.(csv|tsv|tbl)(\.gz|\.zst)?$/.test(path)),
  32,
);

/** What its document says otherwise than the file itself. */
const unlikeItsDocument: Readonly<Record<string, readonly string[]>> = {
  'csv-spectrum/csvs/location_coordinates.csv': ['Contact Phone Number'],
};
/** What DuckDB can't read, and why. */
const unread: Readonly<Record<string, string>> = {
  'duckdb/data/csv/mixed_new_line.csv': 'DuckDB takes one kind of line ends in a file whose dialect it is told',
};

function amissIn(outcome: SuiteOutcome): string | undefined {
  if (outcome.outcome === 'aborted') return `took the process down: ${outcome.stderr}`;
  return outcome.outcome === 'refused' && outcome.code.startsWith('HYG-9') ? `${outcome.code} ${outcome.what}` : undefined;
}

describeSuites('files of csv-spectrum', () => {
  test('settle as the documents that the suite has next to them', async () => {
    using workspace = new TestWorkspace();
    const cases = spectrum.map((path) => ({ path, home: { format: 'csv' }, store: { format: 'ndjson' }, extension: '.csv' }));
    const wrong: string[] = [];
    for (const [path, outcome] of await outcomesOf(workspace, cases)) {
      const document = path.replace('/csvs/', '/json/').replace(/\.csv$/, '.json');
      const wanted = [JSON.parse(readFileSync(suitePath(document), 'utf8')) as object].flat();
      const found =
        outcome.outcome === 'settled'
          ? outcome.files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\n')).map((line) => JSON.parse(line) as object)
          : amissIn(outcome);
      // Empty is null, and digits are numbers: the suite knows texts alone.
      const asTexts = (row: object) =>
        Object.fromEntries(
          Object.entries(row)
            .filter(([name]) => !unlikeItsDocument[path]?.includes(name))
            .map(([name, value]) => [name, value === null ? '' : `${value}`]),
        );
      if (!Array.isArray(found) || JSON.stringify(found.map(asTexts)) !== JSON.stringify(wanted.map(asTexts)))
        wrong.push(`${path} is ${JSON.stringify(found ?? outcome)}`);
    }
    expect(wrong).toEqual([]);
  });
});

describeSuites('CSV files of DuckDB', () => {
  test('settle as DuckDB reads them in the dialect that was found, or are refused with a code', async () => {
    using workspace = new TestWorkspace();
    const cases = duckFiles.map((path) => ({ path, home: { format: 'csv' }, extension: /\.\w+(\.gz|\.zst)?$/.exec(path)?.[0] ?? '.csv' }));
    const wrong: string[] = [];
    let settled = 0;
    for (const [path, outcome] of await outcomesOf(workspace, cases)) {
      if (outcome.outcome === 'settled') settled++;
      const amiss = amissIn(outcome) ?? (outcome.outcome === 'settled' ? await difference(workspace, path, outcome.files) : undefined);
      if (amiss !== undefined) wrong.push(`${path}: ${amiss}`);
    }
    expect(wrong).toEqual([]);
    // Many of the others are there to be refused: what fuzzers found, and text that is not CSV.
    expect(settled).toBeGreaterThan(duckFiles.length / 3);
  });
});

interface Pinned {
  readonly delimiter: string;
  readonly header: boolean;
}

/** How the run took the file to be written, by the snapshot that it settled with. */
function dialectOf(workspace: TestWorkspace, settled: string): Pinned {
  const flow = /out[\\/](f\d+)[\\/]/.exec(settled)?.[1] ?? '';
  const folder = workspace.path('.hygge', 'objects', flow, flow, 'schemas');
  const [name = ''] = readdirSync(folder);
  const { pinned } = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as { readonly pinned: { readonly format: Pinned } };
  return pinned.format;
}

/** At the beginning: no records to hygge, and lines to DuckDB. */
function emptyLines(path: string): number {
  return path.endsWith('z') || path.endsWith('zst')
    ? 0
    : (/^[\r\n]*/.exec(readFileSync(suitePath(path), 'latin1'))?.[0].split('\n').length ?? 1) - 1;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Undefined: the settled cells are those that DuckDB finds in the source, as text or as values of the settled type. */
async function difference(workspace: TestWorkspace, path: string, settled: readonly string[]): Promise<string | undefined> {
  if (unread[path] !== undefined) return undefined;
  const { delimiter, header } = dialectOf(workspace, settled[0] ?? '');
  const ours = `read_parquet([${settled.map(quoted).join(', ')}], hive_partitioning = false)`;
  const columns = await duck(`describe select * from ${ours}`);
  const names = columns.map((_, i) => `c${i}`);
  const skip = emptyLines(path) + (header ? 1 : 0);
  const encoding = path.includes('utf16') ? "'utf-16'" : "'utf-8'";
  const size = 'max_line_size = 20000000, buffer_size = 40000000';
  const dialect = `delim = ${quoted(delimiter)}, header = false, skip = ${skip}, quote = '"', escape = '"', encoding = ${encoding}, ${size}, allow_quoted_nulls = false, auto_detect = false, hive_partitioning = false`;
  const theirs = `read_csv(${quoted(suitePath(path))}, columns = {${names.map((name) => `'${name}': 'VARCHAR'`).join(', ')}}, ${dialect})`;
  const differs = columns.map(({ column_type: type }, i) => {
    const [a, b] = [`o.c${i}`, `t.c${i}`];
    // An empty field is null, and a text when it is quoted.
    return `(${a}::varchar is distinct from ${b} and ${a} is distinct from try_cast(trim(${b}) as ${type}))`;
  });
  const sql = `select (select count(*) from o) as found, (select count(*) from t) as wanted, (select count(*) from o positional join t where ${differs.join(' or ')}) as differing`;
  const rows = await duck(`with o(${names.join(', ')}) as (select * from ${ours}), t as (select * from ${theirs}) ${sql}`).catch(
    (error: unknown) => String(error),
  );
  if (typeof rows === 'string')
    return `settles (${delimiter} ${header}), and DuckDB can't read it: ${rows.slice(0, 160).replaceAll('\n', ' ')}`;
  const [row] = rows;
  if (Number(row?.found) !== Number(row?.wanted)) return `${row?.found} rows instead of ${row?.wanted} (${delimiter} ${header})`;
  return Number(row?.differing) === 0 ? undefined : `${row?.differing} of ${row?.found} rows differ (${delimiter} ${header})`;
}
