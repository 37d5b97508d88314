/** Sets the clone up if needed, then runs a script under the pinned Node: `node scripts/with-node.mjs <script> [args]`. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { root, usableNode } from './runtime.mjs';
import { SetupFailed, setUp } from './setup.mjs';

function main() {
  try {
    setUp();
  } catch (error) {
    if (!(error instanceof SetupFailed)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
    return;
  }
  run(usableNode(), process.argv.slice(2));
}

function run(node, args) {
  process.env.PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn(node, args, { cwd: root, stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; anything else arrives here alone and is passed on.
  const inTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (signal === 'SIGINT' && inTerminal) || child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

main();
