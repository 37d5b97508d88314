/** `npm test`: types, lint, then every test. Arguments go to vitest (`npm test -- tests/engine`). */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './check.mjs';
import { root } from './runtime.mjs';
import { totals } from './totals.mjs';

const cache = join(root, '.cache');
const report = join(cache, 'vitest.json');
const lastLine = join(cache, 'totals.txt');
mkdirSync(cache, { recursive: true });
for (const path of [report, lastLine]) rmSync(path, { force: true });

const failedChecks = check();
const vitest = [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
];
const { status } = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });

for (const name of failedChecks) process.stdout.write(`✗ ${name} failed; see above.\n`);
const line = totals({ report, failedChecks, endedWell: status === 0 });
writeFileSync(lastLine, `${line}\n`);
process.stdout.write(`${line}\n`);
process.exitCode = status === 0 && failedChecks.length === 0 ? 0 : 1;
