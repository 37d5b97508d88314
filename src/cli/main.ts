import { keepFreedMemory } from '../adapters/freed-memory.ts';
import { flagsIn } from './program/flags-in.ts';
import { run } from './program/run.ts';
import { surroundingsOfProcess } from './terminal/process.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `hygge needs Node 22.15 or newer, for its zstd and SQLite. This is Node ${process.versions.node}.\n  Try: start bin/hygge.mjs, which uses the Node that came with hygge, or install a current one from https://nodejs.org.\n`,
  );
  process.exit(2);
}

keepFreedMemory();
const surroundings = surroundingsOfProcess(process);
const args = process.argv.slice(2);
let mishap: Promise<void> | undefined;

// If a promise that the code does not await is rejected, the error is reported like any other error, and the process ends.
process.on('uncaughtException', (error) => {
  mishap ??= tell(error);
});

async function tell(error: unknown): Promise<void> {
  const [{ fail }, { withoutSecretsOnScreen }] = await Promise.all([import('./terminal/failure.ts'), import('./terminal/exits.ts')]);
  fail(error, withoutSecretsOnScreen(surroundings), flagsIn(args));
  await surroundings.flushed();
  process.exit(1);
}

async function main(): Promise<never> {
  const code = await run(args, surroundings);
  await surroundings.flushed();
  await mishap;
  process.exit(code);
}

void main();
