import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apiRecords, salesforceJobs } from './cases/apis.ts';
import type { BenchCase, CaseResult } from './cases/case.ts';
import { csvOfQuotes, csvToParquet, parquetToCsv } from './cases/csv.ts';
import { databases } from './cases/databases.ts';
import { drift } from './cases/drift.ts';
import { duckdbToParquet, parquetToDuckdb } from './cases/duckdb.ts';
import { emptyEntity } from './cases/empty-entity.ts';
import { fiftyEntities } from './cases/fifty-entities.ts';
import { functionAppStart } from './cases/function-app.ts';
import { help } from './cases/help.ts';
import { lakes } from './cases/lake.ts';
import { largeParquet } from './cases/large-parquet.ts';
import { mirrored } from './cases/mirrored.ts';
import { ndjsonToParquet, parquetToNdjson } from './cases/ndjson.ts';
import { orchestration } from './cases/orchestration.ts';
import { columnCosts, people } from './cases/people.ts';
import { peopleRuns } from './cases/people-runs.ts';
import { fromSqlServer, toSqlServer } from './cases/sqlserver.ts';
import { benchFolder } from './data.ts';
import { machine } from './machine.ts';
import { checkLine, writeReport } from './report.ts';

const cases: readonly BenchCase[] = [
  help,
  functionAppStart,
  emptyEntity,
  largeParquet,
  drift,
  fiftyEntities,
  csvToParquet,
  csvOfQuotes,
  parquetToCsv,
  ndjsonToParquet,
  parquetToNdjson,
  parquetToDuckdb,
  duckdbToParquet,
  ...databases,
  people,
  peopleRuns,
  columnCosts,
  fromSqlServer,
  toSqlServer,
  apiRecords,
  salesforceJobs,
  orchestration,
  ...lakes,
  ...mirrored,
];
const usage = `npm run bench -- [--quick] [--pairs N] [--results FOLDER] [case…]
  cases: ${cases.map(({ name }) => name).join(', ')} (default: all)
  HYGGE_BENCH_DIR: where to keep generated data (default: a temporary folder, removed at the end)\n`;

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      results: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter((name) => !cases.some((one) => one.name === name));
  if (values.help || unknown.length > 0) {
    say(`${unknown.map((name) => `There is no case ${name}.\n`).join('')}${usage}`);
    return values.help ? 0 : 2;
  }
  const chosen = cases.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const results = await runAll(chosen, values.quick, values.pairs === undefined ? undefined : Number(values.pairs));
  const folder =
    values.results ?? (values.quick ? join(import.meta.dirname, '..', '.cache', 'bench') : join(import.meta.dirname, 'results'));
  const name = values.quick ? 'quick' : chosen.length === cases.length ? 'latest' : chosen.map((one) => one.name).join('+');
  await writeReport({ when: new Date().toISOString(), machine: machine(), quick: values.quick, cases: results }, folder, name);
  say(`\nResults are in ${join(folder, name)}.md`);
  return values.quick || results.every(({ checks }) => checks.every(({ met }) => met)) ? 0 : 1;
}

async function runAll(chosen: readonly BenchCase[], quick: boolean, pairs: number | undefined): Promise<readonly CaseResult[]> {
  await using folder = await benchFolder();
  const results: CaseResult[] = [];
  for (const one of chosen) {
    say(`\n${one.name}`);
    const absent = one.absent?.() ?? '';
    if (absent !== '') {
      say(`  left out: ${absent}`);
      continue;
    }
    const result = await one.run({ quick, pairs, folder: folder.path, say: (line) => say(`  ${line}`) });
    for (const check of result.checks) say(`  ${checkLine(check)}`);
    for (const note of result.notes) say(`  ${note}`);
    results.push(result);
  }
  return results;
}

try {
  process.exitCode = await main();
} catch (error) {
  say(`\nThe benchmark stopped: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
