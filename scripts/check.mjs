/** Types and lint, strict; writes nothing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './runtime.mjs';

const checks = [
  { name: 'types', program: ['typescript', 'bin', 'tsc'], args: ['-p', '.'] },
  { name: 'lint and format', program: ['@biomejs', 'biome', 'bin', 'biome'], args: ['check', '--error-on-warnings', '.'] },
];

/** Names of the checks that failed; their own output is on the terminal. */
export function check() {
  const failed = [];
  for (const { name, program, args } of checks) {
    const script = join(root, 'node_modules', ...program);
    const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
    process.stdout.write(status === 0 ? `✓ ${name}\n` : `✗ ${name}\n`);
    if (status !== 0) failed.push(name);
  }
  return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = check().length === 0 ? 0 : 1;
