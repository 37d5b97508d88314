import { ConfigError } from '../../errors/hygge-error.ts';

/** The error for an invalid command line. Exit 2. */
export function unreadable(what: string, tryThis: readonly string[], why: readonly string[] = []): ConfigError {
  return new ConfigError({ code: 'HYG-1901', what, why, tryThis });
}

/** The stacks of an error and its causes, for `--verbose`. */
export function stackText(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) parts.push(at.stack ?? at.message);
  return parts.join('\ncaused by ');
}
