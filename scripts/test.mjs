/**
 * `npm test`: types, lint, the two jobs of tests one after the other (test-jobs.mjs), and at last whether a test raised each error code. `--job source` or `--job artefact`
 * is one of them. Other arguments go to vitest (`npm test -- tests/engine`). `npm run coverage` notes which functions were called as well: that costs a quarter more.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { coverage, coverageLines } from './coverage.mjs';
import { raisedErrors, unproven } from './raised.mjs';
import { root } from './runtime.mjs';
import { jobs } from './test-jobs.mjs';
import { processorLine, times, totals } from './totals.mjs';

const words = process.argv.slice(2).filter((word) => word !== '--coverage');
const covering = process.argv.includes('--coverage');
const [job] = words[0] === '--job' ? words.splice(0, 2).slice(1) : [];
const cache = join(root, '.cache');
const lastLine = join(cache, 'totals.txt');
const raised = join(cache, 'raised');
const called = join(cache, 'called');
const coverageReport = join(cache, 'coverage.json');
const reportOf = (name) => join(cache, `vitest-${name}.json`);
mkdirSync(cache, { recursive: true });
for (const path of [...Object.keys(jobs).map(reportOf), reportOf('chosen'), lastLine, raised, called, coverageReport])
  rmSync(path, { force: true, recursive: true });

const ofJobs = job === undefined ? jobs : { [job]: jobs[job] };
const parts = words.length > 0 ? { chosen: words.map(wholeFolder) } : ofJobs;

// While vitest builds and starts servers, there is a processor for these.
const checking = check();
const ended = [];
for (const [name, args] of Object.entries(parts)) ended.push(await tested(name, args));
const failedChecks = await checking;

// A part of the tests raises a part of the errors, and so does a run that was cut off.
const reports = Object.keys(parts).map(reportOf);
if (parts === jobs && reports.every((path) => existsSync(path))) {
  const { catalogue } = await import('../src/errors/codes/catalogue.ts');
  const missing = unproven(raisedErrors(raised), catalogue);
  for (const sentence of missing) process.stdout.write(`  ${sentence}\n`);
  process.stdout.write(missing.length === 0 ? `✓ ${catalogue.length} error codes, each raised by a test\n` : '');
  if (missing.length > 0) failedChecks.push('error codes');
}

if (words.length === 0) {
  const { keptBugs, survivors } = await import('../tests/support/planted/near-bug.ts');
  const bugs = keptBugs(root);
  process.stdout.write(
    `${survivors(bugs).length} of ${bugs.length} planted bugs have no test that is known to notice them: npm run planted lists them\n`,
  );
}

if (covering) {
  const covered = coverage({ noted: called, root });
  writeFileSync(coverageReport, `${JSON.stringify(covered, null, 2)}\n`);
  for (const line of coverageLines(covered)) process.stdout.write(`${line}\n`);
}
for (const line of times({ reports, root })) process.stdout.write(`${line}\n`);
process.stdout.write(`${processorLine(performance.now())}\n`);
for (const name of failedChecks) process.stdout.write(`✗ ${name} failed; see above.\n`);
const line = totals({ reports, failedChecks, endedWell: ended.every(Boolean) });
writeFileSync(lastLine, `${line}\n`);
process.stdout.write(`${line}\n`);
process.exitCode = ended.every(Boolean) && failedChecks.length === 0 ? 0 : 1;

/** Runs a part of the tests; whether it ended well. */
async function tested(name, args) {
  const reporters = ['--reporter=default', `--reporter=${join(root, 'tests', 'support', 'stuck-files.ts')}`, '--reporter=json'];
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...reporters, `--outputFile.json=${reportOf(name)}`];
  const env = { ...process.env, HYGGE_TEST_JOB: name, HYGGE_RAISED: raised, ...(covering ? { HYGGE_COVERAGE: called } : {}) };
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...vitest, ...args], { cwd: root, stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  process.stdout.write(`${name}: ${((performance.now() - startedMs) / 1000).toFixed(0)} s\n`);
  return code === 0;
}

/** vitest takes a path for the beginning of others: `tests/files` would be `tests/filesystems` as well. */
function wholeFolder(argument) {
  const isFolder = statSync(join(root, argument), { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder && !argument.endsWith('/') ? `${argument}/` : argument;
}
