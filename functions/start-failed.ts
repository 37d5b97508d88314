import { HyggeError } from '../src/errors/hygge-error.ts';
import { explain } from '../src/workspace/check/explain.ts';
import { ConfigErrors } from '../src/workspace/yaml/problems.ts';

/** Why the app does not start, as text for the platform: all errors in full. */
export class AppNotStarted extends Error {
  override readonly name = 'AppNotStarted';
}

export function startFailed(error: unknown): Error {
  const errors = error instanceof ConfigErrors ? error.errors : error instanceof HyggeError ? [error] : [];
  const [first] = errors;
  if (first === undefined) return error instanceof Error ? error : new AppNotStarted(String(error));
  const lines =
    error instanceof ConfigErrors ? [explain(error.errors)] : [first.why.join('\n'), ...first.tryThis.map((line) => `→ ${line}`)];
  return new AppNotStarted(`hygge does not start: ${first.code} ${first.what}\n${lines.join('\n')}`, { cause: error });
}
