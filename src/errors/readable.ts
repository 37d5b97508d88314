import { DefectError, HyggeError } from './hygge-error.ts';

/** An error for people, made from any thrown value. An unexpected error is a bug in hygge, as its text says. */
export function readable(error: unknown): HyggeError {
  if (error instanceof HyggeError) return error;
  const what = error instanceof Error ? error.message : String(error);
  return new DefectError({
    code: 'HYG-9001',
    what: `hygge met something that it did not expect: ${what === '' ? 'no message' : what}`,
    why: ['This is a fault in hygge, not in your workspace. What had settled is settled; nothing half-done is visible.'],
    tryThis: ['Run it again with -v, and report what it prints'],
    cause: error,
  });
}
