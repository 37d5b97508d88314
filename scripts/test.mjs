/**
 * `npm test`: types, lint, every test, and at last whether each error code was raised by one. Arguments go to vitest (`npm test -- tests/engine`): a part of
 * the tests. For `npm run coverage` every test, and which functions they called as well: that costs a quarter more.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { coverage, coverageLines } from './coverage.mjs';
import { raisedErrors, unproven } from './raised.mjs';
import { root } from './runtime.mjs';
import { processorLine, takesTurns, times, totals, turns } from './totals.mjs';

const cache = join(root, '.cache');
const report = join(cache, 'vitest.json');
const lastLine = join(cache, 'totals.txt');
const raised = join(cache, 'raised');
const called = join(cache, 'called');
const coverageReport = join(cache, 'coverage.json');
mkdirSync(cache, { recursive: true });
for (const path of [report, lastLine, raised, called, coverageReport]) rmSync(path, { force: true, recursive: true });

// While vitest builds and starts servers, there is a processor for these.
const checking = check();
const vitest = [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--reporter=default',
  `--reporter=${join(root, 'tests', 'support', 'stuck-files.ts')}`,
  '--reporter=json',
  `--outputFile.json=${report}`,
];
const chosen = process.argv.slice(2).flatMap((argument) => (argument === '--coverage' ? [] : [wholeFolder(argument)]));
const covering = process.argv.includes('--coverage');
const env = {
  ...process.env,
  HYGGE_RAISED: raised,
  ...(covering ? { HYGGE_COVERAGE: called } : {}),
  // Who names files, or asks what is called, has all of their tests.
  ...(covering || chosen.length > 0 ? {} : { HYGGE_TURNS: 'today' }),
};
const status = await ran([...vitest, ...chosen], env);
const failedChecks = await checking;

// A part of the tests raises a part of the errors, and so does a run that was cut off.
if (chosen.length === 0 && existsSync(report)) {
  const { explainedCatalogue } = await import('../src/errors/codes/examples.ts');
  let missing = unproven(raisedErrors(raised), explainedCatalogue);
  // A test that waits for its turn may be the only one that raises an error: it runs after all. First those that name it, then all of their files.
  for (const isNamed of [true, false]) {
    const codes = [...new Set(missing.flatMap((sentence) => sentence.match(/HYG-\d{4}/) ?? []))];
    const waiting = status === 0 ? filesWithTurns(codes) : [];
    if (waiting.length === 0) break;
    process.stdout.write(`Tests that had no turn today may raise ${codes.join(', ')}: those of ${waiting.join(', ')}\n`);
    const again = await ran([...vitest.slice(0, 2), ...waiting], { ...env, HYGGE_TURNS: isNamed ? codes.join(' ') : '' });
    if (again !== 0) failedChecks.push('tests of errors');
    missing = unproven(raisedErrors(raised), explainedCatalogue);
  }
  for (const sentence of missing) process.stdout.write(`  ${sentence}\n`);
  process.stdout.write(missing.length === 0 ? `✓ ${explainedCatalogue.length} error codes, each raised by a test\n` : '');
  if (missing.length > 0) failedChecks.push('error codes');
}

if (covering) {
  const covered = coverage({ noted: called, root });
  writeFileSync(coverageReport, `${JSON.stringify(covered, null, 2)}\n`);
  for (const line of coverageLines(covered)) process.stdout.write(`${line}\n`);
}
process.stdout.write(`${processorLine(performance.now())}\n`);
for (const line of times({ report, root })) process.stdout.write(`${line}\n`);
if (chosen.length === 0) {
  const { day } = await import('../tests/support/day.ts');
  const { files, all, waited } = turns({ report, root });
  process.stdout.write(`In ${files} files tests take turns: ${waited} of ${all} had none today.\n`);
  process.stdout.write(`Samples and turns inside of files were those of SEED=${day}; npm run soak has all of them.\n`);
}
for (const name of failedChecks) process.stdout.write(`✗ ${name} failed; see above.\n`);
const line = totals({ report, failedChecks, endedWell: status === 0 });
writeFileSync(lastLine, `${line}\n`);
process.stdout.write(`${line}\n`);
process.exitCode = status === 0 && failedChecks.length === 0 ? 0 : 1;

/** vitest takes a path for the beginning of others: `tests/files` would be `tests/filesystems` as well. */
function wholeFolder(argument) {
  const isFolder = statSync(join(root, argument), { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder && !argument.endsWith('/') ? `${argument}/` : argument;
}

/** The exit code of a program of Node with the terminal of this one; null when it was killed. */
async function ran(args, env) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  return code;
}

/** Files whose tests take turns and that name one of these codes. */
function filesWithTurns(codes) {
  return codes.length === 0
    ? []
    : globSync('tests/**/*.test.ts', { cwd: root }).filter((path) => {
        const text = readFileSync(join(root, path), 'utf8');
        return takesTurns(text) && codes.some((code) => text.includes(code));
      });
}
