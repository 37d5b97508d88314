import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testsNamed } from '../reaching-tests.ts';
import { recordedCalls, testsThatCall } from './calls.ts';
import { type Controls, withPlanted } from './hunt.ts';
import type { NearBug } from './near-bug.ts';
import { type Runs, whyUnclear } from './search.ts';
import { Tree } from './tree.ts';

/** What the test files that call a changed function said of one bug: a line of the matrix. */
export interface Row {
  readonly bug: string;
  readonly commit: string;
  /** Test files that ran to their end. */
  readonly ran: readonly string[];
  readonly noticed: readonly string[];
  readonly seconds: number;
  /** Why nothing can be said. */
  readonly unclear?: string;
}

/** Test files for one bug, and minutes for all of them together. */
const [mostFiles, minutes] = [60, 30];

export interface MatrixOptions {
  readonly root: string;
  readonly minutes: number;
  readonly signal: AbortSignal;
  readonly made: (row: Row) => void;
}

/** Where the matrix of the commit at hand is kept; that of a working tree with changes lies apart. */
export function matrixPath(root: string): string {
  return join(root, '.cache', 'matrix', `${commitOf(root)}.ndjson`);
}

/** The rows that are there. A line that was being written when its process died is none. */
export function rowsIn(path: string): readonly Row[] {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => JSON.parse(line));
}

/** Makes the rows that are not there yet, one after the other, until the time is over. */
export async function makeMatrix(bugs: readonly NearBug[], options: MatrixOptions): Promise<void> {
  const { root, signal, made } = options;
  const path = matrixPath(root);
  const commit = commitOf(root);
  const before = rowsIn(path);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, before.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const calls = recordedCalls(root);
  const controls: Controls = new Map();
  const until = performance.now() + options.minutes * 60_000;
  using tree = new Tree(root);
  for (const bug of bugs.filter(({ id }) => before.every((row) => row.bug !== id))) {
    if (signal.aborted || performance.now() >= until) return;
    const began = performance.now();
    const files = testsThatCall(bug, tree.read(bug.file), calls).slice(0, mostFiles);
    const found = await withPlanted(tree, bug, { minutes, control: true, signal, controls }, (runs) => cells(runs, files, bug.file));
    if (signal.aborted) return;
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const row: Row = { bug: bug.id, commit, ...(typeof found === 'string' ? { ran: [], noticed: [], unclear: found } : found), seconds };
    appendFileSync(path, `${JSON.stringify(row)}\n`);
    made(row);
  }
}

/** Runs all of these files; one that fails without the bug as well has noticed nothing. */
export async function cells(runs: Runs, files: readonly string[], source: string): Promise<Pick<Row, 'ran' | 'noticed' | 'unclear'>> {
  const run = await runs.withBug(files, { bail: false });
  const noticed: string[] = [];
  for (const [file, failed = []] of Object.entries(Object.groupBy([...run.failed, ...run.unloadable], (one) => one.file))) {
    const without = await runs.failingWithout(file);
    if (failed.some(({ test }) => !without.has(test))) noticed.push(file);
  }
  const unclear = noticed.length > 0 ? undefined : runs.isLoaded() ? whyUnclear(run, minutes) : `none of the tests loaded ${source}`;
  return { ran: run.files, noticed, ...(unclear === undefined ? {} : { unclear }) };
}

/** What the rows of these bugs come to, in lines to print. */
export function summaryOf(bugs: readonly NearBug[], rows: readonly Row[]): readonly string[] {
  const known = bugs.flatMap((bug) =>
    rows.filter((row) => row.bug === bug.id).map((row) => ({ ...row, named: testsNamed(bug.tests).tests })),
  );
  const clear = known.filter(({ unclear }) => unclear === undefined);
  const [seen, survivors] = [clear.filter(({ noticed }) => noticed.length > 0), clear.filter(({ noticed }) => noticed.length === 0)];
  const [byNamed, byOthers] = [true, false].map((is) =>
    seen.filter(({ noticed, named }) => noticed.some((one) => named.includes(one)) === is),
  );
  const useful = new Set(clear.flatMap(({ noticed }) => noticed));
  const idle = [...new Set(clear.flatMap(({ ran }) => ran))].filter((file) => !useful.has(file)).sort();
  return [
    `${known.length} of ${bugs.length} bugs: ${byNamed?.length} noticed by named tests, ${byOthers?.length} by others alone, ${survivors.length} by none, ${known.length - clear.length} unclear`,
    ...(byOthers ?? []).map(({ bug, noticed }) => `  others  ${bug}: ${noticed.join(', ')}`),
    ...survivors.map(({ bug, ran }) => `  none    ${bug}: ${ran.length} test files passed`),
    ...known.flatMap(({ bug, unclear }) => (unclear === undefined ? [] : [`  unclear ${bug}: ${unclear.split('\n')[0]}`])),
    `${idle.length} of ${useful.size + idle.length} test files that ran noticed nothing${idle.length === 0 ? '' : ':'}`,
    ...idle.map((file) => `  ${file}`),
  ];
}

function commitOf(root: string): string {
  return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'], { cwd: root, encoding: 'utf8' }).trim();
}
