import { ConfigError, DefectError, HyggeError } from '../../errors/hygge-error.ts';

/** The command line says something that can't be meant. Exit 2. */
export function unreadable(what: string, tryThis: readonly string[], why: readonly string[] = []): ConfigError {
  return new ConfigError({ code: 'HYG-1901', what, why, tryThis });
}

/** Any throwable as an error a person can read; what nobody foresaw is a defect of hygge, and says so. */
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

/** The stacks of an error and its causes, for --verbose. */
export function stacks(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) parts.push(at.stack ?? at.message);
  return parts.join('\ncaused by ');
}
