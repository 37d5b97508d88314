import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { parsed } from '../support/documents.ts';
import { duck } from '../support/duck.ts';
import { sampled } from '../support/samples.ts';
import { describeSuites, outcomesOf, type SuiteOutcome, suiteFiles, suitePath } from '../support/suites.ts';
import { TestWorkspace } from '../support/workspace.ts';

const parsing = sampled(
  suiteFiles('json-test-suite/test_parsing', (path) => path.endsWith('.json')),
  24,
);
const duckFiles = sampled(
  suiteFiles('duckdb/data/json', (path) => /\.(nd)?jsonl?$/.test(path)),
  24,
);

/** The suite's values are of any kind, a record is an object. */
const inRecord = (bytes: Buffer) => Buffer.concat([Buffer.from('{"v":'), bytes, Buffer.from('}')]);

/** JSON that can't be columns: a name twice, a member without a name. `types: json` keeps it. */
const noColumns = ['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json', 'y_object_empty_key.json'];

function amissIn(outcome: SuiteOutcome, expected: 'settled' | 'refused' | 'either'): string | undefined {
  if (outcome.outcome === 'aborted') return `took the process down: ${outcome.stderr}`;
  if (outcome.outcome === 'refused' && outcome.code.startsWith('HYG-9')) return `${outcome.code} ${outcome.what}`;
  if (expected === 'either' || outcome.outcome === expected) return undefined;
  return outcome.outcome === 'refused' ? `is refused: ${outcome.code} ${outcome.what}` : 'is accepted';
}

const expectedOf = (path: string) => (/^y_/.test(basename(path)) ? 'settled' : /^n_/.test(basename(path)) ? 'refused' : 'either');

describeSuites('files of JSONTestSuite', () => {
  test('are accepted and refused as the suite says, as a value that is kept unchanged', async () => {
    using workspace = new TestWorkspace();
    const cases = parsing.map((path) => ({ path, home: { format: 'json', types: { v: 'json' } }, extension: '.json', content: inRecord }));
    const wrong: string[] = [];
    for (const [path, outcome] of await outcomesOf(workspace, cases)) {
      const amiss = amissIn(outcome, expectedOf(path));
      if (amiss !== undefined) wrong.push(`${path} ${amiss}`);
      if (outcome.outcome !== 'settled') continue;
      const [row] = await duck(`select v from read_parquet('${outcome.files[0]}')`);
      const text = readFileSync(suitePath(path), 'utf8').trim();
      if ((row?.v ?? 'null') !== text) wrong.push(`${path} settled as ${String(row?.v)}`);
    }
    expect(wrong).toEqual([]);
  });

  test('are accepted and refused as the suite says, as columns of their own', async () => {
    using workspace = new TestWorkspace();
    const cases = parsing.map((path) => ({ path, home: { format: 'json', mixed: 'json' }, extension: '.json', content: inRecord }));
    const outcomes = await outcomesOf(workspace, cases);
    const wrong = [...outcomes].flatMap(([path, outcome]) => {
      const amiss = amissIn(outcome, noColumns.includes(basename(path)) ? 'refused' : expectedOf(path));
      return amiss === undefined ? [] : [`${path} ${amiss}`];
    });
    expect(wrong).toEqual([]);
  });
});

describeSuites('JSON files of DuckDB', () => {
  test('settle as NDJSON of the documents that DuckDB finds in them, or are refused with a code', async () => {
    using workspace = new TestWorkspace();
    const cases = duckFiles.map((path) => ({
      path,
      home: { format: path.endsWith('.json') ? 'json' : 'ndjson', mixed: 'json' },
      store: { format: 'ndjson' },
      extension: path.endsWith('.json') ? '.json' : '.ndjson',
    }));
    const wrong: string[] = [];
    for (const [path, outcome] of await outcomesOf(workspace, cases)) {
      const amiss = amissIn(outcome, 'either') ?? (outcome.outcome === 'settled' ? await difference(path, outcome.files) : undefined);
      if (amiss !== undefined) wrong.push(`${path} ${amiss}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** Undefined: the settled documents are those of the source. */
async function difference(path: string, settled: readonly string[]): Promise<string | undefined> {
  const source = suitePath(path).replaceAll("'", "''");
  const rows = await duck(
    `select json::varchar j from read_json_objects('${source}', format = 'auto', maximum_object_size = 100000000)`,
  ).catch((error: unknown) => String(error));
  if (typeof rows === 'string') return `settles, and DuckDB can't read it: ${rows.slice(0, 200)}`;
  const wanted = rows.map(({ j }) => parsed(String(j)));
  const found = settled.flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(0, -1)).map(parsed);
  if (found.length !== wanted.length) return `${found.length} rows instead of ${wanted.length}`;
  const at = wanted.findIndex((document, i) => JSON.stringify(found[i]) !== JSON.stringify(document));
  return at < 0
    ? undefined
    : `row ${at}: ${JSON.stringify(found[at]).slice(0, 300)} instead of ${JSON.stringify(wanted[at]).slice(0, 300)}`;
}
