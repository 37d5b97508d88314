import { keepFreedMemory } from '../adapters/freed-memory.ts';
import { flagsIn, run } from './program/run.ts';
import { surroundingsOfProcess } from './terminal/process.ts';

keepFreedMemory();
const surroundings = surroundingsOfProcess(process);
const args = process.argv.slice(2);
let mishap: Promise<void> | undefined;

// Something that nobody waited for has failed: told like any other error, and nothing goes on half-blind.
process.on('uncaughtException', (error) => {
  mishap ??= tell(error);
});

async function tell(error: unknown): Promise<void> {
  const { fail } = await import('./terminal/failure.ts');
  fail(error, surroundings, flagsIn(args));
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
