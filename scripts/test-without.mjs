/**
 * What `npm test` would say on a machine without any optional program (tests/support/optional-programs.ts): runs the files that ask for one once more, with all of
 * them hidden. Every error code must be raised there, or in a file that asks for none; for that it reads what the last whole `npm test` noted.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { raisedErrors, unproven } from './raised.mjs';
import { root } from './runtime.mjs';
import { sumOfTotals, totals } from './totals.mjs';

const cache = join(root, '.cache');
const [raised, raisedWithout] = [join(cache, 'raised'), join(cache, 'raised-without')];
const report = join(cache, 'vitest-without.json');
const lastLine = join(cache, 'totals.txt');
for (const path of [report, raisedWithout]) rmSync(path, { force: true, recursive: true });

const { filesThatAsk } = await import('../tests/support/files-that-ask.ts');
const { catalogue } = await import('../src/errors/codes/catalogue.ts');
const asking = new Set(filesThatAsk());
const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...asking];
const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...vitest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, HYGGE_TEST_WITHOUT: 'all', HYGGE_RAISED: raisedWithout },
});

const met = [...raisedErrors(raised).filter(({ file }) => file !== '' && !asking.has(file)), ...raisedErrors(raisedWithout)];
const missing = unproven(met, catalogue).map((sentence) => `${sentence} that runs on every machine`);
for (const sentence of missing) process.stdout.write(`  ${sentence}\n`);
if (missing.length === 0) process.stdout.write(`✓ ${catalogue.length} error codes, each raised by a test that needs no optional program\n`);

const failedChecks = missing.length === 0 ? [] : ['error codes without optional programs'];
const line = totals({ reports: [report], failedChecks, endedWell: status === 0 });
process.stdout.write(`Without optional programs: ${line}\n`);
if (existsSync(lastLine)) writeFileSync(lastLine, `${sumOfTotals(readFileSync(lastLine, 'utf8').trim(), line)}\n`);
process.exitCode = status === 0 && missing.length === 0 ? 0 : 1;
