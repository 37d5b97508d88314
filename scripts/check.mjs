/** Types and lint, strict; writes nothing. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './runtime.mjs';

const checks = [
  { name: 'types', program: ['typescript', 'bin', 'tsc'], args: ['-p', '.'] },
  { name: 'lint and format', program: ['@biomejs', 'biome', 'bin', 'biome'], args: ['check', '--error-on-warnings', '.'] },
];

/** Names of the checks that failed. They run at once, beside whatever starts meanwhile; what each says is on the terminal in one piece, when it has ended. */
export async function check() {
  const all = await Promise.all(checks.map(async (each) => ((await passes(each)) ? [] : [each.name])));
  return all.flat();
}

function passes({ name, program, args }) {
  return new Promise((resolve, reject) => {
    // Text for a terminal is in colour where this one is, though it comes by a pipe.
    const env = process.stdout.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env;
    const child = spawn(process.execPath, [join(root, 'node_modules', ...program), ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(text));
    child.once('error', reject);
    child.once('close', (code) => {
      process.stdout.write(`${Buffer.concat(said)}${code === 0 ? '✓' : '✗'} ${name}\n`);
      resolve(code === 0);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await check()).length === 0 ? 0 : 1;
