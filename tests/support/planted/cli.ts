/** `npm run planted`: plants bugs in a throwaway copy of the repository, and says which of them the tests notice. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dice } from '../sim/dice.ts';
import { recordCalls, recordedCalls } from './calls.ts';
import { drawBugs } from './draw.ts';
import { type Finding, huntNear, resultsPath } from './hunt.ts';
import { makeMatrix, matrixPath, rowsIn, summaryOf } from './matrix.ts';
import { keptBugs, type NearBug, parseBugs, survivors } from './near-bug.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const usage = `npm run planted -- [id…] [--file BUGS.json] [--jobs 1|2] [--minutes N] [--no-control] [--results FILE]
  id           bugs of tests/planted, or of --file (default: all that a test notices; the others are listed)
  --file       bugs from another file: a JSON array, or a JSON object a line, each {"id", "file", "old", "new", "tests"?, "harm"?}.
               Without "tests" they are chosen: those with the file's name, then those of its folder, then the others that it reaches by imports.
  --jobs       bugs at once (default 1)
  --minutes    for each bug (default 5)
  --no-control leaves out the run of each file that noticed something, without the bug: a test that fails there too has noticed nothing
  --results    where to write the outcome as JSON (default .cache/planted.json)

npm run planted -- --matrix [id…] [--file BUGS.json] [--minutes N] [--from SEED]
  Runs for each bug up to 60 test files that call the changed function, nearest first, all to their end: a night for all bugs. Each bug becomes a
  line of .cache/matrix/COMMIT.ndjson; a matrix that was stopped continues there. At the end it says which bugs were noticed, and which tests noticed none.
  --minutes    starts no bug after that time (default: until all are done)
  --from       takes the bugs in an order that this seed shuffles, for a fair part of them

npm run planted -- --record [path…]
  Writes which test file calls which function to .cache/called-functions.json, from a run of all tests, or of those with these paths. That takes
  about 20 minutes on two quiet processors, and once in a while is enough. Without it the matrix chooses tests by imports.

npm run planted -- --draw COUNT --from SEED
  Prints that many bugs that a machine makes. Those of tests/planted/made.json are such bugs, with their seed.
`;
const print = (line: string) => void process.stdout.write(`${line}\n`);

function lineOf({ bug, outcome, by, reason, files, seconds }: Finding): string {
  const sign = { noticed: '✓', missed: '✗', unclear: '?' }[outcome];
  const why = reason === undefined ? '' : ` (${reason})`;
  const what = {
    noticed: `${by?.file}: ${by?.test || 'a hook'}`,
    missed: `${files.length} test ${files.length === 1 ? 'file' : 'files'} passed${why}`,
    unclear: reason ?? '',
  }[outcome];
  return `${sign} ${bug.id.padEnd(20)} ${outcome.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${what}`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      file: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      control: { type: 'boolean', default: true },
      results: { type: 'string', default: resultsPath(root) },
      matrix: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      draw: { type: 'string' },
      from: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const all = values.file === undefined ? keptBugs(root) : parseBugs(readFileSync(values.file, 'utf8'));
  const unknown = values.record ? [] : positionals.filter((id) => !all.some((bug) => bug.id === id));
  const numbers = [values.jobs, values.minutes ?? '5', values.draw ?? '1', values.from ?? '0'].map(Number);
  const [jobs = 1, minutes = 5, count = 1, seed = 0] = numbers;
  if (values.help || unknown.length > 0 || ![1, 2].includes(jobs) || !(minutes > 0 && count > 0 && seed >= 0)) {
    print(`${unknown.map((id) => `There is no bug ${id}.\n`).join('')}${usage}`);
    return values.help ? 0 : 2;
  }
  if (values.draw !== undefined) {
    for (const bug of drawBugs(count, seed)) print(JSON.stringify(bug));
    return 0;
  }
  if (values.record) return await recordCalls(root, positionals);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
  const chosen = all.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
  if (values.matrix) {
    const ordered = values.from === undefined ? chosen : shuffled(chosen, seed);
    return await matrix(ordered, values.minutes === undefined ? Number.POSITIVE_INFINITY : minutes, interrupted.signal);
  }
  // To look for a bug that no test notices costs its minutes: by its id, or from another file.
  const unnoticed = positionals.length > 0 || values.file !== undefined ? [] : survivors(chosen);
  for (const { id, file, harm = '' } of unnoticed) print(`no test notices ${id}, in ${file}${harm && `: ${harm}`}`);
  const bugs = chosen.filter((bug) => !unnoticed.includes(bug));
  mkdirSync(dirname(values.results), { recursive: true });
  print(`${bugs.length} bugs, ${jobs} at once, ${minutes} minutes each at most`);
  const findings = await huntNear(bugs, {
    root,
    jobs,
    minutes,
    control: values.control,
    signal: interrupted.signal,
    found: (finding, soFar) => {
      print(lineOf(finding));
      // After each bug: a hunt that is ended early keeps what it found.
      writeFileSync(values.results, `${JSON.stringify(soFar, null, 2)}\n`);
    },
  });
  const total = (outcome: Finding['outcome']) => findings.filter((one) => one.outcome === outcome).length;
  print(`${total('noticed')} noticed, ${total('missed')} missed, ${total('unclear')} unclear, of ${bugs.length}`);
  return total('noticed') === bugs.length ? 0 : 1;
}

async function matrix(bugs: readonly NearBug[], minutes: number, signal: AbortSignal): Promise<number> {
  const path = matrixPath(root);
  if (recordedCalls(root) === undefined) print('Tests are chosen by imports: --record notes which of them call what.');
  print(`${bugs.length} bugs, ${rowsIn(path).length} of them in ${path}`);
  const made = ({ bug, noticed, ran, seconds, unclear }: ReturnType<typeof rowsIn>[number]) =>
    print(`${bug.padEnd(20)} ${seconds.toFixed(1).padStart(7)} s  ${unclear ?? `${noticed.length} of ${ran.length} files noticed`}`);
  await makeMatrix(bugs, { root, minutes, signal, made });
  for (const line of summaryOf(bugs, rowsIn(path))) print(line);
  return 0;
}

function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  const roll = dice(seed);
  return all
    .map((one) => ({ one, at: roll() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

process.exitCode = await main();
