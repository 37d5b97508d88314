/** The function app, which the platform loads. An error here stops the start and is written to the platform's log; then the worker ends itself. */

import { appWorker } from '../src/adapters/app-worker.ts';
import { keepFreedMemory } from '../src/adapters/freed-memory.ts';
import { realEnvironment } from '../src/adapters/real-environment.ts';
import { openApp } from '../src/assembly/app.ts';
import { secretValuesOf } from '../src/ports/secrets/values.ts';
import { errorWithoutSecrets } from './exits.ts';
import { registerAll } from './register.ts';
import { isInWorker } from './sdk.ts';
import { afterStart } from './start-course.ts';
import { startFailed } from './start-failed.ts';

keepFreedMemory();
const env = realEnvironment();
const settings = [env.WEBSITE_SITE_NAME, env.HYGGE_CONFIG, env.HYGGE_CONFIG_CONTAINER];
const worker = isInWorker() ? appWorker(settings.map((value) => value ?? '')) : undefined;
const app = openApp(env);
try {
  await registerAll(app);
} catch (error) {
  const failure = errorWithoutSecrets(startFailed(error), secretValuesOf(app.network));
  if (worker !== undefined) afterStart(worker, failure.message);
  throw failure;
}
if (worker !== undefined) afterStart(worker, undefined);
