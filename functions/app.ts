/** The function app: what the platform loads. An error here fails the start, and its words are in the platform's log. */
import { keepFreedMemory } from '../src/adapters/freed-memory.ts';
import { realEnvironment } from '../src/adapters/real-environment.ts';
import { openApp } from '../src/assembly/app.ts';
import { registerAll } from './register.ts';
import { startFailed } from './start-failed.ts';

keepFreedMemory();
try {
  await registerAll(openApp(realEnvironment()));
} catch (error) {
  throw startFailed(error);
}
