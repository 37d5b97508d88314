/**
 * `npm run soak [-- --minutes N] [PATH …]`: tests/soak, and everything of which `npm test` makes a fixed part, with fresh seeds. `--minutes` draws files in random order until
 * the time is over, and begins again with another seed after the last one. Each seed is printed; `SEED=… npm run soak -- PATH` repeats it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './runtime.mjs';

const words = process.argv.slice(2);
const at = words.indexOf('--minutes');
const minutes = at < 0 ? undefined : Number(words.splice(at, 2)[1]);
if (minutes !== undefined && !(minutes > 0)) {
  process.stderr.write('--minutes takes a number: npm run soak -- --minutes 30\n');
  process.exit(2);
}
let seed = Number(process.env.SEED ?? Date.now() % 100_000_000);

if (minutes === undefined) process.exitCode = (await soaked(words)) ? 0 : 1;
else process.exitCode = (await drawn(minutes * 60_000)) ? 0 : 1;

/** Runs files in random order until the time is over. The file that is then at work ends, and counts neither way. */
async function drawn(forMs) {
  const { sampling } = await import('../vitest.soak.config.ts');
  const { filesBelow } = await import('../tests/architecture/sources.ts');
  const all = [...sampling, ...filesBelow('tests/soak').filter((path) => path.endsWith('.soak.ts'))];
  const files = all.filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
  const untilMs = performance.now() + forMs;
  const failed = [];
  let count = 0;
  for (let order = []; performance.now() < untilMs; ) {
    if (order.length === 0) order = shuffled(files);
    const path = order.pop();
    if (path === undefined) break;
    const signal = AbortSignal.timeout(Math.max(1, Math.round(untilMs - performance.now())));
    const passed = await soaked([path], signal);
    if (signal.aborted) break;
    count++;
    if (!passed) failed.push(`SEED=${seed} npm run soak -- ${path}`);
    if (order.length === 0) seed++;
  }
  process.stdout.write(`${count} files, ${failed.length} failed.\n`);
  for (const command of failed) process.stdout.write(`Again: ${command}\n`);
  return failed.length === 0;
}

async function soaked(paths, signal) {
  process.stdout.write(`SEED=${seed} npm run soak -- ${paths.join(' ')}\n`);
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--config', 'vitest.soak.config.ts', ...paths];
  const child = spawn(process.execPath, vitest, { cwd: root, stdio: 'inherit', env: { ...process.env, SEED: String(seed) } });
  signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  const [code] = await once(child, 'exit');
  return code === 0;
}

/** In an order that the seed decides. */
function shuffled(files) {
  let state = seed >>> 0;
  const next = (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const order = [...files];
  for (let i = order.length - 1; i > 0; i--) {
    const j = next(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
