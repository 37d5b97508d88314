/** `npm run planted`: plants bugs in a throwaway copy of the repository, and says which of them the tests notice. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Finding, huntNear, resultsPath } from './hunt.ts';
import { keptBugs, parseBugs, survivors } from './near-bug.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const usage = `npm run planted -- [id…] [--file BUGS.json] [--jobs 1|2] [--minutes N] [--no-control] [--results FILE]
  id           bugs of tests/planted, or of --file (default: all that a test notices; the others are listed)
  --file       bugs from another file: a JSON array, or a JSON object a line, each {"id", "file", "old", "new", "tests"?, "harm"?}.
               Without "tests" they are chosen: those with the file's name, then those of its folder, then the others that it reaches by imports.
  --jobs       bugs at once (default 1)
  --minutes    for each bug (default 5)
  --no-control leaves out the run of each file that noticed something, without the bug: a test that fails there too has noticed nothing
  --results    where to write the outcome as JSON (default .cache/planted.json)
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
      minutes: { type: 'string', default: '5' },
      control: { type: 'boolean', default: true },
      results: { type: 'string', default: resultsPath(root) },
      help: { type: 'boolean', default: false },
    },
  });
  const all = values.file === undefined ? keptBugs(root) : parseBugs(readFileSync(values.file, 'utf8'));
  const unknown = positionals.filter((id) => !all.some((bug) => bug.id === id));
  const [jobs, minutes] = [Number(values.jobs), Number(values.minutes)];
  if (values.help || unknown.length > 0 || ![1, 2].includes(jobs) || !(minutes > 0)) {
    print(`${unknown.map((id) => `There is no bug ${id}.\n`).join('')}${usage}`);
    return values.help ? 0 : 2;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
  const chosen = all.filter(({ id }) => positionals.length === 0 || positionals.includes(id));
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

process.exitCode = await main();
